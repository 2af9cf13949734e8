"""How far a run is: a small file in its folder while it goes on, the manifest when it is finished."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.results.claims import is_held
from caresim.results.folder import RunFolder, read_run
from caresim.results.manifest import RUNNING, now
from caresim.results.own_folder import STATUS
from caresim.results.parts import PARTS, Task
from caresim.results.reading import n_rows
from caresim.results.sweep_folder import DESIGN, FAILURES, SWEEP
from caresim.results.tables import safely

RUNS = "runs.parquet"
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
    total, done, failed = _counted(run, left)
    row = {
        "run": run.manifest["name"],
        "status": state,
        "total": total,
        "done": done,
        "failed": said.get("failed", 0) if at_work and not run.kind else failed,
        "running": said.get("running") if at_work else 0,
        "started": run.manifest["started"],
        "finished": run.manifest.get("finished"),
        "last": said.get("last"),
    }
    return pd.DataFrame([row])


def _counted(run: RunFolder, left: int) -> tuple[int | None, int | None, int | None]:
    """Return how many runs there are to be, are done, and failed; of a search that is under way, it is not known."""
    if not run.kind:
        return len(run.tasks), len(run.tasks) - left, len(run.failures)
    if run.kind != SWEEP:
        trials = run.manifest[run.kind].get("trials")
        return trials, trials if run.complete else None, None
    points = sum(1 for _ in (run.path / DESIGN).open(encoding="utf-8")) - 1
    places = (
        [run.path] if run.complete else [*(run.path / PARTS).glob("*[!p]")]
    )  # those that end in tmp are written
    done = sum(n_rows(place / RUNS) for place in places)
    failed = run.manifest.get("failed", 0) if run.complete else sum(
        n_rows(place / f"{FAILURES}.parquet") for place in places
        if (place / f"{FAILURES}.parquet").exists()
    )  # fmt: skip
    return points * len(run.manifest["mixes"]) * int(run.manifest["replications"]), done, failed


def _said(path: Path) -> dict[str, Any]:
    try:
        said = json.loads((path / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
