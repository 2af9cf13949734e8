"""Filial campaign: families are reminded of what children owe their parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class FilialCampaign(Levers):
    """How strongly filial culture is promoted, what that brings, and what it costs."""

    level: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="How strongly filial culture is promoted.", source="judgement", evidence="judgement",
    )  # fmt: skip
    gain: float = parameter(
        0.03, unit="share", low=0.0, high=0.1,
        meaning="Filial norm (0-1) that the fullest campaign adds; little is known of it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        0.5, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.2, high=2.0,
        meaning="Cost of the fullest campaign.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: FilialCampaign, instrument: Instrument) -> None:
    """Claim the cost of the campaign for every elder where it runs."""
    if levers.level <= 0.0:
        return
    heads = elders_reached(world, levers)
    world.claims.programme(instrument, int(FEN * levers.cost * levers.level * heads))


INSTRUMENT = Instrument(
    name="filial_campaign",
    meaning="Families are reminded of what children owe their parents.",
    parameters=FilialCampaign,
    effects=(Effect("children_care.norm_gain", "adds", lambda levers: levers.gain * levers.level),),
    slot="benefit",
    act=spend,
    funder="local",
    needs_money=True,
    moves=Move("hours_children", +1, {"level": 1.0}),
)
