"""Tell what targets say of parameters without a likelihood: rejection, and regression towards the targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caresim.experiment.targets import Target, misses
from caresim.scenario.axes import Axis

KEPT = 0.2
"""Share of the points, the nearest to the targets, that a posterior is made of."""
LEAST_KEPT = 20
DRAWS = 200
LEVEL = 0.90
INFORMED = 0.3
"""A parameter is recovered if its posterior's standard deviation is smaller than the prior's by this share or more."""
TARGET_ERROR = 0.5
"""Standard deviation of a target's own error, in half-widths of its band: the band is its interval of 95 %."""
EDGE = 1e-6


def posterior(axes: Sequence[Axis], positions: np.ndarray, found: np.ndarray, targets: Sequence[Target],
              seed: int, draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return draws from what the targets leave of the prior, as positions in the unit cube, and the nearest points.

    The prior is even over each axis. What a point says of a target is blurred by the target's own error; the nearest
    points are kept, weighted by nearness (Epanechnikov), moved along a local linear regression of the parameters (as
    log odds of their positions) on the misses to where nothing is missed, and drawn by weight (Beaumont et al. 2002).

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
    nearness = np.sqrt((missed[complete] ** 2).mean(axis=1))
    n_kept = min(max(round(KEPT * len(complete)), LEAST_KEPT), len(complete))
    nearest = np.argsort(nearness, kind="stable")[:n_kept]
    kept, far = complete[nearest], nearness[nearest]
    weight = np.maximum(1.0 - (far / (far.max() * (1.0 + 1e-9))) ** 2, EDGE)
    moved = _moved(positions[kept], missed[kept], weight)
    chosen = luck.choice(len(kept), size=draws, p=weight / weight.sum())
    return moved[chosen], kept


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


def _number(axis: Axis, position: float) -> float:
    """Return a value as a number: of a choice, its place in the list."""
    return float(int(position * len(axis.choices))) if axis.kind == "choice" else float(axis.value(position))


def _moved(positions: np.ndarray, missed: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Move points to where a weighted linear regression expects them if nothing were missed."""
    inside = np.clip(positions, EDGE, 1.0 - EDGE)
    odds = np.log(inside / (1.0 - inside))
    design = np.column_stack([np.ones(len(missed)), missed])
    if len(design) <= design.shape[1] + 1:  # too few points for a regression: rejection alone
        return inside
    root = np.sqrt(weight)[:, None]
    slope = np.linalg.lstsq(design * root, odds * root, rcond=None)[0]
    return 1.0 / (1.0 + np.exp(-(odds - missed @ slope[1:])))
