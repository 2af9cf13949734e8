"""What the quality of elders' lives is made of: healthy years, and what loneliness and unmet need take away.

The totals stand beside these (`qalys`, `qalys_without_unmet`, `carer_qalys_lost`); here are their parts, so that a
reader can put each judged effect at zero: quality by function alone, less what loneliness takes, less what unmet need
takes. What unmet need and loneliness do to decline and death is no matter of measuring: those effects are set to zero
in the run (`functional_decline.unmet_effect`, `mortality.unmet_effect`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from caresim.agents.care import FULL
from caresim.agents.outcomes import GROUP
from caresim.agents.people import ELDER, REGISTERED
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, discount, number, once_a_month, ratio

MONTHS = 12


class Parts(NamedTuple):
    """Parts of the elders' quality-adjusted years of the month; NaN where they are not known.

    Attributes:
        by_function: by function alone, discounted to the start.
        loneliness: what loneliness takes off, discounted.
        unmet: what unmet need takes off, discounted.
        quality: weight less loneliness and unmet need, undiscounted.
        healthy: those of them without any limitation.
    """

    by_function: float
    loneliness: float
    unmet: float
    quality: float
    healthy: float


@once_a_month
def parts(world: World) -> Parts:
    """Weigh the elders' disability states, loneliness and unmet need apart."""
    found, values = census(world), world.parameters.get(GROUP)
    healthy = found.elders - found.disabled
    if values is None:
        return Parts(*(math.nan,) * 4, healthy)
    now = discount(world) / MONTHS
    able = found.by_function(values.weights)
    lonely, unmet = values.lonely * found.lonely, values.unmet * (found.unmet / FULL)
    return Parts(able * now, lonely * now, unmet * now, able - lonely - unmet, healthy)


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
