"""Nursing beds: part of every home's beds is equipped for elders who need personal care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.clock import is_january
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class NursingBeds(Levers):
    """Share of nursing beds, and what it costs to equip one."""

    share: float = lever(
        0.45, unit="share", limits=(0.0, 1.0), high=0.7,
        meaning="Share of nursing beds in each home; .45 is what the status quo takes, above the quarter (.15-.40) of "
        "rural beds that is recalled.", source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        3000.0, unit="yuan per bed", limits=(0.0, 100000.0), low=1000.0, high=10000.0,
        meaning="Cost of turning a bed that is there into a nursing bed.", source="judgement", evidence="judgement",
    )  # fmt: skip


def equip(world: World, levers: NursingBeds, instrument: Instrument) -> None:
    """Claim in January what it costs to equip the nursing beds that homes lack."""
    homes = world.homes
    if is_january(world.month) and len(homes) > 0:
        where = active(levers, world.territory, world.draws)[homes["village"]] & homes.open
        wanted = np.floor(levers.share * homes["beds"] + 0.5).astype(np.int64)
        lacking = int(np.maximum(0, wanted - homes["nursing"])[where].sum())
        world.claims.programme(instrument, int(FEN * levers.cost) * lacking, entitlement=True)


INSTRUMENT = Instrument(
    name="nursing_beds",
    meaning="Homes equip a share of their beds for elders who need personal care.",
    parameters=NursingBeds,
    effects=(Effect("homes.nursing_share", "adds", lambda levers: levers.share),),
    slot="entitlement",
    act=equip,
    funder="lottery",
    moves=Move("nursing_bed_share", +1, {"share": 0.7}),
)
