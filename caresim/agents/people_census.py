"""The month's census of everybody on the register: who is there, who cares for others, and who is worn out by it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.carers import family_minutes
from caresim.agents.people import (
    ALIVE,
    FEMALE,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    PRESENT,
    REGISTERED,
    People,
)
from caresim.agents.place import AGE_GROUPS
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.care import CareBook

N_GROUPS = len(AGE_GROUPS)
GROUP_MONTHS = 60
MOST = 65535
"""The largest value of a column of two bytes: nobody exceeds it."""


PEOPLE_CENSUS = (
    "registered", "residents", "absent", "absent_months", "carers", "burden", "heavy", "minutes", "worn",
)  # fmt: skip
"""Counts of people at the month's end; NaN where a run does not keep the columns of carers.

    registered: living people on the register.
    residents: those of them who are present.
    absent: those who are not.
    absent_months: the ages of the absent in months, summed.
    carers: registered people who gave the hours of a carer to their family.
    burden: their burden, in hundredths of a point.
    heavy: those of them whose burden is heavy.
    minutes: what they gave to their family.
    worn: everybody whose burden is heavy.
"""
CARERS, WORN = 4, 8
WIDE = np.int64(0)
"""Where sums of narrow numbers begin, so that none overflows."""


def take_people_census(
    people: People, care: CareBook, month: int, least: int | None, limit: int | None, numbers: np.ndarray
) -> None:
    """Count the people.

    Args:
        people: everybody.
        care: the month's book of care.
        month: the month that closes.
        least: minutes from which on who gave them is a carer; None where nobody says.
        limit: hundredths of a point of burden above which it is heavy; None where nobody says.
        numbers: where the numbers of `PEOPLE_CENSUS` are written.
    """
    known = people.arrays
    given, burden = known.get("given"), known.get("burden")
    nothing = None if given is not None and burden is not None else np.zeros(people.n, dtype=np.uint16)
    _take(known["state"], known["born"], nothing if given is None else given, nothing if burden is None else burden,
          care.gifts, care.n_gifts, people.n, month, MOST if least is None else min(least, MOST),
          MOST if limit is None else min(limit, MOST), numbers)  # fmt: skip
    if burden is None or limit is None:
        numbers[CARERS:] = math.nan
    elif given is None or least is None:
        numbers[CARERS:WORN] = math.nan


@compiled
def _take(state, born, given, burden, gifts, n_gifts, n, month, least, limit, numbers):
    """Count the people."""
    _count_people(state, born, n, month, numbers)
    family = family_minutes(given, gifts, n_gifts, n)
    _count_carers(state, family, burden, n, least, limit, numbers[CARERS:])


@compiled
def _count_people(state, born, n, month, counts):
    """Count registered people by presence, without a branch; add up the ages of the absent."""
    registered = residents = absent_born = WIDE
    both, all_three = ALIVE | REGISTERED, ALIVE | REGISTERED | PRESENT
    for i in range(n):
        living = state[i] & both == both
        here = state[i] & all_three == all_three
        registered += living
        residents += here
        absent_born += born[i] if living & (not here) else 0
    absent = registered - residents
    counts[0], counts[1], counts[2], counts[3] = registered, residents, absent, month * absent - absent_born


@compiled
def _count_carers(state, given, burden, n, least, limit, counts):
    """Count, without a branch, the registered people who gave `least` minutes or more; add up burden and minutes.

    A burden above `limit` hundredths of a point is heavy; who bears one is counted whether registered or not.
    """
    enough, bearable = np.uint16(least), np.uint16(limit)
    carers = total = heavy = minutes = worn = WIDE
    for i in range(n):
        cares = (given[i] >= enough) & (state[i] & REGISTERED != 0)
        carers += cares
        total += burden[i] if cares else 0
        heavy += cares & (burden[i] > bearable)
        minutes += given[i] if cares else 0
        worn += burden[i] > bearable
    counts[0], counts[1], counts[2], counts[3], counts[4] = carers, total, heavy, minutes, worn


def population_table(people: People, month: int) -> np.ndarray:
    """Count people by age at the opening of a month (1 January, when the month is a January).

    Ages are completed years on the month's first day, so the month before has just closed.

    Returns:
        Persons, shape (2, 21, 2): sex (0 male, 1 female), group of `AGE_GROUPS`, (registered, resident).
    """
    return _by_age(people["state"], people["born"], people.n, month - 1)


@compiled
def _by_age(state, born, n, closed):
    """Count registered and resident people by sex and group, at the end of the month `closed`."""
    table = np.zeros((2, N_GROUPS, 2), dtype=np.int64)
    for i in range(n):
        if state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            group = min(max(closed - born[i], 0) // GROUP_MONTHS, N_GROUPS - 1)
            sex = 1 if state[i] & FEMALE else 0
            table[sex, group, 0] += 1
            if state[i] & LIVING_RESIDENT == LIVING_RESIDENT:
                table[sex, group, 1] += 1
    return table
