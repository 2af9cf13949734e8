"""Respite: government buys hours of care for the severely disabled, so that their family carers can rest."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.care import CARE_WORKER, LAST_FAMILY, with_room
from caresim.agents.lifetimes import SEVERE
from caresim.agents.service import by_lot
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
MEASURE, CENTRES = "carer_respite", "township_centres"
"""The measures that promise hours: each pays for its own."""
PROMISED = "respite.promised"
OF_PERSON = itemgetter("disability", "main_relation", "key", "village")


class Respite(Parameters):
    """Relief of family carers by bought hours."""

    hours: float = parameter(
        0.0, unit="hours per month", limits=(0.0, 200.0), low=0.0, high=8.0, local=True,
        meaning="Hours of care bought for an elder in state 3 whom the family cares for; a measure adds them.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    of_centres: float = parameter(
        0.0, unit="hours per month", limits=(0.0, 50.0), low=0.0, high=4.0, local=True,
        meaning="Those of these hours that township centres promise and pay; they add them.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def relieve(world: World) -> None:
    """Let bought care take over part of what the families of the severely disabled do, and pay for it."""
    hours = world.by_village("respite.hours")
    anywhere, part, _ = world.once(PROMISED, id(hours), lambda: (*_promised(world, hours), hours))
    if not anywhere:
        return
    care, price = world.care, hour_price(world)
    care.gifts, care.n_gifts, minutes, by_centres = buy_respite(
        care.gifts, care.n_gifts, care.rows, care.left, care.received, *OF_PERSON(world.people.arrays), hours, part,
        *workers_of(world), affordable_minutes(world, price), world.draws.stream(TURN, world.month),
    )  # fmt: skip
    world.workforce.month.respite = minutes
    _pay(world, world.money.afford(cost_of(minutes, price)), by_centres / max(1, minutes))


def _promised(world: World, hours: np.ndarray) -> tuple[bool, np.ndarray]:
    """Return whether hours are promised anywhere, and the part of them that centres promise in each village."""
    of_centres = world.by_village("respite.of_centres")
    part = np.minimum(1.0, np.divide(of_centres, hours, out=np.zeros(len(hours)), where=hours > 0.0))
    return bool(hours.any()), part


def _pay(world: World, fen: int, part: float) -> None:
    """Pay the workers under both measures, the centres for their part."""
    by_centres, funder = int(part * fen), world.policy.funder
    pay_workers(world, MEASURE, funder(MEASURE), fen - by_centres)
    if by_centres and world.month >= world.start:
        pay_workers(world, CENTRES, funder(CENTRES), by_centres)
        world.money.unclaimed[CENTRES] = by_centres


@compiled
def buy_respite(gifts, k, rows, left, received, disability, main_relation, key, village, hours, part, by_village,
                pool, personal, most, stream):  # fmt: skip
    """Hand over the village's hours to families by lot, `most` minutes in all at most.

    Returns:
        The hand-overs, their number, the minutes bought, and those of them that centres promised, a part by village.
    """
    case, luck = list_families(rows, disability, main_relation, key, stream)
    gifts, total, of_centres = with_room(gifts, k, len(case)), 0, 0.0
    for c in case[by_lot(luck)]:
        v = village[rows[c]]
        minutes = min(np.int64(np.floor(HOUR * hours[v])), most - total)
        certified, uncertified = deliver(
            gifts, k, c, CARE_WORKER, minutes, by_village[v], pool, personal, left, received
        )
        k += certified + uncertified > 0
        total += certified + uncertified
        of_centres += part[v] * (certified + uncertified)
    return gifts, k, total, of_centres


@compiled
def list_families(rows, disability, main_relation, key, stream):
    """Return the cases in state 3 with a family carer, and their draws."""
    severe = np.empty(len(rows) + 1, dtype=np.int64)
    m = 0
    for c in range(len(rows)):
        severe[m] = c
        m += disability[np.uint64(rows[c])] == SEVERE
    case, luck = np.empty(m, dtype=np.int64), np.empty(m)
    f = 0
    for c in severe[:m]:
        if 1 <= main_relation[rows[c]] <= LAST_FAMILY + 1:
            case[f], luck[f] = c, uniform(stream, key[rows[c]])
            f += 1
    return case[:f], luck[:f]


PROCESS = Process(
    name="respite",
    run=relieve,
    settles=True,
    reads=("need", "disability", "main_relation", "village", "key", "parameters.needs", "parameters.income"),
    writes=(),
    meaning="Government buys some hours of care for the severely disabled, so that their families can rest.",
    parameters=Respite,
)
