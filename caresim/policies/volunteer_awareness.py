"""Volunteer awareness: campaigns and honours bring more people to register as volunteers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class VolunteerAwareness(Levers):
    """How far volunteering is made known, what that brings, and what it costs."""

    level: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="How far people are made aware of volunteering.", source="judgement", evidence="judgement",
    )  # fmt: skip
    gain: float = parameter(
        0.03, unit="share", low=0.0, high=0.06,
        meaning="Share of healthy residents of 45-77 that registers besides, at full awareness.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        0.5, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.2, high=2.0,
        meaning="Cost at full awareness.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: VolunteerAwareness, instrument: Instrument) -> None:
    """Claim the cost of the campaign for every elder where it runs."""
    if levers.level <= 0.0:
        return
    heads = elders_reached(world, levers)
    world.claims.programme(instrument, int(FEN * levers.cost * levers.level * heads))


INSTRUMENT = Instrument(
    name="volunteer_awareness",
    meaning="Campaigns and honours bring more people to register as volunteers.",
    parameters=VolunteerAwareness,
    effects=(Effect("volunteering.registration_gain", "adds", lambda levers: levers.gain * levers.level),),
    slot="benefit",
    act=spend,
    funder="local",
    needs_money=True,
    moves=Move("volunteers", +1, {"level": 1.0}, months=24),
)
