"""Carer allowance: the family main carer of a moderately or severely disabled elder is paid a sum a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations

MODERATE = 2


class CarerAllowance(Levers):
    """Sum of the allowance."""

    amount: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=800.0,
        meaning="Allowance of the family main carer of an elder in assessed state 2 or 3.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def allowance(levers: CarerAllowance, elder: Situations) -> np.ndarray:
    """Return the fen due on account of each elder whom the family cared for most last month; families are paid."""
    return np.where((elder.assessed >= MODERATE) & elder.by_family, int(FEN * levers.amount), 0)


INSTRUMENT = Instrument(
    name="carer_allowance",
    meaning="Families who care for a moderately or severely disabled elder are paid an allowance each month.",
    parameters=CarerAllowance,
    dues=(Due(allowance, payee="families"),),
    funder="local",
    moves=Move("family_outlay_per_elder", -1, {"amount": 800.0}),
)
