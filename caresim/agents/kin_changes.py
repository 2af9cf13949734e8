"""Whose kin moved, married, died or grew up since last month, so that only their families are looked at again."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import ADULT_FROM, ALIVE, People
from caresim.kernel.compiled import compiled

UNSEEN = -2
"""The household of a row that was not there a month ago."""
ELDER_FROM = 60 * 12


class KinChanges:
    """What was known of everybody's household, village, place, spouse and life when `look` was last called.

    Attributes:
        looks: how often `look` was called; who missed one has to begin anew.
        generation: numbering of the rows that all this holds for; after a renumbering everybody is new.
        families: registered rows whose own situation or that of a child or child-in-law changed; some stand there
            more than once, and people who never saw the rows before have to take all rows as changed.
        members: residents by household number plus one, number 0 being those without a household.
    """

    def __init__(self) -> None:
        self.looks = 0
        self._forget(-1)

    def _forget(self, generation: int) -> None:
        self.generation = generation
        self.families = np.zeros(0, dtype=np.int64)
        self.members = np.zeros(0, dtype=np.int32)
        self._household = np.zeros(0, dtype=np.int32)
        self._village = np.zeros(0, dtype=np.int16)
        self._place = np.zeros(0, dtype=np.uint8)
        self._state = np.zeros(0, dtype=np.uint8)
        self._spouse = np.zeros(0, dtype=np.int32)

    def look(self, people: People, month: int) -> None:
        """Compare everybody with a month ago, find the families of those who changed, and remember the new state."""
        if self.generation != people.generation:
            self._forget(people.generation)
        self._household = _longer(self._household, len(people["household"]), UNSEEN)
        self._village = _longer(self._village, len(people["village"]), 0)
        self._place = _longer(self._place, len(people["place"]), 0)
        self._state = _longer(self._state, len(people["state"]), 0)
        self._spouse = _longer(self._spouse, len(people["spouse"]), 0)
        self.members = _longer(self.members, people.n_households + 1, 0)
        changed = changed_rows(
            *(people[name] for name in ("household", "village", "place", "spouse", "state", "born")),
            self._household, self._village, self._place, self._spouse, self._state, self.members, people.n,
            people.kin_start, people.kin_end, month - ADULT_FROM, month - ELDER_FROM,
        )  # fmt: skip
        self.families = families_of(changed, people["mother"], people["father"], people["spouse"], people.n)
        self.looks += 1


def _longer(array: np.ndarray, length: int, value: int) -> np.ndarray:
    if len(array) >= length:
        return array
    more = np.full(length + length // 16 - len(array), value, dtype=array.dtype)
    return np.concatenate([array, more])


@compiled
def changed_rows(household, village, place, spouse, state, born, known_household, known_village, known_place,
                 known_spouse, known_state, members, n, kin_start, kin_end, adult_born, elder_born):  # fmt: skip
    """Return the rows who moved, married, lost a spouse, died, came of age or turned 60; update what is known."""
    changed = np.empty(n + kin_end - kin_start + 1, dtype=np.int64)
    found = 0
    other = np.zeros((n + 7) // 8 * 8, dtype=np.uint8)
    for i in range(n):  # no branch and one column at a time, so that many rows are compared at once
        other[i] = household[i] != known_household[i]
    for i in range(n):
        other[i] |= spouse[i] != known_spouse[i]
    for i in range(n):
        other[i] |= (village[i] != known_village[i]) | (born[i] == adult_born) | (born[i] == elder_born)
    for i in range(n):
        other[i] |= (place[i] != known_place[i]) | ((state[i] ^ known_state[i]) & ALIVE != 0)
    eights = other.view(np.uint64)
    for e in range(len(eights)):
        if eights[e]:
            for i in range(8 * e, 8 * e + 8):
                changed[found] = i
                found += int(other[i])
    for i in range(kin_start, kin_end):
        changed[found] = i
        found += (
            (place[i] != known_place[i])
            | (spouse[i] != known_spouse[i])
            | ((state[i] ^ known_state[i]) & ALIVE != 0)
            | (born[i] == adult_born)
        )
    for i in changed[:found]:
        if i < n:
            if known_household[i] != UNSEEN:
                members[known_household[i] + 1] -= 1
            members[household[i] + 1] += 1
            known_household[i] = household[i]
            known_village[i] = village[i]
        known_place[i] = place[i]
        known_spouse[i] = spouse[i]
        known_state[i] = state[i]
    return changed[:found].copy()


@compiled
def families_of(changed, mother, father, spouse, n):
    """Return the registered among the changed, their parents and their parents-in-law."""
    rows = np.empty(5 * len(changed), dtype=np.int64)
    found = 0
    for i in changed:
        rows[found] = i
        found += i < n
        for one in (i, np.int64(spouse[i])):
            if one >= 0:
                for parent in (mother[one], father[one]):
                    if 0 <= parent < n:
                        rows[found] = parent
                        found += 1
    return rows[:found].copy()
