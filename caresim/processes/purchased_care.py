"""Purchased care: elders buy hours of care workers, with vouchers first and then with their own money."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import INSTRUMENTAL, PERSONAL, PURCHASED_CARE
from caresim.agents.money import ELDERS, FEN, MOST
from caresim.agents.service import in_turn
from caresim.agents.workforce import (
    HOUR,
    VOUCHERS,
    cost_of,
    deliver,
    hour_price,
    pay_workers,
    workers_of,
)
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

TURN = purpose("purchased_care.turn")
TYPICAL_INCOME, TYPICAL_PRICE = 1800.0, 30.0
"""Yuan a month and yuan an hour at which an elder wishes to buy `hours`."""
PROVIDERS = "providers"
NOBODY_HOLDS = np.zeros(0, dtype=np.int64)
NO_VOUCHERS = "purchased_care.none"


class PurchasedCare(Parameters):
    """How much care elders buy."""

    hours: float = parameter(
        4.0, unit="hours per month", limits=(0.0, 100.0), low=2.0, high=8.0,
        meaning="Hours that an elder with 1,800 yuan a month buys at 30 yuan, if so much of the need is left; 0 is a "
        "place in which nobody buys care.", source="judgement", evidence="judgement",
    )  # fmt: skip
    income_elasticity: float = parameter(
        0.4, unit="ratio", limits=(0.0, 3.0), low=0.2, high=0.8,
        meaning="Elasticity of the hours bought to income.", source="recalled_care_demand", evidence="recalled",
    )  # fmt: skip
    price_elasticity: float = parameter(
        -0.4, unit="ratio", limits=(-3.0, 0.0), low=-1.0, high=-0.1,
        meaning="Elasticity of the hours bought to the price.", source="france_home_care", evidence="verified",
    )  # fmt: skip
    share_of_income: float = parameter(
        0.2, unit="share", low=0.1, high=0.4,
        meaning="Most of the month's money that goes into bought care.", source="judgement", evidence="judgement",
    )  # fmt: skip


def buy_care(world: World) -> None:
    """Let elders redeem vouchers, then buy more hours for what they can spare, as far as workers are there."""
    rules: PurchasedCare = world.parameters["purchased_care"]
    vouchers, any_voucher = vouchers_of(world)
    price = hour_price(world)
    if price <= 0 or (rules.hours <= 0.0 and not any_voucher):
        return
    people, care, month = world.people, world.care, world.workforce.month
    by_village, pool, personal = workers_of(world)
    money = tuple(people[name] for name in ("income", "transfers", "benefits", "out_of_pocket"))
    typical = rules.hours * HOUR * (price / FEN / TYPICAL_PRICE) ** rules.price_elasticity
    case, elder, rank, luck, redeem, wish = list_buyers(
        world.elders, care.rows, care.left, *(people[name] for name in ("disability", "assessed", "key")), *money,
        vouchers, price, typical, rules.income_elasticity, rules.share_of_income,
        world.draws.stream(TURN, world.month),
    )  # fmt: skip
    by_lot, _ = in_turn(np.zeros(len(luck), dtype=np.int64), luck, 1)
    by_rank = in_rank(redeem, rank, luck) if any_voucher else NOBODY_HOLDS
    care.make_room(2 * len(case))
    fen = np.zeros(len(case), dtype=np.int64)
    k, by_voucher, by_money = sell(
        by_rank, by_lot, case, redeem, wish, fen, care.rows, people["village"], by_village, pool, personal, care.gifts,
        care.n_gifts, care.left, care.received, price,
    )  # fmt: skip
    care.n_gifts = k
    month.wished = int(redeem.sum() + wish.sum())
    month.by_voucher, month.bought = int(by_voucher.sum()), int(by_voucher.sum() + by_money)
    settle(world, elder, cost_of(by_voucher, price), fen, case)


def in_rank(redeem: np.ndarray, rank: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return the positions of those who redeem a voucher, by rank and then by lot."""
    holders = np.flatnonzero(redeem)
    order: np.ndarray = holders[np.lexsort((luck[holders], -rank[holders]))]
    return order


def vouchers_of(world: World) -> tuple[np.ndarray, bool]:
    """Return the fen of vouchers that each resident elder holds this month, and whether there are any."""
    elders = len(world.elders)
    if not any((name, "service") in world.claims.made for name in VOUCHERS):
        return world.once(NO_VOUCHERS, elders, lambda: np.zeros(elders, dtype=np.int64)), False
    held = np.zeros(elders, dtype=np.int64)
    for name in VOUCHERS:
        if (name, "service") in world.claims.made:
            granted = world.claims.granted(name)
            if len(granted) == len(held):
                held += granted
    return held, bool(held.any())


