"""Guardians: minors in whose household no adult lives are taken in, by kin first, else by somebody of the village."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import in_key_order
from caresim.agents.events import deregister, leave, live_with
from caresim.agents.people import ADULT_FROM, ALIVE, LIVING_RESIDENT, NOBODY, PRESENT, REGISTERED
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform


@compiled
def take_in_minors(state, born, household, village, mother, father, first_child, next_maternal, next_paternal, key,
                   place, first, n, n_households, month, priority):  # fmt: skip
    """Let minors without an adult live with whom takes them in.

    Return how many left the territory, how many the register, and how many of these were residents.
    """
    minors = minors_alone(state, born, household, first, n, n_households, month)
    if len(minors) == 0:
        return 0, 0, 0
    minors = in_key_order(minors, key)
    leader = guardians_of(
        minors, state, born, household, village, mother, father, first_child, next_maternal, next_paternal, key, n,
        month, priority,
    )  # fmt: skip
    return follow(minors, leader, state, place, village, household)


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
def guardians_of(minors, state, born, household, village, mother, father, first_child, next_maternal, next_paternal,
                 key, n, month, priority):  # fmt: skip
    """Return for each minor the person to live with: of the family, else an adult of the village or the territory."""
    leader = np.empty(len(minors), dtype=np.int64)
    for j in range(len(minors)):
        leader[j] = next_of_kin(
            minors[j],
            state,
            born,
            household,
            mother,
            father,
            first_child,
            next_maternal,
            next_paternal,
            n,
            month,
        )
    take_in_orphans(minors, leader, state, born, household, village, key, n, month, priority)
    return leader


@compiled
def next_of_kin(
    i, state, born, household, mother, father, first_child, next_maternal, next_paternal, n, month
):
    """Return who of the family takes in a minor, or nobody.

    The first resident of: mother, father, the father's parents, the mother's parents, an adult brother or sister;
    else the mother or father elsewhere.
    """
    for relative in (mother[i], father[i]):
        if is_adult_resident(relative, state, born, household, n, month):
            return relative
    for parent in (father[i], mother[i]):
        if parent >= 0:
            for relative in (mother[parent], father[parent]):
                if is_adult_resident(relative, state, born, household, n, month):
                    return relative
    for parent in (mother[i], father[i]):
        if parent >= 0:
            sibling = adult_sibling(
                parent, state, born, household, mother, first_child, next_maternal, next_paternal, n, month
            )
            if sibling >= 0:
                return sibling
    for parent in (mother[i], father[i]):
        if parent >= 0 and state[parent] & ALIVE and not in_institution(parent, state, household, n):
            return parent
    return NOBODY


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
