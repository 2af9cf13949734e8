"""Tell in which cells two tables differ, bit by bit."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

COLUMNS = ("file", "mix", "replication", "where", "column", "stored", "again")
MOST = 20
"""Cells that are written out of one table of one run; the rest are counted."""
Difference = tuple[Any, ...]
About = tuple[str, str, int | None]
"""File, mix and replication."""


def differences(
    about: About, stored: pa.Table, again: pa.Table, keys: Collection[str], at: str = ""
) -> Iterator[Difference]:
    """Yield the cells in which two tables of one run differ, the first of them one by one.

    Args:
        about: file, mix and replication.
        stored: what is kept.
        again: what came out again.
        keys: columns that say, beside mix and replication, what a row is about.
        at: what all rows are about.
    """
    if stored.column_names != again.column_names or len(stored) != len(again):
        shapes = [f"{len(table)} rows of {len(table.column_names)} columns" for table in (stored, again)]
        yield (*about, at, "shape", *shapes)
        return
    cells = []
    for column in again.column_names:
        one, other = (table[column].to_numpy() for table in (stored, again))
        cells += [(int(row), column, one[row], other[row]) for row in np.flatnonzero(~same(one, other))]
    cells.sort(key=lambda cell: cell[0])
    for row, column, one, other in cells[:MOST]:
        told = [str(again[key][row]) for key in keys if key in again.column_names]
        yield (*about, " ".join(filter(None, [at, *told])), column, one, other)
    if len(cells) > MOST:
        yield (*about, at, f"and {len(cells) - MOST} cells more", None, None)


def same(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell for each cell whether two columns hold the same bits; two missing numbers are the same."""
    if one.dtype == other.dtype == np.float64:
        return (one.view(np.int64) == other.view(np.int64)) | (np.isnan(one) & np.isnan(other))
    equal: np.ndarray = pd.isna(one) & pd.isna(other) | (one == other)
    return equal
