"""Whose kin moved, married, died or grew up since last month, so that only their families are looked at again."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import CHANGED, ELDER, People
from caresim.kernel.compiled import compiled

UNCHANGED = np.uint8(255 - CHANGED)
STRAYS = 8
"""Those without a household are counted in so many places in turn: no count has to wait for the last one."""
BLOCK = 8192
"""Rows that are looked at at once; a multiple of eight."""


class KinChanges:
    """Whose home, family or life changed since a month ago, and how large households were then.

    Attributes:
        looks: how often somebody looked; who missed one has to begin anew.
        generation: numbering of the rows that all this holds for; after a renumbering everybody is new.
        families: rows of registered elders whose own situation or that of a child or child-in-law changed,
            each once; people who never saw the rows before have to take all rows as changed.
        members: the last eight bits of how many residents each household has, by its number plus one; number 0 is
            nobody's. They tell whether that changed, since no household gains or loses 256 in a month.
    """

    def __init__(self) -> None:
        self.looks = 0
        self.generation = -1
        self.families = np.zeros(0, dtype=np.int64)
        self.members = np.zeros(0, dtype=np.uint8)

    def known(self, people: People) -> np.ndarray:
        """Return the last bits of how many residents every household had a month ago."""
        if self.generation != people.generation:
            self.generation = people.generation
            people.touch(slice(people.n))
            people.touch(slice(people.kin_start, people.kin_end))
            self.members = np.zeros(0, dtype=np.uint8)
        return self.members

    def follow(self, before: int, people: People) -> None:
        """Know what it knew of a numbering, after rows were dropped: nobody else moved, nor did a household."""
        if self.generation == before:
            self.generation = people.generation

    def looked(self, families: np.ndarray, members: np.ndarray) -> None:
        """Remember whose families changed, and the last bits of how many residents every household has now."""
        self.families, self.members = families, members
        self.looks += 1


@compiled
def residents_by_household(household, n, n_households):
    """Return how many residents households have, by number plus one."""
    members = np.zeros(1 + n_households + STRAYS, dtype=np.uint16)
    for i in range(n):  # without a branch
        stray = 1 + n_households + i % STRAYS
        members[np.uint32(household[i] + 1 if household[i] >= 0 else stray)] += np.uint16(1)
    return members[: 1 + n_households]


@compiled
def households_of_another_size(members, before):
    """Mark the households that do not have as many residents as before; none was there beyond those known then."""
    moved = np.ones(len(members), dtype=np.uint8)
    for home in range(min(len(members), len(before))):
        moved[home] = np.uint8(members[home]) != before[home]
    return moved


@compiled
def changed_rows(household, state, born, moved, first_minor, n, kin_start, kin_end, adult_born):
    """Return the rows who moved, married, lost a spouse, died, came of age or is an elder now; unmark them.

    Nobody before the row `first_minor` comes of age. Households that they joined or live in are marked in `moved`, by
    number plus one; one that somebody left is of another size, or somebody joined it.
    """
    changed = np.empty(n + kin_end - kin_start + 1, dtype=np.int64)
    found = 0
    marked = np.zeros(BLOCK, dtype=np.uint8)
    for start, end, of_age in ((0, first_minor, False), (first_minor, n, True), (kin_start, kin_end, True)):
        for first in range(start, end, BLOCK):
            last = min(first + BLOCK, end)
            mark(state[first:last], born[first:last], of_age, adult_born, marked)
            found = note(marked[: (last - first + 7) // 8 * 8], first, changed, found)
    for i in changed[:found]:
        state[i] &= UNCHANGED
        if i < n:
            moved[household[i] + 1] = 1
    return changed[:found]


@compiled
def mark(state, born, of_age, adult_born, marked):
    """Mark whom of a block of rows an event marked, and who comes of age if any can; without a branch."""
    for i in range(len(state)):
        marked[i] = state[i] & CHANGED
    if of_age:
        for i in range(len(born)):
            marked[i] |= born[i] == adult_born
    marked[len(state) : (len(state) + 7) // 8 * 8] = 0


@compiled
def note(other, first, rows, found):
    """Add the rows that are marked in a block to the first `found`, eight looked at together; return the new number."""
    eights = other.view(np.uint64)
    for e in range(len(eights)):
        if eights[e]:
            for j in range(8 * e, 8 * e + 8):
                rows[found] = first + j
                found += other[j] != 0
    return found


@compiled
def families_of(changed, mother, father, spouse, state, elders_end):
    """Return the registered elders among the changed, their parents and their parents-in-law.

    First everybody's links are fetched, which need not wait for each other, then it is looked who is an elder.
    """
    rows = np.empty((len(changed) + 1, 5), dtype=np.int64)
    for j in range(len(changed)):
        i = np.uint64(changed[j])
        rows[j, 0], rows[j, 1], rows[j, 2], rows[j, 3] = i, mother[i], father[i], spouse[i]
    for j in range(len(changed)):
        mate = np.uint64(rows[j, 3] if rows[j, 3] >= 0 else rows[j, 0])
        rows[j, 3], rows[j, 4] = mother[mate], father[mate]
    return those_elders(rows[: len(changed)].reshape(-1), state, np.uint64(elders_end))


@compiled
def those_elders(rows, state, end):
    """Return those of some rows, and of nobody's, that lie before `end` and are elders', without a branch."""
    found = elders = 0
    for i in rows:
        rows[found] = i
        found += np.uint64(i) < end  # nobody's row is far above it, unsigned
    for i in rows[:found]:
        rows[elders] = i
        elders += state[np.uint64(i)] & ELDER != 0
    return rows[:elders].copy()
