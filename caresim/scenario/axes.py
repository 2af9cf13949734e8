"""Axes: parameters and levers that a design of experiments varies, by name, with their range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from caresim.kernel.mistakes import shown
from caresim.kernel.parameters import Parameters, limits_of
from caresim.scenario.axis_targets import AxisError, Target, field_of, groups_of, target_of

Kind = Literal["float", "int", "bool", "choice", "factor"]
AS_CONFIGURED = "-"
"""What a table of points says where a point leaves a value as the config has it."""
HALVINGS = 4
FACTORS = (0.8, 1.2)
"""Range of the factor on all numbers of a list, of which no range is declared: a judgement, the same for all."""


@dataclass(frozen=True)
class Axis:
    """One direction of a design.

    Attributes:
        name: as it was written; the column of tables.
        kind: a `factor` scales every number of a list; a `choice` is one of some values.
        low: lower end.
        high: upper end.
        choices: the values of a choice.
        target: what it sets; None for an axis of something else than the model.
    """

    name: str
    kind: Kind = "float"
    low: float = 0.0
    high: float = 1.0
    choices: tuple[Any, ...] = ()
    target: Target | None = None

    def value(self, position: float) -> Any:
        """Return the value at a position from 0 to 1."""
        if self.kind == "bool":
            return position >= 0.5
        if self.kind == "choice":
            return self.choices[min(int(position * len(self.choices)), len(self.choices) - 1)]
        if self.kind == "int":
            low, high = round(self.low), round(self.high)
            return min(low + int(position * (high - low + 1)), high)
        return self.low + position * (self.high - self.low)

    def share(self, position: float) -> float:
        """Return how far from the lower end to the upper the value at a position lies, from 0 to 1."""
        if self.kind == "bool":
            return float(self.value(position))
        if self.kind == "choice":
            last = len(self.choices) - 1
            return min(int(position * len(self.choices)), last) / max(last, 1)
        if self.kind == "int":
            low, high = round(self.low), round(self.high)
            return (self.value(position) - low) / (high - low)
        return position

    def levels(self, number: int) -> list[Any]:
        """Return so many values from end to end; fewer where there are fewer."""
        if self.kind == "bool":
            return [False, True]
        if self.kind == "choice":
            return list(self.choices)
        steps = [self.low + (self.high - self.low) * k / max(number - 1, 1) for k in range(number)]
        return list(dict.fromkeys(round(step) for step in steps)) if self.kind == "int" else steps


def axis_of(name: str, given: Any, mixes: Iterable[str], own: bool = False) -> Axis:
    """Return the axis of a name.

    Args:
        name: `process.parameter`, `instruments.INSTRUMENT.LEVER` for all mixes, or
            `mixes.MIX.instruments.INSTRUMENT.LEVER`; of a list, `.0` behind it is its first number.
        given: None for the declared range, `(low, high)` as a dict, or a tuple of values.
        mixes: names of the scenario's mixes.
        own: values come from the user, so that no range is needed: a choice without choices.

    Raises:
        AxisError: there is no such thing, or it has no such values.
    """
    target = target_of(name, tuple(mixes))
    declared = groups_of(target.home)[target.group]
    field = field_of(target)
    if own:
        return Axis(name, "choice", target=target)
    default = field.default if target.position is None else field.default[target.position]
    if isinstance(given, tuple):
        return _of_choices(name, given, target, declared)
    said: dict[str, Any] = field.json_schema_extra or {}
    low, high = (None, None) if isinstance(field.default, tuple) else (said.get("low"), said.get("high"))
    if isinstance(default, bool):
        if given is not None:
            raise AxisError("is true or false; leave the range out, or list values such as [true, false]")
        return Axis(name, "bool", target=target)
    if isinstance(default, tuple):
        if not all(isinstance(item, int | float) for item in default):
            raise AxisError("is a list of words; list the values that it may take, each a list")
        low, high = (_possible(declared, target.name, factor) for factor in FACTORS)
    low, high = (given["low"], given["high"]) if given is not None else (low, high)
    if low is None or high is None:
        raise AxisError(f"has no declared range; write one such as {name}={_example(default)}")
    kind: Kind = "factor" if isinstance(default, tuple) else "int" if isinstance(default, int) else "float"
    _check_range(kind, low, high, limits_of(declared, target.name) if kind != "factor" else (0.0, None))
    return Axis(name, kind, float(low), float(high), target=target)


def value_of(axis: Axis, value: Any) -> Any:
    """Return a value of an axis that somebody wrote, as its parameter takes it.

    Raises:
        AxisError: it cannot be one.
    """
    if axis.kind == "factor":
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise AxisError(f"{shown(value)} is not a factor; write a number such as 1.1")
        return float(value)
    assert axis.target is not None
    return _checked(axis.target, groups_of(axis.target.home)[axis.target.group], value)


def marks_of_axis(axis: Axis) -> dict[str, Any]:
    """Return unit, evidence, source and meaning of what an axis sets; nothing for an axis of something else."""
    if axis.target is None:
        return {}
    field: Any = field_of(axis.target)
    said = field.json_schema_extra or {}
    keys = ("unit", "role", "evidence", "source")
    return {**{key: said.get(key) for key in keys}, "meaning": field.description}


def _of_choices(name: str, given: tuple[Any, ...], target: Target, declared: type[Parameters]) -> Axis:
    if not given:
        raise AxisError("lists no value; write at least one")
    choices = tuple(dict.fromkeys(_checked(target, declared, value) for value in given))
    return Axis(name, "choice", 0.0, float(len(choices) - 1), choices, target)


def scaled(declared: type[Parameters], name: str, numbers: tuple[Any, ...], factor: float) -> tuple[Any, ...]:
    """Return a list's numbers times a factor, within the limits of their parameter; whole ones stay whole."""
    smallest, largest = limits_of(declared, name)
    found = []
    for number in numbers:
        new = number * factor
        new = new if smallest is None else max(new, smallest)
        new = new if largest is None else min(new, largest)
        found.append(round(new) if isinstance(number, int) else float(new))
    return tuple(found)


