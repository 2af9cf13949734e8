"""What can be wrong with a run folder."""

from __future__ import annotations

import os
from pathlib import Path


class RunFolderError(Exception):
    """A run folder cannot be written or read; the message is one line that says what to do."""


class Unwritable(RunFolderError):  # noqa: N818 - the name says what happened
    """The folder could not be written while the run went on; what it holds is kept."""


class IncompleteRun(UserWarning):
    """Tables are read in which replications are missing; the message is one line that says which."""


def unwritable(path: Path, error: OSError) -> Unwritable:
    """Return the error of a folder whose disk is full, gone or read-only."""
    said = os.strerror(error.errno) if error.errno else str(error)
    return Unwritable(
        f"{path}: cannot be written ({said}); what is finished is kept: make room, then go on with --resume"
    )
