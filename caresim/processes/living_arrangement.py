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


def look_around(world: World) -> None:
    """Find this month's resident elders, and note with whom and how near to their children they live."""
    people, kin = world.people, world.kin
    world.elders = resident_elders(people["state"], people.elders_end)
    kin.look(people, world.month)
    arrange(
        world.elders, kin.families, *(people[name] for name in ("arrangement", "household", "spouse")), kin.members,
        people.n,
    )  # fmt: skip
    look_for_children(
        kin.families, *(people[name] for name in ("arrangement", "state", "born", "household", "village",
                                                  "first_child", "next_maternal", "next_paternal")),
        world.territory.township, people.n, world.month - ADULT_FROM,
    )  # fmt: skip


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
def arrange(elders, dirty, arrangement, household, spouse, members, n):
    """Write who lives alone and who with a spouse; what is known of children stays, except for the `dirty`."""
    for i in dirty:
        if i < len(arrangement):  # others will not be elders soon
            arrangement[i] = 0
    # unsigned and without a branch, as who lives with whom cannot be guessed
    for i in elders.view(np.uint64):
        home, mate = household[i], np.uint32(spouse[i])
        size = members[np.uint32(home + 1)] if home >= 0 else 0
        joined = (mate < np.uint32(n)) & (size > 1)
        joined &= household[mate if joined else np.uint32(i)] == home
        couple = WITH_SPOUSE | (COUPLE_ONLY if size == 2 else 0)
        marks = (ALONE if size == 1 else 0) | (couple if joined else 0)
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
    writes=("arrangement",),
    meaning="It is noted which elders live alone, with a spouse or a child, and whose children live near by.",
    columns=(
        Column("arrangement", np.uint8, 0, "marks", "Of a resident elder: 1 alone, 2 with spouse, 4 with an adult "
               "child, 8 adult child in the village, 16 in the township, 32 any adult child, 64 nobody but the spouse.",
               "living_arrangement", elder=True),
    ),
)  # fmt: skip
