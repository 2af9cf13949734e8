"""Widowhood: the spouse of somebody who has died becomes a widow or widower."""

from __future__ import annotations

from caresim.agents.people import ALIVE, NOBODY, WIDOWED
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled


def bereave(world: World) -> None:
    """Untie the couples that death has parted, and note the month of the bereavement."""
    people = world.people
    columns = tuple(people[name] for name in ("state", "spouse", "marital", "widowed"))
    for dead in (people.flows.dead, people.flows.dead_kin):
        part_from(dead, *columns, people.n, world.month)


@compiled
def part_from(dead, state, spouse, marital, widowed, n, month):
    """Clear the spouse links of this month's dead, and widow their living spouses."""
    for i in dead:
        left = spouse[i]
        if left >= 0:
            spouse[i] = NOBODY
            spouse[left] = NOBODY
            if left < n and state[left] & ALIVE:
                marital[left] = WIDOWED
                widowed[left] = month


PROCESS = Process(
    name="widowhood",
    run=bereave,
    reads=("state", "spouse"),
    writes=("spouse", "marital", "widowed"),
    meaning="The husband or wife of somebody who has died becomes a widower or widow.",
)
