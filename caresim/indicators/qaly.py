"""What the quality of elders' lives is made of: healthy years, and what loneliness and unmet need take away.

The totals stand beside these (`qalys`, `qalys_without_unmet`, `carer_qalys_lost`); here are their parts, so that a
reader can put each judged effect at zero: quality by function alone, less what loneliness takes, less what unmet need
takes. What unmet need and loneliness do to decline and death is no matter of measuring: those effects are set to zero
in the run (`functional_decline.unmet_effect`, `mortality.unmet_effect`).
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from caresim.agents.care import FULL
from caresim.agents.elder_census import ARE_LONELY, DISABLED, ELDERS, LEFT_UNMET, by_function
from caresim.agents.outcomes import GROUP
from caresim.agents.people import ELDER, REGISTERED
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, discount, number, ratio, tally

MONTHS = 12
UNKNOWN = SimpleNamespace(weights=(math.nan,) * 4, lonely=math.nan, unmet=math.nan)


@tally("by_function", "loneliness", "unmet", "quality", "healthy")
def parts(world: World, numbers: np.ndarray) -> None:
    """Weigh the elders' disability states, loneliness and unmet need apart; NaN where nobody says how.

    Apart from the years by function alone, and from what loneliness and unmet need take off them, all discounted to
    the start, stand the weight less both, undiscounted, and the elders without any limitation.
    """
    values = world.parameters.get(GROUP)
    if values is None:
        values = UNKNOWN
    _weigh(census(world), discount(world) / MONTHS, values.weights, values.lonely, values.unmet, numbers)


@compiled
def _weigh(elders, now, weights, lonely, unmet, parts):
    """Write the parts of the elders' quality-adjusted years."""
    able, alone = by_function(elders, weights), lonely * elders[ARE_LONELY]
    lacking = unmet * (elders[LEFT_UNMET] / FULL)
    parts[0], parts[1], parts[2] = able * now, alone * now, lacking * now
    parts[3], parts[4] = able - alone - lacking, elders[ELDERS] - elders[DISABLED]


def elder_deaths(world: World) -> float:
    """Count the registered elders who died this month."""
    dead = world.people.flows.dead
    return float(_count_elders(dead, world.people["state"])) if len(dead) else 0.0


@compiled
def _count_elders(rows, state):
    """Count the registered elders among some people."""
    both, found = ELDER | REGISTERED, 0
    for i in rows:
        found += state[i] & both == both
    return found


INDICATORS = (
    Indicator("qalys_by_function", "QALY", "sum", "Quality-adjusted life years by function alone",
              "质量调整生命年（仅计功能）",
              "Weights of resident elders' disability states, over twelve, discounted.", number(parts, "by_function"),
              better="higher"),
    Indicator("qalys_lost_to_loneliness", "QALY", "sum", "Lost to loneliness", "孤独损失的质量调整生命年",
              "What loneliness takes off the weights, over twelve, discounted.", number(parts, "loneliness"),
              better="lower"),
    Indicator("qalys_lost_to_unmet", "QALY", "sum", "Lost to unmet need", "照护缺口损失的质量调整生命年",
              "What unmet need takes off the weights, over twelve, discounted.", number(parts, "unmet"),
              better="lower"),
    Indicator("quality_of_life", "QALY per year", "mean", "Mean quality of life", "平均生命质量",
              "Mean weight of resident elders, less loneliness and unmet need, undiscounted.", ratio(parts, "quality",
              number(census, "elders")),
              better="higher"),
    Indicator("healthy_years", "years", "sum", "Healthy years", "健康生存年数",
              "Resident elders in disability state 0, over twelve.", number(parts, "healthy", 1 / MONTHS),
              better="higher"),
    Indicator("elder_deaths", "persons", "sum", "Deaths of elders", "老人死亡人数",
              "Registered people of 60 and over who died in the month.", elder_deaths, better="lower"),
)  # fmt: skip
