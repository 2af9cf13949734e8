"""A run folder: claimed by one run, filled part by part, closed with checksums."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

from caresim.kernel.compiled import source_hash
from caresim.recorder import Indicator
from caresim.results.errors import RunFolderError
from caresim.results.manifest import (
    COMPLETE,
    MANIFEST,
    checksum,
    new_manifest,
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

if TYPE_CHECKING:
    from caresim.scenario import Scenario

PARTS = "parts"
FIGURES = "figures"
Task = tuple[str, int]
"""Name of a mix, and number of a replication."""


class RunFolder:
    """A folder that holds a run, finished or not.

    Args:
        path: the folder.
        manifest: its manifest.
    """

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self.manifest = manifest
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

    def write_part(self, task: Task, outcome: Outcome) -> None:
        """Keep what a replication measured: written aside, then renamed."""
        part = self.part(task)
        aside = part.with_name(f"{part.name}.{os.getpid()}.tmp")
        aside.mkdir(parents=True, exist_ok=True)
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
        """
        parts = [self.part(task) for task in self.tasks]
        monthly = join_tables([part / MONTHLY for part in parts], self.path / MONTHLY)
        join_tables([part / POPULATION for part in parts], self.path / POPULATION)
        with safely(self.path / SUMMARY) as file:
            file.write(summarise(monthly.to_pandas()).to_csv(index=False, lineterminator="\n").encode())
        self.manifest.update(
            status=COMPLETE, finished=now(), wall_seconds=round(time.monotonic() - self._opened, 3)
        )
        seal(self)
        self.sweep()

    def sweep(self) -> None:
        """Remove the parts of a finished run."""
        shutil.rmtree(self.path / PARTS, ignore_errors=True)


def claim(path: Path, scenario: Scenario, indicators: Iterable[Indicator], resume: bool = False) -> RunFolder:
    """Take a folder for a run, or take up the unfinished run that it holds.

    Raises:
        RunFolderError: the folder holds something else, or this run without `resume`.
    """
    path = path.absolute()
    if path.exists() and not path.is_dir():
        raise RunFolderError(f"{path}: is a file; name a folder with --out")
    if not (path / MANIFEST).exists():
        if path.exists() and any(path.iterdir()):
            raise RunFolderError(f"{path}: is not empty and holds no run; name another folder with --out")
        return _new(path, scenario, indicators)
    manifest = read_manifest(path)
    if manifest["digest"] != scenario.digest():
        raise RunFolderError(
            f"{path}: holds another run ({manifest.get('name')}, {manifest['digest'][:12]}); "
            "name another folder with --out"
        )
    if not resume:
        advice = (
            "add --resume to finish it"
            if manifest["status"] != COMPLETE
            else "read it, or delete it to run again"
        )
        raise RunFolderError(f"{path}: holds this run already; {advice}, or name another folder with --out")
    if manifest["status"] == COMPLETE or manifest["source"] == source_hash():
        return RunFolder(path, manifest)
    shutil.rmtree(path / PARTS, ignore_errors=True)
    return _new(path, scenario, indicators)


def _new(path: Path, scenario: Scenario, indicators: Iterable[Indicator]) -> RunFolder:
    try:
        path.mkdir(parents=True, exist_ok=True)
        run = RunFolder(path, new_manifest(scenario, indicators))
        write_manifest(path, run.manifest)
    except OSError as error:
        raise RunFolderError(
            f"{path}: cannot be written ({error.strerror}); name another folder with --out"
        ) from None
    return run


def read_run(folder: str | os.PathLike[str]) -> RunFolder:
    """Return the run that a folder holds.

    Raises:
        RunFolderError: the folder holds no run.
    """
    path = Path(folder)
    return RunFolder(path, read_manifest(path))


def seal(run: RunFolder) -> None:
    """Write the manifest with the checksums of all files of a finished run, figures included."""
    files = sorted(
        file
        for file in run.path.rglob("*")
        if file.is_file() and PARTS not in file.relative_to(run.path).parts
    )
    run.manifest["files"] = {
        file.relative_to(run.path).as_posix(): checksum(file) for file in files if file.name != MANIFEST
    }
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
        raise RunFolderError(f"{run.path}: {', '.join(wrong)} since the run; run again")
