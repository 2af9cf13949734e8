"""What founders count on, and what government builds of its grants: each on paper."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.home_entry import enter_homes, paid_beds, projected_margin
from caresim.agents.home_money import spend
from caresim.agents.home_terms import fixed_costs, terms
from caresim.agents.institutions import PRIVATE, PUBLIC_BUILT
from tests.policies.test_refused_money import Governed
from tests.processes.test_admission import County

STEADY = {"income": {"growth_year": 0.0}}
"""Prices of 2020: a bed earns (1,500 + 2,000)/2 yuan and costs 300, taken 700 + .5 x 600 more."""
SUBSIDISED = {"operating_subsidy": {"amount": 500.0}}
REBATED = {"construction_grant": {"utility_rebate": 1.0, "utility_share": 0.1}}
BUILT = {"bed_target": 680.0, "bed_cost": 20_000.0, "build_share": 1.0, "least_beds": 20, "idle_share": 1.0,
         "idle_saving": 0.5, "entry_margin": 1.0}  # fmt: skip
"""For 1,000 elders 68 beds; one costs 20,000 yuan, half of that in a building handed over; no founder comes."""


def margin(place):
    return projected_margin(place.world, place.world.parameters["homes"], 30)


@pytest.mark.parametrize(
    ("levers", "expected", "founded"),
    [
        ({}, (787.5 - 750.0) / 787.5, 0),
        (SUBSIDISED, (0.45 * 2250.0 - 750.0) / (0.45 * 2250.0), 1),
        ({"operating_subsidy": {"amount": 500.0, "rollout": 0.5}}, (0.45 * 2000.0 - 750.0) / 900.0, 1),
        (REBATED, (787.5 - 720.0) / 787.5, 1),
        (
            {"construction_grant": REBATED["construction_grant"] | {"rollout": 0.5}},
            (787.5 - 735.0) / 787.5,
            1,
        ),
    ],
)
def test_where_there_is_no_home_founders_count_on_what_measures_say(levers, expected, founded):
    """At .45 of the beds taken; of two villages both or one are paid. A margin above .05 brings a founder."""
    place = Governed(levers, **STEADY, homes={"free_entry": 1.0})
    place.elder()
    place.month()
    assert margin(place) == pytest.approx(expected)
    enter_homes(place.world, place.world.parameters["homes"], 1)
    assert place.world.homes["ownership"].tolist() == [PRIVATE] * founded


def test_homes_that_stand_empty_are_expected_to_be_subsidised_too():
    """Fifteen wait for a home of 30 beds; with 30 more a quarter is taken."""
    place = Governed(SUBSIDISED, **STEADY)
    place.world.homes.add(np.full(4, 1500.0), key=1, beds=30)
    for _ in range(15):
        place.elder(home=-2)
    place.month()
    revenue = 0.25 * 2250.0
    assert margin(place) == pytest.approx((revenue - 300.0 - 0.25 * 1000.0) / revenue)


def test_founders_count_on_the_part_of_a_subsidy_that_the_last_residents_were_paid():
    """A resident in state 1 is due 500 yuan, and a ceiling of 125 yuan for each of two elders leaves half of it."""
    place = Governed(SUBSIDISED, **STEADY).under(125.0)
    place.world.homes.add(np.full(4, 1500.0), key=1, beds=30, opened=0)
    resident = place.elder(home=0, place=4, assessed=1)
    place.elder()
    place.month()
    assert place.world.money.paid("operating_subsidy") == 25_000
    place.world.people["home"][resident] = -2
    for _ in range(3):
        place.month()
        assert place.found("homes.subsidy") == [250.0]
        place.world.homes["beds"][0] = 1  # a bed there and one to come, and one who waits
        alone = projected_margin(place.world, place.world.parameters["homes"], 1)
        assert alone == pytest.approx((0.5 * 2000.0 - 300.0 - 500.0) / 1000.0)


def test_what_measures_pay_of_fixed_costs_is_reckoned_from_what_homes_bear():
    county = County(
        homes={"fixed": 100.0, "chain_fixed": 0.5, "idle_fixed": 0.75}, income={"growth_year": 0.25}
    )
    county.world.month += 24
    for marks in ({}, {"chain": True}, {"idle": True}, {"chain": True, "idle": True}, {"closed": 3}):
        county.home(beds=10, **marks)
    agreed = terms(county.world)
    spend(county.world.homes.table, np.zeros(5, dtype=np.int64), agreed.county, agreed.villages)
    assert county.world.homes["cost"].tolist() == [156_250, 78_125, 117_187, 58_593, 0]
    assert np.floor(100.0 * fixed_costs(county.world)).tolist() == county.world.homes["cost"].tolist()


@pytest.mark.parametrize(
    ("yuan", "beds"),
    [
        (380_000, [30, 38]),
        (390_000, [30, 38]),
        (200_000, [30, 20]),
        (199_999, [39]),
        (190_000, [39]),
        (19_999, [30]),
    ],
)
def test_government_builds_what_its_grant_pays_at_the_price_of_what_it_builds(yuan, beds):
    """It wishes 38 beds in a building handed over, at 10,000 yuan; fewer than 20 are added to the home, at 20,000."""
    county = County(homes=BUILT)
    county.home(beds=30, ownership=PUBLIC_BUILT)
    grant(county.world, 38_000_000, 100 * yuan)
    enter_homes(county.world, county.groups["homes"], 1000)
    assert county.world.homes["beds"].tolist() == beds
    assert county.world.homes["idle"].tolist() == [False, True][: len(beds)]


def grant(world, claimed, granted):
    """Let the bed target claim so many fen, and be granted so many."""
    world.claims.open(len(world.elders))
    world.claims.programme(catalogue.instruments()["bed_target"], claimed)
    world.claims.made["bed_target", "programme"].granted = np.array([granted])


@pytest.mark.parametrize("saving", [0.3, 1 / 3, 1.0])
def test_a_claim_that_is_granted_builds_all_that_was_wished(saving):
    """Whatever fraction of a fen a bed costs; beds that cost nothing are built as well."""
    county = County(homes=BUILT | {"idle_saving": saving, "bed_cost": 19_999.99})
    grant(
        county.world, 38 * int(100 * 19_999.99 * (1.0 - saving)), 38 * int(100 * 19_999.99 * (1.0 - saving))
    )
    assert paid_beds(county.world, county.groups["homes"], 38) == 38
