"""Axes: parameters and levers that a design of experiments varies, by name, with their range."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from caresim import catalogue
from caresim.kernel.mistakes import shown, suggestion
from caresim.kernel.parameters import Parameters, limits_of

Kind = Literal["float", "int", "bool", "choice", "factor"]
AS_CONFIGURED = "-"
"""What a table of points says where a point leaves a value as the config has it."""
HALVINGS = 4
FACTORS = (0.8, 1.2)
"""Range of the factor on all numbers of a list, of which no range is declared: a judgement, the same for all."""


class AxisError(ValueError):
    """An axis cannot be; the message is `what; what instead`."""


@dataclass(frozen=True)
class Target:
    """What an axis sets.

    Attributes:
        home: parameters of processes, or levers of instruments.
        group: the process or the instrument.
        name: the parameter or the lever.
        mix: of a lever, the only mix in which it is set; None is every mix.
        position: of a list, the place of the one number that is set, from 0; None is the whole value.
    """

    home: Literal["parameters", "instruments"]
    group: str
    name: str
    mix: str | None = None
    position: int | None = None


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
    target = _target(name, tuple(mixes))
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
    rows = {row["name"]: row["evidence"] for row in catalogue.declared_parameters()}
    return [axis for axis in uncertain_axes() if rows[axis.name] == "fitted" and axis.kind != "factor"]


def marks_of_axis(axis: Axis) -> dict[str, Any]:
    """Return unit, evidence, source and meaning of what an axis sets; nothing for an axis of something else."""
    if axis.target is None:
        return {}
    field: Any = field_of(axis.target)
    said = field.json_schema_extra or {}
    keys = ("unit", "role", "evidence", "source")
    return {**{key: said.get(key) for key in keys}, "meaning": field.description}


def field_of(target: Target) -> Any:
    """Return the declaration of what a target sets."""
    return groups_of(target.home)[target.group].model_fields[target.name]


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
                (instrument.sets, name)
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


def _target(name: str, mixes: tuple[str, ...]) -> Target:
    steps = name.split(".")
    position = None
    if len(steps) > 2 and steps[-1].isdecimal():
        position = int(steps.pop())
    if steps[0] == "mixes":
        return _lever(name, steps, mixes, position)
    if steps[0] == "instruments":
        return _in_group("instruments", name, steps[1:], None, position)
    return _in_group("parameters", name, steps[1:] if steps[0] == "parameters" else steps, None, position)


def _lever(name: str, steps: list[str], mixes: tuple[str, ...], position: int | None) -> Target:
    """Return the target of a lever in one mix, whose name may itself hold dots."""
    if "instruments" not in steps:
        raise AxisError("names no lever; write mixes.NAME.instruments.INSTRUMENT.LEVER")
    at = steps.index("instruments")
    mix = ".".join(steps[1:at])
    if mix not in mixes:
        raise AxisError(f"no mix {shown(mix)} in the scenario; {suggestion(mix, mixes)}")
    return _in_group("instruments", name, steps[at + 1 :], mix, position)


def _in_group(home: Literal["parameters", "instruments"], name: str, steps: list[str], mix: str | None,
              position: int | None) -> Target:  # fmt: skip
    groups = groups_of(home)
    if len(steps) != 2:
        form = "process.parameter" if home == "parameters" else "instruments.INSTRUMENT.LEVER"
        known = [full for full in _names(home) if full.partition(".")[2] == steps[-1]] if steps else []
        raise AxisError(f"unknown; did you mean {known[0]}?" if known else f"unknown; write {form}")
    group, inner = steps
    if group not in groups:
        raise AxisError(f"unknown; {suggestion('.'.join(steps), _names(home))}")
    if inner not in groups[group].model_fields:
        near = suggestion(f"{group}.{inner}", [f"{group}.{known}" for known in groups[group].model_fields])
        raise AxisError(f"unknown; {near}")
    default = groups[group].model_fields[inner].default
    if position is not None and (not isinstance(default, tuple) or position >= len(default)):
        size = len(default) if isinstance(default, tuple) else 0
        raise AxisError(f"{group}.{inner} has no number {position}; it has {size}, counted from 0"
                        if size else f"{group}.{inner} is no list; leave .{position} out")  # fmt: skip
    return Target(home, group, inner, mix, position)


def groups_of(home: str) -> dict[str, type[Parameters]]:
    """Return the declared groups of parameters of processes, or of levers."""
    if home == "parameters":
        return catalogue.parameter_groups()
    return _levers()


@functools.cache
def _levers() -> dict[str, type[Parameters]]:
    return {name: instrument.parameters for name, instrument in catalogue.instruments().items()}


def _names(home: str = "parameters") -> list[str]:
    return [
        f"{group}.{name}" for group, declared in groups_of(home).items() for name in declared.model_fields
    ]


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
