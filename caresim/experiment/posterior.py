"""Tell what targets say of parameters without a likelihood: rejection, and regression towards the targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caresim.experiment.targets import Target, misses
from caresim.scenario.axes import Axis

KEPT = 0.3
"""Share of the points, the nearest to the targets, that a posterior is made of."""
LEAST_KEPT = 40
DRAWS = 200
LEVEL = 0.90
INFORMED = 0.3
"""A parameter is recovered if its posterior's standard deviation is smaller than the prior's by this share or more."""
TARGET_ERROR = 0.5
"""Standard deviation of a target's own error, in half-widths of its band: the band is its interval of 95 %."""
FARTHEST = 6.0
"""Misses count up to so many median deviations: a tiny place may miss a ratio by any multiple."""
WORLDS = 50
"""Points that stand in for the world, to see whether they are found again."""
EDGE = 1e-6
PENALTIES = 10.0 ** np.arange(-6.0, 7.0)
"""Tried penalties of the ridge, over the largest squared singular value."""
LEAST_FOR_EACH = 4
"""Points for each coefficient, below which nothing is moved."""


def posterior(axes: Sequence[Axis], positions: np.ndarray, found: np.ndarray, targets: Sequence[Target],
              seed: int, draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return draws from what the targets leave of the prior, as positions in the unit cube, and the nearest points.

    The prior is even over each axis. What a point says of a target is blurred by the target's own error. A ridge
    regression over all points tells what the figures expect of each parameter (as log odds of its position); these
    expectations sum up the figures, one a parameter (Fearnhead and Prangle 2012). The points whose expectations lie
    nearest to those of the targets are kept, weighted by nearness (Epanechnikov), moved along a local linear
    regression to where the targets are met, and drawn by weight (Beaumont et al. 2002).

    Args:
        axes: what varies.
        positions: points in the unit cube, shape (points, axes).
        found: figures of each point, shape (points, targets); points that lack one do not enter.
        targets: what is to be met.
        seed: seed of the blur and of the draws.
        draws: how many.

    Returns:
        Draws, shape (draws, axes), and the numbers of the points that were kept.
    """
    luck = np.random.default_rng([seed, len(positions)])
    missed = misses(found, targets) + luck.normal(0.0, TARGET_ERROR, found.shape)
    complete = np.flatnonzero(~np.isnan(missed).any(axis=1))
    inside = np.clip(positions[complete], EDGE, 1.0 - EDGE)
    odds = np.log(inside / (1.0 - inside))
    away = _expected(missed[complete], odds)
    far = np.sqrt((away**2).mean(axis=1))
    n_kept = min(max(round(KEPT * len(complete)), LEAST_KEPT), len(complete))
    nearest = np.argsort(far, kind="stable")[:n_kept]
    far = far[nearest]
    weight = np.maximum(1.0 - (far / max(far.max() * (1.0 + 1e-9), EDGE)) ** 2, EDGE)
    moved = _moved(odds[nearest], away[nearest], weight)
    chosen = luck.choice(n_kept, size=draws, p=weight / weight.sum())
    return 1.0 / (1.0 + np.exp(-moved[chosen])), complete[nearest]


def _expected(missed: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """Return what the misses of each point make one expect of each parameter, less what no miss would.

    The penalty of the ridge is the one with the least generalised cross-validation error, parameter by parameter:
    where figures say nothing of a parameter, nothing is expected of it.
    """
    middle = np.median(missed, axis=0)
    spread = np.maximum(np.median(np.abs(missed - middle), axis=0), EDGE)
    met = np.clip(-middle / spread, -FARTHEST, FARTHEST)
    missed = np.clip((missed - middle) / spread, -FARTHEST, FARTHEST)
    centred = missed - missed.mean(axis=0)
    left, size, right = np.linalg.svd(centred, full_matrices=False)
    size = np.maximum(size, EDGE)
    found = np.empty_like(odds)
    for j in range(odds.shape[1]):
        aim = odds[:, j] - odds[:, j].mean()
        shared = left.T @ aim
        errors, slopes = [], []
        for penalty in PENALTIES * size[0] ** 2:
            shrunk = size**2 / (size**2 + penalty)
            rest = aim - left @ (shrunk * shared)
            errors.append(float((rest**2).sum()) / (len(aim) - 1.0 - shrunk.sum()) ** 2)
            slopes.append(right.T @ (shrunk / size * shared))
        found[:, j] = (missed - met) @ slopes[int(np.argmin(errors))]
    return found


def _moved(odds: np.ndarray, away: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Move points to where a weighted linear regression expects them if the targets were met.

    Where the targets lie beyond all that the kept points show, they move as far as those reach: no farther is known.
    """
    reached = np.clip(0.0, away.min(axis=0), away.max(axis=0))
    design = np.column_stack([np.ones(len(away)), away])
    if len(design) < LEAST_FOR_EACH * design.shape[1]:  # too few points for a regression: rejection alone
        return odds
    root = np.sqrt(weight)[:, None]
    slope = np.linalg.lstsq(design * root, odds * root, rcond=None)[0]
    moved: np.ndarray = odds - (away - reached) @ slope[1:]
    return moved


def told(axes: Sequence[Axis], drawn: np.ndarray) -> pd.DataFrame:
    """Return a row an axis: prior, posterior mean and interval of 90 %, and whether the targets say anything of it.

    Args:
        axes: what varies.
        drawn: positions of the draws, shape (draws, axes).
    """
    rows = []
    for number, axis in enumerate(axes):
        values = np.array([_number(axis, u) for u in drawn[:, number]])
        even = np.array([_number(axis, u) for u in (np.arange(1000) + 0.5) / 1000])
        narrower = 1.0 - float(values.std()) / float(even.std()) if even.std() else 0.0
        lower, upper = np.quantile(values, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
        rows.append((axis.name, axis.low, axis.high, float(values.mean()), float(lower), float(upper), narrower,
                     narrower >= INFORMED))  # fmt: skip
    names = ["axis", "prior_low", "prior_high", "mean", "lower", "upper", "narrower", "recovered"]
    return pd.DataFrame(rows, columns=names)


def recovery(axes: Sequence[Axis], positions: np.ndarray, found: np.ndarray, targets: Sequence[Target],
             seed: int) -> pd.DataFrame:  # fmt: skip
    """Return how well the method finds parameters again where they are known: at its own points, one after another.

    Each of some points stands in for the world, its bands around its own figures, and is fitted with the others.

    Args:
        axes: what varies.
        positions: points in the unit cube.
        found: figures of each point.
        targets: whose bands are laid around the figures.
        seed: seed of the choice of points and of the fits.

    Returns:
        A row an axis: `worlds`, the share whose truth lies inside the interval of 90 % (`covered`), and the correlation
        of truth and posterior mean (`correlation`; near 0 where figures say nothing).
    """
    luck = np.random.default_rng([seed, 1])
    complete = np.flatnonzero(~np.isnan(found).any(axis=1))
    worlds = luck.permutation(complete)[:WORLDS]
    truths, means, inside = [], [], []
    for world in worlds:
        others = complete[complete != world]
        around = [Target(t.name, f - t.half, f + t.half) for t, f in zip(targets, found[world], strict=True)]
        table = told(axes, posterior(axes, positions[others], found[others], around, seed)[0])
        truth = np.array([_number(axis, u) for axis, u in zip(axes, positions[world], strict=True)])
        truths.append(truth)
        means.append(table["mean"].to_numpy())
        inside.append((table["lower"] <= truth) & (truth <= table["upper"]))
    together = [_correlation(np.array(truths)[:, j], np.array(means)[:, j]) for j in range(len(axes))]
    return pd.DataFrame({"axis": [axis.name for axis in axes], "worlds": len(worlds),
                         "covered": np.mean(inside, axis=0), "correlation": together})  # fmt: skip


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 1 and np.ptp(a) > 0.0 and np.ptp(b) > 0.0 else 0.0


def _number(axis: Axis, position: float) -> float:
    """Return a value as a number: of a choice, its place in the list."""
    return float(int(position * len(axis.choices))) if axis.kind == "choice" else float(axis.value(position))
