"""Old-age allowance: a sum a month for everybody from 80 on, more from 90 and from 100 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import age_in_years
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

AGES = 80, 90, 100


class AgeAllowance(Levers):
    """Sums of the old-age allowance by age."""

    from_80: float = lever(
        30.0, unit="yuan per month", limits=(0.0, 20000.0), high=100.0,
        meaning="Allowance at 80-89.", source="judgement", evidence="judgement",
    )  # fmt: skip
    from_90: float = lever(
        100.0, unit="yuan per month", limits=(0.0, 20000.0), high=500.0,
        meaning="Allowance at 90-99.", source="judgement", evidence="judgement",
    )  # fmt: skip
    from_100: float = lever(
        300.0, unit="yuan per month", limits=(0.0, 20000.0), high=800.0,
        meaning="Allowance at 100 and over.", source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: AgeAllowance, instrument: Instrument) -> None:
    """Claim the allowance for everybody of the age who takes it up."""
    people = world.people
    sums = np.array([0, *(int(FEN * yuan) for yuan in (levers.from_80, levers.from_90, levers.from_100))])
    fen = allowances(
        world.elders, world.claims.applicants(world), *(people[name] for name in ("born", "takes_up", "village")),
        world.month, sums, active(levers, world.territory, world.draws),
    )  # fmt: skip
    world.claims.cash(instrument, fen, entitlement=True)


@compiled
def allowances(elders, applicants, born, takes_up, village, month, sums, where):
    """Return the fen that each resident elder claims by age."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if takes_up[i] and where[village[i]]:
            age, step = age_in_years(month, born[i]), 0
            for limit in AGES:
                step += age >= limit
            fen[j] = sums[step]
    return fen


INSTRUMENT = Instrument(
    name="age_allowance",
    meaning="Everybody of 80 and over is paid an allowance each month, more at 90 and at 100.",
    parameters=AgeAllowance,
    slot="entitlement",
    act=claim,
    funder="local",
    moves=Move("public_spending", +1, {"from_80": 500.0}),
)
