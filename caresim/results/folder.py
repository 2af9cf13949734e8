"""A run folder: claimed by one run, filled part by part, closed with checksums."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pandas as pd

from caresim.results.errors import IncompleteRun, RunFolderError
from caresim.results.failures import FAILURES, FailedTask, read_failures, write_failures
from caresim.results.joining import Reduce, join_parts
from caresim.results.manifest import COMPLETE, FAILED, INCOMPLETE, now, read_manifest, write_manifest
from caresim.results.own_folder import OwnFolder
from caresim.results.parts import PARTS, Part, Task
from caresim.results.reading import csv_table, parquet_table
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION, SUMMARY, safely

FIGURES = "figures"
MEASURED = (MONTHLY, COUNTIES)
"""Tables that have a column an indicator."""
COLUMNS = {
    MONTHLY: ("mix", "replication", "month"),
    COUNTIES: ("mix", "replication", "county", "month"),
    POPULATION: ("mix", "replication", "year", "sex", "age_group", "registered", "resident"),
    SUMMARY: ("mix", "indicator", "mean", "lower", "upper"),
}
"""What else stands in each table."""


class RunFolder(OwnFolder):
    """A folder that holds a run, finished or not."""

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Return a row per mix, replication and month, a column per indicator."""
        return self._table(MONTHLY)

    @cached_property
    def population(self) -> pd.DataFrame:
        """Return persons by mix, replication, year, sex and age group on 1 January."""
        return self._table(POPULATION)

    @cached_property
    def counties(self) -> pd.DataFrame:
        """Return the months of each county of a province, whose sums and averages `monthly` holds."""
        return self._table(COUNTIES)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return one line per mix and indicator: mean and 95 % interval over replications."""
        self._need(SUMMARY)
        return csv_table(self.path / SUMMARY, self.columns(SUMMARY))

    @property
    def failures(self) -> list[FailedTask]:
        """Return the tasks that came to nothing when they were last tried."""
        left = set(self.unfinished()) if not self.complete else set()
        return [one for one in read_failures(self.path) if one.task in left]

    @property
    def missing(self) -> dict[str, list[int]]:
        """Return the replications that the tables of an incomplete run lack, by mix."""
        found: dict[str, list[int]] = self.manifest.get("missing", {})
        return found

    def _table(self, name: str) -> pd.DataFrame:
        self._need(name)
        return parquet_table(self.path / name, self.columns(name)).to_pandas()

    def columns(self, name: str) -> list[str]:
        """Return the columns without which a table is not what the run left."""
        measured = [str(one["name"]) for one in self.manifest["indicators"]] if name in MEASURED else []
        return [*COLUMNS.get(name, ()), *measured]

    def _need(self, name: str) -> None:
        if not (self.path / name).exists():
            if self.kind and name in (MONTHLY, POPULATION, COUNTIES, SUMMARY):
                raise RunFolderError(
                    f"{self.path}: holds a {self.kind}, no run; name a folder that a run has left"
                )
            state = (
                "its file is missing; run again" if self.complete else "the run is not finished; add --resume"
            )
            raise RunFolderError(f"{self.path / name}: {state}")
        if self.missing:
            warnings.warn(self._incomplete(), IncompleteRun, stacklevel=4)

    def _incomplete(self) -> str:
        lacking = "; ".join(
            f"mix {mix} lacks replication {', '.join(map(str, numbers))}"
            for mix, numbers in self.missing.items()
        )
        return f"{self.path}: incomplete: {lacking}; compare mixes by the replications that they share, or add --resume"

    # --- parts ----------------------------------------------------------------------------------------------

    @property
    def n_counties(self) -> int:
        """Return how many counties each replication has."""
        return int(self.manifest["scenario"]["population"].get("counties", 1))

    @property
    def tasks(self) -> list[Task]:
        """Return every mix, replication and county of the run, in the order of the tables."""
        return [
            Task(mix, replication, county)
            for mix in self.manifest["mixes"]
            for replication in range(self.manifest["replications"])
            for county in range(self.n_counties)
        ]

    def part(self, task: Task) -> Path:
        """Return the folder of a part; its name says of which program and scenario it is."""
        return self._part(task, {mix: number for number, mix in enumerate(self.manifest["mixes"])})

    def _part(self, task: Task, numbers: dict[str, int]) -> Path:
        digest = f"{self.manifest['digest'][:12]}.{self.manifest['source'][:12]}"
        return (
            self.path / PARTS / f"{digest}.{task.county:04d}.{numbers[task.mix]:03d}.{task.replication:05d}"
        )

    def unfinished(self) -> list[Task]:
        """Return the tasks that left no part yet."""
        kept = self._kept()
        numbers = {mix: number for number, mix in enumerate(self.manifest["mixes"])}
        return [task for task in self.tasks if self._part(task, numbers).name not in kept]

    def extend(self, replications: int) -> bool:
        """Ask for more replications of every mix of an unfinished run; tell whether there is more to do now.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        if replications <= self.manifest["replications"]:
            return False
        with self.unchanged():
            self.manifest["replications"] = replications
            write_manifest(self.path, self.manifest)
        return True

    def _kept(self) -> set[str]:
        try:
            return set(os.listdir(self.path / PARTS))
        except FileNotFoundError:
            return set()

    def write_part(self, task: Task, part: Part) -> None:
        """Keep what a task measured.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now, or cannot be written.
        """
        with self.unchanged():
            part.write(self.part(task))

    def write_failures(self, failures: list[FailedTask]) -> None:
        """Tell in the folder which tasks came to nothing.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now, or cannot be written.
        """
        with self.unchanged():
            write_failures(self.path, failures)

    # --- the end --------------------------------------------------------------------------------------------

    def finish(self, reduce: Reduce, summarise: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Join the parts into the run's tables, add the summary, and close the folder.

        Where tasks failed, the tables hold the mixes' other replications, the manifest says which are missing, and the
        parts stay, so that the run can be taken up again.

        Args:
            reduce: turns months into a row per mix and replication.
            summarise: turns these rows into the summary.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now, or cannot be written.
        """
        runs, missing = self._runs()
        with self.unchanged():
            files = self._write_tables(runs, missing, reduce, summarise) if runs else []
            self.manifest.update(
                status=COMPLETE if not missing else INCOMPLETE if runs else FAILED,
                finished=now(), wall_seconds=round(time.monotonic() - self._opened, 3), files={},
            )  # fmt: skip
            self.manifest.pop("missing", None)
            if missing:
                self.manifest["missing"] = missing
            self.seal(self.path / name for name in files)
        if not missing:
            self.sweep()

    def _runs(self) -> tuple[list[list[Path]], dict[str, list[int]]]:
        """Return the parts of each run whose counties are all in, and the replications of others by mix."""
        unfinished = {(task.mix, task.replication) for task in self.unfinished()}
        runs: dict[tuple[str, int], list[Path]] = {}
        missing: dict[str, list[int]] = {}
        for mix, replication in sorted(unfinished, key=self._order):
            missing.setdefault(mix, []).append(replication)
        for task in self.tasks:
            if (task.mix, task.replication) not in unfinished:
                runs.setdefault((task.mix, task.replication), []).append(self.part(task))
        return list(runs.values()), missing

    def _order(self, run: tuple[str, int]) -> tuple[int, int]:
        return self.manifest["mixes"].index(run[0]), run[1]

    def _write_tables(
        self, runs: list[list[Path]], missing: dict[str, list[int]], reduce: Reduce,
        summarise: Callable[[pd.DataFrame], pd.DataFrame],
    ) -> list[str]:  # fmt: skip
        """Write the tables and return their names; of an incomplete run, the summary counts what each mix lacks."""
        summary = summarise(join_parts(runs, self.path, self.manifest["indicators"], reduce))
        if missing:
            summary["missing"] = [len(missing.get(mix, ())) for mix in summary["mix"]]
        with safely(self.path / SUMMARY) as file:
            file.write(summary.to_csv(index=False, lineterminator="\n").encode())
        counties = [COUNTIES] if self.n_counties > 1 else []
        return [
            MONTHLY,
            POPULATION,
            *counties,
            SUMMARY,
            *([FAILURES] if (self.path / FAILURES).exists() else []),
        ]


def read_run(folder: str | os.PathLike[str]) -> RunFolder:
    """Return the run that a folder holds.

    Raises:
        RunFolderError: the folder holds no run.
    """
    path = Path(folder)
    return RunFolder(path, read_manifest(path))


def verify(folder: str | os.PathLike[str]) -> None:
    """Check every file of a finished run against the manifest.

    Raises:
        RunFolderError: the run is not finished, or files are missing or changed.
    """
    run = read_run(folder)
    if run.manifest["status"] not in (COMPLETE, INCOMPLETE):
        raise RunFolderError(f"{run.path}: the run is not finished; add --resume to finish it")
    wrong = [f"{name} {'has changed' if now else 'is missing'}" for name, _, now in run.changed_files()]
    if wrong:
        raise RunFolderError(f"{run.path}: {', '.join(wrong)} since the run; delete the folder and run again")
