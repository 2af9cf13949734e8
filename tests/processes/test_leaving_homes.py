"""Why residents leave a care home alive: each reason with its rate at 1 and at 0."""

from __future__ import annotations

import pytest

from caresim.agents.care import DESTITUTE, POOR
from caresim.agents.institutions import NO_HOME
from tests.processes.test_admission import SURE, County

RATES = ("recovered", "unpaid", "leave")
WELL, POORER, UNCHANGED = {"disability": 0}, {"income": 0, "savings": 0}, {}
NONE, RECOVERED, UNPAID, CHOSEN = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)


def after_a_month(becomes, rates, age=70, means=0):
    """Let a resident in state 2 become what is said and a month pass; return his home and why how many left."""
    county = County()
    county.home()
    elder = county.elder(age=age, means=means)
    county.month()
    assert county.home_of(elder) == [0]
    for name, value in becomes.items():
        county.people[name][elder] = value
    rules = county.groups["admission"].model_copy(update={"consider": 0.0} | rates)
    county.world.enact(county.groups | {"admission": rules}, county.world.policy)
    county.month()
    return county.home_of(elder)[0], tuple(county.world.homes.left[:3])


@pytest.mark.parametrize(
    ("becomes", "rate", "left"),
    [
        (WELL, "recovered", RECOVERED), (WELL, "unpaid", NONE), (WELL, "leave", CHOSEN),
        (POORER, "recovered", NONE), (POORER, "unpaid", UNPAID), (POORER, "leave", CHOSEN),
        (UNCHANGED, "recovered", NONE), (UNCHANGED, "unpaid", NONE), (UNCHANGED, "leave", CHOSEN),
    ],
)  # fmt: skip
def test_each_reason_has_its_rate(becomes, rate, left):
    """At a rate of 1 whom it speaks of leaves for sure, at 0 nobody does."""
    assert after_a_month(becomes, {rate: 1.0}) == (0 if left == NONE else NO_HOME, left)
    assert after_a_month(becomes, {rate: 0.0}) == (0, NONE)


def test_who_has_several_reasons_is_counted_by_the_first():
    sure = dict.fromkeys(RATES, 1.0)
    assert after_a_month(WELL | POORER, sure)[1] == RECOVERED
    assert after_a_month(POORER, sure)[1] == UNPAID
    assert SURE | dict.fromkeys(RATES, 0.0) == SURE  # what the other tests of homes rest on


@pytest.mark.parametrize(
    ("age", "means", "left"),
    [(74, 0, RECOVERED), (75, 0, NONE), (74, POOR, RECOVERED), (74, DESTITUTE | POOR, NONE)],
)
def test_who_would_want_a_home_all_the_same_stays_when_well(age, means, left):
    """Alone at 75 and over, and the destitute, consider a home in any state."""
    assert after_a_month(WELL, {"recovered": 1.0}, age, means)[1] == left


@pytest.mark.parametrize(("income", "left"), [(111_112, NONE), (111_110, UNPAID)])
def test_who_cannot_pay_is_who_spends_too_little(income, left):
    """1,000 yuan are .9 of 1,111.11; no savings."""
    assert after_a_month({"income": income, "savings": 0}, {"unpaid": 1.0})[1] == left
