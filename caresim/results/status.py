"""How far a run is: a small file in its folder while it goes on, the manifest when it is finished."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.results.claims import is_held
from caresim.results.folder import STATUS, RunFolder, read_run
from caresim.results.manifest import RUNNING, now
from caresim.results.parts import Task
from caresim.results.tables import safely

EVERY = 1.0
"""Seconds between two writings."""
INTERRUPTED = "interrupted"


class Progress:
    """Writes down how far a run is, at most once a second.

    Args:
        run: the run folder.
        at_once: how many tasks are under way at a time; None where a cluster decides.
    """

    def __init__(self, run: RunFolder, at_once: int | None) -> None:
        self.run = run
        self.at_once = at_once
        self.began = now()
        self.done = len(run.tasks) - len(run.unfinished())
        self.failed = 0
        self.last: str | None = None
        self._written = -EVERY
        self._write()

    def note(self, task: Task, failed: bool) -> None:
        """Count a task that came to its end."""
        self.failed += failed
        self.done += not failed
        self.last = str(task)
        if time.monotonic() - self._written >= EVERY:
            self._write()

    def _write(self) -> None:
        left = len(self.run.tasks) - self.done - self.failed
        under_way = None if self.at_once is None else min(self.at_once, left)
        said = {"total": len(self.run.tasks), "done": self.done, "failed": self.failed, "running": under_way,
                "began": self.began, "written": now(), "last": self.last, "process": os.getpid()}  # fmt: skip
        with self.run.unchanged(), safely(self.run.path / STATUS, lasting=False) as file:
            file.write((json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode())
        self._written = time.monotonic()


def run_status(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return one row: how far a run is; `status` is running, interrupted, complete, incomplete or failed.

    Raises:
        RunFolderError: the folder holds no run.
    """
    run = read_run(folder)
    said = _said(run.path)
    left = len(run.unfinished()) if not run.complete else 0
    at_work = not run.complete and is_held(run.path)
    state = run.manifest["status"]
    if at_work:
        state = RUNNING
    elif state == RUNNING:
        state = INTERRUPTED
    row = {
        "run": run.manifest["name"],
        "status": state,
        "total": len(run.tasks),
        "done": len(run.tasks) - left,
        "failed": said.get("failed", 0) if at_work else len(run.failures),
        "running": said.get("running") if at_work else 0,
        "started": run.manifest["started"],
        "finished": run.manifest.get("finished"),
        "last": said.get("last"),
    }
    return pd.DataFrame([row])


def _said(path: Path) -> dict[str, Any]:
    try:
        said = json.loads((path / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
