"""Children left in the village, and the grandparents who look after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from caresim.agents.people import LIVING_REGISTERED, LIVING_RESIDENT, PRESENT
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

CHILD_UNTIL = 15 * 12
"""Age in months up to which a child is looked after."""
COUNT = "grandchildren.count"
NONE = "grandchildren.none"


class LeftChildren(NamedTuple):
    """Children under 15 who live without either parent: how many, and how many a grandparent looks after."""

    left: int
    minded: int


def note(world: World, found: LeftChildren) -> None:
    """Note how many children are left this month."""
    world.memory[COUNT] = (world.month, found)


def left_children(world: World) -> LeftChildren | None:
    """Return how many children are left, as noted this month; None if nobody looked."""
    when, found = world.memory.get(COUNT, (None, None))
    return found if when == world.month else None


def occupied(world: World) -> np.ndarray:
    """Return the minutes by row that looking after grandchildren takes away from the time for neighbours.

    Shape (rows of the register,); zeros where `grandchild_care.counted` is 0.
    """
    people, rules = world.people, world.parameters.get("grandchild_care")
    minutes = people.arrays.get("grandchild_minutes")
    if minutes is None or rules is None or rules.counted == 0.0:
        size = people.kin_start
        nothing: np.ndarray = world.once(NONE, size, lambda: np.zeros(size, dtype=np.int32))
        return nothing
    return np.floor(rules.counted * minutes).astype(np.int32)


@compiled
def look_after(state, born, mother, father, household, disability, dementia, minutes, unminded, first, n, latest,
               each, most):  # fmt: skip
    """Write the minutes that grandparents look after children, and which absent parents have a child nobody minds.

    Args:
        state: state of people.
        born: months of birth.
        mother: rows of mothers.
        father: rows of fathers.
        household: households.
        disability: disability states.
        dementia: whether people have dementia.
        minutes: minutes that each looks after grandchildren; written.
        unminded: whether a child of each is left with no able grandparent in its household; written.
        first: row of the register from which on there are children.
        n: rows of the register.
        latest: last month of birth of those who are no children any more.
        each: minutes that a child takes.
        most: most minutes that a grandparent gives.

    Returns:
        The children who live without either parent, and how many of them a grandparent looks after.
    """
    minutes[:n] = 0
    unminded[:n] = 0
    left = minded = 0
    for i in range(first, n):
        if born[i] <= latest or state[i] & LIVING_RESIDENT != LIVING_RESIDENT:
            continue
        ma, pa = mother[i], father[i]
        if shares_home(ma, i, n, household) or shares_home(pa, i, n, household):
            continue
        left += 1
        able = 0
        for parent in (pa, ma):
            if parent >= 0:
                able += can_mind(mother[parent], i, n, household, disability, dementia)
                able += can_mind(father[parent], i, n, household, disability, dementia)
        if able > 0:
            minded += 1
            for parent in (pa, ma):
                if parent >= 0:
                    for old in (mother[parent], father[parent]):
                        if can_mind(old, i, n, household, disability, dementia):
                            minutes[old] = min(most, minutes[old] + each // able)
        else:
            for parent in (pa, ma):
                if 0 <= parent < n and state[parent] & (LIVING_REGISTERED | PRESENT) == LIVING_REGISTERED:
                    unminded[parent] = 1
    return left, minded


@compiled
def shares_home(other, i, n, household):
    """Tell whether another person is of somebody's household; only residents have one."""
    return 0 <= other < n and household[other] == household[i]


@compiled
def can_mind(old, i, n, household, disability, dementia):
    """Tell whether a grandparent lives with a child and can look after it: in state 0 or 1, without dementia."""
    return shares_home(old, i, n, household) and disability[old] <= 1 and dementia[old] == 0
