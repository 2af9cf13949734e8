"""Money of elders' households: what comes in, what care takes of it, what is saved, and what care costs everybody.

*Income* of a month is own income, gifts of children and public cash. *Capacity to pay* is income less subsistence, and
subsistence is the local minimum or half of the income, whichever is less, so that the poor have some capacity left.
What elders pay out of pocket includes what families add to bills that are too high. Bills are set against income and
capacity over a whole year, since a stay in hospital falls on one month: in the Decembers that end twelve months.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.accounts import (
    BY_CHARITY,
    BY_COLLECTIVE,
    BY_PUBLIC,
    CASH,
    HELP,
    HOSPITAL_INSURED,
    OWNERS,
    SENT,
    TO_CARERS,
)
from caresim.agents.care_census import UNPAID
from caresim.agents.elder_census import CASH_SPENT, PAID
from caresim.agents.outcomes import GROUP
from caresim.agents.world import World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, accounts, care, census, discount, knows, number, ratio, tally

YUAN, MINUTES, MONTHS = 0.01, 60.0, 12
OF_YEAR = ("income", "transfers", "benefits", "bills_year")
TENTH, QUARTER, CATASTROPHIC = 0.10, 0.25, 0.40
"""Parts of income, and of capacity to pay, above which bills for care are called heavy and catastrophic."""
SUBSISTENCE_SHARE = 0.5


@tally("elders", "over_tenth", "over_quarter", "catastrophic")
def bills(world: World, counts: np.ndarray) -> None:
    """Set every resident elder's bills of the year against this month's income; NaN unless a year of the run ends."""
    whole = world.month % MONTHS == MONTHS - 1 and world.month - world.start >= MONTHS - 1
    if whole and knows(world, *OF_YEAR) and "income" in world.parameters:
        minimum = world.parameters["income"].minimum_fen(year_of(world.month))
        _high(world.elders, *(world.people[name] for name in OF_YEAR), minimum, counts)


@compiled
def comes_in(income, transfers, benefits):
    """Return an elder's income of the month in fen."""
    return max(np.int64(0), np.int64(income)) + transfers + benefits


@compiled
def _high(elders, income, transfers, benefits, bills_year, minimum, counts):
    """Count elders; those whose bills exceed a tenth and a quarter of income, and four tenths of capacity to pay."""
    tenth = quarter = catastrophic = 0
    for i in elders:
        each = bills_year[i] / MONTHS
        if each > 0.0:
            came = comes_in(income[i], transfers[i], benefits[i])
            capacity = came - min(float(minimum), SUBSISTENCE_SHARE * came)
            tenth += each > TENTH * came
            quarter += each > QUARTER * came
            catastrophic += each > CATASTROPHIC * capacity
    counts[0], counts[1], counts[2], counts[3] = len(elders), tenth, quarter, catastrophic


