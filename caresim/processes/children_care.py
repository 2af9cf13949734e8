"""Children's care: sons, daughters and their spouses share themselves out among the parents who need them."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    AWAY,
    CASE,
    CHILDREN,
    COMPANY,
    COUNTY,
    DAUGHTER,
    EXHAUSTED,
    GIVEN,
    GIVER,
    INSTRUMENTAL,
    PERSONAL,
    RELATION,
    SAME_HOME,
    SAME_VILLAGE,
    SON,
    WHERE,
)
from caresim.agents.people import ADULT_FROM, ALIVE, FEMALE, PRESENT, REGISTERED, TOWN
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, ascending, parameter

CAPACITY = purpose("children_care.capacity")
NORM = purpose("children_care.norm")
TURN = purpose("children_care.turn")
LEAST = 0.5
"""A child's lasting factor lies between LEAST and LEAST + 1."""
KNOWN = "children_care.circle"
UNKNOWN = -1
ASKED, GAVE, COULD = range(3)
"""What is kept of a candidate: minutes left of all who ask, minutes given in this stage, largest limit so far."""
MOST_KIN = 64
"""Children and children-in-law of one person beyond so many are not asked."""


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


class Circle:
    """The children and children-in-law of those who needed care lately, in the order in which they are asked.

    Looked up anew only for families in which somebody moved, married, died or grew up.

    Attributes:
        parameters: what the strengths rest on.
        gain: what the norm is higher by, by the parent's village.
        generation: numbering of rows.
        looks: number of the look at families that it knows of.
        first: by row of people, where the person's circle begins in the lists below; UNKNOWN if not looked up.
        number: by row of people, how many there are.
        child: rows of children and children-in-law.
        where: where each lives, seen from the parent.
        relation: what each is to the parent.
        strength: lasting factor on each one's hours.
        used: length of the lists in use.
    """

    def __init__(self, parameters: ChildrenCare, gain: np.ndarray, generation: int, looks: int, rows: int,
                 room: int) -> None:  # fmt: skip
        self.parameters, self.gain, self.generation, self.looks = parameters, gain, generation, looks
        self.first = np.full(rows, UNKNOWN, dtype=np.int32)
        self.number = np.zeros(rows, dtype=np.uint8)
        self.child = np.zeros(room, dtype=np.int32)
        self.where = np.zeros(room, dtype=np.uint8)
        self.relation = np.zeros(room, dtype=np.uint8)
        self.strength = np.zeros(room)
        self.used = 0

    @property
    def lists(self) -> tuple[np.ndarray, ...]:
        """Return the lists in the order in which the rules take them."""
        return self.first, self.number, self.child, self.where, self.relation, self.strength


def care_for_parents(world: World) -> None:
    """Let children and children-in-law give what they can, in proportion to what each parent still needs."""
    people, care = world.people, world.care
    parameters: ChildrenCare = world.parameters["children_care"]
    circle = _circle(world, parameters)
    duty, asked = share_out(
        care.rows, care.left, *circle.lists[:4], *(people[name] for name in ("state", "disability", "dementia")),
        people.n,
    )  # fmt: skip
    care.make_room(asked)
    hours = np.array(
        [parameters.near_hours, parameters.near_hours, parameters.town_hours, parameters.away_hours]
    )
    care.n_gifts = give_to_parents(
        care.gifts, care.n_gifts, care.rows, care.left, care.received, *circle.lists, duty,
        *(people[name] for name in ("given", "capacity", "state", "disability", "dementia", "job", "burden")),
        people.n, parameters.main_hours, hours, parameters.job_factor,
        world.parameters["burden"].capacity_effect / EXHAUSTED,
    )  # fmt: skip


def _circle(world: World, parameters: ChildrenCare) -> Circle:
    """Return the circles of this month's cases, as they are now."""
    people, kin = world.people, world.kin
    _, circle = world.memory.get(KNOWN, (None, None))
    gain = world.by_village("children_care.norm_gain")
    missed = circle is None or circle.generation != people.generation or circle.looks + 1 != kin.looks
    room = 16 * len(world.care.rows) + 1024
    changed = missed or circle.parameters != parameters or not np.array_equal(circle.gain, gain)
    if changed or circle.used > room:
        circle = Circle(parameters, gain, people.generation, kin.looks, len(people["household"]), room)
    while not _brought_up_to_date(circle, world):
        room *= 2
        circle = Circle(parameters, gain, people.generation, kin.looks, len(people["household"]), room)
    circle.looks = kin.looks
    world.memory[KNOWN] = (None, circle)
    return circle


def _brought_up_to_date(circle: Circle, world: World) -> bool:
    """Look up the circles that are not known or no longer right; tell whether there was room for all."""
    people, parameters = world.people, circle.parameters
    shares = np.array([1.0, parameters.daughter_in_law, 1.0, parameters.son_in_law])
    circle.used = look_up(
        world.care.rows, world.kin.families, *circle.lists, circle.used,
        *(people[name] for name in ("state", "place", "household", "village", "born", "key", "spouse", "mother",
                                    "father", "first_child", "next_maternal", "next_paternal")),
        people.n, world.month - ADULT_FROM, parameters.norm_low, parameters.norm_high - parameters.norm_low,
        circle.gain, shares,
        *(world.draws.word(word, 0) for word in (CAPACITY, NORM, TURN)),
    )  # fmt: skip
    return bool(circle.used >= 0)


