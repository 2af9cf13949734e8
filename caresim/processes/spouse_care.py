"""Spouse care: husbands and wives who are able look after one another."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    COMPANY,
    EXHAUSTED,
    HUSBAND,
    INSTRUMENTAL,
    PERSONAL,
    SAME_HOME,
    SPOUSE,
    WIFE,
    WITH_SPOUSE,
    enter,
    left_by_task,
    note_limit,
    parts,
    total_minutes,
    with_room,
)
from caresim.agents.people import FEMALE
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

CAPACITY = purpose("spouse_care.capacity")
LEAST, SPREAD = 0.5, 0.7
"""A spouse's lasting factor lies between LEAST and LEAST + SPREAD."""


class SpouseCare(Parameters):
    """How much a spouse can do."""

    hours: float = parameter(
        90.0, unit="hours per month", limits=(0.0, 300.0), low=60.0, high=120.0,
        meaning="Hours that a spouse can give, before a lasting factor of .5 to 1.2 and fatigue.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    share: float = parameter(
        0.85, unit="share", low=0.6, high=1.0,
        meaning="Largest share of the need that a spouse meets.", source="judgement", evidence="judgement",
    )  # fmt: skip


def care_for_spouse(world: World) -> None:
    """Let able spouses in the same household give what they can."""
    people, care = world.people, world.care
    parameters: SpouseCare = world.parameters["spouse_care"]
    word = world.once("spouse_care.capacity", CAPACITY, lambda: world.draws.word(CAPACITY, 0))
    care.make_room(len(care.rows))
    care.n_gifts, care.limits, care.n_limits = give_to_spouses(
        care.gifts, care.n_gifts, care.limits, care.n_limits, care.rows, care.left, care.received,
        *[people[name] for name in ("given", "state", "arrangement", "spouse", "disability", "dementia", "burden",
                                    "key")],
        parameters.hours, parameters.share, world.parameters["burden"].capacity_effect / EXHAUSTED, word,
    )  # fmt: skip


@compiled
def give_to_spouses(gifts, k, limits, m, rows, left, received, given, state, arrangement, spouse, disability, dementia,
                    burden, key, hours, share, fatigue, word):  # fmt: skip
    """Hand over the spouses' minutes; return the number of hand-overs, the limits and their number."""
    paired = np.empty(len(rows) + 1, dtype=np.uint32)
    found = 0
    for case in range(len(rows)):
        paired[found] = case
        found += arrangement[np.uint64(rows[case])] & WITH_SPOUSE != 0
    caring, found = paired[:found], 0
    for case in caring:  # no branch: who is able, and what is left, is hard to guess
        mate = np.uint64(spouse[rows[case]])
        caring[found] = case
        found += (disability[mate] <= 1) & (dementia[mate] == 0) & (total_minutes(left, case) > 0)
    limits = with_room(limits, m, found)
    for case in caring[:found]:
        mate, whole = np.uint64(spouse[rows[case]]), total_minutes(left, case)
        unwearied = max(0.0, 1.0 - fatigue * burden[mate])
        most = int(60.0 * hours * (LEAST + SPREAD * uniform(word, key[mate])) * unwearied)
        most = max(0, most - np.int64(given[mate]))
        note_limit(limits, m, mate, most)
        m += 1
        relation = WIFE if state[mate] & FEMALE else HUSBAND
        personal, instrumental, company = left_by_task(left, case)
        care, help, talk = parts(min(most, int(share * whole)), personal, instrumental, company)
        minutes = care + help + talk
        enter(gifts, k, mate, case, relation, SAME_HOME, care, help, talk)
        left[case, PERSONAL], left[case, INSTRUMENTAL] = personal - care, instrumental - help
        left[case, COMPANY] = company - talk
        received[case, SPOUSE] += minutes
        given[mate] += minutes
        k += minutes > 0
    return k, limits, m


PROCESS = Process(
    name="spouse_care",
    run=care_for_spouse,
    source="spouse",
    settles=True,
    reads=("need", "arrangement", "spouse", "disability", "dementia", "burden", "state", "given", "key",
           "parameters.burden"),
    writes=("given",),
    meaning="Husbands and wives who are able look after one another.",
    parameters=SpouseCare,
)  # fmt: skip
