"""Care vouchers: money that can be spent on hours of care workers and on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Due, Instrument, Levers, Move, lever
from caresim.agents.money import FEN

if TYPE_CHECKING:
    from caresim.agents.situations import Situations

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


def voucher(levers: CareVouchers, elder: Situations) -> np.ndarray:
    """Return the fen of vouchers due to everybody entitled at home who takes them up; only what is spent is paid."""
    by_state = np.array([0, 0, int(FEN * levers.moderate), int(FEN * levers.severe)])
    in_need = (elder.assessed >= LIMITED) | (elder.age >= OLDEST_OLD_FROM)
    poor = int(FEN * levers.poor) * (in_need & (elder.means != 0))
    return np.where(elder.in_home, 0, by_state[elder.assessed] + poor)


INSTRUMENT = Instrument(
    name="care_vouchers",
    meaning="Poor and disabled elders get vouchers for hours of care workers each month.",
    parameters=CareVouchers,
    dues=(Due(voucher, kind="service"),),
    funder="local",
    moves=Move("hours_by_voucher", +1, {"poor": 300.0, "moderate": 300.0, "severe": 600.0}),
)
