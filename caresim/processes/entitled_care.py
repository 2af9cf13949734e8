"""Entitled care: elders are promised hours of care workers, and families leave part of them to the workers."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care_queue import line_up, reserve, serve_queue
from caresim.agents.digital import skill_of, using_shares
from caresim.agents.priority import village_heads
from caresim.agents.sums_claimed import NOT_GRANTED, Granted
from caresim.agents.workers_month import QUEUED, WAITED
from caresim.agents.workforce import (
    CERTIFIED,
    ENTITLING,
    HOUR,
    PER,
    UNCERTIFIED,
    WITHOUT_LIMIT,
    hour_price,
    teams_of,
    workers_of,
)
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose
from caresim.kernel.parameters import Parameters, parameter

TURN = purpose("entitled_care.turn")
MOST = 65_535
ENTITLED_NOW = "entitled_care.any"
TERMS = "entitled_care.terms"
OF_PEOPLE = itemgetter("entitled", "care_wait", "assessed", "village", "key")
NOT_YET = False, None


class EntitledCare(Parameters):
    """How promised hours and the family's care stand to one another."""

    crowd_out: float = parameter(
        0.25, unit="share", low=0.0, high=0.6,
        meaning="Part of the hours that workers are expected to give which the family then leaves to them; 0 switches "
        "the displacement of the family off.", source="bonsang2009", evidence="judgement",
    )  # fmt: skip
    first: float = parameter(
        0.0, unit="share", low=0.0, high=1.0,
        meaning="Above one half, workers give the promised hours first, and the family does the rest.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def promise(world: World) -> None:
    """Open the workers' month, note who is promised how many hours, and let families count on them."""
    open_workers(world)
    granted = granted_hours(world)
    entitled = granted is not NOT_GRANTED
    if not entitled and not world.memory.get(ENTITLED_NOW, NOT_YET)[0]:
        return
    people, care, force = world.people, world.care, world.workforce
    rules: EntitledCare = world.parameters["entitled_care"]
    first = rules.first > 0.5
    force.queue.table, force.month.held_back = note_entitled(
        *OF_PEOPLE(people.arrays), people.elders_end, *granted, hour_price(world), world.elders, care.rows, care.left,
        *workers_of(world), force.reserved, rules.crowd_out, not first, world.draws.stream(TURN, world.month),
    )  # fmt: skip
    world.memory[ENTITLED_NOW] = (entitled, None)
    if first and len(force.queue) > 0:
        serve_queue(world)


def granted_hours(world: World) -> Granted:
    """Return the fen for hours that the measures which entitle granted each elder; nothing if none claimed any."""
    made = world.claims.made
    claims = [made[name, "service"] for name in ENTITLING if (name, "service") in made]
    if not claims or claims[0].size != len(world.elders):
        return NOT_GRANTED
    if len(claims) == 1:
        return claims[0].granted_by_number()
    everybody = np.arange(len(world.elders), dtype=np.int32)
    return everybody, everybody, np.sum([claim.granted for claim in claims], axis=0), 1


@compiled
def note_entitled(entitled, waited, assessed, village, key, elders_end, places, numbers, units, each, price, elders,
                  rows, left, by_village, pool, personal, reserved, crowd_out, reserving, stream):  # fmt: skip
    """Write what elders are promised and how long they have waited, and reserve workers.

    Returns:
        The table of the queue, and the minutes that families leave to workers.
    """
    entitled[:elders_end] = 0
    for place in places:
        j = np.uint32(place)
        granted = units[np.uint32(numbers[j])] * np.int64(each)
        if granted > 0:
            entitled[np.uint64(elders[j])] = min(granted * HOUR // max(price, 1), MOST)
    queue = line_up(elders, rows, entitled, assessed, waited, village, key, by_village, stream)
    waited[:elders_end] = 0
    for q in range(queue.shape[1]):
        waited[rows[queue[QUEUED, q]]] = queue[WAITED, q]
    return queue, reserve(queue, crowd_out, pool, reserved, personal, left) if reserving else 0


def open_workers(world: World) -> None:
    """Open the month with what each team can give: workers by resident elders, those on loan where they are."""
    force, rules = world.workforce, world.parameters["workforce"]
    when = rules, id(world.local)
    by_village, villages, of_teams, platform, _ = world.once(TERMS, when, lambda: terms_of(world, rules))
    guidance = rules.guidance * force.guided()
    if not rules.limited:
        capacity = np.full((len(of_teams[0]), 2), WITHOUT_LIMIT, dtype=np.int64)
        force.open(world.month, capacity, np.minimum(of_teams[-1] + guidance, 1.0))
        return
    if force.workers is None:
        force.workers = rules.at_start(len(world.elders))
    number = len(of_teams[0])
    force.open_again(world.month, number)
    fill(
        force.capacity, force.pool, force.reserved, force.personal, force.lent, by_village, village_heads(world),
        *villages, *of_teams, guidance, platform, world.elders, *skill_of(world), world.people["village"],
        force.workers, force.loaned,
    )  # fmt: skip


def terms_of(world: World, rules: Any) -> tuple[Any, ...]:
    """Return the team of each village; reach and centre workers by village; hours, platform and part by team.

    Then whether there is a platform anywhere; last `world.local`, the same object as long as this holds.
    """
    by_village = teams_of(world)
    hours, platform, part, centre = (
        world.by_village(f"workforce.{name}")
        for name in ("hours", "platform", "uncertified_personal", "centre_workers")
    )
    first = first_of(by_village)
    villages = np.where(world.territory.remote, rules.remote_reach, 1.0), centre
    return (
        by_village,
        villages,
        (hours[first], platform[first], part[first]),
        bool(platform.any()),
        world.local,
    )


@compiled
def first_of(by_village):
    """Return the first village of each team; village 0 for teams without one."""
    first = np.zeros(by_village.max() + 1 if len(by_village) > 0 else 1, dtype=np.int64)
    for v in range(len(by_village) - 1, -1, -1):
        first[by_village[v]] = v
    return first


@compiled
def fill(capacity, pool, reserved, personal, lent, by_village, heads, reach, centre_workers, hours, platform, part,
         guidance, ordered, elders, skill, helped, village, workers, loaned):  # fmt: skip
    """Write the minutes that each team's workers can give, those on loan among them, and what uncertified ones may do.

    Only where care is ordered on a platform is it asked which elders use digital services.
    """
    number = len(capacity)
    users = np.zeros(number)
    if ordered:
        using_shares(elders, skill, helped, village, by_village, users)
    weighted, at_centre, on_loan = np.zeros(number), np.zeros(number), np.zeros(number)
    whole = 0.0
    for v in range(len(by_village)):
        weight = heads[v] * reach[v]
        weighted[by_village[v]] += weight
        whole += weight
        at_centre[by_village[v]] += heads[v] * centre_workers[v]
        if len(loaned) > 0:
            on_loan[by_village[v]] += loaned[v]
    capacity[:], reserved[:] = 0, 0
    for t in range(number):
        minutes = HOUR * hours[t]
        minutes *= 1.0 + platform[t] * users[t]
        if whole > 0.0:
            for kind in range(2):
                capacity[t, kind] = np.int64(weighted[t] * minutes * workers[kind] / whole)
        lent[t] = np.int64(minutes * on_loan[t])
        capacity[t, CERTIFIED] += lent[t]
        capacity[t, UNCERTIFIED] += np.int64(minutes * at_centre[t] / PER)
        personal[t] = min(part[t] + guidance, 1.0)
        pool[t, CERTIFIED], pool[t, UNCERTIFIED] = capacity[t, CERTIFIED], capacity[t, UNCERTIFIED]


PROCESS = Process(
    name="entitled_care",
    run=promise,
    settles=True,
    reads=("need", "assessed", "village", "digital_skill", "care_wait", "key", "parameters.workforce",
           "parameters.needs", "parameters.digital_skill", "parameters.income"),
    writes=("entitled", "care_wait"),
    meaning="Elders are promised hours of care workers; families count on part of them and do so much less.",
    parameters=EntitledCare,
    columns=(
        Column("entitled", np.uint16, 0, "minutes per month", "Care by workers that the elder is entitled to.",
               "entitled_care", elder=True),
        Column("care_wait", np.uint8, 0, "months", "Months in which entitled care fell short, up to now.",
               "entitled_care, formal_care", elder=True),
    ),
)  # fmt: skip
