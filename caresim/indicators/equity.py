"""How equally need is met: unmet need by sex, age, remoteness, living arrangement and income, and how uneven it is.

The unmet share of a group is its hours unmet over its hours needed; beside it stands how many of the group's elders
with a need are left with more than a quarter, and with more than half, of their own. Gini's coefficient and the
concentration index are of the share that each elder with a need is left with this month; people are ranked by own
income and transfers in whole yuan (from 8,191 yuan on they count as equal), and those of one income share their middle
rank. All this is measured once a quarter.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caresim.agents.care import ALONE, CHILD_IN_TOWNSHIP, DEPRIVED, FULL, HAS_CHILD, UNMET, total_minutes
from caresim.agents.money import FEN
from caresim.agents.people import FEMALE
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, number, ratio, tally

YEARS_70, YEARS_80 = 70 * 12, 80 * 12
INCOMES = 8192
"""Classes of income, a yuan wide; the last is open."""
GROUPS = (
    ("men", "men", "男性"),
    ("women", "women", "女性"),
    ("60_69", "elders of 60-69", "60–69岁"),
    ("70_79", "elders of 70-79", "70–79岁"),
    ("80_plus", "elders of 80+", "80岁以上"),
    ("not_remote", "elders outside remote villages", "非偏远村"),
    ("remote", "elders in remote villages", "偏远村"),
    ("not_alone", "elders living with others", "非独居"),
    ("alone", "elders living alone", "独居"),
    ("not_left_behind", "elders not left behind", "非留守"),
    ("left_behind", "elders left behind", "留守"),
    ("quintile_1", "the fifth with the lowest income", "收入最低五分之一"),
    ("quintile_2", "the second fifth by income", "收入第二五分之一"),
    ("quintile_3", "the third fifth by income", "收入第三五分之一"),
    ("quintile_4", "the fourth fifth by income", "收入第四五分之一"),
    ("quintile_5", "the fifth with the highest income", "收入最高五分之一"),
)
"""Name, English and Chinese of each group, in the order of `_count`."""
N_GROUPS = len(GROUPS)
SEXES, AGES, REMOTE, ALONE_OR_NOT, LEFT_BEHIND, QUINTILES = 0, 2, 5, 7, 9, 11
"""Number of the first group of each kind."""
N_AGES, N_QUINTILES = 3, 5
N_PERSONS, N_HOMES = 2 * N_AGES * N_QUINTILES, 8
"""Cells of two cross-tables: of sex, age and quintile; of remoteness, living alone, and being left behind."""
COLUMNS = ("state", "born", "village", "arrangement", "quintile", "income", "transfers")


PARTS = ("need", "left", "cases", "unmet", "deprived")
"""What is counted in each group: minutes needed and not met; elders with a need, and those left with so much of it."""
NUMBERS = (
    *(f"{part}_{name}" for part in PARTS for name, _, _ in GROUPS),
    "gini",
    "concentration",
    "erreygers",
)
"""How unequally need is met; NaN where it is not known."""


@tally(*NUMBERS)
def spread(world: World, numbers: np.ndarray) -> None:
    """Look through the month's cases once, group by group; NaN without care."""
    if not knows(world, *COLUMNS):
        return
    people, book = world.people, world.care
    columns = (people[name] for name in COLUMNS)
    _spread(book.rows, book.need, book.left, *columns, world.territory.remote, world.month, numbers)


@compiled
def _spread(rows, need, left, state, born, village, arrangement, quintile, income, transfers, remote, month,
            numbers):  # fmt: skip
    """Write the sums and counts by group, Gini's coefficient, the concentration index, and Erreygers' index."""
    by_share = np.zeros(FULL + 1, dtype=np.int64)
    by_income, of_income = np.zeros(INCOMES, dtype=np.int32), np.zeros(INCOMES, dtype=np.int32)
    sums = _count(rows, need, left, state, born, village, arrangement, quintile, income, transfers, remote, month,
                  by_share, by_income, of_income)  # fmt: skip
    index, mean = concentration(by_income, of_income)
    for part in range(len(PARTS)):
        for group in range(N_GROUPS):
            numbers[part * N_GROUPS + group] = sums[part, group]
    numbers[-3], numbers[-2], numbers[-1] = gini(by_share), index, 4.0 * mean * index


