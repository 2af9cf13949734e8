"""Who gave what, and what it cost, worked out on paper."""

import math

import pytest

from caresim.agents.care import CARE_WORKER, DAUGHTER, HUSBAND, MEMBER, NEIGHBOUR, PAIR, PEER, VOLUNTEER
from caresim.agents.people import COLUMNS
from caresim.indicators import welfare_mix
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet
from tests.indicators.books import Village, measured

GIVEN = ((HUSBAND, 240), (DAUGHTER, 120), (NEIGHBOUR, 60), (PAIR, 30), (PEER, 30), (VOLUNTEER, 90), (MEMBER, 30),
         (CARE_WORKER, 120))  # fmt: skip


def village(given=GIVEN):
    v = Village()
    elder = v.elder(80, disability=3)
    v.need(elder, 600, 600, 600)
    for relation, minutes in given:
        v.give(elder, relation, 0, 0, minutes)
    v.world.territory.home[:] = [True, False]
    return v


def test_hours_and_shares_by_giver():
    found = village().measure(welfare_mix.INDICATORS)
    givers = ("spouse", "children", "family", "community", "volunteers", "time_bank", "bought")
    hours = [4, 2, 6, 2, 1.5, 0.5, 2]
    assert measured(found, *(f"hours_{giver}" for giver in givers)) == hours
    assert measured(found, *(f"share_{giver}" for giver in givers)) == pytest.approx([h / 12 for h in hours])


def test_as_many_equal_sectors_are_as_many_effective_ones():
    # 6 of 12 hours by the family, 2 by each of community, volunteers with time bank, and state.
    entropy = math.log(2) / 2 + 3 * math.log(6) / 6
    assert village().measure(welfare_mix.INDICATORS)["effective_sectors"] == pytest.approx(math.exp(entropy))
    equal = ((DAUGHTER, 60), (NEIGHBOUR, 60), (MEMBER, 60), (CARE_WORKER, 60))
    assert village(equal).measure(welfare_mix.INDICATORS)["effective_sectors"] == pytest.approx(4)
    assert village(equal[:1]).measure(welfare_mix.INDICATORS)["effective_sectors"] == pytest.approx(1)
    assert math.isnan(village(()).measure(welfare_mix.INDICATORS)["effective_sectors"])


def test_the_public_pays_for_bought_hours_homes_and_those_who_meet_there():
    found = village().measure(welfare_mix.INDICATORS)
    assert found["public_cost"] == pytest.approx(2 * 30 + 2400 / 12 + 120 / 12)
    assert found["informal_value"] == pytest.approx(10 * 15)


def test_without_care_in_the_run_nothing_is_measured():
    found = Recorder(welfare_mix.INDICATORS).measure(Hamlet(COLUMNS + HEALTH).world)
    assert all(math.isnan(value) for value in found.values())
