"""Cash benefit: money by need instead of services, so that cash alone can be compared with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations


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


def benefit(levers: CashBenefit, elder: Situations) -> np.ndarray:
    """Return the fen due to everybody in need who takes it up."""
    sums = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    return sums[elder.assessed] + int(FEN * levers.poor) * (elder.means != 0)


INSTRUMENT = Instrument(
    name="cash_benefit",
    meaning="Elders in need are paid cash, and nothing is asked about what they buy.",
    parameters=CashBenefit,
    dues=(Due(benefit),),
    funder="local",
    moves=Move("elder_income", +1, {"moderate": 500.0, "severe": 1000.0, "poor": 300.0}),
)
