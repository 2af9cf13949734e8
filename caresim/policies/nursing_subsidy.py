"""Nursing subsidy: a sum a month for elders who are assessed as moderately or severely disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations


class NursingSubsidy(Levers):
    """Sums of the nursing subsidy by assessed disability state."""

    moderate: float = lever(
        50.0, unit="yuan per month", limits=(0.0, 20000.0), high=600.0,
        meaning="Subsidy in assessed state 2 (one or two activities of daily living).",
        source="three_supplements", evidence="judgement",
    )  # fmt: skip
    severe: float = lever(
        100.0, unit="yuan per month", limits=(0.0, 20000.0), high=1200.0,
        meaning="Subsidy in assessed state 3 (three or more).", source="three_supplements", evidence="judgement",
    )  # fmt: skip


def subsidy(levers: NursingSubsidy, elder: Situations) -> np.ndarray:
    """Return the fen due to everybody of the state who takes it up, at home or in a home."""
    sums = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    return sums[elder.assessed]


INSTRUMENT = Instrument(
    name="nursing_subsidy",
    meaning="Elders who are assessed as moderately or severely disabled are paid a subsidy each month.",
    parameters=NursingSubsidy,
    dues=(Due(subsidy),),
    funder="local",
    moves=Move("subsidised_share", +1, {"moderate": 300.0, "severe": 600.0}),
)
