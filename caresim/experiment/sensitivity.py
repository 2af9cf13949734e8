"""Tell which of the things that nobody knows move a result: Morris screening and Sobol indices."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.designs import POINT, Points, Row, at_positions, check_axes
from caresim.experiment.extras import need
from caresim.experiment.runner import RESULTS, Simulate
from caresim.experiment.sweep import run_points
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.results import seal
from caresim.results.tables import safely
from caresim.scenario.axes import Axis, marks_of_axis, uncertain_axes
from caresim.scenario.deviations import written_by_mixes

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Method = Literal["morris", "sobol"]
METHODS: tuple[Method, ...] = get_args(Method)
SIZE = {"morris": 10, "sobol": 64}
"""Trajectories, or base points, of an analysis that does not say how many."""
LEVELS = 4
LEVEL = 0.95
RESAMPLES = 500
TABLE = "sensitivity.csv"


@dataclass(frozen=True)
class Plan:
    """Where a function is to be known for its sensitivity to be told.

    Attributes:
        method: Morris's elementary effects, or Sobol's shares of variance.
        axes: what varies, each over its range.
        size: trajectories of Morris, base points of Sobol (rounded up to a power of two).
        seed: seed of the points and of the intervals.
    """

    method: Method
    axes: tuple[Axis, ...]
    size: int
    seed: int

    @property
    def block(self) -> int:
        """Return the points that stand or fall together: of a trajectory, or around a base point."""
        return len(self.axes) + (1 if self.method == "morris" else 2)

    def positions(self) -> np.ndarray:
        """Return the points in the unit cube, shape (points, axes), block after block."""
        need("SALib", "sensitivity")
        if self.method == "morris":
            from SALib.sample import morris

            return np.asarray(morris.sample(self._problem(), self.size, num_levels=LEVELS, seed=self.seed))
        from SALib.sample import sobol

        size = 1 << max(self.size - 1, 0).bit_length()
        return np.asarray(sobol.sample(self._problem(), size, calc_second_order=False, seed=self.seed))

    def rows(self) -> tuple[Row, ...]:
        """Return the points as values of the axes."""
        return at_positions(self.axes, self.positions())

    def analyse(self, values: np.ndarray) -> pd.DataFrame:
        """Return a row an axis, the most important first, from the function's values at the points.

        Blocks with a missing value are left out. Intervals are of 95 %, from resampled blocks.

        Raises:
            ConfigError: fewer than two blocks are complete.
        """
        blocks = np.asarray(values, dtype=float).reshape(-1, self.block)
        complete = ~np.isnan(blocks).any(axis=1)
        if complete.sum() < 2:
            raise ConfigError([f"--size: {complete.sum()} of {len(blocks)} blocks of points are complete; "
                               "see failures.csv, or ask for more"])  # fmt: skip
        kept = blocks[complete].ravel()
        if np.ptp(kept) == 0.0:
            found = self._nothing()
        else:
            found = self._morris(kept, complete) if self.method == "morris" else self._sobol(kept)
        leading = "mu_star" if self.method == "morris" else "total"
        table = pd.DataFrame({"axis": [axis.name for axis in self.axes], **found})
        table = table.sort_values(
            [leading, "axis"], ascending=[False, True], kind="stable", ignore_index=True
        )
        table.insert(1, "rank", np.arange(1, len(table) + 1))
        return table.assign(blocks=int(complete.sum()))

    def _problem(self) -> dict[str, Any]:
        names = [axis.name for axis in self.axes]
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    def _morris(self, values: np.ndarray, complete: np.ndarray) -> dict[str, np.ndarray]:
        """Return mean, mean size and spread of elementary effects, in the result's unit over an axis's range."""
        from SALib.analyze import morris

        points = self.positions()[np.repeat(complete, self.block)]
        told = morris.analyze(self._problem(), points, values, num_resamples=RESAMPLES, conf_level=LEVEL,
                              num_levels=LEVELS, seed=self.seed)  # fmt: skip
        size, half = np.asarray(told["mu_star"], dtype=float), np.asarray(told["mu_star_conf"], dtype=float)
        return {"mu_star": size, "mu_star_lower": np.maximum(size - half, 0.0), "mu_star_upper": size + half,
                "mu": np.asarray(told["mu"], dtype=float), "sigma": np.asarray(told["sigma"], dtype=float)}  # fmt: skip

    def _sobol(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return shares of the result's variance: of an axis alone, and with all that it takes part in."""
        from SALib.analyze import sobol

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of resamples without variance
            told = sobol.analyze(self._problem(), values, calc_second_order=False, num_resamples=RESAMPLES,
                                 conf_level=LEVEL, seed=self.seed)  # fmt: skip
        found: dict[str, np.ndarray] = {}
        for name, key in (("first", "S1"), ("total", "ST")):
            share, half = np.asarray(told[key]), np.asarray(told[f"{key}_conf"])
            found |= {name: share, f"{name}_lower": share - half, f"{name}_upper": share + half}
        return found

    def _nothing(self) -> dict[str, np.ndarray]:
        """Return the answer where nothing moves the result."""
        ends = {"morris": ("mu_star", "mu_star_lower", "mu_star_upper", "mu", "sigma"),
                "sobol": ("first", "first_lower", "first_upper", "total", "total_lower", "total_upper")}  # fmt: skip
        return {name: np.zeros(len(self.axes)) for name in ends[self.method]}


