"""Idle buildings: schools and offices out of use are handed over to whoever founds a care home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class IdleBuildings(Levers):
    """In how many townships there is such a building, and what it costs to make it fit."""

    share: float = lever(
        0.0, unit="share", high=1.0,
        meaning="Share of townships that hand over a building out of use, one each, for a care home.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        50_000.0, unit="yuan per building", limits=(0.0, 1e7), low=10_000.0, high=300_000.0,
        meaning="Cost of making a building safe and fit before it is handed over.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def make_fit(world: World, levers: IdleBuildings, instrument: Instrument) -> None:
    """Pay for the buildings in which homes opened last month."""
    homes = world.homes
    if len(homes) > 0:
        where = active(levers, world.territory, world.draws)[homes["village"]]
        new = where & homes["idle"] & (homes["opened"] == world.month - 1)
        fen = int(FEN * levers.cost) * int(np.count_nonzero(new))
        if fen:
            world.claims.programme(instrument, fen, entitlement=True)


INSTRUMENT = Instrument(
    name="idle_buildings",
    meaning="Buildings out of use are handed over for care homes, which are nearer to elders and pay no rent.",
    parameters=IdleBuildings,
    effects=(Effect("homes.idle_share", "adds", lambda levers: levers.share),),
    slot="entitlement",
    act=make_fit,
    funder="local",
    moves=Move("homes_in_idle_buildings", +1, {"share": 1.0}, months=26),
)
