"""Length and quality of life: quality-adjusted life years of elders, and what heavy burdens cost their carers.

A month of life counts its health state's weight over twelve, discounted to the start of the run.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from caresim.agents.care import FULL
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.world import World
from caresim.recorder import Indicator, census, discount, everybody, number, once_a_month

MONTHS = 12


class Years(NamedTuple):
    """Quality-adjusted years of the month, discounted to the start of the run; NaN where they are not known."""

    qalys: float
    without_unmet: float
    lost_by_carers: float


@once_a_month
def years(world: World) -> Years:
    """Weigh the elders' health states, less loneliness and unmet need; and the heavy burdens of carers."""
    values: Outcomes | None = world.parameters.get(GROUP)
    if values is None:
        return Years(*(math.nan,) * 3)
    now, elders = discount(world) / MONTHS, census(world)
    without_unmet = elders.by_function(values.weights) - values.lonely * elders.lonely
    qalys = without_unmet - values.unmet * (elders.unmet / FULL)
    return Years(now * qalys, now * without_unmet, now * values.burden * everybody(world).worn)


INDICATORS = (
    Indicator("life_years", "years", "sum", "Years lived by elders", "老人生存年数",
              "Resident elders over twelve.", number(census, "elders", 1 / MONTHS), better="higher"),
    Indicator("qalys", "QALY", "sum", "Quality-adjusted life years of elders", "老人质量调整生命年",
              "Weights of resident elders' health states, less loneliness and unmet need, over twelve, discounted.",
              number(years, "qalys"), better="higher"),
    Indicator("qalys_without_unmet", "QALY", "sum", "The same, unmet need set to zero",
              "质量调整生命年（不计照护缺口）",
              "Weights of resident elders' health states, less loneliness, over twelve, discounted.",
              number(years, "without_unmet"), better="higher"),
    Indicator("carer_qalys_lost", "QALY", "sum", "Carers' life years lost to heavy burden",
              "照护者因重负损失的质量调整生命年",
              "What heavy burden takes off the weights of registered carers, over twelve, discounted.",
              number(years, "lost_by_carers"), better="lower"),
)  # fmt: skip
