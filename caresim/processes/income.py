"""Income: what elders have of their own, from pension, land and farming, and the fifth of elders it places them in."""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from caresim.agents.money import FEN, MOST
from caresim.agents.people import ELDER, LIVING_REGISTERED, LIVING_RESIDENT, age_in_years
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import normal_draws, normal_quantile, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

LUCK = purpose("income.luck")
BOUNDS, TERMS = "income.bounds", "income.terms"
OF_PERSON = itemgetter("income", "quintile", "transfers", "born", "disability", "key")
BASE_YEAR = 2020
FARMS_FROM = 60
FARMS_UP_TO = 1
"""Highest disability state in which an elder farms."""


class Income(Parameters):
    """Own income of elders by source, in constant yuan of 2020."""

    pension: float = parameter(
        174.0, unit="yuan per month", limits=(0.0, 20000.0), low=120.0, high=250.0, role="lever",
        meaning="Basic pension of rural residents in 2020.", source="recalled_rural_money", evidence="recalled",
    )  # fmt: skip
    land_rent: float = parameter(
        80.0, unit="yuan per month", limits=(0.0, 20000.0), low=30.0, high=200.0,
        meaning="Rent of an elder's contracted land in 2020.", source="recalled_rural_money", evidence="judgement",
    )  # fmt: skip
    farm: float = parameter(
        800.0, unit="yuan per month", limits=(0.0, 20000.0), low=400.0, high=1200.0,
        meaning="Mean earnings from farming and odd jobs at 60 in 2020; they fall in a straight line with age.",
        source="recalled_rural_money", evidence="judgement",
    )  # fmt: skip
    farm_until: float = parameter(
        80.0, unit="years", limits=(61.0, 110.0), low=75.0, high=85.0,
        meaning="Age at which these earnings have fallen to nothing.", source="judgement", evidence="judgement",
    )  # fmt: skip
    spread: float = parameter(
        0.6, unit="log points", limits=(0.0, 2.0), low=0.4, high=0.9,
        meaning="Standard deviation of the logarithm of these earnings between persons.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    growth_year: float = parameter(
        0.03, unit="share", limits=(0.0, 0.2), low=0.01, high=0.05,
        meaning="Yearly growth of incomes and of the local minimum, in constant yuan.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    minimum: float = parameter(
        497.0, unit="yuan per month", limits=(0.0, 20000.0), low=360.0, high=650.0, role="lever",
        meaning="Local minimum of living (dibao standard) in 2020.", source="recalled_rural_money",
        evidence="recalled",
    )  # fmt: skip

    def growth(self, year: int) -> float:
        """Return how far incomes of a year lie above those of 2020."""
        return float((1.0 + self.growth_year) ** (year - BASE_YEAR))

    def minimum_fen(self, year: int) -> int:
        """Return the local minimum of a year, in fen a month."""
        return math.floor(100.0 * self.growth(year) * self.minimum)


def earn(world: World) -> None:
    """Settle in January what elders have of their own; in other months, for those who have nothing settled yet."""
    if is_january(world.month):
        begin(world)
        return
    people = world.people
    settle_new(
        world.elders, *OF_PERSON(people.arrays), world.month, world.memory[BOUNDS][1], *_terms(world),
        world.draws.word(LUCK, 0),
    )  # fmt: skip


def begin(world: World) -> None:
    """Settle the income of all elders on the register, then find the bounds of the fifths."""
    people = world.people
    who, (income, quintile, transfers, *others) = (
        people.who(LIVING_REGISTERED | ELDER),
        OF_PERSON(people.arrays),
    )
    sums = settle_all(
        who, people["state"], income, transfers, *others, world.month, *_terms(world), world.draws.word(LUCK, 0)
    )  # fmt: skip
    bounds = fifths(sums)
    world.memory[BOUNDS] = (world.month, bounds)
    place_in_fifths(who, income, quintile, transfers, bounds)


