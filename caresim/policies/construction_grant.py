"""Construction grant: founders are paid once for each new bed; homes have cheaper water, electricity, gas, heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.home_terms import fixed_costs
from caresim.agents.institutions import PRIVATE
from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World


class ConstructionGrant(Levers):
    """Sums for new beds, and what utilities cost less."""

    per_bed: float = lever(
        0.0, unit="yuan per bed", limits=(0.0, 200000.0), high=10000.0,
        meaning="Grant for each bed of a new private home; 5,000 in Suqian.", source="suqian2017",
        evidence="judgement",
    )  # fmt: skip
    utility_rebate: float = lever(
        0.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="How far utilities are charged at the civil price, the state paying the difference.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    utility_share: float = parameter(
        0.1, unit="share", low=0.05, high=0.2,
        meaning="Part of the fixed cost of a bed that the civil price saves.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: ConstructionGrant, instrument: Instrument) -> None:
    """Claim the grants of homes that founders opened last month, and the price difference of utilities."""
    homes = world.homes
    if len(homes) == 0 or (levers.per_bed <= 0.0 and levers.utility_rebate <= 0.0):
        return
    where = active(levers, world.territory, world.draws)[homes["village"]] & homes.open
    last_month = world.month - 1
    new = (
        where
        & (homes["opened"] == last_month)
        & (last_month >= world.start)
        & (homes["ownership"] == PRIVATE)
    )
    for_beds = np.floor(FEN * levers.per_bed * homes["beds"] * new).astype(np.int64)
    saved = levers.utility_share * levers.utility_rebate * fixed_costs(world)
    fen = for_beds + np.floor(FEN * saved * where).astype(np.int64)
    homes.claimed[instrument.name], homes.claimed_for_beds[instrument.name] = fen, int(for_beds.sum())
    world.claims.programme(instrument, int(fen.sum()), payee="homes")


INSTRUMENT = Instrument(
    name="construction_grant",
    meaning="Founders of care homes are paid once for each bed; homes pay the civil price for utilities.",
    parameters=ConstructionGrant,
    effects=(
        Effect("homes.grant", "adds", lambda levers: levers.per_bed),
        Effect("homes.rebate", "adds", lambda levers: levers.utility_share * levers.utility_rebate),
    ),
    slot="benefit",
    act=claim,
    funder="lottery",
    needs_money=True,
    moves=Move("homes_cost_covered", +1, {"utility_rebate": 1.0}, months=1),
)
