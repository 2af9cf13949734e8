"""The welfare mix: who gave how many hours of care this month, and what it cost the public.

The sectors of welfare pluralism are the family (spouses, children and their spouses), the community (neighbours,
mutual-aid pairs, happiness homes), the volunteers with the time bank, and the state, which buys respite and what a
backstopped time bank owes. Beside them stand the hours that a measure entitles to, those that elders buy, and those
that meals save.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caresim.agents.care_census import LEFT, UNPAID
from caresim.agents.care_census import NEED as NEEDED
from caresim.agents.home_census import MET, NEED
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, care, homes, knows, number, ratio, tally

HOUR = 1 / 60


@tally("needed_in_homes", "unmet_in_homes", "needed", "unmet", "informal_value")
def everybody(world: World, numbers: np.ndarray) -> None:
    """Add what residents of care homes need and lack to what the book of care says of the others, in minutes.

    Beside it stands what the hours that nobody is paid for are worth.
    """
    prices = world.parameters.get("outcomes")
    price = math.nan if prices is None else prices.informal_hour_price
    _add(care(world), homes(world), price, knows(world, "need", "home"), numbers)


@compiled
def _add(outside, inside, price, known, numbers):
    """Write the minutes needed and unmet in homes, those of all elders, and the value of unpaid hours."""
    if known:
        numbers[0], numbers[1] = inside[NEED], inside[NEED] - inside[MET]
        numbers[2], numbers[3] = numbers[0] + outside[NEEDED], numbers[1] + outside[LEFT]
    numbers[4] = price * outside[UNPAID] * HOUR


def hours(source: str) -> Callable[[World], float]:
    """Return the reading of the hours that a source gave."""
    return number(care, source, HOUR)


def hours_of_all(name: str) -> Callable[[World], float]:
    """Return the reading of minutes of everybody, residents of care homes too, in hours."""
    return number(everybody, name, HOUR)


GIVERS = (
    ("spouse", "spouse", "spouses", "配偶"),
    ("children", "children", "children and children-in-law", "子女及其配偶"),
    ("family", "from_family", "the family", "家庭"),
    ("community", "neighbours", "neighbours, mutual-aid pairs and happiness homes", "邻里互助"),
    ("volunteers", "volunteers", "volunteers", "志愿者"),
    ("time_bank", "time_bank", "members of the time bank", "时间银行"),
    ("bought", "bought", "care workers bought by government (respite, backstop)", "政府购买服务"),
    ("visits", "visits", "paid visitors", "探访"),
)


def _of_giver(name: str, source: str, who: str, zh: str) -> tuple[Indicator, Indicator]:
    return (
        Indicator(f"hours_{name}", "hours", "sum", f"Hours by {who}", f"{zh}照护时数",
                  f"Hours of care given by {who} in the month.", hours(source)),
        Indicator(f"share_{name}", "share", "mean", f"Share by {who}", f"{zh}照护占比",
                  f"Hours of care given by {who}, of all hours given.", ratio(care, source, "received")),
    )  # fmt: skip


INDICATORS = (
    *(indicator for giver in GIVERS for indicator in _of_giver(*giver)),
    Indicator("hours_formal", "hours", "sum", "Hours of entitled care", "法定照护时数",
              "Hours of care workers that a measure entitles to, given in the month.", hours("formal")),
    Indicator("hours_purchased", "hours", "sum", "Hours of purchased care", "购买照护时数",
              "Hours bought with vouchers and elders' own money in the month.", hours("purchased")),
    Indicator("hours_meals", "hours", "sum", "Hours saved by meals", "助餐替代时数",
              "Help in the house and company that meals stood for in the month.", hours("meals")),
    Indicator("need_hours_all", "hours", "sum", "Hours needed, homes included", "全体老人照护需求时数",
              "Hours of care that elders at home and in care homes needed in the month.", hours_of_all("needed")),
    Indicator("unmet_hours_all", "hours", "sum", "Hours unmet, homes included", "全体老人未满足时数",
              "Hours of care that elders at home and in care homes needed in the month and did not receive.",
              hours_of_all("unmet")),
    Indicator("unmet_share_all", "share", "mean", "Unmet share, homes included", "全体老人照护缺口率",
              "Hours unmet of hours needed, of elders at home and in care homes.",
              ratio(everybody, "unmet", "needed")),
    Indicator("unmet_hours_residents", "hours", "sum", "Hours unmet in care homes", "入住老人未满足时数",
              "Hours of care that residents of care homes needed in the month and did not receive.",
              hours_of_all("unmet_in_homes")),
    Indicator("unmet_share_residents", "share", "mean", "Unmet share in care homes", "入住老人照护缺口率",
              "Hours unmet of hours needed, of residents of care homes.",
              ratio(everybody, "unmet_in_homes", "needed_in_homes")),
    Indicator("informal_value", "yuan", "sum", "Value of unpaid care", "非正式照护价值",
              "Hours that nobody is paid for in the month, at `outcomes.informal_hour_price`.",
              number(everybody, "informal_value")),
)  # fmt: skip
