"""Find every parameter, column, instrument and indicator, and refuse two of one name."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from caresim.kernel.mistakes import suggestion

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument
    from caresim.agents.world import Process
    from caresim.kernel.columns import Column
    from caresim.kernel.parameters import Parameters

Thing = TypeVar("Thing")


class CatalogueError(RuntimeError):
    """Two declarations claim one name, or one names what nobody declares: a mistake of the program, not of its user."""


def unique(things: Iterable[Thing], name: Callable[[Thing], str], kind: str) -> dict[str, Thing]:
    """Return things by name.

    Raises:
        CatalogueError: two things have one name.
    """
    found: dict[str, Thing] = {}
    for thing in things:
        if name(thing) in found:
            raise CatalogueError(f"{kind} {name(thing)} is declared twice")
        found[name(thing)] = thing
    return found


@functools.cache
def processes() -> tuple[Process, ...]:
    """Return the processes of the month, in order."""
    from caresim.schedule import MONTH

    return tuple(unique(MONTH, lambda process: process.name, "process").values())


@functools.cache
def parameter_groups() -> dict[str, type[Parameters]]:
    """Return the groups of parameters by the name they are configured under, as the month uses them."""
    from caresim.agents.outcomes import GROUP, Outcomes
    from caresim.synthesis.parameters import GROUPS

    month = [(process.name, process.parameters) for process in processes() if process.parameters is not None]
    found: list[tuple[str, type[Parameters]]] = [*GROUPS.items(), *month, (GROUP, Outcomes)]
    groups = unique(found, lambda group: group[0], "parameter group")
    return {name: declared for name, (_, declared) in groups.items()}


@functools.cache
def columns() -> tuple[Column, ...]:
    """Return every state variable of a person, identity first."""
    from caresim.agents.people import COLUMNS

    added = [column for process in processes() for column in process.columns]
    return tuple(unique([*COLUMNS, *added], lambda column: column.name, "column").values())


@functools.cache
def instruments() -> dict[str, Any]:
    """Return the measures that government can take: the `INSTRUMENT` of every file of the policies.

    Raises:
        CatalogueError: two have one name, or one modifies a parameter that no process declares.
    """
    import caresim.policies

    found = []
    for module in pkgutil.iter_modules(caresim.policies.__path__):
        instrument = getattr(importlib.import_module(f"caresim.policies.{module.name}"), "INSTRUMENT", None)
        if instrument is not None:
            found.append(instrument)
    check_effects(found)
    return unique(found, lambda instrument: instrument.name, "instrument")


def check_effects(measures: Iterable[Instrument]) -> None:
    """Refuse measures that modify what nobody declares: they would do nothing, and nobody would notice.

    Raises:
        CatalogueError: a quantity is no parameter of a process, be the process in the month or not.
    """
    known = {f"{group}.{name}" for group, declared in _modifiable().items() for name in declared.model_fields}
    wrong = [
        f"{measure.name}: {effect.quantity}: no such parameter; {suggestion(effect.quantity, known)}"
        for measure in measures
        for effect in measure.effects
        if effect.quantity not in known
    ]
    if wrong:
        raise CatalogueError("\n".join(wrong))


def _modifiable() -> dict[str, type[Parameters]]:
    """Return the groups of parameters, those of processes that a schedule leaves out among them."""
    import caresim.processes

    files = [module.name for module in pkgutil.iter_modules(caresim.processes.__path__)]
    found = [getattr(importlib.import_module(f"caresim.processes.{name}"), "PROCESS", None) for name in files]
    left_out = {one.name: one.parameters for one in found if one is not None and one.parameters is not None}
    return left_out | parameter_groups()


@functools.cache
def indicators() -> tuple[Any, ...]:
    """Return what is measured after each month."""
    from caresim.indicators import INDICATORS

    return tuple(unique(INDICATORS, lambda indicator: indicator.name, "indicator").values())


SAID = ("unit", "low", "high", "role", "evidence", "source")
"""What is printed of a parameter beside its name, value and meaning."""


def declared_parameters() -> list[dict[str, Any]]:
    """Return every parameter of a process as a row: name, value, unit, range, role, evidence, source, meaning."""
    return _rows(parameter_groups(), SAID)


def declared_levers() -> list[dict[str, Any]]:
    """Return every parameter of an instrument as a row, levers with the value at which they do nothing.

    The value is the status quo's; `funder` is who pays for the measure.
    """
    declared = instruments()
    rows = _rows({name: instrument.parameters for name, instrument in declared.items()}, ("off", *SAID))
    return [{**row, "funder": declared[row["group"]].funder} for row in rows]


def _rows(groups: dict[str, type[Parameters]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = []
    for group, declared in groups.items():
        for name, declaration in declared.model_fields.items():
            said: Any = declaration.json_schema_extra or {}
            rows.append(
                {
                    "group": group,
                    "name": f"{group}.{name}",
                    "value": declaration.default,
                    **{key: said.get(key) for key in keys},
                    "meaning": declaration.description,
                }
            )
    return rows
