"""What elders needed this month, what they received, and what stayed unmet; the money that they are short of.

The share that a person is left with is that of this month's need, not the column `unmet`, which is an average over
recent months. A *need* here is one of care; an elder outside institutions with a limitation, with dementia that needs
supervision, or who lives alone, has one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.agents.care import TASKS
from caresim.agents.elder_sums import mark_rows
from caresim.agents.money import FEN
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.recorder import (
    Aggregate,
    Better,
    Indicator,
    care,
    census,
    knows,
    number,
    ratio,
    resident_elders,
    tally,
)

HOUR = 1 / 60


@tally("elders", "short", "met", "in_deficit", "unmet")
def money(world: World, numbers: np.ndarray) -> None:
    """Set every resident elder's income against the minimum, once a quarter.

    In yuan: what they lack of it, what transfers make up, and what nobody does; and who is left short. NaN if unknown.
    """
    if knows(world, "income", "transfers"):
        people, minimum = world.people, world.parameters["income"].minimum_fen(year_of(world.month))
        _short(resident_elders(world), people["income"], people["transfers"], minimum, numbers)


@compiled
def _short(elders, income, transfers, minimum, numbers):
    """Add up what own incomes lack of the minimum and what transfers make up of it; count those left short."""
    here, least, nothing = mark_rows(elders), np.int32(minimum), np.int32(0)
    short = met = np.int64(0)
    in_deficit = np.int32(0)
    for i in range(len(here)):
        lack = max(nothing, np.int32(least - max(nothing, income[i]))) * np.int32(here[i])
        made_up = min(lack, transfers[i])
        short += np.int32(lack)
        met += np.int32(made_up)
        in_deficit += np.int32(made_up < lack)
    numbers[0], numbers[1], numbers[2] = len(elders), short / FEN, met / FEN
    numbers[3], numbers[4] = in_deficit, numbers[1] - numbers[2]


def of_cases(part: str, whole: str) -> Callable[[World], float]:
    """Return the reading of one count of cases over another."""
    return ratio(care, part, whole)


def _hours(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float],
           better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(name, "hours", "sum", label, zh, meaning, measure, better=better)


def _by_task(name: str, english: str, zh: str) -> tuple[Indicator, ...]:
    return (
        _hours(f"need_hours_{name}", f"Hours needed: {english}", f"{zh}需求时数",
               f"Hours of {english} that elders needed in the month.", number(care, f"need_{name}", HOUR)),
        _hours(f"met_hours_{name}", f"Hours met: {english}", f"{zh}已满足时数",
               f"Hours of {english} that elders received in the month.", number(care, f"met_{name}", HOUR)),
        _hours(f"unmet_hours_{name}", f"Hours unmet: {english}", f"{zh}未满足时数",
               f"Hours of {english} that elders needed in the month and did not receive.", number(care,
               f"left_{name}", HOUR),
               better="lower"),
    )  # fmt: skip


def _share(name: str, label: str, zh: str, meaning: str, measure: Callable[[World], float],
           aggregate: Aggregate = "mean", better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(name, "share", aggregate, label, zh, meaning, measure, better=better)


def _yuan(name: str, label: str, zh: str, meaning: str, sum_of: str,
          better: Better | None = None) -> Indicator:  # fmt: skip
    return Indicator(
        name, "yuan", "mean", label, zh, meaning, number(money, sum_of), quarterly=True, better=better
    )


INDICATORS = (
    _hours("need_hours", "Hours of care needed", "照护需求时数", "Hours of care that elders needed in the month.",
           number(care, "need", HOUR)),
    _hours("met_hours", "Hours of care received", "已满足照护时数", "Hours of care that elders received in the month.",
           number(care, "met", HOUR)),
    _hours("unmet_hours", "Hours of care unmet", "未满足照护时数",
           "Hours of care that elders needed in the month and did not receive.", number(care, "left", HOUR),
           better="lower"),
    *_by_task(TASKS[0], "personal care", "生活照料"),
    *_by_task(TASKS[1], "help in the house", "家务协助"),
    *_by_task(TASKS[2], "company", "精神陪伴"),
    _share("needy_share", "Elders with a need of care", "有照护需求老人比重", "Elders with a need of resident elders.",
           ratio(care, "cases", number(census, "elders"))),
    _share("unmet_share", "Unmet share of the hours needed", "照护缺口率", "Hours unmet of hours needed.",
           of_cases("left", "need"),
           better="lower"),
    _share("adequacy", "Adequacy of care", "照护充足度",
           "Share of the own need that was met, the mean of elders with a need.", of_cases("adequacy", "cases"),
           better="higher"),
    _share("unmet_quarter_share", "Elders with more than a quarter unmet", "缺口超过四分之一的老人比重",
           "Elders left with more than .25 of their need, of elders with a need.", of_cases("unmet", "cases"),
           better="lower"),
    _share("unmet_half_share", "Elders with more than half unmet", "缺口超过一半的老人比重",
           "Elders left with more than .5 of their need, of elders with a need.", of_cases("deprived", "cases"),
           better="lower"),
    _share("unmet_prevalence", "ADL-disabled with over a quarter of need unmet", "缺口超过四分之一的失能老人比重",
           "Left with more than .25 of their need, of elders with a need in states 2-3.",
           of_cases("dependent_unmet", "dependent"), better="lower"),
    _share("severe_deprivation", "Severe deprivation of the ADL-disabled", "失能老人严重匮乏率",
           "Left with more than .5 of their need, of elders with a need in states 2-3.",
           of_cases("dependent_deprived", "dependent"), better="lower"),
    _yuan("minimum_shortfall", "Short of the minimum income", "低于最低生活标准的差额",
          "What resident elders' own incomes of the month lack of the minimum.", "short"),
    _yuan("shortfall_met", "Shortfall made up by transfers", "子女支持弥补的差额",
          "The part of that shortfall that transfers from children make up.", "met"),
    _yuan("shortfall_unmet", "Shortfall unmet", "未弥补的差额",
          "The part of that shortfall that nobody makes up.", "unmet", better="lower"),
    Indicator("economic_deficit_share", "share", "mean", "Elders below the minimum income", "经济保障不足老人比重",
              "Resident elders whose income and transfers lie below the minimum.",
              ratio(money, "in_deficit", "elders"), quarterly=True, better="lower"),
)  # fmt: skip
