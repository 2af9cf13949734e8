"""Length and quality of life: quality-adjusted life years of elders, and what heavy burdens cost their carers.

A month of life counts its health state's weight over twelve, discounted to the start of the run.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.elder_census import ADL_DISABLED, ARE_LONELY, DISABLED, ELDERS, SEVERE, UNMET
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.world import World
from caresim.recorder import Indicator, census, knows, resident_elders

MONTHS, HUNDREDTHS = 12, 100
COLUMNS = ("disability", "mood", "unmet")


def discounted(world: World, years: float) -> float:
    """Return this month's part of some years of life, discounted to the start of the run."""
    values: Outcomes = world.parameters[GROUP]
    later = (world.month - world.start) / MONTHS
    return years / MONTHS * (1.0 + values.discount_year) ** -later


def _known(world: World) -> bool:
    return GROUP in world.parameters and knows(world, *COLUMNS)


def qalys(world: World) -> float:
    """Add up the elders' quality-adjusted life years of the month."""
    if not _known(world):
        return math.nan
    return qalys_without_unmet(world) - discounted(
        world, world.parameters[GROUP].unmet * (census(world).sums[UNMET] / FULL)
    )


def qalys_without_unmet(world: World) -> float:
    """Add up the same with the judged effect of unmet need at zero."""
    if not _known(world):
        return math.nan
    values, number = world.parameters[GROUP], census(world).number
    at_least = [number[ELDERS], number[DISABLED], number[ADL_DISABLED], number[SEVERE], 0.0]
    weighted = sum(values.weights[k] * (at_least[k] - at_least[k + 1]) for k in range(len(values.weights)))
    return discounted(world, weighted - values.lonely * number[ARE_LONELY])


def carer_qalys_lost(world: World) -> float:
    """Add up what heavy burdens took off carers' lives in the month."""
    if GROUP not in world.parameters or not knows(world, "burden"):
        return math.nan
    values = world.parameters[GROUP]
    limit = np.uint16(values.heavy_burden * HUNDREDTHS)
    heavy = np.count_nonzero(world.people["burden"][: world.people.n] > limit)
    return discounted(world, values.burden * float(heavy))


def life_years(world: World) -> float:
    """Add up the years that elders lived this month, undiscounted."""
    return len(resident_elders(world)) / MONTHS


INDICATORS = (
    Indicator("life_years", "years", "sum", "Years lived by elders", "老人生存年数",
              "Resident elders over twelve.", life_years, better="higher"),
    Indicator("qalys", "QALY", "sum", "Quality-adjusted life years of elders", "老人质量调整生命年",
              "Weights of resident elders' health states, less loneliness and unmet need, over twelve, discounted.",
              qalys, better="higher"),
    Indicator("qalys_without_unmet", "QALY", "sum", "The same, unmet need set to zero",
              "质量调整生命年（不计照护缺口）",
              "Weights of resident elders' health states, less loneliness, over twelve, discounted.",
              qalys_without_unmet, better="higher"),
    Indicator("carer_qalys_lost", "QALY", "sum", "Carers' life years lost to heavy burden",
              "照护者因重负损失的质量调整生命年",
              "What heavy burden takes off the weights of registered carers, over twelve, discounted.",
              carer_qalys_lost, better="lower"),
)  # fmt: skip
