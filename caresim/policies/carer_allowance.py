"""Carer allowance: the family main carer of a moderately or severely disabled elder is paid a sum a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import LAST_FAMILY
from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

MODERATE = 2


class CarerAllowance(Levers):
    """Sum of the allowance."""

    amount: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=800.0,
        meaning="Allowance of the family main carer of an elder in assessed state 2 or 3.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: CarerAllowance, instrument: Instrument) -> None:
    """Claim the allowance on account of each elder whom the family cared for most last month; families are paid."""
    fen = int(FEN * levers.amount)
    if fen:
        where = active(levers, world.territory, world.draws)
        columns = (
            world.people[name] for name in ("assessed", "main_relation", "place", "takes_up", "village")
        )
        world.claims.cash(
            instrument,
            allowances(world.elders, world.claims.applicants(world), *columns, fen, where),
            payee="families",
        )


@compiled
def allowances(elders, applicants, assessed, main_relation, place, takes_up, village, sum_each, where):
    """Return the fen that are claimed on account of each resident elder."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        by_family = 1 <= main_relation[i] <= LAST_FAMILY + 1 and place[i] != INSTITUTION
        if assessed[i] >= MODERATE and by_family and takes_up[i] and where[village[i]]:
            fen[j] = sum_each
    return fen


INSTRUMENT = Instrument(
    name="carer_allowance",
    meaning="Families who care for a moderately or severely disabled elder are paid an allowance each month.",
    parameters=CarerAllowance,
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("public_spending", +1, {"amount": 800.0}),
)
