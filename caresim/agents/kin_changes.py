"""Whose kin moved, married, died or grew up since last month, so that only their families are looked at again."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import ALIVE, ELDER, People
from caresim.kernel.compiled import compiled

UNSEEN = -2
"""The household of a row that was not there a month ago."""
BLOCK = 8192
"""Rows that are compared at once; a multiple of eight."""


class KinChanges:
    """What was known of everybody's household, village, place, spouse and life a month ago.

    Attributes:
        looks: how often somebody looked; who missed one has to begin anew.
        generation: numbering of the rows that all this holds for; after a renumbering everybody is new.
        families: registered rows whose own situation or that of a child or child-in-law changed; some stand there
            more than once, and people who never saw the rows before have to take all rows as changed.
        members: residents by household number plus one, number 0 being those without a household.
    """

    def __init__(self) -> None:
        self.looks = 0
        self.generation = -1
        self.families = np.zeros(0, dtype=np.int64)
        self.members = np.zeros(0, dtype=np.int32)
        self._known: tuple[np.ndarray, ...] = ()

    def known(self, people: People) -> tuple[np.ndarray, ...]:
        """Return household, village, place, spouse and state a month ago, and the members of every household."""
        if self.generation != people.generation:
            self.generation = people.generation
            self.members = np.zeros(0, dtype=np.int32)
            self._known = (
                np.full_like(people["household"], UNSEEN),
                *(np.zeros_like(people[name]) for name in ("village", "place", "spouse", "state")),
            )
        if len(self.members) <= people.n_households:
            more = people.n_households + 1 - len(self.members) + people.n_households // 16
            self.members = np.append(self.members, np.zeros(more, dtype=np.int32))
        return *self._known, self.members

    def looked(self, families: np.ndarray) -> None:
        """Remember whose families changed, once a rule has brought what is known up to date."""
        self.families = families
        self.looks += 1


@compiled
def changed_rows(household, village, place, spouse, state, born, known_household, known_village, known_place,
                 known_spouse, known_state, members, moved, n, kin_start, kin_end, adult_born):  # fmt: skip
    """Return the rows who moved, married, lost a spouse, died, came of age or is an elder now; update what is known.

    Households that somebody left or joined are marked in `moved`, by number plus one as in `members`.
    """
    changed = np.empty(n + kin_end - kin_start, dtype=np.int64)
    found = 0
    other = np.zeros(min(BLOCK, (max(n, kin_end - kin_start) + 7) // 8 * 8), dtype=np.uint8)
    for first in range(0, n, BLOCK):
        end = min(first + BLOCK, n)
        compare_kin(
            place, spouse, state, born, known_place, known_spouse, known_state, first, end, adult_born, other
        )
        compare_residents(household, village, known_household, known_village, first, end, other)
        found = note(other[: (end - first + 7) // 8 * 8], first, changed, found)
    for first in range(kin_start, kin_end, BLOCK):
        end = min(first + BLOCK, kin_end)
        compare_kin(
            place, spouse, state, born, known_place, known_spouse, known_state, first, end, adult_born, other
        )
        found = note(other[: (end - first + 7) // 8 * 8], first, changed, found)
    for i in changed[:found]:
        if i < n:
            if known_household[i] != UNSEEN:
                members[known_household[i] + 1] -= 1
                moved[known_household[i] + 1] = 1
            members[household[i] + 1] += 1
            moved[household[i] + 1] = 1
            known_household[i] = household[i]
            known_village[i] = village[i]
        known_place[i] = place[i]
        known_spouse[i] = spouse[i]
        known_state[i] = state[i]
    return changed[:found]


@compiled
def compare_kin(
    place, spouse, state, born, known_place, known_spouse, known_state, first, end, adult_born, other
):
    """Mark in `other` who of a block of rows is not where, not married to whom, or not as alive or as old as was known.

    One column at a time and without a branch, so that many rows are compared at once.
    """
    place, spouse, state, born = place[first:end], spouse[first:end], state[first:end], born[first:end]
    known_place, known_spouse, known_state = (
        known_place[first:end],
        known_spouse[first:end],
        known_state[first:end],
    )
    for i in range(len(spouse)):
        other[i] = spouse[i] != known_spouse[i]
    for i in range(len(born)):
        other[i] |= born[i] == adult_born
    for i in range(len(place)):
        other[i] |= (place[i] ^ known_place[i]) | ((state[i] ^ known_state[i]) & (ALIVE | ELDER))
    other[len(place) : (len(place) + 7) // 8 * 8] = 0


@compiled
def compare_residents(household, village, known_household, known_village, first, end, other):
    """Mark in `other` also who lives elsewhere than was known."""
    household, village = household[first:end], village[first:end]
    known_household, known_village = known_household[first:end], known_village[first:end]
    for i in range(len(household)):
        other[i] |= household[i] != known_household[i]
    for i in range(len(village)):
        other[i] |= village[i] != known_village[i]


@compiled
def note(other, first, rows, found):
    """Add the rows that are marked in a block to the first `found`, eight looked at together; return the new number."""
    eights = other.view(np.uint64)
    for e in range(len(eights)):
        if eights[e]:
            for j in range(8 * e, 8 * e + 8):
                if other[j]:
                    rows[found] = first + j
                    found += 1
    return found


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
