"""Unmet need by group, and how uneven it is, worked out on paper."""

import math

import numpy as np
import pytest

from caresim.agents.care import DAUGHTER
from caresim.indicators import equity
from caresim.indicators.equity import concentration, gini
from tests.indicators.books import Village, measured


@pytest.fixture
def found():
    """A man of 65 with a child in the village, a left-behind woman of 75, a woman of 85 in the remote village."""
    v = Village()
    v.world.territory.remote[:] = [False, True]
    home = v.household()
    man = v.elder(65, "m", household=home, quintile=4, income=90_000, transfers=0)
    v.add(40, "m", home, father=man)
    behind = v.elder(75, quintile=0, income=10_000, transfers=0)
    v.kin(50, "f", mother=behind)
    oldest = v.elder(85, village=1, quintile=2, income=20_000, transfers=10_000)
    for row, need, met in ((man, 100, 100), (behind, 100, 20), (oldest, 300, 180)):
        v.need(row, need, 0, 0)
        v.give(row, DAUGHTER, met, 0, 0)
    return v.measure(equity.INDICATORS)


def test_the_unmet_share_of_a_group_is_that_of_its_hours(found):
    expected = {
        "men": 0, "women": 200 / 400, "60_69": 0, "70_79": 0.8, "80_plus": 0.4, "remote": 0.4, "not_remote": 80 / 200,
        "alone": 200 / 400, "not_alone": 0, "left_behind": 0.8, "not_left_behind": 120 / 400, "quintile_1": 0.8,
        "quintile_3": 0.4, "quintile_5": 0,
    }  # fmt: skip
    assert {name: found[f"unmet_share_{name}"] for name in expected} == pytest.approx(expected)
    assert all(math.isnan(found[f"unmet_share_{name}"]) for name in ("quintile_2", "quintile_4"))


def test_who_is_left_with_much_is_counted_by_group(found):
    quarter = {"men": 0, "women": 1, "60_69": 0, "70_79": 1, "80_plus": 1, "remote": 1, "not_remote": 1 / 2,
               "alone": 1, "not_alone": 0, "left_behind": 1, "not_left_behind": 1 / 2, "quintile_1": 1,
               "quintile_5": 0}  # fmt: skip
    half = quarter | {"women": 1 / 2, "80_plus": 0, "remote": 0, "alone": 1 / 2, "not_left_behind": 0}
    assert {name: found[f"unmet_quarter_share_{name}"] for name in quarter} == pytest.approx(quarter)
    assert {name: found[f"unmet_half_share_{name}"] for name in half} == pytest.approx(half)
    assert math.isnan(found["unmet_half_share_quintile_2"])


def test_unmet_need_of_the_poor_gives_a_negative_index(found):
    # Shares .8, .4, 0 from the poorest to the richest, of ranks 1/6, 3/6, 5/6.
    assert found["unmet_gini"] == pytest.approx(4 / 9)
    assert found["unmet_concentration"] == pytest.approx(2 * (0.8 / 6 + 0.4 / 2) / (3 * 0.4) - 1)
    assert found["unmet_erreygers"] == pytest.approx(4 * 0.4 * found["unmet_concentration"])


def test_gifts_of_children_count_in_the_rank():
    """Of 200 yuan and of 100 with 500 of gifts: the needs of the second are the unmet ones of the richer."""
    v = Village()
    one, other = v.elder(70, income=20_000, transfers=0), v.elder(75, income=10_000, transfers=50_000)
    for row, met in ((one, 100), (other, 20)):
        v.need(row, 100, 0, 0)
        v.give(row, DAUGHTER, met, 0, 0)
    found = v.measure(equity.INDICATORS)
    assert found["unmet_concentration"] == pytest.approx(2 * (0.8 * 3 / 4) / (2 * 0.4) - 1)


def test_gini_of_equals_and_of_one_who_has_all():
    assert gini(np.array([0, 0, 0, 7])) == pytest.approx(0)
    assert gini(np.array([9, 0, 1])) == pytest.approx(0.9)
    assert math.isnan(gini(np.array([5, 0])))


def test_those_of_one_income_share_their_rank():
    together = concentration(np.array([0, 4]), np.array([0, 500]))
    assert together == pytest.approx((0, 0.5))
    assert concentration(np.array([2, 2]), np.array([500, 0]))[0] == pytest.approx(-0.5)


def test_without_needs_nothing_is_measured():
    v = Village()
    v.elder(70)
    found = v.measure(equity.INDICATORS)
    assert all(math.isnan(value) for value in measured(found, *found))