@compiled
def _count(rows, need, left, state, born, village, arrangement, quintile, income, transfers, remote, month, by_share,
           by_income, of_income):  # fmt: skip
    """Add up minutes and count cases by group, and count them by unmet share (in 250ths) and by income."""
    persons = np.zeros((N_PERSONS, 5), dtype=np.int64)
    homes = np.zeros((N_HOMES, 5), dtype=np.int64)
    for case in range(len(rows)):
        i = rows[case]
        age, marks = month - born[i], arrangement[i]
        years = int(age >= YEARS_70) + int(age >= YEARS_80)
        person = (int(state[i] & FEMALE != 0) * N_AGES + years) * N_QUINTILES + int(quintile[i])
        left_behind = int(marks & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD)
        home = 4 * int(remote[village[i]]) + 2 * int(marks & ALONE != 0) + left_behind
        whole, rest = total_minutes(need, case), total_minutes(left, case)
        above, far_above = rest > UNMET * whole, rest > DEPRIVED * whole
        _add(persons, person, whole, rest, above, far_above)
        _add(homes, home, whole, rest, above, far_above)
        unmet = (FULL * rest + whole // 2) // whole
        rank = min(max(0, income[i] + transfers[i]) // FEN, INCOMES - 1)
        by_share[unmet] += 1
        by_income[rank] += 1
        of_income[rank] += unmet
    return _margins(persons, homes)


@compiled
def _add(table, cell, whole, rest, above, far_above):
    """Add a case to a cell of a cross-table."""
    table[cell, 0] += whole
    table[cell, 1] += rest
    table[cell, 2] += 1
    table[cell, 3] += above
    table[cell, 4] += far_above


@compiled
def _margins(persons, homes):
    """Return the sums and counts by group, shape (5, groups), from two cross-tables."""
    sums = np.zeros((5, N_GROUPS), dtype=np.int64)
    for person in range(N_PERSONS):
        sex, years = person // (N_AGES * N_QUINTILES), person // N_QUINTILES % N_AGES
        for part in range(5):
            sums[part, SEXES + sex] += persons[person, part]
            sums[part, AGES + years] += persons[person, part]
            sums[part, QUINTILES + person % N_QUINTILES] += persons[person, part]
    for home in range(N_HOMES):
        for part in range(5):
            sums[part, REMOTE + (home >> 2)] += homes[home, part]
            sums[part, ALONE_OR_NOT + (home >> 1 & 1)] += homes[home, part]
            sums[part, LEFT_BEHIND + (home & 1)] += homes[home, part]
    return sums


@compiled
def gini(counts):
    """Return Gini's coefficient of a quantity that is 0, 1, 2 ... for so many people; NaN where nobody has any."""
    people = total = weighted = 0.0
    for value in range(len(counts)):
        middle = people + counts[value] / 2.0
        weighted += counts[value] * value * middle
        people += counts[value]
        total += counts[value] * value
    return 2.0 * weighted / (people * total) - 1.0 if total > 0 else math.nan


@compiled
def concentration(counts, unmet):
    """Return the concentration index and the mean of the unmet share, from people and their 250ths by income."""
    people = total = weighted = 0.0
    for income in range(len(counts)):
        if counts[income]:
            weighted += unmet[income] * (people + counts[income] / 2.0)
            people += counts[income]
            total += unmet[income]
    index = 2.0 * weighted / (people * total) - 1.0 if total > 0 else math.nan
    return index, total / FULL / people if people > 0 else math.nan


def of_group(part: str, whole: str, name: str) -> Callable[[World], float]:
    """Return the reading of one sum or count over another, in a group."""
    return ratio(spread, f"{part}_{name}", f"{whole}_{name}")


INDICATORS = (
    *(Indicator(f"unmet_share_{name}", "share", "mean", f"Unmet share: {who}", f"照护缺口率：{zh}",
                f"Hours of care unmet of hours needed by {who}.", of_group("left", "need", name), quarterly=True,
                better="lower")
      for name, who, zh in GROUPS),
    *(Indicator(f"unmet_quarter_share_{name}", "share", "mean", f"More than a quarter unmet: {who}",
                f"缺口超过四分之一比重：{zh}", f"Left with more than .25 of their need, of {who} with a need.",
                of_group("unmet", "cases", name), quarterly=True,
                better="lower")
      for name, who, zh in GROUPS),
    *(Indicator(f"unmet_half_share_{name}", "share", "mean", f"More than half unmet: {who}",
                f"缺口超过一半比重：{zh}", f"Left with more than .5 of their need, of {who} with a need.",
                of_group("deprived", "cases", name), quarterly=True,
                better="lower")
      for name, who, zh in GROUPS),
    Indicator("unmet_gini", "index", "mean", "Gini of unmet need", "照护缺口基尼系数",
              "Gini's coefficient of the unmet share among elders with a need.", number(spread, "gini"),
              quarterly=True),
    Indicator("unmet_concentration", "index", "mean", "Concentration of unmet need", "照护缺口集中指数",
              "Concentration index of the unmet share by income among elders with a need; below 0: the poor have it.",
              number(spread, "concentration"), quarterly=True),
    Indicator("unmet_erreygers", "index", "mean", "Erreygers index of unmet need", "照护缺口Erreygers指数",
              "Four times the mean unmet share times its concentration index; below 0 if unmet need falls on the poor.",
              number(spread, "erreygers"), quarterly=True),
)  # fmt: skip
