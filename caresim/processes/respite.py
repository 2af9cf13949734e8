"""Respite: government buys hours of care for the severely disabled, so that their family carers can rest."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import CARE_WORKER, LAST_FAMILY
from caresim.agents.service import in_turn
from caresim.agents.workforce import (
    HOUR,
    affordable_minutes,
    cost_of,
    deliver,
    hour_price,
    pay_workers,
    workers_of,
)
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

TURN = purpose("respite.turn")
SEVERE = 3
MEASURE = "carer_respite"


class Respite(Parameters):
    """Relief of family carers by bought hours."""

    hours: float = parameter(
        0.0, unit="hours per month", limits=(0.0, 200.0), low=0.0, high=8.0, role="lever", local=True,
        meaning="Hours of care bought for an elder in state 3 whom the family cares for.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def relieve(world: World) -> None:
    """Let bought care take over part of what the families of the severely disabled do, and pay for it."""
    hours, people, care = world.by_village("respite.hours"), world.people, world.care
    if not hours.any():
        return
    by_village, pool, personal = workers_of(world)
    price = hour_price(world)
    case, luck = list_families(
        care.rows, *(people[name] for name in ("disability", "main_relation", "key")),
        world.draws.stream(TURN, world.month),
    )  # fmt: skip
    care.make_room(len(case))
    by_lot, _ = in_turn(np.zeros(len(luck), dtype=np.int64), luck, 1)
    care.n_gifts, minutes = buy_respite(
        case[by_lot], care.gifts, care.n_gifts, care.rows, care.left, care.received,
        people["village"], by_village, pool, personal, np.floor(HOUR * hours).astype(np.int64),
        affordable_minutes(world, price),
    )  # fmt: skip
    world.workforce.month.respite = minutes
    pay_workers(world, MEASURE, "local", world.money.afford(cost_of(minutes, price)))


@compiled
def list_families(rows, disability, main_relation, key, stream):
    """Return the cases in state 3 with a family carer, and their draws."""
    case, luck = np.empty(len(rows), dtype=np.int64), np.empty(len(rows))
    m = 0
    for c in range(len(rows)):
        i = rows[c]
        if disability[i] == SEVERE and 1 <= main_relation[i] <= LAST_FAMILY + 1:
            case[m], luck[m] = c, uniform(stream, key[i])
            m += 1
    return case[:m], luck[:m]


@compiled
def buy_respite(cases, gifts, k, rows, left, received, village, by_village, pool, personal, minutes, most):
    """Hand over the village's bought minutes to cases, at most so many in all; return hand-overs and all minutes."""
    total = 0
    for c in cases:
        v = village[rows[c]]
        certified, uncertified = deliver(
            gifts,
            k,
            c,
            CARE_WORKER,
            min(minutes[v], most - total),
            by_village[v],
            pool,
            personal,
            left,
            received,
        )
        k += certified + uncertified > 0
        total += certified + uncertified
    return k, total


PROCESS = Process(
    name="respite",
    run=relieve,
    settles=True,
    reads=("need", "disability", "main_relation", "village", "parameters.needs"),
    writes=(),
    meaning="Government buys some hours of care for the severely disabled, so that their families can rest.",
    parameters=Respite,
)
