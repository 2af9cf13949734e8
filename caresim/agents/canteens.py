"""Canteens: the villages to which kitchens of meal aid bring meals, and what elders pay for these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.dues import where_due
from caresim.agents.situations import situations

if TYPE_CHECKING:
    from caresim.agents.world import World

MEASURE = "meal_aid"
WHERE = "canteens.where"
NO_MEALS = np.zeros(0, dtype=np.uint8)


def canteens(world: World) -> tuple[np.ndarray, int]:
    """Return in which villages kitchens are paid to bring meals, shape (villages,), and in how many."""
    return world.once(WHERE, world.enacted, lambda: _canteens(world))


def _canteens(world: World) -> tuple[np.ndarray, int]:
    where = np.zeros(len(world.territory), dtype=np.bool_)
    for measure, levers in world.policy.owing:
        for due in measure.dues if measure.name == MEASURE else ():
            where |= where_due(world, levers, due) & np.any(due.fen(levers, situations()))
    return where, int(where.sum())


def board(world: World) -> tuple[np.ndarray, int]:
    """Return the meals brought to each person this month, and the fen that an elder pays for one."""
    rules = world.parameters.get("meals")
    if rules is None or world.workforce.noted != world.month or world.workforce.month.meals == 0:
        return NO_MEALS, 0
    return world.people["meals"], rules.own()
