"""Service by helpers of a township, as volunteers and the time bank give it: who serves whom, nearest first."""

from __future__ import annotations

import functools
import math

import numpy as np

from caresim.agents.care import COMPANY, COUNTY, INSTRUMENTAL, SAME_VILLAGE, hand_over
from caresim.agents.people import INSTITUTION, LIVING_RESIDENT
from caresim.kernel.compiled import compiled

STEPS = 4096
DECIMALS = 6


@functools.lru_cache(maxsize=8)
def propensity_table(a: float, b: float) -> np.ndarray:
    """Return the share of months in which helpers are active: quantiles of Beta(a, b) in equal steps of a draw.

    Each step has the quantile at its middle, rounded, so that the last bits of a library's quantile decide nothing.
    The table is read-only, shape (4096,).
    """
    from scipy.special import betaincinv

    table: np.ndarray = np.round(betaincinv(a, b, (np.arange(STEPS) + 0.5) / STEPS), DECIMALS)
    table.setflags(write=False)
    return table


@compiled
def propensity(table, luck):
    """Return the share of months in which somebody with this lasting draw is active."""
    return table[int(luck * STEPS)]


@compiled
def apart(a, b, x, y):
    """Return the kilometres between two villages, straight, in double precision; the own village is at 0."""
    east, north = np.float64(x[a]) - np.float64(x[b]), np.float64(y[a]) - np.float64(y[b])
    return math.sqrt(east * east + north * north)


@compiled
def in_turn(group, luck, n_groups):
    """Sort within groups by luck; return the order and where each group begins in it (and the last one ends).

    Each group is cut into as many equal steps of luck as it has members, so that sorting takes a time in
    proportion to their number.

    Args:
        group: group of each, from 0.
        luck: draw of each, in (0, 1).
        n_groups: number of groups.
    """
    first = _starts(group, n_groups)
    cell = np.empty(len(group), dtype=np.int64)
    for j in range(len(group)):
        cell[j] = first[group[j]] + int(luck[j] * (first[group[j] + 1] - first[group[j]]))
    free = _starts(cell, len(cell))
    order = np.empty(len(group), dtype=np.int64)
    for j in range(len(group)):
        order[free[cell[j]]] = j
        free[cell[j]] += 1
    for at in range(1, len(order)):
        j, to = order[at], at
        while to > 0 and cell[order[to - 1]] == cell[j] and luck[order[to - 1]] > luck[j]:
            order[to] = order[to - 1]
            to -= 1
        order[to] = j
    return order, first


@compiled
def by_lot(luck):
    """Return the order of rising luck: `in_turn` of a single group."""
    n = len(luck)
    free = np.zeros(n + 1, dtype=np.int64)
    for draw in luck:
        free[int(draw * n) + 1] += 1
    for cell in range(1, n):
        free[cell] += free[cell - 1]
    order = np.empty(n, dtype=np.int64)
    for j in range(n):
        cell = int(luck[j] * n)
        order[free[cell]] = j
        free[cell] += 1
    for at in range(1, n):
        j, to = order[at], at
        while to > 0 and luck[order[to - 1]] > luck[j]:
            order[to] = order[to - 1]
            to -= 1
        order[to] = j
    return order


@compiled
def in_steps(order, step):
    """Return an order sorted by whole steps from 0; who stands on the same step stays in order."""
    if len(order) < 2:
        return order
    first = np.zeros(step.max() + 2, dtype=np.int64)
    for j in order:
        first[step[j] + 1] += 1
    first = np.cumsum(first)
    found = np.empty(len(order), dtype=np.int64)
    for j in order:
        found[first[step[j]]] = j
        first[step[j]] += 1
    return found


@compiled
def fit_residents(state, place, born, disability, dementia, n, month, youngest, oldest):
    """Return the rows of healthy residents outside care homes of `youngest` to `oldest` years, both included."""
    rows, found = np.empty(n + 1, dtype=np.uint32), 0
    for i in range(n):  # without a branch
        age = np.int64(month) - born[i]
        fit = (age >= 12 * youngest) & (age < 12 * (oldest + 1)) & (disability[i] == 0) & (dementia[i] == 0)
        rows[found] = i
        found += fit & (state[i] & LIVING_RESIDENT == LIVING_RESIDENT) & (place[i] != INSTITUTION)
    return rows[:found]


