"""Simulate who cares for rural older people, month by month, person by person.

The public face is loaded when it is asked for, so that `import caresim` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caresim.experiment.calibration import calibrate, recover
    from caresim.experiment.optimise import optimise
    from caresim.experiment.runner import run_experiment
    from caresim.experiment.sensitivity import sensitivity
    from caresim.experiment.sweep import sweep
    from caresim.model import CareModel
    from caresim.scenario import Scenario, load_scenario

__version__ = "0.3.0"
__all__ = [
    "CareModel", "Scenario", "__version__", "calibrate", "load_scenario", "optimise", "recover", "run_experiment",
    "sensitivity", "sweep",
]  # fmt: skip

_HOMES = {
    "CareModel": "caresim.model",
    "Scenario": "caresim.scenario",
    "load_scenario": "caresim.scenario",
    "run_experiment": "caresim.experiment.runner",
    "sweep": "caresim.experiment.sweep",
    "sensitivity": "caresim.experiment.sensitivity",
    "calibrate": "caresim.experiment.calibration",
    "recover": "caresim.experiment.calibration",
    "optimise": "caresim.experiment.optimise",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *_HOMES})
