"""What government spends on elders, by measure and by funder, and what its budget leaves undone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caresim.agents.money import FUNDERS
from caresim.agents.world import World
from caresim.recorder import Indicator, knows, share

YUAN = 0.01


def public_spending(world: World) -> float:
    """Sum what state and insurance pay for the care of elders, in yuan."""
    return YUAN * world.money.public()


def per_elder(world: World) -> float:
    """Divide public spending by resident elders."""
    return share(public_spending(world), len(world.elders))


def deficit(world: World) -> float:
    """Return by how much entitlements exceed the ceiling, in yuan."""
    return YUAN * world.money.deficit


def refused(world: World) -> float:
    """Return what was claimed and not granted for want of money, in yuan."""
    return YUAN * world.money.refused


def take_up(world: World) -> float:
    """Return the share of resident elders who take up what is due."""
    if not knows(world, "takes_up"):
        return math.nan
    return share(float(np.count_nonzero(world.people["takes_up"][world.elders])), len(world.elders))


def subsidised(world: World) -> float:
    """Return the share of resident elders who receive public cash or vouchers this month."""
    if not knows(world, "benefits"):
        return math.nan
    return share(float(np.count_nonzero(world.people["benefits"][world.elders])), len(world.elders))


def _by_funder(funder: str) -> Callable[[World], float]:
    return lambda world: YUAN * world.money.paid(payers=(funder,))


FUNDERS_ZH = {"central": "中央财政", "local": "地方财政", "lottery": "福彩公益金", "insurance": "长期护理保险",
              "collective": "村集体", "charity": "慈善捐赠"}  # fmt: skip
INDICATORS = (
    Indicator("public_spending", "yuan", "sum", "Public spending", "公共支出",
              "What state and long-term-care insurance pay for the care of elders.", public_spending),
    Indicator("public_spending_per_elder", "yuan per elder-month", "mean", "Public spending per elder",
              "人均公共支出", "Public spending divided by resident elders.", per_elder),
    Indicator("budget_deficit", "yuan", "sum", "Budget deficit", "预算赤字",
              "By how much entitlements alone exceed the ceiling.", deficit),
    Indicator("claims_refused", "yuan", "sum", "Claims refused", "因预算未支付的申请",
              "Claims that the ceiling left unpaid.", refused),
    Indicator("take_up_share", "share", "mean", "Take-up", "申领率",
              "Elders who take up what is due.", take_up),
    Indicator("subsidised_share", "share", "mean", "Elders with a subsidy", "领取补贴的老年人比例",
              "Elders who receive public cash or vouchers in a month.", subsidised),
    *(Indicator(f"paid_by_{funder}", "yuan", "sum", f"Paid by: {funder}", f"出资：{FUNDERS_ZH[funder]}",
                f"Payments out of the account `{funder}`.", _by_funder(funder)) for funder in FUNDERS),
)  # fmt: skip
