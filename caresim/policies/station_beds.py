"""Station beds: elders stay in the township's station for some days, so that their families can rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import claim_for_marked
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

BOOKED = 4
"""Mark of the column `care_bed` of those who are to stay in a station."""


class StationBeds(Levers):
    """How many beds the stations have, and what a day costs."""

    per_10000: float = lever(
        0.0, unit="beds per 10,000 elders", limits=(0.0, 10_000.0), high=30.0,
        meaning="Beds in township stations for 10,000 elders; Beijing has one for 9 beds in institutions.",
        source="beijing_three_beds", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        100.0, unit="yuan per day", limits=(0.0, 1e4), low=50.0, high=200.0,
        meaning="Cost of a day in a station.", source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: StationBeds, instrument: Instrument) -> None:
    """Claim the cost of the stays that were booked last month."""
    if levers.per_10000 <= 0.0:
        return
    cost = int(FEN * levers.cost) * world.parameters["care_beds"].station_days
    claim_for_marked(world, instrument, "care_bed", BOOKED, levers, cost)


INSTRUMENT = Instrument(
    name="station_beds",
    meaning="Elders in need of personal care stay in a station for some days, so that their families can rest.",
    parameters=StationBeds,
    effects=(Effect("care_beds.station_per_10000", "adds", lambda levers: levers.per_10000),),
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("hours_bought", +1, {"per_10000": 200.0}),
)
