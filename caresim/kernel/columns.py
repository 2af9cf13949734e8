"""Declared columns: one array a state variable, one writer a column."""

from __future__ import annotations

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
