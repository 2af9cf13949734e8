"""Compute a sample of a run again, and compare it with what the folder holds, bit by bit."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.experiment.differences import COLUMNS, Difference, differences, same
from caresim.experiment.executors import Failure, WorkersLost, work_through
from caresim.experiment.replication import ReplicationFailed, Simulate, replicate
from caresim.experiment.runner import run_numbers, simulation, summary_of
from caresim.experiment.sweep_verification import damaged_tables, sampled_runs, sweep_differences
from caresim.kernel.mistakes import ConfigError
from caresim.results import Part, RunFolder, RunFolderError, Task, read_run
from caresim.results.counties import province_months, with_county
from caresim.results.joining import reduced, stored_runs
from caresim.results.manifest import COMPLETE, INCOMPLETE, program_hash
from caresim.results.reading import csv_table, read_through
from caresim.results.sweep_folder import DESIGN, SWEEP
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION, SUMMARY, unpacked
from caresim.scenario import Scenario

SAMPLE = 2
"""Runs that are made again where nobody says how many."""
KEYS = ("county", "month", "year", "sex", "age_group")
AGAIN = "again"
"""Key of `attrs`: how many runs were made again; None where the folder holds no runs of the model."""


def verify_run(
    folder: str | os.PathLike[str], sample: int = SAMPLE, jobs: int = 1, simulate: Simulate = replicate
) -> pd.DataFrame:
    """Check a run's files against its manifest, its summary against its months, and a sample of runs against new ones.

    Which runs are made again follows from the run's digest; those of a sweep are made again at their points. Each is
    compared cell by cell, bit by bit, so that an altered number is found even if the checksum was altered with it. If
    the program has changed since, a line on standard error says so first: differences may then come from that.

    Args:
        folder: a run folder.
        sample: how many runs of the model to make again.
        jobs: processes that make them.
        simulate: runs one replication.

    Returns:
        A row per difference: file, mix, replication, where (month, or year, sex and age), column, and what is stored
        and what came out again. No row if all is as it was. `attrs["again"]` is the number of runs made again; of a
        search, whose files alone are checked, None.

    Raises:
        RunFolderError: the folder holds no finished run, or one whose scenario cannot be rebuilt.
        ReplicationFailed: a run could not be made again.
    """
    run = read_run(folder)
    if run.manifest["status"] not in (COMPLETE, INCOMPLETE):
        raise RunFolderError(f"{run.path}: the run is not finished; add --resume to finish it")
    _tell_of_another_version(run)
    changed = run.changed_files()
    found: list[Difference] = [
        (name, "", None, "", "checksum", known, now or "missing") for name, known, now in changed
    ]
    made: int | None = None
    whole = all(now and name != DESIGN for name, _, now in changed)
    if whole and run.kind in ("", SWEEP):
        more, made = (_of_sweep if run.kind else _of_run)(run, sample, jobs, simulate)
        found += more
    table = pd.DataFrame(found, columns=list(COLUMNS)).astype({"replication": "Int64"})
    table.attrs[AGAIN] = made
    return table


def _of_run(run: RunFolder, sample: int, jobs: int, simulate: Simulate) -> tuple[list[Difference], int]:
    """Return what differs in a run when a sample is made again, and how large it is."""
    scenario, tasks = rebuilt(run), sampled(run, sample)
    return _damaged(run) or _made_again(run, scenario, tasks, jobs, simulate), len(tasks)


def _of_sweep(run: RunFolder, sample: int, jobs: int, simulate: Simulate) -> tuple[list[Difference], int]:
    """Return what differs in a sweep when a sample is made again, and how large it is."""
    bad = damaged_tables(run)
    if bad:
        return bad, 0
    runs = sampled_runs(run, sample)
    return list(sweep_differences(run, _told_by(run), runs, jobs, simulate)) if runs else [], len(runs)


def _tell_of_another_version(run: RunFolder) -> None:
    """Say on standard error if the program has changed since the run."""
    if run.manifest["source"] != program_hash():
        print(
            f"{run.path}: is of another version of caresim (source {run.manifest['source']}, now {program_hash()}); "
            "differences may come from that",
            file=sys.stderr,
        )


def _made_again(
    run: RunFolder, scenario: Scenario, tasks: list[Task], jobs: int, simulate: Simulate
) -> list[Difference]:
    """Return what differs when the summary and some runs are made again."""
    runs = _run_differences(run, scenario, tasks, jobs, simulate)
    return [*_summary_differences(run, scenario), *runs]


def _damaged(run: RunFolder) -> list[Difference]:
    """Return the tables that cannot be read through, and why."""
    found = []
    for name in [MONTHLY, POPULATION, *([COUNTIES] if run.n_counties > 1 else []), SUMMARY]:
        try:
            (csv_table if name == SUMMARY else read_through)(run.path / name, run.columns(name))
        except RunFolderError as error:
            found.append((name, "", None, "", "content", str(error).partition(": ")[2].partition(";")[0], ""))
    return found


def rebuilt(run: RunFolder) -> Scenario:
    """Return the scenario of a run from its manifest alone.

    Raises:
        RunFolderError: what the manifest says gives another scenario, or none.
    """
    scenario = _told_by(run)
    if scenario.digest() != run.manifest["digest"]:
        raise RunFolderError(
            f"{run.path}: its scenario has changed since the run (digest {scenario.digest()[:12]}, not "
            f"{run.manifest['digest'][:12]}); run it again"
        )
    if scenario.seed != run.manifest["seed"]:
        raise RunFolderError(
            f"{run.path}: its manifest names seed {run.manifest['seed']} and a scenario of seed {scenario.seed}; "
            "run it again"
        )
    return scenario


def _told_by(run: RunFolder) -> Scenario:
    """Return the scenario that a manifest tells of."""
    try:
        return Scenario.of(**run.manifest["scenario"])
    except (ConfigError, TypeError) as error:
        first = str(error).split("\n")[0]
        raise RunFolderError(f"{run.path}: its scenario cannot be rebuilt ({first})") from None


def sampled(run: RunFolder, n: int) -> list[Task]:
    """Return tasks of a run to make again, drawn by its digest from those whose numbers it holds."""
    missing = {(mix, number) for mix, numbers in run.missing.items() for number in numbers}
    held = [task for task in run.tasks if (task.mix, task.replication) not in missing]

    def luck(task: Task) -> bytes:
        said = f"{run.manifest['digest']}:{task.mix}:{task.replication}:{task.county}"
        return hashlib.sha256(said.encode()).digest()

    return sorted(sorted(held, key=luck)[:n], key=held.index)


def _summary_differences(run: RunFolder, scenario: Scenario) -> Iterator[Difference]:
    """Yield what differs between the summary and the months that it sums up."""
    again = summary_of(reduced(stored_runs(run.path / MONTHLY), run_numbers), scenario)
    stored = pd.read_csv(run.path / SUMMARY, dtype=str, keep_default_na=False)
    written = io.StringIO(again.to_csv(index=False, lineterminator="\n"))
    again = pd.read_csv(written, dtype=str, keep_default_na=False)
    if len(stored) != len(again):
        yield SUMMARY, "", None, "", "rows", len(stored), len(again)
        return
    for column in again.columns:
        one, other = stored.get(column, pd.Series([None] * len(again))), again[column]
        for row in np.flatnonzero(~same(one.to_numpy(), other.to_numpy())):
            mix, indicator = again.iloc[row][["mix", "indicator"]]
            yield SUMMARY, mix, None, indicator, column, one.iloc[row], other.iloc[row]


def _run_differences(
    run: RunFolder, scenario: Scenario, tasks: list[Task], jobs: int, simulate: Simulate
) -> Iterator[Difference]:
    work = work_through(simulation(scenario, simulate), tasks, jobs)
    with closing(cast(Any, work)):
        try:
            for task, result in work:
                if not isinstance(result, Part):
                    said = result.message if isinstance(result, Failure) else result.line
                    raise ReplicationFailed(f"{task}: {said}")
                yield from _task_differences(run, task, result)
        except WorkersLost as error:
            raise ReplicationFailed(str(error)) from None


def _task_differences(run: RunFolder, task: Task, again: Part) -> Iterator[Difference]:
    if run.n_counties == 1:
        yield from _cells(MONTHLY, task, _stored(run, MONTHLY, task), unpacked(again.monthly))
        yield from _cells(POPULATION, task, _stored(run, POPULATION, task), unpacked(again.population))
        return
    counties = _stored(run, COUNTIES, task)
    of_county = counties.filter(pa.compute.equal(counties["county"], task.county))
    yield from _cells(COUNTIES, task, of_county, with_county(unpacked(again.monthly), task.county))
    parts = [
        counties.filter(pa.compute.equal(counties["county"], county)).drop_columns("county")
        for county in range(run.n_counties)
    ]
    yield from _cells(
        MONTHLY, task, _stored(run, MONTHLY, task), province_months(parts, run.manifest["indicators"])
    )


def _cells(name: str, task: Task, stored: pa.Table, again: pa.Table) -> Iterator[Difference]:
    return differences((name, task.mix, task.replication), stored, again, KEYS)


def _stored(run: RunFolder, name: str, task: Task) -> pa.Table:
    """Return the rows of a run that a table holds."""
    wanted = [("mix", "==", task.mix), ("replication", "==", task.replication)]
    return pq.read_table(run.path / name, filters=wanted)
