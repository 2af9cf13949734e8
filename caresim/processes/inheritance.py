"""Inheritance: part of the coins of the dead goes to the family, the rest to the time bank's pool."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.people import FEMALE, LIVING_REGISTERED
from caresim.agents.time_bank import POOL, gathered, move, pass_on, spread
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

OF_PERSON = itemgetter("state", "born", "spouse", "first_child", "next_maternal", "next_paternal")


class Inheritance(Parameters):
    """What becomes of the balance of a dead member of the time bank."""

    inheritable: bool = parameter(
        True, unit="yes or no", role="lever",
        meaning="Whether coins of the dead can be inherited by the spouse, else by the eldest child.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    part: float = parameter(
        0.6, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Part of a dead person's coins that the heir receives; the rest falls to the pool.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    rollout: float = parameter(
        1.0, unit="share", low=0.0, high=1.0, role="lever",
        meaning="Share of townships whose dead leave coins to heirs; elsewhere all fall to the pool.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def inherit(world: World) -> None:
    """Settle the balances of the registered people who died this month."""
    people, bank = world.people, world.bank
    if not bank.in_use:
        return
    dead = people.flows.dead
    if len(dead) == 0:
        return
    parameters: Inheritance = world.parameters["inheritance"]
    part = parameters.part if parameters.inheritable else 0.0
    if parameters.rollout < 1.0:
        here = world.only_in(parameters.rollout)[people["village"][dead]]
        settle(world, dead[~here], 0.0)
        dead = dead[here]
    settle(world, dead, part)


def settle(world: World, dead: np.ndarray, part: float) -> None:
    """Settle the balances of some of the dead, whose heirs receive a part."""
    people, bank = world.people, world.bank
    inherited, estates, bank.holders, bank.balances = settle_estates(
        dead, bank.holders, bank.balances, *OF_PERSON(people.arrays), people.n, bank.accounts, part,
    )  # fmt: skip
    flows = bank.turn(world.month)
    flows.inherited += inherited
    flows.estates += estates


@compiled
def settle_estates(dead, holders, balances, state, born, spouse, first_child, next_maternal, next_paternal, n,
                   accounts, part):  # fmt: skip
    """Pass the balances of the dead to heir and pool; return the coins that either received, and who holds any now."""
    coins = spread(holders, balances, n)
    inherited = estates = 0
    for i in dead:
        if coins[i] > 0:
            heir = find_heir(i, state, born, spouse, first_child, next_maternal, next_paternal, n)
            share = int(part * coins[i]) if heir != NOBODY else 0
            if share > 0:
                pass_on(coins, i, heir, share)
            inherited += share
            estates += coins[i]
            move(coins, i, coins[i], accounts, POOL)
    return inherited, estates, *gathered(coins)


@compiled
def find_heir(i, state, born, spouse, first_child, next_maternal, next_paternal, n):
    """Return the living registered spouse, else the eldest living registered own child, else nobody."""
    if 0 <= spouse[i] < n and state[spouse[i]] & LIVING_REGISTERED == LIVING_REGISTERED:
        return spouse[i]
    eldest, child = NOBODY, first_child[i]
    while child >= 0:
        living = child < n and state[child] & LIVING_REGISTERED == LIVING_REGISTERED
        if living and (eldest < 0 or born[child] <= born[eldest]):
            eldest = child
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    return eldest


PROCESS = Process(
    name="inheritance",
    run=inherit,
    reads=("state", "spouse", "first_child", "born", "village", "next_maternal", "next_paternal"),
    writes=(),
    meaning="Part of the time-bank coins of the dead goes to the spouse or the eldest child, the rest to the pool.",
    parameters=Inheritance,
)
