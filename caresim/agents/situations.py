"""Situations of elders that measures tell apart: ability, means, age, where and with whom they live, who cares.

There are few of them, so a measure says once for each situation what is due, and every month looks up the elders'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from caresim.agents.care import ALONE, LAST_FAMILY
from caresim.agents.people import INSTITUTION
from caresim.agents.schemes import MEALS
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

ASSESSED, MEANS, AGE, IN_HOME, LIVES_ALONE, BY_FAMILY, LINKED, CHOSEN = 0, 2, 4, 6, 7, 8, 9, 10
"""First bits of the parts of a situation's number."""
SITUATIONS = 1 << 11
YEAR = 12
AGES = 0, 80, 90, 100
NOWHERE = -1
"""Slot of what is not entered in the ledger."""


@dataclass(frozen=True)
class Situations:
    """All situations side by side, by number; what a measure says of them is an array of the same shape.

    Attributes:
        assessed: disability state as offices know it.
        means: 1 below the local minimum, 2 destitute, as in the column `means`.
        age: completed years, rounded down to 0, 80, 90 or 100.
        in_home: lives in a care home.
        alone: lives alone.
        by_family: has a main carer in the family, and does not live in a care home.
        linked: a social worker has linked the elder with meals.
        chosen: one of those above the local minimum who count as poor (`benefits.universal`).
    """

    assessed: np.ndarray
    means: np.ndarray
    age: np.ndarray
    in_home: np.ndarray
    alone: np.ndarray
    by_family: np.ndarray
    linked: np.ndarray
    chosen: np.ndarray


@cache
def situations() -> Situations:
    """Return all situations."""
    number = np.arange(SITUATIONS)
    bits = (number >> bit & 1 == 1 for bit in (IN_HOME, LIVES_ALONE, BY_FAMILY, LINKED, CHOSEN))
    in_home, alone, by_family, linked, chosen = bits
    return Situations(
        number >> ASSESSED & 3, number >> MEANS & 3, np.array(AGES)[number >> AGE & 3], in_home, alone,
        by_family & ~in_home, linked, chosen,
    )  # fmt: skip


@compiled
def need_of(assessed, means, months):
    """Return the part of a situation's number that says ability, means and age, 0 for who is in no need."""
    old = (
        np.uint8(months >= AGES[1] * YEAR)
        + np.uint8(months >= AGES[2] * YEAR)
        + np.uint8(months >= AGES[3] * YEAR)
    )
    return np.uint8(np.uint8(assessed << ASSESSED) | np.uint8(means << MEANS) | np.uint8(old << AGE))


@compiled
def claimable(born, assessed, means, takes_up, month, needs):
    """Write each row's need as a situation's number says it; 0 for who takes nothing up."""
    for i in range(len(needs)):  # without a branch, several at once
        needs[i] = need_of(assessed[i], means[i], np.int16(month) - born[i]) * np.uint8(takes_up[i] != 0)


@compiled
def life_of(place, arrangement, main_relation, linked):
    """Return the part of a situation's number that says where and with whom an elder lives and who cares."""
    number = np.int64(place == INSTITUTION) << IN_HOME | np.int64(arrangement & ALONE != 0) << LIVES_ALONE
    number |= np.int64((main_relation >= 1) & (main_relation <= LAST_FAMILY + 1)) << BY_FAMILY
    return number | np.int64(linked & MEALS != 0) << LINKED


@compiled
def note_needs(elders, born, assessed, means, takes_up, month, elders_end, numbers):
    """Write the part of each elder's number that says the need, 0 for who is in none or takes nothing up.

    Returns:
        The places among the elders of those who can claim.
    """
    found, needs = 0, np.empty(elders_end, dtype=np.uint8)
    claimants = np.empty(len(elders) + 1, dtype=np.int32)
    claimable(born, assessed, means, takes_up, month, needs)
    for j in range(len(elders)):  # without a branch
        need = needs[np.uint64(elders[j])]
        numbers[j] = need
        claimants[found] = j
        found += np.int64(need != 0)
    return claimants[:found].copy()


