"""Formal care: care workers give the hours that elders are entitled to, as far as there are workers."""

from __future__ import annotations

from caresim.agents.care_queue import MOST_WAIT, put_back, serve_queue
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled


def give_entitled(world: World) -> None:
    """Give what families left, up to what each is entitled to; who is given less waits one month more."""
    force = world.workforce
    queue = force.queue
    if len(queue.case) == 0:
        return
    if world.parameters["entitled_care"].first <= 0.5:
        force.month.displaced = put_back(queue.case, queue.aside, world.care.left)
        force.pool += force.reserved
        force.reserved[:] = 0
        serve_queue(world)
    count_waits(world.people["care_wait"], world.care.rows, queue.case, queue.short)


@compiled
def count_waits(waited, rows, case, short):
    """Add a month to the wait of those who were given less than they need, and end that of the others."""
    for q in range(len(case)):
        i = rows[case[q]]
        waited[i] = min(waited[i] + 1, MOST_WAIT) if short[q] > 0 else 0


PROCESS = Process(
    name="formal_care",
    run=give_entitled,
    settles=True,
    reads=("need", "entitled", "parameters.entitled_care"),
    writes=("care_wait",),
    meaning="Care workers give the hours that elders are entitled to; what workers cannot give is queued for.",
)
