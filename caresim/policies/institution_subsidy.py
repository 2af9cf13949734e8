"""Institution subsidy: government pays part of the fees of residents who belong to one of five groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.home_choice import support_of
from caresim.agents.institutions import residents
from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import age_in_years
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

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


def claim(world: World, levers: InstitutionSubsidy, instrument: Instrument) -> None:
    """Claim for every resident who takes it up what the best of his groups is due."""
    if levers.amount <= 0.0 or len(world.homes) == 0:
        return
    people, rows = world.people, residents(world)
    due = dues(
        rows, *(people[name] for name in ("assessed", "means", "born", "takes_up", "village")), world.month,
        levers.sums(), active(levers, world.territory, world.draws),
    )  # fmt: skip
    fen = np.zeros(len(world.elders), dtype=np.int64)
    fen[np.searchsorted(world.elders, rows)] = due
    world.claims.service(instrument, fen)


@compiled
def dues(rows, assessed, means, born, takes_up, village, month, sums, where):
    """Return the fen that each resident is due."""
    fen = np.zeros(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        i = rows[j]
        if takes_up[i] and where[village[i]]:
            fen[j] = int(FEN * support_of(assessed[i], means[i], age_in_years(month, born[i]), sums))
    return fen


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
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move(
        "public_spending", +1, {"amount": 1500.0, "severe": 1.0, "moderate": 1.0, "oldest": 1.0}, months=3
    ),
)
