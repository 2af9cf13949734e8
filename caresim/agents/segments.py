"""Segments of rows: registered people first, then light rows for kin outside the territory and dead parents.

Rows `0 .. n-1` are the *registered segment*: people of the territory's register, resident or absent, each
with every column; those who are elders come first, then blank rows, then those who become elders before rows are put in
order again, by the year in which they do. Elders and those of this year alone have the elders' columns; the next year
they are given to the next. Rows `kin_start .. kin_start + n_kin - 1` are the *kin segment*: children in the
city, kin of married-in wives, dead parents, each with the light columns only. Links (mother, father, spouse, children)
are row numbers in this one numbering. The dead and the deregistered keep their row until rows are dropped or put in
order again, which drops it or moves it to the kin segment. Spare rows after the registered ones, and blank ones among
the elders, have every column's default, as a new row has to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from caresim.agents.identity import CHANGED, COLUMNS, LIVING_REGISTERED, NEVER
from caresim.kernel.columns import Column, allocate_together

SPARE = 64
"""Compaction leaves one spare row of the registered segment for so many."""


class Segments:
    """A table of people. `people["born"]` is a column over all rows; `people.n` counts registered rows.

    Args:
        columns: the declared columns of the whole model, identity first.
        registered: rows of the registered segment to make room for.
        kin: rows of the kin segment to make room for.
    """

    def __init__(self, columns: Iterable[Column] = COLUMNS, registered: int = 0, kin: int = 0) -> None:
        self.declared = {column.name: column for column in columns}
        self.n = 0
        self.n_kin = 0
        self.kin_start = registered
        self.n_elders: int | None = None
        self.elders_born = NEVER
        self.blank = self.blank_end = self.young = 0
        self.n_households = 0
        self.generation = 0
        self.arrays = self.allocate(registered, kin)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def elders_end(self) -> int:
        """Return the row after the last one that can be an elder's: rules over elders' columns stop there."""
        return self.n if self.n_elders is None else self.n_elders

    @property
    def elders_room(self) -> int:
        """Return how many rows have the elders' columns."""
        return self.kin_start if self.n_elders is None else self.n_elders

    def first_born_after(self, month: int) -> int:
        """Return the first row that somebody born after a month can have: none of the elders', if these are older."""
        return self.young if self.elders_born <= month else 0

    def length(self, column: Column, registered: int, kin: int) -> int:
        """Return the rows of a column in segments with room for so many."""
        if column.elder and self.n_elders is not None:
            return self.n_elders
        return registered + kin if column.light else registered

    def allocate(self, registered: int, kin: int) -> dict[str, np.ndarray]:
        """Return new columns in segments with room for so many."""
        sizes = [(column, self.length(column, registered, kin)) for column in self.declared.values()]
        return allocate_together(one for one in sizes if not one[0].elder) | allocate_together(
            one for one in sizes if one[0].elder
        )

    def values(self, name: str, rows: Any) -> Any:
        """Return a column of any registered rows, one or many; those who are no elders soon have the default."""
        column = self.arrays[name]
        if not self.declared[name].elder or self.n_elders is None:
            return column[rows]
        if np.any(np.asarray(rows) >= self.kin_start):
            raise IndexError(f"{name}: kin outside have no such column")
        known = np.append(column, column.dtype.type(self.declared[name].default))
        return known[np.minimum(rows, len(column))]

    def welcome_elders(self, latest: int) -> None:
        """Give those born until a month the elders' columns, as they become elders soon."""
        if self.n_elders is None:
            return
        soon = np.flatnonzero(self["born"][self.n_elders : self.young] <= latest)
        if len(soon):
            self.n_elders += int(soon[-1]) + 1
            self._lengthen()

    def widen(self) -> None:
        """Give every registered row the elders' columns, until rows are put in order again."""
        if self.n_elders is not None:
            self.n_elders, self.elders_born, self.young = None, NEVER, 0
            self._lengthen()

    def _lengthen(self) -> None:
        """Lengthen the elders' columns to all rows that have them now."""
        columns = [column for column in self.declared.values() if column.elder]
        longer = allocate_together((column, self.elders_room) for column in columns)
        for name, array in longer.items():
            array[: len(self.arrays[name])] = self.arrays[name]
        self.arrays.update(longer)

    def __len__(self) -> int:
        return self.count(LIVING_REGISTERED)

    @property
    def kin_end(self) -> int:
        """Return the row after the last kin row."""
        return self.kin_start + self.n_kin

    @property
    def nbytes(self) -> int:
        """Return the bytes of all columns, spare room included."""
        return sum(array.nbytes for array in self.arrays.values())

    def count(self, bits: int) -> int:
        """Return how many registered-segment rows carry all `bits` of `state`."""
        return int(np.count_nonzero((self["state"][: self.n] & bits) == bits))

    def who(self, bits: int, without: int = 0) -> np.ndarray:
        """Return the registered-segment rows that carry all `bits` and none of `without`."""
        return np.flatnonzero((self["state"][: self.n] & (bits | without)) == bits)

    def make_room(self, registered: int = 0, kin: int = 0) -> None:
        """Grow the segments so that so many more rows fit, renumbering kin links if the kin segment moves."""
        room = self.kin_start - self.n
        kin_room = len(self["key"]) - self.kin_end
        if registered <= room and kin <= kin_room:
            return
        start = self.kin_start + (max(registered, self.n // SPARE + 16) if registered > room else 0)
        total = start + self.n_kin + kin
        shift = start - self.kin_start
        arrays = self.allocate(start, total - start)
        for name, column in self.declared.items():
            old, new = self.arrays[name], arrays[name]
            new[: self.n] = old[: self.n]
            if column.light:
                new[start : start + self.n_kin] = old[self.kin_start : self.kin_end]
            if column.link and shift:
                new[new >= self.kin_start] += shift
        self.arrays = arrays
        self.kin_start = start
        self.generation += 1

    def make_way(self, soon: int, later: int) -> None:
        """Make room for people who register: `soon` among the elders, as they are near that age, others at the end."""
        if soon and self.blank + soon > self.blank_end:
            self.widen()
            later += soon
        self.make_room(registered=later)

    def touch(self, who: Any) -> None:
        """Mark rows whose columns were written other than by events, so that their kin is looked at again."""
        self["state"][who] |= CHANGED

    @property
    def room(self) -> tuple[int, int, int, int, int]:
        """Return the first spare row, the row after the last, the same of blank rows among the elders, and for whom.

        The latter are for those born until the last number.
        """
        return self.n, self.kin_start, self.blank, self.blank_end, self.elders_born
