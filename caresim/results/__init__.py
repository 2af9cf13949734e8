"""The folder that a run leaves: manifest, Parquet tables, summary; written so that a kill loses little."""

from caresim.results.claims import claim, held
from caresim.results.errors import RunFolderError
from caresim.results.folder import RunFolder, read_run, seal, verify
from caresim.results.sweep_folder import SweepFolder, claim_sweep, read_sweep
from caresim.results.tables import Outcome

__all__ = [
    "Outcome", "RunFolder", "RunFolderError", "SweepFolder", "claim", "claim_sweep", "held", "read_run", "read_sweep",
    "seal", "verify",
]  # fmt: skip
