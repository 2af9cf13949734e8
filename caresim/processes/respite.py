"""Respite: government buys hours of care for the severely disabled, so that their family carers can rest."""

from __future__ import annotations

from caresim.agents.care import CARE_WORKER, INSTRUMENTAL, LAST_FAMILY, PERSONAL, SAME_HOME, hand_over
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

SEVERE = 3


class Respite(Parameters):
    """Relief of family carers by bought hours."""

    hours: float = parameter(
        0.0, unit="hours per month", limits=(0.0, 200.0), low=0.0, high=8.0, role="lever",
        meaning="Hours of care bought for an elder in state 3 whom the family cares for.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def relieve(world: World) -> None:
    """Let bought care take over part of what the families of the severely disabled do."""
    hours, people, care = world.parameters["respite"].hours, world.people, world.care
    if hours <= 0.0:
        return
    care.make_room(len(care.rows))
    care.n_gifts = buy_respite(
        care.gifts, care.n_gifts, care.rows, care.left, care.received, people["disability"],
        people["main_relation"], int(60.0 * hours),
    )  # fmt: skip


@compiled
def buy_respite(gifts, k, rows, left, received, disability, main_relation, minutes):
    """Hand over bought minutes to cases in state 3 with a family carer; return the number of hand-overs."""
    for case in range(len(rows)):
        i = rows[case]
        if disability[i] == SEVERE and 1 <= main_relation[i] <= LAST_FAMILY + 1:
            given = hand_over(
                gifts,
                k,
                NOBODY,
                case,
                CARE_WORKER,
                SAME_HOME,
                minutes,
                PERSONAL,
                INSTRUMENTAL,
                left,
                received,
            )
            k += given > 0
    return k


PROCESS = Process(
    name="respite",
    run=relieve,
    settles=True,
    reads=("need", "disability", "main_relation"),
    writes=(),
    meaning="Government buys some hours of care for the severely disabled, so that their families can rest.",
    parameters=Respite,
)
