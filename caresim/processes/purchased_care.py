"""Purchased care: elders buy hours of care workers, with vouchers first and then with their own money."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.care import INSTRUMENTAL, PERSONAL, PURCHASED_CARE, with_room
from caresim.agents.money import ELDERS, FEN, MOST
from caresim.agents.operators import BY_NGO, HOURS, PRICE, asked, offers
from caresim.agents.service import by_lot, in_steps
from caresim.agents.workforce import (
    CERTIFIED,
    HOUR,
    UNCERTIFIED,
    VOUCHERS,
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
OF_PEOPLE = itemgetter(
    "income", "transfers", "benefits", "out_of_pocket", "disability", "assessed", "key", "village"
)
CASE_OF, PLACE, TEAM, LATER, REDEEM, WISH, ASKED = range(7)
"""What is noted of a buyer: case, place among the elders, team, steps behind the first, minutes redeemed and wished,
and the fen that the team's provider asks for an hour."""
MOST_STATE = 255
OFFERS = "purchased_care.offers"


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
    vouchers, price = vouchers_of(world), hour_price(world)
    if price <= 0 or (rules.hours <= 0.0 and not vouchers.any()):
        return
    care, month, people = world.care, world.workforce.month, world.people
    started = world.month >= world.start
    typical = rules.hours * HOUR * (price / FEN / TYPICAL_PRICE) ** rules.price_elasticity
    when = rules, world.parameters.get("workforce")
    by_team = world.once(OFFERS, when, lambda: offers(world, rules.price_elasticity))
    care.gifts, care.n_gifts, month.wished, month.bought, month.by_voucher, month.by_ngo, spent, unpaid = purchase(
        *OF_PEOPLE(people.arrays), world.elders, care.rows, care.left, care.received, care.gifts, care.n_gifts,
        *workers_of(world), vouchers, price, typical, by_team, rules.income_elasticity, rules.share_of_income, started,
        world.draws.stream(TURN, world.month),
    )  # fmt: skip
    if len(vouchers) > 0:
        pay_vouchers(world, unpaid)
    if started:
        world.money.pay("purchased_care", ELDERS, PROVIDERS, spent)


def vouchers_of(world: World) -> np.ndarray:
    """Return the fen of vouchers that each resident elder holds this month; shape (0,) where there are none."""
    held = NOBODY_HOLDS
    for name in VOUCHERS:
        claim = world.claims.made.get((name, "service"))
        if claim is not None and claim.size == len(world.elders):
            held = claim.granted if held is NOBODY_HOLDS else held + claim.granted
    return held


def pay_vouchers(world: World, unpaid: np.ndarray) -> None:
    """Let the measures pay for the vouchers that were redeemed, one after the other, each up to what it granted."""
    place, fen = unpaid
    for name in VOUCHERS:
        claim: Any = world.claims.made.get((name, "service"))
        if claim is not None:
            paid = np.minimum(fen, claim.granted[place])
            fen = fen - paid
            pay_workers(world, name, claim.instrument.funder, int(paid.sum()), PROVIDERS)


@compiled
def purchase(income, transfers, benefits, out_of_pocket, disability, assessed, key, village, elders, rows, left,
             received, gifts, k, by_village, pool, personal, vouchers, price, typical, by_team, elasticity, most_share,
             started, stream):  # fmt: skip
    """Hand over what is bought: all vouchers first, by rank and lot, then what elders pay themselves, by lot.

    Returns:
        The hand-overs and their number, minutes wished, bought, bought with vouchers, and bought of NGOs, fen paid by
        elders, and for each who redeemed a voucher the place among the elders and the fen, shape (2, holders).
    """
    buyers, luck, wished = list_buyers(
        elders, rows, left, disability, assessed, key, income, transfers, benefits, out_of_pocket, village, by_village,
        pool, vouchers, price, typical, by_team, elasticity, most_share, stream,
    )  # fmt: skip
    by_lot_first = by_lot(luck)
    by_rank = in_steps(by_lot_first, buyers[LATER])
    holders = by_rank[: np.sum(buyers[REDEEM] > 0)]
    unpaid = np.empty((2, len(holders)), dtype=np.int64)
    gifts, k, redeemed, redeemed_of_ngos = sell(
        holders, buyers, REDEEM, gifts, k, pool, personal, left, received, by_team, unpaid[1], rows,
        out_of_pocket, False,
    )  # fmt: skip
    for h in range(len(holders)):
        unpaid[0, h] = buyers[PLACE, holders[h]]
    fen = np.empty(len(by_lot_first), dtype=np.int64)
    gifts, k, bought, bought_of_ngos = sell(
        by_lot_first, buyers, WISH, gifts, k, pool, personal, left, received, by_team, fen, rows,
        out_of_pocket, started,
    )  # fmt: skip
    of_ngos = redeemed_of_ngos + bought_of_ngos
    return gifts, k, wished, redeemed + bought, redeemed, of_ngos, fen.sum(), unpaid


