"""Find the mixes that do best under a budget: many objectives, the levers turned by NSGA-II, shown as a front."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.decision.pareto import beating
from caresim.experiment.designs import POINT, Points, Row, check_axes
from caresim.experiment.executors import processors
from caresim.experiment.extras import need
from caresim.experiment.replication import Simulate
from caresim.experiment.runner import RESULTS
from caresim.experiment.search import (
    TRIALS,
    Direction,
    Search,
    Trial,
    asking_for_limits,
    close_search,
    look,
    open_search,
)
from caresim.experiment.sweep import run_here
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.results import Outcome, RunFolder, held
from caresim.results.tables import safely
from caresim.scenario.axes import Axis

if TYPE_CHECKING:
    from caresim.scenario import Scenario

FRONT, POINTS_FILE = "front.csv", "front_points.csv"
SPENDING = "spending"
OBJECTIVES: dict[str, Direction] = {"unmet_share": "minimize", "lonely_share": "minimize"}
GENERATION = 16
AGAIN = "_again"
"""Behind an objective's name: under luck that the search did not know."""


@dataclass(frozen=True)
class Front:
    """What an optimisation found.

    Attributes:
        path: its folder.
        front: mixes that are within the budget and that no other beats in every objective; each objective under the
            luck of the search, and again under other luck.
        trials: every mix that was tried.
    """

    path: Path
    front: pd.DataFrame
    trials: pd.DataFrame


