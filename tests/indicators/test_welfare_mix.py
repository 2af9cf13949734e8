"""Who gave what, and what it cost, worked out on paper."""

import math

import numpy as np
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


def test_unpaid_hours_are_valued():
    assert village().measure(welfare_mix.INDICATORS)["informal_value"] == pytest.approx(10 * 15)


def test_without_care_in_the_run_nothing_is_measured():
    found = Recorder(welfare_mix.INDICATORS).measure(Hamlet(COLUMNS + HEALTH).world)
    assert all(math.isnan(value) for value in found.values())


def test_residents_of_care_homes_count_where_all_elders_are_compared():
    """At home 1,800 minutes needed, 1,080 unmet; in homes 3,000 needed, 900 unmet: 1,980 of 4,800."""
    v = village()
    v.people.arrays["home"] = v.people["need"]
    for need, met in ((2000, 1500), (1000, 600)):
        v.world.homes.add(np.full(4, 2000.0), need=need, met=met)
    found = v.measure(welfare_mix.INDICATORS)
    names = ("need_hours_all", "unmet_hours_all", "unmet_hours_residents")
    assert measured(found, *names) == [80, 33, 15]
    assert measured(found, "unmet_share_all", "unmet_share_residents") == [1980 / 4800, 0.3]


def test_where_nobody_lives_in_a_home_all_elders_are_those_at_home():
    v = village()
    v.people.arrays["home"] = v.people["need"]
    found = v.measure(welfare_mix.INDICATORS)
    assert measured(found, "need_hours_all", "unmet_hours_all", "unmet_hours_residents") == [30, 18, 0]
    assert math.isnan(found["unmet_share_residents"])
