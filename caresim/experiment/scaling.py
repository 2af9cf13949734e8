"""Multiply all that a mix gives, in yuan, hours, workers, homes or new beds, by one factor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from caresim.kernel.parameters import Dated, Settings
from caresim.policies.bed_target import BedTarget

if TYPE_CHECKING:
    from caresim.scenario import Mix

SCALED: dict[str, tuple[str, ...]] = {
    "age_allowance": ("from_80", "from_90", "from_100"),
    "service_subsidy": ("amount",),
    "nursing_subsidy": ("moderate", "severe"),
    "care_vouchers": ("poor", "moderate", "severe"),
    "institution_subsidy": ("amount",),
    "cash_stack": ("stack",),
    "long_term_care_insurance": ("hours",),
    "meal_aid": ("subsidy",),
    "home_modification": ("per_10000_year",),
    "bed_target": ("per_10000",),
    "operating_subsidy": ("amount",),
    "care_workers": ("certified_target",),
    "social_workers": ("per_10000",),
    "visit_system": ("per_month",),
    "time_bank": ("endowment",),
    "carer_allowance": ("amount",),
    "carer_respite": ("hours",),
    "cash_benefit": ("moderate", "severe", "poor"),
}
"""The levers that one factor multiplies, by instrument; of the bed target only what exceeds the status quo's."""
BEDS = ("bed_target", "per_10000")


def scaled(mix: Mix, factor: float, name: str) -> Mix:
    """Return a mix whose sums, hours, workers, homes and new beds are multiplied by a factor.

    Args:
        mix: the mix.
        factor: 1 leaves it as it is.
        name: name of the new mix.
    """
    groups = tuple(
        Settings(group.group, tuple(_scaled(group.group, value, factor) for value in group.values))
        for group in mix.instruments
    )
    return replace(mix, name=name, instruments=groups)


def _scaled(group: str, value: Dated, factor: float) -> Dated:
    if value.name not in SCALED.get(group, ()) or factor == 1.0:
        return value
    kept = BedTarget.model_fields["per_10000"].default if (group, value.name) == BEDS else 0.0
    steps = tuple((month, _times(number, factor, kept)) for month, number in value.steps)
    return Dated(value.name, steps)


def _times(number: float, factor: float, kept: float) -> float:
    """Multiply what exceeds what is there anyway; round as a config can say it."""
    return float(f"{kept + factor * (number - kept):.6g}") if number > kept else number
