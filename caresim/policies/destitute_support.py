"""Destitute support: elders below the local minimum without spouse and living children are supported by the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import DESTITUTE
from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


class DestituteSupport(Levers):
    """Sums of the support at home and in a home."""

    amount: float = lever(
        714.0, unit="yuan per month", limits=(0.0, 20000.0), high=1500.0,
        meaning="Support of the destitute who live at home (8,568.8 yuan a year in the countryside).",
        source="ministry_roundtable", evidence="derived",
    )  # fmt: skip
    in_home: float = lever(
        714.0, unit="yuan per month", limits=(0.0, 20000.0), high=2500.0,
        meaning="Support of the destitute who live in an institution.",
        source="ministry_roundtable", evidence="derived",
    )  # fmt: skip


def claim(world: World, levers: DestituteSupport, instrument: Instrument) -> None:
    """Claim the support for every destitute elder who takes it up."""
    sums = np.array([int(FEN * levers.amount), int(FEN * levers.in_home)])
    if sums.any():
        where = active(levers, world.territory, world.draws)
        columns = (world.people[name] for name in ("means", "place", "takes_up", "village"))
        world.claims.cash(
            instrument,
            supports(world.elders, world.claims.applicants(world), *columns, sums, where),
            entitlement=True,
        )


@compiled
def supports(elders, applicants, means, place, takes_up, village, sums, where):
    """Return the fen that each resident elder claims."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if means[i] & DESTITUTE and takes_up[i] and where[village[i]]:
            fen[j] = sums[int(place[i] == INSTITUTION)]
    return fen


INSTRUMENT = Instrument(
    name="destitute_support",
    meaning="Elders without means and without kin who could support them are supported at home or in a home.",
    parameters=DestituteSupport,
    slot="entitlement",
    act=claim,
    funder="central",
    moves=Move("public_spending", +1, {"amount": 1500.0, "in_home": 2500.0}),
)
