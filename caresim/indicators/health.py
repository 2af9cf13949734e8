"""How many elders need help with daily life, and what their children give them."""

from __future__ import annotations

import math
from typing import NamedTuple

from caresim.agents.people import PRESENT
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, share

YEARS_60 = 60 * 12
ANY, ADL = 1, 2
"""Lowest disability states of *disabled* (limited in instrumental activities) and *ADL disabled*."""
FEN_PER_YUAN = 100


class Tally(NamedTuple):
    """Resident elders at the month's end, and those with a limitation."""

    elders: int
    disabled: int
    adl_disabled: int


def tally(world: World) -> Tally:
    """Count limited elders once a month, for the indicators of disability."""
    people = world.people
    return world.once("tally.health", world.month, lambda: Tally(
        *_count(people["state"], people["born"], people["disability"], people.n, world.month)))  # fmt: skip


@compiled
def _count(state, born, disability, n, month):
    """Count resident elders by disability."""
    elders = disabled = adl = 0
    for i in range(n):
        if state[i] & PRESENT and month - born[i] >= YEARS_60:
            elders += 1
            disabled += disability[i] >= ANY
            adl += disability[i] >= ADL
    return elders, disabled, adl


@compiled
def _total(state, born, column, n, month):
    """Count resident elders, and add up a column over them."""
    elders = total = 0
    for i in range(n):
        if state[i] & PRESENT and month - born[i] >= YEARS_60:
            elders += 1
            total += column[i]
    return elders, total


def _of_elders(world: World, column: str) -> tuple[int, int]:
    people = world.people
    return _total(people["state"], people["born"], people[column], people.n, world.month)


def disabled_share(world: World) -> float:
    """Set elders with any limitation (states 1-3) against resident elders."""
    return share(tally(world).disabled, tally(world).elders) if _knows(world, "disability") else math.nan


def adl_disabled_share(world: World) -> float:
    """Set elders with an ADL limitation (states 2-3) against resident elders."""
    return share(tally(world).adl_disabled, tally(world).elders) if _knows(world, "disability") else math.nan


def adl_incidence(world: World) -> float:
    """Set this month's new ADL limitations at 65+ against the people without one, as a yearly rate."""
    flows = world.people.flows
    return share(flows.adl_onsets * 12, flows.adl_exposed)


def dementia_share(world: World) -> float:
    """Set elders with dementia against resident elders."""
    if not _knows(world, "dementia"):
        return math.nan
    elders, demented = _of_elders(world, "dementia")
    return share(demented, elders)


def transfers(world: World) -> float:
    """Add up what children gave resident elders this month, in yuan."""
    return _of_elders(world, "transfers")[1] / FEN_PER_YUAN if _knows(world, "transfers") else math.nan


def _knows(world: World, column: str) -> bool:
    """Tell whether a process of this run keeps the column."""
    return column in world.people.arrays


INDICATORS = (
    Indicator("disabled_share", "share", "mean", "Elders disabled or semi-disabled", "失能半失能老人比重",
              "Resident elders in states 1-3 (limited in instrumental activities or more).", disabled_share),
    Indicator("adl_disabled_share", "share", "mean", "Elders with an ADL limitation",
              "日常生活活动受限老人比重",
              "Resident elders in states 2-3 (limited in activities of daily living).", adl_disabled_share),
    Indicator("adl_incidence", "per person-year", "mean", "New ADL limitations at 65+", "65岁以上新增失能率",
              "Onsets of states 2-3 in the month times 12, per person of 65+ without one.", adl_incidence),
    Indicator("dementia_share", "share", "mean", "Elders with dementia", "失智老人比重",
              "Resident elders with dementia.", dementia_share),
    Indicator("transfers", "yuan", "sum", "Transfers from children", "子女经济支持",
              "What resident elders received from their children in the month.", transfers),
)  # fmt: skip
