"""Who stands together outside the family: volunteers, mutual-aid pairs, happiness homes, village committees."""

from __future__ import annotations

import math

from caresim.agents.people import LIVING_RESIDENT
from caresim.agents.priority import village_heads, weighted
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, knows, number


def volunteers(world: World) -> float:
    """Count living residents who are registered as volunteers."""
    if not knows(world, "volunteer"):
        return math.nan
    people = world.people
    return float(_count_volunteers(people["volunteer"], people["state"], people.n))


@compiled
def _count_volunteers(volunteer, state, n):
    """Count the living residents among the volunteers."""
    found = 0
    for i in range(n):
        found += (volunteer[i] != 0) & (state[i] & LIVING_RESIDENT == LIVING_RESIDENT)
    return found


def homes(world: World) -> float:
    """Count happiness homes."""
    return float(_number(world.territory.home)) if "mutual_aid" in world.parameters else math.nan


@compiled
def _number(marks):
    """Count marks."""
    found = 0
    for mark in marks:
        found += mark != 0
    return found


def oversight(world: World) -> float:
    """Return the hours in which village committees looked after services."""
    if "home_upkeep" not in world.parameters:
        return math.nan
    if OVERSIGHT not in world.local and world.parameters["home_upkeep"].oversight == 0.0:
        return 0.0
    hours = world.by_village(OVERSIGHT)
    return float(weighted(village_heads(world), hours)) / HUNDRED


HUNDRED = 100
OVERSIGHT = "home_upkeep.oversight"
INDICATORS = (
    Indicator("volunteers", "persons", "mean", "Registered volunteers", "注册志愿者人数",
              "Residents registered as volunteers.", volunteers, quarterly=True),
    Indicator("mutual_aid_pairs", "pairs", "mean", "Mutual-aid pairs", "互助结对数",
              "Pairs of elders of a village who help one another.", number(census, "paired", 0.5)),
    Indicator("happiness_homes", "homes", "mean", "Happiness homes", "幸福院数",
              "Villages with a happiness home (mutual-aid courtyard).", homes),
    Indicator("oversight_hours", "hours", "sum", "Hours of village committees", "村级监督时数",
              "Hours in which village committees looked after the services in their villages.", oversight),
)  # fmt: skip
