"""Compute a sample of a sweep's runs again, at their points, and compare them with what the folder holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from caresim.experiment.designs import POINT, Points, read_points
from caresim.experiment.differences import Difference, differences
from caresim.experiment.executors import Failure, WorkersLost, work_through
from caresim.experiment.points import FAILURES, MONTHS, RUNS, YEARS, AtPoints, Batch, Read, Run, pack
from caresim.experiment.replication import ReplicationFailed, Simulate
from caresim.results import RunFolder, RunFolderError
from caresim.results.reading import read_through
from caresim.results.sweep_folder import DESIGN, SWEEP, filled
from caresim.scenario import Scenario

KEYS = ("year", "month")
PACKAGE = __name__.partition(".")[0]


def sampled_runs(folder: RunFolder, n: int) -> list[Run]:
    """Return runs of a sweep to make again, drawn by its digest from those whose numbers it holds."""
    held = pq.read_table(folder.path / f"{RUNS}.parquet", columns=[POINT, "mix", "replication"])
    runs: list[Run] = list(zip(*(held[name].to_pylist() for name in held.column_names), strict=True))

    def luck(run: Run) -> bytes:
        return hashlib.sha256(":".join(map(str, (folder.manifest["digest"], *run))).encode()).digest()

    return sorted(sorted(runs, key=luck)[:n])


def damaged_tables(folder: RunFolder) -> list[Difference]:
    """Return the tables of a sweep that cannot be read through, and why."""
    found = []
    for name in _tables(folder):
        try:
            read_through(folder.path / f"{name}.parquet", (POINT, "mix", "replication"))
        except RunFolderError as error:
            why = str(error).partition(": ")[2].partition(";")[0]
            found.append((f"{name}.parquet", "", None, "", "content", why, ""))
    return found


def sweep_differences(
    folder: RunFolder, scenario: Scenario, runs: list[Run], jobs: int, simulate: Simulate
) -> Iterator[Difference]:
    """Yield what differs when some runs of a sweep are made again at their points.

    Raises:
        ReplicationFailed: a run could not be made again.
        TableError: the points cannot be read.
    """
    points, read = read_points(folder.path / DESIGN, scenario), _read_of(folder)
    for point, mix, replication in runs:
        if point >= len(points):
            yield f"{RUNS}.parquet", mix, replication, f"point {point}", POINT, point, f"{len(points)} points"
    possible = [run for run in runs if run[0] < len(points)]
    do = AtPoints(pack(scenario), points.axes, simulate, read, _tables(folder))
    with closing(cast(Any, work_through(do, _batches(points, possible), jobs))) as work:
        try:
            for batch, result in work:
                yield from _compared(folder, batch.runs[0], result)
        except WorkersLost as error:
            raise ReplicationFailed(str(error)) from None


def _batches(points: Points, runs: list[Run]) -> list[Batch]:
    """Return the runs one by one, each at its point."""
    return [Batch(number, (run,), {run[0]: points.rows[run[0]]}) for number, run in enumerate(runs)]


def _compared(folder: RunFolder, run: Run, result: Any) -> Iterator[Difference]:
    """Yield the cells of a run in which the folder's tables and new ones differ."""
    point, mix, replication = run
    why = result.message if isinstance(result, Failure) else " ".join(result[FAILURES]["error"].to_pylist())
    if why:
        raise ReplicationFailed(f"point {point}, mix {mix}, replication {replication}: {why}")
    wanted = [(POINT, "==", point), ("mix", "==", mix), ("replication", "==", replication)]
    for name in _tables(folder):
        stored = pq.read_table(folder.path / f"{name}.parquet", filters=wanted)
        again = result[name]
        if set(again.column_names) <= set(stored.column_names):
            again = filled(again, stored.schema)
        stored, again = _without(stored, POINT), _without(again, POINT)
        yield from differences((f"{name}.parquet", mix, replication), stored, again, KEYS, f"point {point}")


def _without(table: pa.Table, column: str) -> pa.Table:
    return table.drop_columns(column)


def _tables(folder: RunFolder) -> tuple[str, ...]:
    """Return the tables that a sweep has kept."""
    return tuple(name for name in (RUNS, YEARS, MONTHS) if f"{name}.parquet" in folder.manifest["files"])


def _read_of(folder: RunFolder) -> Read | None:
    """Return what read further numbers off each run: a function of the package, by the name that the manifest says.

    Raises:
        RunFolderError: there is none of that name.
    """
    name: str | None = folder.manifest[SWEEP].get("read")
    if name is None:
        return None
    module, _, function = name.rpartition(".")
    try:
        if module.partition(".")[0] != PACKAGE:
            raise ImportError
        found: Read = getattr(import_module(module), function)
    except (ImportError, AttributeError):
        raise RunFolderError(
            f"{folder.path}: {name} read numbers off its runs, and is not to be found; verify it with --sample 0"
        ) from None
    return found
