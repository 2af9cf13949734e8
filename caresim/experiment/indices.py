"""Morris's elementary effects and Sobol's indices of any function of points, beside what luck alone makes of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from caresim.experiment.designs import Row, at_positions
from caresim.experiment.extras import need
from caresim.experiment.statistics import t_interval
from caresim.experiment.trajectories import LEVELS, STEP, Steps, steps_between
from caresim.kernel.mistakes import ConfigError
from caresim.scenario.axes import Axis

Method = Literal["morris", "sobol"]
METHODS: tuple[Method, ...] = get_args(Method)
SIZE = {"morris": 10, "sobol": 64}
"""Trajectories, or base points, of an analysis that does not say how many."""
LEVEL = 0.95
RESAMPLES = 500


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

    def analyse(self, values: np.ndarray, ran: np.ndarray | None = None) -> pd.DataFrame:
        """Return a row an axis, the most important first, from the function's values at the points.

        Within a block the same replications are averaged at every point, since the luck of a replication would else
        pass for an effect; blocks without such a replication are left out. Intervals are of 95 %: of Morris t-intervals
        over trajectories, of Sobol from resampled blocks. Where points were drawn in to where values go together, an
        elementary effect of Morris is over the way that was gone, and a step in which other axes moved too, or its own
        hardly, tells nothing; an axis of which no step tells has no number. Sobol takes points as planned.

        Args:
            values: shape (points,), or (points, replications) where replication k is the same luck at every point; NaN
                where a run failed.
            ran: positions that were run, shape (points, axes); by default those of the plan.

        Raises:
            ConfigError: fewer than two blocks are complete.
        """
        blocks = np.asarray(values, dtype=float).reshape(
            -1, self.block, values.shape[1] if values.ndim > 1 else 1
        )
        paired = ~np.isnan(blocks).any(axis=1)
        complete = paired.any(axis=1)
        if complete.sum() < 2:
            raise ConfigError([f"--size: {complete.sum()} of {len(blocks)} blocks of points are complete; "
                               "see failures.csv, or ask for more"])  # fmt: skip
        blocks, paired = blocks[complete], paired[complete]
        steps = self._steps(ran).of(complete) if self.method == "morris" else None
        if steps is not None:
            blocks = steps.stretched(blocks)
        means = np.where(paired[:, None], blocks, 0.0).sum(axis=2) / paired.sum(axis=1)[:, None]
        kept = means.ravel()
        if np.ptp(kept) == 0.0:
            found = self._nothing()
        else:
            found = self._sobol(kept) if steps is None else self._morris(kept, complete, steps)
        found["luck"] = self._luck(blocks, paired, steps)
        found["blocks"] = np.full(len(self.axes), complete.sum()) if steps is None else steps.told()
        leading = "mu_star" if self.method == "morris" else "total"
        table = pd.DataFrame({"axis": [axis.name for axis in self.axes], **found})
        table = table.sort_values(
            [leading, "axis"], ascending=[False, True], kind="stable", ignore_index=True
        )
        table.insert(1, "rank", np.arange(1, len(table) + 1))
        return table

    def _problem(self) -> dict[str, Any]:
        names = [axis.name for axis in self.axes]
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    def _steps(self, ran: np.ndarray | None) -> Steps:
        """Return the steps of all trajectories."""
        planned = self.positions().reshape(-1, self.block, len(self.axes))
        return steps_between(self.axes, planned, planned if ran is None else ran.reshape(planned.shape))

    def _morris(self, values: np.ndarray, complete: np.ndarray, steps: Steps) -> dict[str, np.ndarray]:
        """Return mean, mean size and spread of elementary effects, in the result's unit over an axis's range."""
        from SALib.analyze import morris

        points = self.positions()[np.repeat(complete, self.block)]
        told = morris.analyze(
            self._problem(), points, values, num_resamples=2, num_levels=LEVELS, seed=self.seed
        )
        found = {name: np.array(told[name], dtype=float) for name in ("mu_star", "mu", "sigma")}
        effects = self._effects(values, complete, steps)
        for axis in np.flatnonzero(np.isnan(effects).any(axis=1)):
            kept = effects[axis][~np.isnan(effects[axis])]
            found["mu_star"][axis], found["mu"][axis] = (t_interval(some)[0] for some in (np.abs(kept), kept))
            found["sigma"][axis] = kept.std(ddof=1) if len(kept) > 1 else np.nan
        _, lower, upper = np.array([t_interval(np.abs(row), LEVEL) for row in effects]).T
        return {"mu_star": found["mu_star"], "mu_star_lower": np.maximum(lower, 0.0), "mu_star_upper": upper,
                "mu": found["mu"], "sigma": found["sigma"]}  # fmt: skip

    def _effects(self, values: np.ndarray, complete: np.ndarray, steps: Steps) -> np.ndarray:
        """Return the elementary effect of each axis (rows) in each complete trajectory; NaN where none is told."""
        corners = self.positions().reshape(-1, self.block, len(self.axes))[complete]
        ways = np.sign(np.diff(corners, axis=1).sum(axis=2))
        effects = np.diff(values.reshape(-1, self.block), axis=1) * ways / STEP
        return steps.by_axis(np.where(steps.alone, effects, np.nan))

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

    def _luck(self, blocks: np.ndarray, paired: np.ndarray, steps: Steps | None) -> np.ndarray:
        """Return how large effects would seem if luck alone made them, or which part of the variance it makes.

        Luck that is the same at every point moves nothing. What counts is how differently replications answer to a
        step, over their number: to each axis's own steps (`morris`), or to all (`sobol`). NaN with one replication.

        Args:
            blocks: values of complete blocks, shape (blocks, points, replications).
            paired: replications that all points of a block have, shape (blocks, replications).
            steps: those of the trajectories, of Morris.
        """
        several = paired.sum(axis=1) > 1
        if not several.any():
            return np.full(len(self.axes), np.nan)
        known = [block[:, these] for block, these in zip(blocks[several], paired[several], strict=True)]
        if steps is None:
            whole = np.concatenate([block.mean(axis=1) for block in known]).var()
            part = np.mean([_answering(block) for block in known]) / whole if whole > 0.0 else 0.0
            return np.full(len(self.axes), part)
        turned = np.where(steps.alone, steps.turned, len(self.axes))[several]
        error = np.array([np.diff(block, axis=0).var(axis=1, ddof=1) / block.shape[1] for block in known])
        of_axis = np.array([t_interval(error[turned == axis])[0] for axis in range(len(self.axes))])
        return np.asarray(np.sqrt(2.0 / np.pi * of_axis) / STEP)

    def _nothing(self) -> dict[str, np.ndarray]:
        """Return the answer where nothing moves the result."""
        ends = {"morris": ("mu_star", "mu_star_lower", "mu_star_upper", "mu", "sigma"),
                "sobol": ("first", "first_lower", "first_upper", "total", "total_lower", "total_upper")}  # fmt: skip
        return {name: np.zeros(len(self.axes)) for name in ends[self.method]}


def sensitivity_of(function: Callable[[Sequence[Row]], np.ndarray], plan: Plan) -> pd.DataFrame:
    """Return the sensitivity of any function of points: called once, with all of them."""
    return plan.analyse(function(plan.rows()))


def _answering(table: np.ndarray) -> float:
    """Return the variance of the mean over replications that comes of their answering differently to points.

    Args:
        table: values, shape (points, replications).
    """
    points, replications = table.shape
    rest = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    return float((rest**2).sum()) / ((points - 1) * (replications - 1)) / replications
