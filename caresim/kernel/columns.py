"""Declared columns: one array a state variable, one writer a column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

NOBODY = -1
ALIGNED = 64
"""Bytes of which each column of a block begins at a multiple."""


@dataclass(frozen=True)
class Column:
    """A state variable of every person, kept as one array.

    Attributes:
        name: the variable's name, also the attribute of an agent.
        dtype: NumPy dtype of the array.
        default: value of a new row.
        unit: unit, or the meaning of the codes.
        meaning: one sentence.
        writer: the process or table that alone writes it.
        light: kept for kin outside the territory and dead parents too.
        link: holds row numbers, which compaction renumbers.
        elder: kept only for elders and those who become elders within the year.
        least: the least value that a row may hold; by default what the dtype holds.
        most: the most that a row may hold; by default what the dtype holds. Rules look codes up in
            tables without asking again, so a column of codes says where they end.
        event: changes by events alone, which change other columns and tables with it; nobody assigns it.
    """

    name: str
    dtype: Any
    default: int | float
    unit: str
    meaning: str
    writer: str
    light: bool = False
    link: bool = False
    elder: bool = False
    least: int | float | None = None
    most: int | float | None = None
    event: bool = False

    @property
    def range(self) -> tuple[int | float, int | float]:
        """Return the least and the most value that a row may hold."""
        low, high = -math.inf, math.inf
        if np.issubdtype(self.dtype, np.integer):
            low, high = np.iinfo(self.dtype).min, np.iinfo(self.dtype).max
        return low if self.least is None else self.least, high if self.most is None else self.most

    def allocate(self, n_rows: int) -> np.ndarray:
        """Return an array of `n_rows` rows, each with the default."""
        return np.full(n_rows, self.default, dtype=self.dtype)


def allocate_together(columns: Iterable[tuple[Column, int]]) -> dict[str, np.ndarray]:
    """Return arrays of columns with so many rows each, by name, every row with the default.

    They lie in one block of memory, which the operating system can map in large pages: rules that go from a person to
    his kin read rows far apart, and wait less for the addresses.
    """
    sizes = [(column, np.dtype(column.dtype).itemsize * n_rows) for column, n_rows in columns]
    block = np.empty(sum(size + ALIGNED for _, size in sizes), dtype=np.uint8)
    arrays, start = {}, -block.ctypes.data % ALIGNED
    for column, size in sizes:
        arrays[column.name] = block[start : start + size].view(column.dtype)
        arrays[column.name][:] = column.default
        start += -(-size // ALIGNED) * ALIGNED
    return arrays
