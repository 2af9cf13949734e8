"""Children's care: sons, daughters and their spouses share themselves out among the parents who need them."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    AWAY,
    COMPANY,
    COUNTY,
    DAUGHTER,
    PERSONAL,
    SAME_HOME,
    SAME_VILLAGE,
    SON,
    hand_over,
    is_able,
    minutes_left,
    unwearied,
)
from caresim.agents.people import ADULT_FROM, ALIVE, FEMALE, PRESENT, TOWN
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

CAPACITY = purpose("children_care.capacity")
NORM = purpose("children_care.norm")
TURN = purpose("children_care.turn")
LEAST = 0.5
"""A child's lasting factor lies between LEAST and LEAST + 1."""


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
        0.6, unit="share", low=0.4, high=0.8,
        meaning="Least filial norm: the share of what they could give that children feel bound to give.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    norm_high: float = parameter(
        1.0, unit="share", low=0.8, high=1.0,
        meaning="Greatest filial norm; people are spread evenly between the two.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    daughter_in_law: float = parameter(
        1.0, unit="ratio", limits=(0.0, 1.0), low=0.6, high=1.0,
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


def care_for_parents(world: World) -> None:
    """Let children and children-in-law give what they can, in proportion to what each parent still needs."""
    people, care = world.people, world.care
    parameters: ChildrenCare = world.parameters["children_care"]
    places = tuple(people[name] for name in ("state", "place", "household", "village"))
    cases, children, classes, relations, duty = find_candidates(
        care.rows, care.left, *places,
        *(people[name] for name in ("born", "spouse", "mother", "father", "first_child", "next_maternal",
                                    "next_paternal", "disability", "dementia")),
        people.n, world.month - ADULT_FROM,
    )  # fmt: skip
    care.make_room(len(cases))
    hours = np.array(
        [parameters.near_hours, parameters.near_hours, parameters.town_hours, parameters.away_hours]
    )
    bound = np.array([1.0, parameters.daughter_in_law, 1.0, parameters.son_in_law])
    care.n_gifts = give_to_parents(
        care.gifts, care.n_gifts, care.rows, care.left, care.received, cases, children, classes, relations, duty,
        *(people[name] for name in ("given", "capacity", "state", "job", "burden", "key")), people.n,
        parameters.main_hours, hours, bound, parameters.norm_low, parameters.norm_high - parameters.norm_low,
        parameters.job_factor, world.parameters["burden"].capacity_effect, world.draws.word(CAPACITY, 0),
        world.draws.word(NORM, 0), world.draws.word(TURN, 0),
    )  # fmt: skip


@compiled
def find_candidates(rows, left, state, place, household, village, born, spouse, mother, father, first_child,
                    next_maternal, next_paternal, disability, dementia, n, latest):  # fmt: skip
    """List the children and children-in-law who could care for each case with minutes left.

    Returns:
        For each candidate of each case: the case, the candidate's row, class and relation; and by row of people the
        minutes left of all cases of whom the person is a candidate.
    """
    duty = np.zeros(len(state), dtype=np.int32)
    room = 8 * len(rows) + 64
    found = np.empty((room, 4), dtype=np.int32)
    m = 0
    for case in range(len(rows)):
        whole = minutes_left(left, case)
        if whole == 0:
            continue
        i = rows[case]
        child = first_child[i]
        while child >= 0:
            for in_law in (0, 1):
                c = spouse[child] if in_law else child
                if (
                    c < 0
                    or not state[c] & ALIVE
                    or born[c] > latest
                    or not is_able(c, n, state, disability, dementia)
                ):
                    continue
                if in_law and (not state[child] & ALIVE or mother[c] == i or father[c] == i):
                    continue
                if m == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                resident = c < n and state[c] & PRESENT != 0
                if resident and household[c] == household[i]:
                    where = SAME_HOME
                elif resident and village[c] == village[i]:
                    where = SAME_VILLAGE
                else:
                    where = COUNTY if resident or place[c] == TOWN else AWAY
                relation = (DAUGHTER if state[c] & FEMALE else SON) + in_law
                found[m, 0], found[m, 1], found[m, 2], found[m, 3] = case, c, where, relation
                duty[c] += whole
                m += 1
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    return found[:m, 0].copy(), found[:m, 1].copy(), found[:m, 2].copy(), found[:m, 3].copy(), duty


@compiled
def give_to_parents(gifts, k, rows, left, received, cases, children, classes, relations, duty, given, capacity, state,
                    job, burden, key, n, main_hours, hours, bound, norm_low, norm_spread, job_factor, effect,
                    capacity_word, norm_word, turn_word):  # fmt: skip
    """Hand over the minutes of children and children-in-law, case by case; return the number of hand-overs.

    The candidates of a case stand together, as `find_candidates` lists them.
    """
    m = len(cases)
    limit = np.empty(m, dtype=np.int64)
    line = np.empty(m)
    order = np.empty(m, dtype=np.int64)
    largest = np.zeros(len(duty), dtype=np.int32)
    stop = 0
    while stop < m:
        start, stop = stop, end_of_case(cases, stop)
        first = queue(start, stop, children, classes, relations, key, turn_word, line, order)
        for j in range(start, stop):
            c, kind = children[j], relations[j] - DAUGHTER
            h = main_hours if j == first else hours[classes[j]]
            norm = norm_low + norm_spread * uniform(norm_word, key[c])
            free = 60.0 * h * (LEAST + uniform(capacity_word, key[c])) * norm * bound[kind]
            free *= unwearied(c, n, state, burden, effect)
            if classes[j] <= SAME_VILLAGE and job[c]:
                free *= job_factor
            limit[j] = max(0, int(free) - given[c])
            if limit[j] > largest[c]:
                capacity[c] += limit[j] - largest[c]
                largest[c] = limit[j]
    stop = 0
    while stop < m:
        start, stop = stop, end_of_case(cases, stop)
        case = cases[start]
        whole = minutes_left(left, case)
        for j in order[start:stop]:
            c = children[j]
            offer = limit[j] * whole // duty[c]
            task = COMPANY if classes[j] == AWAY else PERSONAL
            minutes = hand_over(
                gifts, k, c, case, relations[j], classes[j], offer, task, COMPANY, left, received
            )
            given[c] += minutes
            k += minutes > 0
    return k


@compiled
def end_of_case(cases, start):
    """Return where the candidates of the case end that begin at `start`."""
    stop = start + 1
    while stop < len(cases) and cases[stop] == cases[start]:
        stop += 1
    return stop


@compiled
def queue(start, stop, children, classes, relations, key, turn_word, line, order):
    """Put the candidates of a case in the order in which they give; return the main child, or nobody.

    The main child stands first: of those in the house women before men, then the lasting turn. The others follow by
    class, then women before men, then the turn.
    """
    for j in range(start, stop):
        place = 2 * classes[j] + (relations[j] >= SON) + uniform(turn_word, key[children[j]])
        line[j] = place
        at = j
        while at > start and line[order[at - 1]] > place:
            order[at] = order[at - 1]
            at -= 1
        order[at] = j
    return order[start] if classes[order[start]] == SAME_HOME else NOBODY


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
