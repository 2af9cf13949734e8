"""What a run assumes about the world: read from a config, validated, resolved against every declaration."""

from caresim.kernel.mistakes import ConfigError
from caresim.scenario.mixes import Mix
from caresim.scenario.scenario import Scenario, load_scenario

__all__ = ["ConfigError", "Mix", "Scenario", "load_scenario"]
