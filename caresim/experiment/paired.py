"""Compare mixes replication by replication: the same luck on both sides, so that what differs is the policy.

Replication k of every mix starts with the same people and meets the same luck. A difference is therefore taken within
each replication first, and its mean and spread over the replications afterwards.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.statistics import (
    DIFFERENCE,
    ROUNDING,
    difference,
    over_months,
    pairs,
)
from caresim.kernel.mistakes import ConfigError, suggestion
from caresim.recorder import Indicator
from caresim.results import RunFolder, read_run

MAIN = (
    "unmet_share",
    "unmet_prevalence",
    "adequacy",
    "lonely_share",
    "depressed_share",
    "qalys",
    "elder_deaths",
    "burden",
    "heavy_burden_share",
    "public_spending_per_elder",
    "out_of_pocket_per_elder",
    "societal_cost",
    "institution_residents_share",
    "unmet_gini",
)
"""What a comparison shows first: needs, minds, lives, carers, money, homes, equality."""
COLUMNS = ("mix", "indicator", "label", "unit", "better", "replications", "baseline_mean", "mean", *DIFFERENCE,
           "correlation", "variance_saved")  # fmt: skip


def pairing(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return how closely pairs go together, and the variance that pairing saves.

    Args:
        one: numbers of one mix by replication.
        other: numbers of the other, of the same replications.

    Returns:
        Pearson's correlation over the replications; and the variance of the difference of unpaired runs, the sum of
        both variances, over the variance of the paired difference: so many times more unpaired replications would be
        needed for the same interval. Both NaN with fewer than three pairs or where a mix's numbers do not vary.
    """
    known = ~(np.isnan(one) | np.isnan(other))
    one, other = one[known], other[known]
    if len(one) < 3 or any(np.ptp(numbers) <= ROUNDING * np.abs(numbers).max() for numbers in (one, other)):
        return math.nan, math.nan
    paired = float((one - other).var(ddof=1))
    unpaired = float(one.var(ddof=1) + other.var(ddof=1))
    saved = unpaired / paired if paired > ROUNDING**2 * unpaired else math.inf
    return float(np.corrcoef(one, other)[0, 1]), saved


def compared(monthly: pd.DataFrame, indicators: Iterable[Indicator], baseline: str) -> pd.DataFrame:
    """Compare every mix of a monthly table with the baseline.

    Args:
        monthly: a row per mix, replication and month.
        indicators: what to compare.
        baseline: the mix that the others are compared with.

    Returns:
        A row per mix and indicator, as `compare` says.
    """
    indicators = tuple(indicators)
    numbers = over_months(monthly, indicators)
    known = {indicator.name: pairs(numbers, indicator.name) for indicator in indicators}
    rows = [
        (mix, indicator.name, indicator.label, indicator.unit, indicator.better,
         *_against(known[indicator.name][mix], known[indicator.name][baseline], indicator))
        for mix in monthly["mix"].unique() if mix != baseline for indicator in indicators
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _against(one: np.ndarray, other: np.ndarray, indicator: Indicator) -> tuple[Any, ...]:
    """Compare the numbers of two mixes by replication, where both have one."""
    known = ~(np.isnan(one) | np.isnan(other))
    one, other = one[known], other[known]
    means = (float(other.mean()), float(one.mean())) if len(one) else (math.nan, math.nan)
    return (len(one), *means, *difference(one, other, indicator.better), *pairing(one, other))


def compare(folder: str | os.PathLike[str], baseline: str | None = None) -> pd.DataFrame:
    """Compare the mixes of a finished run, replication by replication.

    Args:
        folder: a run folder.
        baseline: the mix that the others are compared with; by default the scenario's.

    Returns:
        A row per mix and indicator: `replications` (pairs with a number on both sides), `baseline_mean` and `mean` over
        them, `delta` with `delta_lower` and `delta_upper` (95 % t-interval of the mean paired difference),
        `probability_better`, and what pairing brought, `correlation` and `variance_saved`.

    Raises:
        RunFolderError: the folder holds no finished run.
        ConfigError: the run has no such mix, or no other.
    """
    run = read_run(folder)
    monthly = run.monthly
    baseline = baseline_of(run, baseline)
    indicators = [indicator for indicator in catalogue.indicators() if indicator.name in monthly]
    return compared(monthly, indicators, baseline)


def baseline_of(run: RunFolder, asked: str | None) -> str:
    """Return the mix that a run's others are compared with: the one that is asked for, or the scenario's.

    Raises:
        ConfigError: the run has no such mix, or no other.
    """
    mixes: list[str] = run.manifest["mixes"]
    baseline = run.manifest["scenario"].get("baseline", mixes[0]) if asked is None else asked
    if baseline not in mixes:
        raise ConfigError(
            [f"--baseline {baseline}: not a mix of {run.path}; {suggestion(str(baseline), mixes)}"]
        )
    if len(mixes) == 1:
        raise ConfigError([f"{run.path}: holds one mix only; run two or more to compare them"])
    return str(baseline)
