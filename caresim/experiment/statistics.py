"""Turn months into one number a replication, and replications into a mean with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from caresim.experiment.numbers import between
from caresim.recorder import Better, Indicator

LEVEL = 0.95
DIFFERENCE = ("delta", "delta_lower", "delta_upper", "probability_better")
ROUNDING = 1e-12
"""Spreads that are smaller than this part of the numbers themselves come from sums in floating point."""


def t_interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the mean of replications and its t-interval, whose ends are NaN with fewer than two values."""
    values = np.asarray(values, dtype=float)
    values = values[~np.isnan(values)]
    n = len(values)
    if n == 0:
        return math.nan, math.nan, math.nan
    mean = float(values.mean())
    if n == 1:
        return mean, math.nan, math.nan
    half = float(stdtrit(n - 1, (1 + level) / 2) * values.std(ddof=1) / math.sqrt(n))
    return mean, mean - half, mean + half


def ratio_interval(above: np.ndarray, below: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the ratio of two means of paired numbers, and Fieller's interval of it.

    The ends are the ratios r for which the t-interval of the mean of `above - r * below` ends at zero. All three are
    NaN with fewer than two pairs, and where the t-interval of the mean of `below` covers zero: no interval is bounded
    then, and the ratio says nothing.

    Args:
        above: what is divided, by replication.
        below: what it is divided by, of the same replications.
        level: level of the interval.
    """
    known = ~(np.isnan(above) | np.isnan(below))
    above, below = above[known], below[known]
    n = len(above)
    if n < 2:
        return math.nan, math.nan, math.nan
    quantile = float(stdtrit(n - 1, (1 + level) / 2))
    error = quantile**2 / n * np.cov(above, below, ddof=1)
    up, down = float(above.mean()), float(below.mean())
    bend, middle, end = down**2 - error[1, 1], up * down - error[0, 1], up**2 - error[0, 0]
    if bend <= ROUNDING * down**2:
        return math.nan, math.nan, math.nan
    half = math.sqrt(max(middle**2 - bend * end, 0.0))
    return up / down + 0.0, float(middle - half) / bend, float(middle + half) / bend


def over_months(monthly: pd.DataFrame, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return one row per mix and replication with each indicator's mean, sum or last value of the months.

    Months without a number (NaN) do not enter a mean or a sum. `last` is the last month's number, NaN if that month
    has none; of a quarterly or yearly indicator, which is not measured in most months, it is the last number there is.
    """
    indicators = tuple(indicators)
    runs = monthly.groupby(["mix", "replication"], sort=False)
    lengths = runs.size()
    order = np.argsort(runs.ngroup().to_numpy(), kind="stable")
    months = monthly[[indicator.name for indicator in indicators]].to_numpy(dtype=float)[order]
    found = between(months, np.append(0, np.cumsum(lengths)), indicators)
    return pd.DataFrame(found, lengths.index, [indicator.name for indicator in indicators])


def probability_better(deltas: np.ndarray, better: Better | None) -> float:
    """Return the probability that the mean difference, over all possible luck, goes the better way.

    It is the posterior probability under normal differences of unknown mean and variance with the usual flat prior,
    which is one less the p-value of the one-sided paired t-test. It holds luck only, no doubt about the model. NaN
    where no way is better, with fewer than two replications, and where all differences are nought.

    Args:
        deltas: differences by replication.
        better: which way is better.
    """
    deltas = deltas[~np.isnan(deltas)]
    if better is None or len(deltas) < 2 or not deltas.any():
        return math.nan
    sign = 1.0 if better == "higher" else -1.0
    mean, spread = sign * float(deltas.mean()), float(deltas.std(ddof=1))
    if spread <= ROUNDING * abs(mean):
        return 1.0 if mean > 0.0 else 0.0
    return float(stdtr(len(deltas) - 1, mean / (spread / math.sqrt(len(deltas)))))


def pairs(numbers: pd.DataFrame, name: str) -> dict[str, np.ndarray]:
    """Return an indicator's numbers of every mix, replication by replication; NaN where a mix has none.

    Args:
        numbers: a row per mix and replication, as `over_months` returns them.
        name: the indicator.
    """
    wide = numbers[name].unstack("mix")
    return {str(mix): wide[mix].to_numpy(dtype=float) for mix in wide.columns}


def difference(one: np.ndarray, other: np.ndarray, better: Better | None) -> tuple[float, ...]:
    """Return mean paired difference, both ends of its 95 % t-interval, and the probability that it is better."""
    return (*t_interval(one - other), probability_better(one - other, better))


def summarise(
    monthly: pd.DataFrame, indicators: Iterable[Indicator], baseline: str | None = None
) -> pd.DataFrame:
    """Return the summary: a row per mix and indicator.

    Args:
        monthly: a row per mix, replication and month.
        indicators: what to summarise.
        baseline: the mix that the others are compared with, replication by replication.

    Returns:
        Mean over replications with its 95 % t-interval; and the mean paired difference from the baseline with its own
        (`delta`, `delta_lower`, `delta_upper`) and the probability that it is better, which are NaN for the baseline.
    """
    indicators = tuple(indicators)
    numbers = over_months(monthly, indicators)
    known = {indicator.name: pairs(numbers, indicator.name) for indicator in indicators}
    rows = []
    for mix in monthly["mix"].unique():
        for indicator in indicators:
            one, other = known[indicator.name][mix], known[indicator.name].get(baseline or "")
            against: tuple[float, ...] = (math.nan,) * len(DIFFERENCE)
            if other is not None and mix != baseline:
                against = difference(one, other, indicator.better)
            said = (mix, indicator.name, indicator.unit, indicator.aggregate)
            rows.append((*said, *t_interval(one), *against))
    columns = ["mix", "indicator", "unit", "aggregate", "mean", "lower", "upper", *DIFFERENCE]
    return pd.DataFrame(rows, columns=columns)
