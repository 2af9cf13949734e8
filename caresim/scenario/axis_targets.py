"""Find what an axis names: a parameter of a process, or a lever in all mixes or in one."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal

from caresim import catalogue
from caresim.kernel.mistakes import shown, suggestion
from caresim.kernel.parameters import Parameters


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


def target_of(name: str, mixes: tuple[str, ...]) -> Target:
    """Return what a name stands for.

    Args:
        name: as `axis_of` takes it.
        mixes: names of the scenario's mixes.

    Raises:
        AxisError: there is no such thing.
    """
    steps = name.split(".")
    position = None
    if len(steps) > 2 and steps[-1].isdecimal():
        position = int(steps.pop())
    if steps[0] == "mixes":
        return _lever(steps, mixes, position)
    if steps[0] == "instruments":
        return _in_group("instruments", steps[1:], None, position)
    return _in_group("parameters", steps[1:] if steps[0] == "parameters" else steps, None, position)


def _lever(steps: list[str], mixes: tuple[str, ...], position: int | None) -> Target:
    """Return the target of a lever in one mix, whose name may itself hold dots."""
    if "instruments" not in steps:
        raise AxisError("names no lever; write mixes.NAME.instruments.INSTRUMENT.LEVER")
    at = steps.index("instruments")
    mix = ".".join(steps[1:at])
    if mix not in mixes:
        raise AxisError(f"no mix {shown(mix)} in the scenario; {suggestion(mix, mixes)}")
    return _in_group("instruments", steps[at + 1 :], mix, position)


def _in_group(home: Literal["parameters", "instruments"], steps: list[str], mix: str | None,
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


def field_of(target: Target) -> Any:
    """Return the declaration of what a target sets."""
    return groups_of(target.home)[target.group].model_fields[target.name]
