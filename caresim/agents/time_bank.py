"""The time bank's books: accounts in whole minutes that always add up to zero.

People's balances are never below zero; few have any, so that the bank keeps a list of these. It is spread over all
rows while a rule goes from row to row. The bank itself has three accounts. Every entry takes from one account what it
gives another, so the three together are always what people hold, below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caresim.agents.people import LIVING_REGISTERED
from caresim.agents.service import marked
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

POOL, GOVERNMENT, LOST = range(3)
"""The bank's own accounts."""
NO_HOLDER = 2**32 - 1
"""A row after all others."""


@dataclass
class Exchange:
    """What the bank did in a month: coins, minutes of care, people.

    Attributes:
        requested: minutes that requests wished.
        served: minutes that members gave.
        bought: minutes that government bought for requests that nobody served.
        owed: fen that it owes care workers for them.
        paid: coins paid to members for care.
        redeemed: coins paid to government for care.
        endowed: coins given to priority elders.
        given: coins given by children to their parents.
        capped: coins above the ceiling, to the pool.
        inherited: coins of the dead, to their heirs.
        estates: coins of the dead, to the pool.
        departed: coins of those who left the register, to the pool.
        records: coins whose records were lost.
        members: living resident members.
        active: members who offered time.
        propensity: sum over able members of the share of months in which they are active, in millionths.
    """

    requested: int = 0
    served: int = 0
    bought: int = 0
    owed: int = 0
    paid: int = 0
    redeemed: int = 0
    endowed: int = 0
    given: int = 0
    capped: int = 0
    inherited: int = 0
    estates: int = 0
    departed: int = 0
    records: int = 0
    members: int = 0
    active: int = 0
    propensity: int = 0


class TimeBank:
    """The bank of the territory.

    Args:
        confidence: confidence of members in being served, 0-1.

    Attributes:
        holders: rows of the people who hold coins, in order.
        balances: what each of them holds, minutes.
        accounts: balances of pool, government and lost records, minutes; government's is below zero by what it issued.
        confidence: as above.
        opened: month in which the bank opened last, or None while it is closed.
        where: in which villages it acted last; None if in all.
        month: the month of `flows`.
        flows: what happened in it.
    """

    def __init__(self, confidence: float = 0.0) -> None:
        self.holders, self.balances = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int32)
        self.accounts = np.zeros(3, dtype=np.int64)
        self.confidence = confidence
        self.opened: int | None = None
        self.where: np.ndarray | None = None
        self.month: int | None = None
        self.flows = Exchange()

    @property
    def pool(self) -> int:
        """Return the balance of the pool, minutes."""
        return int(self.accounts[POOL])

    @pool.setter
    def pool(self, minutes: int) -> None:
        self.accounts[POOL] = minutes

    @property
    def government(self) -> int:
        """Return the balance of government's account, minutes."""
        return int(self.accounts[GOVERNMENT])

    @government.setter
    def government(self, minutes: int) -> None:
        self.accounts[GOVERNMENT] = minutes

    @property
    def lost(self) -> int:
        """Return the balance of the account of lost records, minutes."""
        return int(self.accounts[LOST])

    @lost.setter
    def lost(self, minutes: int) -> None:
        self.accounts[LOST] = minutes

    @property
    def in_use(self) -> bool:
        """Tell whether the bank is open or anybody holds coins: what people hold, the three accounts owe."""
        return self.opened is not None or self.pool + self.government + self.lost != 0

    def turn(self, month: int) -> Exchange:
        """Turn to a month, and return its flows: empty ones, if the bank has not acted in it yet."""
        if month != self.month:
            self.month, self.flows = month, Exchange()
        return self.flows

    def coins(self, rows: Any) -> Any:
        """Return the balances of people, one or many."""
        known = np.append(self.holders, np.uint32(NO_HOLDER))
        at = np.searchsorted(known, rows)
        return np.where(known[at] == rows, np.append(self.balances, np.int32(0))[at], 0)

    def renumber(self, number: np.ndarray, n: int) -> None:
        """Follow people to their new rows, `n` of which are the register's."""
        rows = number[self.holders]
        order = np.argsort(rows)
        order = order[(rows[order] >= 0) & (rows[order] < n)]
        self.holders, self.balances = rows[order].astype(np.uint32), self.balances[order]

    def outstanding(self) -> int:
        """Return the minutes on all personal accounts."""
        return int(self.balances.sum(dtype=np.int64))

    def total(self) -> int:
        """Return the sum of all accounts, which is zero."""
        return self.outstanding() + self.pool + self.government + self.lost


@compiled
def spread(holders, balances, n):
    """Return the balances of everybody, shape (n,)."""
    coins = np.zeros(n, dtype=np.int32)
    for h in range(len(holders)):
        coins[holders[h]] = balances[h]
    return coins


@compiled
def gathered(coins):
    """Return the rows of those who hold coins, and their balances."""
    holders = marked(coins, len(coins))
    return holders.astype(np.uint32), coins[holders]


@compiled
def move(coins, i, amount, accounts, account):
    """Move coins of a person to an account of the bank; a negative amount the other way."""
    coins[i] -= amount
    accounts[account] += amount


@compiled
def pass_on(coins, giver, receiver, amount):
    """Move coins from a person to another."""
    coins[giver] -= amount
    coins[receiver] += amount


@compiled
def settle_departed(holders, coins, accounts, state):
    """Let the pool take the balances of people who are no longer living and registered; return the coins."""
    taken = 0
    for i in holders:
        if state[i] & LIVING_REGISTERED != LIVING_REGISTERED:
            taken += coins[i]
            move(coins, i, coins[i], accounts, POOL)
    return taken


@compiled
def endow(elders, minutes, coins, accounts):
    """Give each of some elders a sum, from the pool as far as it goes, the rest from government; return the coins."""
    total = len(elders) * minutes
    from_pool = min(total, max(accounts[POOL], 0))
    accounts[POOL] -= from_pool
    accounts[GOVERNMENT] -= total - from_pool
    for i in elders:
        coins[i] += minutes
    return total


@compiled
def cap(holders, ceiling, coins, accounts):
    """Move what balances have above a ceiling to the pool; return the coins."""
    taken = 0
    for i in holders:
        above = coins[i] - ceiling
        if above > 0:
            move(coins, i, above, accounts, POOL)
            taken += above
    return taken


@compiled
def lose_records(holders, coins, accounts, key, chance, part, stream):
    """Let part of some balances get lost; return the coins."""
    total = 0
    for i in holders:
        if coins[i] > 0 and uniform(stream, key[i]) < chance:
            gone = int(part * coins[i])
            move(coins, i, gone, accounts, LOST)
            total += gone
    return total
