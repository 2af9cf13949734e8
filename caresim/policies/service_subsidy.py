"""Service subsidy: a sum a month for poor elders who have begun to need help, or are 80 and over.

Those above the local minimum are entitled as far as `benefits.universal` says: each has a lasting draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations

LIMITED, OLDEST_OLD_FROM = 1, 80


class ServiceSubsidy(Levers):
    """Sum of the service subsidy."""

    amount: float = lever(
        50.0, unit="yuan per month", limits=(0.0, 20000.0), high=300.0,
        meaning="Subsidy of poor elders who are assessed as limited (state 1 and above) or are 80 and over.",
        source="three_supplements", evidence="judgement",
    )  # fmt: skip


def subsidy(levers: ServiceSubsidy, elder: Situations) -> np.ndarray:
    """Return the fen due to everybody entitled who takes it up, at home or in a home."""
    in_need = (elder.assessed >= LIMITED) | (elder.age >= OLDEST_OLD_FROM)
    return np.where(in_need & ((elder.means != 0) | elder.chosen), int(FEN * levers.amount), 0)


INSTRUMENT = Instrument(
    name="service_subsidy",
    meaning="Poor elders who are limited, or 80 and over, are paid a subsidy for services each month.",
    parameters=ServiceSubsidy,
    dues=(Due(subsidy),),
    funder="local",
    moves=Move("subsidised_share", +1, {"amount": 300.0}),
)
