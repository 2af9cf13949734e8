"""Burden: caring wears on carers, slowly, and lets go of them slowly."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import FIRST_PAID, LAST_FAMILY, SOURCES
from caresim.agents.carers import family_minutes, places_in_list, tired_or_caring
from caresim.agents.people import LIVING_REGISTERED
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, normal_steps, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

PERSON = purpose("burden.person")
OF_PEOPLE = itemgetter("burden", "given", "state", "job", "disability", "key")
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
        meaning="Relief if all but nothing is left to the carer and the rest is bought; a choice beside the 7.3 "
        "points that carers with formal medical aid have less.", source="rural_carers_zarit", evidence="judgement",
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
        meaning="Hours of care for family in a month from which a person is a carer.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    conflict_hours: float = parameter(
        40.0, unit="hours per month", limits=(0.0, 300.0), low=20.0, high=80.0,
        meaning="Hours of care in a month that a job leaves time for; beyond them employment is lost.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def weigh_down(world: World) -> None:
    """Move every family carer's burden towards what this month's care of the family makes of it."""
    people, book = world.people, world.care
    given: Burden = world.parameters["burden"]
    rules = world.once("burden.rules", given, lambda: rules_of(given, world.draws))
    book.employment_lost = move_burden(
        *OF_PEOPLE(people.arrays), people.n, book.gifts, book.n_gifts, book.rows, book.received, *rules
    )


def rules_of(given: Burden, draws: Draws) -> tuple[Any, ...]:
    """Return the assumptions and draws in the order in which `move_burden` takes them."""
    return (
        given.base, given.per_hour, given.per_state, given.job_conflict, given.relief,
        lasting_differences(given.spread), given.speed, given.carer_hours, given.conflict_hours, draws.word(PERSON, 0),
    )  # fmt: skip


def lasting_differences(spread: float) -> np.ndarray:
    """Return how far a person's burden lies from others' (points), by the step of the draw."""
    return spread * normal_steps(STEPS)


@compiled
def move_burden(burden, given, state, job, disability, key, n, gifts, n_gifts, rows, received, base, per_hour,
                per_state, job_conflict, relief, persons, speed, carer_hours, conflict_hours, person):  # fmt: skip
    """Move burdens (hundredths of a point) in place; return the months of employment lost."""
    given = family_minutes(given, gifts, n_gifts, n)
    carers, eights, before = tired_or_caring(given, burden, n)
    states, paid = states_and_paid_minutes(rows, disability, received)
    worst = worst_states(gifts, n_gifts, n, states)
    beside = paid_beside(gifts, n_gifts, n, paid, len(carers), eights, before)
    steps, lost = steps_of(carers, key, person), 0.0
    for c in range(len(carers)):  # no branch: who is a carer, and who has a job, no processor guesses
        i = carers[c]
        alive = state[i] & LIVING_REGISTERED == LIVING_REGISTERED
        hours = given[i] / 60.0
        torn = (job[i] != 0) & (hours >= conflict_hours)
        lost += (hours - conflict_hours) / JOB_MONTH if torn & alive else 0.0
        target = base + per_hour * hours + per_state * worst[i] + (job_conflict if torn else 0.0)
        target -= relief * (beside[c] / max(1, beside[c] + given[i]))
        target += persons[steps[c]]
        target = 0.0 if (target < 0.0) | (hours < carer_hours) else min(MOST, target)
        burden[i] = np.uint16(burden[i] + (100.0 * target - burden[i]) * speed) if alive else 0
    return lost


@compiled
def steps_of(carers, key, person):
    """Return the step of each carer's lasting draw; the keys are fetched first, so that no draw waits for one."""
    keys, steps = np.empty(len(carers), dtype=np.uint64), np.empty(len(carers), dtype=np.uint16)
    for c in range(len(carers)):
        keys[c] = key[carers[c]]
    for c in range(len(carers)):
        steps[c] = int(STEPS * uniform(person, keys[c]))
    return steps


@compiled
def states_and_paid_minutes(rows, disability, received):
    """Return the disability state of each case, and the minutes of paid care that it received this month."""
    states, paid = np.empty(len(rows), dtype=np.uint8), np.zeros(len(rows), dtype=np.int32)
    for case in range(len(rows)):
        states[case] = disability[np.uint64(rows[case])]
        for source in range(FIRST_PAID, len(SOURCES)):
            paid[case] += received[case, source]
    return states, paid


@compiled
def worst_states(gifts, n_gifts, n, states):
    """Return, by row, the worst disability state among the family for whom a person cares."""
    worst, others = np.zeros(n + 1, dtype=np.uint8), np.uint32(n)
    for k in range(n_gifts):  # without a branch: nobody, strangers and kin outside share the last place
        giver = min(np.uint32(gifts[k].giver), others) if gifts[k].relation <= LAST_FAMILY else others
        state = states[np.uint32(gifts[k].case)]
        worst[giver] = max(worst[giver], state)
    return worst


@compiled
def paid_beside(gifts, n_gifts, n, paid, n_carers, eights, before):
    """Return the minutes of paid care of all for whom each of the list cares, every case once."""
    beside, known = np.zeros(n_carers, dtype=np.int32), np.full(n_carers, NOBODY, dtype=np.int32)
    givers, cases = beside_paid_care(gifts, n_gifts, n, paid)
    places_in_list(givers, eights, before)
    again, m = np.empty(len(cases) + 1, dtype=np.int64), 0
    for k in range(len(cases)):  # without a branch; few care for several, and few of them twice for the same
        c, case = givers[k], cases[k]
        first = known[c] == NOBODY
        beside[c] += paid[case] if first else 0
        again[m] = np.int64(c) * len(paid) + case
        m += (known[c] != case) & ~first
        known[c] = case if first else known[c]
    last = np.int64(NOBODY)
    for pair in np.sort(again[:m]):
        if pair != last:
            beside[pair // len(paid)] += paid[pair % len(paid)]
        last = pair
    return beside


@compiled
def beside_paid_care(gifts, n_gifts, n, paid):
    """Return the rows of the family's givers whose case received paid care too, and these cases."""
    givers, cases = np.empty(n_gifts + 1, dtype=np.uint32), np.empty(n_gifts + 1, dtype=np.uint32)
    found = 0
    for k in range(n_gifts):  # without a branch
        giver, case = np.uint32(gifts[k].giver), np.uint32(gifts[k].case)
        givers[found], cases[found] = giver, case
        found += (giver < np.uint32(n)) & (gifts[k].relation <= LAST_FAMILY) & (paid[case] > 0)
    return givers[:found], cases[:found]


PROCESS = Process(
    name="burden",
    run=weigh_down,
    settles=True,
    reads=("given", "state", "job", "disability", "key", "burden"),
    writes=("burden",),
    meaning="Caring wears on family carers: hours, grave disability and a job beside it weigh, bought care relieves.",
    parameters=Burden,
    columns=(
        Column("burden", np.uint16, 0, "hundredths of a point", "Burden of care (Zarit interview, 0-88 points).",
               "burden", most=int(100 * MOST)),
    ),
)  # fmt: skip
