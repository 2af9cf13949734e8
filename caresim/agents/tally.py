"""Count once a measurement: what counts writes its numbers, by name, into a stretch of one sheet."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from caresim.agents.world import World

Counted = TypeVar("Counted")
TALLIES = "tallies"
"""Under which name the world's memory keeps the month, what has been counted in it, and where there is room for it."""


class Tally:
    """What counts: it writes named numbers, those of a measurement once; what it does not write is NaN.

    Args:
        names: of its numbers, in their order.
        write: counts, and writes into an array of as many numbers.
    """

    def __init__(self, names: tuple[str, ...], write: Callable[[World, np.ndarray], None]) -> None:
        self.names, self.write = names, write
        self.places = {name: place for place, name in enumerate(names)}
        self.__doc__ = write.__doc__

    def __call__(self, world: World) -> np.ndarray:
        """Return its numbers now."""
        known = world.memory.get(TALLIES)
        if known is not None and known[0] == world.month:  # asked twenty times a measurement
            found: np.ndarray | None = known[1][0].get(self)
            if found is not None:
                return found
        return self._count(world)

    def _count(self, world: World) -> np.ndarray:
        """Count, and keep the numbers."""
        counted, room = counted_now(world)
        numbers = room[self] if self in room else np.full(len(self.names), np.nan)
        self.write(world, numbers)
        counted[self] = numbers
        return numbers


def tally(*names: str) -> Callable[[Callable[[World, np.ndarray], None]], Tally]:
    """Mark what writes these numbers, in this order, as a tally."""
    return lambda write: Tally(names, write)


def counted_now(world: World) -> tuple[dict[Any, Any], dict[Any, np.ndarray]]:
    """Return what has been counted in a measurement and where there is room for more; outside of one, in the month."""
    known = world.memory.get(TALLIES)
    if known is None or known[0] != world.month:
        known = world.memory[TALLIES] = (world.month, ({}, {}))
    now: tuple[dict[Any, Any], dict[Any, np.ndarray]] = known[1]
    return now


def once_a_month(count: Callable[[World], Counted]) -> Callable[[World], Counted]:
    """Keep what is counted for the rest of a measurement, so that indicators of one count share it."""

    @functools.wraps(count)
    def kept(world: World) -> Counted:
        known = counted_now(world)[0]
        counted: Counted | None = known.get(kept)
        if counted is None:
            counted = known[kept] = count(world)
        return counted

    return kept
