"""Who runs care homes, and where: chains, buildings handed over, experience."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.world import World
from caresim.recorder import Indicator, share


def in_chain(world: World) -> float:
    """Count the open homes of the chain."""
    return float(np.count_nonzero(world.homes.open & world.homes["chain"]))


def in_idle_buildings(world: World) -> float:
    """Count the open homes in buildings that were out of use."""
    return float(np.count_nonzero(world.homes.open & world.homes["idle"]))


def experience(world: World) -> float:
    """Return the mean experience of open homes."""
    homes = world.homes
    if len(homes) == 0:
        return math.nan
    return share(float(homes["experience"][homes.open].sum()), float(np.count_nonzero(homes.open)))


INDICATORS = (
    Indicator("homes_in_chain", "homes", "last", "Homes of a chain", "连锁机构数",
              "Open care homes that a chain brand runs.", in_chain),
    Indicator("homes_in_idle_buildings", "homes", "last", "Homes in idle buildings", "利用闲置设施的机构数",
              "Open care homes in buildings that were out of use and handed over.", in_idle_buildings),
    Indicator("home_experience", "share", "mean", "Experience of care homes", "机构管理经验",
              "Experience of management 0-1, the mean of open homes.", experience),
)  # fmt: skip
