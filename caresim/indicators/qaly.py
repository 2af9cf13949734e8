"""What the quality of elders' lives is made of: healthy years, and what loneliness and unmet need take away.

The totals stand beside these (`qalys`, `qalys_without_unmet`, `carer_qalys_lost`); here are their parts, so that a
reader can put each judged effect at zero: quality by function alone, less what loneliness takes, less what unmet need
takes. What unmet need and loneliness do to decline and death is no matter of measuring: those effects are set to zero
in the run (`functional_decline.unmet_effect`, `mortality.unmet_effect`).
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.elder_census import ADL_DISABLED, ARE_LONELY, DISABLED, ELDERS, SEVERE, UNMET
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.people import ELDER, REGISTERED
from caresim.agents.world import World
from caresim.recorder import Indicator, census, knows, share

MONTHS = 12


def _discount(world: World) -> float:
    """Return what a month now counts, as part of a year at the start of the run."""
    values: Outcomes = world.parameters[GROUP]
    return float((1.0 + values.discount_year) ** (-(world.month - world.start) / MONTHS)) / MONTHS


def _by_function(world: World) -> float:
    """Add up the weights of the elders' disability states."""
    values, number = world.parameters[GROUP], census(world).number
    bounds = [number[ELDERS], number[DISABLED], number[ADL_DISABLED], number[SEVERE], 0.0]
    return float(sum(values.weights[k] * (bounds[k] - bounds[k + 1]) for k in range(len(values.weights))))


def _measured(world: World, *columns: str) -> bool:
    return GROUP in world.parameters and knows(world, *columns)


def by_function(world: World) -> float:
    """Add up the month's quality-adjusted years by function alone, discounted."""
    return _by_function(world) * _discount(world) if _measured(world, "disability") else math.nan


def lost_to_loneliness(world: World) -> float:
    """Add up what loneliness takes off the month's years, discounted."""
    if not _measured(world, "mood"):
        return math.nan
    return float(world.parameters[GROUP].lonely * census(world).number[ARE_LONELY] * _discount(world))


def lost_to_unmet(world: World) -> float:
    """Add up what unmet need takes off the month's years, discounted."""
    if not _measured(world, "unmet"):
        return math.nan
    return float(world.parameters[GROUP].unmet * (census(world).sums[UNMET] / FULL) * _discount(world))


def mean_quality(world: World) -> float:
    """Return the mean weight of a resident elder's life this month, less loneliness and unmet need, undiscounted."""
    if not _measured(world, "disability", "mood", "unmet"):
        return math.nan
    values, counted = world.parameters[GROUP], census(world)
    weight = _by_function(world) - values.lonely * counted.number[ARE_LONELY]
    return share(weight - values.unmet * (counted.sums[UNMET] / FULL), counted.number[ELDERS])


def healthy_years(world: World) -> float:
    """Add up the years that elders lived without any limitation this month, undiscounted."""
    number = census(world).number
    return (number[ELDERS] - number[DISABLED]) / MONTHS if knows(world, "disability") else math.nan


def elder_deaths(world: World) -> float:
    """Count the registered elders who died this month."""
    state = world.people["state"][world.people.flows.dead]
    return float(np.count_nonzero(state & (ELDER | REGISTERED) == ELDER | REGISTERED))


INDICATORS = (
    Indicator("qalys_by_function", "QALY", "sum", "Quality-adjusted life years by function alone",
              "质量调整生命年（仅计功能）",
              "Weights of resident elders' disability states, over twelve, discounted.", by_function,
              better="higher"),
    Indicator("qalys_lost_to_loneliness", "QALY", "sum", "Lost to loneliness", "孤独损失的质量调整生命年",
              "What loneliness takes off the weights, over twelve, discounted.", lost_to_loneliness,
              better="lower"),
    Indicator("qalys_lost_to_unmet", "QALY", "sum", "Lost to unmet need", "照护缺口损失的质量调整生命年",
              "What unmet need takes off the weights, over twelve, discounted.", lost_to_unmet,
              better="lower"),
    Indicator("quality_of_life", "QALY per year", "mean", "Mean quality of life", "平均生命质量",
              "Mean weight of resident elders, less loneliness and unmet need, undiscounted.", mean_quality,
              better="higher"),
    Indicator("healthy_years", "years", "sum", "Healthy years", "健康生存年数",
              "Resident elders in disability state 0, over twelve.", healthy_years, better="higher"),
    Indicator("elder_deaths", "persons", "sum", "Deaths of elders", "老人死亡人数",
              "Registered people of 60 and over who died in the month.", elder_deaths, better="lower"),
)  # fmt: skip
