"""Simulate who cares for rural older people, month by month, person by person.

The public face is loaded when it is asked for, so that `import caresim` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caresim.experiment.calibration import calibrate, recover
    from caresim.experiment.decision import decide, displacement
    from caresim.experiment.decision.studies import disturb, take_apart
    from caresim.experiment.equal_budget import equal_budget
    from caresim.experiment.optimise import optimise
    from caresim.experiment.paired import compare
    from caresim.experiment.runner import run_experiment
    from caresim.experiment.sensitivity import sensitivity
    from caresim.experiment.sweep import sweep
    from caresim.experiment.verification import verify_run
    from caresim.model import CareModel
    from caresim.report.page import write_report
    from caresim.results import query, run_status
    from caresim.scenario import Scenario, load_scenario

__version__ = "0.12.0"
__all__ = [
    "CareModel",
    "Scenario",
    "__version__",
    "calibrate",
    "compare",
    "decide",
    "displacement",
    "disturb",
    "equal_budget",
    "load_scenario",
    "optimise",
    "query",
    "recover",
    "run_experiment",
    "run_status",
    "sensitivity",
    "sweep",
    "take_apart",
    "verify_run",
    "write_report",
]

_HOMES = {
    "CareModel": "caresim.model",
    "Scenario": "caresim.scenario",
    "decide": "caresim.experiment.decision",
    "displacement": "caresim.experiment.decision",
    "disturb": "caresim.experiment.decision.studies",
    "take_apart": "caresim.experiment.decision.studies",
    "compare": "caresim.experiment.paired",
    "equal_budget": "caresim.experiment.equal_budget",
    "load_scenario": "caresim.scenario",
    "query": "caresim.results",
    "run_experiment": "caresim.experiment.runner",
    "write_report": "caresim.report.page",
    "run_status": "caresim.results",
    "verify_run": "caresim.experiment.verification",
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
