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

BOOKS = "public_homes.books"
"""The month in which the measure last made losses good, and what each home had then."""


class PublicHomes(Parameters):
    """How many homes government keeps, and how far it makes good their losses; it holds for the whole county."""

    least: int = lever(
        1, unit="homes", off=0, limits=(0, 1000), high=10,
        meaning="Least number of public homes of the county, as far as the bed target goes.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    cover: float = lever(
        1.0, unit="share", limits=(0.0, 1.0), high=1.0,
        meaning="Part of last month's loss that is made good in homes built by the public, the privately run ones too, "
        "as far as it put them into debt; the rest stays their debt.",
        source="judgement",
        evidence="judgement",
    )  # fmt: skip


def cover(world: World, levers: PublicHomes, instrument: Instrument) -> None:
    """Claim the part of what homes built by the public lost last month."""
    homes = world.homes
    if levers.cover > 0.0 and len(homes) > 0:
        fen, total = owed(homes.table, _cash_before(world), levers.cover)
        world.memory[BOOKS] = world.month, homes["cash"] + fen
        homes.claimed[instrument.name] = fen
        world.claims.programme(instrument, total, entitlement=True, payee="homes")


def _cash_before(world: World) -> np.ndarray:
    """Return what each home had before last month's fees and costs, 0 if founded since; what it has if nobody knows."""
    cash: np.ndarray = world.homes["cash"]
    month, before = world.memory.get(BOOKS, (None, cash))
    if month != world.month - 1:
        return cash.copy()
    return np.append(before, np.zeros(len(cash) - len(before), dtype=np.int64))


@compiled
def owed(homes, before, part):
    """Return which part of last month's loss each open home built by the public claims, in fen, and their sum.

    A loss counts as far as the home owes it: what it had put by pays first.
    """
    fen = np.zeros(len(homes), dtype=np.int64)
    for h in range(len(fen)):
        if homes[h].closed == OPEN and homes[h].ownership != PRIVATE:
            lost = min(before[h] - homes[h].cash, -homes[h].cash)
            fen[h] = np.int64(np.floor(part * max(0, lost)))
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
