"""Run a scenario at points of a design: batches of runs, each with the same luck at every point."""

from __future__ import annotations

import functools
import pickle
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from caresim import catalogue
from caresim.experiment.designs import POINT, Points, Row
from caresim.experiment.numbers import months_of, over_run, over_years
from caresim.experiment.replication import Simulate, replicate
from caresim.kernel.clock import month_text
from caresim.results import Outcome
from caresim.scenario.axes import Axis
from caresim.scenario.deviations import deviate

if TYPE_CHECKING:
    from caresim.scenario import Scenario

RUNS, YEARS, MONTHS, FAILURES = "runs", "years", "months", "failures"
Read = Callable[["Scenario", Outcome], Mapping[str, float]]
"""Reads further numbers off a run; named by its module, so that workers find it."""
MOST_IN_BATCH = 50
PERSON_MONTHS = 20_000_000
"""Person-months of a batch, about a minute of work: so much a kill can lose, for each process."""
LEAST_PERSON_MONTHS = 4_000_000
"""Person-months below which a batch is not worth a part of its own: a few seconds of work."""
MOST_BATCHES = 256

Run = tuple[int, str, int]
"""Point, mix and replication."""


@dataclass(frozen=True)
class Batch:
    """Runs that one worker does in a row.

    Attributes:
        number: its number.
        runs: what is run.
        values: values of the axes, by point.
    """

    number: int
    runs: tuple[Run, ...]
    values: Mapping[int, Row]


@dataclass(frozen=True)
class AtPoints:
    """Does batches of runs; travels to workers with the scenario packed, which each unpacks once.

    Attributes:
        packed: the scenario without its design.
        axes: what varies.
        simulate: runs one replication.
        read: reads further numbers off a run, if given.
        tables: what is kept: runs, years, months.
    """

    packed: bytes
    axes: tuple[Axis, ...]
    simulate: Simulate = replicate
    read: Read | None = None
    tables: tuple[str, ...] = (RUNS, YEARS)

    def __call__(self, batch: Batch) -> dict[str, pa.Table]:
        """Run a batch and return its tables; a run that fails leaves a line that says why."""
        scenario, kept = _unpacked(self.packed), _Kept()
        at: dict[int, Scenario] = {}
        for run in batch.runs:
            point, mix, replication = run
            if point not in at:
                at = {point: deviate(scenario, self.axes, batch.values[point])}
            try:
                self._note(kept, run, at[point], self.simulate(at[point], mix, replication))
            except Exception as error:  # of whatever kind: the other points go on
                told = " ".join(str(error).split())
                kept.failures.append((run, f"{type(error).__name__}: {told}"))
        return kept.in_tables(self.tables)

    def _note(self, kept: _Kept, run: Run, scenario: Scenario, outcome: Outcome) -> None:
        indicators = catalogue.indicators()
        months = months_of(outcome, indicators)
        more = dict(self.read(scenario, outcome)) if self.read is not None else {}
        kept.runs.append(run)
        kept.more.append(more)
        kept.horizon.append(over_run(months, indicators))
        if YEARS in self.tables:
            kept.years.append(over_years(months, scenario.start, indicators))
        if MONTHS in self.tables:
            kept.months.append((scenario.start, months))


@dataclass
class _Kept:
    """What a batch has measured so far."""

    runs: list[Run] = field(default_factory=list)
    more: list[Mapping[str, float]] = field(default_factory=list)
    horizon: list[np.ndarray] = field(default_factory=list)
    years: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    months: list[tuple[int, np.ndarray]] = field(default_factory=list)
    failures: list[tuple[Run, str]] = field(default_factory=list)

    def in_tables(self, wanted: Iterable[str]) -> dict[str, pa.Table]:
        names = [indicator.name for indicator in catalogue.indicators()]
        numbers = np.array(self.horizon).reshape(len(self.runs), len(names))
        more = {name: [one[name] for one in self.more] for name in (self.more[0] if self.more else ())}
        found = {RUNS: _table(self.runs, {}, names, numbers, more)}
        if YEARS in wanted:
            lengths = [len(years) for years, _ in self.years]
            stamps = np.concatenate([years for years, _ in self.years] or [np.empty(0)])
            found[YEARS] = _table(_repeated(self.runs, lengths), {"year": pa.array(stamps, pa.int32())}, names,
                                  np.concatenate([one for _, one in self.years] or [numbers]))  # fmt: skip
        if MONTHS in wanted:
            stamp = [month_text(first + m) for first, months in self.months for m in range(len(months))]
            lengths = [len(months) for _, months in self.months]
            found[MONTHS] = _table(_repeated(self.runs, lengths), {"month": pa.array(stamp, pa.string())}, names,
                                   np.concatenate([one for _, one in self.months] or [numbers]))  # fmt: skip
        errors = pa.array([why for _, why in self.failures], pa.string())
        found[FAILURES] = _table([run for run, _ in self.failures], {"error": errors}, [], np.empty((0, 0)))
        return found


def pack(scenario: Scenario) -> bytes:
    """Return a scenario small enough to travel."""
    return zlib.compress(pickle.dumps(replace(scenario, design=None)))


def batches(
    points: Points, scenario: Scenario, replications: Sequence[int], own_luck: bool = False
) -> list[Batch]:
    """Return the runs of all points, mixes and replications in batches; they do not depend on who does them.

    With luck of its own, no point has a replication that another has.
    """
    apart = len(replications) if own_luck else 0
    runs = [
        (point, mix.name, replication + point * apart)
        for point in range(len(points))
        for mix in scenario.mixes
        for replication in replications
    ]
    size = batch_size(len(runs), scenario)
    cut = [runs[first : first + size] for first in range(0, len(runs), size)]
    return [
        Batch(number, tuple(some), {point: points.rows[point] for point, _, _ in some})
        for number, some in enumerate(cut)
    ]


def batch_size(n_runs: int, scenario: Scenario) -> int:
    """Return runs to a batch: many of a village, few of a county."""
    work = max(scenario.residents * scenario.months, 1)
    wanted = max(-(-n_runs // MOST_BATCHES), LEAST_PERSON_MONTHS // work)
    return max(1, min(wanted, PERSON_MONTHS // work, MOST_IN_BATCH))


@functools.lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Scenario:
    scenario: Scenario = pickle.loads(zlib.decompress(packed))
    return scenario


def _repeated(runs: Sequence[Run], lengths: Sequence[int]) -> list[Run]:
    return [run for run, length in zip(runs, lengths, strict=True) for _ in range(length)]


def _table(runs: Sequence[Run], stamps: Mapping[str, pa.Array], names: Sequence[str], numbers: np.ndarray,
           more: Mapping[str, Sequence[float]] | None = None) -> pa.Table:  # fmt: skip
    """Return a row a run (or a year or month of it), with the run, stamps, indicators and further numbers."""
    columns: dict[str, Any] = {
        POINT: pa.array([point for point, _, _ in runs], pa.int32()),
        "mix": pa.array([mix for _, mix, _ in runs], pa.string()),
        "replication": pa.array([replication for _, _, replication in runs], pa.int32()),
        **stamps,
    }
    for number, name in enumerate(names):
        columns[name] = pa.array(np.ascontiguousarray(numbers[:, number]), pa.float64())
    for name, values in (more or {}).items():
        columns[name] = pa.array(values, pa.float64())
    return pa.table(columns)
