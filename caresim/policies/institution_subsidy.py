"""Institution subsidy: government pays part of the fees of residents who belong to one of five groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import DESTITUTE, POOR
from caresim.agents.instrument import Due, Effect, Instrument, Levers, Move, lever
from caresim.agents.lifetimes import MODERATE, SEVERE
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations

GROUPS = ("destitute", "poor", "severe", "moderate", "oldest")


class InstitutionSubsidy(Levers):
    """The highest sum, and the part of it that each group is paid; who belongs to several has the best."""

    amount: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=800.0,
        meaning="Most that is paid towards a resident's fee.", source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    destitute: float = lever(
        1.0, unit="share", limits=(0.0, 1.0), high=1.0, meaning="Part of it for the destitute.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    poor: float = lever(
        1.0, unit="share", limits=(0.0, 1.0), high=1.0, meaning="Part of it for those below the local minimum.",
        source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip
    severe: float = lever(
        0.75, unit="share", limits=(0.0, 1.0), high=1.0, meaning="Part of it for those in assessed state 3.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    moderate: float = lever(
        0.5, unit="share", limits=(0.0, 1.0), high=1.0, meaning="Part of it for those in assessed state 2.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    oldest: float = lever(
        0.5, unit="share", limits=(0.0, 1.0), high=1.0, meaning="Part of it for those of 80 and over.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    def sums(self) -> np.ndarray:
        """Return the yuan of each group."""
        return np.array([self.amount * getattr(self, group) for group in GROUPS])


def subsidy(levers: InstitutionSubsidy, elder: Situations) -> np.ndarray:
    """Return the fen due to every resident of a home who takes it up: what the best of his groups is paid."""
    belongs = (
        elder.means & DESTITUTE != 0, elder.means & POOR != 0, elder.assessed == SEVERE, elder.assessed == MODERATE,
        elder.age >= 80,
    )  # fmt: skip
    sums = [int(FEN * yuan) * who for yuan, who in zip(levers.sums(), belongs, strict=True)]
    return np.where(elder.in_home, np.max(sums, axis=0), 0)


INSTRUMENT = Instrument(
    name="institution_subsidy",
    meaning="Residents of care homes who are destitute, poor, disabled or very old have part of their fee paid.",
    parameters=InstitutionSubsidy,
    effects=(
        Effect("admission.aid_destitute", "adds", lambda levers: levers.amount * levers.destitute),
        Effect("admission.aid_poor", "adds", lambda levers: levers.amount * levers.poor),
        Effect("admission.aid_severe", "adds", lambda levers: levers.amount * levers.severe),
        Effect("admission.aid_moderate", "adds", lambda levers: levers.amount * levers.moderate),
        Effect("admission.aid_oldest", "adds", lambda levers: levers.amount * levers.oldest),
    ),
    dues=(Due(subsidy, kind="service"),),
    funder="local",
    needs_money=True,
    moves=Move(
        "institution_residents_share", +1, {"amount": 1500.0, "severe": 1.0, "moderate": 1.0, "oldest": 1.0}
    ),
)
