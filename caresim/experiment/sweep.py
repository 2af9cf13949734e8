"""Run a scenario at every point of a design, with the same luck at each, and leave a sweep folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from tqdm import tqdm

from caresim import catalogue
from caresim.experiment.compilation import compile_rules
from caresim.experiment.designs import Points, choose_points
from caresim.experiment.executors import Failure, processors, work_through
from caresim.experiment.interrupts import terminable
from caresim.experiment.points import (
    FAILURES,
    MONTHS,
    RUNS,
    YEARS,
    AtPoints,
    Batch,
    Read,
    batches,
    pack,
)
from caresim.experiment.replication import ReplicationFailed, Simulate, replicate
from caresim.experiment.runner import RESULTS
from caresim.kernel.mistakes import ConfigError
from caresim.results import SweepFolder, claim_sweep, held
from caresim.scenario.axes import marks_of_axis
from caresim.scenario.design import Design

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Done = Generator[tuple[Batch, dict[str, pa.Table] | Failure], None, None]
__all__ = ["SweepStopped", "run_points", "sweep"]


class SweepStopped(KeyboardInterrupt):
    """Somebody stopped the sweep; the message is one line that says how to go on."""


def sweep(
    scenario: Scenario,
    design: Design | None = None,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    monthly: bool = False,
    progress: bool | None = None,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> SweepFolder:
    """Run a scenario at every point of a design and return the sweep folder.

    A run that fails is noted in `failures.csv` and does not stop the others. Replication k meets the same luck at
    every point and under every mix.

    Args:
        scenario: what is varied; all its mixes and replications are run at every point.
        design: the points; by default the scenario's own design.
        out: the folder to leave; by default the scenario's name and `_sweep` in `results/`.
        jobs: worker processes; by default one a processor. Results do not depend on it.
        resume: take up an unfinished sweep of the same points.
        monthly: keep every month too; a sweep of many runs becomes large by it.
        progress: show a progress bar; by default only on a terminal.
        scheduler: address of a Dask scheduler whose workers do the runs.
        simulate: runs one replication; by default the model.

    Raises:
        ConfigError: the scenario has no design, or its points cannot be.
        RunFolderError: the folder is taken, changed since, or changes while the sweep goes on.
        ReplicationFailed: workers were lost; what was done is kept.
        SweepStopped: Ctrl-C or SIGTERM; finished batches are kept.
    """
    chosen = design if design is not None else scenario.design
    if chosen is None:
        raise ConfigError(
            ["design: the scenario has none; write design: in the config, or --design and --axis"]
        )
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_sweep"
    points = choose_points(chosen, scenario)
    tables = (RUNS, YEARS, MONTHS) if monthly else (RUNS, YEARS)
    described = {"kind": chosen.kind, "seed": chosen.seed, "monthly": monthly}
    return run_points(scenario, points, path, described, jobs=jobs, resume=resume, tables=tables, progress=progress,
                      scheduler=scheduler, simulate=simulate)  # fmt: skip


def run_points(
    scenario: Scenario,
    points: Points,
    path: Path,
    described: Mapping[str, Any],
    jobs: int | None = None,
    resume: bool = False,
    tables: tuple[str, ...] = (RUNS,),
    read: Read | None = None,
    progress: bool | None = None,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
    own_luck: bool = False,
) -> SweepFolder:
    """Run a scenario at points into a sweep folder; the part of `sweep` that analyses share.

    Args:
        scenario: what is varied.
        points: where.
        path: the folder.
        described: what the manifest says of the design.
        jobs: as of `sweep`.
        resume: as of `sweep`.
        tables: what to keep.
        read: reads further numbers off each run.
        progress: as of `sweep`.
        scheduler: as of `sweep`.
        simulate: as of `sweep`.
        own_luck: each point meets luck of its own, so that the spread over points holds that of luck.
    """
    plain = replace(scenario, design=None)
    told = {**described, **_told(points, own_luck, read)}
    with held(path.absolute()):
        folder = claim_sweep(path, plain, catalogue.indicators(), points.text(), told, resume)
        if folder.notice:
            print(folder.notice, file=sys.stderr)
        if folder.complete:
            folder.sweep()
            return folder
        work = batches(points, plain, range(plain.replications), own_luck)
        do = AtPoints(pack(plain), points.axes, simulate or replicate, read, tables)
        try:
            with terminable():
                _run_batches(folder, plain, do, work, jobs or processors(), progress, scheduler)
                folder.close(len(work), tables)
        except ConfigError:
            if len(folder.batches_left(len(work))) == len(work):
                folder.withdraw()
            raise
        except KeyboardInterrupt:
            done = len(work) - len(folder.batches_left(len(work)))
            raise SweepStopped(f"stopped; {done} of {len(work)} batches are kept in {path}: "
                               "go on with --resume") from None  # fmt: skip
    return folder


def run_here(
    scenario: Scenario, points: Points, replications: range, jobs: int, read: Read | None = None,
    simulate: Simulate | None = None, scheduler: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Run a scenario at a few points without a folder, and return the runs and the failures.

    Raises:
        ReplicationFailed: workers were lost.
    """
    plain = replace(scenario, design=None)
    work = batches(points, plain, replications)
    do = AtPoints(pack(plain), points.axes, simulate or replicate, read, (RUNS,))
    found: dict[int, dict[str, pa.Table]] = {}
    for batch, result in _done(plain, do, work, jobs, scheduler):
        if isinstance(result, Failure):
            raise ReplicationFailed(result.message)
        found[batch.number] = result
    joined = [
        pa.concat_tables(
            [found[number][name] for number in sorted(found)], promote_options="default"
        ).to_pandas()
        for name in (RUNS, FAILURES)
    ]
    return joined[0], joined[1]


