"""Attributes of people, read from and written to the columns: for one row or for an array of rows alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from caresim.agents.people import ALIVE, ELDER, FEMALE, IDENTITY, PRESENT, REGISTERED, People
from caresim.agents.world import World
from caresim.kernel.columns import NOBODY, Column

Rows = Any
"""One row number, or an array of them."""

PLACES = np.array(["village", "town", "province", "outside", "institution"], dtype=object)
"""Words for the codes of the column `place`."""
MARITAL = np.array(["never married", "married", "widowed", "divorced"], dtype=object)
"""Words for the codes of the column `marital`."""
OTHERS = ("mother", "father", "spouse", "main_carer", "pair")
"""Attributes that are one other person."""


def _bit(bit: int) -> Callable[[World, Rows], Any]:
    def read(world: World, who: Rows) -> Any:
        return (world.people["state"][who] & bit) != 0

    return read


def _age(world: World, who: Rows) -> Any:
    return (world.month - world.people["born"][who]) / 12


DERIVED: dict[str, Callable[[World, Rows], Any]] = {
    "age": _age,
    "female": _bit(FEMALE),
    "alive": _bit(ALIVE),
    "registered": _bit(REGISTERED),
    "resident": _bit(PRESENT),
    "elder": _bit(ELDER),
    "place": lambda world, who: PLACES[world.people["place"][who]],
    "capacity": lambda world, who: world.care.capacity(len(world.people["key"]))[who],
    "coins": lambda world, who: world.bank.coins(who),
    "marital": lambda world, who: MARITAL[world.people["marital"][who]],
}
"""Attributes that no column has as they are told; `age` is in exact years, `capacity` and `coins` are
whole minutes."""


def plain(value: Any) -> Any:
    """Return NumPy numbers and arrays as Python numbers and lists."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def read(world: World, name: str, who: Rows) -> Any:
    """Return an attribute of people, decoded: words for codes, exact years for ages.

    Raises:
        AttributeError: no column has this name, or only registered people have it.
    """
    reader = DERIVED.get(name)
    people = world.people
    try:
        return reader(world, who) if reader is not None else people.values(name, who)
    except KeyError:
        raise AttributeError(
            f"people have no attribute {name!r}; the columns are {', '.join(people.declared)}"
        ) from None
    except IndexError:
        raise AttributeError(f"{name!r} is known of registered people only, not of kin outside") from None


def write(people: People, name: str, who: Rows, values: Any) -> None:
    """Set a state variable of people.

    Raises:
        AttributeError: there is no such column, or people's own events alone may change it.
        ValueError: the column cannot hold the value, or it lies outside its range.
    """
    column = people.declared.get(name)
    if column is None:
        raise AttributeError(f"cannot set {name!r}: a person's state is columns, declared by the processes")
    if column.writer == IDENTITY or column.link or column.event:
        raise AttributeError(
            f"cannot set {name!r}: it changes by events inside a process, see docs/extending.md"
        )
    held = _held(column, values)
    if held is None:
        least, most = column.range
        what = f"{np.dtype(column.dtype).name} from {least} to {most} ({column.unit}: {column.meaning.rstrip('.')})"
        raise ValueError(f"cannot set {name!r} to {values!r}: the column holds {what}")
    if column.elder:
        people.widen()
    people[name][who] = held


def _held(column: Column, values: Any) -> np.ndarray | None:
    """Return values as a column holds them; None where it cannot hold them, or where one lies outside its range."""
    try:
        wanted = np.asarray(values)
        with np.errstate(invalid="ignore"):
            held = wanted.astype(column.dtype)
    except (TypeError, ValueError, OverflowError):
        return None
    exact = np.issubdtype(column.dtype, np.floating) or np.array_equal(held, wanted)
    least, most = column.range
    return held if exact and not ((held < least) | (held > most)).any() else None


def children(people: People, row: int) -> list[int]:
    """Return the rows of a person's own living children, the youngest first."""
    rows, child = [], int(people["first_child"][row])
    while child >= 0:
        if people["state"][child] & ALIVE:
            rows.append(child)
        chain = "next_maternal" if people["mother"][child] == row else "next_paternal"
        child = int(people[chain][child])
    return rows


def find(world: World, keys: np.ndarray) -> np.ndarray:
    """Return the rows of persons by key, NOBODY where no row is theirs any more."""
    people = world.people
    when = (people.generation, people.n, people.n_kin)
    ordered, rows = world.once("attributes.rows_by_key", when, lambda: _rows_by_key(people))
    if len(rows) == 0:
        return np.full(len(keys), NOBODY)
    at = np.minimum(np.searchsorted(ordered, keys), len(rows) - 1)
    return np.where(ordered[at] == keys, rows[at], NOBODY)


def _rows_by_key(people: People) -> tuple[np.ndarray, np.ndarray]:
    rows = np.concatenate([np.arange(people.n), np.arange(people.kin_start, people.kin_end)])
    rows = rows[np.argsort(people["key"][rows], kind="stable")]
    return people["key"][rows], rows
