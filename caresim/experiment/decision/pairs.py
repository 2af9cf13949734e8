"""Costs and effects as all of the analysis takes them: a row a replication, a column a mix, paired by replication."""

from __future__ import annotations

import pandas as pd


def paired(costs: pd.DataFrame, effects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the replications in which every mix has a cost and an effect.

    Args:
        costs: cost, a row a replication (rows of a sweep are pairs of point and replication), a column a mix.
        effects: effect, with the same mixes.

    Raises:
        ValueError: the tables are of different mixes, or no replication is complete.
    """
    if list(costs.columns) != list(effects.columns):
        raise ValueError(f"costs are of {list(costs.columns)}, effects of {list(effects.columns)}")
    rows = costs.dropna().index.intersection(effects.dropna().index)
    if not len(rows):
        raise ValueError("no replication has a cost and an effect of every mix")
    return costs.loc[rows], effects.loc[rows]


def against(baseline: str, values: pd.DataFrame) -> pd.DataFrame:
    """Return what each mix has more than the baseline in the same replication.

    Raises:
        ValueError: there is no such mix.
    """
    if baseline not in values.columns:
        raise ValueError(f"baseline {baseline}: not among {', '.join(map(str, values.columns))}")
    return values.sub(values[baseline], axis=0)
