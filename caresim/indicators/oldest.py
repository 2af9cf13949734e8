"""Who cares for the disabled oldest-old, at the ages of the survey that tells it.

The survey's people are 94.8 years old on average. The model's residents of 80 and over are taken by age group, and the
groups weighted so that their mean age is that.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import LAST_FAMILY, WITH_CHILD
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, number, resident_elders, tally

ADL = 2
OLDEST_FROM, GROUP_YEARS, N_GROUPS = 80, 5, 4
HEADS, FAMILY, CHILD = range(3)
MEAN_AGE = 94.8
STEEPEST = 10.0
"""Tilt per year of age beyond which only one age group would count."""


@tally("family", "child")
def oldest(world: World, shares: np.ndarray) -> None:
    """Count the disabled oldest, and weigh their age groups; NaN where they are not known."""
    if knows(world, "disability", "main_relation", "arrangement"):
        columns = (world.people[name] for name in ("born", "disability", "main_relation", "arrangement"))
        _weigh(resident_elders(world), *columns, world.month, shares)


@compiled
def _weigh(elders, born, disability, main_relation, arrangement, month, shares):
    """Write the shares of the disabled oldest whose main carer is family, and who live with a child."""
    counts, years = _oldest(elders, born, disability, main_relation, arrangement, month)
    known = np.flatnonzero(counts[HEADS])
    heads = counts[HEADS][known]
    weights = tilted(heads, years[known] / heads, MEAN_AGE)
    family = child = 0.0
    for group in range(len(known)):
        family += counts[FAMILY, known[group]] / heads[group] * weights[group]
        child += counts[CHILD, known[group]] / heads[group] * weights[group]
    shares[0], shares[1] = (family, child) if len(known) else (math.nan, math.nan)


@compiled
def _oldest(elders, born, disability, main_relation, arrangement, month):
    """Count the disabled oldest by group, condition and year."""
    counts, years = np.zeros((3, N_GROUPS)), np.zeros(N_GROUPS)
    for i in elders:
        if (month - born[i] >= 12 * OLDEST_FROM) & (disability[i] >= ADL):  # one branch, and seldom taken
            age = (month - born[i]) / 12.0
            group = min(int(age - OLDEST_FROM) // GROUP_YEARS, N_GROUPS - 1)
            counts[HEADS, group] += 1
            counts[FAMILY, group] += 0 < main_relation[i] <= LAST_FAMILY + 1
            counts[CHILD, group] += arrangement[i] & WITH_CHILD != 0
            years[group] += age
    return counts, years


@compiled
def tilted(heads, ages, mean):
    """Return weights of groups that grow by one factor a year of age, so that the mean age is as wished.

    Args:
        heads: people by group, none of them zero.
        ages: mean ages by group.
        mean: the wished mean; without groups on both sides of it the weights are NaN.
    """
    if len(ages) == 0 or not ages.min() < mean < ages.max():
        return np.full(len(ages), math.nan)
    weights = heads * np.exp(_tilt(heads, ages - mean) * (ages - mean))
    return weights / weights.sum()


@compiled
def _tilt(heads, distance):
    """Return the tilt at which the weighted mean distance is nought, by halving an interval that holds it."""
    low, high = -STEEPEST, STEEPEST
    for _ in range(60):
        tilt = (low + high) / 2.0
        total = 0.0
        for group in range(len(heads)):
            total += heads[group] * math.exp(tilt * distance[group]) * distance[group]
        if total < 0.0:
            low = tilt
        else:
            high = tilt
    return (low + high) / 2.0


INDICATORS = (
    Indicator("family_main_carer_share_oldest", "share", "mean", "Family as main carer, disabled oldest-old",
              "失能高龄老人家庭照料比重",
              "ADL-disabled residents of 80+ whose main carer is family, reweighted to a mean age of 94.8.",
              number(oldest, "family"), quarterly=True),
    Indicator("with_child_share_oldest", "share", "mean", "Living with a child, disabled oldest-old",
              "失能高龄老人与子女同住比重",
              "ADL-disabled residents of 80+ who live with an own child, reweighted to a mean age of 94.8.",
              number(oldest, "child"), quarterly=True),
)  # fmt: skip
