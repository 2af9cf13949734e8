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
from caresim.kernel.mistakes import ConfigError
from caresim.scenario.axes import Axis

Method = Literal["morris", "sobol"]
METHODS: tuple[Method, ...] = get_args(Method)
SIZE = {"morris": 10, "sobol": 64}
"""Trajectories, or base points, of an analysis that does not say how many."""
LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1.0))
"""Step of a trajectory, as a share of an axis."""
STEPWISE = ("bool", "int", "choice")
"""Kinds of axes whose values lie apart, so that a step may carry them farther than it is long, or less far."""
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

    def analyse(self, values: np.ndarray) -> pd.DataFrame:
        """Return a row an axis, the most important first, from the function's values at the points.

        Within a block the same replications are averaged at every point, since the luck of a replication would else
        pass for an effect; blocks without such a replication are left out. Intervals are of 95 %: of Morris t-intervals
        over trajectories, of Sobol from resampled blocks.

        Args:
            values: shape (points,), or (points, replications) where replication k is the same luck at every point; NaN
                where a run failed.

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
        if self.method == "morris":
            blocks = self._as_far_as_values_went(blocks, complete)
        means = np.where(paired[:, None], blocks, 0.0).sum(axis=2) / paired.sum(axis=1)[:, None]
        kept = means.ravel()
        if np.ptp(kept) == 0.0:
            found = self._nothing()
        else:
            found = self._morris(kept, complete) if self.method == "morris" else self._sobol(kept)
        found["luck"] = self._luck(blocks, paired, complete)
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

    def _corners(self, complete: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the points of complete trajectories, and the axis that each of their steps turns."""
        corners = self.positions().reshape(-1, self.block, len(self.axes))[complete]
        return corners, np.abs(np.diff(corners, axis=1)).argmax(axis=2)

    def _as_far_as_values_went(self, blocks: np.ndarray, complete: np.ndarray) -> np.ndarray:
        """Return trajectories in which each step moves the result as much as it would if values lay close together.

        A step of two thirds turns a switch all the way. Its effect is over that whole range already, and would else
        count for half as much again as the same effect of a number.

        Args:
            blocks: values of complete trajectories, shape (trajectories, points, replications).
            complete: which of the plan's trajectories these are.
        """
        stepwise = [number for number, axis in enumerate(self.axes) if axis.kind in STEPWISE]
        if not stepwise:
            return blocks
        corners, turned = self._corners(complete)
        longer = np.ones(turned.shape)
        for number in stepwise:
            share = np.vectorize(self.axes[number].share, otypes=[float])
            went = np.abs(np.diff(share(corners[:, :, number]), axis=1))
            longer = np.where(
                (turned == number) & (went > 0.0), STEP / np.maximum(went, STEP / LEVELS), longer
            )
        moved = np.cumsum(np.diff(blocks, axis=1) * longer[:, :, None], axis=1)
        return np.concatenate([blocks[:, :1], blocks[:, :1] + moved], axis=1)

    def _morris(self, values: np.ndarray, complete: np.ndarray) -> dict[str, np.ndarray]:
        """Return mean, mean size and spread of elementary effects, in the result's unit over an axis's range."""
        from SALib.analyze import morris

        points = self.positions()[np.repeat(complete, self.block)]
        told = morris.analyze(
            self._problem(), points, values, num_resamples=2, num_levels=LEVELS, seed=self.seed
        )
        size = np.asarray(told["mu_star"], dtype=float)
        _, lower, upper = np.array([t_interval(sizes, LEVEL) for sizes in self._sizes(values, complete)]).T
        return {"mu_star": size, "mu_star_lower": np.maximum(lower, 0.0), "mu_star_upper": upper,
                "mu": np.asarray(told["mu"], dtype=float), "sigma": np.asarray(told["sigma"], dtype=float)}  # fmt: skip

    def _sizes(self, values: np.ndarray, complete: np.ndarray) -> np.ndarray:
        """Return the size of the elementary effect of each axis (rows) in each complete trajectory (columns)."""
        turned = self._corners(complete)[1]
        steps = np.abs(np.diff(values.reshape(-1, self.block), axis=1)) / STEP
        return np.asarray(np.take_along_axis(steps, turned.argsort(axis=1), axis=1).T)

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

    def _luck(self, blocks: np.ndarray, paired: np.ndarray, complete: np.ndarray) -> np.ndarray:
        """Return how large effects would seem if luck alone made them, or which part of the variance it makes.

        Luck that is the same at every point moves nothing. What counts is how differently replications answer to a
        step, over their number: to each axis's own steps (`morris`), or to all (`sobol`). NaN with one replication.

        Args:
            blocks: values of complete blocks, shape (blocks, points, replications).
            paired: replications that all points of a block have, shape (blocks, replications).
            complete: which of the plan's blocks these are.
        """
        several = paired.sum(axis=1) > 1
        if not several.any():
            return np.full(len(self.axes), np.nan)
        known = [block[:, these] for block, these in zip(blocks[several], paired[several], strict=True)]
        if self.method == "sobol":
            whole = np.concatenate([block.mean(axis=1) for block in known]).var()
            part = np.mean([_answering(block) for block in known]) / whole if whole > 0.0 else 0.0
            return np.full(len(self.axes), part)
        turned = self._corners(complete)[1][several]
        error = np.array([np.diff(block, axis=0).var(axis=1, ddof=1) / block.shape[1] for block in known])
        of_axis = np.array([error[turned == axis].mean() for axis in range(len(self.axes))])
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
