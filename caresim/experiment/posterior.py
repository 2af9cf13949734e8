"""Tell what targets say of parameters without a likelihood: rejection, and regression towards the targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, logit

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
WORLDS = 100
"""Points that stand in for the world, to see whether they are found again."""
EDGE = 1e-6
PENALTIES = 10.0 ** np.arange(-6.0, 7.0)
"""Tried penalties of the ridge, over the largest squared singular value."""
LEAST_FOR_EACH = 4
"""Points for each coefficient, below which nothing is moved."""
FOLDS = 8
"""Parts of the points; what a part's figures make one expect is learnt from the other parts alone."""


def posterior(positions: np.ndarray, found: np.ndarray, targets: Sequence[Target], seed: int,
              draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return draws from what the targets leave of the prior, as positions in the unit cube, and the nearest points.

    The prior is even over each axis. What a point says of a target is blurred by the target's own error. A ridge
    regression tells what the figures expect of each parameter (as log odds of its position), of each part of the points
    from the other parts, so that no point is taken to be known better than the target is; these expectations sum up
    the figures, one a parameter (Fearnhead and Prangle 2012). The points whose expectations lie nearest to those of the
    targets are kept, weighted by nearness (Epanechnikov), and moved along a local linear regression to where the
    targets are met (Beaumont et al. 2002). Draws come from a smooth density through them that is as wide as what the
    regression leaves open, its own error included.

    Args:
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
    odds = logit(inside)
    away = _expected(missed[complete], odds, luck.permutation(len(complete)) % FOLDS)
    far = np.sqrt((away**2).mean(axis=1))
    n_kept = min(max(round(KEPT * len(complete)), LEAST_KEPT), len(complete))
    nearest = np.argsort(far, kind="stable")[:n_kept]
    far = far[nearest]
    weight = np.maximum(1.0 - (far / max(far.max() * (1.0 + 1e-9), EDGE)) ** 2, EDGE)
    moved = _smooth(_moved(odds[nearest], away[nearest], weight), weight, draws, luck)
    return expit(moved), complete[nearest]


def _expected(missed: np.ndarray, odds: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return what the misses of each point make one expect of each parameter, less what no miss would.

    Args:
        missed: misses of each point.
        odds: log odds of each point's position.
        part: of the points; slopes for one part are learnt from the others. A slope that had seen the point would
            explain it better than it can explain the targets, and the posterior would be too sure of itself.
    """
    middle = np.median(missed, axis=0)
    spread = np.maximum(np.median(np.abs(missed - middle), axis=0), EDGE)
    met = np.clip(-middle / spread, -FARTHEST, FARTHEST)
    missed = np.clip((missed - middle) / spread, -FARTHEST, FARTHEST)
    found = np.empty_like(odds)
    for own in np.unique(part):
        others = part != own if (part != own).sum() > 2 else np.ones(len(part), dtype=bool)
        found[part == own] = (missed[part == own] - met) @ _slopes(missed[others], odds[others])
    return found


def _slopes(missed: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """Return slopes of a ridge regression of each parameter on the misses, shape (targets, axes).

    The penalty is the one with the least generalised cross-validation error, parameter by parameter: where figures say
    nothing of a parameter, nothing is expected of it.
    """
    left, size, right = np.linalg.svd(missed - missed.mean(axis=0), full_matrices=False)
    size = np.maximum(size, EDGE)
    found = np.empty((missed.shape[1], odds.shape[1]))
    for j in range(odds.shape[1]):
        aim = odds[:, j] - odds[:, j].mean()
        shared = left.T @ aim
        errors, slopes = [], []
        for penalty in PENALTIES * size[0] ** 2:
            shrunk = size**2 / (size**2 + penalty)
            rest = aim - left @ (shrunk * shared)
            errors.append(float((rest**2).sum()) / (len(aim) - 1.0 - shrunk.sum()) ** 2)
            slopes.append(right.T @ (shrunk / size * shared))
        found[:, j] = slopes[int(np.argmin(errors))]
    return found


def _moved(odds: np.ndarray, away: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Move points to where a weighted linear regression expects them if the targets were met.

    Where the targets lie beyond all that the kept points show, they move as far as those reach: no farther is known.
    What the regression leaves is spread as a prediction is: wider by what fitting took off it, and by the error of the
    fitted line where the targets lie.
    """
    reached = np.clip(0.0, away.min(axis=0), away.max(axis=0))
    design = np.column_stack([np.ones(len(away)), away])
    n = weight.sum() ** 2 / (weight**2).sum()
    if (
        n <= design.shape[1] + 1.0 or len(design) < LEAST_FOR_EACH * design.shape[1]
    ):  # too few: rejection alone
        return odds
    root = np.sqrt(weight / weight.mean())[:, None]
    slope = np.linalg.lstsq(design * root, odds * root, rcond=None)[0]
    rest = odds - design @ slope
    there = np.concatenate([[1.0], reached])
    gram = (design * root).T @ (design * root) * (n / len(design))
    leverage = float(there @ np.linalg.pinv(gram) @ there)
    wider = np.sqrt(n / (n - design.shape[1]) * (1.0 + leverage))
    moved: np.ndarray = there @ slope + wider * rest
    return moved


def _smooth(points: np.ndarray, weight: np.ndarray, draws: int, luck: np.random.Generator) -> np.ndarray:
    """Draw from weighted points, each blurred (a kernel of Silverman's width): their ends are not the density's.

    Points are drawn in towards their mean by as much as the blur spreads them (West 1993). How widely they spread is
    itself known from a few points only, which gives draws the tails of Student's t.
    """
    share = weight / weight.sum()
    n, axes = 1.0 / (share**2).sum(), points.shape[1]
    width = min(1.0, (n * (axes + 2.0) / 4.0) ** (-1.0 / (axes + 4.0)))
    spread = np.atleast_2d(np.cov(points.T, aweights=share))
    mean = share @ points
    away = np.sqrt(1.0 - width**2) * (points[luck.choice(len(points), size=draws, p=share)] - mean)
    away += width * luck.multivariate_normal(np.zeros(axes), spread, draws, check_valid="ignore")
    freedom = max(n - axes - 1.0, 1.0)
    return mean + away * np.sqrt(freedom / luck.chisquare(freedom, draws))[:, None]


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
             seed: int, possible: Callable[[np.ndarray], np.ndarray] = np.asarray) -> pd.DataFrame:  # fmt: skip
    """Return how well the method finds parameters again where they are known: at its own points, one after another.

    Each of some points stands in for the world, its bands around its own figures off by an error of the targets' size,
    and is fitted with the others.

    Args:
        axes: what varies.
        positions: points in the unit cube.
        found: figures of each point.
        targets: whose bands are laid around the figures.
        seed: seed of the choice of points and of the fits.
        possible: draws positions in to where values go together, as it does those of the posterior.

    Returns:
        A row an axis: `worlds`, the share whose truth lies inside the interval of 90 % (`covered`), and the correlation
        of truth and posterior mean (`correlation`; near 0 or below where figures say nothing: what is left out of a
        sample lies on the other side of its mean).
    """
    luck = np.random.default_rng([seed, 1])
    complete = np.flatnonzero(~np.isnan(found).any(axis=1))
    worlds = luck.permutation(complete)[:WORLDS]
    truths, means, inside = [], [], []
    for world in worlds:
        others = complete[complete != world]
        shown = laid_around(found[world], targets, luck)
        again = posterior(positions[others], found[others], shown, int(luck.integers(2**31)))
        table = told(axes, possible(again[0]))
        truth = np.array([_number(axis, u) for axis, u in zip(axes, positions[world], strict=True)])
        truths.append(truth)
        means.append(table["mean"].to_numpy())
        inside.append((table["lower"] <= truth) & (truth <= table["upper"]))
    together = [_correlation(np.array(truths)[:, j], np.array(means)[:, j]) for j in range(len(axes))]
    return pd.DataFrame({"axis": [axis.name for axis in axes], "worlds": len(worlds),
                         "covered": np.mean(inside, axis=0), "correlation": together})  # fmt: skip


def laid_around(shown: np.ndarray, targets: Sequence[Target], luck: np.random.Generator) -> list[Target]:
    """Return targets as a known world would have them: bands of their width around figures, each off by its own error.

    A posterior takes the targets to be off by an error; one that is tried on worlds that are measured without would
    look better than it is.

    Args:
        shown: what the world shows of each target; those of which it shows nothing (NaN) are left out.
        targets: whose widths are taken.
        luck: draws the errors.
    """
    return [
        Target(
            target.name, figure + off * target.half - target.half, figure + off * target.half + target.half
        )
        for target, figure, off in zip(
            targets, map(float, shown), luck.normal(0.0, TARGET_ERROR, len(shown)), strict=True
        )
        if not np.isnan(figure)
    ]


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 1 and np.ptp(a) > 0.0 and np.ptp(b) > 0.0 else 0.0


def _number(axis: Axis, position: float) -> float:
    """Return a value as a number: of a choice, its place in the list."""
    return float(int(position * len(axis.choices))) if axis.kind == "choice" else float(axis.value(position))
