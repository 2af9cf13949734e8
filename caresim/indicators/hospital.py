"""How often elders are admitted to hospital, and what they pay there themselves."""

from __future__ import annotations

import numpy as np

from caresim.agents.accounts import HOSPITAL_INSURED, HOSPITAL_OWN
from caresim.agents.world import World
from caresim.recorder import Indicator, accounts, census, knows, number, ratio, tally

YUAN, MONTHS = 0.01, 12


@tally("own", "insured")
def payments(world: World, fen: np.ndarray) -> None:
    """Return the fen paid to hospitals by elders and by medical insurance; NaN in a run without hospitals."""
    if knows(world, "in_hospital"):
        paid = accounts(world)
        fen[0], fen[1] = paid[HOSPITAL_OWN], paid[HOSPITAL_INSURED]


INDICATORS = (
    Indicator("hospital_admissions", "admissions", "sum", "Hospital admissions", "住院人次",
              "Resident elders admitted to hospital in the month.", number(census, "in_hospital")),
    Indicator("hospital_admission_rate", "per person-year", "mean", "Hospital admission rate", "年住院率",
              "Admissions in the month times 12, per resident elder.", ratio(census, "in_hospital", "elders", MONTHS)),
    Indicator("hospital_own_payments", "yuan", "sum", "Hospital bills paid by elders", "老人自付住院费",
              "What elders pay to hospitals themselves.", number(payments, "own", YUAN)),
    Indicator("hospital_insured_payments", "yuan", "sum", "Hospital bills paid by insurance", "医保支付住院费",
              "What medical insurance pays to hospitals for elders.", number(payments, "insured", YUAN)),
)  # fmt: skip
