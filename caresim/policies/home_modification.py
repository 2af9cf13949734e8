"""Home modification: government has homes of elders made safe, of those at high risk and the poor first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.instrument import Effect, Instrument, Levers, Move, lever
from caresim.agents.money import FEN
from caresim.agents.priority import claim_for_marked
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

CHOSEN = 2
"""Code of the column `modified` of those whose home is to be made safe."""


class HomeModification(Levers):
    """How many homes are made safe, and what one costs."""

    per_10000_year: float = lever(
        5.0, unit="homes per 10,000 elder-years", limits=(0.0, 10_000.0), high=24.0,
        meaning="Homes made safe, for 10,000 elders and a year; Zhejiang's 27,000 in 2021 are about 24.",
        source="zhejiang_home_modification", evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        6000.0, unit="yuan per home", limits=(0.0, 1e6), low=3000.0, high=10_000.0,
        meaning="Cost of making a home safe: Zhejiang's provincial subsidy, taken for the cost.",
        source="zhejiang_home_modification", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: HomeModification, instrument: Instrument) -> None:
    """Claim the cost of the homes that were chosen last month."""
    if levers.per_10000_year <= 0.0:
        return
    claim_for_marked(world, instrument, "modified", CHOSEN, levers, int(FEN * levers.cost))


INSTRUMENT = Instrument(
    name="home_modification",
    meaning="Homes of elders are made safe at government's cost, of those at high risk and the poor first.",
    parameters=HomeModification,
    effects=(Effect("home_modification.per_10000_year", "adds", lambda levers: levers.per_10000_year),),
    slot="benefit",
    act=claim,
    funder="lottery",
    moves=Move("modified_homes_share", +1, {"per_10000_year": 600.0}),
)
