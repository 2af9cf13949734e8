"""What comes in, what care takes, what is lived on and saved: fen by fen, on paper."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from caresim.agents.care import WITH_CHILD
from caresim.agents.money import MOST, purse
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, REGISTERED
from caresim.kernel.clock import month_number
from caresim.processes import household_money, income
from caresim.processes.household_money import HouseholdMoney
from caresim.processes.meals import MealRules
from tests.hamlet import Hamlet

MINIMUM, PENSION = 50_000, 17_400
"""Fen a month in 2020, the parameters below; own income above the pension is earned."""


def elder(
    savings=100_000, own=60_000, transfers=0, benefits=0, bills=0, arrangement=0, place=0, meals=0, month="2020-06"
):  # fmt: skip
    """Return a world with one elder and the fen of this month, after household_money has run."""
    from caresim import catalogue

    hamlet = Hamlet(catalogue.columns(), month_number(month))
    world, people = hamlet.world, hamlet.people
    row = hamlet.add(70, "f", hamlet.household())
    people["state"][row] |= ELDER
    for name, fen in (("savings", savings), ("income", own), ("transfers", transfers), ("benefits", benefits),
                      ("out_of_pocket", bills), ("arrangement", arrangement), ("place", place),
                      ("meals", meals)):  # fmt: skip
        people[name][row] = fen
    world.elders = np.array([row])
    world.parameters = {
        "income": income.Income(minimum=MINIMUM / 100, pension=PENSION / 100),
        "household_money": HouseholdMoney(consumed=0.9, supported=0.5),
        "meals": MealRules(price=12.0, subsidy=3.0),
    }
    world.workforce.turn(world.month).meals = meals
    household_money.balance(world)
    return world


def paid(world, purpose):
    return world.money.paid(purpose)


@pytest.mark.parametrize(
    ("given", "living", "left"),
    [
        # nine tenths of what came in, since that is above the minimum
        ({}, 54_000, 106_000),
        ({"transfers": 20_000, "benefits": 20_000}, 90_000, 110_000),
        # the minimum, of which savings pay what does not come in
        ({"own": 20_000}, 50_000, 70_000),
        ({"own": 20_000, "savings": 10_000}, 30_000, 0),
        # bills come first
        ({"bills": 40_000}, 50_000, 70_000),
        ({"bills": 150_000}, 10_000, 0),
        # who lives with a child or in a home needs half the minimum
        ({"own": 20_000, "arrangement": WITH_CHILD}, 25_000, 95_000),
        ({"own": 20_000, "place": INSTITUTION}, 25_000, 95_000),
        # 22 meals at 9 yuan are 198 yuan of the food that is lived on anyway
        ({"meals": 22}, 54_000 - 19_800, 106_000),
        ({"own": 20_000, "meals": 22}, 50_000 - 19_800, 70_000),
        ({"bills": 150_000, "meals": 11}, 100, 0),
    ],
)
def test_what_is_lived_on_and_what_is_left(given, living, left):
    world = elder(**given)
    assert paid(world, "living") == living
    assert world.people["savings"][0] == left
    assert paid(world, "family_help") == 0


def test_families_pay_what_an_elder_cannot():
    world = elder(bills=200_000)
    assert world.money.month["family_help", "families", "elders"] == 40_000
    assert world.people["savings"][0] == 0
    assert paid(world, "living") == 0


def test_each_sum_has_its_payer():
    world = elder(transfers=3_000)
    month = world.money.month
    assert month["pension", "pension_fund", "elders"] == PENSION
    assert month["earnings", "employers", "elders"] == 60_000 - PENSION
    assert month["remittances", "families", "elders"] == 3_000
    assert month["living", "elders", "suppliers"] == paid(world, "living")


def test_what_cannot_be_kept_is_lived_on():
    world = elder(savings=MOST, own=60_000)
    assert world.people["savings"][0] == MOST
    assert paid(world, "living") == 60_000


def test_the_account_of_the_elders_holds_their_savings_month_after_month():
    world = elder(savings=-1)
    assert paid(world, "savings") > 0
    for _ in range(3):
        assert world.money.balance["elders"] == world.people["savings"][0]
        household_money.balance(world)


@pytest.mark.parametrize("bit", [ALIVE, REGISTERED], ids=["death", "settling elsewhere"])
def test_what_is_left_behind_goes_to_the_family(bit):
    world = elder()
    left = int(world.people["savings"][0])
    world.people["state"][0] &= ~np.uint8(bit)
    world.elders = np.zeros(0, dtype=np.int64)
    household_money.balance(world)
    assert world.money.month["estates", "elders", "families"] == left
    assert world.people["savings"][0] == 0


def test_bills_add_up_from_january_on():
    world = elder(bills=1_000)
    household_money.balance(world)
    assert world.people["bills_year"][0] == 2_000
    world.month = month_number("2021-01")
    household_money.balance(world)
    assert world.people["bills_year"][0] == 1_000


def test_savings_are_lognormal():
    """Median and spread of 40,000 draws; each statement fails for .1 % of seeds (z = 3.29)."""
    n = 40_000
    savings, rows = np.zeros(n, dtype=np.int32), np.arange(n)
    household_money.open_accounts(rows, savings, rows.astype(np.uint64), 1_000_000.0, 1.3, np.uint64(5))
    logs = np.log(savings / 1_000_000.0) / 1.3
    z = NormalDist().inv_cdf(0.9995)
    assert abs(np.median(logs)) < z * math.sqrt(math.pi / 2.0 / n)
    assert abs(np.std(logs) - 1.0) < z / math.sqrt(2.0 * n)


@pytest.mark.parametrize(
    ("savings", "own", "bills", "has_child", "most"),
    [(100, 50, 0, False, 180), (100, 50, 60, False, 120), (-1, -1, 0, False, 30), (0, 0, 90, False, 0),
     (0, 0, 90, True, MOST)],
)  # fmt: skip
def test_what_an_elder_can_still_pay(savings, own, bills, has_child, most):
    assert purse(savings, own, 20, 10, bills, has_child) == most
