"""Luck apart from ignorance: split the variance of a sweep into what replications and what points of it make."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    by_point, by_luck, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    rest = table - by_point[:, None] - by_luck[None, :] + mean
    residual = float((rest**2).sum() / ((points - 1) * (replications - 1)))
    parameter = float(by_point.var(ddof=1)) - residual / replications
    luck = float(by_luck.var(ddof=1)) - residual / points
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
