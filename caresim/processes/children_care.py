"""Children's care: sons, daughters and their spouses share themselves out among the parents who need them."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import (
    AWAY,
    CASE,
    CHILDREN,
    COMPANY,
    EXHAUSTED,
    GIVEN,
    GIVER,
    INSTRUMENTAL,
    PERSONAL,
    RELATION,
    SAME_HOME,
    SAME_VILLAGE,
    WHERE,
    minutes_left,
)
from caresim.agents.circles import Circles, look_up
from caresim.agents.people import ADULT_FROM, REGISTERED
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, purpose
from caresim.kernel.parameters import Parameters, ascending, parameter

CAPACITY = purpose("children_care.capacity")
NORM = purpose("children_care.norm")
TURN = purpose("children_care.turn")
LEAST = 0.5
"""A child's lasting factor lies between LEAST and LEAST + 1."""
KNOWN = "children_care.circles"
ASKED, GAVE, COULD = range(3)
"""What is kept of a candidate: minutes left of all who ask, minutes given in this stage, largest limit so far."""
MAIN = AWAY + 1
"""Place of the main carer's hours after those by distance."""
READ = (
    "state", "place", "household", "village", "born", "key", "spouse", "mother", "father", "first_child",
    "next_maternal", "next_paternal", "given", "capacity", "disability", "dementia", "job", "burden",
)  # fmt: skip
"""The columns in the order in which the rules take them."""


