"""Living arrangement: whether an elder lives alone, with whom, and how near the children are."""

from __future__ import annotations

from operator import itemgetter

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
from caresim.agents.kin_changes import changed_rows, families_of
from caresim.agents.people import ADULT_FROM, ALIVE, ELDER, FEMALE, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled

COLUMNS = itemgetter(
    "arrangement", "household", "village", "spouse", "state", "born", "mother", "father", "first_child",
    "next_maternal", "next_paternal",
)  # fmt: skip
RESIDENT_ELDER = LIVING_RESIDENT | ELDER
ASKED = 128
"""A mark of those who are looked at, within the rule."""
FROM_CHILDREN = WITH_CHILD | CHILD_NEAR | CHILD_IN_TOWNSHIP | HAS_CHILD


def look_around(world: World) -> None:
    """Find this month's resident elders, and note with whom and how near to their children they live."""
    people, kin, month = world.people, world.kin, world.month
    world.elders, families = arrange(
        *COLUMNS(people.arrays), *kin.known(people), world.territory.township, people.elders_end,
        people.first_born_after(month - ADULT_FROM - 1), people.n, people.kin_start, people.kin_end, month - ADULT_FROM,
    )  # fmt: skip
    kin.looked(families)


@compiled
def arrange(arrangement, household, village, spouse, state, born, mother, father, first_child, next_maternal,
            next_paternal, known, members, township, elders_end, first_minor, n, kin_start, kin_end,
            adult_born):  # fmt: skip
    """Return the rows of the resident elders, and of the families that changed; note anew how these live.

    What is known of spouses stays where nobody left or joined the household, and what is known of children outside
    of these families.
    """
    moved = np.zeros(len(members), dtype=np.uint8)
    changed = changed_rows(
        household, state, born, known, members, moved, first_minor, n, kin_start, kin_end, adult_born,
    )  # fmt: skip
    families = each_once(families_of(changed, mother, father, spouse, state, elders_end), arrangement)
    elders = resident_elders(state, elders_end)
    for i in elders.view(np.uint64):
        if moved[np.uint32(household[i] + 1)]:
            look_at_home(i, arrangement, household, spouse, members, n)
    for i in families:
        if state[i] & RESIDENT_ELDER == RESIDENT_ELDER:
            look_at_home(i, arrangement, household, spouse, members, n)
    look_for_children(
        families, arrangement, state, born, household, village, first_child, next_maternal, next_paternal, township, n,
        adult_born,
    )  # fmt: skip
    return elders, families


@compiled
def each_once(rows, arrangement):
    """Return rows without repetition; how these live is not known any more."""
    found = 0
    for i in rows:
        arrangement[i] = ASKED
    for i in rows:
        rows[found] = i
        found += arrangement[i] == ASKED
        arrangement[i] = 0
    return rows[:found]


@compiled
def resident_elders(state, n):
    """Return the rows of the living resident elders."""
    rows = np.empty(n + 1, dtype=np.int64)
    found = 0
    for i in range(n):
        rows[found] = i
        found += state[i] & RESIDENT_ELDER == RESIDENT_ELDER
    return rows[:found]


@compiled
def look_at_home(i, arrangement, household, spouse, members, n):
    """Write whether an elder lives alone and whether with a spouse; what is known of children stays."""
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
    for i in dirty:
        if state[i] & RESIDENT_ELDER != RESIDENT_ELDER:
            continue
        home, marks = household[i], 0
        child = first_child[i]
        while child >= 0 and marks & FROM_CHILDREN != FROM_CHILDREN:
            if state[child] & ALIVE and born[child] <= latest:
                marks |= HAS_CHILD
                if child < n and state[child] & LIVING_RESIDENT == LIVING_RESIDENT:
                    if household[child] == home and home >= 0:  # whatever village either is registered in
                        marks |= WITH_CHILD | CHILD_NEAR | CHILD_IN_TOWNSHIP
                    elif village[child] == village[i]:
                        marks |= CHILD_NEAR | CHILD_IN_TOWNSHIP
                    elif township[village[child]] == township[village[i]]:
                        marks |= CHILD_IN_TOWNSHIP
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        arrangement[i] |= marks


PROCESS = Process(
    name="living_arrangement",
    run=look_around,
    settles=True,
    reads=("state", "born", "household", "village", "spouse", "first_child"),
    writes=("arrangement", "state"),
    meaning="It is noted which elders live alone, with a spouse or a child, and whose children live near by.",
    columns=(
        Column("arrangement", np.uint8, 0, "marks", "Of a resident elder: 1 alone, 2 with spouse, 4 with an adult "
               "child, 8 adult child in the village, 16 in the township, 32 any adult child, 64 nobody but the spouse.",
               "living_arrangement", elder=True),
    ),
)  # fmt: skip
