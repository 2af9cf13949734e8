"""The folder that a run leaves: manifest, Parquet tables, summary; written so that a kill loses little."""

from caresim.results.claims import claim, held
from caresim.results.errors import IncompleteRun, RunFolderError, Unwritable
from caresim.results.failures import FailedTask
from caresim.results.folder import RunFolder, read_run, verify
from caresim.results.parts import Part, Task
from caresim.results.queries import query
from caresim.results.status import Progress, run_status
from caresim.results.sweep_folder import SweepFolder, claim_sweep, read_sweep
from caresim.results.tables import Outcome

__all__ = [
    "FailedTask",
    "IncompleteRun",
    "Outcome",
    "Part",
    "Progress",
    "RunFolder",
    "RunFolderError",
    "SweepFolder",
    "Task",
    "Unwritable",
    "claim",
    "claim_sweep",
    "held",
    "query",
    "read_run",
    "read_sweep",
    "run_status",
    "verify",
]
