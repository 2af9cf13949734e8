"""Homes made safe, family care beds, stays in stations, and the use of digital services."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.digital import CAN, SKILL
from caresim.agents.world import World
from caresim.recorder import Indicator, census, knows, number, ratio, share


def digital_share(world: World) -> float:
    """Return the share of resident elders who can use digital services."""
    if not knows(world, SKILL):
        return math.nan
    return share(float(np.count_nonzero(world.people[SKILL][world.elders] >= CAN)), len(world.elders))


INDICATORS = (
    Indicator("modified_homes_share", "share", "last", "Elders in homes made safe", "适老化改造覆盖率",
              "Resident elders whose home has been made safe.", ratio(census, "in_safe_homes", "elders")),
    Indicator("home_beds_in_use", "persons", "mean", "Family care beds in use", "家庭养老床位使用数",
              "Elders who were nursed in a family care bed in the month.", number(census, "nursed_at_home")),
    Indicator("station_stays", "stays", "sum", "Stays in stations", "驿站短期托养人次",
              "Elders who stayed in a station for some days of the month.", number(census, "stayed")),
    Indicator("digital_skill_share", "share", "last", "Elders who use digital services", "老年人数字服务使用率",
              "Resident elders who can use digital services by themselves.", digital_share, yearly=True),
)  # fmt: skip
