"""Luck apart from ignorance: split the variance of a sweep into what replications and what points of it make."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from caresim.experiment.statistics import LEVEL, t_interval

STOCHASTIC, PARAMETER, STRUCTURAL = "stochastic", "parameter", "structural"
"""The three kinds of uncertainty: luck within one set of assumptions; values of parameters; what the model assumes."""


def variance_components(values: pd.Series, crossed: bool = True) -> pd.Series:
    """Split a variance into its stochastic part, within points of a sweep, and its parameter part, between them.

    Estimates are those of the analysis of variance, which are unbiased; a negative one counts as none.

    Args:
        values: index (point, replication).
        crossed: replication k meets the same luck at every point, as in a paired sweep; only replications that every
            point has are used. Otherwise each point has luck of its own.

    Returns:
        mean, stochastic, parameter (variances), parameter_share (of the two together; NaN if both are nothing),
        points, replications.
    """
    table = values.unstack("replication")
    table = table.dropna(axis=1) if crossed else table
    found = _crossed(table.to_numpy(dtype=float)) if crossed else _nested(table)
    stochastic, parameter = found
    whole = stochastic + parameter
    return pd.Series(
        {
            "mean": float(np.nanmean(table.to_numpy(dtype=float))) if table.size else np.nan,
            STOCHASTIC: stochastic,
            PARAMETER: parameter,
            "parameter_share": parameter / whole if whole > 0.0 else np.nan,
            "points": len(table),
            "replications": table.shape[1],
        }
    )


def mean_interval(values: pd.Series, level: float = LEVEL) -> tuple[float, float, float]:
    """Return a mean and its t-interval, over replications, or over the points and replications of a paired sweep.

    Replication k of a sweep is the same luck at every point, so that its luck does not average out over points: the
    mean's variance is that of points over their number, and that of replications over theirs, less what both contain
    (two-way analysis of variance; degrees of freedom after Satterthwaite). With one replication a sweep shows nothing
    of luck, and the interval is that of points alone.

    Args:
        values: index replication, or (point, replication).
        level: level of the interval.

    Returns:
        Mean and both ends, which are NaN with fewer than two rows that differ independently.
    """
    if "point" not in values.index.names:
        return t_interval(values.to_numpy(dtype=float), level)
    whole = values.unstack("replication").dropna(how="all")
    table = whole.dropna(axis=1).to_numpy(dtype=float)
    if len(table) < 2 or table.shape[1] < 2:
        return t_interval(whole.mean(axis=1).to_numpy(dtype=float), level)
    of_points, of_luck = (
        table.mean(axis=1).var(ddof=1) / len(table),
        table.mean(axis=0).var(ddof=1) / table.shape[1],
    )
    both = _residual(table) / table.size
    variance = max(of_points + of_luck - both, of_points, of_luck)
    mean = float(table.mean())
    if variance == 0.0:
        return mean, mean, mean
    freedom = variance**2 / (of_points**2 / (len(table) - 1) + of_luck**2 / (table.shape[1] - 1))
    half = float(stdtrit(max(freedom, 1.0), (1 + level) / 2)) * float(np.sqrt(variance))
    return mean, mean - half, mean + half


def _residual(table: np.ndarray) -> float:
    """Return the variance that neither points (rows) nor replications (columns) explain."""
    by_point, by_luck = table.mean(axis=1), table.mean(axis=0)
    rest = table - by_point[:, None] - by_luck[None, :] + table.mean()
    return float((rest**2).sum() / ((len(table) - 1) * (table.shape[1] - 1)))


def share_interval(values: pd.Series, draws: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return an interval of the parameter share of a paired sweep, from drawing its points again (bootstrap).

    Args:
        values: index (point, replication).
        draws: numbers of points, shape (resamples, points).
        level: level of the interval.
    """
    table = values.unstack("replication").dropna(axis=1).to_numpy(dtype=float)
    parts = np.array([_crossed(table[drawn]) for drawn in draws])
    whole = parts.sum(axis=1)
    known = whole > 0.0
    if not known.any():
        return np.nan, np.nan
    lower, upper = np.quantile(parts[known, 1] / whole[known], [(1 - level) / 2, (1 + level) / 2])
    return float(lower), float(upper)


def _crossed(table: np.ndarray) -> tuple[float, float]:
    """Return stochastic and parameter variance of points (rows) that meet the same replications (columns)."""
    points, replications = table.shape
    if points < 2 or replications < 2:
        return np.nan, np.nan
    residual = _residual(table)
    parameter = float(table.mean(axis=1).var(ddof=1)) - residual / replications
    luck = float(table.mean(axis=0).var(ddof=1)) - residual / points
    return max(luck, 0.0) + residual, max(parameter, 0.0)


def _nested(table: pd.DataFrame) -> tuple[float, float]:
    """Return the two where each point has replications of its own, perhaps not as many."""
    counts = table.count(axis=1)
    numbers, count = table[counts > 0].to_numpy(dtype=float), counts[counts > 0].to_numpy(dtype=float)
    points, n = len(count), float(count.sum())
    if points < 2 or n <= points:
        return np.nan, np.nan
    means = np.nanmean(numbers, axis=1)
    within = float(np.nansum((numbers - means[:, None]) ** 2) / (n - points))
    mean = float((count * means).sum() / n)
    between = float((count * (means - mean) ** 2).sum() / (points - 1))
    usual = (n - float((count**2).sum()) / n) / (points - 1)
    return within, max((between - within) / usual, 0.0)
