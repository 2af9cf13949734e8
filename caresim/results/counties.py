"""A province from its counties: counts are added up, all else is averaged with the elders as weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

COUNTS = {"persons", "villages", "homes", "beds", "pairs", "links", "hours", "yuan"}
"""Units of what is counted; what is so much for each of something says so in its unit."""
WEIGHT = "elders"
IDENTITY = ("mix", "replication", "month", "year", "sex", "age_group")


def is_added_up(described: Mapping[str, Any]) -> bool:
    """Tell whether a province has the sum of an indicator's counties; if not, it has their average.

    Args:
        described: an indicator's `unit` and `aggregate`.
    """
    if " per " in described["unit"]:
        return False
    return described["aggregate"] == "sum" or described["unit"] in COUNTS


def province_months(counties: Sequence[pa.Table], indicators: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the months of a province from those of its counties, of one mix and replication.

    An average leaves out counties that have no number that month. It weighs with the resident elders at the month's
    end, so it is the province's own share where that is a share of elders, and close to it where it is not.
    """
    added = {one["name"] for one in indicators if is_added_up(one)}
    weights = (
        np.array([table[WEIGHT].to_numpy() for table in counties])
        if WEIGHT in counties[0].column_names
        else 1.0
    )
    columns = {}
    for name in counties[0].column_names:
        if name in IDENTITY:
            columns[name] = counties[0][name]
            continue
        numbers = np.array([table[name].to_numpy() for table in counties])
        columns[name] = pa.chunked_array(
            [numbers.sum(axis=0) if name in added else _average(numbers, weights)]
        )
    return pa.table(columns)


def _average(numbers: np.ndarray, weights: np.ndarray | float) -> np.ndarray:
    known = ~np.isnan(numbers)
    weight = np.where(known, weights, 0.0)
    total = weight.sum(axis=0)
    return np.divide(
        (np.where(known, numbers, 0.0) * weight).sum(axis=0),
        total,
        out=np.full(len(total), np.nan),
        where=total > 0,
    )


def province_population(counties: Sequence[pa.Table]) -> pa.Table:
    """Return the people of a province by age from those of its counties, of one mix and replication."""
    first = counties[0]
    return pa.table(
        {
            name: first[name]
            if name in IDENTITY
            else pa.array(np.sum([table[name].to_numpy() for table in counties], axis=0))
            for name in first.column_names
        }
    )


def with_county(table: pa.Table, county: int) -> pa.Table:
    """Return a county's rows with its number."""
    return table.add_column(2, "county", pa.array([county] * len(table), pa.int32()))
