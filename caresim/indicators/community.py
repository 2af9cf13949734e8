"""Who stands together outside the family: volunteers, mutual-aid pairs, happiness homes, village committees."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.people import LIVING_RESIDENT
from caresim.agents.priority import village_heads
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
    return float(np.count_nonzero(world.territory.home)) if "mutual_aid" in world.parameters else math.nan


def oversight(world: World) -> float:
    """Return the hours in which village committees looked after services."""
    if "home_upkeep" not in world.parameters:
        return math.nan
    hours = world.by_village("home_upkeep.oversight")
    return float(hours @ village_heads(world)) / HUNDRED if hours.any() else 0.0


HUNDRED = 100
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
