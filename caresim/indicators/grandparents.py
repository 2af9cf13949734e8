"""Grandparents who look after children left in the village."""

from __future__ import annotations

import numpy as np

from caresim.agents.grandchildren import left_children
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, number, ratio, resident_elders, tally

MINUTES = 60.0
RESIDENT_ELDER = LIVING_RESIDENT | ELDER


@tally("elders", "carers", "hours", "left", "minded")
def grandparents(world: World, numbers: np.ndarray) -> None:
    """Count elders, those who look after grandchildren, their hours, children left and minded; NaN if nobody looks."""
    children = left_children(world)
    if children is not None:
        numbers[0], numbers[3], numbers[4] = len(resident_elders(world)), children.left, children.minded
        _count(children.minders, children.minutes, world.people["state"], numbers)


@compiled
def _count(minders, minutes, state, numbers):
    """Count the elders among those who look after grandchildren, and add up the hours of these."""
    carers = total = 0
    for m in range(len(minders)):
        elder = state[minders[m]] & RESIDENT_ELDER == RESIDENT_ELDER
        carers += elder
        total += np.int64(minutes[m]) * elder
    numbers[1], numbers[2] = carers, total / MINUTES


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
