"""Declared columns: one array a state variable, one writer a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

NOBODY = -1


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
        elder: kept only for elders and those who become elders before rows are put in order again.
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
