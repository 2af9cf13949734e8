"""Skill in digital services: who can order care and ask for help on a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

SKILL = "digital_skill"
UNKNOWN, CANNOT, CAN, LEARNED = range(4)
"""Values of the column `digital_skill`."""


def using_shares(world: World, group: np.ndarray, number: int) -> np.ndarray:
    """Return the share of the resident elders of each group of villages who use digital services, or are helped to.

    Args:
        world: the world.
        group: group of each village.
        number: how many groups there are.
    """
    people, rules = world.people, world.parameters.get(SKILL)
    if rules is None or SKILL not in people.arrays:
        return np.ones(number)
    shares: np.ndarray = _shares(world.elders, people[SKILL], people["village"], group, number, rules.helped)
    return shares


@compiled
def _shares(elders, skill, village, group, number, helped):
    users, heads = np.zeros(number), np.zeros(number)
    for i in elders:
        g = group[village[i]]
        heads[g] += 1.0
        users[g] += 1.0 if skill[i] >= CAN else helped
    for g in range(number):
        users[g] = users[g] / heads[g] if heads[g] > 0.0 else 0.0
    return users
