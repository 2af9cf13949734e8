"""Digital platform: elders and care workers find one another on one platform, so that fewer hours are lost between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import elders_reached
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class DigitalPlatform(Levers):
    """How much of care runs over the platform, and what that gains and costs."""

    level: float = lever(
        0.0, unit="share", high=1.0, meaning="Share of care at home that is arranged on the platform.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    gain: float = parameter(
        0.1, unit="share", low=0.0, high=0.2,
        meaning="Gain in the hours that a care worker spends with elders, at the full level, if all elders use it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        1.0, unit="yuan per elder-month", limits=(0.0, 1000.0), low=0.3, high=3.0,
        meaning="Cost at the full level.", source="judgement", evidence="judgement",
    )  # fmt: skip


def spend(world: World, levers: DigitalPlatform, instrument: Instrument) -> None:
    """Pay for the platform for every elder where it runs."""
    fen = int(FEN * levers.cost * levers.level) * elders_reached(world, levers)
    if fen:
        world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="digital_platform",
    meaning="Care at home is arranged on one platform, so that workers spend more time with elders who use it.",
    parameters=DigitalPlatform,
    effects=(Effect("workforce.platform", "adds", lambda levers: levers.gain * levers.level),),
    slot="entitlement",
    act=spend,
    funder="local",
    moves=Move("worker_hours", +1, {"level": 1.0}),
)