class ChildrenCare(Parameters):
    """How much children and children-in-law can do for parents, by where they live."""

    main_hours: float = parameter(
        150.0, unit="hours per month", limits=(0.0, 300.0), low=100.0, high=200.0,
        meaning="Hours of the main carer among the children in the house, before a lasting factor of .5 to 1.5.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    near_hours: float = parameter(
        30.0, unit="hours per month", limits=(0.0, 200.0), low=15.0, high=60.0,
        meaning="Hours of other children in the house and of those in the same village.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    town_hours: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 100.0), low=4.0, high=16.0,
        meaning="Hours of children in another village of the territory or in the county town.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    away_hours: float = parameter(
        0.8, unit="hours per month", limits=(0.0, 50.0), low=0.2, high=3.0,
        meaning="Hours of company, by telephone, of children farther away.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    norm_low: float = parameter(
        0.65, unit="share", low=0.4, high=0.8,
        meaning="Least filial norm: the share of what they could give that children feel bound to give.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    norm_high: float = parameter(
        0.95, unit="share", low=0.8, high=1.0,
        meaning="Greatest filial norm; people are spread evenly between the two.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    norm_gain: float = parameter(
        0.0, unit="share", limits=(0.0, 1.0), low=0.0, high=0.1, local=True,
        meaning="What the filial norm is higher by, at most up to 1; a measure of government says how much.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    daughter_in_law: float = parameter(
        0.9, unit="ratio", limits=(0.0, 1.0), low=0.6, high=1.0,
        meaning="What a daughter-in-law feels bound to give, relative to an own child.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    son_in_law: float = parameter(
        0.5, unit="ratio", limits=(0.0, 1.0), low=0.2, high=1.0,
        meaning="What a son-in-law feels bound to give, relative to an own child.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    job_factor: float = parameter(
        0.6, unit="ratio", limits=(0.0, 1.0), low=0.4, high=0.9,
        meaning="Factor on the hours of children in the house or the village who have a job off the farm.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _norms = ascending("norm_low", "norm_high")


def care_for_parents(world: World) -> None:
    """Let children and children-in-law give what they can, in proportion to what each parent still needs."""
    people, care = world.people, world.care
    circles = known_circles(world)
    fatigue = world.parameters["burden"].capacity_effect / EXHAUSTED
    columns = [people[name] for name in READ]
    while True:
        done, entries = ask_children(
            care.gifts, care.n_gifts, care.rows, care.left, care.received, world.kin.families, *circles.of_row,
            *circles.lists, circles.helper_of, circles.used, *columns, people.n, world.month - ADULT_FROM,
            circles.gain, *circles.rules, fatigue,
        )  # fmt: skip
        if done >= 0:
            break
        if entries > 0:
            care.make_room(entries)
        else:
            circles = new_circles(world, 2 * len(circles.lists[0]))
    care.n_gifts = done
    circles.looks = world.kin.looks


def rules_of(given: ChildrenCare, draws: Draws) -> tuple[Any, ...]:
    """Return the assumptions and draws in the order in which `ask_children` takes them."""
    near, town, away = (60.0 * hours for hours in (given.near_hours, given.town_hours, given.away_hours))
    return (
        LEAST, given.norm_low, given.norm_high - given.norm_low,
        np.array([1.0, given.daughter_in_law, 1.0, given.son_in_law]),
        *(draws.word(word, 0) for word in (CAPACITY, NORM, TURN)),
        np.array([near, near, town, away, 60.0 * given.main_hours]), given.job_factor,
    )  # fmt: skip


def known_circles(world: World) -> Circles:
    """Return the circles known from last month; none if rows, the norm or what strengths rest on changed."""
    people, kin = world.people, world.kin
    parameters, gain = world.parameters["children_care"], world.by_village("children_care.norm_gain")
    circles: Circles | None = world.memory.get(KNOWN, (None, None))[1]
    if circles is not None and circles.generation == people.generation and circles.looks + 1 == kin.looks:
        same = circles.parameters is parameters or circles.parameters == parameters
        same = same and (circles.gain is gain or np.array_equal(circles.gain, gain))
        if same and circles.used[0] <= 16 * len(world.care.rows) + 1024:
            circles.parameters, circles.gain = parameters, gain
            return circles
    return new_circles(world, 16 * len(world.care.rows) + 1024)


def new_circles(world: World, room: int) -> Circles:
    """Return circles of which nothing is known yet, and keep them."""
    parameters, gain = world.parameters["children_care"], world.by_village("children_care.norm_gain")
    rules = rules_of(parameters, world.draws)
    circles = Circles(parameters, gain, rules, world.people, world.kin.looks, room)
    world.memory[KNOWN] = (None, circles)
    return circles


@compiled
def ask_children(gifts, k, rows, left, received, families, first, number, near, children, helpers, where, relations,
                 strengths, helper_of, used, state, place, household, village, born, key, spouse, mother, father,
                 first_child, next_maternal, next_paternal, given, capacity, disability, dementia, job, burden, n,
                 latest, gain, least, norm_low, norm_spread, shares, capacity_word, norm_word, turn_word, hours,
                 job_factor, fatigue):  # fmt: skip
    """Look up circles that changed, and let all of this month's cases hand over.

    Returns:
        The number of hand-overs; -1 if there is no room, before anybody gave anything. Candidates of all cases; 0 if
        the circles have no room.
    """
    of_row, lists = (first, number, near), (children, helpers, where, relations, strengths)
    if not look_up(
        rows, families, of_row, lists, helper_of, used, state, place, household, village, born, key, spouse, mother,
        father, first_child, next_maternal, next_paternal, n, latest, least, norm_low, norm_spread, gain, shares,
        capacity_word, norm_word, turn_word,
    ):  # fmt: skip
        return -1, 0
    duty, asked = share_out(rows, left, of_row, helpers, used[1])
    if k + asked > len(gifts):
        return -1, asked
    k = give_to_parents(
        gifts, k, rows, left, received, of_row, lists, duty, given, capacity, state, disability, dementia, job, burden,
        n, hours, job_factor, fatigue,
    )  # fmt: skip
    return k, asked


@compiled
def share_out(rows, left, of_row, helpers, n_helpers):
    """Add up for each helper the minutes left of all parents for whom he is a candidate; farther away, company only.

    Returns:
        By helper these minutes, and two numbers that `give_to_parents` needs; how many candidates there are.
    """
    first, number, near = of_row
    duty = np.zeros((n_helpers, 3), dtype=np.int32)
    asked = 0
    for case in range(len(rows)):
        i, whole = np.uint64(rows[case]), minutes_left(left, case)
        candidates = np.int64(number[i] if left[case, COMPANY] > 0 else near[i])
        for j in range(first[i], first[i] + candidates):
            duty[helpers[j], ASKED] += whole
        asked += candidates
    return duty, asked


@compiled
def give_to_parents(gifts, k, rows, left, received, of_row, lists, duty, given, capacity, state, disability, dementia,
                    job, burden, n, hours, job_factor, fatigue):  # fmt: skip
    """Hand over the minutes of children and children-in-law, case by case; return the number of hand-overs."""
    first, number, _ = of_row
    children, helpers, where, relations, strengths = lists
    for case in range(len(rows)):
        personal, instrumental, company = left[case, PERSONAL], left[case, INSTRUMENTAL], left[case, COMPANY]
        whole = personal + instrumental + company
        i, main, rest = np.uint64(rows[case]), True, whole
        for j in range(first[i], first[i] + number[i]):
            c, at, h = children[j], where[j], helpers[j]
            if rest == 0 or (at == AWAY and company == 0):
                break
            free = hours[MAIN if main and at == SAME_HOME else at] * strengths[j]
            if c < n and state[c] & REGISTERED:  # who has just left the register is kin: able, and not tired
                if (disability[c] > 1) | (dementia[c] != 0):
                    continue
                free *= max(0.0, 1.0 - fatigue * burden[c])
                free *= job_factor if (at <= SAME_VILLAGE) & (job[c] != 0) else 1.0
            main = False
            limit = max(0, int(free) - (given[c] - duty[h, GAVE]))
            offer = np.int64(
                np.uint32(limit * whole) // np.uint32(duty[h, ASKED])
            )  # all of it, if nobody else asks
            capacity[c] += max(0, limit - duty[h, COULD])
            duty[h, COULD] = max(limit, duty[h, COULD])
            bodily = 0 if at == AWAY else offer
            care = min(bodily, personal)
            help = min(bodily - care, instrumental)
            talk = min(offer - care - help, company)
            total = care + help + talk
            personal, instrumental, company = personal - care, instrumental - help, company - talk
            gifts[k, GIVER], gifts[k, CASE], gifts[k, RELATION], gifts[k, WHERE] = c, case, relations[j], at
            gifts[k, GIVEN], gifts[k, GIVEN + 1], gifts[k, GIVEN + 2] = care, help, talk
            given[c] += total
            duty[h, GAVE] += total
            rest -= total
            k += total > 0
        received[case, CHILDREN] += whole - rest
        left[case, PERSONAL], left[case, INSTRUMENTAL], left[case, COMPANY] = personal, instrumental, company
    return k


PROCESS = Process(
    name="children_care",
    run=care_for_parents,
    source="children",
    settles=True,
    reads=("need", "place", "household", "village", "spouse", "first_child", "disability", "dementia", "job", "burden",
           "parameters.burden"),
    writes=("given", "capacity"),
    meaning="Sons, daughters and their spouses care for the parents: most those in the house, those far away by "
    "telephone.",
    parameters=ChildrenCare,
)  # fmt: skip
