"""Turn months into one number a replication, and replications into a mean with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from caresim.recorder import Indicator

LEVEL = 0.95


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


def over_months(monthly: pd.DataFrame, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return one row per mix and replication with each indicator's mean, sum or last value of the months.

    Months without a number (NaN) do not enter a mean or a sum. `last` is the last month's number, NaN if that month
    has none; of a quarterly or yearly indicator, which is not measured in most months, it is the last number there is.
    """
    runs = monthly.groupby(["mix", "replication"], sort=False)
    columns: dict[str, Any] = {}
    for indicator in indicators:
        values: Any = runs[indicator.name]
        if indicator.aggregate == "mean":
            columns[indicator.name] = values.mean()
        elif indicator.aggregate == "sum":
            columns[indicator.name] = values.sum(min_count=1)
        else:
            columns[indicator.name] = values.last(skipna=indicator.quarterly or indicator.yearly)
    return pd.DataFrame(columns).rename_axis(["mix", "replication"])


def summarise(monthly: pd.DataFrame, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return the summary: a row per mix and indicator, mean over replications and its 95 % t-interval."""
    indicators = tuple(indicators)
    numbers = over_months(monthly, indicators)
    rows = []
    for mix in monthly["mix"].unique():
        for indicator in indicators:
            interval = t_interval(numbers.loc[mix, indicator.name].to_numpy())
            rows.append((mix, indicator.name, indicator.unit, indicator.aggregate, *interval))
    return pd.DataFrame(rows, columns=["mix", "indicator", "unit", "aggregate", "mean", "lower", "upper"])
