"""Widowhood: the spouse of somebody who has died becomes a widow or widower."""

from __future__ import annotations

from operator import itemgetter

from caresim.agents.people import ALIVE, CHANGED, NOBODY, WIDOWED
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled

COLUMNS = itemgetter("state", "spouse", "marital", "widowed")


def bereave(world: World) -> None:
    """Untie the couples that death has parted, and note the month of the bereavement."""
    people = world.people
    flows = people.flows
    if len(flows.dead) == 0 and len(flows.dead_kin) == 0:
        return
    part_all(flows.dead, flows.dead_kin, *COLUMNS(people.arrays), people.n, world.month)


@compiled
def part_all(dead, dead_kin, state, spouse, marital, widowed, n, month):
    """Part this month's dead of the register, and of kin, from their spouses."""
    part_from(dead, state, spouse, marital, widowed, n, month)
    part_from(dead_kin, state, spouse, marital, widowed, n, month)


@compiled
def part_from(dead, state, spouse, marital, widowed, n, month):
    """Clear the spouse links of this month's dead, and widow their living spouses."""
    for i in dead:
        left = spouse[i]
        if left >= 0:
            spouse[i] = NOBODY
            spouse[left] = NOBODY
            state[i] |= CHANGED
            state[left] |= CHANGED
            if left < n and state[left] & ALIVE:
                marital[left] = WIDOWED
                widowed[left] = month


PROCESS = Process(
    name="widowhood",
    run=bereave,
    reads=("state", "spouse"),
    writes=("spouse", "marital", "widowed", "state"),
    meaning="The husband or wife of somebody who has died becomes a widower or widow.",
)
