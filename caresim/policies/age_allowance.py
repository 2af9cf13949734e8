"""Old-age allowance: a sum a month for everybody from 80 on, more from 90 and from 100 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations


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


def allowance(levers: AgeAllowance, elder: Situations) -> np.ndarray:
    """Return the fen due to everybody of the age who takes it up."""
    sums = np.array([int(FEN * yuan) for yuan in (levers.from_100, levers.from_90, levers.from_80)])
    return np.select([elder.age >= 100, elder.age >= 90, elder.age >= 80], sums, 0)


INSTRUMENT = Instrument(
    name="age_allowance",
    meaning="Everybody of 80 and over is paid an allowance each month, more at 90 and at 100.",
    parameters=AgeAllowance,
    dues=(Due(allowance, entitlement=True),),
    funder="local",
    moves=Move("elder_income", +1, {"from_80": 500.0}),
)
