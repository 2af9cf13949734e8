"""Nursing subsidy: a sum a month for elders who are assessed as moderately or severely disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


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


def claim(world: World, levers: NursingSubsidy, instrument: Instrument) -> None:
    """Claim the subsidy for everybody of the state who takes it up, at home or in a home."""
    sums = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    if sums.any():
        where = active(levers, world.territory, world.draws)
        columns = (world.people[name] for name in ("assessed", "takes_up", "village"))
        world.claims.cash(
            instrument, subsidies(world.elders, world.claims.applicants(world), *columns, sums, where)
        )


@compiled
def subsidies(elders, applicants, assessed, takes_up, village, sums, where):
    """Return the fen that each resident elder claims by assessed state."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if takes_up[i] and where[village[i]]:
            fen[j] = sums[assessed[i]]
    return fen


INSTRUMENT = Instrument(
    name="nursing_subsidy",
    meaning="Elders who are assessed as moderately or severely disabled are paid a subsidy each month.",
    parameters=NursingSubsidy,
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("subsidised_share", +1, {"moderate": 300.0, "severe": 600.0}),
)
