"""Ageing: people who have turned 60 become elders."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import ALIVE, CHANGED, ELDER, ELDER_FROM
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled


def age(world: World) -> None:
    """Mark every living registered person of 60 or over as an elder; everybody's age follows from the clock."""
    people = world.people
    mark_elders(people["state"], people["born"], people.elders_end, world.month - ELDER_FROM)


@compiled
def mark_elders(state, born, n, latest):
    """Set the elder bit of the living who were born by the month `latest`, and mark whom it is new to."""
    for i in range(n):
        young = (born[i] > latest) | (state[i] & (ALIVE | ELDER) != ALIVE)
        state[i] |= np.uint8(0) if young else np.uint8(ELDER | CHANGED)


PROCESS = Process(
    name="ageing",
    run=age,
    begin=age,
    reads=("born", "state"),
    writes=("state",),
    meaning="Everybody grows a month older; those who turn 60 become elders.",
)
