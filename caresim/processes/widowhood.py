"""Widowhood: the spouse of somebody who has died becomes a widow or widower."""

from __future__ import annotations

from caresim.agents.people import ALIVE, NOBODY, WIDOWED
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled


def bereave(world: World) -> None:
    """Untie the couples that death has parted, and note the month of the bereavement."""
    people = world.people
    part_the_dead(
        *(people[name] for name in ("state", "spouse", "marital", "widowed")), people.n, people.kin_start,
        people.kin_end, world.month,
    )  # fmt: skip


@compiled
def part_the_dead(state, spouse, marital, widowed, n, kin_start, kin_end, month):  # type: ignore[no-untyped-def]
    """Clear the spouse links of the dead and widow their living spouses."""
    for first, last in ((0, n), (kin_start, kin_end)):
        for i in range(first, last):
            if state[i] & ALIVE == 0 and spouse[i] >= 0:
                left = spouse[i]
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
