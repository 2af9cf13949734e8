"""Household money: at the month's end elders have been paid, pay their bills, live on the rest, and save some of it."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.canteens import board
from caresim.agents.care import WITH_CHILD
from caresim.agents.money import ELDERS, FEN, MOST, SAVINGS
from caresim.agents.people import ELDER, INSTITUTION, LIVING_REGISTERED, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import normal_quantile, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

OWN = purpose("household_money.savings")
TERMS = "household_money.terms"
OF_PERSON = itemgetter("state", "savings", "income", "transfers", "benefits", "out_of_pocket", "arrangement", "place",
                       "bills_year", "key")  # fmt: skip
OF_ESTATES, OF_SAVINGS, OF_PENSION, OF_EARNINGS, OF_REMITTANCES, OF_FAMILY_HELP, OF_LIVING = range(7)
"""Slots of `HOUSEHOLD` in the ledger."""
BLOCK = 128
"""Accounts that are looked at together."""
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
    people, parameters = world.people, world.parameters
    given, income, year = parameters["household_money"], parameters["income"], year_of(world.month)
    terms = world.once(
        TERMS, (given, income, year, world.draws), lambda: terms_of(world, given, income, year)
    )
    settle_accounts(
        world.elders, *OF_PERSON(people.arrays), people.elders_end, *board(world), is_january(world.month),
        world.money.fen, *terms,
    )  # fmt: skip


def terms_of(world: World, given: HouseholdMoney, income: Any, year: int) -> tuple[Any, ...]:
    """Return what a year's accounts are settled by, in fen, as `settle_month` takes it, and the draw of savings."""
    growth, minimum = income.growth(year), income.minimum_fen(year)
    return (
        int(FEN * growth * income.pension),
        minimum,
        int(minimum * given.supported),
        given.consumed,
        FEN * growth * given.savings,
        given.spread,
        world.draws.word(OWN, 0),
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
def settle_accounts(elders, state, savings, income, transfers, benefits, out_of_pocket, arrangement, place,
                    bills_year, key, n, meals, each, anew, fen, pension, minimum, supported, consumed, median, spread,
                    word):  # fmt: skip
    """Close the accounts of those who are gone and carry each elder's over the month; enter `HOUSEHOLD` into `fen`."""
    fen[OF_ESTATES] += close_accounts(savings, state, n)
    brought, pensions, earned, sent, helped, lived_on = settle_month(
        elders, savings, income, transfers, benefits, out_of_pocket, arrangement, place, bills_year, key, meals, each,
        anew, pension, minimum, supported, consumed, median, spread, word,
    )  # fmt: skip
    fen[OF_SAVINGS] += brought
    fen[OF_PENSION] += pensions
    fen[OF_EARNINGS] += earned
    fen[OF_REMITTANCES] += sent
    fen[OF_FAMILY_HELP] += helped
    fen[OF_LIVING] += lived_on


@compiled
def close_accounts(savings, state, n):
    """Empty the accounts of all but living registered people, and return what was on them."""
    left = np.int64(0)
    for first in range(0, n, BLOCK):
        some, of = savings[first : min(n, first + BLOCK)], state[first : min(n, first + BLOCK)]
        gone = np.uint8(0)
        for j in range(len(some)):  # without a branch, several at once
            gone |= np.uint8(some[j] > 0) & np.uint8(of[j] & LIVING_REGISTERED != LIVING_REGISTERED)
        if gone:
            left += emptied(some, of)
    return left


@compiled
def emptied(savings, state):
    """Empty the accounts among some of all but living registered people, and return what was on them."""
    left = np.int64(0)
    for j in range(len(savings)):
        if savings[j] > 0 and state[j] & LIVING_REGISTERED != LIVING_REGISTERED:
            left += savings[j]
            savings[j] = 0
    return left


@compiled
def settle_month(elders, savings, income, transfers, benefits, out_of_pocket, arrangement, place, bills_year, key,
                 meals, each, anew, pension, minimum, supported, consumed, median, spread, word):  # fmt: skip
    """Carry each elder's savings over the month; return the fen brought, of pension, earned, sent, helped, lived on."""
    brought = pensions = owned = sent = helped = lived_on = np.int64(0)
    none, most = np.int64(0), np.int64(MOST)
    for i in elders:
        if savings[i] < 0:
            savings[i] = drawn_savings(key[i], median, spread, word)
            brought += savings[i]
        own, bills, given = max(none, np.int64(income[i])), np.int64(out_of_pocket[i]), np.int64(transfers[i])
        before = none if anew else np.int64(bills_year[i])
        bills_year[i] = min(before + bills, most)
        owned += own
        pensions += min(own, pension)
        sent += given
        comes_in = own + given + benefits[i]
        food = np.int64(meals[i]) * each if each > 0 else none
        left = savings[i] + comes_in - bills - food
        kept = max(none, left)
        helped += kept - left
        looked_after = (arrangement[i] & WITH_CHILD != 0) | (place[i] == INSTITUTION)
        basic = supported if looked_after else minimum
        spare = max(none, comes_in - bills)
        living = min(kept, max(none, max(basic, np.int64(consumed * spare)) - food))
        living = max(living, kept - most)
        savings[i] = kept - living
        lived_on += living
    return brought, pensions, owned - pensions, sent, helped, lived_on


PROCESS = Process(
    name="household_money",
    run=balance,
    begin=begin,
    settled=settled,
    reads=("state", "income", "transfers", "benefits", "out_of_pocket", "meals", "arrangement", "place",
           "key", "savings", "bills_year", "parameters.income", "parameters.meals"),
    writes=("savings", "bills_year"),
    meaning="Pension, earnings, gifts and benefits come in, bills for care are paid, families help with those that an "
    "elder cannot pay, elders live on the rest and save some; the dead leave their savings to the family.",
    parameters=HouseholdMoney,
    columns=(
        Column("savings", np.int32, UNKNOWN, "fen", "What an elder has saved; -1 before somebody is a resident elder.",
               "household_money", elder=True, least=-1),
        Column("bills_year", np.int32, 0, "fen", "What a resident elder has paid for care since January.",
               "household_money", elder=True, least=0),
    ),
)  # fmt: skip
