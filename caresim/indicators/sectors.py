"""The welfare mix: which sector provides the care, and which one finances it.

The two are kept apart: hours that insurance pays for and private carers give are provided by the market and financed
by the state. Unpaid hours are financed by those who give them, at `outcomes.informal_hour_price`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from caresim.agents.money import FEN
from caresim.agents.world import World
from caresim.recorder import Indicator, accounts, care, discount, homes, once_a_month, ratio

SECTORS = ("family", "community", "volunteers", "state", "market")
SECTORS_ZH = ("家庭", "社区", "志愿者与时间银行", "政府", "市场与社会组织")
WHO = (
    "spouses, children and children-in-law", "neighbours, pairs, happiness homes, meals and visits",
    "volunteers and members of the time bank", "public homes", "private care workers and homes",
)  # fmt: skip
HOUR, MONTHS = 60, 12


class Sectors(NamedTuple):
    """Hours or yuan by sector, and their sum; NaN in a run without care."""

    family: float
    community: float
    volunteers: float
    state: float
    market: float
    whole: float


@once_a_month
def provided(world: World) -> Sectors:
    """Return the hours of care that each sector gave this month, to elders at home and in homes."""
    given, inside = care(world), homes(world)
    hours = (
        (given.spouse + given.children) / HOUR,
        (given.neighbours + given.meals + given.visits) / HOUR,
        (given.volunteers + given.time_bank) / HOUR,
        inside.met_public / HOUR,
        (given.bought + given.formal + given.purchased + inside.met - inside.met_public) / HOUR,
    )
    return Sectors(*hours, sum(hours))


@once_a_month
def financed(world: World) -> Sectors:
    """Return the yuan that each sector bore this month: payments for care, and unpaid hours at their price.

    The state bears what it pays, cash included, the market what charities pay and what owners of private homes lose;
    the family bears what care costs it beyond the cash of both.
    """
    assumed = world.parameters.get("outcomes")
    price = math.nan if assumed is None else assumed.informal_hour_price / HOUR
    given, paid = care(world), accounts(world)
    yuan = (
        price * (given.spouse + given.children) + max(0, paid.bills - paid.cash) / FEN,
        price * given.neighbours + paid.collective / FEN,
        price * (given.volunteers + given.time_bank),
        paid.public / FEN,
        (paid.charity + paid.owners_bear) / FEN,
    )
    return Sectors(*yuan, sum(yuan))


def effective_number(world: World) -> float:
    """Return the exponential of Shannon's entropy of provision: as many equal sectors would be as diverse."""
    *parts, whole = provided(world)
    if not whole > 0.0:
        return math.nan
    return math.exp(-sum(part / whole * math.log(part / whole) for part in parts if part > 0.0))


def hours_present_value(world: World) -> float:
    """Return the hours of care that all sectors gave, discounted to the start as money is."""
    return discount(world) * provided(world).whole


INDICATORS = (
    *(Indicator(f"provision_{sector}", "share", "mean", f"Provision: {sector}", f"供给占比：{zh}",
                f"Hours of care given by {who}, of all hours given at home and in homes.", ratio(provided, sector,
                "whole"))
      for sector, zh, who in zip(SECTORS, SECTORS_ZH, WHO, strict=True)),
    *(Indicator(f"finance_{sector}", "share", "mean", f"Finance: {sector}", f"筹资占比：{zh}",
                "Share of what care costs, unpaid hours included, that this sector bears; the state bears its cash "
                "benefits, the market what charities pay and owners of homes lose, the family its bills beyond.",
                ratio(financed, sector, "whole"))
      for sector, zh in zip(SECTORS, SECTORS_ZH, strict=True)),
    Indicator("effective_sectors", "sectors", "mean", "Effective number of sectors", "有效供给主体数",
              "Exponential of the Shannon entropy of the sectors' shares of provision.", effective_number),
    Indicator("hours_present_value", "hours", "sum", "Hours of care received, discounted", "照护时数（折现）",
              "Hours of care received at home and in homes, discounted to the start as money is.",
              hours_present_value),
)  # fmt: skip
