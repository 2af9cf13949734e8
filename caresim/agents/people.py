"""People as columns: registered people first, then light rows for kin outside the territory and dead parents.

Rows `0 .. n-1` are the *registered segment*: people of the territory's register, resident or absent, each
with every column; those who are elders, or may become elders before rows are put in order again, come first and
alone have the elders' columns. Rows `kin_start .. kin_start + n_kin - 1` are the *kin segment*: children in the
city, kin of married-in wives, dead parents, each with the light columns only. Links (mother, father, spouse, children)
are row numbers in this one numbering. The dead and the deregistered keep their row until the yearly
compaction drops it or moves it to the kin segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform_k

FEMALE, ALIVE, REGISTERED, PRESENT, ELDER = 1, 2, 4, 8, 16
"""Bits of the column `state`; PRESENT marks residents, ELDER people of 60 and over."""
LIVING_REGISTERED = ALIVE | REGISTERED
LIVING_RESIDENT = ALIVE | REGISTERED | PRESENT

VILLAGE, TOWN, PROVINCE, OUTSIDE, INSTITUTION = range(5)
"""Codes of the column `place`."""
SPARE = 24
"""Compaction leaves one spare row of the registered segment for so many."""
NEVER_MARRIED, MARRIED, WIDOWED, DIVORCED = range(4)
"""Codes of the column `marital`."""
ADULT_FROM = 18 * 12
"""Age of an adult, in months."""
NEVER = -32768
"""A month that never was."""

IDENTITY = "people"
COLUMNS = (
    Column("key", np.uint64, 0, "code", "Lasting name of the person, to which draws belong.", IDENTITY, True),
    Column("born", np.int16, 0, "month number", "Month of birth (0 is January 1900).", IDENTITY, True),
    Column("state", np.uint8, 0, "bits", "1 female, 2 alive, 4 registered, 8 present, 16 elder (60+).", IDENTITY, True),
    Column("place", np.uint8, 0, "code", "0 village, 1 town in the county, 2 elsewhere in the province, 3 outside, "
           "4 institution.", IDENTITY, True),
    Column("mother", np.int32, NOBODY, "row", "Mother.", IDENTITY, True, True),
    Column("father", np.int32, NOBODY, "row", "Father.", IDENTITY, True, True),
    Column("spouse", np.int32, NOBODY, "row", "Living spouse.", IDENTITY, True, True),
    Column("first_child", np.int32, NOBODY, "row", "Head of the chain of own children, the newest first.",
           IDENTITY, True, True),
    Column("next_maternal", np.int32, NOBODY, "row", "Next child in the mother's chain.", IDENTITY, True, True),
    Column("next_paternal", np.int32, NOBODY, "row", "Next child in the father's chain.", IDENTITY, True, True),
    Column("village", np.int16, 0, "village", "Village of registration.", IDENTITY),
    Column("household", np.int32, NOBODY, "household", "Household of a resident; -1 for everybody else.", IDENTITY),
    Column("marital", np.uint8, 0, "code", "0 never married, 1 married, 2 widowed, 3 divorced.", IDENTITY),
    Column("widowed", np.int16, NEVER, "month number", "Month of the last bereavement of a spouse.", IDENTITY),
    Column("parity", np.uint8, 0, "children", "Children ever born to a woman.", IDENTITY),
)  # fmt: skip


class Flows:
    """The month's movements, counted as they happen, for the territory and for the register."""

    NAMES = ("births", "deaths", "arrivals", "departures", "returns")
    REGISTER = ("registered_births", "registered_deaths", "registrations", "deregistrations")
    HEALTH = ("adl_onsets", "adl_exposed")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Open a new month."""
        for name in self.NAMES + self.REGISTER + self.HEALTH:
            setattr(self, name, 0)
        self.dead = self.dead_kin = np.zeros(0, dtype=np.int64)

    births: int
    deaths: int
    arrivals: int
    departures: int
    returns: int
    registered_births: int
    registered_deaths: int
    registrations: int
    deregistrations: int
    adl_onsets: int
    adl_exposed: int
    dead: np.ndarray
    dead_kin: np.ndarray


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
        self.elders_born = 0
        self.blank = 0
        self.n_households = 0
        self.flows = Flows()
        self.generation = 0
        self.arrays = {
            name: column.allocate(self.length(column, registered, kin))
            for name, column in self.declared.items()
        }

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def elders_end(self) -> int:
        """Return the row after the last one that can be an elder's: rules over elders' columns stop there."""
        return self.n if self.n_elders is None else self.n_elders

    def length(self, column: Column, registered: int, kin: int) -> int:
        """Return the rows of a column in segments with room for so many."""
        if column.elder and self.n_elders is not None:
            return self.n_elders
        return registered + kin if column.light else registered

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
        self.n_elders = None
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
        for name, column in self.declared.items():
            old = self.arrays[name]
            new = column.allocate(self.length(column, start, total - start))
            new[: self.n] = old[: self.n]
            if column.light:
                new[start : start + self.n_kin] = old[self.kin_start : self.kin_end]
            if column.link and shift:
                new[new >= self.kin_start] += shift
            self.arrays[name] = new
        self.kin_start = start
        self.generation += 1

    # --- events ---------------------------------------------------------------------------------------------

    def bear(
        self, mothers: np.ndarray, keys: np.ndarray, month: int, female: np.ndarray, at_home: np.ndarray
    ) -> None:
        """Add one newborn a mother; `at_home` newborns of absent mothers are left with the family in the village."""
        if len(mothers) == 0:
            return
        who = self._new_rows(len(mothers))
        present = ((self["state"][mothers] & PRESENT) != 0) | at_home
        self["key"][who] = keys
        self["born"][who] = month
        self["state"][who] = (
            LIVING_REGISTERED | female.astype(np.uint8) * FEMALE | present * np.uint8(PRESENT)
        )
        self["place"][who] = np.where(at_home, VILLAGE, self["place"][mothers])
        self["village"][who] = self["village"][mothers]
        self["household"][who] = np.where(present & ~at_home, self["household"][mothers], NOBODY)
        self["parity"][mothers] += 1
        adopt(who, mothers, self["spouse"][mothers], *self.chains())
        self.flows.births += int(np.count_nonzero(present))
        self.flows.registered_births += len(who)

    def chains(self) -> tuple[np.ndarray, ...]:
        """Return the link columns in the order that `adopt` takes them."""
        return tuple(
            self[name] for name in ("mother", "father", "first_child", "next_maternal", "next_paternal")
        )

    def die(self, who: np.ndarray) -> None:
        """Let people die: registered, absent or kin; the spouse link stays until widowhood reads it."""
        state = self["state"]
        self.flows.dead = np.concatenate([self.flows.dead, who[who < self.n]])
        self.flows.dead_kin = np.concatenate([self.flows.dead_kin, who[who >= self.n]])
        self.flows.deaths += int(np.count_nonzero(state[who] & PRESENT))
        self.flows.registered_deaths += int(np.count_nonzero(state[who] & REGISTERED))
        state[who] &= ~np.uint8(ALIVE | PRESENT)
        self["household"][who[who < self.n]] = NOBODY

    def marry(self, a: np.ndarray, b: np.ndarray) -> None:
        """Join couples, pair by pair; either may be kin outside the territory."""
        self["spouse"][a] = b
        self["spouse"][b] = a
        for who in (a, b):
            self["marital"][who[who < self.kin_start]] = MARRIED

    def leave(self, who: np.ndarray, place: np.ndarray) -> None:
        """Let registered people go to a place outside the territory, or from one such place to another."""
        state = self["state"]
        self.flows.departures += int(np.count_nonzero(state[who] & PRESENT))
        state[who] &= ~np.uint8(PRESENT)
        self["place"][who] = place
        self["household"][who] = NOBODY

    def come_home(self, who: np.ndarray, household: np.ndarray) -> None:
        """Let absent registered people return to their village and join households."""
        self["state"][who] |= np.uint8(PRESENT)
        self["place"][who] = VILLAGE
        self["household"][who] = household
        self.flows.arrivals += len(who)
        self.flows.returns += len(who)

    def deregister(self, who: np.ndarray, place: np.ndarray) -> None:
        """Let registered people settle elsewhere for good: from now on they are kin outside the territory."""
        state = self["state"]
        self.flows.departures += int(np.count_nonzero(state[who] & PRESENT))
        self.flows.deregistrations += len(who)
        state[who] &= ~np.uint8(PRESENT | REGISTERED)
        self["place"][who] = place
        self["household"][who] = NOBODY

    def register(self, keys: np.ndarray, born: np.ndarray, female: np.ndarray, village: np.ndarray,
                 place: np.ndarray, household: np.ndarray) -> np.ndarray:  # fmt: skip
        """Add newcomers to the register and return their rows; those at home places are residents."""
        who = self._rows_for(born)
        present = place == VILLAGE
        self["key"][who] = keys
        self["born"][who] = born
        self["state"][who] = (
            LIVING_REGISTERED | female.astype(np.uint8) * FEMALE | present * np.uint8(PRESENT)
        )
        self["place"][who] = place
        self["village"][who] = village
        self["household"][who] = np.where(present, household, NOBODY)
        self.flows.arrivals += int(np.count_nonzero(present))
        self.flows.registrations += len(who)
        return who

    def found_households(self, n: int) -> np.ndarray:
        """Return the numbers of `n` new, empty households."""
        self.n_households += n
        return np.arange(self.n_households - n, self.n_households, dtype=np.int32)

    def _rows_for(self, born: np.ndarray) -> np.ndarray:
        """Return new rows: blank ones among the elders for those who become elders soon, the others at the end."""
        soon = np.zeros(len(born), dtype=bool) if self.n_elders is None else born <= self.elders_born
        n_soon = int(np.count_nonzero(soon))
        if n_soon and self.blank + n_soon > self.elders_end:
            self.widen()
            soon[:] = False
            n_soon = 0
        who = np.empty(len(born), dtype=np.int64)
        who[soon] = np.arange(self.blank, self.blank + n_soon)
        self.blank += n_soon
        who[~soon] = self._new_rows(len(born) - n_soon)
        return who

    def _new_rows(self, n: int) -> np.ndarray:
        """Return `n` new rows at the end of the registered segment, each column at its default."""
        if n == 0:
            return np.zeros(0, dtype=np.int64)
        self.make_room(registered=n)
        first, self.n = self.n, self.n + n
        for name, column in self.declared.items():
            if not column.elder or self.n_elders is None:
                self.arrays[name][first : self.n] = column.default
        return np.arange(first, self.n)


@compiled
def age_in_years(month, born):
    """Return completed years of age; unsigned, because that divides faster and nobody is born in the future."""
    return np.int64(np.uint32(month - born) // np.uint32(12))


@compiled
def destinations(keys, town_share, province_share, stream):
    """Draw where people go who leave the territory: the county town, elsewhere in the province, or outside."""
    place = np.empty(len(keys), dtype=np.uint8)
    for j in range(len(keys)):
        luck = uniform_k(stream, keys[j], 0)
        place[j] = (
            TOWN if luck < town_share else (PROVINCE if luck < town_share + province_share else OUTSIDE)
        )
    return place


@compiled
def adopt(who, mothers, fathers, mother, father, first_child, next_maternal, next_paternal):
    """Link children to their parents, each at the head of the parents' chains."""
    for j in range(len(who)):
        child, m, f = who[j], mothers[j], fathers[j]
        mother[child] = m
        father[child] = f
        if m >= 0:
            next_maternal[child] = first_child[m]
            first_child[m] = child
        if f >= 0:
            next_paternal[child] = first_child[f]
            first_child[f] = child
