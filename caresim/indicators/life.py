"""Length and quality of life: quality-adjusted life years of elders, and what heavy burdens cost their carers.

A month of life counts its health state's weight over twelve, discounted to the start of the run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from caresim.agents.care import FULL, LONELY
from caresim.agents.outcomes import GROUP, Outcomes
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, resident_elders

MONTHS, HUNDREDTHS = 12, 100
STATES = 4
COLUMNS = ("disability", "mood", "unmet")


class Lives(NamedTuple):
    """Resident elders by disability state, the lonely among them, and the sum of their unmet shares."""

    by_state: Sequence[int]
    lonely: int
    unmet: float


def lives(world: World) -> Lives:
    """Count the elders' states once a month."""
    return world.once("tally.lives", world.month, lambda: _lives(world))


def _lives(world: World) -> Lives:
    by_state, lonely, unmet = _count(resident_elders(world), *(world.people[name] for name in COLUMNS))
    return Lives(by_state.tolist(), lonely, unmet)


@compiled
def _count(elders, disability, mood, unmet):
    """Count elders by disability state and loneliness, and add up their unmet shares."""
    by_state = np.zeros(STATES, dtype=np.int64)
    lonely = total = 0
    for i in elders:
        by_state[disability[i]] += 1
        lonely += mood[i] & LONELY != 0
        total += unmet[i]
    return by_state, lonely, total / FULL


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
    return qalys_without_unmet(world) - discounted(world, world.parameters[GROUP].unmet * lives(world).unmet)


def qalys_without_unmet(world: World) -> float:
    """Add up the same with the judged effect of unmet need at zero."""
    if not _known(world):
        return math.nan
    values, found = world.parameters[GROUP], lives(world)
    weighted = sum(weight * elders for weight, elders in zip(values.weights, found.by_state, strict=True))
    return discounted(world, weighted - values.lonely * found.lonely)


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
              "Resident elders over twelve.", life_years),
    Indicator("qalys", "QALY", "sum", "Quality-adjusted life years of elders", "老人质量调整生命年",
              "Weights of resident elders' health states, less loneliness and unmet need, over twelve, discounted.",
              qalys),
    Indicator("qalys_without_unmet", "QALY", "sum", "The same, unmet need set to zero",
              "质量调整生命年（不计照护缺口）",
              "Weights of resident elders' health states, less loneliness, over twelve, discounted.",
              qalys_without_unmet),
    Indicator("carer_qalys_lost", "QALY", "sum", "Carers' life years lost to heavy burden",
              "照护者因重负损失的质量调整生命年",
              "What heavy burden takes off the weights of registered carers, over twelve, discounted.",
              carer_qalys_lost),
)  # fmt: skip
