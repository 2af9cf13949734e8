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

EVERYTHING = WITH_CHILD | CHILD_NEAR | CHILD_IN_TOWNSHIP | HAS_CHILD


def look_around(world: World) -> None:
    """Find this month's resident elders, and note with whom and how near to their children they live."""
    people = world.people
    world.elders = resident_elders(people["state"], people.n)
    arrange(
        world.elders, *(people[name] for name in ("arrangement", "state", "born", "household", "village", "spouse",
                                                  "first_child", "next_maternal", "next_paternal")),
        world.territory.township, people.n, people.n_households, world.month - ADULT_FROM,
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
def arrange(elders, arrangement, state, born, household, village, spouse, first_child, next_maternal, next_paternal,
            township, n, n_households, latest):  # fmt: skip
    """Write the marks of every resident elder, and none for everybody else; adults were born by `latest`."""
    members = np.zeros(n_households + 1, dtype=np.int32)
    for i in range(n):
        members[np.uint32(household[i] + 1)] += 1
    arrangement[:n] = 0
    for i in elders:
        home, mate = household[i], spouse[i]
        marks = ALONE if home >= 0 and members[home + 1] == 1 else 0
        if home >= 0 and 0 <= mate < n and household[mate] == home:
            marks |= WITH_SPOUSE | (COUPLE_ONLY if members[home + 1] == 2 else 0)
        child = first_child[i]
        while child >= 0 and marks & EVERYTHING != EVERYTHING:
            if state[child] & ALIVE and born[child] <= latest:
                marks |= HAS_CHILD
                if child < n and state[child] & LIVING_RESIDENT == LIVING_RESIDENT:
                    if village[child] == village[i]:
                        marks |= CHILD_NEAR | CHILD_IN_TOWNSHIP
                        if household[child] == home and home >= 0:
                            marks |= WITH_CHILD
                    elif township[village[child]] == township[village[i]]:
                        marks |= CHILD_IN_TOWNSHIP
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        arrangement[i] = marks


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
