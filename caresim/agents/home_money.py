"""The money of care homes: fees and subsidies come in, staff and suppliers are paid, debts close a home."""

from __future__ import annotations

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
    growth = world.parameters["income"].growth(year_of(world.month)) * rules.price_level
    cap = world.by_village("homes.price_most")[homes["village"]]
    price = np.floor(FEN * np.minimum(homes.price * growth, cap[:, None])).astype(np.int64)
    granted = world.claims.granted(SUBSIDY)
    at = np.searchsorted(world.elders, rows)
    support = granted[at] if len(granted) == len(world.elders) else np.zeros(len(rows), dtype=np.int64)
    paid, public = fees(
        rows, *(people[name] for name in ("home", "disability", "means", "income", "transfers", "benefits",
                                          "out_of_pocket", "arrangement")),
        people.arrays.get("savings", NO_SAVINGS), price, homes["ownership"], support,
        world.parameters["admission"].spendable, MOST,
    )  # fmt: skip
    n, home = len(homes), people["home"][rows]
    for why, payer, sums in (("home_fees", ELDERS, paid), (SUBSIDY, _funder(world), public)):
        world.money.pay(why, payer, "homes", int(sums.sum()))
        homes["cash"][:] += np.bincount(home, weights=sums, minlength=n).astype(np.int64)
    homes.fees, homes.support = int(paid.sum()), int(public.sum())


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
    growth = world.parameters["income"].growth(year_of(world.month))
    dependent = np.bincount(
        people["home"][rows[people["disability"][rows] >= DEPENDENT]], minlength=len(homes)
    )
    fixed = world.by_village("homes.fixed")[homes["village"]] * np.where(homes.open, homes["beds"], 0)
    fixed *= rules.cost_of_beds(homes["chain"], homes["idle"])
    per_head = rules.variable * homes["residents"] + rules.nursing * dependent
    staff = np.where(homes["required"] > 0, homes["staffed"] / np.maximum(1, homes["required"]), 0.0)
    wages = np.floor(FEN * growth * rules.wage_share * per_head * staff).astype(np.int64)
    goods = np.floor(FEN * growth * (fixed + (1.0 - rules.wage_share) * per_head)).astype(np.int64)
    homes["cost"][:] = wages + goods
    homes["cash"][:] -= wages + goods
    world.money.pay("home_wages", "homes", "care_workers", int(wages.sum()))
    world.money.pay("home_supplies", "homes", "suppliers", int(goods.sum()))


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
    support_chain(homes)
    limit = (rules.exit_months * homes["cost"]).astype(np.int64)
    private = homes["ownership"] == PRIVATE
    failing = homes.open & private & (homes["cash"] < -limit)
    homes["closing"][failing] = True
    debts = int(-homes["cash"][failing].sum())
    world.money.pay(OWNERS_BEAR, "owners", "homes", debts)
    homes["cash"][failing] = 0
    draws = np.where(private & ~failing, np.maximum(0, homes["cash"] - limit), 0)
    world.money.pay(PROFITS, "homes", "owners", int(draws.sum()))
    homes["cash"][:] -= draws


@compiled
def fees(rows, home, disability, means, income, transfers, benefits, out_of_pocket, arrangement, savings, price,
         ownership, support, spendable, most):  # fmt: skip
    """Return what each resident pays, which grows the column `out_of_pocket`, and what is paid for him.

    Nobody pays what neither he nor a family has: the home bears it.
    """
    paid, public = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        i = rows[j]
        h = np.int64(home[i])
        fee = price[h, disability[i]]
        public[j] = min(fee, support[j])
        rest = fee - public[j]
        if means[i] & DESTITUTE and ownership[h] != PRIVATE:
            rest = min(rest, np.int64(spendable * (max(0, income[i]) + transfers[i] + benefits[i])))
        put_by = savings[i] if len(savings) > 0 else 0
        has = purse(
            put_by, income[i], transfers[i], benefits[i], out_of_pocket[i], arrangement[i] & HAS_CHILD != 0
        )
        paid[j] = min(rest, has, most - out_of_pocket[i])
        out_of_pocket[i] += paid[j]
    return paid, public
