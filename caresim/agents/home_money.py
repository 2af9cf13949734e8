"""The money of care homes: fees and subsidies come in, staff and suppliers are paid, debts close a home."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import DESTITUTE, HAS_CHILD
from caresim.agents.home_rules import HomeRules
from caresim.agents.institutions import DEPENDENT, PRIVATE, Homes, split
from caresim.agents.money import ELDERS, FEN, MOST, OWNERS_BEAR, PROFITS, purse
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled

SUBSIDY = "institution_subsidy"
"""The measure that pays part of residents' fees."""
NO_SAVINGS = np.zeros(0, dtype=np.int64)
OPERATING = "operating_subsidy"
"""The measure whose payments founders count on."""


def charge(world: World, rules: HomeRules, rows: np.ndarray) -> None:
    """Let residents pay their fees, and government the part that it was granted to pay."""
    people, homes = world.people, world.homes
    homes.fees, homes.support = fees(
        rows, *(people[name] for name in ("home", "disability", "means", "income", "transfers", "benefits",
                                          "out_of_pocket", "arrangement")),
        people.arrays.get("savings", NO_SAVINGS), world.elders, world.claims.granted(SUBSIDY), homes.price,
        *(homes[name] for name in ("ownership", "village", "cash")), world.by_village("homes.price_most"),
        world.parameters["income"].growth(year_of(world.month)) * rules.price_level,
        world.parameters["admission"].spendable, MOST,
    )  # fmt: skip
    world.money.pay("home_fees", ELDERS, "homes", homes.fees)
    world.money.pay(SUBSIDY, _funder(world), "homes", homes.support)


def _funder(world: World) -> str:
    claim = world.claims.made.get((SUBSIDY, "service"))
    return claim.instrument.funder if claim is not None else "local"


def subsidise(world: World) -> None:
    """Book what measures paid to the homes this month, home by home."""
    homes = world.homes
    homes["subsidy"][:] = 0
    for name in sorted(homes.claimed):
        given = homes.distribute(name, world.claims.granted_programme(name))
        homes["cash"][:] += given
        if name == OPERATING:
            homes["subsidy"][:] += given


def spend(world: World, rules: HomeRules, rows: np.ndarray) -> None:
    """Pay staff and suppliers."""
    people, homes = world.people, world.homes
    wages, goods = costs(
        rows, people["home"], people["disability"],
        *(homes[name] for name in ("village", "beds", "residents", "required", "staffed", "chain", "idle",
                                   "cost", "cash")),
        homes.open, world.by_village("homes.fixed"), rules.chain_fixed, rules.idle_fixed, rules.variable, rules.nursing,
        rules.wage_share, FEN * world.parameters["income"].growth(year_of(world.month)),
    )  # fmt: skip
    world.money.pay("home_wages", "homes", "care_workers", wages)
    world.money.pay("home_supplies", "homes", "suppliers", goods)


def support_chain(homes: Homes) -> None:
    """Let those homes of the chain that have money pay what its others owe, as far as it goes."""
    chain = homes.open & homes["chain"]
    debts = np.where(chain, np.maximum(0, -homes["cash"]), 0)
    means = np.where(chain, np.maximum(0, homes["cash"]), 0)
    moved = int(min(debts.sum(), means.sum()))
    if moved > 0:
        homes["cash"][:] += split(moved, debts) - split(moved, means)


def close(world: World, rules: HomeRules) -> None:
    """Let private homes close that owe too much, their owners bearing the debt; owners draw what they need not keep.

    The homes of a chain help one another out first.
    """
    homes = world.homes
    if homes["chain"].any():
        support_chain(homes)
    debts, drawn = settle(
        *(homes[name] for name in ("ownership", "cost", "cash", "closing")), homes.open, rules.exit_months
    )
    world.money.pay(OWNERS_BEAR, "owners", "homes", debts)
    world.money.pay(PROFITS, "homes", "owners", drawn)


@compiled
def fees(rows, home, disability, means, income, transfers, benefits, out_of_pocket, arrangement, savings, elders,
         support, list_price, ownership, village, cash, cap, level, spendable, most):  # fmt: skip
    """Let each resident pay, which grows the column `out_of_pocket`; return what residents and what government paid.

    Nobody pays what neither he nor a family has: the home bears it. Residents are some of the elders, in their order.
    """
    paid, public, j = 0, 0, 0
    supported = len(support) == len(elders)
    for i in rows:
        h = np.int64(home[i])
        fee = np.int64(math.floor(FEN * min(list_price[h, disability[i]] * level, cap[village[h]])))
        helped = np.int64(0)
        if supported:
            while elders[j] < i:
                j += 1
            helped = min(fee, support[j])
        rest = fee - helped
        if means[i] & DESTITUTE and ownership[h] != PRIVATE:
            rest = min(rest, np.int64(spendable * (max(0, income[i]) + transfers[i] + benefits[i])))
        put_by = savings[i] if len(savings) > 0 else 0
        has = purse(
            put_by, income[i], transfers[i], benefits[i], out_of_pocket[i], arrangement[i] & HAS_CHILD != 0
        )
        own = min(rest, has, most - out_of_pocket[i])
        out_of_pocket[i] += own
        cash[h] += own + helped
        paid += own
        public += helped
    return paid, public


@compiled
def costs(rows, home, disability, village, beds, residents, required, staffed, chain, idle, cost, cash, is_open,
          fixed, chain_fixed, idle_fixed, variable, nursing, wage_share, fen):  # fmt: skip
    """Write what each home spends this month, take it out of its cash; return all wages and all other costs."""
    dependent = np.zeros(len(cost), dtype=np.int64)
    for i in rows:
        dependent[home[i]] += disability[i] >= DEPENDENT
    wages, goods = 0, 0
    for h in range(len(cost)):
        standing = fixed[village[h]] * (beds[h] if is_open[h] else 0)
        standing *= (chain_fixed if chain[h] else 1.0) * (idle_fixed if idle[h] else 1.0)
        per_head = variable * residents[h] + nursing * dependent[h]
        staff = staffed[h] / max(1, required[h]) if required[h] > 0 else 0.0
        wage = np.int64(math.floor(fen * wage_share * per_head * staff))
        other = np.int64(math.floor(fen * (standing + (1.0 - wage_share) * per_head)))
        cost[h] = wage + other
        cash[h] -= wage + other
        wages += wage
        goods += other
    return wages, goods


@compiled
def settle(ownership, cost, cash, closing, is_open, exit_months):
    """Close private homes that owe too much, and let the others' owners draw; return debts borne and sums drawn."""
    debts, drawn = 0, 0
    for h in range(len(cash)):
        if ownership[h] == PRIVATE:
            limit = np.int64(exit_months * cost[h])
            if is_open[h] and cash[h] < -limit:
                closing[h] = True
                debts -= cash[h]
                cash[h] = 0
            elif cash[h] > limit:
                drawn += cash[h] - limit
                cash[h] = limit
    return debts, drawn