def _run_batches(folder: SweepFolder, scenario: Scenario, do: AtPoints, work: list[Batch], jobs: int,
                 progress: bool | None, scheduler: str | None) -> None:  # fmt: skip
    missing = set(folder.batches_left(len(work)))
    todo = [batch for batch in work if batch.number in missing]
    total = sum(len(batch.runs) for batch in work)
    initial = total - sum(len(batch.runs) for batch in todo)
    shown = progress if progress is not None else sys.stderr.isatty()
    lost: list[str] = []
    with (
        closing(_done(scenario, do, todo, jobs, scheduler)) as done,
        tqdm(total=total, initial=initial, desc=scenario.name, unit="run", disable=not shown) as bar,
    ):
        for batch, result in done:
            if isinstance(result, Failure):
                lost.append(result.message)
                continue
            folder.write_batch(batch.number, result)
            bar.update(len(batch.runs))
    if lost:
        raise ReplicationFailed(f"{len(lost)} of {len(work)} batches were lost ({lost[0]}); the others are kept: "
                                "go on with --resume, perhaps with fewer --jobs")  # fmt: skip


def _done(scenario: Scenario, do: AtPoints, work: list[Batch], jobs: int,
          scheduler: str | None) -> Done:  # fmt: skip
    if work and jobs > 1 and scheduler is None and do.simulate is replicate:
        compile_rules(scenario, (mix.name for mix in scenario.mixes), jobs)
    yield from work_through(do, work, jobs, scheduler)


def _told(points: Points, own_luck: bool, read: Read | None) -> dict[str, Any]:
    """Return what the manifest says of the points and of what is read off their runs."""
    told: dict[str, Any] = {"points": len(points), "axes": [_told_of(axis) for axis in points.axes]}
    if own_luck:
        told["own_luck"] = True
    if read is not None:
        told["read"] = f"{read.__module__}.{read.__qualname__}"
    return told


def _told_of(axis: Any) -> dict[str, Any]:
    """Return what the manifest says of an axis."""
    ends = {"values": list(axis.choices)} if axis.choices else {"low": axis.low, "high": axis.high}
    return {"name": axis.name, "kind": axis.kind, **ends, **marks_of_axis(axis)}
