"""Fen go to somebody against the terms of a measure, each time in another way, and the month does not pass."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import CareModel, Scenario, catalogue
from caresim.agents import dues
from caresim.agents.checks import LawBroken, check_care
from caresim.agents.entitled_laws import CLAIMED, ELSEWHERE, GRANTED, IN_ALL, PAID, elders
from caresim.agents.money_laws import MONEY_LAWS
from caresim.agents.people import ELDER, INSTITUTION
from caresim.agents.schemes import MEALS
from caresim.agents.situations import BY_FAMILY, situations
from caresim.kernel.clock import month_number
from caresim.processes import benefits, household_money
from tests.hamlet import Hamlet, under_law

RICH, POOR, OLD, WITHIN, SHY = range(5)
"""In state 3 and 75; poor and of 85; 92 and able; as the first, but where half the townships are reached first; and 70,
taking nothing up."""
LEVERS = {
    "age_allowance": {"from_80": 30.0, "from_90": 60.0, "from_100": 90.0},
    "nursing_subsidy": {"moderate": 50.0, "severe": 100.0, "rollout": 0.5},
    "service_subsidy": {"amount": 80.0},
    "carer_allowance": {"amount": 20.0},
}
HONEST = [0, 3_000 + 8_000, 6_000, 10_000]


def world_with_dues(ceiling=0.0, before=(), levers=LEVERS, lasting=()):
    """Return a world in which dues were claimed and paid, some columns being other than they were before and after."""
    hamlet = Hamlet(catalogue.columns(), month_number("2020-06"))
    world, people = hamlet.world, hamlet.people
    for age, village in ((75, 0), (85, 0), (92, 0), (75, 1), (70, 0)):
        hamlet.add(age, "f", hamlet.household(), village=village)
    people["takes_up"][:4] = 1
    people["assessed"][[RICH, WITHIN]] = 3
    people["means"][POOR] = 1
    people["main_relation"][WITHIN] = 3
    people["state"][:5] |= ELDER
    world.elders = np.arange(5)
    under_law(world, levers, ceiling=ceiling)
    for column, row, value in lasting:
        people[column][row] = value
    kept = {column: people[column].copy() for column, _, _ in before}
    for column, row, value in before:
        people[column][row] = value
    benefits.pay_benefits(world)
    people.arrays |= kept
    household_money.balance(world)
    return world


def fault_of(world):
    with pytest.raises(LawBroken) as found:
        check_care(world)
    assert found.value.month == "2020-06"
    return found.value.law, found.value.numbers


@pytest.mark.parametrize(("ceiling", "paid"), [(0.0, HONEST), (50.0, [0, 3_000 + 1_217, 6_000, 1_521])])
def test_what_is_due_passes(ceiling, paid):
    world = world_with_dues(ceiling)
    check_care(world)
    if ceiling == 0.0:
        assert world.people["benefits"][:5].tolist() == [*paid, 0]


@pytest.mark.parametrize(
    ("column", "row", "claimed_as", "measure", "found", "against"),
    [
        ("means", OLD, 1, "service_subsidy", 8_000, 0),
        ("born", RICH, month_number("2020-06") - 85 * 12, "age_allowance", 3_000, 0),
        ("born", OLD, month_number("2020-06") - 101 * 12, "age_allowance", 9_000, 6_000),
        ("village", RICH, 1, "nursing_subsidy", 10_000, 0),
    ],
)  # fmt: skip
def test_an_elder_to_whom_the_terms_of_a_measure_do_not_apply_is_found(
    column, row, claimed_as, measure, found, against
):
    law, numbers = fault_of(world_with_dues(before=[(column, row, claimed_as)]))
    assert law == CLAIMED
    assert {name: numbers[name] for name in ("measure", "row", "found", "against")} == {
        "measure": measure, "row": row, "found": found, "against": against,
    }  # fmt: skip


def test_a_disability_that_no_office_knows_is_found():
    law, numbers = fault_of(world_with_dues(before=[("assessed", OLD, 3), ("village", OLD, 1)]))
    assert law == CLAIMED
    assert (numbers["row"], numbers["assessed"], numbers["village"]) == (OLD, 0, 0)


def test_who_takes_nothing_up_is_owed_nothing():
    world = world_with_dues(before=[("takes_up", RICH, 1)])
    world.people["takes_up"][WITHIN] = 0
    world.people["benefits"][WITHIN] = 0
    world.people["benefits"][POOR] += 10_000
    law, numbers = fault_of(world)
    assert law == PAID
    assert numbers["row"] == POOR


def test_a_family_that_did_not_care_is_found():
    world = world_with_dues()
    dues.dues_claimed(world).seen[WITHIN] = 0
    law, numbers = fault_of(world)
    assert law == CLAIMED
    assert (numbers["measure"], numbers["row"], numbers["found"]) == ("carer_allowance", WITHIN, 2_000)


def test_meals_of_whom_nobody_linked_are_found():
    levers = {"meal_aid": {"subsidy": 2.0, "reach": 500.0}}
    world = world_with_dues(levers=levers, before=[("linked", OLD, MEALS)])
    check_care(world)
    dues.dues_claimed(world).seen[OLD] = 0
    law, numbers = fault_of(world)
    assert law == CLAIMED
    assert (numbers["measure"], numbers["row"], numbers["against"]) == ("meal_aid", OLD, 0)


def test_what_a_carer_allowance_rests_on_may_change_before_the_month_ends():
    world = world_with_dues()
    world.people["main_relation"][:4] = 0, 1, 2, 0
    check_care(world)


def test_a_situation_under_a_wrong_number_is_found():
    world = world_with_dues()
    dues.dues_claimed(world).table.numbers[POOR] |= 1 << BY_FAMILY | 3
    assert fault_of(world)[0] == CLAIMED


def test_a_table_that_owes_too_much_is_found():
    world = world_with_dues()
    dues.dues_claimed(world).table.units[:] += 1
    assert fault_of(world)[0] == CLAIMED


def test_fen_of_one_elder_that_another_is_paid_are_found():
    world = world_with_dues()
    world.people["benefits"][[WITHIN, OLD]] += -100, 100
    law, numbers = fault_of(world)
    assert law == PAID
    assert (numbers["row"], numbers["found"], numbers["against"]) == (OLD, 6_100, 6_000)


def test_fen_for_an_elder_who_claimed_nothing_are_found():
    world = world_with_dues()
    world.people["benefits"][[WITHIN, RICH]] += -100, 100
    law, numbers = fault_of(world)
    assert law == PAID
    assert (numbers["row"], numbers["found"], numbers["against"]) == (RICH, 100, 0)


def test_a_sum_of_all_that_is_more_than_what_each_is_owed_is_found():
    world = world_with_dues()
    dues.dues_claimed(world).table.total[:] += 7
    law, numbers = fault_of(world)
    assert law == IN_ALL
    assert numbers["found"] == numbers["against"] + 7


def test_a_grant_above_the_claim_is_found_within_a_year():
    world = world_with_dues(ceiling=50.0)
    claim = world.claims.made["service_subsidy", "cash"]
    claim.granted[[POOR, OLD]] += -1, 1
    found = []
    for month in range(world.month, world.month + 12):
        world.month = month
        try:
            check_care(world)
        except LawBroken as broken:
            found.append((broken.law, broken.numbers.get("row"), broken.numbers.get("measure")))
    assert (GRANTED, OLD, "service_subsidy") in found


@pytest.mark.parametrize(
    ("measure", "levers", "before"),
    [
        ("cash_stack", {"stack": 500.0}, [("place", RICH, INSTITUTION), ("means", RICH, 2)]),
        ("cash_stack", {"stack": 500.0, "rollout": 0.5}, [("village", RICH, 1)]),
        ("donations", {"per_elder_year": 60.0, "most": 1.0}, [("means", RICH, 2)]),
        ("donations", {"per_elder_year": 60.0, "most": 1.0, "rollout": 0.5}, [("village", RICH, 1)]),
    ],
)
def test_a_measure_that_claims_by_itself_against_its_terms_is_found(measure, levers, before):
    row = before[0][1]
    lasting = [] if before[-1][0] == "means" else [("place", row, INSTITUTION), ("means", row, 2)]
    world = world_with_dues(before=before, levers={measure: levers}, lasting=lasting)
    law, numbers = fault_of(world)
    assert law == ELSEWHERE
    assert (numbers["measure"], numbers["row"], numbers["against"]) == (measure, row, 0)
    assert numbers["found"] == int(world.people["benefits"][row]) > 0


def test_the_law_has_an_order_of_situations_of_its_own_and_misses_none():
    ours, theirs = elders(), situations()
    assert len(ours.assessed) == len(theirs.assessed)
    found = [
        sorted(zip(*(getattr(one, name).tolist() for name in vars(one)), strict=True))
        for one in (ours, theirs)
    ]
    assert found[0] == found[1]
    assert (ours.assessed != theirs.assessed).any() or (ours.means != theirs.means).any()


def test_a_run_stops_in_the_month_in_which_elders_are_paid_as_if_they_were_poor(monkeypatch):
    scenario = Scenario.of(place="rural_china", start="2020-01", months=2, residents=300, townships=1, villages=1,
                           mixes={"m": {"instruments": {"service_subsidy": {"amount": 300.0}}}})  # fmt: skip
    model = CareModel(scenario, "m", collect=False)
    model.step()
    honest = dues.claim_by_situation

    def all_poor(elders, born, assessed, means, *others):
        return honest(elders, born, assessed, np.ones_like(means), *others)

    monkeypatch.setattr(dues, "claim_by_situation", all_poor)
    with pytest.raises(LawBroken) as found:
        model.step()
    assert (found.value.month, found.value.law) == ("2020-02", CLAIMED)
    assert {name: found.value.numbers[name] for name in ("measure", "means", "found", "against")} == {
        "measure": "service_subsidy", "means": 0, "found": 30_000, "against": 0,
    }  # fmt: skip


def test_each_of_these_laws_stands_among_those_of_money():
    assert {CLAIMED, IN_ALL, GRANTED, PAID, ELSEWHERE} <= set(MONEY_LAWS)
