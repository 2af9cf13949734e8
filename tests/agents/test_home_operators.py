"""Homes that are young, in a chain, or in a building handed over: each on paper."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

from caresim import CareModel, Scenario
from caresim.agents.bed_laws import bed_fault
from caresim.agents.founding import NOWHERE, found, found_first, idle_site, join_chain
from caresim.agents.home_entry import bed_price, enter_homes, projected_margin
from caresim.agents.home_money import book, close, note_subsidy, spend
from caresim.agents.home_terms import terms
from caresim.agents.institutions import OPEN, PRIVATE, PUBLIC_BUILT, split
from caresim.processes.homes import run_homes
from tests.processes.test_admission import County

PLAIN = {"stigma_learning": 0.0, "incident": 0.0, "bed_target": 0.0}


def odds(quality):
    return math.log(quality / (1.0 - quality))


def rules(county):
    return county.world.parameters["homes"]


def test_a_home_without_experience_is_worse_by_what_it_lacks():
    county = County(homes=PLAIN | {"inexperience": 0.6, "learning": 1.2})
    old, young = county.home(), county.home(experience=0.25)
    run_homes(county.world)
    homes = county.world.homes
    assert odds(homes["quality"][old]) - odds(homes["quality"][young]) == pytest.approx(0.6 * 0.75)
    assert homes["experience"].tolist() == [1.0, 0.25 + 0.75 * 0.1]


def test_managers_learn_what_they_lack_and_never_too_much():
    county = County(homes=PLAIN | {"learning": 0.5})
    young, closed = county.home(experience=0.0), county.home(experience=0.0, closed=3)
    for _ in range(12):
        run_homes(county.world)
        county.world.month += 1
    assert county.world.homes["experience"][young] == pytest.approx(1.0 - (1.0 - 0.5 / 12) ** 12)
    assert county.world.homes["experience"][closed] == 0.0
    hasty = County(homes=PLAIN | {"learning": 12.0})
    hasty.home(experience=0.0)
    run_homes(hasty.world)
    assert hasty.world.homes["experience"].tolist() == [1.0]


def test_homes_of_a_chain_pay_one_anothers_debts():
    """Two owe 500 and 300 fen; of the chain's 400 each gets its part, of each giver in proportion."""
    county = County(homes=PLAIN | {"exit_months": 1000.0})
    cash = (-500, -300, 300, 100, 900, -50)
    for k, fen in enumerate(cash):
        county.home(ownership=PRIVATE, cash=fen, chain=k < 4, cost=10)
    county.world.money.pay("gifts", "donors", "homes", sum(cash))
    close(county.world.homes.table, rules(county).exit_months)
    assert county.world.homes["cash"].tolist() == [-250, -150, 0, 0, 900, -50]
    assert bed_fault(county.world) is None


@pytest.mark.parametrize(("chain", "closing"), [(False, [True, False]), (True, [False, False])])
def test_a_chain_keeps_a_home_open_that_would_close_alone(chain, closing):
    county = County(homes=PLAIN | {"exit_months": 6.0})
    for fen in (-1000, 900):
        county.home(ownership=PRIVATE, cash=fen, chain=chain, cost=100)
    close(county.world.homes.table, rules(county).exit_months)
    assert county.world.homes["closing"].tolist() == closing


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda homes: pickle.loads(pickle.dumps(homes))])
def test_columns_of_a_copy_are_its_own_table(copied):
    county = County(homes=PLAIN)
    county.home(cash=7)
    homes = copied(county.world.homes)
    homes["cash"][0] += 5
    assert homes.table["cash"].tolist() == [12]
    assert county.world.homes["cash"].tolist() == [7]


def test_a_sum_is_split_to_the_fen():
    assert split(10, np.array([1, 1, 1])).tolist() == [4, 3, 3]
    assert split(7, np.array([0, 5, 2])).tolist() == [0, 5, 2]
    assert split(0, np.array([0, 0])).tolist() == [0, 0]


