"""The time bank's ledger worked out on paper, and fuzzed: every coin that comes, comes from somewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from caresim.agents.bank_rules import TASK_NAMES, TimeBankRules
from caresim.agents.care import ALONE, CARE_WORKER, CHILD_NEAR, GIVEN, GIVER, MEMBER, RELATION
from caresim.agents.claims import affordable, cost
from caresim.agents.people import ALIVE, INSTITUTION, OUTSIDE
from caresim.kernel.clock import month_number
from caresim.kernel.draws import uniform
from caresim.kernel.parameters import limits_of
from caresim.processes import inheritance, time_bank
from tests.bank import Bank


def test_a_closed_bank_does_nothing():
    b = Bank(open=False, endowment=3.0)
    elder, helper = b.elder(instrumental=100), b.helper()
    flows = b.run()
    assert flows == type(flows)()
    assert b.of("member", elder, helper) == [0, 0]
    assert b.coins(elder, helper) == [0, 0]
    assert b.bank() == [0, 0, 0]
    assert not b.world.bank.in_use


# --- accounts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_open", [True, False])
def test_balances_of_those_who_left_the_register_go_to_the_pool(is_open):
    b = Bank(open=is_open)
    gone, absent = b.elder(coins=70), b.elder(coins=30)
    b.people.leave(np.array([absent]), np.array([OUTSIDE], dtype=np.uint8))
    b.people.deregister(np.array([gone]), np.array([OUTSIDE], dtype=np.uint8))
    b.needs.clear()
    flows = b.run()
    assert b.coins(gone, absent) == [0, 30]
    assert b.bank() == [70, -100, 0]
    assert flows.departed == 70


def test_members_are_healthy_residents_of_45_to_77():
    b = Bank()
    ages = (44 + 11 / 12, 45, 60, 77 + 11 / 12, 78)
    rows = [b.person(age, "f", b.household()) for age in ages]
    ill = b.person(50, "f", b.household(), disability=1)
    demented = b.person(60, "m", b.household())
    b.people["dementia"][demented] = 1
    away = b.person(50, "m", place=OUTSIDE)
    in_care = b.person(70, "m", b.household())
    b.people["place"][in_care] = INSTITUTION
    flows = b.run()
    assert b.of("member", *rows, ill, demented, away, in_care) == [0, 1, 1, 1, 0, 0, 0, 0, 0]
    assert flows.members == 3


def test_members_register_when_the_bank_opens_and_each_january():
    b = Bank("2020-06", open=False)
    rows = [b.person(50, "f", b.household()) for _ in range(400)]
    b.run()
    assert sum(b.of("member", *rows)) == 0
    b.rules(open=True, registration=0.4)
    b.next()
    b.run()
    expected = [b.draw("time_bank.join", row, 0) < 0.4 for row in rows]
    assert b.of("member", *rows) == expected
    assert 0 < sum(expected) < 400
    assert b.world.bank.opened == month_number("2020-07")
    b.rules(registration=1.0)
    for _ in range(5):
        b.next()
        b.run()
        assert b.of("member", *rows) == expected
    b.next()
    b.run()
    assert b.of("member", *rows) == [1] * 400


def test_a_bank_that_closes_has_no_members_and_owes_on():
    b = Bank(confidence_start=0.3, confidence_speed=1.0, backstop=1.0)
    elder, helper = b.elder(coins=500, instrumental=60), b.helper()
    b.run()
    assert b.of("member", helper) == [1]
    assert b.world.bank.confidence == pytest.approx(0.9)
    b.rules(open=False)
    b.next()
    b.run()
    assert b.of("member", helper) == [0]
    assert sum(b.coins(elder, helper)) == 500
    assert b.world.bank.opened is None
    b.rules(open=True)
    b.needs.clear()
    b.next()
    b.run()
    assert b.world.bank.confidence == 0.3


@pytest.mark.parametrize(("digital", "chance"), [(0.0, 1 / 12), (0.5, 1 / 24), (1.0, 0.0)])
def test_records_on_paper_get_lost(digital, chance):
    b = Bank(loss_year=1.0, digital=digital, loss_part=0.5)
    rows = [b.elder(coins=101) for _ in range(300)]
    gone = [b.draw("time_bank.loss", row) < chance for row in rows]
    assert any(gone) == (chance > 0)
    flows = b.run()
    assert b.coins(*rows) == [51 if lost else 101 for lost in gone]
    assert b.bank()[2] == 50 * sum(gone) == flows.records


def priority(b):
    """Add elders of whom the first two are endowed; return the rows."""
    oldest = b.elder(age=80)
    poor = b.elder(age=79.9)
    others = [b.elder(age=79.9), b.elder(age=80), b.elder(age=80), b.elder(age=80), b.elder(age=79.9),
              b.elder(age=79.9, disability=0)]  # fmt: skip
    rich, with_child, _not_alone, in_home, at_the_line, _healthy = others
    b.people["arrangement"][[oldest, rich, with_child, in_home]] = ALONE
    b.people["arrangement"][with_child] |= CHILD_NEAR
    b.people["place"][in_home] = INSTITUTION
    b.people["income"][:] = 100_00
    b.people["transfers"][:] = 299_99
    b.people["income"][rich] = 500_00
    b.people["transfers"][at_the_line] += 1
    return oldest, poor, *others


def test_the_lone_oldest_and_the_poor_disabled_are_endowed_by_pool_then_government():
    b = Bank(endowment=1.01)
    rows = priority(b)
    b.world.bank.pool, b.world.bank.government = 70, -70
    flows = b.run()
    assert b.coins(*rows) == [60, 60, 0, 0, 0, 0, 0, 0]
    assert b.bank() == [0, -120, 0]
    assert flows.endowed == 120


def test_a_pool_that_suffices_pays_the_endowment_alone():
    b = Bank(endowment=1.0)
    rows = priority(b)
    b.world.bank.pool, b.world.bank.government = 500, -500
    b.run()
    assert sum(b.coins(*rows)) == 120
    assert b.bank() == [380, -500, 0]


def test_what_is_above_the_ceiling_goes_to_the_pool_after_the_endowment():
    b = Bank(endowment=1.0, ceiling=2.0)
    rows = priority(b)
    b.endow(rows[0], 100)
    b.endow(rows[5], 200)
    flows = b.run()
    assert b.coins(*rows) == [120, 60, 0, 0, 0, 120, 0, 0]
    assert b.bank() == [120, -420, 0]
    assert flows.capped == 120


# --- requests and service -----------------------------------------------------------------------------------


def test_a_served_minute_moves_a_coin_from_elder_to_helper():
    b = Bank()
    elder, helper = b.elder(coins=1000, instrumental=50, company=80), b.helper()
    flows = b.run()
    assert b.offered(helper) >= 130
    assert b.coins(elder, helper) == [870, 130]
    assert b.left(elder) == [0, 0, 0]
    assert b.gifts(elder) == {helper: (MEMBER, 1, 0, 50, 80)}
    assert b.of("capacity", helper) == [b.offered(helper)]
    assert (flows.requested, flows.served, flows.paid, flows.active) == (130, 130, 130, 1)


def test_nobody_asks_for_more_than_he_can_pay_or_than_the_most():
    b = Bank(most_hours=2.0)
    poor = b.elder(coins=40, instrumental=90)
    rich = b.elder(coins=4000, instrumental=90, company=90)
    without = b.elder(instrumental=90)
    for _ in range(3):
        b.helper()
    flows = b.run()
    assert flows.requested == flows.served == 40 + 120
    assert b.coins(poor, rich, without) == [0, 3880, 0]
    assert b.left(rich) == [0, 0, 60]
    assert b.left(without) == [0, 90, 0]


def test_personal_care_is_not_the_banks():
    b = Bank()
    elder = b.elder(coins=500)
    b.needs[elder] = (300, 0, 0)
    b.helper()
    assert b.run().requested == 0


def test_nobody_serves_the_own_household():
    b = Bank()
    home = b.household()
    elder, helper = b.elder(coins=500, instrumental=60, household=home), b.helper(household=home)
    flows = b.run()
    assert flows.active == 1
    assert flows.served == 0
    assert b.coins(elder, helper) == [500, 0]


def test_the_nearest_helper_comes_first_and_nobody_from_beyond_reach():
    b = Bank(hours=2.0)
    elder = b.elder(coins=900, instrumental=600)
    far, near = b.helper(village=1), b.helper()
    needed = b.offered(near) + b.offered(far)
    flows = b.run()
    assert flows.served == needed < 600
    assert [row for row in b.gifts(elder)] == [near, far]  # noqa: C416 - the order matters
    for change in ({"reach": 4.99}, {"township": 1}):
        b = Bank(hours=2.0, **{key: value for key, value in change.items() if key == "reach"})
        b.world.territory.township[1] = change.get("township", 0)
        elder = b.elder(coins=900, instrumental=600)
        far, near = b.helper(village=1), b.helper()
        b.run()
        assert set(b.gifts(elder)) == {near}


def test_requests_are_served_in_the_order_of_their_draws():
    b = Bank(hours=1.0)
    rows = [b.elder(coins=300, company=300) for _ in range(6)]
    b.helper()
    b.run()
    first = min(rows, key=lambda row: b.draw("time_bank.ask", row))
    assert [row for row in rows if b.gifts(row)] == [first]


def test_newest_child_gives_first_what_is_missing():
    b = Bank(gifts=True)
    mother = b.elder(coins=10, instrumental=100)
    eldest, middle, newest, away, gone = (
        b.person(age, "m", b.household(), disability=1, mother=mother) for age in (58, 55, 50, 52, 57)
    )
    for child, coins in ((eldest, 100), (middle, 60), (newest, 20), (gone, 500)):
        b.endow(child, coins)
    b.endow(away, 5)
    b.people.leave(np.array([away]), np.array([OUTSIDE], dtype=np.uint8))
    b.people.die(np.array([gone]))
    inheritance.inherit(b.world)
    chain = [gone, away, newest, middle, eldest]
    assert b.people["first_child"][mother] == gone
    flows = b.run()
    # 90 are missing: the absent child's 5, the newest's 20, the middle's 60, then 5 of the eldest's 100.
    assert b.coins(*chain) == [0, 0, 0, 0, 95]
    assert b.coins(mother) == [100]
    assert flows.given == 90
    assert flows.requested == 100


def test_without_gifts_children_keep_their_coins():
    b = Bank()
    mother = b.elder(coins=10, instrumental=100)
    child = b.person(50, "m", b.household(), disability=1, mother=mother)
    b.endow(child, 100)
    assert b.run().requested == 10
    assert b.coins(mother, child) == [10, 100]


@pytest.mark.parametrize("extra", range(8))
def test_who_gives_to_a_parent_asks_for_what_is_left(extra):
    """Whichever of the two comes first in the draws' order, an elder's own wish is cut after the gifts."""
    b = Bank(gifts=True)
    for _ in range(extra):
        b.elder()
    grandmother = b.elder(instrumental=60, age=90)
    mother = b.elder(coins=100, instrumental=100, age=68, mother=grandmother)
    for _ in range(2):
        b.helper()
    flows = b.run()
    assert flows.given == 60
    assert flows.requested == flows.served == 100
    assert b.left(mother) == [0, 60, 0]


# --- prices -------------------------------------------------------------------------------------------------


def test_prices_by_task_are_rounded_down_on_a_service():
    b = Bank(by_task=True, price=(150, 33))
    elder, helper = b.elder(coins=1000, instrumental=41, company=50), b.helper()
    b.run()
    assert b.coins(elder, helper) == [1000 - 78, 78]  # 61.5 + 16.5 coins


def test_with_prices_off_a_minute_costs_a_coin():
    assert TimeBankRules(price=(7, 9)).prices() == (100, 100)
    assert TimeBankRules(price=(7, 9), by_task=True).prices() == (7, 9)


@given(st.integers(0, 90), st.integers(0, 60), st.integers(0, 60), st.integers(0, 300), st.integers(0, 300))
def test_the_most_that_a_balance_pays_for(balance, instrumental, company, first, second):
    prices = (first, second)
    wish = instrumental + company
    while cost(min(wish, instrumental), max(0, wish - instrumental), prices) > balance:
        wish -= 1
    assert affordable(balance, instrumental, company, prices) == (
        min(wish, instrumental), max(0, wish - instrumental)
    )  # fmt: skip


# --- backstop and confidence --------------------------------------------------------------------------------


def test_government_buys_part_of_what_nobody_serves_for_the_coins():
    b = Bank(backstop=0.5)
    elder = b.elder(coins=200, instrumental=31, company=60)
    flows = b.run()
    assert (flows.requested, flows.served, flows.bought) == (91, 0, 45)
    assert b.left(elder) == [0, 0, 46]
    assert b.coins(elder) == [155]
    assert b.bank() == [0, -155, 0]
    (gift,) = b.world.care.hand_overs().tolist()
    assert (gift[GIVER], gift[RELATION], gift[GIVEN:]) == (-1, CARE_WORKER, [0, 31, 14])


def test_what_is_bought_is_paid_from_what_is_left_after_service():
    b = Bank(backstop=1.0, hours=0.5, by_task=True, price=(200, 100))
    elder = b.elder(coins=100, instrumental=80)
    helper = b.helper()
    flows = b.run()
    served = b.offered(helper)
    assert flows.requested == 50  # 50 minutes cost 100 coins
    assert flows.bought == 50 - served > 0
    assert b.coins(elder, helper) == [0, 2 * served]


@pytest.mark.parametrize(("backstop", "fixed"), [(1.0, 0.9), (0.0, 0.1), (0.5, 0.5)])
def test_confidence_moves_to_its_fixed_point(backstop, fixed):
    b = Bank(backstop=backstop, confidence_start=0.3, confidence_speed=0.2)
    elder = b.elder(instrumental=100)
    expected = 0.3
    for _ in range(80):
        b.endow(elder, 100)
        b.run()
        expected += 0.2 * (fixed - expected)
        assert b.world.bank.confidence == pytest.approx(expected)
        b.next()
    assert b.world.bank.confidence == pytest.approx(fixed, abs=1e-6)


def test_confidence_rests_while_nobody_asks():
    b = Bank(confidence_start=0.3, confidence_speed=0.2)
    b.elder(coins=100)
    b.elder(instrumental=100)
    for _ in range(3):
        b.run()
        assert b.world.bank.confidence == 0.3
        b.next()


def test_who_is_active_follows_propensity_and_confidence():
    b = Bank(confidence_weight=0.8, confidence_start=0.4, retention=0.7)
    b.set("volunteering", propensity_a=0.3, propensity_b=2.7)
    rows = [b.person(50, "f", b.household()) for _ in range(3000)]
    flows = b.run()

    def active(row):
        step = math.floor(4096 * b.draw("volunteering.propensity", row, 0))
        p = round(float(beta.ppf((step + 0.5) / 4096, 0.3, 2.7)), 6)
        stays = b.draw("time_bank.renew", row, month_number("2020-01")) < 0.7
        return stays and b.draw("time_bank.active", row) < p * (0.2 + 0.8 * 0.4)

    expected = [row for row in rows if active(row)]
    assert 10 < len(expected) < 300
    assert [row for row in rows if b.of("capacity", row)[0] > 0] == expected
    assert flows.active == len(expected)


@pytest.mark.parametrize(("weight", "differs"), [(0.0, False), (1.0, True)])
def test_without_weight_confidence_moves_nobody(weight, differs):
    b = Bank(confidence_weight=weight)
    b.set("volunteering", propensity_a=1.0, propensity_b=1.0)
    for _ in range(200):
        b.person(50, "f", b.household())
    b.run()
    active = []
    for b.world.bank.confidence in (0.1, 0.9):
        active.append(set(b.active()))
    assert (active[0] != active[1]) == differs
    assert active[0] <= active[1]


def test_a_year_of_rest_lasts_the_calendar_year():
    b = Bank("2020-11", retention=0.5)
    rows = [b.helper() for _ in range(60)]
    seen = []
    for _ in range(4):
        b.run()
        seen.append([row for row in rows if b.of("capacity", row)[0] > 0])
        b.next()
    assert seen[0] == seen[1] != seen[2] == seen[3]
    assert 10 < len(seen[0]) < 50  # outside with probability 1e-7


def test_the_busy_and_the_ill_do_not_serve():
    b = Bank()
    busy, ill = b.helper(), b.helper()
    b.run()
    b.people["disability"][ill] = 1
    b.next()
    b.people["given"][busy] = 40 * 60
    assert b.active() == []
    b.people["given"][busy] -= 1
    assert b.active() == [busy]


# --- inheritance --------------------------------------------------------------------------------------------


def family():
    """A couple with three children, of whom the eldest is not on the register; the husband holds 101 coins."""
    b = Bank()
    home = b.household()
    husband, wife = b.person(80, "m", home), b.person(78, "f", home)
    b.marry(husband, wife)
    b.away(56, "m", mother=wife, father=husband)
    second = b.person(54, "f", b.household(), mother=wife, father=husband)
    third = b.person(50, "m", b.household(), mother=wife, father=husband)
    b.endow(husband, 101)
    return b, husband, wife, second, third


def dies(b, *rows):
    b.people.die(np.array(rows))
    inheritance.inherit(b.world)
    b.balanced()


def test_the_spouse_inherits_part_and_the_pool_the_rest():
    b, husband, wife, second, third = family()
    dies(b, husband)
    assert b.coins(husband, wife, second, third) == [0, 60, 0, 0]
    assert b.bank() == [41, -101, 0]
    assert (b.world.bank.flows.inherited, b.world.bank.flows.estates) == (60, 41)


def test_without_a_spouse_the_eldest_registered_child_inherits():
    b, husband, wife, second, third = family()
    dies(b, husband, wife)
    assert b.coins(husband, wife, second, third) == [0, 0, 60, 0]


def test_of_twins_the_last_of_the_chain_inherits():
    b = Bank()
    mother = b.person(80, "f", b.household())
    one, two = (b.person(50, "m", b.household(), mother=mother) for _ in range(2))
    b.endow(mother, 10)
    dies(b, mother)
    assert b.coins(one, two) == [6, 0]


def test_without_heirs_all_goes_to_the_pool():
    b, husband, wife, second, third = family()
    dies(b, husband, wife, second, third)
    assert b.bank() == [101, -101, 0]


def test_coins_that_cannot_be_inherited_go_to_the_pool():
    b, husband, wife, *_ = family()
    b.set("inheritance", inheritable=False)
    dies(b, husband)
    assert b.coins(husband, wife) == [0, 0]
    assert b.bank() == [101, -101, 0]


# --- all of it ----------------------------------------------------------------------------------------------


def within(name):
    """Return a strategy for the values of a rule."""
    low, high = limits_of(TimeBankRules, name)
    if name in ("endowment", "hours", "most_hours"):
        high = 20.0
    return st.floats(low, high) if isinstance(low, float) else st.integers(low, high)


RULES = st.fixed_dictionaries({
    **{name: within(name)
       for name in ("registration", "endowment", "backstop", "ceiling", "digital", "hours", "most_hours", "retention",
                    "confidence_weight", "loss_year", "loss_part", "reach")},
    **{name: st.booleans() for name in ("gifts", "by_task")},
    "open": st.sampled_from([True, True, True, False]),
    "price": st.tuples(within("price"), within("price")),
})  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(RULES, min_size=3, max_size=3), st.data())
def test_whatever_the_rules_accounts_add_up_and_nobody_owes(rules, data):
    b = Bank()
    rows = []
    for _ in range(data.draw(st.integers(2, 12))):
        age = data.draw(st.sampled_from([46, 60, 70, 82]))
        older = [row for row in rows if b.people["born"][row] < b.world.month - 12 * (age + 10)]
        row = b.person(age, "f", b.household(), data.draw(st.integers(0, 1)), village=data.draw(st.integers(0, 1)),
                       mother=data.draw(st.sampled_from([-1, *older])))  # fmt: skip
        rows.append(row)
        b.endow(row, data.draw(st.integers(0, 400)))
        b.people["arrangement"][row] = data.draw(st.sampled_from([0, ALONE]))
        b.people["income"][row] = 0
        if age >= 60:
            b.needs[row] = (0, data.draw(st.integers(0, 300)), data.draw(st.integers(0, 300)))
    for month in rules:
        b.rules(**month)
        b.run()
        b.next()
        dead = data.draw(st.sampled_from(rows))
        if b.people["state"][dead] & ALIVE:
            b.needs.pop(dead, None)
            b.people.die(np.array([dead]))
            inheritance.inherit(b.world)
            assert b.world.bank.total() == 0
            assert b.coins(dead) == [0]


# --- the list of tasks, and accounts on a telephone -----------------------------------------------------------


@pytest.mark.parametrize(
    ("tasks", "served"),
    [
        (TASK_NAMES, (400, 200)),
        (("dining_tables",), (100, 0)),  # a quarter of help in the house
        (("family_services", "dining_tables", "health_management", "psychological_comfort", "inspection_visits"),
         (300, 120)),  # Beijing's list: all but errands (.25) and leisure (.4)
        ((), (0, 0)),
    ],
)  # fmt: skip
def test_only_tasks_on_the_list_are_asked_for_served_and_bought(tasks, served):
    """The helper's time is short, so that government buys the rest; what is not on the list stays needed."""
    b = Bank(tasks=tasks, most_hours=100.0, hours=2.0, backstop=1.0)
    elder, _ = b.elder(coins=5_000, instrumental=400, company=200), b.helper()
    flows = b.run()
    assert flows.requested == flows.served + flows.bought == sum(served)
    gifts = b.world.care.hand_overs()
    assert tuple(gifts[:, GIVEN:].sum(axis=0)[1:].tolist()) == served
    assert b.world.care.left.tolist() == [[0, 400 - served[0], 200 - served[1]]]
    assert b.coins(elder) == [5_000 - sum(served)]


def test_a_digital_account_is_of_use_to_who_can_use_it_and_to_some_who_are_helped():
    b = Bank(digital=1.0, hours=60.0)
    b.set("digital_skill", helped=0.5)
    elders = [b.elder(coins=600, instrumental=60) for _ in range(30)]
    for _ in range(8):
        b.helper()
    skills = np.zeros(len(b.people["key"]), dtype=np.uint8)
    skills[elders] = [2 if e < 10 else 1 for e in range(30)]
    b.people.arrays["digital_skill"] = skills
    flows = b.run()
    word = b.world.draws.word(time_bank.PAPER, 0)
    helped = [uniform(word, b.people["key"][row]) >= 0.5 for row in elders[10:]]
    assert flows.requested == 60 * (10 + sum(helped))
    assert 0 < sum(helped) < 20
    b.rules(digital=0.0)
    b.next()
    assert b.run().requested == 60 * 30
