"""The laws of pairs and coins: a pair is one from both sides, and every coin has its counterpart."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care_laws import in_words
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

ONE_SIDED, UNPAIRED_OTHERS = range(2)
PAIR_LAWS = (
    ("person", "the other half of a pair is a living resident elder whose other half is oneself"),
    ("all", "nobody but a living resident elder is half of a pair"),
)
ACCOUNTS_OFF, OWING = range(2)
COIN_LAWS = (
    ("all", "coins: members + pool + government + lost = 0"),
    ("person", "nobody owes coins"),
)


def pair_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of mutual-aid pairs, with the numbers; None if all hold."""
    people = world.people
    return in_words(PAIR_LAWS, _faulty_pair(world.elders, people["state"], people["pair"], people.elders_end))


def coin_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of the time bank, with the numbers; None if all hold."""
    bank = world.bank
    for name, balance in (("pool", bank.pool), ("lost", bank.lost)):
        if balance < 0:
            return f"the account {name} is never below zero", {name: balance}
    found = _faulty_coins(bank.holders, bank.balances, bank.pool + bank.government + bank.lost)
    told = in_words(COIN_LAWS, found)
    if told is not None and found[0] == ACCOUNTS_OFF:
        accounts = {"pool": bank.pool, "government": bank.government, "lost": bank.lost}
        return told[0], {"members": bank.outstanding(), **accounts}
    return told


@compiled
def _faulty_pair(elders, state, pair, n):
    halves = 0
    elder = LIVING_RESIDENT | ELDER
    for i in elders:
        other = pair[i]
        if other != NOBODY:
            halves += 1
            if not 0 <= other < n or other == i or state[other] & elder != elder or pair[other] != i:
                return ONE_SIDED, np.int64(i), np.int64(other), np.int64(halves)
    paired = 0
    for i in range(n):
        paired += pair[i] != NOBODY
    if paired != halves:
        return UNPAIRED_OTHERS, np.int64(-1), np.int64(paired), np.int64(halves)
    return -1, np.int64(-1), np.int64(0), np.int64(0)


@compiled
def _faulty_coins(holders, balances, others):
    total = 0
    for h in range(len(holders)):
        total += balances[h]
        if balances[h] < 0:
            return OWING, np.int64(holders[h]), np.int64(balances[h]), np.int64(0)
    if total + others != 0:
        return ACCOUNTS_OFF, -1, np.int64(total), np.int64(others)
    return -1, -1, np.int64(0), np.int64(0)
