"""Fertility: married women bear children at the place's rates by age and calendar year."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, banded, drawn_below
from caresim.agents.events import be_born
from caresim.agents.people import (
    BIRTH_COLUMNS,
    FEMALE,
    LIVING_REGISTERED,
    MARRIED,
    NOBODY,
    PRESENT,
    age_in_years,
)
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import child_key, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

BIRTH = purpose("fertility.birth")
SEX = purpose("fertility.sex")
LEFT_BEHIND = purpose("fertility.left_behind")
GROUPS = ((15, 25), (25, 30), (30, 35), (35, 40), (40, 45), (45, 50))
"""Ages whose births are raised by one factor; few are married below 20, so that they go with those of 20-24."""
TO_AGE = 50
WOMEN = itemgetter("state", "born", "marital", "first_child")


class Fertility(Parameters):
    """How many children are born, and where they grow up."""

    multiplier: float = parameter(
        1.0, unit="ratio", low=0.4, high=1.3, limits=(0.0, 5.0),
        meaning="Births relative to China's rates at the same age and year; the place's own value stands in its file.",
        source="un_wpp2024", evidence="fitted",
    )  # fmt: skip
    spacing: int = parameter(
        10, unit="months", limits=(9, 120), low=9, high=24, role="constant",
        meaning="Months after a birth in which a woman does not bear again.", source="judgement", evidence="judgement",
    )  # fmt: skip
    left_behind_share: float = parameter(
        0.5, unit="share", low=0.2, high=0.8,
        meaning="Share of the newborns of absent mothers who grow up with the family in the village.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def bear(world: World) -> None:
    """Let women bear, and add the newborns to the mother's village and household."""
    people, month = world.people, world.month
    parameters: Fertility = world.parameters["fertility"]
    year = year_of(month)
    at_risk = world.once(
        "fertility",
        (year, parameters.spacing),
        lambda: women_at_risk(*WOMEN(people.arrays), people.n, month, parameters.spacing),
    )
    chance, bands, boys = world.once(
        "fertility.chances", (year, parameters), lambda: _chances(world, at_risk, parameters.multiplier)
    )
    mothers = who_bears(
        *WOMEN(people.arrays), people["key"], people.first_born_after(month - TO_AGE * 12), people.n, month,
        parameters.spacing, chance, bands, world.draws.stream(BIRTH, month),
    )  # fmt: skip
    n = len(mothers)
    if n == 0:
        return
    people.make_room(registered=n)
    residents = deliver(
        people.n, mothers, month, boys, parameters.left_behind_share, world.draws.stream(SEX, month),
        world.draws.stream(LEFT_BEHIND, month), *BIRTH_COLUMNS(people.arrays),
    )  # fmt: skip
    people.born(n, residents)


def _chances(world: World, at_risk: np.ndarray, multiplier: float) -> tuple[np.ndarray, Bands, float]:
    """Return the probabilities of a birth, the highest of bands of age, and the share of boys."""
    rates = world.place.rates
    year = year_of(world.month)
    chance = birth_chances(rates.births(year), at_risk, multiplier)
    ratio = rates.sex_ratio[rates.row(year)]
    return chance, banded(np.append(chance, 0.0), (TO_AGE, 35, 15)), ratio / (1.0 + ratio)


@compiled
def birth_chances(birth, at_risk, multiplier):
    """Return the monthly probability of a birth to a woman at risk, by single year of age.

    The rates are births per woman of the age, married or not. Among the women at risk (married, no birth in the last
    months) they are raised, by age group, by the births that the table expects of all women over those that it would
    expect of the women at risk alone, counted each January, so that the table's births are borne. It is at most .5 a
    month.
    """
    chance = np.zeros(TO_AGE)
    for first, last in GROUPS:
        expected = risky = 0.0
        for age in range(first, last):
            expected += birth[age] * at_risk[0, age]
            risky += birth[age] * at_risk[1, age]
        for age in range(first, last):
            if risky > 0.0:
                chance[age] = min(0.5, birth[age] * multiplier / 12.0 * (expected / risky))
    return chance


@compiled
def women_at_risk(state, born, marital, first_child, n, month, spacing):
    """Count living registered women of 15-49 by single year of age: all, and those at risk of a birth."""
    count = np.zeros((2, TO_AGE), dtype=np.int64)
    for i in range(n):
        age = age_in_years(month, born[i])
        if 15 <= age < TO_AGE and is_woman(state[i]):
            count[0, age] += 1
            if is_at_risk(marital[i], first_child[i], born, month, spacing):
                count[1, age] += 1
    return count


@compiled
def is_woman(state):
    """Tell whether a row is a living registered woman."""
    return state & (LIVING_REGISTERED | FEMALE) == LIVING_REGISTERED | FEMALE


@compiled
def is_at_risk(marital, first_child, born, month, spacing):
    """Tell whether a woman can bear: married, and no birth in the last months."""
    return marital == MARRIED and (first_child == NOBODY or month - born[first_child] >= spacing)


@compiled
def who_bears(state, born, marital, first_child, key, first, n, month, spacing, chance, bands, stream):
    """Return the women who bear this month, in row order."""
    mothers = []
    for i in drawn_below(stream, key, born, first, n, month, bands):
        age = age_in_years(month, born[i])
        if (
            15 <= age < TO_AGE
            and is_woman(state[i])
            and uniform(stream, key[i]) < chance[age]
            and is_at_risk(marital[i], first_child[i], born, month, spacing)
        ):
            mothers.append(i)
    return np.array(mothers, dtype=np.int64)


@compiled
def deliver(first, mothers, month, boys, left_behind, sex_stream, home_stream, key, born, state, place, village,
            household, parity, spouse, mother, father, first_child, next_maternal, next_paternal):  # fmt: skip
    """Put one newborn a mother into the rows from `first` on; return how many are residents.

    Some of absent mothers' newborns stay with the family in the village.
    """
    residents = 0
    for j in range(len(mothers)):
        m = mothers[j]
        who = np.uint64(child_key(key[m], parity[m] + 1))
        female = uniform(sex_stream, who) >= boys
        at_home = state[m] & PRESENT == 0 and uniform(home_stream, who) < left_behind
        residents += be_born(
            first + j, m, who, month, female, at_home, key, born, state, place, village, household, parity, spouse,
            mother, father, first_child, next_maternal, next_paternal,
        )  # fmt: skip
    return residents


PROCESS = Process(
    name="fertility",
    run=bear,
    reads=("born", "state", "marital", "first_child", "parity", "place", "household", "spouse", "village",
           "key"),
    writes=("key", "born", "state", "place", "mother", "father", "first_child", "village", "household",
            "parity", "next_maternal", "next_paternal"),
    meaning="Married women bear children, at the place's rates by age and year.",
    parameters=Fertility,
)  # fmt: skip
