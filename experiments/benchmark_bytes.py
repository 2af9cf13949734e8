"""Count the bytes of everything that a world keeps from month to month: people's columns, and all arrays beside them.

Room that a rule takes and gives back within a month is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from caresim.agents.people import LIVING_RESIDENT
from caresim.agents.world import World

PACKAGE = "caresim"


def bytes_kept(world: World) -> dict[str, float]:
    """Return the bytes a resident of each block of memory that a world keeps, the largest first."""
    residents = world.people.count(LIVING_RESIDENT)
    sizes = {path: block.nbytes / residents for path, block in blocks(world).items()}
    return dict(sorted(sizes.items(), key=lambda one: -one[1]))


def blocks(world: World) -> dict[str, np.ndarray]:
    """Return the blocks of memory behind all arrays that can be reached from a world, by a path to each."""
    found: dict[int, tuple[str, np.ndarray]] = {}
    seen: dict[int, Any] = {}  # holds what was seen, so that no number is given to another object
    waiting: list[tuple[str, Any]] = [("world", world)]
    while waiting:
        path, thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if isinstance(thing, np.ndarray):
            block = _block_of(thing)
            found.setdefault(id(block), (path, block))
        else:
            waiting += [(f"{path}.{name}", part) for name, part in _parts(thing)]
    return dict(found.values())


def _block_of(array: np.ndarray) -> np.ndarray:
    """Return the array that holds the memory that another one may be a part of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _parts(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what a container or an object of the model holds, by name."""
    if isinstance(thing, dict):
        yield from thing.items()
    elif isinstance(thing, list | tuple):
        yield from enumerate(thing)
    elif type(thing).__module__.startswith(PACKAGE):
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        yield from getattr(thing, "__dict__", {}).items()
        yield from ((name, getattr(thing, name)) for name in slots if hasattr(thing, name))