def fifths(sums: np.ndarray) -> np.ndarray:
    """Return the four bounds between fifths of some sums, all zero without any; sort the sums."""
    if len(sums) == 0:
        return np.zeros(4, dtype=np.int64)
    sums.sort()
    return sums[[k * len(sums) // 5 for k in range(1, 5)]]


def _terms(world: World) -> tuple[float, ...]:
    given, year = world.parameters["income"], year_of(world.month)
    return world.once(TERMS, (given, year), lambda: terms_of(given, year))


def terms_of(given: Income, year: int) -> tuple[float, ...]:
    """Return what a year's incomes are settled by, as the rules take it."""
    return given.growth(year), given.pension, given.land_rent, given.farm, given.farm_until, given.spread


@compiled
def settle_new(elders, income, quintile, transfers, born, disability, key, month, bounds, growth, pension, land_rent,
               farm, farm_until, spread, luck):  # fmt: skip
    """Write own income in fen a month of those who have none settled, and the fifth that it places them in."""
    for i in elders:
        if income[i] < 0:
            left = farming_left(disability[i], month, born[i], farm_until)
            earned = 0.0
            if left > 0.0:
                earned = earnings(farm * left, normal_quantile(uniform(luck, key[i])), spread)
            income[i] = own_income(growth, pension, land_rent, earned)
            quintile[i] = fifth_of(income[i], transfers[i], bounds)


@compiled
def settle_all(who, state, income, transfers, born, disability, key, month, growth, pension, land_rent, farm,
               farm_until, spread, luck):  # fmt: skip
    """Write own income of all elders on the register; return what each resident one has with the transfers, in fen."""
    able, keys, left, found = np.empty_like(who), np.empty(len(who), dtype=np.uint64), np.empty(len(who)), 0
    without = own_income(growth, pension, land_rent, 0.0)
    for i in who.view(np.uint64):
        income[i] = without
        able[found], keys[found] = i, key[i]
        left[found] = farming_left(disability[i], month, born[i], farm_until)
        found += left[found] > 0.0
    draws = normal_draws(luck, keys[:found])
    for f in range(found):
        income[able[f]] = own_income(growth, pension, land_rent, earnings(farm * left[f], draws[f], spread))
    sums, here = np.empty_like(who), 0
    for i in who.view(np.uint64):
        sums[min(here, len(sums) - 1)] = np.int64(income[i]) + transfers[i]
        here += state[i] & LIVING_RESIDENT == LIVING_RESIDENT
    return sums[:here].copy()


@compiled
def place_in_fifths(who, income, quintile, transfers, bounds):
    """Write the fifth that income and transfers place each elder in."""
    for i in who.view(np.uint64):
        quintile[i] = fifth_of(income[i], transfers[i], bounds)


@compiled
def farming_left(disability, month, born, farm_until):
    """Return which part of the strength to farm is left to an elder."""
    age = age_in_years(month, born)
    left = max(0.0, 1.0 - (age - FARMS_FROM) / (farm_until - FARMS_FROM))
    return left if disability <= FARMS_UP_TO else 0.0


@compiled
def earnings(mean, z, spread):
    """Return yuan from farming and odd jobs: lognormal around a mean."""
    return mean * math.exp(spread * z - spread * spread / 2.0)


@compiled
def own_income(growth, pension, land_rent, earned):
    """Return own income in fen a month."""
    return min(MOST, int(FEN * growth * (pension + land_rent + earned)))


@compiled
def fifth_of(income, transfers, bounds):
    """Return the fifth that income and transfers place an elder in."""
    total, fifth = np.int64(income) + transfers, 0
    for k in range(4):
        fifth += bounds[k] <= total
    return fifth


PROCESS = Process(
    name="income",
    run=earn,
    begin=begin,
    reads=("state", "born", "disability", "transfers", "key", "income"),
    writes=("income", "quintile"),
    meaning="Once a year elders' own income is settled: pension, land, and what those who are able still earn.",
    parameters=Income,
    columns=(
        Column("income", np.int32, -1, "fen per month", "Own income of an elder; -1 is not settled yet.", "income",
               elder=True, least=-1),
        Column("quintile", np.uint8, 0, "fifth", "Fifth of elders by income and transfers, 0 the poorest.", "income",
               elder=True, most=4),
    ),
)  # fmt: skip
