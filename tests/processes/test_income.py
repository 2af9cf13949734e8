"""What elders have of their own, worked out on paper."""

import math

import numpy as np
import pytest

from caresim.kernel.clock import month_number
from caresim.processes import income
from caresim.processes.income import Income
from tests.families import Families

FIGURES = {"pension": 100.0, "land_rent": 50.0, "farm": 800.0, "farm_until": 80.0, "spread": 0.5,
           "growth_year": 0.0, "minimum": 400.0}  # fmt: skip


def village(month="2020-01", **changes):
    """Return a village without people in a month, the figures of the paper in force."""
    family = Families()
    family.world.month = family.world.start = month_number(month)
    family.set("income", **{**FIGURES, **changes})
    return family


def elder(family, age, disability=0, luck=0.5):
    return family.person(age, "f", family.household(), disability, luck={"income.luck": luck})


def test_farming_falls_with_age_and_stops_with_disability():
    family = village(spread=0.0)
    rows = [elder(family, *who) for who in ((60,), (70,), (79.99,), (90,), (70, 1), (70, 2), (70, 3))]
    income.earn(family.world)
    assert family.of("income", *rows) == [950_00, 550_00, 190_00, 150_00, 550_00, 150_00, 150_00]


def test_luck_spreads_around_the_mean():
    family = village()
    rows = [elder(family, 70, luck=luck) for luck in (0.5, 0.97725, 0.02275)]
    income.earn(family.world)
    expected = [15000 + 40000 * math.exp(0.5 * z - 0.125) for z in (0, 2, -2)]
    assert family.of("income", *rows) == pytest.approx(expected, rel=1e-3)
    everybody = village()
    many = [everybody.person(70, "f", everybody.household()) for _ in range(4000)]
    income.earn(everybody.world)
    earned = np.array(everybody.of("income", *many)) / 100 - 150
    # The mean of 4000 such earnings has a standard error of 3.4 yuan: beyond 4 of them once in 16,000.
    assert abs(earned.mean() - 400) < 4 * 3.4


def test_incomes_grow_from_year_to_year():
    assert Income(growth_year=0.1, minimum=400.0).minimum_fen(2022) == 484_00
    family = village("2022-01", spread=0.0, growth_year=0.1)
    row = elder(family, 90)
    income.earn(family.world)
    assert family.of("income", row) == [181_50]


def test_who_turns_sixty_or_comes_is_settled_in_any_month_and_nobody_else():
    family = village("2020-06", spread=0.0)
    known, new = elder(family, 90), elder(family, 60)
    family.people["income"][known] = 7
    family.world.memory[income.BOUNDS] = (0, np.array([5, 10, 15, 95_000_00]))
    family.world.elders = np.array([known, new])
    income.earn(family.world)
    assert family.of("income", known, new) == [7, 950_00]
    assert family.of("quintile", known, new) == [0, 3]


def test_absent_elders_are_settled_in_january_but_do_not_set_the_bounds():
    family = village(spread=0.0)
    here = [elder(family, 60 + 2 * k) for k in range(5)]
    away = family.person(60, "m", place=3)
    family.people["transfers"][here[4]] = 1000_00
    income.earn(family.world)
    assert family.world.memory[income.BOUNDS][1].tolist() == [790_00, 870_00, 950_00, 1630_00]
    assert family.of("quintile", *here, away) == [3, 2, 1, 0, 4, 3]


def test_without_elders_the_bounds_are_nothing():
    family = village()
    income.begin(family.world)
    assert family.world.memory[income.BOUNDS][1].tolist() == [0, 0, 0, 0]
