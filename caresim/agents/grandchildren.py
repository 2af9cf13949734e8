"""Children left in the village, and the grandparents who look after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from caresim.agents.candidates import BLOCK
from caresim.agents.identity import UNMINDED
from caresim.agents.people import LIVING_REGISTERED, LIVING_RESIDENT
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

GRANDPARENTS = 4
MINDED = np.uint8(255 - UNMINDED)
COUNT = "grandchildren.count"
NONE = "grandchildren.none"


class LeftChildren(NamedTuple):
    """Children under 15 who live without either parent, and who looks after them.

    Attributes:
        left: how many they are.
        minded: how many of them a grandparent looks after.
        minders: rows of these grandparents.
        minutes: minutes in which each looks after grandchildren.
    """

    left: int
    minded: int
    minders: np.ndarray
    minutes: np.ndarray


def note(world: World, found: LeftChildren) -> None:
    """Note which children are left this month, and who looks after them."""
    world.memory[COUNT] = (world.month, found)


def left_children(world: World) -> LeftChildren | None:
    """Return the children who are left, as noted this month; None if nobody looked."""
    when, found = world.memory.get(COUNT, (None, None))
    return found if when == world.month else None


def occupied(world: World) -> np.ndarray:
    """Return the minutes by row that looking after grandchildren takes away from the time for neighbours.

    Shape (rows of the register,); zeros, which take no room, where `grandchild_care.counted` is 0.
    """
    found, rules, size = left_children(world), world.parameters.get("grandchild_care"), world.people.kin_start
    if found is None or rules is None or rules.counted == 0.0:
        nothing: np.ndarray = world.once(NONE, size, lambda: np.broadcast_to(np.int32(0), size))
        return nothing
    taken = np.zeros(size, dtype=np.int32)
    taken[found.minders] = np.floor(rules.counted * found.minutes)
    return taken


@compiled
def look_after(state, born, mother, father, household, disability, dementia, first, n, latest, each, most):
    """Let grandparents look after children, and write which absent parents have a child nobody minds.

    Args:
        state: state of people; UNMINDED is written anew.
        born: months of birth.
        mother: rows of mothers.
        father: rows of fathers.
        household: households.
        disability: disability states.
        dementia: whether people have dementia.
        first: row of the register from which on there are children.
        n: rows of the register.
        latest: last month of birth of those who are no children any more.
        each: minutes that a child takes.
        most: most minutes that a grandparent gives.

    Returns:
        How many children live without either parent; how many of them a grandparent looks after; the rows of these
        grandparents; the minutes of each.
    """
    state &= MINDED
    shares = np.array([0, each, each // 2, each // 3, each // 4])
    left = left_among(children_among(state, born, first, n, latest), mother, father, household, n)
    child_of, minders = minders_at_home(left, mother, father, household, disability, dementia, n)
    able = np.zeros(len(left), dtype=np.uint8)
    for child in child_of:
        able[child] += np.uint8(1)
    rows, minutes = minutes_by_minder(minders, shares[able[child_of]], most, n)
    minded = 0
    for child in range(len(left)):
        minded += able[child] > 0
        for parent in (father[left[child]], mother[left[child]]):
            known = parent if 0 <= parent < n else left[child]  # a child is present
            absent = state[known] & LIVING_RESIDENT == LIVING_REGISTERED
            state[known] |= UNMINDED if absent & (able[child] == 0) else np.uint8(0)
    return len(left), minded, rows, minutes


@compiled
def minutes_by_minder(minders, shares, most, n):
    """Return the rows of minders, each once, and how long each looks after all children whom it minds, at most `most`.

    There is a share of minutes for every child of a minder.
    """
    whole, rows, found = np.zeros(n, dtype=np.uint16), np.empty(len(minders) + 1, dtype=np.uint32), 0
    for k in range(len(minders)):
        i = minders[k]
        rows[found] = i
        found += (whole[i] == 0) & (shares[k] > 0)
        whole[i] = min(most, np.int64(whole[i]) + shares[k])
    return rows[:found], whole[rows[:found]]


@compiled
def minders_at_home(left, mother, father, household, disability, dementia, n):
    """Find the able grandparents in the households of some children: in state 0 or 1, without dementia.

    Each loop fetches one thing for all children, without a branch, as fetching it for one after another waits.

    Returns:
        Of each grandparent, once for every child: which of the children it is; the row.
    """
    olds = np.empty((len(left), GRANDPARENTS), dtype=np.int32)
    for child in range(len(left)):
        i = left[child]
        one, other = father[i], mother[i]
        olds[child, 0], olds[child, 1] = parent_of(one, mother), parent_of(one, father)
        olds[child, 2], olds[child, 3] = parent_of(other, mother), parent_of(other, father)
    child_of, minders = np.empty(olds.size + 1, dtype=np.uint32), np.empty(olds.size + 1, dtype=np.uint32)
    found = 0
    for child in range(len(left)):
        i = left[child]
        for k in range(GRANDPARENTS):
            known = olds[child, k] if (olds[child, k] >= 0) & (olds[child, k] < n) else i
            child_of[found], minders[found] = child, known
            found += (known != i) & (household[known] == household[i])
    here, found = found, 0
    for k in range(here):
        known = minders[k]
        child_of[found], minders[found] = child_of[k], known
        found += (disability[known] <= 1) & (dementia[known] == 0)
    return child_of[:found], minders[:found]


@compiled
def parent_of(i, parents):
    """Return the row of somebody's mother or father, as `parents` have it; of nobody nobody's."""
    known = parents[max(i, 0)]
    return known if i >= 0 else np.int32(-1)


@compiled
def children_among(state, born, first, n, latest):
    """Return the rows of the living residents born after a month.

    Those of an age lie together: a block is marked without a branch, and where eight have no mark they are passed over.
    """
    rows = np.empty(n - first + 1, dtype=np.uint32)
    found = 0
    young = np.zeros(BLOCK, dtype=np.uint8)
    eights = young.view(np.uint64)
    for start in range(first, n, BLOCK):
        births, states = born[start : min(start + BLOCK, n)], state[start : min(start + BLOCK, n)]
        for j in range(len(births)):
            young[j] = (births[j] > latest) & (states[j] & LIVING_RESIDENT == LIVING_RESIDENT)
        young[len(births) :] = 0
        for e in range(BLOCK // 8):
            if eights[e]:
                for j in range(8 * e, 8 * e + 8):
                    rows[found] = start + j
                    found += int(young[j])
    return rows[:found]


@compiled
def left_among(children, mother, father, household, n):
    """Return the rows of the children who live with neither parent, without a branch."""
    found, end = 0, np.uint32(n)
    for i in children:
        children[found] = i
        one, other = (
            np.uint32(mother[i]),
            np.uint32(father[i]),
        )  # nobody's row is far above the register, unsigned
        with_mother = (one < end) & (household[one if one < end else i] == household[i])
        with_father = (other < end) & (household[other if other < end else i] == household[i])
        found += not (with_mother | with_father)
    return children[:found]
