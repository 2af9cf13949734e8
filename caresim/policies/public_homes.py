"""Public homes: government keeps at least so many homes, and makes good what the homes that it built lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.institutions import OPEN, PRIVATE
from caresim.agents.instrument import Effect, Instrument, Move, lever
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters

if TYPE_CHECKING:
    from caresim.agents.world import World


class PublicHomes(Parameters):
    """How many homes government keeps, and how far it makes good their losses; it holds for the whole county."""

    least: int = lever(
        1, unit="homes", off=0, limits=(0, 1000), high=10,
        meaning="Least number of public homes of the county, as far as the bed target goes.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    cover: float = lever(
        1.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="Part of the losses of homes built by the public, the privately run ones too, made good each month.",
        source="judgement",
        evidence="judgement",
    )  # fmt: skip


def cover(world: World, levers: PublicHomes, instrument: Instrument) -> None:
    """Claim what homes built by the public owe."""
    homes = world.homes
    if levers.cover > 0.0 and len(homes) > 0:
        fen, total = owed(homes.table, levers.cover)
        homes.claimed[instrument.name] = fen
        world.claims.programme(instrument, total, entitlement=True, payee="homes")


@compiled
def owed(homes, part):
    """Return the part of its debts that each open home built by the public claims, in fen, and their sum."""
    fen = np.zeros(len(homes), dtype=np.int64)
    for h in range(len(fen)):
        if homes[h].closed == OPEN and homes[h].ownership != PRIVATE and homes[h].cash < 0:
            fen[h] = np.int64(np.floor(part * -homes[h].cash))
    return fen, fen.sum()


INSTRUMENT = Instrument(
    name="public_homes",
    meaning="The county keeps a care home of its own, and makes good what the homes built by the public lose.",
    parameters=PublicHomes,
    effects=(Effect("homes.public_least", "adds", lambda levers: float(levers.least)),),
    slot="entitlement",
    act=cover,
    funder="local",
    moves=Move("homes_public", +1, {"least": 1}, months=1),
)
