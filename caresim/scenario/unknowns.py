"""Name everything that nobody knows, as axes: what a sensitivity analysis varies, and what a calibration fits."""

from __future__ import annotations

from typing import Any

from caresim import catalogue
from caresim.scenario.axes import Axis, axis_of, marks_of_axis
from caresim.scenario.axis_targets import AxisError


def uncertain_axes() -> list[Axis]:
    """Return an axis for every parameter that nobody knows: those marked as uncertain, of processes and measures.

    Left out are switches, lists of words, and what a measure of government sets, whose declared range is government's.
    """
    idle = _set_by_government()
    names = [
        f"{group}.{name}"
        for group, declared in catalogue.parameter_groups().items()
        for name, field in declared.model_fields.items()
        if _is_uncertain(field) and (group, name) not in idle
    ]
    names += [
        f"instruments.{key}.{name}"
        for key, instrument in catalogue.instruments().items()
        for name, field in instrument.parameters.model_fields.items()
        if _is_uncertain(field) and instrument.sets is None
    ]
    found = []
    for name in names:
        try:
            found.append(axis_of(name, None, ()))
        except AxisError:  # a list of words, or a number without a range
            continue
    return found


def _is_uncertain(field: Any) -> bool:
    return field.json_schema_extra["role"] == "uncertainty" and not isinstance(field.default, bool)


def fitted_axes() -> list[Axis]:
    """Return an axis for every parameter whose default comes from a fit, as far as it has a range."""
    return [
        axis
        for axis in uncertain_axes()
        if marks_of_axis(axis)["evidence"] == "fitted" and axis.kind != "factor"
    ]


def _set_by_government() -> set[tuple[str, str]]:
    """Return the parameters that measures change: quantities of effects, and levers that replace them."""
    found = set()
    for instrument in catalogue.instruments().values():
        for effect in instrument.effects:
            group, _, name = effect.quantity.partition(".")
            if _is_idle(group, name):
                found.add((group, name))
        if instrument.sets is not None:
            found |= {
                (instrument.sets, instrument.replaced(name))
                for name, field in instrument.parameters.model_fields.items()
                if not _is_uncertain(field)
            }
    return found


def _is_idle(group: str, name: str) -> bool:
    """Tell whether a quantity is nothing until a measure adds to it, as aid is, or endless until one caps it."""
    declared = catalogue.parameter_groups().get(group)
    field: Any = declared.model_fields.get(name) if declared is not None else None
    if field is None:
        return False
    said = field.json_schema_extra or {}
    return field.default == 0.0 or field.default == said.get("high")
