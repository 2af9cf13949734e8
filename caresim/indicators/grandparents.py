"""Grandparents who look after children left in the village."""

from __future__ import annotations

import numpy as np

from caresim.agents.grandchildren import left_children
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, number, ratio, resident_elders, tally

MINUTES = 60.0


@tally("elders", "carers", "hours", "left", "minded")
def grandparents(world: World, numbers: np.ndarray) -> None:
    """Count elders, those who look after grandchildren, their hours, children left and minded; NaN if nobody looks."""
    children = left_children(world)
    if children is not None and knows(world, "grandchild_minutes"):
        _count(resident_elders(world), world.people["grandchild_minutes"], numbers)
        numbers[3], numbers[4] = children.left, children.minded


@compiled
def _count(elders, minutes, numbers):
    """Count the elders, and those who look after grandchildren, and add up their minutes."""
    carers = total = 0
    for i in elders:
        carers += minutes[i] > 0
        total += minutes[i]
    numbers[0], numbers[1], numbers[2] = len(elders), carers, total / MINUTES


INDICATORS = (
    Indicator("grandchild_carers_share", "share", "mean", "Elders who look after grandchildren", "隔代照料老人比重",
              "Resident elders who look after a grandchild under 15 whose parents have left.",
              ratio(grandparents, "carers", "elders"), quarterly=True),
    Indicator("grandchild_hours", "hours", "mean", "Hours for grandchildren", "隔代照料时数",
              "Hours a month that resident elders look after grandchildren whose parents have left.",
              number(grandparents, "hours"), quarterly=True),
    Indicator("left_children", "persons", "mean", "Children left in the village", "留守儿童人数",
              "Resident children under 15 who live without either parent.", number(grandparents, "left"),
              quarterly=True),
    Indicator("left_children_minded", "share", "mean", "Left children looked after by grandparents",
              "留守儿童由祖辈照料比重",
              "Children left who live with an able grandparent, of resident children under 15 without either parent.",
              ratio(grandparents, "minded", "left"), quarterly=True),
)  # fmt: skip
