"""Children's care: sons, daughters and their spouses share themselves out among the parents who need them."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import (
    AWAY,
    CHILDREN,
    COMPANY,
    DAUGHTER,
    EXHAUSTED,
    INSTRUMENTAL,
    PERSONAL,
    enter,
    left_by_task,
    parts,
    with_room,
)
from caresim.agents.circles import CODE_BITS, MOST_KIN, RELATIONS, WHERE_BITS, Circles, renew_circles
from caresim.agents.offers import (
    DONE,
    ROW,
    enter_done,
    look_at_helpers,
    make_offers,
    note_done,
    share_out,
    stand_in_line,
    strain_of_all,
)
from caresim.agents.people import ADULT_FROM
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
columns_of = itemgetter(
    "state", "place", "household", "village", "born", "key", "spouse", "mother", "father", "first_child",
    "next_maternal", "next_paternal", "given", "disability", "dementia", "job", "burden",
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
    people, care, kin = world.people, world.care, world.kin
    fatigue = world.parameters["burden"].capacity_effect / EXHAUSTED
    circles, columns = known_circles(world), columns_of(people.arrays)
    care.gifts, care.n_gifts, care.limits, care.n_limits, circles.lists = ask_children(
        care.gifts, care.n_gifts, care.limits, care.n_limits, care.rows, care.left, care.received, kin.families,
        circles.lists, *columns, people.n, people.elders_end, world.month - ADULT_FROM, circles.gain,
        *circles.rules, fatigue,
    )  # fmt: skip
    circles.looks = kin.looks


def rules_of(given: ChildrenCare, draws: Draws) -> tuple[Any, ...]:
    """Return the assumptions and draws in the order in which `ask_children` takes them.

    The last two are minutes by who is the main carer, and factors by who has a job, both by where.
    """
    near, town, away = (60.0 * hours for hours in (given.near_hours, given.town_hours, given.away_hours))
    return (
        LEAST, given.norm_low, given.norm_high - given.norm_low,
        np.array([1.0, given.daughter_in_law, 1.0, given.son_in_law]),
        *(draws.word(word, 0) for word in (CAPACITY, NORM, TURN)),
        np.array([[near, near, town, away], [60.0 * given.main_hours, near, town, away]]),
        np.array([[1.0, 1.0, 1.0, 1.0], [given.job_factor, given.job_factor, 1.0, 1.0]]),
    )  # fmt: skip


def known_circles(world: World) -> Circles:
    """Return the circles known from last month; none if rows, the norm or what strengths rest on changed."""
    circles: Circles | None = world.memory.get(KNOWN, (None, None))[1]
    if (
        circles is not None
        and circles.generation == world.people.generation
        and circles.looks + 1 == world.kin.looks
    ):
        parameters, gain = world.parameters["children_care"], world.by_village("children_care.norm_gain")
        same = circles.parameters is parameters or circles.parameters == parameters
        same = same and (circles.gain is gain or np.array_equal(circles.gain, gain))
        if same:
            circles.parameters, circles.gain = parameters, gain
            return circles
    return new_circles(world)


def new_circles(world: World) -> Circles:
    """Return circles of which nothing is known yet, and keep them."""
    parameters, gain = world.parameters["children_care"], world.by_village("children_care.norm_gain")
    rules = rules_of(parameters, world.draws)
    circles = Circles(parameters, gain, rules, world.people)
    world.memory[KNOWN] = (None, circles)
    return circles


@compiled
def ask_children(gifts, k, limits, m, rows, left, received, families, known, state, place, household, village, born,
                 key, spouse, mother, father, first_child, next_maternal, next_paternal, given, disability, dementia,
                 job, burden, n, elders_end, latest, gain, least, norm_low, norm_spread, shares, capacity_word,
                 norm_word, turn_word, hours, job_factors, fatigue):  # fmt: skip
    """Renew the circles, and let children hand over to all of this month's cases.

    Returns:
        The hand-overs and their number, the limits and their number, and the circles.
    """
    kin = (state, place, household, village, born, key, spouse, mother, father, first_child, next_maternal,
           next_paternal, n)  # fmt: skip
    terms = latest, gain, least, norm_low, norm_spread, shares, capacity_word, norm_word, turn_word
    known = renew_circles(rows, families, known, kin, terms, elders_end)
    _, begins, who, strengths, helper_rows, _ = known
    case_of = stand_in_line(begins)
    strain = strain_of_all(state, disability, dementia, job, burden, n)
    helpers = look_at_helpers(helper_rows, strain, given)
    share_out(left, who, case_of, helpers)
    most, offers = make_offers(left, who, strengths, case_of, helpers, hours, job_factors, fatigue)
    gifts, k = give_to_parents(gifts, k, left, received, who, helpers, begins, most, offers)
    return gifts, k, *enter_done(helpers, given, limits, m), known


@compiled
def give_to_parents(gifts, k, left, received, who, helpers, begins, most, offers):
    """Hand over the minutes of children and children-in-law, case by case; return the hand-overs, and their number."""
    k = np.uint64(k)
    for case in range(len(left)):
        gifts = with_room(gifts, np.int64(k), MOST_KIN + 1)  # the last place is for who gives nothing
        personal, instrumental, company = left_by_task(left, case)
        whole = personal + instrumental + company
        rest = whole
        for j in range(begins[case], begins[case + 1]):
            one = who[j]
            h, at = one >> CODE_BITS, (one >> WHERE_BITS) & RELATIONS
            if rest == 0 or (at == AWAY and company == 0):
                break
            there = np.int64(at != AWAY)
            care, help, talk = parts(np.int64(offers[j]), personal * there, instrumental * there, company)
            total = care + help + talk
            personal, instrumental, company = personal - care, instrumental - help, company - talk
            relation = (one & RELATIONS) + np.uint32(DAUGHTER)
            enter(gifts, k, helpers[h, ROW], case, relation, at, care, help, talk)
            helpers[h, DONE] = note_done(helpers[h, DONE], np.uint32(most[j]), np.uint32(total))
            rest -= total
            k += np.uint64(total > 0)
        received[case, CHILDREN] += whole - rest
        left[case, PERSONAL], left[case, INSTRUMENTAL], left[case, COMPANY] = personal, instrumental, company
    return gifts, np.int64(k)


PROCESS = Process(
    name="children_care",
    run=care_for_parents,
    source="children",
    settles=True,
    reads=("need", "place", "household", "village", "spouse", "first_child", "disability", "dementia", "job",
           "burden", "state", "born", "mother", "father", "next_maternal", "next_paternal", "given", "key",
           "parameters.burden"),
    writes=("given",),
    meaning="Sons, daughters and their spouses care for the parents: most those in the house, those far away by "
    "telephone.",
    parameters=ChildrenCare,
)  # fmt: skip
