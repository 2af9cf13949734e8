"""A run folder: claimed by one run, filled part by part, closed with checksums."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from caresim.results.errors import RunFolderError
from caresim.results.manifest import (
    COMPLETE,
    MANIFEST,
    checksum,
    now,
    read_manifest,
    write_manifest,
)
from caresim.results.tables import (
    MONTHLY,
    POPULATION,
    SUMMARY,
    Outcome,
    join_tables,
    monthly_table,
    population_rows,
    safely,
    write_table,
)

PARTS = "parts"
FIGURES = "figures"
Task = tuple[str, int]
"""Name of a mix, and number of a replication."""
IDENTITY = ("digest", "source", "started")
"""What tells one run's manifest from another's."""


class RunFolder:
    """A folder that holds a run, finished or not.

    Args:
        path: the folder.
        manifest: its manifest.
        notice: one line that the user should know of how the folder was taken up.
    """

    def __init__(self, path: Path, manifest: dict[str, Any], notice: str = "") -> None:
        self.path = path
        self.manifest = manifest
        self.notice = notice
        self._opened = time.monotonic()

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r}, {self.manifest['status']})"

    @property
    def complete(self) -> bool:
        """Tell whether every replication is in."""
        return bool(self.manifest["status"] == COMPLETE)

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Return a row per mix, replication and month, a column per indicator."""
        return self._table(MONTHLY)

    @cached_property
    def population(self) -> pd.DataFrame:
        """Return persons by mix, replication, year, sex and age group on 1 January."""
        return self._table(POPULATION)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return one line per mix and indicator: mean and 95 % interval over replications."""
        self._need(SUMMARY)
        return pd.read_csv(self.path / SUMMARY)

    def _table(self, name: str) -> pd.DataFrame:
        self._need(name)
        return pq.read_table(self.path / name).to_pandas()

    def _need(self, name: str) -> None:
        if not (self.path / name).exists():
            state = (
                "its file is missing; run again" if self.complete else "the run is not finished; add --resume"
            )
            raise RunFolderError(f"{self.path / name}: {state}")

    # --- parts ----------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> list[Task]:
        """Return every mix and replication of the run, in the order of the tables."""
        return [(mix, r) for mix in self.manifest["mixes"] for r in range(self.manifest["replications"])]

    def part(self, task: Task) -> Path:
        """Return the folder of a part; its name says of which program and scenario it is."""
        digest = f"{self.manifest['digest'][:12]}.{self.manifest['source'][:12]}"
        return self.path / PARTS / f"{digest}.{self.manifest['mixes'].index(task[0]):03d}.{task[1]:05d}"

    def unfinished(self) -> list[Task]:
        """Return the tasks that left no part yet."""
        return [task for task in self.tasks if not self.part(task).exists()]

    def extend(self, replications: int) -> bool:
        """Ask for more replications of every mix of an unfinished run; tell whether there is more to do now.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        if replications <= self.manifest["replications"]:
            return False
        with self._unchanged():
            self.manifest["replications"] = replications
            write_manifest(self.path, self.manifest)
        return True

    def write_part(self, task: Task, outcome: Outcome) -> None:
        """Keep what a replication measured: written aside, then renamed.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        part = self.part(task)
        aside = part.with_name(f"{part.name}.{os.getpid()}.tmp")
        with self._unchanged():
            aside.mkdir(exist_ok=True)
            write_table(monthly_table(*task, outcome), aside / MONTHLY)
            write_table(population_rows(*task, outcome), aside / POPULATION)
            if part.exists():
                shutil.rmtree(aside)
            else:
                aside.replace(part)

    def finish(self, summarise: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Join the parts into the run's tables, add the summary, and close the folder.

        Args:
            summarise: turns the monthly table into the summary.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        parts = [self.part(task) for task in self.tasks]
        with self._unchanged():
            monthly = join_tables([part / MONTHLY for part in parts], self.path / MONTHLY)
            join_tables([part / POPULATION for part in parts], self.path / POPULATION)
            with safely(self.path / SUMMARY) as file:
                file.write(summarise(monthly.to_pandas()).to_csv(index=False, lineterminator="\n").encode())
            self.manifest.update(
                status=COMPLETE, finished=now(), wall_seconds=round(time.monotonic() - self._opened, 3)
            )
            seal(self, [self.path / name for name in (MONTHLY, POPULATION, SUMMARY)])
        self.sweep()

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Write into this run's folder and no other: nothing is left where it has been taken away."""
        try:
            known = read_manifest(self.path)
            if any(known[key] != self.manifest[key] for key in IDENTITY):
                raise self._changed()
            yield
        except (FileNotFoundError, RunFolderError):
            raise self._changed() from None

    def _changed(self) -> RunFolderError:
        """Return the error, after removing parts that would stand in the way of the next run."""
        if not (self.path / MANIFEST).exists():
            self.sweep()
            with suppress(OSError):
                self.path.rmdir()
        return RunFolderError(f"{self.path}: the folder changed while the run went on; run again")

    def sweep(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.path / PARTS, ignore_errors=True)


def read_run(folder: str | os.PathLike[str]) -> RunFolder:
    """Return the run that a folder holds.

    Raises:
        RunFolderError: the folder holds no run.
    """
    path = Path(folder)
    return RunFolder(path, read_manifest(path))


def seal(run: RunFolder, files: Iterable[Path]) -> None:
    """Write the manifest with the checksums of these files of a finished run; those of others stay as they are."""
    new = {file.relative_to(run.path).as_posix(): checksum(file) for file in files}
    run.manifest["files"] = dict(sorted({**run.manifest["files"], **new}.items()))
    write_manifest(run.path, run.manifest)


def verify(folder: str | os.PathLike[str]) -> None:
    """Check every file of a finished run against the manifest.

    Raises:
        RunFolderError: the run is not finished, or files are missing or changed.
    """
    run = read_run(folder)
    if not run.complete:
        raise RunFolderError(f"{run.path}: the run is not finished; add --resume to finish it")
    wrong = [
        f"{name} is missing" if not (run.path / name).is_file() else f"{name} has changed"
        for name, known in run.manifest["files"].items()
        if not (run.path / name).is_file() or checksum(run.path / name) != known
    ]
    if wrong:
        raise RunFolderError(f"{run.path}: {', '.join(wrong)} since the run; delete the folder and run again")