def optimise(
    scenario: Scenario,
    axes: Sequence[Axis] | None = None,
    budget: float | None = None,
    objectives: Mapping[str, Direction] | None = None,
    trials: int = 128,
    generation: int = GENERATION,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> Front:
    """Turn levers of the first mix until no mix within the budget is better in every objective, and leave a folder.

    Every mix meets the same luck; one of which a replication fails is no candidate. What wins under known luck won
    partly by it: the front is run again under as many replications that the search did not know.

    Args:
        scenario: the scenario; its first mix is where levers start from.
        axes: levers to turn; by default the axes of the scenario's design.
        budget: most public spending, yuan a month for each resident elder; None is without a limit.
        objectives: `minimize` or `maximize` for each indicator, taken over the whole run; by default the shares of
            need unmet and of lonely elders, both to be small.
        trials: mixes to try.
        generation: mixes of a generation.
        out: the folder to leave; by default the scenario's name and `_front` in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.

    Raises:
        ConfigError: an objective or a lever cannot be, or Optuna is not installed.
    """
    need("optuna", "calibration")
    aims = dict(objectives or OBJECTIVES)
    _check_objectives(aims)
    chosen = _levers(scenario, axes)
    plain = replace(scenario.only(scenario.mixes[0].name), design=None)
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_front"
    runs = _Mixes(plain, chosen, aims, budget, jobs or processors(), scheduler, simulate)
    described = {"axes": [f"{axis.name} {axis.low} {axis.high} {axis.choices}" for axis in chosen], "budget": budget,
                 "objectives": aims, "trials": trials, "generation": generation}  # fmt: skip
    search = Search(chosen, aims, trials, generation, lambda number: _sampler(plain.seed, generation, number))
    with held(path.absolute()):
        folder = open_search(path, plain, described, resume)
        table = look(folder, search, runs.evaluate)
        front = _with_other_luck(table[_undominated(table, aims)], runs)
        _keep_points(folder, chosen, front)
        close_search(folder, {TRIALS: table, FRONT: front})
    return Front(path, front, table)


def read_spending(scenario: Scenario, outcome: Outcome) -> Mapping[str, float]:
    """Return a run's public spending, yuan a month for each resident elder."""
    months = outcome.records
    elders = sum(month["elders"] for month in months)
    spent = sum(month["public_spending"] for month in months)
    return {SPENDING: spent / elders if elders else float("nan")}


@dataclass(frozen=True)
class _Mixes:
    """Runs of mixes that an optimisation asks for."""

    scenario: Scenario
    axes: tuple[Axis, ...]
    aims: Mapping[str, Direction]
    budget: float | None
    jobs: int
    scheduler: str | None
    simulate: Simulate | None

    def evaluate(self, rows: Sequence[Row]) -> list[Trial]:
        """Return what came of mixes under the luck of the search."""
        return self._tried(rows, range(self.scenario.replications))

    def again(self, rows: Sequence[Row]) -> list[Trial]:
        """Return what came of mixes under other luck."""
        known = self.scenario.replications
        return self._tried(rows, range(known, 2 * known))

    def _tried(self, rows: Sequence[Row], replications: range) -> list[Trial]:
        if not rows:
            return []
        points = Points(self.axes, tuple(rows))
        runs, _ = run_here(self.scenario, points, replications, self.jobs, read_spending, self.simulate,
                           self.scheduler)  # fmt: skip
        if runs.empty:
            return [self._failed() for _ in rows]
        of_points = runs.groupby(POINT)[[*self.aims, SPENDING]]
        # A mix that lacks a replication would be judged under other luck than the rest.
        known = of_points.mean()[of_points.count().min(axis=1) == len(replications)].to_dict("index")
        return [self._trial(known[point]) if point in known else self._failed() for point in range(len(rows))]

    def _trial(self, means: Mapping[Any, float]) -> Trial:
        values = tuple(float(means[name]) for name in self.aims)
        spent = float(means[SPENDING])
        limits = () if self.budget is None else (spent - self.budget,)
        return Trial(values if np.isfinite(values).all() else None, {SPENDING: spent}, limits)

    def _failed(self) -> Trial:
        return Trial(None, {SPENDING: float("nan")}, () if self.budget is None else (float("inf"),))


def _levers(scenario: Scenario, axes: Sequence[Axis] | None) -> tuple[Axis, ...]:
    """Return the levers to turn: those given, or the axes of the scenario's design."""
    chosen = tuple(axes or (scenario.design.axes if scenario.design is not None else ()))
    if not chosen:
        raise ConfigError(
            ["--axis: no lever to turn; write --axis instruments.INSTRUMENT.LEVER, see caresim levers"]
        )
    for axis in chosen:
        if axis.target is not None and axis.target.home == "parameters":
            what = "is a parameter, which nobody can turn; write a lever, see caresim levers"
            raise ConfigError([f"--axis {axis.name}: {what}"])
    check_axes(chosen, scenario)
    return chosen


def _sampler(seed: int, generation: int, number: int) -> Any:
    from optuna.samplers import NSGAIISampler

    luck = (seed * 1_000_003 + number) % 2**32
    return NSGAIISampler(population_size=generation, seed=luck, **asking_for_limits())


def _undominated(table: pd.DataFrame, aims: Mapping[str, Direction]) -> np.ndarray:
    """Return the feasible trials that no feasible one beats, the first of those that are equal in every objective."""
    signs = np.array([-1.0 if direction == "minimize" else 1.0 for direction in aims.values()])
    tried = table[list(aims)].to_numpy(dtype=float) * signs
    best = np.zeros(len(table), dtype=bool)
    feasible = np.flatnonzero(table["feasible"].to_numpy(dtype=bool))
    unbeaten = feasible[~beating(tried[feasible]).any(axis=0)]
    best[unbeaten[~pd.DataFrame(tried[unbeaten]).duplicated().to_numpy()]] = True
    return best


def _with_other_luck(front: pd.DataFrame, runs: _Mixes) -> pd.DataFrame:
    front = front.drop(columns="feasible").reset_index(drop=True)
    again = runs.again(
        [tuple(row) for row in front[[axis.name for axis in runs.axes]].itertuples(index=False)]
    )
    for number, name in enumerate(runs.aims):
        front[f"{name}{AGAIN}"] = [trial.values[number] if trial.values else float("nan") for trial in again]
    front[f"{SPENDING}{AGAIN}"] = [trial.told[SPENDING] for trial in again]
    return front.sort_values([*runs.aims], kind="stable", ignore_index=True)


def _keep_points(folder: RunFolder, axes: tuple[Axis, ...], front: pd.DataFrame) -> None:
    """Leave the front as points that a sweep takes."""
    rows = tuple(tuple(row) for row in front[[axis.name for axis in axes]].itertuples(index=False))
    with safely(folder.path / POINTS_FILE) as file:
        file.write(Points(axes, rows).text().encode())


def _check_objectives(aims: Mapping[str, Direction]) -> None:
    known = [indicator.name for indicator in catalogue.indicators()]
    for name, direction in aims.items():
        if name not in known:
            raise ConfigError(
                [f"--objective {shown(name)}: no indicator of that name; {suggestion(name, known)}"]
            )
        if direction not in ("minimize", "maximize"):
            raise ConfigError([f"--objective {name}={shown(direction)}: write minimize or maximize"])
