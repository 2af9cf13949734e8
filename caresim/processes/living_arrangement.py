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
from caresim.agents.kin_changes import (
    changed_rows,
    families_of,
    households_of_another_size,
    residents_by_household,
)
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
    world.elders, families, members = arrange(
        *COLUMNS(people.arrays), people.n_households, kin.known(people), world.territory.township, people.elders_end,
        people.first_born_after(month - ADULT_FROM - 1), people.n, people.kin_start, people.kin_end, month - ADULT_FROM,
    )  # fmt: skip
    kin.looked(families, members)


@compiled
def arrange(arrangement, household, village, spouse, state, born, mother, father, first_child, next_maternal,
            next_paternal, n_households, before, township, elders_end, first_minor, n, kin_start, kin_end,
            adult_born):  # fmt: skip
    """Note anew how those live whose families changed.

    What is known of spouses stays where nobody left or joined the household, and what is known of children outside
    of these families.

    Returns:
        The rows of the resident elders, those of the families that changed, and the last bits of households' residents.
    """
    members = residents_by_household(household, n, n_households)
    moved = households_of_another_size(members, before)
    changed = changed_rows(household, state, born, moved, first_minor, n, kin_start, kin_end, adult_born)
    families = each_once(families_of(changed, mother, father, spouse, state, elders_end), arrangement)
    elders, visited = resident_elders(state, household, moved, elders_end)
    look_at_homes(visited, arrangement, household, spouse, members, n)
    for sex, next_child in ((FEMALE, next_maternal), (0, next_paternal)):
        residents = residents_of(families, state, sex)
        look_at_homes(residents, arrangement, household, spouse, members, n)
        look_for_children(
            residents,
            arrangement,
            state,
            born,
            household,
            village,
            first_child,
            next_child,
            township,
            n,
            adult_born,
        )
    return elders, families, members.astype(np.uint8)


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
def resident_elders(state, household, moved, n):
    """Return the rows of the living resident elders, and of those of them in whose home somebody left or joined."""
    rows, visited = np.empty(n + 1, dtype=np.uint32), np.empty(n + 1, dtype=np.uint32)
    found = few = 0
    for i in range(n):
        here = state[i] & RESIDENT_ELDER == RESIDENT_ELDER
        rows[found], visited[few] = i, i
        found += here
        few += here & (moved[np.uint32(household[i] + 1)] != 0)
    return rows[:found].copy(), visited[:few]


@compiled
def residents_of(families, state, sex):
    """Return the rows of the resident elders of a sex among registered ones."""
    rows = np.empty(len(families) + 1, dtype=np.uint32)
    found = 0
    for i in families:
        rows[found] = i
        found += state[i] & (RESIDENT_ELDER | FEMALE) == RESIDENT_ELDER | sex
    return rows[:found]


@compiled
def look_at_homes(elders, arrangement, household, spouse, members, n):
    """Write whether elders live alone and whether with a spouse; what is known of children stays."""
    for i in elders:  # without a branch
        home, mate = household[i], spouse[i]
        size = members[np.uint32(home + 1)]
        housed = home >= 0
        registered = np.uint32(mate) < np.uint32(n)
        together = housed & registered & (household[np.uint32(mate) if registered else i] == home)
        marks = (
            ALONE * (housed & (size == 1)) | WITH_SPOUSE * together | COUPLE_ONLY * (together & (size == 2))
        )
        arrangement[i] = (arrangement[i] & FROM_CHILDREN) | marks


@compiled
def look_for_children(elders, arrangement, state, born, household, village, first_child, next_child, township, n,
                      latest):  # fmt: skip
    """Write how near the children of resident elders of a sex are: first the first child's, then the next one's.

    So nobody's chain of children waits for another's. Adults were born by `latest`.
    """
    rows, children = elders.copy(), np.empty(len(elders) + 1, dtype=np.int32)
    for j in range(len(rows)):
        children[j] = first_child[rows[j]]
    left = with_another(rows, children, len(rows))
    while left > 0:
        for j in range(left):
            i, child = rows[j], np.uint32(children[j])
            arrangement[i] |= nearness(i, child, state, born, household, village, township, n, latest)
            children[j] = next_child[child]
        left = with_another(rows, children, left)


@compiled
def with_another(rows, children, n):
    """Keep, in place, those of the first `n` elders who have another child; return their number."""
    left = 0
    for j in range(n):
        rows[left], children[left] = rows[j], children[j]
        left += children[left] >= 0
    return left


@compiled
def nearness(i, child, state, born, household, village, township, n, latest):
    """Return the marks of one child of an elder, without a branch: none if it is dead or a minor."""
    adult = (state[child] & ALIVE != 0) & (born[child] <= latest)
    here = adult & (child < n) & (state[child] & LIVING_RESIDENT == LIVING_RESIDENT)
    at = child if child < n else i
    at_home = (
        here & (household[at] == household[i]) & (household[i] >= 0)
    )  # whatever village either is registered in
    near = at_home | (here & (village[at] == village[i]))
    in_township = near | (here & (township[village[at]] == township[village[i]]))
    return WITH_CHILD * at_home | CHILD_NEAR * near | CHILD_IN_TOWNSHIP * in_township | HAS_CHILD * adult


PROCESS = Process(
    name="living_arrangement",
    run=look_around,
    settles=True,
    reads=("state", "born", "household", "village", "spouse", "first_child", "arrangement", "mother",
           "father", "next_maternal", "next_paternal"),
    writes=("arrangement", "state"),
    meaning="It is noted which elders live alone, with a spouse or a child, and whose children live near by.",
    columns=(
        Column("arrangement", np.uint8, 0, "marks", "Of a resident elder: 1 alone, 2 with spouse, 4 with an adult "
               "child, 8 adult child in the village, 16 in the township, 32 any adult child, 64 nobody but the spouse.",
               "living_arrangement", elder=True, most=127),
    ),
)  # fmt: skip
