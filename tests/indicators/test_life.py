"""Quality-adjusted life years, worked out on paper."""

import math

import pytest

from caresim.agents.care import DEPRESSED, LONELY
from caresim.agents.people import COLUMNS
from caresim.indicators import life
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet
from tests.indicators.books import Village

WEIGHTS = 0.95 + 0.788 + 0.591 + 0.347


def village():
    """One elder in each state; one is lonely, one depressed, one left with half of the need; two tired carers."""
    v = Village()
    for state, more in enumerate(
        ({"mood": LONELY | DEPRESSED}, {"mood": DEPRESSED}, {"unmet": 125}, {"burden": 5001})
    ):
        v.elder(70, disability=state, **more)
    daughter = v.add(45, "f", v.household())
    v.people["burden"][daughter] = 5000
    return v


def test_a_month_of_life_is_weighted_by_its_state():
    found = village().measure(life.INDICATORS)
    assert found["life_years"] == pytest.approx(4 / 12)
    assert found["qalys_without_unmet"] == pytest.approx((WEIGHTS - 0.043) / 12)
    assert found["qalys"] == pytest.approx((WEIGHTS - 0.043 - 0.05 / 2) / 12)
    assert found["carer_qalys_lost"] == pytest.approx(0.04 / 12)


def test_later_months_are_discounted_to_the_start():
    v = village()
    v.world.start -= 24
    found = v.measure(life.INDICATORS)
    assert found["qalys_without_unmet"] == pytest.approx((WEIGHTS - 0.043) / 12 / 1.05**2)
    assert found["carer_qalys_lost"] == pytest.approx(0.04 / 12 / 1.05**2)
    assert found["life_years"] == pytest.approx(4 / 12)


def test_without_care_in_the_run_only_the_years_are_counted():
    h = Hamlet(COLUMNS + HEALTH)
    h.add(70, "f", h.household())
    found = Recorder(life.INDICATORS).measure(h.world)
    assert found.pop("life_years") == pytest.approx(1 / 12)
    assert all(math.isnan(value) for value in found.values())