@compiled
def note_lives(elders, claimants, means, place, arrangement, main_relation, linked, village, key, region, universal,
               word, numbers, heads, present):  # fmt: skip
    """Complete the numbers of those who can claim: how they live, who is chosen, and their region's number.

    Claimants are counted by number in `heads`; the numbers of whom there are any go into `present`, which has room for
    one more.

    Returns:
        How many numbers there are any of.
    """
    kinds = 0
    for a in range(len(claimants)):
        j = np.uint32(claimants[a])
        i = np.uint64(elders[j])
        v = np.uint64(village[i])
        number = numbers[j] + life_of(place[i], arrangement[i], main_relation[i], linked[i]) + region[v]
        share = universal[v]
        if share > 0.0 and means[i] == 0 and uniform(word, key[i]) < share:
            number += 1 << CHOSEN
        numbers[j] = number
        present[kinds] = number
        kinds += heads[np.uint64(number)] == 0
        heads[np.uint64(number)] += 1
    return kinds


@compiled
def claim_by_situation(elders, born, assessed, means, takes_up, place, arrangement, village, key, main_relation, linked,
                       benefits, month, elders_end, numbers, ledger, cash, slots, region, universal, word,
                       units_due, fen_each, total):  # fmt: skip
    """Claim for everybody what measures owe by situation, and pay at once those of their sums that are to be.

    `units_due` has the units that each measure owes by number, shape (measures, numbers), `fen_each` what a unit is
    worth. What is `cash` of elders is paid into `benefits`, and what has a slot in the `ledger` is entered there. The
    number of each elder's situation and region, 0 of who is in no need or takes nothing up, is written into `numbers`,
    the fen that each measure owes into `total`.

    Returns:
        The places among the elders of those who can claim.
    """
    claimants = note_needs(elders, born, assessed, means, takes_up, month, elders_end, numbers)
    heads, present = np.zeros(units_due.shape[1], np.int64), np.empty(units_due.shape[1] + 1, np.int64)
    kinds = note_lives(
        elders, claimants, means, place, arrangement, main_relation, linked, village, key, region, universal,
        word, numbers, heads, present,
    )  # fmt: skip
    each, any_cash = np.zeros(len(heads), dtype=np.int32), False
    for k in range(len(units_due)):
        total[k] = 0
        any_cash |= cash[k]
        for number in present[:kinds]:
            fen = units_due[k, number] * fen_each[k]
            total[k] += heads[number] * fen
            each[number] += fen if cash[k] else 0
        if slots[k] != NOWHERE:
            ledger[slots[k]] += total[k]
    if any_cash:
        for place_of in claimants:
            j = np.uint32(place_of)
            benefits[np.uint64(elders[j])] = each[np.uint32(numbers[j])]
    return claimants


@compiled
def look_up(numbers, units_due, fen_each):
    """Return the fen that a measure owes each elder."""
    fen = np.empty(len(numbers), dtype=np.int64)
    for j in range(len(numbers)):
        fen[j] = units_due[np.uint32(numbers[j])] * fen_each
    return fen


@compiled
def look_up_any(numbers, units_due, fen_each):
    """Return whether a measure owes each elder anything."""
    known, found = np.empty(len(units_due), dtype=np.bool_), np.empty(len(numbers), dtype=np.bool_)
    for number in range(len(units_due)):
        known[number] = units_due[number] * fen_each > 0
    for j in range(len(numbers)):
        found[j] = known[np.uint32(numbers[j])]
    return found


@compiled
def look_up_some(numbers, units_due, fen_each, places):
    """Return the fen that a measure owes some of the elders, by their places among all."""
    fen = np.empty(len(places), dtype=np.int64)
    for k in range(len(places)):
        fen[k] = units_due[np.uint32(numbers[places[k]])] * fen_each
    return fen
