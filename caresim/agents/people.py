"""People as columns, and what happens to them: they are born, marry, leave, come home, register and die.

`Segments` says what rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import numpy as np

from caresim.agents.events import (
    Flows,
    adopt,
    all_born,
    all_enter,
    come_home,
    deregister,
    die,
    leave,
    near_elders,
    new_rows,
    wed,
)
from caresim.agents.identity import (
    ADULT_FROM,
    ALIVE,
    CHANGED,
    CHILD_UNTIL,
    COLUMNS,
    DIVORCED,
    ELDER,
    ELDER_FROM,
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
from caresim.agents.segments import SPARE, Segments
from caresim.kernel.columns import NOBODY, Column

__all__ = [
    "ADULT_FROM",
    "ALIVE",
    "CHANGED",
    "CHILD_UNTIL",
    "COLUMNS",
    "DIVORCED",
    "ELDER",
    "ELDER_FROM",
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
CHAINS = itemgetter("mother", "father", "first_child", "next_maternal", "next_paternal")
"""The link columns in the order that `adopt` takes them."""
WHEREABOUTS = itemgetter("state", "place", "household")
ENTRY_COLUMNS = itemgetter("key", "born", "state", "place", "village", "household")
BIRTH_COLUMNS = itemgetter("key", "born", "state", "place", "village", "household", "parity", "spouse", "mother",
                           "father", "first_child", "next_maternal", "next_paternal")  # fmt: skip
"""Columns in the order in which rules of events take them."""


class People(Segments):
    """The table of people, with what happened to them this month.

    Args:
        columns: the declared columns of the whole model, identity first.
        registered: rows of the registered segment to make room for.
        kin: rows of the kin segment to make room for.

    Attributes:
        flows: who was born, died, came and went this month.
    """

    def __init__(self, columns: Iterable[Column] = COLUMNS, registered: int = 0, kin: int = 0) -> None:
        super().__init__(columns, registered, kin)
        self.flows = Flows()

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
        state = self["state"][who]
        for one in who.tolist():
            die(one, self["state"], self["household"], self.n)
        residents, registered = (int(np.count_nonzero(state & bit)) for bit in (PRESENT, REGISTERED))
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
        for one, to in zip(who.tolist(), place.tolist(), strict=True):
            self.flows.departures += leave(one, to, *WHEREABOUTS(self.arrays))

    def come_home(self, who: np.ndarray, household: np.ndarray) -> None:
        """Let absent registered people return to their village and join households."""
        for one, home in zip(who.tolist(), household.tolist(), strict=True):
            come_home(one, home, *WHEREABOUTS(self.arrays))
        self.returned(len(who))

    def returned(self, n: int) -> None:
        """Count people who have come home."""
        self.flows.arrivals += n
        self.flows.returns += n

    def deregister(self, who: np.ndarray, place: np.ndarray) -> None:
        """Let registered people settle elsewhere for good: from now on they are kin outside the territory."""
        for one, to in zip(who.tolist(), place.tolist(), strict=True):
            self.deregistered(1, deregister(one, to, *WHEREABOUTS(self.arrays)))

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
