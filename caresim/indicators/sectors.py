"""The welfare mix: which sector provides the care, and which one finances it.

The two are kept apart: hours that insurance pays for and private carers give are provided by the market and financed
by the state. Unpaid hours are financed by those who give them, at `outcomes.informal_hour_price`.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.accounts import BY_CHARITY, BY_COLLECTIVE, BY_PUBLIC, HOSPITAL_OWN, OWNERS
from caresim.agents.care_census import (
    BOUGHT,
    CHILDREN,
    FORMAL,
    MEALS,
    NEIGHBOURS,
    PURCHASED,
    SPOUSE,
    TIME_BANK,
    VISITS,
    VOLUNTEERS,
)
from caresim.agents.elder_census import CASH_SPENT, PAID
from caresim.agents.home_census import MET, MET_PUBLIC
from caresim.agents.money import FEN
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, accounts, care, census, discount, homes, number, ratio, tally

SECTORS = ("family", "community", "volunteers", "state", "market")
SECTORS_ZH = ("家庭", "社区", "志愿者与时间银行", "政府", "市场与社会组织")
WHO = (
    "spouses, children and children-in-law", "neighbours, pairs, happiness homes, meals and visits",
    "volunteers and members of the time bank", "public homes", "private care workers and homes",
)  # fmt: skip
HOUR = 60
WHOLE = len(SECTORS)
EFFECTIVE, DISCOUNTED = WHOLE + 1, WHOLE + 2


@tally(*SECTORS, "whole", "effective", "discounted")
def provided(world: World, hours: np.ndarray) -> None:
    """Return the hours of care that each sector gave this month, to elders at home and in homes, and their sum.

    Beside them stand the effective number of sectors, and the sum as it counts at the start.
    """
    _provide(care(world), homes(world), discount(world), hours)


@compiled
def _provide(given, inside, now, hours):
    """Write the hours by sector, their sum, and the exponential of the Shannon entropy of their shares."""
    hours[0] = (given[SPOUSE] + given[CHILDREN]) / HOUR
    hours[1] = (given[NEIGHBOURS] + given[MEALS] + given[VISITS]) / HOUR
    hours[2] = (given[VOLUNTEERS] + given[TIME_BANK]) / HOUR
    hours[3] = inside[MET_PUBLIC] / HOUR
    hours[4] = (given[BOUGHT] + given[FORMAL] + given[PURCHASED] + inside[MET] - inside[MET_PUBLIC]) / HOUR
    whole = hours[WHOLE] = hours[:WHOLE].sum()
    entropy = 0.0
    for part in hours[:WHOLE]:
        if part > 0.0:
            entropy -= part / whole * math.log(part / whole)
    hours[EFFECTIVE] = math.exp(entropy) if whole > 0.0 else math.nan
    hours[DISCOUNTED] = now * whole


@tally(*SECTORS, "whole")
def financed(world: World, yuan: np.ndarray) -> None:
    """Return the yuan that each sector bore this month: payments for care, and unpaid hours at their price.

    The state bears what it pays, cash included, the market what charities pay and what owners of private homes lose;
    the family bears what each elder's bills exceed this elder's cash by. Hospitals stay out, whoever pays: cash pays
    bills of both kinds in proportion.
    """
    assumed = world.parameters.get("outcomes")
    price = math.nan if assumed is None else assumed.informal_hour_price / HOUR
    _finance(care(world), census(world), accounts(world), price, yuan)


@compiled
def _finance(given, purses, paid, price, yuan):
    """Write the yuan by sector and their sum."""
    for_care = 1.0 - paid[HOSPITAL_OWN] / purses[PAID] if purses[PAID] != 0.0 else 0.0
    yuan[0] = price * (given[SPOUSE] + given[CHILDREN]) + for_care * (purses[PAID] - purses[CASH_SPENT]) / FEN
    yuan[1] = price * given[NEIGHBOURS] + paid[BY_COLLECTIVE] / FEN
    yuan[2] = price * (given[VOLUNTEERS] + given[TIME_BANK])
    yuan[3] = paid[BY_PUBLIC] / FEN
    yuan[4] = (paid[BY_CHARITY] + paid[OWNERS]) / FEN
    yuan[WHOLE] = yuan[:WHOLE].sum()


INDICATORS = (
    *(Indicator(f"provision_{sector}", "share", "mean", f"Provision: {sector}", f"供给占比：{zh}",
                f"Hours of care given by {who}, of all hours given at home and in homes.", ratio(provided, sector,
                "whole"))
      for sector, zh, who in zip(SECTORS, SECTORS_ZH, WHO, strict=True)),
    *(Indicator(f"finance_{sector}", "share", "mean", f"Finance: {sector}", f"筹资占比：{zh}",
                "Share of what care costs, unpaid hours included, that this sector bears; hospitals left "
                "out; the state bears its cash benefits, the market what charities pay and owners of homes lose, the "
                "family what bills exceed an elder's cash by.",
                ratio(financed, sector, "whole"))
      for sector, zh in zip(SECTORS, SECTORS_ZH, strict=True)),
    Indicator("effective_sectors", "sectors", "mean", "Effective number of sectors", "有效供给主体数",
              "Exponential of the Shannon entropy of the sectors' shares of provision.", number(provided, "effective")),
    Indicator("hours_present_value", "hours", "sum", "Hours of care received, discounted", "照护时数（折现）",
              "Hours of care received at home and in homes, discounted to the start as money is.",
              number(provided, "discounted")),
)  # fmt: skip
