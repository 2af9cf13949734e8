"""The welfare mix: which sector provides the care, and which one finances it.

The two are kept apart: hours that insurance pays for and private carers give are provided by the market and financed
by the state. Unpaid hours are financed by those who give them, at `outcomes.informal_hour_price`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from caresim.agents.care import (
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
from caresim.agents.institutions import PUBLIC
from caresim.agents.money import BOARD, CHARITY, FEN, LIVING, OWNERS_BEAR
from caresim.agents.money import PUBLIC as STATE
from caresim.agents.world import World
from caresim.recorder import Indicator, knows, minutes_by_source, once_a_month, share

SECTORS = ("family", "community", "volunteers", "state", "market")
SECTORS_ZH = ("家庭", "社区", "志愿者与时间银行", "政府", "市场与社会组织")
WHO = (
    "spouses, children and children-in-law", "neighbours, pairs, happiness homes, meals and visits",
    "volunteers and members of the time bank", "public homes", "private care workers and homes",
)  # fmt: skip
UNPAID = {"family": (SPOUSE, CHILDREN), "community": (NEIGHBOURS,), "volunteers": (VOLUNTEERS, TIME_BANK)}
PAID = {"community": (MEALS, VISITS), "market": (BOUGHT, FORMAL, PURCHASED)}
CARERS = ("homes", "care_workers", "providers", "suppliers", "collective")
"""Whom elders pay for care; `suppliers` stands for kitchens, so what they live on is left out."""
HOUR, MONTHS = 60, 12


@once_a_month
def provided(world: World) -> dict[str, float]:
    """Return the hours of care that each sector gave this month, to elders at home and in homes."""
    found = dict.fromkeys(SECTORS, 0.0)
    minutes = minutes_by_source(world)
    for sector, sources in (*UNPAID.items(), *PAID.items()):
        found[sector] += float(sum(minutes[source] for source in sources)) / HOUR
    public = world.homes["ownership"] == PUBLIC
    found["state"] += float(world.homes["met"][public].sum()) / HOUR
    found["market"] += float(world.homes["met"][~public].sum()) / HOUR
    return found


@once_a_month
def financed(world: World) -> dict[str, float]:
    """Return the yuan that each sector bore this month: payments for care, and unpaid hours at their price.

    The state bears what it pays, cash included, the market what charities pay and what owners of private homes lose;
    the family bears what care costs it beyond the cash of both.
    """
    money, price = world.money, world.parameters["outcomes"].informal_hour_price
    minutes = minutes_by_source(world)
    unpaid = {
        sector: float(sum(minutes[source] for source in sources)) / HOUR * price
        for sector, sources in UNPAID.items()
    }
    cash = money.paid(payers=(*STATE, CHARITY), payees=("elders", "families"))
    bills = money.paid(payers=("elders",), payees=CARERS) - money.paid(LIVING) - money.paid(BOARD)
    paid = {"family": max(0, bills - cash), "community": money.paid(payers=("collective",)), "state": money.public(),
            "market": money.paid(payers=(CHARITY,)) + money.paid(OWNERS_BEAR)}  # fmt: skip
    return {sector: unpaid.get(sector, 0.0) + paid.get(sector, 0) / FEN for sector in SECTORS}


def effective_number(world: World) -> float:
    """Return the exponential of Shannon's entropy of provision: as many equal sectors would be as diverse."""
    if not knows(world, "given"):
        return math.nan
    parts = [part for part in provided(world).values() if part > 0.0]
    whole = sum(parts)
    return (
        math.exp(-sum(part / whole * math.log(part / whole) for part in parts)) if whole > 0.0 else math.nan
    )


def hours_present_value(world: World) -> float:
    """Return the hours of care that all sectors gave, discounted to the start as money is."""
    if not knows(world, "given") or "outcomes" not in world.parameters:
        return math.nan
    years = (world.month - world.start) / MONTHS
    return float((1.0 + world.parameters["outcomes"].discount_year) ** -years * sum(provided(world).values()))


def _part(of: Callable[[World], dict[str, float]], sector: str) -> Callable[[World], float]:
    def measure(world: World) -> float:
        if not knows(world, "given") or "outcomes" not in world.parameters:
            return math.nan
        found = of(world)
        return share(found[sector], sum(found.values()))

    return measure


INDICATORS = (
    *(Indicator(f"provision_{sector}", "share", "mean", f"Provision: {sector}", f"供给占比：{zh}",
                f"Hours of care given by {who}, of all hours given at home and in homes.", _part(provided, sector))
      for sector, zh, who in zip(SECTORS, SECTORS_ZH, WHO, strict=True)),
    *(Indicator(f"finance_{sector}", "share", "mean", f"Finance: {sector}", f"筹资占比：{zh}",
                "Share of what care costs, unpaid hours included, that this sector bears; the state bears its cash "
                "benefits, the market what charities pay and owners of homes lose, the family its bills beyond.",
                _part(financed, sector))
      for sector, zh in zip(SECTORS, SECTORS_ZH, strict=True)),
    Indicator("effective_sectors", "sectors", "mean", "Effective number of sectors", "有效供给主体数",
              "Exponential of the Shannon entropy of the sectors' shares of provision.", effective_number),
    Indicator("hours_present_value", "hours", "sum", "Hours of care received, discounted", "照护时数（折现）",
              "Hours of care received at home and in homes, discounted to the start as money is.",
              hours_present_value),
)  # fmt: skip
