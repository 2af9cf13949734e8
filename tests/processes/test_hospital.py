"""Admissions and bills: how often, how much, who pays."""

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.canteens import board
from caresim.agents.care import HAS_CHILD
from caresim.kernel.draws import uniform
from caresim.processes import hospital
from caresim.processes.meals import MealRules
from tests.hamlet import Hamlet
from tests.villages import begun_world, pass_month, village_scenario

N = 20_000
STREAM = np.uint64(0x1234_5678_9ABC_DEF0)
ERRORS = 4.5
"""Standard errors; each test below errs once in 100,000."""


def elders(state=0, n=N, village=0, **rules):
    hamlet = Hamlet(catalogue.columns())
    hamlet.people.make_room(registered=n)
    rows = [hamlet.add(70, "f", 0, village=village) for _ in range(n)]
    hamlet.people["disability"][rows] = state
    hamlet.people["arrangement"][rows] = HAS_CHILD
    hamlet.world.elders = np.array(rows)
    groups = catalogue.parameter_groups()
    hamlet.world.parameters = {name: groups[name]() for name in ("hospital", "income")}
    hamlet.world.parameters["hospital"] = groups["hospital"](**rules)
    return hamlet


@pytest.mark.parametrize("state", range(4))
def test_the_disabled_are_admitted_more_often(state):
    village = elders(state, admissions=(0.12, 0.6, 1.2, 3.6))
    hospital.treat(village.world)
    chance = (0.01, 0.05, 0.1, 0.3)[state]
    found = village.people["in_hospital"][:N].sum()
    assert abs(found - N * chance) < ERRORS * math.sqrt(N * chance * (1 - chance))


def test_fewer_are_admitted_where_the_factor_is_lower_and_they_are_among_those_admitted_anyway():
    found = []
    for factor in (1.0, 0.5):
        village = elders(3, n=4000, admissions=(0.0, 0.0, 0.0, 3.6))
        village.world.local["hospital.admission_scale"] = np.array([factor, 1.0])
        hospital.treat(village.world)
        found.append(village.people["in_hospital"][:4000].copy())
    assert not np.any(found[1] > found[0])
    assert abs(found[1].sum() - 600) < ERRORS * math.sqrt(600 * 0.85)


def test_bills_are_shared_between_elder_and_insurance_to_the_fen():
    village = elders(1, bill=9000.0, spread=0.0, reimbursed=0.55, admissions=(0.0, 12.0, 0.0, 0.0))
    village.people["out_of_pocket"][:N] = 7
    hospital.treat(village.world)
    own = 900_000 - int(0.55 * 900_000)
    assert (village.people["out_of_pocket"][:N] == 7 + own).all()
    assert village.world.money.month == {
        ("hospital", "elders", "hospitals"): N * own,
        ("hospital", "medical_insurance", "hospitals"): N * (900_000 - own),
    }


def test_who_has_no_children_pays_what_there_is_and_medical_assistance_the_rest():
    """9,000 yuan, of which 4,050 are left to elders: with a child all of it is paid, alone what is in the purse.

    1,000 yuan of savings, 200 of income, 300 from relatives and 100 of benefits less a bill of 50 and ten meals at 9
    yuan are 1,460; who has more than the bill pays it; with nothing, nothing.
    """
    village = elders(1, n=4, bill=9000.0, spread=0.0, reimbursed=0.55, admissions=(0.0, 12.0, 0.0, 0.0))
    people, world = village.people, village.world
    has = {"savings": (0, 100_000, 500_000, -1), "income": (20_000, 20_000, 0, -1), "transfers": (0, 30_000, 0, 0),
           "benefits": (0, 10_000, 0, 0), "out_of_pocket": (0, 5000, 0, 0), "meals": (0, 10, 0, 0),
           "arrangement": (HAS_CHILD, 0, 0, 0)}  # fmt: skip
    for name, values in has.items():
        people[name][:4] = values
    world.parameters["meals"] = MealRules(price=12.0, subsidy=3.0)
    world.workforce.turn(world.month).meals = 10
    hospital.treat(world)
    assert people["out_of_pocket"][:4].tolist() == [405_000, 5000 + 146_000, 405_000, 0]
    assert world.money.month == {
        ("hospital", "elders", "hospitals"): 405_000 + 146_000 + 405_000,
        ("hospital", "medical_insurance", "hospitals"): 4 * 900_000 - 956_000,
    }


def test_no_family_pays_for_elders_without_children():
    """A village in which everybody is in hospital every month: families help, but only those who have one."""
    scenario = village_scenario(
        year=2020, residents=600, deviations={"hospital": {"admissions": (12.0, 12.0, 12.0, 12.0)}}
    )
    world = begun_world(scenario)
    helped = {False: 0, True: 0}
    for month in range(scenario.start, scenario.start + 6):
        before = world.people["savings"].copy()
        pass_month(world, month, scenario.parameters_at(month))
        people, meals = world.people, board(world)[1]
        rows = world.elders[before[world.elders] >= 0]
        assert meals == 0
        has = (
            before[rows].astype(np.int64) + np.maximum(0, people["income"][rows]) + people["transfers"][rows]
        )
        short = people["out_of_pocket"][rows] - has - people["benefits"][rows]
        for with_child in helped:
            who = (people["arrangement"][rows] & HAS_CHILD != 0) == with_child
            helped[with_child] += int(np.maximum(0, short[who]).sum())
            assert who.any()
    assert helped[False] == 0
    assert helped[True] > 0


def test_bills_spread_around_their_mean():
    village = elders(1, bill=10_000.0, spread=0.6, reimbursed=0.0, admissions=(0.0, 12.0, 0.0, 0.0))
    hospital.treat(village.world)
    bills = village.people["out_of_pocket"][:N] / 100.0
    deviation = 10_000.0 * math.sqrt(math.exp(0.36) - 1.0)
    assert abs(bills.mean() - 10_000.0) < ERRORS * deviation / math.sqrt(N)
    assert abs(np.log(bills).std() - 0.6) < ERRORS * 0.6 / math.sqrt(2 * N)


def test_bills_grow_like_incomes_and_nobody_young_or_well_pays():
    village = elders(0, n=10, bill=10_000.0, spread=0.0, reimbursed=0.0, admissions=(12.0, 0.0, 0.0, 0.0))
    village.world.month += 120
    child = village.add(20, "f", 0)
    hospital.treat(village.world)
    growth = village.world.parameters["income"].growth(2030)
    assert village.people["out_of_pocket"][0] == int(1_000_000 * growth)
    assert growth > 1.0
    assert village.people["out_of_pocket"][child] == 0
    village.people["disability"][:10] = 1
    village.world.month += 1
    hospital.treat(village.world)
    assert not village.people["in_hospital"][:11].any()


@pytest.mark.parametrize("highest", [0.0, 1e-4, 0.05, 1.0, 3.0])
@pytest.mark.parametrize("n", [0, 1, 9, 2 * hospital.BLOCK + 3])
def test_no_low_draw_is_missed_and_hardly_another_is_found(highest, n):
    keys = np.random.default_rng(n + 1).integers(0, 2**63, n, dtype=np.uint64)
    found = hospital.keys_below(STREAM, keys, highest).tolist()
    luck = [uniform(STREAM, key) for key in keys]
    assert found == sorted(found)
    assert {j for j in range(n) if luck[j] < highest} <= set(found)
    assert all(luck[j] < highest + 1e-15 for j in found)