@compiled
def list_buyers(elders, rows, left, disability, assessed, key, income, transfers, benefits, out_of_pocket, vouchers,
                price, typical, elasticity, most_share, stream):  # fmt: skip
    """Return the cases in states 1 to 3 who wish to buy: position among the elders, rank, draw, and minutes wished.

    Returns:
        Case, elder, rank (0 without a voucher, else 1 + assessed state), draw, minutes wished by voucher, by money.
    """
    n = len(rows)
    case, elder = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    rank, luck = np.empty(n, dtype=np.int64), np.empty(n)
    redeem, wish = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    m, j = 0, 0
    for c in range(n):
        i = rows[c]
        rest = np.int64(left[c, PERSONAL]) + left[c, INSTRUMENTAL]
        if rest == 0 or disability[i] == 0:
            continue
        while elders[j] != i:  # cases stand in the order of the elders
            j += 1
        redeem[m] = min(vouchers[j] * HOUR // price, rest)
        wish[m] = 0
        money = max(np.int64(0), np.int64(income[i])) + transfers[i] + benefits[i]
        if typical > 0.0 and money > 0:
            free = min(money * most_share, np.float64(max(np.int64(0), money - out_of_pocket[i])))
            minutes = typical * (money / (FEN * TYPICAL_INCOME)) ** elasticity
            wish[m] = min(rest - redeem[m], np.int64(min(minutes, HOUR * free / price)))
        if redeem[m] + wish[m] > 0:
            case[m], elder[m], luck[m] = c, j, uniform(stream, key[i])
            rank[m] = 1 + assessed[i] if redeem[m] > 0 else 0
            m += 1
    return case[:m], elder[:m], rank[:m], luck[:m], redeem[:m], wish[:m]


@compiled
def sell(by_rank, by_lot, case, redeem, wish, fen, rows, village, by_village, pool, personal, gifts, k, left, received,
         price):  # fmt: skip
    """Hand over what is bought: all vouchers first, by rank and lot, then what elders pay themselves, by lot.

    Writes what each pays into `fen`.

    Returns:
        The number of hand-overs, the minutes that each paid with a voucher, and all minutes paid by elders.
    """
    by_voucher = np.zeros(len(case), dtype=np.int64)
    by_money = 0
    for own in (False, True):
        for q in by_lot if own else by_rank:
            minutes = wish[q] if own else redeem[q]
            if minutes == 0:
                continue
            c = case[q]
            team = by_village[village[rows[c]]]
            certified, uncertified = deliver(
                gifts, k, c, PURCHASED_CARE, minutes, team, pool, personal, left, received
            )
            given = certified + uncertified
            k += given > 0
            if own:
                fen[q] = given * price // HOUR
                by_money += given
            else:
                by_voucher[q] = given
    return k, by_voucher, by_money


def settle(world: World, elder: np.ndarray, redeemed: np.ndarray, fen: np.ndarray, case: np.ndarray) -> None:
    """Let the measures pay for the vouchers that were redeemed, and elders for the rest."""
    for name in VOUCHERS:
        claim: Any = world.claims.made.get((name, "service"))
        if claim is not None:
            paid = np.minimum(redeemed, claim.granted[elder])
            redeemed = redeemed - paid
            pay_workers(world, name, claim.instrument.funder, int(paid.sum()), PROVIDERS)
    if world.month >= world.start:
        spent = charge(world.people["out_of_pocket"], world.care.rows, case, fen)
        pay_workers(world, "purchased_care", ELDERS, spent, PROVIDERS)


@compiled
def charge(out_of_pocket, rows, case, fen):
    """Write what elders pay; return the sum."""
    total = 0
    for q in range(len(case)):
        i = rows[case[q]]
        paid = min(fen[q], MOST - out_of_pocket[i])
        out_of_pocket[i] += paid
        total += paid
    return total


PROCESS = Process(
    name="purchased_care",
    run=buy_care,
    settles=True,
    reads=("need", "disability", "assessed", "income", "transfers", "benefits", "village", "parameters.workforce",
           "parameters.needs"),
    writes=("out_of_pocket",),
    meaning="Elders redeem vouchers and buy hours of care workers for what they can spare.",
    parameters=PurchasedCare,
)  # fmt: skip
