"""Homes made safe, family care beds, stays in stations, and the use of digital services."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caresim.agents.digital import CAN, SKILL
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, share

SAFE, NURSED, STAYED = 1, 2, 8
"""The value of `modified` of a home made safe; marks of `care_bed`."""


def with_mark(column: str, mark: int) -> Callable[[World], float]:
    """Return the reading of how many resident elders bear a mark in a column; NaN in a run without it."""

    def measure(world: World) -> float:
        return float(bearers(world.elders, world.people[column], mark)) if knows(world, column) else math.nan

    return measure


@compiled
def bearers(elders, column, mark):
    """Count the elders with a mark."""
    found = 0
    for i in elders.view(np.uint64):
        found += column[i] & mark != 0
    return found


def modified_share(world: World) -> float:
    """Return the share of resident elders whose home has been made safe."""
    return share(with_mark("modified", SAFE)(world), len(world.elders))


def digital_share(world: World) -> float:
    """Return the share of resident elders who can use digital services."""
    if not knows(world, SKILL):
        return math.nan
    return share(float(np.count_nonzero(world.people[SKILL][world.elders] >= CAN)), len(world.elders))


INDICATORS = (
    Indicator("modified_homes_share", "share", "last", "Elders in homes made safe", "适老化改造覆盖率",
              "Resident elders whose home has been made safe.", modified_share),
    Indicator("home_beds_in_use", "elders", "mean", "Family care beds in use", "家庭养老床位使用数",
              "Elders who were nursed in a family care bed in the month.", with_mark("care_bed", NURSED)),
    Indicator("station_stays", "stays", "sum", "Stays in stations", "驿站短期托养人次",
              "Elders who stayed in a station for some days of the month.", with_mark("care_bed", STAYED)),
    Indicator("digital_skill_share", "share", "last", "Elders who use digital services", "老年人数字服务使用率",
              "Resident elders who can use digital services by themselves.", digital_share, yearly=True),
)  # fmt: skip
