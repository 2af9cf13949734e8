"""Who runs care homes, and where: chains, buildings handed over, experience."""

from __future__ import annotations

from caresim.recorder import Indicator, homes, number, ratio

INDICATORS = (
    Indicator("homes_in_chain", "homes", "last", "Homes of a chain", "连锁机构数",
              "Open care homes that a chain brand runs.", number(homes, "in_chain")),
    Indicator("homes_in_idle_buildings", "homes", "last", "Homes in idle buildings", "利用闲置设施的机构数",
              "Open care homes in buildings that were out of use and handed over.", number(homes, "in_idle_buildings")),
    Indicator("home_experience", "share", "mean", "Experience of care homes", "机构管理经验",
              "Experience of management 0-1, the mean of open homes.", ratio(homes, "experience", "open")),
)  # fmt: skip
