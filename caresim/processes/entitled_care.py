"""Entitled care: elders are promised hours of care workers, and families leave part of them to the workers."""

from __future__ import annotations

import numpy as np

from caresim.agents.care_queue import line_up, reserve, serve_queue
from caresim.agents.digital import using_shares
from caresim.agents.priority import village_heads
from caresim.agents.workforce import (
    BY_TEAM,
    CERTIFIED,
    ENTITLING,
    HOUR,
    PER,
    UNCERTIFIED,
    WITHOUT_LIMIT,
    hour_price,
    teams,
)
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose
from caresim.kernel.parameters import Parameters, parameter

TURN = purpose("entitled_care.turn")
MOST = 65_535
ENTITLED_NOW = "entitled_care.any"
FIRST = "entitled_care.first"
NO_SHARES = np.zeros(0)


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
    people, force = world.people, world.workforce
    rules: EntitledCare = world.parameters["entitled_care"]
    if not note_entitled(world):
        return
    queue = force.queue = line_up(world, world.draws.stream(TURN, world.month))
    if rules.first > 0.5:
        serve_queue(world)
    else:
        force.month.held_back = reserve(
            queue.case, queue.team, queue.minutes, queue.aside, rules.crowd_out, force.pool, force.reserved,
            force.personal, world.care.left,
        )  # fmt: skip
    write_waits(people["care_wait"], people.elders_end, world.care.rows, queue.case, queue.rank)


def open_workers(world: World) -> None:
    """Open the month with what each team can give: workers by resident elders, those on loan where they are."""
    force, territory, rules = world.workforce, world.territory, world.parameters["workforce"]
    by_village = world.once(BY_TEAM, len(territory), lambda: teams(territory))
    first = world.once(FIRST, len(territory), lambda: first_of(by_village))
    part = world.by_village("workforce.uncertified_personal")
    if rules.limited and force.workers is None:
        force.workers = rules.at_start(len(world.elders))
    personal = np.minimum(part[first] + rules.guidance * force.guided(), 1.0)
    if not rules.limited:
        force.open(world.month, np.full((len(first), 2), WITHOUT_LIMIT, dtype=np.int64), personal)
        return
    platform = world.by_village("workforce.platform")
    users = using_shares(world, by_village, len(first)) if platform.any() else NO_SHARES
    capacity, lent = capacities(
        by_village, first, territory.remote, rules.remote_reach, village_heads(world),
        world.by_village("workforce.hours"), platform, users, world.by_village("workforce.centre_workers"),
        force.workers, force.loaned,
    )  # fmt: skip
    force.open(world.month, capacity, personal, lent)


@compiled
def first_of(by_village):
    """Return the first village of each team; village 0 for teams without one."""
    first = np.zeros(by_village.max() + 1 if len(by_village) > 0 else 1, dtype=np.int64)
    for v in range(len(by_village) - 1, -1, -1):
        first[by_village[v]] = v
    return first


@compiled
def capacities(
    by_village, first, remote, reach, heads, hours, platform, users, centre_workers, workers, loaned
):
    """Return the minutes that each team's workers of both kinds can give, and those of workers on loan among them."""
    number = len(first)
    weighted, at_centre, on_loan = np.zeros(number), np.zeros(number), np.zeros(number)
    whole = 0.0
    for v in range(len(by_village)):
        weight = heads[v] * (reach if remote[v] else 1.0)
        weighted[by_village[v]] += weight
        whole += weight
        at_centre[by_village[v]] += heads[v] * centre_workers[v]
        if len(loaned) > 0:
            on_loan[by_village[v]] += loaned[v]
    capacity, lent = np.zeros((number, 2), dtype=np.int64), np.zeros(number, dtype=np.int64)
    for t in range(number):
        minutes = HOUR * hours[first[t]]
        if len(users) > 0:
            minutes *= 1.0 + platform[first[t]] * users[t]
        if whole > 0.0:
            for kind in range(2):
                capacity[t, kind] = np.int64(weighted[t] * minutes * workers[kind] / whole)
        lent[t] = np.int64(minutes * on_loan[t])
        capacity[t, CERTIFIED] += lent[t]
        capacity[t, UNCERTIFIED] += np.int64(minutes * at_centre[t] / PER)
    return capacity, lent


def note_entitled(world: World) -> bool:
    """Write the minutes that each elder is promised this month; tell whether there are any."""
    people, granted = world.people, np.zeros(0, dtype=np.int64)
    for name in ENTITLING:
        if (name, "service") in world.claims.made:
            promised = world.claims.granted(name)
            granted = promised if len(granted) == 0 else granted + promised
    known, _ = world.memory.get(ENTITLED_NOW, (False, None))
    anybody = len(granted) > 0 and len(granted) == len(world.elders) and bool(granted.any())
    if known and not anybody:
        people["care_wait"][: people.n] = 0
    if known or anybody:
        people["entitled"][: people.n] = 0
    world.memory[ENTITLED_NOW] = (anybody, None)
    if anybody:
        write_entitled(people["entitled"], world.elders, granted, hour_price(world))
    return anybody


@compiled
def write_entitled(entitled, elders, granted, price):
    """Write the minutes that what is granted pays for."""
    for j in range(len(elders)):
        entitled[elders[j]] = min(granted[j] * HOUR // max(price, 1), MOST)


@compiled
def write_waits(waited, n, rows, case, rank):
    """Keep the months waited of those in the queue; nobody else waits."""
    waited[:n] = 0
    for q in range(len(case)):
        waited[rows[case[q]]] = rank[q, 1]


PROCESS = Process(
    name="entitled_care",
    run=promise,
    settles=True,
    reads=("need", "assessed", "village", "digital_skill", "parameters.workforce",
           "parameters.needs"),
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
