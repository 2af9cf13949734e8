"""How often elders are admitted to hospital, and what they pay there themselves."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.money import ELDERS
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, knows, once_a_month, share

YUAN, MONTHS = 0.01, 12


@once_a_month
def admitted(world: World) -> float:
    """Count the resident elders who were admitted this month; NaN in a run without hospitals."""
    if not knows(world, "in_hospital"):
        return math.nan
    return float(marked(world.elders, world.people["in_hospital"]))


@compiled
def marked(elders, column):
    """Count the elders whose column is not 0."""
    found = 0
    for i in elders.view(np.uint64):
        found += column[i] != 0
    return found


def rate(world: World) -> float:
    """Set the month's admissions, times twelve, against the resident elders."""
    return share(MONTHS * admitted(world), len(world.elders))


def own_payments(world: World) -> float:
    """Sum what elders pay to hospitals themselves, in yuan."""
    return YUAN * world.money.paid("hospital", (ELDERS,)) if knows(world, "in_hospital") else math.nan


def insured_payments(world: World) -> float:
    """Sum what medical insurance pays to hospitals, in yuan."""
    if not knows(world, "in_hospital"):
        return math.nan
    return YUAN * world.money.paid("hospital", ("medical_insurance",))


INDICATORS = (
    Indicator("hospital_admissions", "admissions", "sum", "Hospital admissions", "住院人次",
              "Resident elders admitted to hospital in the month.", admitted),
    Indicator("hospital_admission_rate", "per person-year", "mean", "Hospital admission rate", "年住院率",
              "Admissions in the month times 12, per resident elder.", rate),
    Indicator("hospital_own_payments", "yuan", "sum", "Hospital bills paid by elders", "老人自付住院费",
              "What elders pay to hospitals themselves.", own_payments),
    Indicator("hospital_insured_payments", "yuan", "sum", "Hospital bills paid by insurance", "医保支付住院费",
              "What medical insurance pays to hospitals for elders.", insured_payments),
)  # fmt: skip