def test_a_great_sum_is_split_as_exactly():
    """Products beyond 64 bits: compared with whole numbers of any size."""
    draw = np.random.default_rng(4)
    for _ in range(200):
        weights = draw.integers(0, 10**16, size=5)
        fen, whole = int(draw.integers(0, 10**17)), int(weights.sum())
        fair = [fen * weight // whole for weight in weights.tolist()]
        for h in np.argsort(-weights, kind="stable")[: fen - sum(fair)].tolist():
            fair[h] += 1
        assert split(fen, weights).tolist() == fair


def test_a_measure_pays_the_homes_for_which_it_claimed():
    """Nine fen for homes that claimed 2 and 4; one that was founded since gets nothing."""
    county = County(homes=PLAIN)
    for _ in range(3):
        county.home(cash=10)
    table = county.world.homes.table
    note_subsidy(table, book(table, np.array([2, 4]), 9))
    assert table["cash"].tolist() == [13, 16, 10]
    assert table["subsidy"].tolist() == [3, 6, 0]
    book(table, np.array([2, 4]), 5)
    assert table["cash"].tolist() == [14, 20, 10]
    note_subsidy(table, book(table, np.zeros(0, dtype=np.int64), 0))
    assert table["subsidy"].tolist() == [0, 0, 0]


def test_beds_cost_less_in_a_chain_and_in_a_building_handed_over():
    county = County(homes=PLAIN | {"fixed": 100.0, "chain_fixed": 0.9, "idle_fixed": 0.5})
    for marks in ({}, {"chain": True}, {"idle": True}, {"chain": True, "idle": True}):
        county.home(beds=10, **marks)
    agreed = terms(county.world)
    spend(county.world.homes.table, np.zeros(4, dtype=np.int64), agreed.county, agreed.villages)
    growth = county.groups["income"].growth(2020)
    expected = [math.floor(100 * growth * 1000.0 * part + 1e-6) for part in (1.0, 0.9, 0.5, 0.45)]
    assert county.world.homes["cost"].tolist() == expected


def test_private_homes_join_a_chain_and_bring_its_experience_with_it():
    county = County(homes=PLAIN | {"chain_share": 1.0, "chain_experience": 0.7})
    county.home(ownership=PRIVATE, experience=0.2)
    county.home(ownership=PRIVATE, experience=0.9)
    county.home(ownership=PUBLIC_BUILT, experience=0.2)
    county.home(ownership=PRIVATE, experience=0.2, closed=5)
    join_chain(county.world, rules(county))
    homes = county.world.homes
    assert homes["chain"].tolist() == [True, True, False, False]
    assert homes["experience"].tolist() == [0.7, 0.9, 0.2, 0.2]


@pytest.mark.parametrize(
    ("paid", "margin"),
    [
        (0, (760 - 800) / 760),
        (100_000, (810 - 800) / 810),
        (300_000, (910 - 800) / 910),
    ],
)
def test_founders_count_on_the_subsidy_that_homes_are_paid(paid, margin):
    """Ten residents of ten beds share the fen that are paid; with ten beds more half of them are taken.

    A bed earns half of 1,500 yuan and the subsidy of a head, and a grant of 1,200 over ten years, 10 a month; it
    costs 300, and half of 700 + .5 x 600.
    """
    priced = {"price": (1000.0, 1000.0, 2000.0, 2000.0), "grant": 1200.0, "fixed": 300.0, "variable": 700.0,
              "nursing": 600.0}  # fmt: skip
    county = County(homes=PLAIN | priced)
    county.home(beds=10, residents=10, subsidy=paid)
    assert projected_margin(county.world, rules(county), 10) == pytest.approx(margin)


def test_a_chain_expects_more_of_a_home_than_others_do():
    alone, chain = (County(homes=PLAIN | {"chain_share": share}) for share in (0.0, 1.0))
    margins = [projected_margin(county.world, rules(county), 30) for county in (alone, chain)]
    assert margins[1] > margins[0]
    h = found(chain.world, rules(chain), 30, 1440, PRIVATE)
    assert (chain.world.homes["chain"][h], chain.world.homes["experience"][h]) == (True, 0.8)
    public = found(chain.world, rules(chain), 30, 1440, PUBLIC_BUILT)
    assert not chain.world.homes["chain"][public]


def test_each_building_out_of_use_takes_one_home():
    county = County(homes=PLAIN | {"idle_share": 1.0})
    townships = len(np.unique(county.world.territory.township))
    sites = [found(county.world, rules(county), 30, 1440, PRIVATE) for _ in range(townships + 1)]
    homes = county.world.homes
    assert homes["idle"][sites].tolist() == [True] * townships + [False]
    assert homes["experience"][sites].tolist() == [0.0] * (townships + 1)
    assert len(set(county.world.territory.township[homes["village"][sites[:-1]]].tolist())) == townships
    assert idle_site(county.world) == NOWHERE
    homes["closed"][sites[0]] = 1441
    assert idle_site(county.world) == county.world.territory.township[homes["village"][sites[0]]]
    homes["closed"][sites[0]] = OPEN


def test_government_builds_for_less_where_a_building_stands_empty():
    county = County(homes=PLAIN | {"idle_share": 1.0, "idle_saving": 0.25, "bed_cost": 8000.0})
    assert bed_price(county.world, rules(county), 40) == 6000.0
    townships = len(np.unique(county.world.territory.township))
    for _ in range(townships):
        found(county.world, rules(county), 30, 1440, PUBLIC_BUILT)
    assert bed_price(county.world, rules(county), 40) == 8000.0


def test_beds_that_are_added_to_a_home_need_no_building():
    county = County(homes=PLAIN | {"idle_share": 1.0, "bed_cost": 8000.0, "least_beds": 20})
    county.home(beds=30)
    assert bed_price(county.world, rules(county), 5) == 8000.0


def test_without_buildings_chains_and_inexperience_homes_are_as_they_were():
    """What is new can be switched off: a county in which homes are founded lives the same with other values of it."""
    keys = {"place": "rural_heilongjiang", "start": "2020-01", "seed": 5, "months": 26, "residents": 3000,
            "townships": 3, "villages": 10}  # fmt: skip
    mix = {"tried": {"instruments": {"bed_target": {"per_10000": 600.0}, "public_homes": {"least": 0}}}}
    off = {"inexperience": 0.0}
    other = off | {
        "learning": 1.0,
        "chain_fixed": 0.8,
        "idle_fixed": 0.6,
        "idle_saving": 0.8,
        "chain_experience": 0.5,
    }
    runs = []
    for homes in (off, other):
        model = CareModel(Scenario.of(**keys, mixes=mix, parameters={"homes": homes}), "tried", collect=False)
        model.run()
        runs.append([record | {"home_experience": 0.0} for record in model.records])
        assert sum(record["home_entries"] for record in model.records) > 0
    assert repr(runs[0]) == repr(runs[1])


def test_enter_homes_uses_a_building_that_is_handed_over():
    county = County(homes=PLAIN | {"idle_share": 1.0, "bed_target": 300.0, "bed_cost": 0.0, "build_share": 1.0,
                                   "least_beds": 1})  # fmt: skip
    enter_homes(county.world, rules(county), 1000)
    assert county.world.homes["idle"].tolist() == [True]
    assert county.world.homes["beds"].tolist() == [30]


def test_what_costs_nothing_is_built_without_a_grant():
    """A building that is handed over saves all the price of a bed."""
    county = County(homes=PLAIN | {"idle_share": 1.0, "idle_saving": 1.0, "bed_target": 300.0, "bed_cost": 8000.0,
                                   "build_share": 1.0, "least_beds": 1})  # fmt: skip
    assert bed_price(county.world, rules(county), 30) == 0.0
    enter_homes(county.world, rules(county), 1000)
    assert county.world.homes["beds"].tolist() == [30]
    assert county.world.homes["idle"].tolist() == [True]


def test_homes_of_the_start_are_not_new():
    """They are open since the month before, so that no grant for new beds is claimed for them."""
    county = County(homes=PLAIN | {"bed_target": 1e4, "start_beds": 1e4})
    county.elder()
    found_first(county.world, rules(county))
    homes = county.world.homes
    assert homes["beds"].tolist() == [1]
    assert homes["opened"].tolist() == [county.world.start - 1]