def sensitivity_of(function: Callable[[Sequence[Row]], np.ndarray], plan: Plan) -> pd.DataFrame:
    """Return the sensitivity of any function of points: called once, with all of them."""
    return plan.analyse(function(plan.rows()))


def sensitivity(
    scenario: Scenario,
    method: Method = "morris",
    indicators: Sequence[str] = ("unmet_share",),
    axes: Sequence[Axis] | None = None,
    size: int | None = None,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> pd.DataFrame:
    """Tell which parameters move indicators, and differences between mixes, and leave `sensitivity.csv`.

    Of the baseline mix the indicator itself is taken, of any other mix its difference from the baseline under the same
    luck; both are means over replications.

    Args:
        scenario: the scenario; its mixes and replications are run at every point.
        method: `morris` screens many parameters, `sobol` shares out the variance among some.
        indicators: what may be moved.
        axes: what varies; by default the axes of the scenario's design, or everything marked as uncertain.
        size: trajectories, or base points; by default 10 and 64.
        out: the folder to leave; by default the scenario's name and the method in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.

    Returns:
        A row per mix, indicator and axis, the most important axis first.

    Raises:
        ConfigError: an indicator or an axis cannot be, or SALib is not installed.
    """
    _check_indicators(indicators)
    need("SALib", "sensitivity")
    plan = Plan(method, tuple(axes or _default_axes(scenario)), size or SIZE[method], scenario.seed)
    check_axes(plan.axes, scenario)
    points = Points(plan.axes, plan.rows())
    described = {"kind": method, "size": plan.size, "seed": plan.seed}
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_{method}"
    folder = run_points(scenario, points, path, described, jobs=jobs, resume=resume, scheduler=scheduler,
                        simulate=simulate)  # fmt: skip
    tables = [
        pd.concat([plan.analyse(values)], keys=[key], names=["mix", "against", "indicator", "number"])
        for key, values in _results(folder.runs, scenario, indicators, len(points))
    ]
    table = (
        pd.concat(tables).reset_index().drop(columns="number").merge(_about(plan.axes), on="axis", how="left")
    )
    with safely(folder.path / TABLE) as file:
        file.write(table.to_csv(index=False, lineterminator="\n").encode())
    seal(folder, [folder.path / TABLE])
    return table


def differences(runs: pd.DataFrame, baseline: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield mix, what it is set against, and a row a point with each indicator's mean over replications.

    A mix is set against the baseline replication by replication; replications that lack either do not enter.

    Args:
        runs: runs of a sweep.
        baseline: the baseline mix.
    """
    numbers = runs.set_index(["mix", POINT, "replication"])
    mixes = list(dict.fromkeys(runs["mix"]))
    own = numbers.loc[baseline] if baseline in mixes else None
    for mix in mixes:
        paired = numbers.loc[mix] if mix == baseline or own is None else numbers.loc[mix] - own
        yield mix, "" if mix == baseline or own is None else baseline, paired.groupby(level=POINT).mean()


def _results(runs: pd.DataFrame, scenario: Scenario, indicators: Sequence[str],
             n_points: int) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:  # fmt: skip
    for mix, against, means in differences(runs, scenario.baseline):
        for indicator in indicators:
            yield (mix, against, indicator), means[indicator].reindex(range(n_points)).to_numpy()


def _default_axes(scenario: Scenario) -> Sequence[Axis]:
    if scenario.design is not None and scenario.design.axes:
        return scenario.design.axes
    return [axis for axis in uncertain_axes() if not written_by_mixes(scenario, axis)[1]]


def _about(axes: Sequence[Axis]) -> pd.DataFrame:
    """Return what is known of each axis: its range, unit, evidence mark and source."""
    keys = ("unit", "evidence", "source")
    rows = [
        {"axis": axis.name, "kind": axis.kind, "low": axis.low, "high": axis.high}
        | {key: marks_of_axis(axis).get(key) for key in keys}
        for axis in axes
    ]
    return pd.DataFrame(rows)


def _check_indicators(names: Sequence[str]) -> None:
    known = [indicator.name for indicator in catalogue.indicators()]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ConfigError(
            [
                f"--indicator {shown(name)}: no indicator of that name; {suggestion(name, known)}"
                for name in wrong
            ]
        )
