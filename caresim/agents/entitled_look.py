"""What elders claimed and were paid beside what the terms of measures owe them: a look at all who have anything."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ALONE, LAST_FAMILY
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, age_in_years
from caresim.agents.schemes import MEALS
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

SHAPE = 4, 4, 4, 2, 2, 2, 2, 2
"""Assessed state, means, age; then in a home, alone, by family, linked, poor by choice, which changes fastest."""
SITUATIONS = 4**3 * 2**5
OLD = 0, 80, 90, 100
NOBODY, NOTHING_DUE = -1, -1
WITH_MEALS = np.uint8(128)
"""Mark beside the main carer's relation, in what is noted of an elder: a social worker has linked the elder with meals.
"""
NO_MEASURE, EVERY_MEASURE, ALL_ELDERS = -2, -1, -2
"""What a fault is about, if not one measure's claim of an elder: nothing, all cash of an elder, all elders together."""


@compiled
def noted(elders, main_relation, linked):
    """Return who cares for each elder and whether the elder is linked with meals, in the order of the elders."""
    seen = np.empty(len(elders), dtype=np.uint8)
    for j in range(len(elders)):  # without a branch
        i = np.uint64(elders[j])
        seen[j] = main_relation[i] | WITH_MEALS * np.uint8(linked[i] & MEALS != 0)
    return seen


@compiled
def first_unexplained(elders, numbers, besides, state, born, assessed, means, takes_up, place, arrangement, village,
                      key, benefits, seen, month, universal, units, fen_each, total, cash, terms,
                      there, first, word):  # fmt: skip
    """Return the first claim or payment above the terms: the claim, the elder's place, the fen, and what was due.

    A number and what the terms owe for it are compared once; then only whether all who bear it are in one situation.
    """
    own = terms, there
    person = (state, born, assessed, means, takes_up, place, arrangement, village, key)
    heads, due = np.zeros(units.shape[1], dtype=np.int32), np.empty(units.shape[1], dtype=np.int64)
    situation = np.empty(units.shape[1], dtype=np.int32)
    present, kinds = np.empty(units.shape[1] + 1, dtype=np.int32), 0
    due[0] = 0
    for j in range(len(elders)):
        i, number = np.uint64(elders[j]), np.uint64(numbers[j])
        if number == 0 and benefits[i] == 0:
            continue
        if number != 0:
            here = situation_of(i, person, seen[j], month, universal, first, word)
            if heads[number] == 0 or situation[number] != here:
                k = first_above(units, number, own, here)
                if k >= 0:
                    return k, j, units[k, number] * fen_each[k], owed(own, k, here) * fen_each[k]
                situation[number], due[number] = here, cash_due(own, here, fen_each, cash)
            present[kinds] = number
            kinds += heads[number] == 0
            heads[number] += 1
        allowed = due[number] + (besides[j] if len(besides) else 0)
        if benefits[i] > allowed:
            return EVERY_MEASURE, j, np.int64(benefits[i]), allowed
    return wrong_in_all(present[:kinds], heads, units, fen_each, total)


@compiled
def situation_of(i, person, seen, month, universal, first, word):
    """Return the place of an elder among the situations, in the group of villages; -1 if nothing can be due."""
    state, born, assessed, means, takes_up, place, arrangement, village, key = person
    if not takes_up[i] or state[i] & LIVING_RESIDENT != LIVING_RESIDENT or not state[i] & ELDER:
        return NOTHING_DUE
    age, share = age_in_years(month, born[i]), universal[np.uint64(village[i])]
    old = 3 if age >= OLD[3] else (2 if age >= OLD[2] else (1 if age >= OLD[1] else 0))
    in_home = place[i] == INSTITUTION
    by_family = 1 <= seen & ~WITH_MEALS <= LAST_FAMILY + 1 and not in_home
    chosen = means[i] == 0 and share > 0.0 and uniform(word, key[i]) < share
    need = (np.int64(assessed[i]) * 4 + means[i]) * 4 + old
    life = ((in_home * 2 + (arrangement[i] & ALONE != 0)) * 2 + by_family) * 2 + (seen & WITH_MEALS != 0)
    return first[np.uint64(village[i])] + (need * 16 + life) * 2 + chosen


@compiled
def owed(own, k, here):
    """Return the units that a measure owes in a situation, where it is active."""
    units, there = own
    if here < 0 or not there[k, here // SITUATIONS]:
        return np.int64(0)
    return np.int64(units[k, here % SITUATIONS])


@compiled
def first_above(units, number, own, here):
    """Return the first measure that owes more under a number than its terms say; -1 if there is none."""
    for k in range(len(units)):
        if units[k, number] > owed(own, k, here):
            return k
    return -1


@compiled
def cash_due(own, here, fen_each, cash):
    """Return the fen of cash that is due in a situation."""
    fen = np.int64(0)
    for k in range(len(cash)):
        if cash[k]:
            fen += owed(own, k, here) * fen_each[k]
    return fen


@compiled
def wrong_in_all(present, heads, units, fen_each, total):
    """Return the first measure whose sum is not that of what so many elders under each number are owed."""
    for k in range(len(units)):
        fen = np.int64(0)
        for number in present:
            fen += heads[number] * units[k, number] * fen_each[k]
        if total[k] != fen:
            return k, ALL_ELDERS, np.int64(total[k]), fen
    return NO_MEASURE, NOBODY, np.int64(0), np.int64(0)
