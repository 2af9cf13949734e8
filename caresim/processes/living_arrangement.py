"""Living arrangement: whether an elder lives alone, with whom, and how near the children are."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    ALONE,
    CHILD_IN_TOWNSHIP,
    CHILD_NEAR,
    COUPLE_ONLY,
    HAS_CHILD,
    WITH_CHILD,
    WITH_SPOUSE,
)
from caresim.agents.people import ADULT_FROM, ALIVE, ELDER, FEMALE, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled

FROM_CHILDREN = WITH_CHILD | CHILD_NEAR | CHILD_IN_TOWNSHIP | HAS_CHILD
KNOWN = "living_arrangement.known"
UNSEEN = -2
"""The household of a row that was not there a month ago."""
ELDER_FROM = 60 * 12


class Known:
    """What was known a month ago: so that children are looked up anew only where somebody moved, died or grew up.

    Attributes:
        generation: numbering of the rows that it holds for.
        household: household of each row.
        members: residents by household number.
    """

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.household = np.zeros(0, dtype=np.int32)
        self.members = np.zeros(0, dtype=np.int32)


def look_around(world: World) -> None:
    """Find this month's resident elders, and note with whom and how near to their children they live."""
    people, flows = world.people, world.people.flows
    world.elders = resident_elders(people["state"], people.n)
    known = _known(world)
    changed = changed_rows(
        people["household"], people["born"], known.household, known.members, people.n, people.kin_start,
        people.kin_end, world.month - ADULT_FROM, world.month - ELDER_FROM,
    )  # fmt: skip
    dirty = families_of(changed, flows.dead, flows.dead_kin, people["mother"], people["father"], people.n)
    arrange(
        world.elders, dirty, *(people[name] for name in ("arrangement", "household", "spouse")), known.members,
        people.n,
    )  # fmt: skip
    look_for_children(
        dirty, *(people[name] for name in ("arrangement", "state", "born", "household", "village", "first_child",
                                           "next_maternal", "next_paternal")),
        world.territory.township, people.n, world.month - ADULT_FROM,
    )  # fmt: skip


def _known(world: World) -> Known:
    """Return what was known a month ago, with room for all rows and households; nothing after a renumbering."""
    people = world.people
    _, known = world.memory.get(KNOWN, (None, Known(-1)))
    if known.generation != people.generation:
        known = Known(people.generation)
        people["arrangement"][:] = 0
        world.memory[KNOWN] = (None, known)
    known.household = _longer(known.household, len(people["household"]), UNSEEN)
    known.members = _longer(known.members, people.n_households + 1, 0)
    return known


def _longer(array: np.ndarray, length: int, value: int) -> np.ndarray:
    if len(array) >= length:
        return array
    more = np.full(length + length // 16 - len(array), value, dtype=array.dtype)
    return np.concatenate([array, more])


@compiled
def resident_elders(state, n):
    """Return the rows of the living resident elders."""
    bits = LIVING_RESIDENT | ELDER
    rows = np.empty(n + 1, dtype=np.int64)
    found = 0
    for i in range(n):
        rows[found] = i
        found += state[i] & bits == bits
    return rows[:found].copy()


@compiled
def changed_rows(household, born, known, members, n, kin_start, kin_end, adult_born, elder_born):
    """Return the rows whose household changed, who came of age or turned 60; keep what is known up to date.

    `members` counts the residents by household number plus one, number 0 being those without a household.
    """
    changed = np.empty(n + kin_end - kin_start + 1, dtype=np.int64)
    found = 0
    for i in range(n):
        moved = household[i] != known[i]
        changed[found] = i
        found += moved | (born[i] == adult_born) | (born[i] == elder_born)
        if moved:
            if known[i] != UNSEEN:
                members[known[i] + 1] -= 1
            members[household[i] + 1] += 1
            known[i] = household[i]
    for i in range(kin_start, kin_end):
        changed[found] = i
        found += born[i] == adult_born
    return changed[:found].copy()


@compiled
def families_of(changed, dead, dead_kin, mother, father, n):
    """Return the changed, and the registered parents of the changed and of the dead; some may stand there twice."""
    rows = np.empty(3 * (len(changed) + len(dead) + len(dead_kin)), dtype=np.int64)
    found = 0
    for i in changed:
        rows[found] = i
        found += i < n
    for some in (changed, dead, dead_kin):
        for i in some:
            for parent in (mother[i], father[i]):
                if 0 <= parent < n:
                    rows[found] = parent
                    found += 1
    return rows[:found].copy()


@compiled
def arrange(elders, dirty, arrangement, household, spouse, members, n):
    """Write who lives alone and who with a spouse; what is known of children stays, except for the `dirty`."""
    for i in dirty:
        arrangement[i] = 0
    for i in elders:
        home, mate = household[i], spouse[i]
        size = members[home + 1] if home >= 0 else 0
        marks = ALONE if size == 1 else 0
        if size > 1 and 0 <= mate < n and household[mate] == home:
            marks |= WITH_SPOUSE | (COUPLE_ONLY if size == 2 else 0)
        arrangement[i] = (arrangement[i] & FROM_CHILDREN) | marks


@compiled
def look_for_children(dirty, arrangement, state, born, household, village, first_child, next_maternal, next_paternal,
                      township, n, latest):  # fmt: skip
    """Write how near the children are of those of the `dirty` who are resident elders; adults were born by `latest`."""
    bits = LIVING_RESIDENT | ELDER
    for i in dirty:
        if state[i] & bits != bits:
            continue
        home, marks = household[i], 0
        child = first_child[i]
        while child >= 0 and marks & FROM_CHILDREN != FROM_CHILDREN:
            if state[child] & ALIVE and born[child] <= latest:
                marks |= HAS_CHILD
                if child < n and state[child] & LIVING_RESIDENT == LIVING_RESIDENT:
                    if village[child] == village[i]:
                        marks |= CHILD_NEAR | CHILD_IN_TOWNSHIP
                        marks |= WITH_CHILD if household[child] == home and home >= 0 else 0
                    elif township[village[child]] == township[village[i]]:
                        marks |= CHILD_IN_TOWNSHIP
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        arrangement[i] |= marks


PROCESS = Process(
    name="living_arrangement",
    run=look_around,
    settles=True,
    reads=("state", "born", "household", "village", "spouse", "first_child"),
    writes=("arrangement",),
    meaning="It is noted which elders live alone, with a spouse or a child, and whose children live near by.",
    columns=(
        Column("arrangement", np.uint8, 0, "marks", "Of a resident elder: 1 alone, 2 with spouse, 4 with an adult "
               "child, 8 adult child in the village, 16 in the township, 32 any adult child, 64 nobody but the spouse.",
               "living_arrangement"),
    ),
)  # fmt: skip
