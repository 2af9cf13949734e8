"""Co-residence: elders move in with a child, the young set up on their own, no child is left without an adult.

Movers act one after the other, each on the households as the ones before left them: an elder moves in with an adult
child of the village, sooner when frail or newly widowed; a married child's family leaves able parents, and a single
adult any parents. Then minors whose household has no adult left go to live with their guardians.
"""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, drawn_below, in_key_order
from caresim.agents.events import live_with
from caresim.agents.guardians import take_in_minors
from caresim.agents.lifetimes import MODERATE
from caresim.agents.people import (
    ADULT_FROM,
    ELDER,
    ELDER_FROM,
    FEMALE,
    LIVING_RESIDENT,
    MARRIED,
    NEVER_MARRIED,
    NOBODY,
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
FRAIL_FROM = 75 * 12


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
    """Return the highest probabilities in bands of age, and the numbers of `change_households`."""
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
    founded = change_households(
        movers, state, born, household, village, marital, spouse, mother, father, first_child, next_maternal,
        next_paternal, disability, widowed, key, n, n_households, month, rules, stream, priority,
    )  # fmt: skip
    departures, gone, residents = take_in_minors(
        state, born, household, village, mother, father, first_child, next_maternal, next_paternal, key, place, first,
        n, n_households + founded, month, priority,
    )  # fmt: skip
    return founded, departures, gone, residents


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
    frail = disability[i] >= MODERATE or (month - born[i] >= FRAIL_FROM and widowed[i] > month - 12)
    return join * (join_factor if frail else 1.0)


@compiled
def change_households(movers, state, born, household, village, marital, spouse, mother, father, first_child,
                      next_maternal, next_paternal, disability, widowed, key, n, n_households, month, rules, stream,
                      priority):  # fmt: skip
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
            able = able and disability[parent] < MODERATE
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


PROCESS = Process(
    name="coresidence",
    run=regroup,
    reads=("state", "born", "household", "village", "marital", "spouse", "mother", "father", "first_child",
           "disability", "widowed", "place", "key", "next_maternal", "next_paternal"),
    writes=("household", "village", "state", "place"),
    meaning="Elders move in with a child, young families and single adults set up on their own, children without "
    "an adult are taken in.",
    parameters=Coresidence,
)  # fmt: skip
