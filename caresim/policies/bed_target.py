"""Bed target: beds for every 10,000 elders at which government aims, and has built what founders do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.founding import elders_by_village
from caresim.agents.home_entry import fen_a_bed, missing_beds, wished_beds
from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.kernel.clock import is_january
from caresim.kernel.parameters import Parameters

if TYPE_CHECKING:
    from caresim.agents.world import World


class BedTarget(Parameters):
    """How many beds there should be; it holds for the whole county."""

    per_10000: float = lever(
        200.0, unit="beds per 10,000 elders", limits=(0.0, 2000.0), high=400.0,
        meaning="Beds at which government aims.", source="recalled_homes", evidence="judgement",
    )  # fmt: skip


def build(world: World, levers: BedTarget, instrument: Instrument) -> None:
    """Claim in January what it costs to build part of the beds that are missing."""
    if is_january(world.month):
        rules = world.parameters["homes"]
        beds = wished_beds(rules, missing_beds(world, rules, int(elders_by_village(world).sum())))
        world.claims.programme(instrument, fen_a_bed(world, rules, beds) * beds)


INSTRUMENT = Instrument(
    name="bed_target",
    meaning="Government aims at so many beds in care homes for its elders, and has part of the missing ones built.",
    parameters=BedTarget,
    effects=(Effect("homes.bed_target", "adds", lambda levers: levers.per_10000),),
    slot="benefit",
    act=build,
    funder="local",
    moves=Move("beds", +1, {"per_10000": 400.0}),
)