def _possible(declared: type[Parameters], name: str, factor: float) -> float:
    """Return a factor that a list's default may be scaled by: nearer to 1 where shares would make more than 1."""
    from pydantic import ValidationError

    for _ in range(HALVINGS):
        try:
            declared(**{name: scaled(declared, name, declared.model_fields[name].default, factor)})
        except ValidationError:
            factor = 1.0 + 0.5 * (factor - 1.0)
        else:
            break
    return factor


def _checked(target: Target, declared: type[Parameters], value: Any) -> Any:
    """Return a value as its parameter takes it."""
    from pydantic import ValidationError

    from caresim.kernel.mistakes import complaint

    field: Any = declared.model_fields[target.name]
    whole = value
    if target.position is not None:
        whole = (*field.default[: target.position], value, *field.default[target.position + 1 :])
    try:
        taken = getattr(declared(**{target.name: whole}), target.name)
    except ValidationError as error:
        told = [item for item in error.errors() if item["loc"][:1] == (target.name,)]
        if not told:  # not possible together with the defaults of others, which is told of a point
            return whole if target.position is None else whole[target.position]
        unit = str((field.json_schema_extra or {}).get("unit", ""))
        raise AxisError(complaint(told[0], unit)) from None
    return taken if target.position is None else taken[target.position]


def _check_range(kind: Kind, low: Any, high: Any, limits: tuple[float | None, float | None]) -> None:
    for end in (low, high):
        if isinstance(end, bool) or not isinstance(end, int | float):
            raise AxisError(f"{shown(end)} is not a number; write LOW:HIGH")
        if kind == "int" and end != round(end):
            raise AxisError(f"{shown(end)} is not a whole number; write one such as {round(end)}")
    if not low < high:
        raise AxisError(f"from {low:g} to {high:g} is no range; write the lower end first")
    smallest, largest = limits
    if smallest is not None and low < smallest:
        raise AxisError(f"{low:g} is too small; write at least {smallest:g}")
    if largest is not None and high > largest:
        raise AxisError(f"{high:g} is too large; write at most {largest:g}")


def _example(default: Any) -> str:
    if isinstance(default, int | float):
        return f"{default * 0.5:g}:{default * 1.5:g}" if default else "0:1"
    return "LOW:HIGH"