@compiled
def marked(column, n):
    """Return the rows below `n` at which a column is not 0, in order, found without a branch.

    First it is seen in which words of eight bytes there is anything, then where in these.
    """
    rows, found = np.empty(n + 1, dtype=np.int64), 0
    each = 8 // column.itemsize
    words = column[: n // each * each].view(np.uint64)
    filled, m = np.empty(len(words) + 1, dtype=np.uint32), 0
    for w in range(len(words)):
        filled[m] = w
        m += words[w] != 0
    for at in range(m):
        start = np.uint64(each) * np.uint64(filled[at])
        for i in range(start, start + np.uint64(each)):
            rows[found] = i
            found += column[i] != 0
    for i in range(each * len(words), n):
        rows[found] = i
        found += column[i] != 0
    return rows[:found]


@compiled
def _starts(group, n_groups):
    """Return where each group begins if its members lie together, and where the last one ends."""
    size = np.zeros(n_groups + 1, dtype=np.int64)
    for g in group:
        size[g + 1] += 1
    return np.cumsum(size)


@compiled
def within_reach(helpers, village, township, x, y, reach):
    """Tell of each village whether a helper of its township lives within `reach` kilometres."""
    served = np.zeros(len(township), dtype=np.bool_)
    for i in helpers:
        served[village[i]] = True
    homes, last = np.flatnonzero(served), np.full(township.max() + 1, -1)
    before = np.empty(len(homes), dtype=np.int64)  # the home before in the chain of its township
    for h in range(len(homes)):
        before[h], last[township[homes[h]]] = last[township[homes[h]]], h
    for v in range(len(township)):
        h = last[township[v]]
        while not served[v] and h >= 0:
            served[v] = apart(v, homes[h], x, y) <= reach
            h = before[h]
    return served


@compiled
def serve(case, wish, helper, minutes, luck, rows, village, household, township, x, y, reach, relation,
          gifts, k, left, received, given):  # fmt: skip
    """Let helpers serve requests one after the other, each by the nearest who has time left, then by the next.

    Helpers serve their own township within `reach`, nobody of their own household; among equally near ones the
    lowest luck comes first. Writes hand-overs from place `k` of `gifts` on, at most one for each request and one for
    each helper, and changes `wish`, `minutes`, `left`, `received` and `given` in place.

    Args:
        case: numbers of the cases that request, in the order in which they are served.
        wish: minutes wished by each, at most what is left of instrumental care and company.
        helper: rows of the helpers.
        minutes: minutes that each has left.
        luck: draw of each, for ties.
        rows: row of each case.
        village: village by row.
        household: household by row.
        township: township by village, numbered from 0.
        x: kilometres east of the county seat, by village.
        y: kilometres north of it, by village.
        reach: kilometres.
        relation: code of the helper's relation to those served.
        gifts: hand-overs.
        k: first free place of `gifts`.
        left: minutes left by case and task.
        received: minutes received by case and source.
        given: minutes given by row.

    Returns:
        The first free place of `gifts`.
    """
    first, pool = _by_township(helper, minutes, village, township)
    last = first[1:].copy()
    for r in range(len(case)):
        here = village[rows[case[r]]]
        home, start = household[rows[case[r]]], first[township[here]]
        while wish[r] > 0:
            at = _nearest(
                pool, start, last[township[here]], helper, luck, here, home, village, household, x, y, reach
            )
            if at < 0:
                break
            h = pool[at]
            i = helper[h]
            where = SAME_VILLAGE if village[i] == here else COUNTY
            done = hand_over(gifts, k, i, case[r], relation, where, min(wish[r], minutes[h]), INSTRUMENTAL, COMPANY,
                             left, received)  # fmt: skip
            if done == 0:
                break
            k += 1
            given[i] += done
            wish[r] -= done
            minutes[h] -= done
            if minutes[h] == 0:
                last[township[here]] -= 1
                pool[at] = pool[last[township[here]]]
    return k


@compiled
def _by_township(helper, minutes, village, township):
    """Return the numbers of the helpers with minutes left, by township, and where each township's begin (and end)."""
    size = np.zeros(township.max() + 2, dtype=np.int64)
    for h in range(len(helper)):
        size[township[village[helper[h]]] + 1] += minutes[h] > 0
    first = np.cumsum(size)
    pool = np.empty(first[-1], dtype=np.int64)
    free = first.copy()
    for h in range(len(helper)):
        if minutes[h] > 0:
            t = township[village[helper[h]]]
            pool[free[t]] = h
            free[t] += 1
    return first, pool


@compiled
def _nearest(pool, start, end, helper, luck, here, home, village, household, x, y, reach):
    """Return the place in the pool of the nearest helper within reach and not of the household; -1 if none."""
    best, nearest = -1, 0.0
    for at in range(start, end):
        h = pool[at]
        i = helper[h]
        km = 0.0 if village[i] == here else apart(village[i], here, x, y)
        if km > reach or household[i] == home:
            continue
        if best < 0 or km < nearest or (km == nearest and luck[h] < luck[pool[best]]):
            best, nearest = at, km
    return best
