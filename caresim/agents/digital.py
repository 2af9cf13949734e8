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
NO_SKILL = np.zeros(0, dtype=np.uint8)


def skill_of(world: World) -> tuple[np.ndarray, float]:
    """Return the skill of people by row, shape (0,) in a run without, and the part of the unskilled who are helped."""
    rules, skill = world.parameters.get(SKILL), world.people.arrays.get(SKILL)
    return (NO_SKILL, 0.0) if rules is None or skill is None else (skill, rules.helped)


@compiled
def using_shares(elders, skill, helped, village, group, users):
    """Write the share of the resident elders of each group of villages who use digital services, or are helped to.

    Where nobody's skill is known, all do.
    """
    if len(skill) == 0:
        users[:] = 1.0
        return
    heads = np.zeros(len(users))
    for i in elders:
        g = group[village[i]]
        heads[g] += 1.0
        users[g] += 1.0 if skill[i] >= CAN else helped
    for g in range(len(users)):
        users[g] = users[g] / heads[g] if heads[g] > 0.0 else 0.0
