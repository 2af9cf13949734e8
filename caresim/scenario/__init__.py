"""What a run assumes about the world: read from a config, validated, resolved against every declaration."""

from caresim.kernel.mistakes import ConfigError
from caresim.scenario.loading import load_scenario
from caresim.scenario.scenario import Mix, Scenario

__all__ = ["ConfigError", "Mix", "Scenario", "load_scenario"]
