"""Declare a parameter once: value, unit, range, meaning, source, evidence mark and role."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Evidence = Literal["seed", "verified", "recalled", "derived", "fitted", "judgement"]
Role = Literal["lever", "uncertainty", "constant"]

LIMITS = {"share": (0.0, 1.0), "probability": (0.0, 1.0), "probability per month": (0.0, 1.0)}


class Parameters(BaseModel):
    """A group of declared parameters; a process or an instrument has one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def parameter(
    default: Any,
    *,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    meaning: str,
    source: str,
    evidence: Evidence,
    role: Role = "uncertainty",
    limits: tuple[float | None, float | None] | None = None,
) -> Any:
    """Declare one parameter of a group.

    Args:
        default: value when nobody says otherwise.
        unit: unit of the value; `share` and `probability` are limited to 0-1.
        low: lower end of the plausible range, which sweeps and sensitivity runs use.
        high: upper end of the plausible range.
        meaning: one sentence.
        source: key in `docs/sources.bib`, or `judgement`.
        evidence: how well the value is known.
        role: whether government turns it, we do not know it, or it is fixed.
        limits: values outside are refused; by default no negative values.
    """
    smallest, largest = limits if limits is not None else LIMITS.get(unit, (0.0, None))
    extra = {"unit": unit, "low": low, "high": high, "source": source, "evidence": evidence, "role": role}
    bounds: dict[str, Any] = {}
    if isinstance(default, int | float) and not isinstance(default, bool):
        bounds = {key: value for key, value in (("ge", smallest), ("le", largest)) if value is not None}
    return Field(default, description=meaning, json_schema_extra=extra, **bounds)
