"""Turn a run's months into its numbers: over the whole run, and by calendar year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caresim.kernel.clock import year_of
from caresim.recorder import Indicator
from caresim.records import numbers_of
from caresim.results import Outcome


def months_of(outcome: Outcome, indicators: Sequence[Indicator]) -> np.ndarray:
    """Return a run's months, shape (months, indicators)."""
    return numbers_of(outcome.records, [indicator.name for indicator in indicators])


def over_run(months: np.ndarray, indicators: Sequence[Indicator]) -> np.ndarray:
    """Return each indicator's mean, sum or last value of the months, as it is declared; shape (indicators,).

    Months without a number do not enter a mean or a sum. `last` is the last month's number; of a quarterly or yearly
    indicator, the last that there is.
    """
    return between(months, np.array([0, len(months)]), indicators)[0]


def over_years(
    months: np.ndarray, first: int, indicators: Sequence[Indicator]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the calendar years of a run, and each indicator over the months of each, shape (years, indicators).

    Args:
        months: the run's months.
        first: number of the first month.
        indicators: what the columns are.
    """
    years = np.array([year_of(first + m) for m in range(len(months))])
    known, starts = np.unique(years, return_index=True)
    return known, between(months, np.append(starts, len(months)), indicators)


def between(months: np.ndarray, cuts: np.ndarray, indicators: Sequence[Indicator]) -> np.ndarray:
    """Return each indicator over the months between two cuts, shape (cuts - 1, indicators).

    Args:
        months: months of one run after another, shape (months, indicators).
        cuts: where each run starts, and the number of months; every run has a month.
        indicators: what the columns are.
    """
    known = ~np.isnan(months)
    number = np.add.reduceat(known, cuts[:-1], axis=0, dtype=np.int64)
    total = np.add.reduceat(np.where(known, months, 0.0), cuts[:-1], axis=0)
    aggregate = np.array([indicator.aggregate for indicator in indicators])
    seldom = np.array([indicator.quarterly or indicator.yearly for indicator in indicators])
    found = np.where(aggregate == "sum", total, total / np.maximum(number, 1))
    found = np.where(number == 0, np.nan, found)
    found = np.where(aggregate == "last", months[cuts[1:] - 1], found)
    latest = np.flatnonzero((aggregate == "last") & seldom)
    found[:, latest] = _latest(months[:, latest], known[:, latest], cuts)
    return found


def _latest(months: np.ndarray, known: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Return the last number that there is between two cuts, shape (cuts - 1, columns)."""
    latest = np.maximum.accumulate(np.where(known, np.arange(len(months))[:, None], -1), axis=0)[cuts[1:] - 1]
    inside = latest >= cuts[:-1, None]
    return np.where(inside, np.take_along_axis(months, np.maximum(latest, 0), axis=0), np.nan)
