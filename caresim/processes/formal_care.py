"""Formal care: care workers give the hours that elders are entitled to, as far as there are workers."""

from __future__ import annotations

from caresim.agents.care_queue import serve_queue
from caresim.agents.world import Process, World


def give_entitled(world: World) -> None:
    """Give what families left, up to what each is entitled to; who is given less waits one month more."""
    if len(world.workforce.queue) > 0 and world.parameters["entitled_care"].first <= 0.5:
        serve_queue(world)


PROCESS = Process(
    name="formal_care",
    run=give_entitled,
    settles=True,
    reads=("need", "entitled", "parameters.entitled_care", "parameters.income", "parameters.needs"),
    writes=("care_wait",),
    meaning="Care workers give the hours that elders are entitled to; what workers cannot give is queued for.",
)