@compiled
def list_buyers(elders, rows, left, disability, assessed, key, income, transfers, benefits, out_of_pocket, village,
                by_village, pool, vouchers, price, typical, by_team, elasticity, most_share, stream):  # fmt: skip
    """Return the cases in states 1 to 3 who wish to buy and whose team has time, their draws, and all minutes wished.

    Who redeems no voucher stands behind all who do, and these stand by assessed state.
    """
    buyers, luck = np.empty((7, len(rows)), dtype=np.int64), np.empty(len(rows))
    m = j = wished = 0
    for c in range(len(rows)):
        i = rows[c]
        rest = np.int64(left[c, PERSONAL]) + left[c, INSTRUMENTAL]
        if rest == 0 or disability[i] == 0:
            continue
        redeem, team = 0, by_village[village[i]]
        each = asked(price, by_team[PRICE, team])
        if len(vouchers) > 0:
            while elders[j] != i:  # cases stand in the order of the elders
                j += 1
            redeem = min(vouchers[j] * HOUR // each, rest)
        money = max(np.int64(0), np.int64(income[i])) + transfers[i] + benefits[i]
        free = money - np.int64(out_of_pocket[i])
        usual = typical * by_team[HOURS, team]
        wish = min(rest - redeem, minutes_wished(money, free, each, usual, elasticity, most_share))
        wished += redeem + wish
        if redeem + wish > 0 and pool[team, CERTIFIED] + pool[team, UNCERTIFIED] > 0:
            buyers[CASE_OF, m], buyers[PLACE, m], buyers[TEAM, m] = c, j, team
            buyers[LATER, m] = MOST_STATE - assessed[i] if redeem > 0 else MOST_STATE + 1
            buyers[REDEEM, m], buyers[WISH, m], buyers[ASKED, m] = redeem, wish, each
            luck[m] = uniform(stream, key[i])
            m += 1
    return buyers[:, :m], luck[:m], wished


@compiled
def minutes_wished(money, free, price, typical, elasticity, most_share):
    """Return the minutes that an elder with so much money, so much of it free, wishes to buy."""
    if typical <= 0.0 or money <= 0:
        return 0
    most = HOUR * min(money * most_share, np.float64(max(np.int64(0), free))) / price
    if most < 1.0:
        return 0
    return np.int64(min(typical * (money / (FEN * TYPICAL_INCOME)) ** elasticity, most))


@compiled
def sell(
    order, buyers, what, gifts, k, pool, personal, left, received, by_team, fen, rows, out_of_pocket, charged
):
    """Let teams give buyers what they redeem or wish; write what each costs, and to the account of whom is charged.

    Returns:
        The hand-overs, their number, the minutes given, and those of them that NGOs gave.
    """
    total = of_ngos = 0
    for at in range(len(order)):
        q = order[at]
        minutes, team = buyers[what, q], buyers[TEAM, q]
        fen[at] = 0
        if minutes == 0 or pool[team, CERTIFIED] + pool[team, UNCERTIFIED] == 0:
            continue
        gifts, c = with_room(gifts, k, 1), buyers[CASE_OF, q]
        certified, uncertified = deliver(
            gifts, k, c, PURCHASED_CARE, minutes, team, pool, personal, left, received
        )
        given = certified + uncertified
        k += given > 0
        total += given
        of_ngos += given if by_team[BY_NGO, team] > 0.0 else 0
        fen[at] = given * buyers[ASKED, q] // HOUR
        if charged:
            i = rows[c]
            fen[at] = min(fen[at], MOST - out_of_pocket[i])
            out_of_pocket[i] += fen[at]
    return gifts, k, total, of_ngos


PROCESS = Process(
    name="purchased_care",
    run=buy_care,
    settles=True,
    reads=("need", "disability", "assessed", "income", "transfers", "benefits", "village", "out_of_pocket",
           "key", "parameters.needs", "parameters.workforce", "parameters.income"),
    writes=("out_of_pocket",),
    meaning="Elders redeem vouchers and buy hours of care workers for what they can spare.",
    parameters=PurchasedCare,
)  # fmt: skip
