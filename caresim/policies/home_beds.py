"""Family care beds: severely disabled elders are nursed at home, and a doctor comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import claim_for_marked
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

HAS_HOME_BED = 1
"""Mark of the column `care_bed` of those who have a family care bed."""


class HomeBeds(Levers):
    """How many family care beds there are, and what one costs."""

    per_10000: float = lever(
        0.0, unit="beds per 10,000 elders", limits=(0.0, 10_000.0), high=30.0,
        meaning="Family care beds for 10,000 elders; Beijing has one for 32 beds in institutions.",
        source="beijing_three_beds", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        600.0, unit="yuan per month", limits=(0.0, 1e5), low=300.0, high=1500.0,
        meaning="Cost of a family care bed: visits of nurse and doctor.", source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: HomeBeds, instrument: Instrument) -> None:
    """Claim the month's cost of everybody who has a family care bed."""
    if levers.per_10000 <= 0.0:
        return
    claim_for_marked(world, instrument, "care_bed", HAS_HOME_BED, levers, int(FEN * levers.cost))


INSTRUMENT = Instrument(
    name="home_beds",
    meaning="Severely disabled elders get a family care bed: a nurse and a doctor come to their home.",
    parameters=HomeBeds,
    effects=(Effect("care_beds.home_per_10000", "adds", lambda levers: levers.per_10000),),
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("medical_missed_share", -1, {"per_10000": 500.0}),
)
