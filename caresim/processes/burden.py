"""Burden: caring wears on carers, slowly, and lets go of them slowly."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import CASE, GIVER
from caresim.agents.people import LIVING_REGISTERED
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import normal_steps, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

PERSON = purpose("burden.person")
MOST = 88.0
"""Points of the Zarit interview."""
JOB_MONTH = 160.0
"""Hours of a month of employment."""
STEPS = 4096
"""Equal steps of a person's draw; its normal quantile is taken at the step's middle, to save time."""


class Burden(Parameters):
    """What the burden of a carer rises to (points of the Zarit interview, 0-88), and how fast."""

    capacity_effect: float = parameter(
        1.0, unit="ratio", limits=(0.0, 3.0), low=0.5, high=1.5,
        meaning="How far burden takes care away: a carer can give 1 - this x burden/120 of his time; 0 switches the "
        "feedback off.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    base: float = parameter(
        10.0, unit="points", limits=(0.0, 88.0), low=5.0, high=15.0,
        meaning="Burden of a carer before hours, state and job count.", source="judgement", evidence="judgement",
    )  # fmt: skip
    per_hour: float = parameter(
        0.15, unit="points per hour", limits=(0.0, 2.0), low=0.05, high=0.25,
        meaning="Burden by hours of care given in a month.", source="judgement", evidence="judgement",
    )  # fmt: skip
    per_state: float = parameter(
        5.0, unit="points", limits=(0.0, 30.0), low=2.0, high=8.0,
        meaning="Burden by the worst disability state (0-3) among those cared for.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    job_conflict: float = parameter(
        6.0, unit="points", limits=(0.0, 88.0), low=2.0, high=12.0,
        meaning="Burden of a job beside many hours of care.", source="judgement", evidence="judgement",
    )  # fmt: skip
    relief: float = parameter(
        7.0, unit="points", limits=(0.0, 88.0), low=0.0, high=10.0,
        meaning="Relief if all but nothing is left to the carer and the rest is bought.", source="rural_carers_zarit",
        evidence="verified",
    )  # fmt: skip
    spread: float = parameter(
        15.0, unit="points", limits=(0.0, 44.0), low=10.0, high=19.0,
        meaning="Standard deviation of the lasting difference between persons.", source="rural_carers_zarit",
        evidence="judgement",
    )  # fmt: skip
    speed: float = parameter(
        0.1, unit="share", low=0.05, high=0.3,
        meaning="Part of the way to its target that burden goes in a month.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    carer_hours: float = parameter(
        4.0, unit="hours per month", limits=(0.1, 300.0), low=1.0, high=8.0,
        meaning="Hours of care in a month from which a person is a carer.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    conflict_hours: float = parameter(
        40.0, unit="hours per month", limits=(0.0, 300.0), low=20.0, high=80.0,
        meaning="Hours of care in a month that a job leaves time for; beyond them employment is lost.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def weigh_down(world: World) -> None:
    """Move every carer's burden towards what this month's care makes of it."""
    people, book = world.people, world.care
    given: Burden = world.parameters["burden"]
    persons = world.once("burden.persons", given.spread, lambda: lasting_differences(given.spread))
    paid = book.paid_minutes()
    beside = paid_beside(book.hand_overs(), paid, people.n) if paid.any() else np.zeros(0, dtype=np.int32)
    book.employment_lost = move_burden(
        *(people[name] for name in ("burden", "given", "state", "job", "disability", "key")), people.n,
        book.hand_overs(), book.rows, beside, given.base, given.per_hour, given.per_state,
        given.job_conflict, given.relief, persons, given.speed, given.carer_hours, given.conflict_hours,
        world.draws.word(PERSON, 0),
    )  # fmt: skip


def lasting_differences(spread: float) -> np.ndarray:
    """Return how far a person's burden lies from others' (points), by the step of the draw."""
    return spread * normal_steps(STEPS)


@compiled
def paid_beside(gifts, paid, n):
    """Return the minutes of paid care of those for whom each registered person cares, every case once."""
    beside, first = np.zeros(n, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    further = []
    for k in range(len(gifts)):
        giver, case = gifts[k, GIVER], gifts[k, CASE]
        if 0 <= giver < n and paid[case] > 0 and first[giver] != case:
            if first[giver] < 0:
                first[giver] = case
                beside[giver] = paid[case]
            else:  # few care for several, and few of them twice for the same
                further.append(np.int64(giver) * len(paid) + case)
    before = np.int64(-1)
    for pair in np.sort(np.array(further, dtype=np.int64)):
        if pair != before:
            beside[pair // len(paid)] += paid[pair % len(paid)]
        before = pair
    return beside


@compiled
def move_burden(burden, given, state, job, disability, key, n, gifts, rows, bought, base, per_hour, per_state,
                job_conflict, relief, persons, speed, carer_hours, conflict_hours, person):  # fmt: skip
    """Move burdens (hundredths of a point) in place; return the months of employment lost."""
    worst = worst_states(n, gifts, rows, disability)
    lost = 0.0
    for i in tired_or_caring(given, burden, n):
        if state[i] & LIVING_REGISTERED != LIVING_REGISTERED:
            burden[i] = 0
            continue
        hours, target = given[i] / 60.0, 0.0
        torn = job[i] != 0 and hours >= conflict_hours
        if torn:
            lost += (hours - conflict_hours) / JOB_MONTH
        if hours >= carer_hours:
            target = base + per_hour * hours + per_state * worst[i] + (job_conflict if torn else 0.0)
            if len(bought):
                target -= relief * (bought[i] / (bought[i] + given[i]))
            target += persons[np.uint64(STEPS * uniform(person, key[i]))]
            target = min(MOST, max(0.0, target))
        burden[i] = np.uint16(burden[i] + (100.0 * target - burden[i]) * speed)
    return lost


@compiled
def tired_or_caring(given, burden, n):
    """Return the rows of those who gave care or are still burdened; without a branch, since neighbours differ."""
    rows = np.empty(n + 1, dtype=np.uint64)
    found = 0
    for i in range(n):
        rows[found] = i
        found += (given[i] | burden[i]) != 0
    return rows[:found]


@compiled
def worst_states(n, gifts, rows, disability):
    """Return for each registered person the worst disability state among those cared for."""
    worst = np.zeros(n, dtype=np.uint8)
    for k in range(len(gifts)):
        giver = gifts[k, GIVER]
        if 0 <= giver < n:
            worst[giver] = max(worst[giver], disability[rows[gifts[k, CASE]]])
    return worst


PROCESS = Process(
    name="burden",
    run=weigh_down,
    settles=True,
    reads=("given", "state", "job", "disability", "key"),
    writes=("burden",),
    meaning="Caring wears on carers: hours, grave disability and a job beside it weigh, bought care relieves.",
    parameters=Burden,
    columns=(
        Column("burden", np.uint16, 0, "hundredths of a point", "Burden of care (Zarit interview, 0-88 points).",
               "burden"),
    ),
)  # fmt: skip
