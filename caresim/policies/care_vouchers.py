"""Care vouchers: money that can be spent on hours of care workers and on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION, age_in_years
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World

LIMITED, OLDEST_OLD_FROM = 1, 80


class CareVouchers(Levers):
    """Worth of the vouchers of elders who live at home; who is both poor and disabled gets both."""

    poor: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=300.0,
        meaning="Voucher of poor elders who are assessed as limited (state 1 and above) or are 80 and over.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    moderate: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=300.0,
        meaning="Voucher in assessed state 2.", source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip
    severe: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=600.0,
        meaning="Voucher in assessed state 3; Jiashan gives 300 yuan beside as much cash.",
        source="jiashan_ltci", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: CareVouchers, instrument: Instrument) -> None:
    """Claim vouchers for everybody entitled who takes them up; only what is spent is paid."""
    by_state = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    poor = int(FEN * levers.poor)
    if poor == 0 and not by_state.any():
        return
    columns = (world.people[name] for name in ("born", "assessed", "means", "takes_up", "place", "village"))
    where = active(levers, world.territory, world.draws)
    world.claims.service(
        instrument,
        vouchers(world.elders, world.claims.applicants(world), *columns, world.month, poor, by_state, where),
    )


@compiled
def vouchers(
    elders, applicants, born, assessed, means, takes_up, place, village, month, poor, by_state, where
):
    """Return the fen of vouchers that each resident elder claims."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in applicants:
        i = elders[j]
        if takes_up[i] and place[i] != INSTITUTION and where[village[i]]:
            in_need = assessed[i] >= LIMITED or age_in_years(month, born[i]) >= OLDEST_OLD_FROM
            fen[j] = by_state[assessed[i]] + (poor if in_need and means[i] != 0 else 0)
    return fen


INSTRUMENT = Instrument(
    name="care_vouchers",
    meaning="Poor and disabled elders get vouchers for hours of care workers each month.",
    parameters=CareVouchers,
    slot="benefit",
    act=claim,
    funder="local",
    moves=Move("hours_by_voucher", +1, {"poor": 300.0, "moderate": 300.0, "severe": 600.0}),
)
