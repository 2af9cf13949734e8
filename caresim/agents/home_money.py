"""The money of care homes: fees and subsidies come in, staff and suppliers are paid, debts close a home."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import DESTITUTE, HAS_CHILD
from caresim.agents.institutions import DEPENDENT, OPEN, PRIVATE, split
from caresim.agents.money import FEN, MOST, purse
from caresim.kernel.compiled import compiled


@compiled
def book(table, claimed, granted):
    """Add what a measure was granted to the cash of the homes for which it claimed; return what each received.

    What was claimed is by home; those founded since are not among them.
    """
    given = split(granted, claimed)
    for h in range(len(given)):
        table[h].cash += given[h]
    return given


@compiled
def note_subsidy(table, given):
    """Write this month's operating subsidy, on which founders count."""
    for h in range(len(table)):
        table[h].subsidy = given[h] if h < len(given) else 0


@compiled
def charge(table, list_price, rows, home, disability, means, income, transfers, benefits, out_of_pocket,
           arrangement, savings, support, county, villages):  # fmt: skip
    """Let each resident pay, which grows the column `out_of_pocket`; return what residents and what government paid.

    Nobody pays what neither he nor a family has: the home bears it. `support` is what government grants each;
    it is empty where the measure claimed nothing.
    """
    paid, public = 0, 0
    for j in range(len(rows)):
        i = rows[j]
        where, listed = table[home[i]], list_price[home[i], disability[i]]
        fee = np.int64(
            math.floor(FEN * min(listed * county[0].price_level, villages[where.village].price_most))
        )
        helped = min(fee, support[j]) if len(support) > 0 else np.int64(0)
        rest = fee - helped
        if means[i] & DESTITUTE and where.ownership != PRIVATE:
            rest = min(rest, np.int64(county[0].spendable * (max(0, income[i]) + transfers[i] + benefits[i])))
        put_by = savings[i] if len(savings) > 0 else 0
        has = purse(
            put_by, income[i], transfers[i], benefits[i], out_of_pocket[i], arrangement[i] & HAS_CHILD != 0
        )
        own = min(rest, has, MOST - out_of_pocket[i])
        out_of_pocket[i] += own
        where.cash += own + helped
        paid += own
        public += helped
    return paid, public


@compiled
def count_dependent(n, rows, home, disability):
    """Count the residents in states 2-3 of each of `n` homes."""
    dependent = np.zeros(n, dtype=np.int64)
    for i in rows:
        dependent[home[i]] += disability[i] >= DEPENDENT
    return dependent


@compiled
def spend(table, dependent, county, villages):
    """Write what each home spends this month, take it out of its cash; return all wages and all other costs."""
    wages, goods, rule = 0, 0, county[0]
    for h in range(len(table)):
        home = table[h]
        standing = villages[home.village].fixed * (home.beds if home.closed == OPEN else 0)
        standing *= (rule.chain_fixed if home.chain else 1.0) * (rule.idle_fixed if home.idle else 1.0)
        per_head = rule.variable * home.residents + rule.nursing * dependent[h]
        staff = home.staffed / max(1, home.required) if home.required > 0 else 0.0
        wage = np.int64(math.floor(rule.fen * rule.wage_share * per_head * staff))
        other = np.int64(math.floor(rule.fen * (standing + (1.0 - rule.wage_share) * per_head)))
        home.cost = wage + other
        home.cash -= wage + other
        wages += wage
        goods += other
    return wages, goods


@compiled
def close(table, exit_months):
    """Let private homes close that owe too much, their owners bearing the debt; owners draw what they need not keep.

    The homes of a chain help one another out first. Return the debts borne and the sums drawn.
    """
    for h in range(len(table)):
        if table[h].chain:
            support_chain(table)
            break
    return settle(table, exit_months)


@compiled
def support_chain(table):
    """Let those homes of the chain that have money pay what its others owe, as far as it goes."""
    debts, means = np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.int64)
    for h in range(len(table)):
        if table[h].chain and table[h].closed == OPEN:
            debts[h], means[h] = max(0, -table[h].cash), max(0, table[h].cash)
    moved = min(debts.sum(), means.sum())
    if moved > 0:
        received, given = split(moved, debts), split(moved, means)
        for h in range(len(table)):
            table[h].cash += received[h] - given[h]


@compiled
def settle(table, exit_months):
    """Close private homes that owe too much, and let the others' owners draw; return debts borne and sums drawn."""
    debts, drawn = 0, 0
    for h in range(len(table)):
        home = table[h]
        if home.ownership == PRIVATE:
            limit = np.int64(exit_months * home.cost)
            if home.closed == OPEN and home.cash < -limit:
                home.closing = True
                debts -= home.cash
                home.cash = 0
            elif home.cash > limit:
                drawn += home.cash - limit
                home.cash = limit
    return debts, drawn