def median_savings(world: World) -> float:
    """Return the median of resident elders' savings, in yuan."""
    if not knows(world, "savings") or len(world.elders) == 0:
        return math.nan
    savings = world.people["savings"][world.elders]
    return YUAN * float(np.partition(savings, len(savings) // 2)[len(savings) // 2])


@tally("money", "societal", "public_present", "societal_present", "families", "own")
def costs(world: World, yuan: np.ndarray) -> None:
    """Return what care costs in money and in all, in yuan, now and discounted, and what elders cost their families.

    All are NaN where they are not known.
    """
    prices = world.parameters.get(GROUP)
    price = math.nan if prices is None else prices.informal_hour_price
    _cost(census(world), accounts(world), care(world), price, discount(world), yuan)


@compiled
def _cost(purses, paid, given, price, now, yuan):
    """Add what everybody pays for care, and the unpaid hours at their price.

    Cash for elders and families is a transfer, which costs society nothing; the bills that it pays are elders' bills.
    """
    public = paid[BY_PUBLIC] + paid[BY_CHARITY] - paid[CASH] + paid[BY_COLLECTIVE]
    money = YUAN * (public + paid[HOSPITAL_INSURED] + paid[OWNERS] + purses[PAID])
    societal = money + price * (given[UNPAID] / MINUTES)
    yuan[0], yuan[1], yuan[2], yuan[3] = money, societal, now * YUAN * paid[BY_PUBLIC], now * societal
    yuan[4] = YUAN * (paid[SENT] + paid[HELP] - paid[TO_CARERS])
    yuan[5] = YUAN * (purses[PAID] - purses[CASH_SPENT])


INDICATORS = (
    Indicator("elder_income", "yuan per elder-month", "mean", "Income of elders", "老年人月收入",
              "Own income, gifts of children and public cash, per resident elder.", ratio(census, "income", "elders",
              YUAN)),
    Indicator("out_of_pocket_per_elder", "yuan per elder-month", "mean", "Out-of-pocket payments", "人均自付费用",
              "What resident elders pay for care, per elder.", ratio(census, "paid", "elders", YUAN)),
    Indicator("catastrophic_share", "share", "mean", "Catastrophic spending", "灾难性支出比例",
              "Elders whose bills for care in the year exceed .40 of their capacity to pay.",
              ratio(bills, "catastrophic", "elders"), yearly=True, better="lower"),
    Indicator("over_tenth_of_income_share", "share", "mean", "Bills above a tenth of income", "自付超过收入一成比例",
              "Elders whose bills for care in the year exceed .10 of their income.",
              ratio(bills, "over_tenth", "elders"), yearly=True, better="lower"),
    Indicator("over_quarter_of_income_share", "share", "mean", "Bills above a quarter of income",
              "自付超过收入四分之一比例", "Elders whose bills for care in the year exceed .25 of their income.",
              ratio(bills, "over_quarter", "elders"), yearly=True, better="lower"),
    Indicator("savings_median", "yuan per elder", "last", "Savings of elders", "老年人储蓄中位数",
              "Median savings of resident elders.", median_savings, quarterly=True),
    Indicator("family_help", "yuan", "sum", "Bills paid by families", "家庭代付费用",
              "What families added to bills for care that elders could not pay.", number(accounts, "family_help",
              YUAN)),
    Indicator("family_outlay_per_elder", "yuan per elder-month", "mean", "Families' outlay for elders",
              "家庭养老净支出", "What families give elders and add to their bills, less what they are paid for "
              "caring, per resident elder.", ratio(costs, "families", number(census, "elders")), better="lower"),
    Indicator("dibao_gap", "yuan per elder-month", "mean", "Gap to the local minimum", "低保缺口",
              "What incomes, benefits included, lack of the local minimum, per resident elder.",
              ratio(census, "gap", "elders", YUAN), better="lower"),
    Indicator("below_minimum_share", "share", "mean", "Elders below the local minimum", "低于低保标准老年人比重",
              "Elders whose income, benefits included, lies below the local minimum.",
              ratio(census, "short", "elders"), better="lower"),
    Indicator("out_of_pocket", "yuan", "sum", "Out-of-pocket payments, in all", "自付费用总额",
              "What resident elders pay for care.", number(census, "paid", YUAN)),
    Indicator("money_cost", "yuan", "sum", "Cost of care in money", "照护货币成本",
              "What elders, state, insurance (the medical one too), villages, charities and owners of homes pay for "
              "care; cash benefits are transfers and count only as the bills that they pay.",
              number(costs, "money"),
              better="lower"),
    Indicator("own_payments", "yuan", "sum", "Bills that elders and families bear", "老人及家庭实际负担",
              "What resident elders pay for care beyond what their public and charitable cash of the month pays of "
              "their bills.", number(costs, "own")),
    Indicator("societal_cost", "yuan", "sum", "Societal cost of care", "照护社会成本",
              "Cost in money, and unpaid hours of care at `outcomes.informal_hour_price`.", number(costs, "societal"),
              better="lower"),
    Indicator("public_present_value_per_elder", "yuan per elder", "sum", "Present value of public spending per elder",
              "人均公共支出现值", "Public spending of the month per resident elder, discounted to the start.",
              ratio(costs, "public_present", number(census, "elders")), better="lower"),
    Indicator("public_present_value", "yuan", "sum", "Present value of public spending", "公共支出现值",
              "Public spending of the month, discounted to the start.", number(costs, "public_present"),
              better="lower"),
    Indicator("societal_present_value", "yuan", "sum", "Present value of the societal cost of care", "照护社会成本现值",
              "Cost in money and unpaid hours at their price, discounted to the start.", number(costs,
              "societal_present"),
              better="lower"),
)  # fmt: skip
