"""The levers of mixes that replace parameters of a process: what is in force then, and whether it can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pydantic import ValidationError

from caresim import catalogue
from caresim.kernel.mistakes import Mark, Mistakes
from caresim.kernel.parameters import ALWAYS, Dated, Settings
from caresim.scenario.mixes import Mix

Place = tuple[Mark, str]


def with_levers(parameters: tuple[Settings, ...], mix: Mix) -> tuple[Settings, ...]:
    """Return the parameters with the levers that a mix writes for processes that have levers of their own.

    Groups that the mix leaves alone are the very same objects.
    """
    written = _written(mix)
    return tuple(
        replace(group, values=tuple(these.get(value.name, (value,))[0] for value in group.values))
        if (these := written.get(group.group))
        else group
        for group in parameters
    )


def check_levers(parameters: tuple[Settings, ...], mixes: Iterable[Mix], mistakes: Mistakes) -> None:
    """Note levers of mixes that cannot be together with the other parameters of their process, in any month."""
    for mix in mixes:
        written = _written(mix)
        for group in with_levers(tuple(one for one in parameters if one.group in written), mix):
            told = fault_of(group)
            if told is not None:
                mark, key = _blamed(mix, written[group.group], told[1])
                mistakes.add(mark, f"{key}: with parameters.{group.group}, {told[0]}")


def fault_of(group: Settings, home: str = "parameters") -> tuple[str, tuple[str, ...]] | None:
    """Return why values of a group cannot be together in some month, and which; None if they can.

    Args:
        group: its values.
        home: whether it is a group of `parameters`, or of `instruments`.
    """
    if home == "parameters":
        declared = catalogue.parameter_groups()[group.group]
    else:
        declared = catalogue.instruments()[group.group].parameters
    for month in (ALWAYS, *sorted(group.breakpoints)):
        try:
            group.at(month, declared)
        except ValidationError as error:
            told = error.errors()[0]
            return told["msg"], tuple(told.get("ctx", {}).get("names", ()))
    return None


def _written(mix: Mix) -> dict[str, dict[str, tuple[Dated, Place | None]]]:
    """Return the parameters that a mix replaces by process and name, and where it writes them."""
    instruments = catalogue.instruments()
    found: dict[str, dict[str, tuple[Dated, Place | None]]] = {}
    for group in mix.instruments:
        one = instruments[group.group]
        if one.sets is not None:
            these = found.setdefault(one.sets, {})
            for value in group.values:
                name = one.replaced(value.name)
                these[name] = replace(value, name=name), group.where.get(value.name)
    return found


def _blamed(mix: Mix, written: dict[str, tuple[Dated, Place | None]], names: tuple[str, ...]) -> Place:
    """Return the place of a lever that is blamed by name, else of the last that the mix writes there."""
    places = {name: place for name, (_, place) in written.items() if place is not None}
    blamed = [places[name] for name in places if name in names] or list(places.values())
    return blamed[-1] if blamed else (Mark("mixes"), f"mixes.{mix.name}")
