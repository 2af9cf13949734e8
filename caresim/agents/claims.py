"""Claims on the time bank: what elders ask for their coins, what it costs, and who is paid."""

from __future__ import annotations

import numpy as np

from caresim.agents.bank_rules import PER
from caresim.agents.care import CARE_WORKER, COMPANY, INSTRUMENTAL, SAME_HOME, hand_over, minutes_by_task
from caresim.agents.digital import CANNOT
from caresim.agents.people import FEMALE, LIVING_REGISTERED
from caresim.agents.service import by_lot
from caresim.agents.time_bank import GOVERNMENT, move, pass_on
from caresim.agents.workforce import take
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform


@compiled
def cost(instrumental, company, prices):
    """Return the coins that a service of so many minutes of either task costs, rounded down."""
    return (instrumental * prices[0] + company * prices[1]) // PER


@compiled
def affordable(balance, instrumental, company, prices):
    """Return the minutes of either task, instrumental first, that a balance pays for at most."""
    if cost(instrumental, company, prices) <= balance:
        return instrumental, company
    purse = PER * balance + PER - 1  # the dearest service that rounds down to the balance
    if instrumental * prices[0] > purse:
        return purse // prices[0], 0
    return instrumental, (purse - instrumental * prices[0]) // prices[1]


@compiled
def set_aside(rows, left, house, company, skill, key, digital, word):
    """Take what is not asked of the bank out of what is left, in place; return it by case and task."""
    aside = np.zeros((len(rows), 2), dtype=np.int64)
    for c in range(len(rows)):
        i = rows[c]
        out = digital > 0.0 and skill[i] == CANNOT and uniform(word, key[i]) < digital
        aside[c, 0] = left[c, INSTRUMENTAL] - (0 if out else np.int64(house * left[c, INSTRUMENTAL]))
        aside[c, 1] = left[c, COMPANY] - (0 if out else np.int64(company * left[c, COMPANY]))
        left[c, INSTRUMENTAL] -= aside[c, 0]
        left[c, COMPANY] -= aside[c, 1]
    return aside


@compiled
def put_back(aside, left):
    """Put back what was set aside."""
    for c in range(len(aside)):
        left[c, INSTRUMENTAL] += aside[c, 0]
        left[c, COMPANY] += aside[c, 1]


@compiled
def list_requests(rows, left, coins, key, state, first_child, next_maternal, next_paternal, n, gifts, most, prices,
                  stream):  # fmt: skip
    """Return the cases that ask, in their order, the minutes that each wishes, and the coins given to parents."""
    asking, luck = who_asks(rows, left, coins, key, gifts, stream)
    order, given = by_lot(luck), 0
    if gifts:
        for a in order:
            c = asking[a]
            instrumental, company = wished(left, c, most)
            missing = cost(instrumental, company, prices) - coins[rows[c]]
            given += receive_gifts(
                rows[c], missing, coins, state, first_child, next_maternal, next_paternal, n
            )
    cases, wishes = np.empty(len(asking), dtype=np.int64), np.empty(len(asking), dtype=np.int64)
    m = 0
    for a in order:
        c = asking[a]
        if coins[rows[c]] > 0:
            instrumental, company = wished(left, c, most)
            instrumental, company = affordable(np.int64(coins[rows[c]]), instrumental, company, prices)
            if instrumental + company > 0:
                cases[m], wishes[m] = c, instrumental + company
                m += 1
    return cases[:m], wishes[:m], given


@compiled
def who_asks(rows, left, coins, key, gifts, stream):
    """Return the cases in need who have coins, or could be given some, and their draws."""
    asking, m = np.empty(len(rows) + 1, dtype=np.int64), 0
    for c in range(len(rows)):  # without a branch
        asking[m] = c
        m += (left[c, INSTRUMENTAL] + left[c, COMPANY] > 0) & (gifts | (coins[rows[c]] > 0))
    luck = np.empty(m)
    for a in range(m):
        luck[a] = uniform(stream, key[rows[asking[a]]])
    return asking[:m], luck


@compiled
def wished(left, case, most):
    """Return what a case wishes of help in the house and of company, at most so many minutes together."""
    instrumental = np.int64(min(left[case, INSTRUMENTAL], most))
    return instrumental, np.int64(min(left[case, COMPANY], most - instrumental))


@compiled
def receive_gifts(i, missing, coins, state, first_child, next_maternal, next_paternal, n):
    """Let the children of an elder give the coins that are missing, the newest first; return what they give."""
    given = 0
    child = first_child[i]
    while child >= 0 and given < missing:
        if child < n and state[child] & LIVING_REGISTERED == LIVING_REGISTERED and coins[child] > 0:
            gift = min(np.int64(coins[child]), missing - given)
            pass_on(coins, child, i, gift)
            given += gift
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    return given


@compiled
def pay(gifts, first, last, rows, coins, prices):
    """Let those served pay the members for each service; return the coins."""
    total = 0
    for k in range(first, last):
        _, instrumental, company = minutes_by_task(gifts[k])
        coin = cost(instrumental, company, prices)
        pass_on(coins, rows[gifts[k].case], gifts[k].giver, coin)
        total += coin
    return total


@compiled
def buy(cases, unserved, backstop, prices, coins, accounts, rows, left, received, gifts, k, village, by_village,
        pool, most):  # fmt: skip
    """Buy part of what was not served, as far as balances pay and care workers of the case's team have time.

    Government pays for at most so many minutes.

    Returns:
        The next hand-over, minutes and coins.
    """
    minutes = redeemed = 0
    if backstop <= 0.0:
        return k, minutes, redeemed
    for r in range(len(cases)):
        c, i = cases[r], rows[cases[r]]
        team = by_village[village[i]]
        bought = min(np.int64(backstop * unserved[r]), pool[team, 0] + pool[team, 1], most - minutes)
        instrumental = min(np.int64(left[c, INSTRUMENTAL]), bought)
        instrumental, company = affordable(np.int64(coins[i]), instrumental, bought - instrumental, prices)
        bought = instrumental + company
        if bought > 0:
            coin = cost(instrumental, company, prices)
            move(coins, i, coin, accounts, GOVERNMENT)
            hand_over(
                gifts, k, NOBODY, c, CARE_WORKER, SAME_HOME, bought, INSTRUMENTAL, COMPANY, left, received
            )
            take(pool, team, bought)
            k += 1
            minutes += bought
            redeemed += coin
    return k, minutes, redeemed
