"""Needs, what was met, what was not, and money that is short, worked out on paper."""

import math

import pytest

from caresim.agents.care import DAUGHTER, NEIGHBOUR
from caresim.agents.people import COLUMNS
from caresim.indicators import needs
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet
from tests.indicators.books import Village, measured


@pytest.fixture
def found():
    """One in state 3 with 1 of 10 hours unmet, one in state 2 with 3 of 5, one lonely with .5 of 2; one well."""
    v = Village()
    severe = v.elder(80, disability=3, income=60_000, transfers=0)
    moderate = v.elder(75, disability=2, income=20_000, transfers=10_000)
    alone = v.elder(70, income=40_000, transfers=20_000)
    v.elder(65, income=-1, transfers=70_000)
    v.need(severe, 360, 240, 0)
    v.give(severe, DAUGHTER, 360, 180, 0)
    v.need(moderate, 120, 120, 60)
    v.give(moderate, DAUGHTER, 60, 0, 0)
    v.give(moderate, NEIGHBOUR, 0, 60, 0)
    v.need(alone, 0, 0, 120)
    v.give(alone, NEIGHBOUR, 0, 0, 90)
    return v.measure(needs.INDICATORS)


def test_hours_are_added_up_by_task(found):
    assert measured(found, "need_hours", "met_hours", "unmet_hours") == [17, 12.5, 4.5]
    assert measured(found, *(f"need_hours_{task}" for task in ("personal", "instrumental", "company"))) == [
        8,
        6,
        3,
    ]
    assert measured(found, *(f"met_hours_{task}" for task in ("personal", "instrumental", "company"))) == [
        7,
        4,
        1.5,
    ]
    assert measured(found, *(f"unmet_hours_{task}" for task in ("personal", "instrumental", "company"))) == [
        1,
        2,
        1.5,
    ]


def test_shares_of_hours_of_elders_and_of_the_dependent(found):
    assert found["needy_share"] == 3 / 4
    assert found["unmet_share"] == pytest.approx(4.5 / 17)
    assert found["adequacy"] == pytest.approx((0.9 + 0.4 + 0.75) / 3)
    # A quarter is not more than a quarter: the lonely one does not count.
    assert found["unmet_quarter_share"] == found["unmet_half_share"] == 1 / 3
    assert found["unmet_prevalence"] == found["severe_deprivation"] == 1 / 2


def test_money_short_of_the_minimum_and_what_children_make_up(found):
    # The minimum is 500 yuan; an income that is not settled yet is none.
    yuan = measured(found, "minimum_shortfall", "shortfall_met", "shortfall_unmet")
    assert yuan == [300 + 100 + 500, 100 + 100 + 500, 200]
    assert found["economic_deficit_share"] == 1 / 4


def test_a_month_without_needs_has_hours_but_no_shares():
    v = Village()
    v.elder(70, income=0)
    found = v.measure(needs.INDICATORS)
    assert measured(found, "need_hours", "unmet_hours", "needy_share") == [0, 0, 0]
    assert all(math.isnan(found[name]) for name in ("unmet_share", "adequacy", "unmet_prevalence"))


def test_without_care_in_the_run_nothing_is_measured():
    found = Recorder(needs.INDICATORS).measure(Hamlet(COLUMNS + HEALTH).world)
    assert all(math.isnan(value) for value in found.values())
