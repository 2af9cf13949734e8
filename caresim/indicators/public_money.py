"""What government spends on elders, by measure and by funder, and what its budget leaves undone."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from caresim.agents.care import DESTITUTE
from caresim.agents.money import FUNDERS
from caresim.agents.people import age_in_years
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, once_a_month, ratio, share

YUAN = 0.01
LIMITED, MODERATE, OLDEST_OLD_FROM = 1, 2, 80
SUBSIDIES = ("service_subsidy", "nursing_subsidy", "care_vouchers")
"""Measures that are meant for those whom errors of exclusion and inclusion speak of."""


class Targets(NamedTuple):
    """Whom subsidies are meant for and whom they reach, in persons; NaN where it is not known.

    Attributes:
        elders: resident elders.
        meant: elders who by their true state and means should have one: state 2 or 3, or poor and either limited or 80
            and over.
        served: elders who have one.
        missed: elders who should and have none.
        others: elders who have one and should not.
        misassessed: elders whose assessed state is not the true one.
        poor: elders registered as poor.
        destitute: elders registered as destitute.
    """

    elders: float
    meant: float
    served: float
    missed: float
    others: float
    misassessed: float
    poor: float
    destitute: float


@once_a_month
def targets(world: World) -> Targets:
    """Compare true state and means of every resident elder with what is granted."""
    if not knows(world, "disability", "assessed", "means") or world.claims.n_elders != len(world.elders):
        return Targets(*(math.nan,) * len(Targets._fields))
    granted = world.claims.granted(SUBSIDIES[0])
    for name in SUBSIDIES[1:]:
        granted = granted + world.claims.granted(name)
    columns = (world.people[name] for name in ("born", "disability", "assessed", "means"))
    return Targets(len(world.elders), *map(float, _compare(world.elders, granted, *columns, world.month)))


@compiled
def _compare(elders, granted, born, disability, assessed, means, month):
    """Count elders by what they should have and what they have."""
    meant = served = missed = others = wrong = poor = destitute = 0
    for j in range(len(elders)):
        i = elders[j]
        old = age_in_years(month, born[i]) >= OLDEST_OLD_FROM
        due = disability[i] >= MODERATE or (means[i] != 0 and (disability[i] >= LIMITED or old))
        has = granted[j] > 0
        meant += due
        served += has
        missed += due and not has
        others += has and not due
        wrong += assessed[i] != disability[i]
        poor += means[i] != 0
        destitute += means[i] & DESTITUTE != 0
    return meant, served, missed, others, wrong, poor, destitute


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
              "What state and long-term-care insurance pay for the care of elders.", public_spending,
              better="lower"),
    Indicator("public_spending_per_elder", "yuan per elder-month", "mean", "Public spending per elder",
              "人均公共支出", "Public spending divided by resident elders.", per_elder, better="lower"),
    Indicator("budget_deficit", "yuan", "sum", "Budget deficit", "预算赤字",
              "By how much entitlements alone exceed the ceiling.", deficit, better="lower"),
    Indicator("claims_refused", "yuan", "sum", "Claims refused", "因预算未支付的申请",
              "Claims that the ceiling left unpaid.", refused, better="lower"),
    Indicator("take_up_share", "share", "mean", "Take-up", "申领率",
              "Elders who take up what is due.", take_up, better="higher"),
    Indicator("subsidised_share", "share", "mean", "Elders with a subsidy", "领取补贴的老年人比例",
              "Elders whom measures pay cash, donors' money included, or vouchers in a month.", subsidised),
    Indicator("exclusion_error", "share", "mean", "Exclusion error", "应保未保率",
              "Elders without a service or nursing subsidy, of those who by true state and means should have one.",
              ratio(targets, "missed", "meant"), quarterly=True, better="lower"),
    Indicator("inclusion_error", "share", "mean", "Inclusion error", "不应保而保率",
              "Elders who by true state and means should have no service or nursing subsidy, of those who have one.",
              ratio(targets, "others", "served"), quarterly=True, better="lower"),
    Indicator("misassessed_share", "share", "mean", "Elders assessed wrongly", "评估不符老年人比重",
              "Elders whose assessed disability state is not the true one.", ratio(targets, "misassessed", "elders"),
              quarterly=True, better="lower"),
    Indicator("poor_share", "share", "mean", "Poor elders", "低收入老年人比重",
              "Elders registered with income and gifts below the local minimum.", ratio(targets, "poor", "elders"),
              quarterly=True),
    Indicator("destitute_share", "share", "mean", "Destitute elders", "特困老年人比重",
              "Elders registered as poor without spouse and living children.", ratio(targets, "destitute", "elders"),
              quarterly=True),
    *(Indicator(f"paid_by_{funder}", "yuan", "sum", f"Paid by: {funder}", f"出资：{FUNDERS_ZH[funder]}",
                f"Payments out of the account `{funder}`.", _by_funder(funder)) for funder in FUNDERS),
)  # fmt: skip
