"""How many elders need help with daily life, and what their children give them."""

from __future__ import annotations

import math

from caresim.agents.elder_census import ADL_DISABLED, DEMENTED, DISABLED, TRANSFERS
from caresim.agents.money import FEN
from caresim.agents.world import World
from caresim.recorder import Indicator, census, elders_who, knows, share


def adl_incidence(world: World) -> float:
    """Set this month's new ADL limitations at 65+ against the people without one, as a yearly rate."""
    flows = world.people.flows
    return share(flows.adl_onsets * 12, flows.adl_exposed)


def transfers(world: World) -> float:
    """Add up what children gave resident elders this month, in yuan."""
    return census(world).sums[TRANSFERS] / FEN if knows(world, "transfers") else math.nan


INDICATORS = (
    Indicator("disabled_share", "share", "mean", "Elders disabled or semi-disabled", "失能半失能老人比重",
              "Resident elders in states 1-3 (limited in instrumental activities or more).", elders_who(DISABLED)),
    Indicator("adl_disabled_share", "share", "mean", "Elders with an ADL limitation",
              "日常生活活动受限老人比重",
              "Resident elders in states 2-3 (limited in activities of daily living).", elders_who(ADL_DISABLED)),
    Indicator("adl_incidence", "per person-year", "mean", "New ADL limitations at 65+", "65岁以上新增失能率",
              "Onsets of states 2-3 in the month times 12, per person of 65+ without one.", adl_incidence,
              better="lower"),
    Indicator("dementia_share", "share", "mean", "Elders with dementia", "失智老人比重",
              "Resident elders with dementia.", elders_who(DEMENTED)),
    Indicator("transfers", "yuan", "sum", "Transfers from children", "子女经济支持",
              "What resident elders received from their children in the month.", transfers),
)  # fmt: skip
