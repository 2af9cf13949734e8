"""Indicators of money, by hand: who is poor, whose bills are too high, whom subsidies miss, what care costs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.people import ELDER
from caresim.indicators import household_money, public_money
from caresim.kernel.clock import month_number
from caresim.processes import income
from tests.hamlet import Hamlet

INDICATORS = {one.name: one for one in (*public_money.INDICATORS, *household_money.INDICATORS)}
MINIMUM = 500.0


def elders(*people, month="2020-01", start=None):
    """Return a world of elders of 70 with these values of columns."""
    hamlet = Hamlet(catalogue.columns(), month_number(month))
    world = hamlet.world
    world.start = month_number(start or month)
    for values in people:
        row = hamlet.add(values.get("age", 70), "f", hamlet.household())
        hamlet.people["state"][row] |= ELDER
        for name, value in values.items():
            if name != "age":
                hamlet.people[name][row] = value
    world.elders = np.arange(len(people))
    world.parameters = {"income": income.Income(minimum=MINIMUM, growth_year=0.0), GROUP: Outcomes()}
    world.claims.open(len(people))
    return world


def value(world, name):
    world.memory.clear()
    return INDICATORS[name].measure(world)


def test_income_and_the_gap_to_the_minimum():
    world = elders({"income": 30_000, "transfers": 5_000, "benefits": 5_000}, {"income": 80_000})
    assert value(world, "elder_income") == pytest.approx((400 + 800) / 2)
    assert value(world, "dibao_gap") == pytest.approx(100 / 2)
    assert value(world, "below_minimum_share") == 0.5


@pytest.mark.parametrize(
    ("own", "bills", "over"),
    [  # capacity: income less the minimum, or half the income where that is more
        (150_000, 15_000, ()),
        (150_000, 15_001, ("over_tenth_of_income_share",)),
        (150_000, 37_501, ("over_tenth_of_income_share", "over_quarter_of_income_share")),
        (
            150_000,
            40_001,
            ("over_tenth_of_income_share", "over_quarter_of_income_share", "catastrophic_share"),
        ),
        (40_000, 8_000, ("over_tenth_of_income_share",)),
        (40_000, 8_001, ("over_tenth_of_income_share", "catastrophic_share")),
        (0, 1, ("over_tenth_of_income_share", "over_quarter_of_income_share", "catastrophic_share")),
        (0, 0, ()),
    ],
)
def test_bills_against_income_and_capacity(own, bills, over):
    world = elders({"income": own, "bills_year": 12 * bills}, month="2020-12", start="2020-01")
    names = ("over_tenth_of_income_share", "over_quarter_of_income_share", "catastrophic_share")
    assert tuple(name for name in names if value(world, name)) == over


@pytest.mark.parametrize(
    ("start", "month", "known"),
    [
        ("2020-01", "2020-01", False), ("2020-01", "2020-11", False), ("2020-01", "2020-12", True),
        ("2020-02", "2020-12", False), ("2020-02", "2021-12", True), ("2020-12", "2020-12", False),
    ],
)  # fmt: skip
def test_bills_are_those_of_whole_years(start, month, known):
    """One month stands for no year: a stay in hospital falls on one of twelve months."""
    world = elders({"income": 40_000, "bills_year": 12 * 8_000}, month=month, start=start)
    found = value(world, "catastrophic_share")
    assert found == 0 if known else math.isnan(found)
    world.people["bills_year"][0] += 1
    found = value(world, "catastrophic_share")
    assert found == 1 if known else math.isnan(found)


def test_whom_subsidies_miss_and_reach():
    world = elders(
        {"disability": 2, "assessed": 1},  # should, has none
        {"disability": 1, "assessed": 1, "means": 1},  # should, has one
        {"disability": 1, "assessed": 2},  # should not, has one
        {"disability": 0, "assessed": 2},  # should not, has vouchers
        {"age": 80, "means": 3},  # should, has one
        {"age": 79, "means": 1},  # should not, has none
        {},
    )
    measures = catalogue.instruments()
    world.claims.cash(measures["service_subsidy"], np.array([0, 10, 0, 0, 10, 0, 0]))
    world.claims.cash(measures["nursing_subsidy"], np.array([0, 0, 10, 0, 0, 0, 0]))
    world.claims.service(measures["care_vouchers"], np.array([0, 0, 0, 10, 0, 0, 0]))
    world.claims.settle(None, np.zeros(7, dtype=np.int64))
    assert value(world, "exclusion_error") == pytest.approx(1 / 3)  # of three who should have one
    assert value(world, "inclusion_error") == pytest.approx(2 / 4)  # of four who have one
    assert value(world, "misassessed_share") == pytest.approx(3 / 7)
    assert value(world, "poor_share") == pytest.approx(3 / 7)
    assert value(world, "destitute_share") == pytest.approx(1 / 7)


def test_everybody_pays_once_and_cash_is_a_transfer():
    """The first elder's cash pays 100 of 300 yuan, the second's 40 of 40; the 60 beyond pay no bill."""
    world = elders(
        {"benefits": 10_000, "out_of_pocket": 30_000}, {"benefits": 10_000, "out_of_pocket": 4_000}
    )
    pay = world.money.pay
    pay("nursing_subsidy", "local", "elders", 15_000)
    pay("donations", "charity", "elders", 5_000)
    pay("carer_allowance", "local", "families", 7_000)
    pay("long_term_care_insurance", "insurance", "care_workers", 11_000)
    pay("hospital", "medical_insurance", "hospitals", 50_000)
    pay("happiness_homes", "collective", "suppliers", 3_000)
    pay("home_owners", "owners", "homes", 2_000)
    pay("home_wages", "homes", "care_workers", 90_000)  # homes pass on what others paid them
    pay("pension", "pension_fund", "elders", 80_000)
    assert value(world, "out_of_pocket") == pytest.approx(340)
    assert value(world, "own_payments") == pytest.approx(200)
    assert value(world, "money_cost") == pytest.approx(340 + 110 + 500 + 30 + 20)
    assert value(world, "paid_by_owners") == pytest.approx(20)


def test_unpaid_hours_have_a_price():
    world = elders({"out_of_pocket": 30_000})
    world.care.open(np.array([0]), np.array([[0, 300, 0]], dtype=np.int32))
    world.care.received[0, :6] = 60, 60, 30, 0, 30, 120  # the last is paid for
    assert value(world, "societal_cost") == pytest.approx(300 + 15 * 3)


@pytest.mark.parametrize(
    ("month", "worth"), [("2020-01", 1.0), ("2021-01", 1 / 1.05), ("2030-07", 1.05**-10.5)]
)
def test_present_value(month, worth):
    world = elders({}, {}, month=month, start="2020-01")
    world.money.pay("nursing_subsidy", "local", "elders", 20_000)
    assert value(world, "public_present_value_per_elder") == pytest.approx(100 * worth)
    assert value(world, "public_present_value") == pytest.approx(200 * worth)
    world.people["out_of_pocket"][0] = 5_000
    assert value(world, "societal_present_value") == pytest.approx(50 * worth)


def test_the_median_of_savings():
    world = elders({"savings": 100}, {"savings": 70_000}, {"savings": 500_000})
    assert value(world, "savings_median") == pytest.approx(700)
    assert math.isnan(value(elders(), "savings_median"))
