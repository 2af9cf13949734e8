"""Destitute support: elders below the local minimum without spouse and living children are supported by the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import DESTITUTE
from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations


class DestituteSupport(Levers):
    """Sums of the support at home and in a home."""

    amount: float = lever(
        714.0, unit="yuan per month", limits=(0.0, 20000.0), high=1500.0,
        meaning="Support of the destitute who live at home (8,568.8 yuan a year in the countryside).",
        source="ministry_roundtable", evidence="derived",
    )  # fmt: skip
    in_home: float = lever(
        714.0, unit="yuan per month", limits=(0.0, 20000.0), high=2500.0,
        meaning="Support of the destitute who live in an institution.",
        source="ministry_roundtable", evidence="derived",
    )  # fmt: skip


def support(levers: DestituteSupport, elder: Situations) -> np.ndarray:
    """Return the fen due to every destitute elder who takes it up."""
    fen = np.where(elder.in_home, int(FEN * levers.in_home), int(FEN * levers.amount))
    return np.where(elder.means & DESTITUTE, fen, 0)


INSTRUMENT = Instrument(
    name="destitute_support",
    meaning="Elders without means and without kin who could support them are supported at home or in a home.",
    parameters=DestituteSupport,
    dues=(Due(support, entitlement=True),),
    funder="central",
    moves=Move("elder_income", +1, {"amount": 1500.0, "in_home": 2500.0}),
)
