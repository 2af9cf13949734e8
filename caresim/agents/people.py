"""People as columns: registered people first, then light rows for kin outside the territory and dead parents.

Rows `0 .. n-1` are the *registered segment*: people of the territory's register, resident or absent, each
with every column; those who are elders, or may become elders before rows are put in order again, come first and
alone have the elders' columns. Rows `kin_start .. kin_start + n_kin - 1` are the *kin segment*: children in the
city, kin of married-in wives, dead parents, each with the light columns only. Links (mother, father, spouse, children)
are row numbers in this one numbering. The dead and the deregistered keep their row until the yearly
compaction drops it or moves it to the kin segment. Spare rows after the registered ones, and blank ones among the
elders, have every column's default, as a new row has to.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.events import (
    Flows,
    adopt,
    all_born,
    all_come_home,
    all_deregister,
    all_die,
    all_enter,
    all_leave,
    near_elders,
    new_rows,
    wed,
)
from caresim.agents.identity import (
    ADULT_FROM,
    ALIVE,
    CHANGED,
    COLUMNS,
    DIVORCED,
    ELDER,
    FEMALE,
    IDENTITY,
    INSTITUTION,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    MARRIED,
    NEVER,
    NEVER_MARRIED,
    OUTSIDE,
    PRESENT,
    PROVINCE,
    REGISTERED,
    TOWN,
    VILLAGE,
    WIDOWED,
    age_in_years,
)
from caresim.kernel.columns import NOBODY, Column, allocate_together

__all__ = [
    "ADULT_FROM",
    "ALIVE",
    "CHANGED",
    "COLUMNS",
    "DIVORCED",
    "ELDER",
    "FEMALE",
    "IDENTITY",
    "INSTITUTION",
    "LIVING_REGISTERED",
    "LIVING_RESIDENT",
    "MARRIED",
    "NEVER",
    "NEVER_MARRIED",
    "NOBODY",
    "OUTSIDE",
    "PRESENT",
    "PROVINCE",
    "REGISTERED",
    "SPARE",
    "TOWN",
    "VILLAGE",
    "WIDOWED",
    "Flows",
    "People",
    "adopt",
    "age_in_years",
]
SPARE = 24
"""Compaction leaves one spare row of the registered segment for so many."""
CHAINS = itemgetter("mother", "father", "first_child", "next_maternal", "next_paternal")
"""The link columns in the order that `adopt` takes them."""
WHEREABOUTS = itemgetter("state", "place", "household")
ENTRY_COLUMNS = itemgetter("key", "born", "state", "place", "village", "household")
BIRTH_COLUMNS = itemgetter("key", "born", "state", "place", "village", "household", "parity", "spouse", "mother",
                           "father", "first_child", "next_maternal", "next_paternal")  # fmt: skip
"""Columns in the order in which rules of events take them."""


class People:
    """The table of people. `people["born"]` is a column over all rows; `people.n` counts registered rows.

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
        self.blank = 0
        self.n_households = 0
        self.flows = Flows()
        self.generation = 0
        self.arrays = self.allocate(registered, kin)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def elders_end(self) -> int:
        """Return the row after the last one that can be an elder's: rules over elders' columns stop there."""
        return self.n if self.n_elders is None else self.n_elders

    def first_born_after(self, month: int) -> int:
        """Return the first row that somebody born after a month can have: none of the elders', if these are older."""
        return self.n_elders if self.n_elders is not None and self.elders_born <= month else 0

    def length(self, column: Column, registered: int, kin: int) -> int:
        """Return the rows of a column in segments with room for so many."""
        if column.elder and self.n_elders is not None:
            return self.n_elders
        return registered + kin if column.light else registered

    def allocate(self, registered: int, kin: int) -> dict[str, np.ndarray]:
        """Return new columns in segments with room for so many."""
        columns = self.declared.values()
        return allocate_together((column, self.length(column, registered, kin)) for column in columns)

    def values(self, name: str, rows: Any) -> Any:
        """Return a column of any registered rows, one or many; those who are no elders soon have the default."""
        column = self.arrays[name]
        if not self.declared[name].elder or self.n_elders is None:
            return column[rows]
        if np.any(np.asarray(rows) >= self.kin_start):
            raise IndexError(f"{name}: kin outside have no such column")
        known = np.append(column, column.dtype.type(self.declared[name].default))
        return known[np.minimum(rows, len(column))]

    def widen(self) -> None:
        """Give every registered row the elders' columns, until rows are put in order again."""
        if self.n_elders is None:
            return
        self.n_elders, self.elders_born = None, NEVER
        for name, column in self.declared.items():
            if column.elder:
                known, self.arrays[name] = self.arrays[name], column.allocate(self.kin_start)
                self.arrays[name][: len(known)] = known

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

    # --- room -----------------------------------------------------------------------------------------------

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
        if soon and self.blank + soon > self.elders_end:
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
        return self.n, self.kin_start, self.blank, self.elders_end, self.elders_born

    # --- events ---------------------------------------------------------------------------------------------

    def bear(
        self, mothers: np.ndarray, keys: np.ndarray, month: int, female: np.ndarray, at_home: np.ndarray
    ) -> None:
        """Add one newborn a mother; `at_home` newborns of absent mothers are left with the family in the village."""
        self.make_room(registered=len(mothers))
        residents = all_born(self.n, mothers, keys, month, female, at_home, *BIRTH_COLUMNS(self.arrays))
        self.born(len(mothers), residents)

    def born(self, n: int, residents: int) -> None:
        """Count `n` newborns, whom a rule has put into the first spare rows."""
        self.n += n
        self.flows.births += residents
        self.flows.registered_births += n

    def chains(self) -> tuple[np.ndarray, ...]:
        """Return the link columns in the order that `adopt` takes them."""
        columns: tuple[np.ndarray, ...] = CHAINS(self.arrays)
        return columns

    def die(self, who: np.ndarray) -> None:
        """Let people die: registered, absent or kin; the spouse link stays until widowhood reads it."""
        residents, registered = all_die(who, self["state"], self["household"], self.n)
        self.died(who[who < self.n], who[who >= self.n], residents, registered)

    def died(self, dead: np.ndarray, kin: np.ndarray, residents: int, registered: int) -> None:
        """Count those who have died: rows of the registered segment and of kin, how many residents and registered."""
        flows = self.flows
        flows.dead = np.concatenate([flows.dead, dead]) if len(flows.dead) else dead
        flows.dead_kin = np.concatenate([flows.dead_kin, kin]) if len(flows.dead_kin) else kin
        flows.deaths += residents
        flows.registered_deaths += registered

    def marry(self, a: np.ndarray, b: np.ndarray) -> None:
        """Join couples, pair by pair; either may be kin outside the territory."""
        for one, other in zip(a.tolist(), b.tolist(), strict=True):
            wed(one, other, self["state"], self["spouse"], self["marital"])

    def leave(self, who: np.ndarray, place: np.ndarray) -> None:
        """Let registered people go to a place outside the territory, or from one such place to another."""
        self.flows.departures += all_leave(who, place, *WHEREABOUTS(self.arrays))

    def come_home(self, who: np.ndarray, household: np.ndarray) -> None:
        """Let absent registered people return to their village and join households."""
        all_come_home(who, household, *WHEREABOUTS(self.arrays))
        self.returned(len(who))

    def returned(self, n: int) -> None:
        """Count people who have come home."""
        self.flows.arrivals += n
        self.flows.returns += n

    def deregister(self, who: np.ndarray, place: np.ndarray) -> None:
        """Let registered people settle elsewhere for good: from now on they are kin outside the territory."""
        self.deregistered(len(who), all_deregister(who, place, *WHEREABOUTS(self.arrays)))

    def deregistered(self, n: int, residents: int) -> None:
        """Count people who have left the register, and how many of them were residents."""
        self.flows.departures += residents
        self.flows.deregistrations += n

    def register(self, keys: np.ndarray, born: np.ndarray, female: np.ndarray, village: np.ndarray,
                 place: np.ndarray, household: np.ndarray) -> np.ndarray:  # fmt: skip
        """Add newcomers to the register and return their rows; those at home places are residents."""
        soon = near_elders(born, self.elders_born)
        self.make_way(soon, len(born) - soon)
        soon = near_elders(born, self.elders_born)
        who: np.ndarray = new_rows(born, self.room)
        residents = all_enter(who, keys, born, female, village, place, household, *ENTRY_COLUMNS(self.arrays))
        self.entered(len(born) - soon, soon, residents)
        return who

    def entered(self, later: int, soon: int, residents: int) -> None:
        """Count those whom a rule has put on the register: at the end, and `soon` into blank rows among the elders."""
        self.n += later
        self.blank += soon
        self.flows.arrivals += residents
        self.flows.registrations += later + soon

    def found_households(self, n: int) -> np.ndarray:
        """Return the numbers of `n` new, empty households."""
        self.n_households += n
        return np.arange(self.n_households - n, self.n_households, dtype=np.int32)
