"""How many elders need help with daily life, and what their children give them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, resident_elders, share

ANY, ADL = 1, 2
"""Lowest disability states of *disabled* (limited in instrumental activities) and *ADL disabled*."""
FEN_PER_YUAN = 100
COLUMNS = ("disability", "dementia", "transfers")


class Tally(NamedTuple):
    """Resident elders at the month's end, those with a limitation or dementia, and what children gave them."""

    elders: int
    disabled: int
    adl_disabled: int
    demented: int
    fen: int


def tally(world: World) -> Tally:
    """Count the elders once a month, for the indicators of this file."""
    return world.once("tally.health", world.month, lambda: _tally(world))


def _tally(world: World) -> Tally:
    rows, nothing = resident_elders(world), np.zeros(world.people.n, dtype=np.uint8)
    columns = (world.people[name] if knows(world, name) else nothing for name in COLUMNS)
    return Tally(len(rows), *_count(rows, *columns))


@compiled
def _count(elders, disability, dementia, transfers):
    """Count elders by disability and dementia, and add up their transfers."""
    disabled = adl = demented = fen = 0
    for i in elders:
        disabled += disability[i] >= ANY
        adl += disability[i] >= ADL
        demented += dementia[i] != 0
        fen += transfers[i]
    return disabled, adl, demented, fen


def disabled_share(world: World) -> float:
    """Set elders with any limitation (states 1-3) against resident elders."""
    return share(tally(world).disabled, tally(world).elders) if knows(world, "disability") else math.nan


def adl_disabled_share(world: World) -> float:
    """Set elders with an ADL limitation (states 2-3) against resident elders."""
    return share(tally(world).adl_disabled, tally(world).elders) if knows(world, "disability") else math.nan


def adl_incidence(world: World) -> float:
    """Set this month's new ADL limitations at 65+ against the people without one, as a yearly rate."""
    flows = world.people.flows
    return share(flows.adl_onsets * 12, flows.adl_exposed)


def dementia_share(world: World) -> float:
    """Set elders with dementia against resident elders."""
    return share(tally(world).demented, tally(world).elders) if knows(world, "dementia") else math.nan


def transfers(world: World) -> float:
    """Add up what children gave resident elders this month, in yuan."""
    return tally(world).fen / FEN_PER_YUAN if knows(world, "transfers") else math.nan


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
