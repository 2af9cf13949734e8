"""Inspection: departments visit homes, rate them with stars, and follow up what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.institutions import OPEN
from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

YEAR = 12


class Inspection(Levers):
    """How often homes are inspected, and what that costs."""

    rate: float = lever(
        1.0, unit="per year", limits=(0.0, 12.0), high=4.0,
        meaning="Inspections of a home a year, beside the one that follows each reported incident.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        1000.0, unit="yuan", limits=(0.0, 100000.0), low=300.0, high=3000.0, meaning="Cost of an inspection.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def pay(world: World, levers: Inspection, instrument: Instrument) -> None:
    """Pay the inspectors for the visits that follow last month's incidents, and for a month's share of the others."""
    homes = world.homes
    if len(homes) > 0:
        visited, followed = to_visit(
            homes.table, active(levers, world.territory, world.draws), world.month - 1
        )
        fen = int(FEN * levers.cost * levers.rate / YEAR * float(visited)) + int(FEN * levers.cost) * followed
        world.claims.programme(instrument, fen, entitlement=True)


@compiled
def to_visit(homes, where, last_month):
    """Count the open homes where the measure is active: those without and those with an incident last month."""
    visited = followed = 0
    for h in range(len(homes)):
        if homes[h].closed == OPEN and where[homes[h].village]:
            struck = homes[h].incident == last_month
            visited += not struck
            followed += struck
    return visited, followed


INSTRUMENT = Instrument(
    name="inspection",
    meaning="Homes are inspected across departments and rated with stars; what happens in them is reported.",
    parameters=Inspection,
    effects=(Effect("homes.inspection_rate", "adds", lambda levers: levers.rate),),
    slot="entitlement",
    act=pay,
    funder="local",
    moves=Move("home_star", +1, {"rate": 12.0}),
)
