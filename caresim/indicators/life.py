"""Length and quality of life: quality-adjusted life years of elders, and what heavy burdens cost their carers.

A month of life counts its health state's weight over twelve, discounted to the start of the run.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.elder_census import ARE_LONELY, LEFT_UNMET, by_function
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.people_census import WORN
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, discount, everybody, number, tally

MONTHS = 12


@tally("qalys", "without_unmet", "lost_by_carers")
def years(world: World, numbers: np.ndarray) -> None:
    """Return the quality-adjusted years of the month, discounted to the start; NaN where they are not known."""
    values: Outcomes | None = world.parameters.get(GROUP)
    if values is not None:
        _weigh(census(world), everybody(world), discount(world) / MONTHS, values.weights, values.lonely, values.unmet,
               values.burden, numbers)  # fmt: skip


@compiled
def _weigh(elders, people, now, weights, lonely, unmet, burden, years):
    """Weigh the elders' health states, less loneliness and unmet need; and the heavy burdens of carers."""
    without_unmet = by_function(elders, weights) - lonely * elders[ARE_LONELY]
    years[0] = now * (without_unmet - unmet * (elders[LEFT_UNMET] / FULL))
    years[1] = now * without_unmet
    years[2] = now * burden * people[WORN]


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
