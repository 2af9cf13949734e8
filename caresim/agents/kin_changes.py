"""Whose kin moved, married, died or grew up since last month, so that only their families are looked at again."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import CHANGED, ELDER, People
from caresim.kernel.compiled import compiled

UNCHANGED = np.uint8(255 - CHANGED)
UNSEEN = -2
"""The household of a row that was not there a month ago."""
BLOCK = 8192
"""Rows that are looked at at once; a multiple of eight."""


class KinChanges:
    """Whose home, family or life changed since a month ago, and the households that were known then.

    Attributes:
        looks: how often somebody looked; who missed one has to begin anew.
        generation: numbering of the rows that all this holds for; after a renumbering everybody is new.
        families: rows of registered elders whose own situation or that of a child or child-in-law changed,
            each once; people who never saw the rows before have to take all rows as changed.
        members: residents by household number plus one; number 0, of those without a household, means nothing.
    """

    def __init__(self) -> None:
        self.looks = 0
        self.generation = -1
        self.families = np.zeros(0, dtype=np.int64)
        self.members = np.zeros(0, dtype=np.uint16)
        self._known = np.zeros(0, dtype=np.int32)

    def known(self, people: People) -> tuple[np.ndarray, np.ndarray]:
        """Return everybody's household a month ago, and the members of every household."""
        if self.generation != people.generation:
            self.generation = people.generation
            people.touch(slice(people.n))
            people.touch(slice(people.kin_start, people.kin_end))
            self.members = np.zeros(0, dtype=np.uint16)
            self._known = np.full_like(people["household"], UNSEEN)
        if len(self.members) <= people.n_households:
            more = people.n_households + 1 - len(self.members) + people.n_households // 16
            self.members = np.append(self.members, np.zeros(more, dtype=np.uint16))
        return self._known, self.members

    def looked(self, families: np.ndarray) -> None:
        """Remember whose families changed, once a rule has brought what is known up to date."""
        self.families = families
        self.looks += 1


@compiled
def changed_rows(
    household, state, born, known, members, moved, first_minor, n, kin_start, kin_end, adult_born
):
    """Return the rows who moved, married, lost a spouse, died, came of age or is an elder now; unmark them.

    Nobody before the row `first_minor` comes of age. Households that they left, joined or live in are marked in
    `moved`, by number plus one as in `members`, and `known` ones are brought up to date.
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
            home, old = household[i], known[i]
            if old != UNSEEN:
                members[old + 1] -= 1
                moved[old + 1] = 1
            members[home + 1] += 1
            moved[home + 1] = 1
            known[i] = home
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
