"""Co-residence: elders move in with a child, the young set up on their own, no child is left without an adult."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, drawn_below, in_key_order
from caresim.agents.events import deregister, leave, live_with
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
COLUMNS = itemgetter(
    "state", "born", "household", "village", "marital", "spouse", "mother", "father", "first_child", "next_maternal",
    "next_paternal", "disability", "widowed", "key", "place",
)  # fmt: skip
ELDER_FROM = 60 * 12
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
    people, month, draws = world.people, world.month, world.draws
    rules = world.once("coresidence", world.parameters["coresidence"], lambda: _rules(world))
    founded, departures, gone, gone_residents = regroup_all(
        *COLUMNS(people.arrays), people.first_born_after(month - ADULT_FROM), people.n, people.n_households, month,
        *rules, draws.stream(MOVE, month), draws.stream(PRIORITY, month),
    )  # fmt: skip
    people.n_households += founded
    people.flows.departures += departures
    people.deregistered(gone, gone_residents)


def _rules(world: World) -> tuple[Bands, tuple[float, float, float, float, int]]:
    """Return the highest probabilities in bands of age, and the numbers of `act`."""
    given: Coresidence = world.parameters["coresidence"]
    adult = max(given.split, given.leave_home)
    elder = max(given.join * max(1.0, given.join_factor), adult)
    bands = ELDER_FROM, ELDER_FROM, ADULT_FROM, elder, elder, adult, 0.0
    return bands, (given.join, given.join_factor, given.split, given.leave_home, given.leave_home_age * 12)


@compiled
def regroup_all(state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
                next_paternal, disability, widowed, key, place, first, n, n_households, month, bands, rules, stream,
                priority):  # fmt: skip
    """Regroup households; return how many were founded, minors who left, who left the register, and from here."""
    movers = who_regroups(state, born, marital, disability, widowed, key, n, month, bands, rules, stream)
    founded = act(
        movers, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
        next_paternal, disability, widowed, key, n, n_households, month, rules, stream, priority,
    )  # fmt: skip
    minors = minors_alone(state, born, household, first, n, n_households + founded, month)
    if len(minors) == 0:
        return founded, 0, 0, 0
    minors = in_key_order(minors, key)
    leader = shelters(
        minors, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
        next_paternal, key, n, month, priority,
    )  # fmt: skip
    departures, gone, residents = follow(minors, leader, state, place, village, household)
    return founded, departures, gone, residents


@compiled
def follow(minors, leader, state, place, village, household):
    """Let minors live with their leaders; return how many left, how many left the register, and how many from here.

    A minor without a leader stays, as no adult is left anywhere.
    """
    departures = gone = residents = 0
    for j in range(len(minors)):
        i, other = minors[j], leader[j]
        if other == NOBODY:
            continue
        if state[other] & PRESENT:
            live_with(i, household[other], state, household)
            village[i] = village[other]
        elif state[other] & REGISTERED:
            departures += leave(i, place[other], state, place, household)
        else:
            residents += deregister(i, place[other], state, place, household)
            gone += 1
    return departures, gone, residents


@compiled
def who_regroups(state, born, marital, disability, widowed, key, n, month, bands, rules, stream):
    """Return the residents whose draw may lead to a change of household, in the order of their keys."""
    join, join_factor, split, leave_home, leave_age = rules
    movers = []
    for i in drawn_below(stream, key, born, 0, n, month, bands):
        if month - born[i] >= ADULT_FROM and state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
            luck = uniform(stream, key[i])
            if (
                (state[i] & ELDER and luck < joining(i, born, disability, widowed, month, join, join_factor))
                or (marital[i] == MARRIED and luck < split)
                or (marital[i] == NEVER_MARRIED and luck < leave_home and month - born[i] >= leave_age)
            ):
                movers.append(i)
    return in_key_order(np.array(movers, dtype=np.int64), key)


@compiled
def joining(i, born, disability, widowed, month, join, join_factor):
    """Return an elder's probability of moving in with a child: higher if frail, or widowed lately at 75 and over."""
    frail = disability[i] >= NEEDS_CARE or (month - born[i] >= FRAIL_FROM and month - widowed[i] < 12)
    return join * (join_factor if frail else 1.0)


@compiled
def act(movers, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
        next_paternal, disability, widowed, key, n, n_households, month, rules, stream, priority):  # fmt: skip
    """Let movers join or leave households in place, in order; return the number of households founded."""
    join, join_factor, split, leave_home, leave_age = rules
    founded = 0
    for j in range(len(movers)):
        i = movers[j]
        if household[i] < 0:  # lives in an institution
            continue
        luck = uniform(stream, key[i])
        if state[i] & ELDER and luck < joining(i, born, disability, widowed, month, join, join_factor):
            child = near_child(
                i, state, born, household, village, mother, first_child, next_maternal, next_paternal, key, n,
                month, priority,
            )  # fmt: skip
            if child >= 0:
                other = spouse[i]
                if other >= 0 and other < n and household[other] == household[i]:
                    live_with(other, household[child], state, household)
                live_with(i, household[child], state, household)
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
            live_with(i, n_households + founded, state, household)
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
            live_with(child, home, state, household)
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    other = spouse[i]
    if other >= 0 and other < n and household[other] == old:
        live_with(other, home, state, household)
    live_with(i, home, state, household)


@compiled
def minors_alone(state, born, household, first, n, n_households, month):
    """Return the resident minors in whose household no adult lives, or who have none yet.

    Household -1, which is none, counts as number 0 and all others as one more, so that no row asks which it is; rows
    before `first` are adults'. The rows of a village lie together by sex and age, so that who is of age is no surprise.
    """
    adults = np.zeros(n_households + 1, dtype=np.uint8)
    minors = np.empty(n - first + 1, dtype=np.int32)
    found = 0
    for i in range(first):
        adults[np.uint32(household[i] + 1)] = 1
    for i in range(first, n):
        if born[i] <= month - ADULT_FROM:
            adults[np.uint32(household[i] + 1)] = 1
        else:
            minors[found] = i
            found += state[i] & LIVING_RESIDENT == LIVING_RESIDENT
    adults[0] = 0
    alone = [np.int64(i) for i in minors[:found] if not adults[np.uint32(household[i] + 1)]]
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
