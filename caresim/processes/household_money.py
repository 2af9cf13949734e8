"""Household money: at the month's end elders have been paid, pay their bills, live on the rest, and save some of it."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import WITH_CHILD
from caresim.agents.money import (
    EARNINGS,
    ELDERS,
    ESTATES,
    FAMILY_HELP,
    FEN,
    LIVING,
    MOST,
    PENSION,
    REMITTANCES,
    SAVINGS,
)
from caresim.agents.people import ELDER, INSTITUTION, LIVING_REGISTERED, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import normal_quantile, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

OWN = purpose("household_money.savings")
UNKNOWN = -1
"""Savings of somebody who was never a resident elder."""


class HouseholdMoney(Parameters):
    """What elders have saved, and how much of what comes in they live on."""

    savings: float = parameter(
        10_000.0, unit="yuan", limits=(0.0, 1e6), low=3000.0, high=20_000.0,
        meaning="Median savings of an elder at the start or at 60, in 2020; they grow like rural incomes.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    spread: float = parameter(
        1.3, unit="log points", limits=(0.0, 3.0), low=1.0, high=1.8,
        meaning="Standard deviation of the logarithm of savings.", source="judgement", evidence="judgement",
    )  # fmt: skip
    consumed: float = parameter(
        0.9, unit="share", low=0.75, high=1.0,
        meaning="Part of what comes in that an elder lives on once the month's bills for care are paid.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    supported: float = parameter(
        0.5, unit="share", low=0.2, high=0.8,
        meaning="Part of the local minimum that somebody needs of the own purse who lives with a child or in a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def balance(world: World) -> None:
    """Pay the month's income to elders, let them pay for their living, and pass on what the dead leave."""
    people, money = world.people, world.money
    pay_estates(world)
    given: HouseholdMoney = world.parameters["household_money"]
    income = world.parameters["income"]
    growth = income.growth(year_of(world.month))
    meals, each = board(world)
    sums = settle_month(
        world.elders, *(people[name] for name in ("savings", "income", "transfers", "benefits", "out_of_pocket",
                                                  "arrangement", "place", "bills_year", "key")), meals, each,
        is_january(world.month), int(FEN * growth * income.pension), income.minimum_fen(year_of(world.month)),
        given.supported, given.consumed, FEN * growth * given.savings, given.spread, world.draws.word(OWN, 0),
    )  # fmt: skip
    for what, payer, fen in zip(
        (SAVINGS, PENSION, EARNINGS, REMITTANCES, FAMILY_HELP),
        ("families", "pension_fund", "employers", "families", "families"),
        sums[:-1],
        strict=True,
    ):
        money.pay(what, payer, ELDERS, fen)
    money.pay(LIVING, ELDERS, "suppliers", sums[-1])


def board(world: World) -> tuple[np.ndarray, int]:
    """Return the meals brought to each person this month, and the fen that an elder pays for one."""
    rules = world.parameters.get("meals")
    if rules is None or world.workforce.noted != world.month or world.workforce.month.meals == 0:
        return np.zeros(0, dtype=np.uint8), 0
    return world.people["meals"], rules.own()


def pay_estates(world: World) -> None:
    """Pass the savings of the dead, and of those who settled elsewhere, to their families."""
    people = world.people
    world.money.pay(
        ESTATES, ELDERS, "families", close_accounts(people["savings"], people["state"], people.elders_end)
    )


def begin(world: World) -> None:
    """Draw what the elders of the start have saved."""
    people, given = world.people, world.parameters["household_money"]
    growth = world.parameters["income"].growth(year_of(world.month))
    open_accounts(
        people.who(LIVING_RESIDENT | ELDER), people["savings"], people["key"], FEN * growth * given.savings,
        given.spread, world.draws.word(OWN, 0),
    )  # fmt: skip


def settled(world: World) -> None:
    """Note the savings of the start in the ledger."""
    people = world.people
    kept = people["savings"][: people.n]
    world.money.pay(SAVINGS, "families", ELDERS, int(kept[kept > 0].sum(dtype=np.int64)))


@compiled
def drawn_savings(key, median, spread, word):
    """Return what somebody has saved who becomes a resident elder, in fen: lognormal, by a lasting draw."""
    return np.int32(min(float(MOST), median * math.exp(spread * normal_quantile(uniform(word, key)))))


@compiled
def open_accounts(elders, savings, key, median, spread, word):
    """Write the savings of some elders."""
    for i in elders:
        savings[i] = drawn_savings(key[i], median, spread, word)


@compiled
def close_accounts(savings, state, n):
    """Empty the accounts of all but living registered people, and return what was on them."""
    left = np.int64(0)
    for i in range(n):
        if savings[i] > 0 and state[i] & LIVING_REGISTERED != LIVING_REGISTERED:
            left += savings[i]
            savings[i] = 0
    return left


@compiled
def settle_month(elders, savings, income, transfers, benefits, out_of_pocket, arrangement, place, bills_year, key,
                 meals, each, anew, pension, minimum, supported, consumed, median, spread, word):  # fmt: skip
    """Carry each elder's savings over the month; return the fen brought, of pension, earned, sent, helped, lived on."""
    brought = pensions = earned = sent = helped = lived_on = np.int64(0)
    for i in elders.view(np.uint64):  # unsigned, so that no row is looked for from the end
        if savings[i] < 0:
            savings[i] = drawn_savings(key[i], median, spread, word)
            brought += savings[i]
        before = np.int64(0) if anew else np.int64(bills_year[i])
        bills_year[i] = min(before + out_of_pocket[i], MOST)
        own = max(np.int64(0), np.int64(income[i]))
        pensions += min(own, pension)
        earned += own - min(own, pension)
        sent += transfers[i]
        comes_in = own + transfers[i] + benefits[i]
        food = np.int64(meals[i]) * each if each > 0 else np.int64(0)
        left = savings[i] + comes_in - out_of_pocket[i] - food
        helped += max(np.int64(0), -left)
        left = max(np.int64(0), left)
        looked_after = arrangement[i] & WITH_CHILD or place[i] == INSTITUTION
        basic = np.int64(minimum * supported) if looked_after else np.int64(minimum)
        spare = max(np.int64(0), comes_in - out_of_pocket[i])
        living = min(left, max(np.int64(0), max(basic, np.int64(consumed * spare)) - food))
        living = max(living, left - MOST)
        savings[i] = left - living
        lived_on += living
    return brought, pensions, earned, sent, helped, lived_on


PROCESS = Process(
    name="household_money",
    run=balance,
    begin=begin,
    settled=settled,
    reads=("state", "income", "transfers", "benefits", "out_of_pocket", "meals", "arrangement", "place", "key",
           "parameters.income", "parameters.meals"),
    writes=("savings", "bills_year"),
    meaning="Pension, earnings, gifts and benefits come in, bills for care are paid, families help with those that an "
    "elder cannot pay, elders live on the rest and save some; the dead leave their savings to the family.",
    parameters=HouseholdMoney,
    columns=(
        Column("savings", np.int32, UNKNOWN, "fen", "What an elder has saved; -1 before somebody is a resident elder.",
               "household_money", elder=True),
        Column("bills_year", np.int32, 0, "fen", "What a resident elder has paid for care since January.",
               "household_money", elder=True),
    ),
)  # fmt: skip