@compiled
def look_up(rows, families, first, number, children, where, relations, strengths, used, state, place, household,
            village, born, key, spouse, mother, father, first_child, next_maternal, next_paternal, n, latest, norm_low,
            norm_spread, norm_gain, shares, capacity_word, norm_word, turn_word):  # fmt: skip
    """List the circles of the cases that are not known or whose families changed, by class, women before men, turn.

    Returns:
        The length of the lists; -1 if they are too short.
    """
    line = np.empty(MOST_KIN)
    for i in families:
        first[i] = UNKNOWN
    for i in rows:
        if first[i] != UNKNOWN:
            continue
        start = used
        child = first_child[i]
        while child >= 0:
            for in_law in (0, 1):
                c = spouse[child] if in_law else child
                if not state[child] & ALIVE or c < 0 or born[c] > latest:
                    continue
                if used - start == MOST_KIN or (in_law and (mother[c] == i or father[c] == i)):
                    continue
                if used == len(children):
                    return -1
                resident = c < n and state[c] & PRESENT != 0
                if resident and household[c] == household[i]:
                    at = SAME_HOME
                elif resident and village[c] == village[i]:
                    at = SAME_VILLAGE
                else:
                    at = COUNTY if resident or place[c] == TOWN else AWAY
                if in_law and at == AWAY:
                    continue
                relation = (DAUGHTER if state[c] & FEMALE else SON) + in_law
                strength = LEAST + uniform(capacity_word, key[c])
                strength *= min(
                    1.0, norm_low + norm_spread * uniform(norm_word, key[c]) + norm_gain[village[i]]
                )
                strength *= shares[relation - DAUGHTER]
                turn = 2 * at + (relation >= SON) + uniform(turn_word, key[c])
                j = used
                while j > start and line[j - 1 - start] > turn:
                    line[j - start] = line[j - 1 - start]
                    children[j], where[j] = children[j - 1], where[j - 1]
                    relations[j], strengths[j] = relations[j - 1], strengths[j - 1]
                    j -= 1
                line[j - start] = turn
                children[j], where[j], relations[j], strengths[j] = c, at, relation, strength
                used += 1
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        first[i], number[i] = start, used - start
    return used


@compiled
def share_out(rows, left, first, number, children, where, state, disability, dementia, n):
    """Add up for everybody the minutes left of all parents for whom he is a candidate.

    Returns:
        By row of people these minutes, and two numbers that `give_to_parents` needs; how many candidates there are.
    """
    duty = np.zeros((len(state), 3), dtype=np.int32)
    asked = 0
    for case in range(len(rows)):
        whole = left[case, PERSONAL] + left[case, INSTRUMENTAL] + left[case, COMPANY]
        if whole == 0:
            continue
        start = first[rows[case]]
        for j in range(start, start + number[rows[case]]):
            c = children[j]
            if where[j] == AWAY and left[case, COMPANY] == 0:
                break
            if c < n and (disability[c] > 1 or dementia[c]) and state[c] & REGISTERED:
                continue
            duty[c, ASKED] += whole
            asked += 1
    return duty, asked


@compiled
def give_to_parents(gifts, k, rows, left, received, first, number, children, where, relations, strengths, duty, given,
                    capacity, state, disability, dementia, job, burden, n, main_hours, hours, job_factor,
                    fatigue):  # fmt: skip
    """Hand over the minutes of children and children-in-law, case by case; return the number of hand-overs."""
    for case in range(len(rows)):
        personal, instrumental, company = left[case, PERSONAL], left[case, INSTRUMENTAL], left[case, COMPANY]
        whole = personal + instrumental + company
        start, main, rest = first[rows[case]], True, whole
        for j in range(start, start + number[rows[case]] if whole else start):
            c, at = children[j], where[j]
            if rest == 0 or (at == AWAY and company == 0):
                break
            if c < n and (disability[c] > 1 or dementia[c]) and state[c] & REGISTERED:
                continue
            free = 60.0 * (main_hours if main and at == SAME_HOME else hours[at]) * strengths[j]
            main = False
            if c < n and state[c] & REGISTERED:  # who has just left the register is kin, and not tired
                free *= max(0.0, 1.0 - fatigue * burden[c])
            if at <= SAME_VILLAGE and job[c]:
                free *= job_factor
            limit = max(0, int(free) - (given[c] - duty[c, GAVE]))
            offer = limit
            if duty[c, ASKED] == whole:
                capacity[c] += limit
            else:  # several parents share the same child
                offer = limit * whole // duty[c, ASKED]
                capacity[c] += max(0, limit - duty[c, COULD])
                duty[c, COULD] = max(limit, duty[c, COULD])
            care = 0 if at == AWAY else min(offer, personal)
            help = 0 if at == AWAY else min(offer - care, instrumental)
            talk = min(offer - care - help, company)
            total = care + help + talk
            personal, instrumental, company = personal - care, instrumental - help, company - talk
            gifts[k, GIVER], gifts[k, CASE], gifts[k, RELATION], gifts[k, WHERE] = c, case, relations[j], at
            gifts[k, GIVEN], gifts[k, GIVEN + 1], gifts[k, GIVEN + 2] = care, help, talk
            given[c] += total
            duty[c, GAVE] += total
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
