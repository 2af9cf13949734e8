"""Co-residence: elders move in with a child, the young set up on their own, no child is left without an adult."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import drawn_below
from caresim.agents.people import (
    ADULT_FROM,
    ALIVE,
    ELDER,
    FEMALE,
    LIVING_RESIDENT,
    MARRIED,
    NEVER_MARRIED,
    NOBODY,
    PRESENT,
    REGISTERED,
)
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, at_most_one, parameter

MOVE = purpose("coresidence.move")
PRIORITY = purpose("coresidence.priority")
FRAIL_FROM = 75 * 12
NEEDS_CARE = 2


class Coresidence(Parameters):
    """Monthly probabilities of joining and splitting households."""

    join: float = parameter(
        0.002, unit="probability per month", limits=(0.0, 0.1), low=0.001, high=0.004,
        meaning="An elder moves in with an adult child in the same village.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    join_factor: float = parameter(
        6.0, unit="ratio", limits=(0.0, 100.0), low=3.0, high=10.0,
        meaning="Factor on joining in disability state 2 or 3, or at 75 and over within a year of widowhood.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    split: float = parameter(
        0.003, unit="probability per month", low=0.001, high=0.02,
        meaning="A married child's family sets up on its own, if no parent in the house is in state 2 or 3.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    leave_home: float = parameter(
        0.003, unit="probability per month", low=0.001, high=0.02,
        meaning="A never-married person from the age of leaving home sets up on his own.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    leave_home_age: int = parameter(
        20, unit="years", low=18, high=25,
        limits=(18, 60), meaning="Age from which the never-married leave home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    _joining = at_most_one("join", "join_factor", of=lambda join, factor: join * factor)


def regroup(world: World) -> None:
    """Let people join and leave households, one after the other in the order of their keys."""
    people, month = world.people, world.month
    parameters: Coresidence = world.parameters["coresidence"]
    columns = tuple(
        people[name] for name in ("state", "born", "household", "village", "marital", "spouse", "mother", "father",
                                  "first_child", "next_maternal", "next_paternal")
    )  # fmt: skip
    stream = world.draws.stream(MOVE, month)
    movers = who_regroups(
        people["state"], people["born"], people["marital"], people["key"], people.n, month,
        parameters.join * max(1.0, parameters.join_factor), parameters.split, parameters.leave_home,
        parameters.leave_home_age * 12, stream,
    )  # fmt: skip
    movers = movers[np.argsort(people["key"][movers])]
    priority = world.draws.stream(PRIORITY, month)
    founded = act(
        movers, *columns, people["disability"], people["widowed"], people["key"], people.n, people.n_households,
        month, parameters.join, parameters.join_factor, parameters.split, parameters.leave_home,
        parameters.leave_home_age * 12, stream, priority,
    )  # fmt: skip
    people.found_households(founded)
    _shelter_minors(world, columns, priority)


def _shelter_minors(world: World, columns: tuple[np.ndarray, ...], priority: np.uint64) -> None:
    """Find a home for every resident minor whose household has no adult."""
    people = world.people
    minors = minors_alone(
        people["state"], people["born"], people["household"], people.n, people.n_households, world.month
    )
    if len(minors) == 0:
        return
    minors = minors[np.argsort(people["key"][minors])]
    leader = shelters(minors, *columns, people["key"], people.n, world.month, priority)
    minors, leader = minors[leader != NOBODY], leader[leader != NOBODY]  # no adult may be left anywhere
    sheltered = (people["state"][leader] & PRESENT) != 0
    people["household"][minors[sheltered]] = people["household"][leader[sheltered]]
    people["village"][minors[sheltered]] = people["village"][leader[sheltered]]
    away = (people["state"][leader] & (PRESENT | REGISTERED)) == REGISTERED
    people.leave(minors[away], people["place"][leader[away]])
    gone = ~sheltered & ~away
    people.deregister(minors[gone], people["place"][leader[gone]])


@compiled
def who_regroups(state, born, marital, key, n, month, join, split, leave_home, leave_age, stream):
    """Return the residents whose draw may lead to a change of household."""
    movers = []
    highest = max(join, split, leave_home)
    for i in drawn_below(stream, key, born, 0, n, month - ADULT_FROM, highest, 0.0):
        if month - born[i] >= ADULT_FROM and state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
            luck = uniform(stream, key[i])
            if luck < highest and (
                (state[i] & ELDER and luck < join)
                or (marital[i] == MARRIED and luck < split)
                or (marital[i] == NEVER_MARRIED and luck < leave_home and month - born[i] >= leave_age)
            ):
                movers.append(i)
    return np.array(movers, dtype=np.int64)


@compiled
def act(movers, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
        next_paternal, disability, widowed, key, n, n_households, month, join, join_factor, split, leave_home,
        leave_age, stream, priority):  # fmt: skip
    """Let movers join or leave households in place, in order; return the number of households founded."""
    founded = 0
    for j in range(len(movers)):
        i = movers[j]
        if household[i] < 0:  # lives in an institution
            continue
        luck = uniform(stream, key[i])
        if state[i] & ELDER:
            frail = disability[i] >= NEEDS_CARE or (month - born[i] >= FRAIL_FROM and month - widowed[i] < 12)
            if luck < join * (join_factor if frail else 1.0):
                child = near_child(
                    i, state, born, household, village, mother, first_child, next_maternal, next_paternal, key, n,
                    month, priority,
                )  # fmt: skip
                if child >= 0:
                    other = spouse[i]
                    if other >= 0 and other < n and household[other] == household[i]:
                        household[other] = household[child]
                    household[i] = household[child]
                    continue
        parents, able = parents_at_home(i, household, mother, father, disability, n)
        if parents == 0:
            continue
        if marital[i] == MARRIED and luck < split and able:
            move_out(
                i, n_households + founded, household, marital, spouse, state, first_child, next_maternal,
                next_paternal, n,
            )  # fmt: skip
            founded += 1
        elif marital[i] == NEVER_MARRIED and luck < leave_home and month - born[i] >= leave_age:
            household[i] = n_households + founded
            founded += 1
    return founded


@compiled
def near_child(i, state, born, household, village, mother, first_child, next_maternal, next_paternal, key, n, month,
               priority):  # fmt: skip
    """Return the adult child in the village whom an elder joins, or nobody.

    Sons come before daughters, then the lowest keyed draw; nobody if an adult child shares the household already.
    """
    best, best_rank = NOBODY, 2.0
    child = first_child[i]
    while child >= 0:
        if (
            child < n
            and state[child] & LIVING_RESIDENT == LIVING_RESIDENT
            and month - born[child] >= ADULT_FROM
        ):
            if household[child] == household[i]:
                return NOBODY
            rank = uniform(priority, key[child]) + (1.0 if state[child] & FEMALE else 0.0)
            if village[child] == village[i] and rank < best_rank and household[child] >= 0:
                best, best_rank = child, rank
        child = next_maternal[child] if mother[child] == i else next_paternal[child]
    return best


@compiled
def parents_at_home(i, household, mother, father, disability, n):
    """Return how many parents share the household, and whether none of them is in disability state 2 or 3."""
    parents, able = 0, True
    for parent in (mother[i], father[i]):
        if parent >= 0 and parent < n and household[parent] == household[i]:
            parents += 1
            able = able and disability[parent] < NEEDS_CARE
    return parents, able


@compiled
def move_out(i, home, household, marital, spouse, state, first_child, next_maternal, next_paternal, n):
    """Move a person with spouse and never-married children from their household to a new one."""
    old = household[i]
    child = first_child[i]
    while child >= 0:
        if child < n and household[child] == old and marital[child] == NEVER_MARRIED:
            household[child] = home
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    other = spouse[i]
    if other >= 0 and other < n and household[other] == old:
        household[other] = home
    household[i] = home


@compiled
def minors_alone(state, born, household, n, n_households, month):
    """Return the resident minors in whose household no adult lives, or who have none yet.

    Household -1, which is none, counts as number 0 and all others as one more, so that no row asks which it is; the
    minors mark number 0, which is never read, so that no row asks who is of age either.
    """
    adults = np.zeros(n_households + 1, dtype=np.bool_)
    minors = np.empty(n + 1, dtype=np.int64)
    found = 0
    for i in range(n):
        adult = born[i] <= month - ADULT_FROM
        adults[np.uint32(household[i] + 1) if adult else np.uint32(0)] = True
        minors[found] = i
        found += (not adult) & (state[i] & LIVING_RESIDENT == LIVING_RESIDENT)
    alone = [i for i in minors[:found] if household[i] < 0 or not adults[household[i] + 1]]
    return np.array(alone, dtype=np.int64)


@compiled
def shelters(minors, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
             next_paternal, key, n, month, priority):  # fmt: skip
    """Return for each minor the person to live with.

    The first resident of: mother, father, the father's parents, the mother's parents, an adult brother or sister;
    else the mother or father elsewhere; else the adult of the village, or of the territory, with the lowest draw.
    """
    leader = np.empty(len(minors), dtype=np.int64)
    for j in range(len(minors)):
        i = minors[j]
        found = NOBODY
        for relative in (mother[i], father[i]):
            if found < 0 and is_adult_resident(relative, state, born, household, n, month):
                found = relative
        for parent in (father[i], mother[i]):
            if found < 0 and parent >= 0:
                for relative in (mother[parent], father[parent]):
                    if found < 0 and is_adult_resident(relative, state, born, household, n, month):
                        found = relative
        for parent in (mother[i], father[i]):
            if found < 0 and parent >= 0:
                found = adult_sibling(
                    parent,
                    state,
                    born,
                    household,
                    mother,
                    first_child,
                    next_maternal,
                    next_paternal,
                    n,
                    month,
                )
        for parent in (mother[i], father[i]):
            if (
                found < 0
                and parent >= 0
                and state[parent] & ALIVE
                and not in_institution(parent, state, household, n)
            ):
                found = parent
        leader[j] = found
    take_in_orphans(minors, leader, state, born, household, village, key, n, month, priority)
    return leader


@compiled
def is_adult_resident(i, state, born, household, n, month):
    """Tell whether a row is a resident of 18 or over who lives in a household."""
    lives_here = 0 <= i < n and state[i] & LIVING_RESIDENT == LIVING_RESIDENT
    return lives_here and month - born[i] >= ADULT_FROM and household[i] >= 0


@compiled
def in_institution(i, state, household, n):
    """Tell whether a row is a resident without a household, who lives in an institution."""
    return i < n and state[i] & PRESENT != 0 and household[i] < 0


@compiled
def adult_sibling(
    parent, state, born, household, mother, first_child, next_maternal, next_paternal, n, month
):
    """Return the youngest adult resident child of a parent, or nobody."""
    child = first_child[parent]
    best = NOBODY
    while child >= 0:
        if is_adult_resident(child, state, born, household, n, month) and (
            best < 0 or born[child] > born[best]
        ):
            best = child
        child = next_maternal[child] if mother[child] == parent else next_paternal[child]
    return best


@compiled
def take_in_orphans(minors, leader, state, born, household, village, key, n, month, priority):
    """Write the adult who takes in each minor without a leader: of the village, else of the territory.

    It is the adult with the lowest draw. All orphans of a month are placed in one look at everybody, so that the
    cost does not grow with the square of the population.
    """
    last = NOBODY
    for j in range(len(minors)):
        if leader[j] < 0:
            last = max(last, village[minors[j]])
    asked = np.zeros(last + 1, dtype=np.bool_)
    best = np.full(last + 1, NOBODY, dtype=np.int64)
    lowest = np.ones(last + 1)
    for j in range(len(minors)):
        if leader[j] < 0:
            asked[village[minors[j]]] = True
    for i in range(n if last >= 0 else 0):
        home = village[i]
        if home <= last and asked[home] and is_adult_resident(i, state, born, household, n, month):
            luck = uniform(priority, key[i])
            if luck < lowest[home]:
                best[home], lowest[home] = i, luck
    for j in range(len(minors)):
        if leader[j] < 0:
            leader[j] = best[village[minors[j]]]
        if leader[j] < 0:
            leader[j] = guardian(state, born, household, key, n, month, priority)


@compiled
def guardian(state, born, household, key, n, month, priority):
    """Return the adult of the territory with the lowest draw, or nobody."""
    best, lowest = NOBODY, 1.0
    for i in range(n):
        if is_adult_resident(i, state, born, household, n, month):
            luck = uniform(priority, key[i])
            if luck < lowest:
                best, lowest = i, luck
    return best


PROCESS = Process(
    name="coresidence",
    run=regroup,
    reads=("state", "born", "household", "village", "marital", "spouse", "mother", "father", "first_child",
           "disability", "widowed"),
    writes=("household", "village", "state", "place"),
    meaning="Elders move in with a child, young families and single adults set up on their own, children without "
    "an adult are taken in.",
    parameters=Coresidence,
)  # fmt: skip
