"""Cash benefit: money by need instead of services, so that cash alone can be compared with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


class CashBenefit(Levers):
    """Sums of the benefit by need."""

    moderate: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=1000.0,
        meaning="Benefit in assessed state 2.", source="judgement", evidence="judgement",
    )  # fmt: skip
    severe: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=2000.0,
        meaning="Benefit in assessed state 3.", source="judgement", evidence="judgement",
    )  # fmt: skip
    poor: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=1000.0,
        meaning="Benefit of elders below the local minimum, beside the one by state.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: CashBenefit, instrument: Instrument) -> None:
    """Claim the benefit for everybody in need who takes it up."""
    sums = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    poor = int(FEN * levers.poor)
    if poor or sums.any():
        where = active(levers, world.territory, world.draws)
        columns = (world.people[name] for name in ("assessed", "means", "takes_up", "village"))
        world.claims.cash(
            instrument, benefits(world.elders, world.claims.applicants(world), *columns, sums, poor, where)
        )


@compiled
def benefits(elders, applicants, assessed, means, takes_up, village, sums, poor, where):
    """Return the fen that each resident elder claims."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if takes_up[i] and where[village[i]]:
            fen[j] = sums[assessed[i]] + (poor if means[i] != 0 else 0)
    return fen


INSTRUMENT = Instrument(
    name="cash_benefit",
    meaning="Elders in need are paid cash, and nothing is asked about what they buy.",
    parameters=CashBenefit,
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("elder_income", +1, {"moderate": 500.0, "severe": 1000.0, "poor": 300.0}),
)
