"""Integration: offices bring scattered benefits and services together, so that more is taken up and less done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class Integration(Levers):
    """How far offices work together, and what that costs."""

    level: float = lever(
        0.3, unit="share", high=1.0,
        meaning="How far benefits are applied for, decided and paid in one place.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    gain: float = parameter(
        0.3, unit="share", low=0.1, high=0.35,
        meaning="Gain in the share of those entitled who take up what is due, at full integration.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    matching: float = parameter(
        0.0, unit="share", low=0.0, high=0.1,
        meaning="Gain in the hours that a care worker spends with elders, at full integration, as less is "
        "done twice and nobody has to be sought; nothing is known of it.", source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        3.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=1.0, high=10.0,
        meaning="Cost at full integration.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: Integration, instrument: Instrument) -> None:
    """Pay the offices for every elder whom they serve together."""
    fen = int(FEN * levers.cost * levers.level) * elders_reached(world, levers)
    world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="integration",
    meaning="Offices work together, so that more of those who are entitled take up what is due.",
    parameters=Integration,
    effects=(
        Effect("assessment.take_up", "adds", lambda levers: levers.gain * levers.level),
        Effect("workforce.hours", "scales", lambda levers: 1.0 + levers.matching * levers.level),
    ),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("take_up_share", +1, {"level": 1.0}),
)
