"""What government spends on elders, by measure and by funder, and what its budget leaves undone."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import DESTITUTE
from caresim.agents.money import FUNDERS, Ledger
from caresim.agents.people import age_in_years
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, accounts, census, knows, number, ratio, tally

YUAN = 0.01
LIMITED, MODERATE, OLDEST_OLD_FROM = 1, 2, 80
SUBSIDIES = ("service_subsidy", "nursing_subsidy", "care_vouchers")
"""Measures that are meant for those whom errors of exclusion and inclusion speak of."""


TARGETS = ("elders", "meant", "served", "missed", "others", "misassessed", "poor", "destitute")
"""Whom subsidies are meant for and whom they reach, in persons; NaN where it is not known.

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


@tally(*TARGETS)
def targets(world: World, counts: np.ndarray) -> None:
    """Compare true state and means of every resident elder with what is granted."""
    if knows(world, "disability", "assessed", "means") and world.claims.n_elders == len(world.elders):
        granted = [world.claims.is_granted(name) for name in SUBSIDIES]
        columns = (world.people[name] for name in ("born", "disability", "assessed", "means"))
        _compare(world.elders, *granted, *columns, world.month, counts)


@compiled
def _compare(elders, service, nursing, vouchers, born, disability, assessed, means, month, counts):
    """Count elders by what they should have and what they have."""
    meant = served = missed = others = wrong = poor = destitute = 0
    for j in range(len(elders)):  # without a branch
        i = np.uint64(elders[j])
        old = age_in_years(month, born[i]) >= OLDEST_OLD_FROM
        due = (disability[i] >= MODERATE) | ((means[i] != 0) & ((disability[i] >= LIMITED) | old))
        has = service[j] | nursing[j] | vouchers[j]
        meant += due
        served += has
        missed += due & (not has)
        others += has & (not due)
        wrong += assessed[i] != disability[i]
        poor += means[i] != 0
        destitute += means[i] & DESTITUTE != 0
    counts[0], counts[1], counts[2], counts[3] = len(elders), meant, served, missed
    counts[4], counts[5], counts[6], counts[7] = others, wrong, poor, destitute


def unspent(world: World) -> float:
    """Return the yuan that the year's budget has left at the end of its last month; 0 in other months."""
    year = world.money.year
    return (
        YUAN * year.left_after(world.money.public())
        if year is not None and world.month == year.until
        else 0.0
    )


def ledger(world: World) -> Ledger:
    """Return the month's ledger."""
    return world.money


FUNDERS_ZH = {"central": "中央财政", "local": "地方财政", "lottery": "福彩公益金", "insurance": "长期护理保险",
              "collective": "村集体", "charity": "慈善捐赠"}  # fmt: skip
INDICATORS = (
    Indicator("public_spending", "yuan", "sum", "Public spending", "公共支出",
              "What state and long-term-care insurance pay for the care of elders.", number(accounts, "public", YUAN),
              better="lower"),
    Indicator("public_spending_per_elder", "yuan per elder-month", "mean", "Public spending per elder",
              "人均公共支出", "Public spending divided by resident elders.", ratio(accounts, "public",
              number(census, "elders"), YUAN), better="lower"),
    Indicator("budget_deficit", "yuan", "sum", "Budget deficit", "预算赤字",
              "By how much entitlements alone exceed the ceiling.", number(ledger, "deficit", YUAN), better="lower"),
    Indicator("claims_refused", "yuan", "sum", "Claims refused", "因预算未支付的申请",
              "Claims that the ceiling left unpaid.", number(ledger, "refused", YUAN), better="lower"),
    Indicator("budget_unspent", "yuan", "sum", "Budget unspent", "年末预算结余",
              "What is left of yearly budgets at the year's end, before a share of it is carried over; 0 of a budget "
              "that holds by the month.", unspent, yearly=True),
    Indicator("take_up_share", "share", "mean", "Take-up", "申领率",
              "Elders who take up what is due.", ratio(census, "take_up", "elders"), better="higher"),
    Indicator("subsidised_share", "share", "mean", "Elders with a subsidy", "领取补贴的老年人比例",
              "Elders whom measures pay cash, donors' money included, or vouchers in a month.",
              ratio(census, "subsidised", "elders")),
    Indicator("exclusion_error", "share", "mean", "Exclusion error", "应保未保率",
              "Elders without a service subsidy, a nursing subsidy or care vouchers, of those who by true state and "
              "means should have one.",
              ratio(targets, "missed", "meant"), quarterly=True, better="lower"),
    Indicator("inclusion_error", "share", "mean", "Inclusion error", "不应保而保率",
              "Elders who by true state and means should have no service subsidy, nursing subsidy or care vouchers, of "
              "those who have one.",
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
                f"Payments out of the account `{funder}`.", number(accounts, funder, YUAN)) for funder in FUNDERS),
    Indicator("paid_by_owners", "yuan", "sum", "Paid by: owners of homes", "出资：养老机构业主",
              "What owners of private homes bear of their debts.", number(accounts, "owners_bear", YUAN)),
)  # fmt: skip
