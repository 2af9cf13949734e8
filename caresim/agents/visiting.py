"""Whose visit is due: left-behind elders on the register and linked clients, each by a draw of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caresim.agents.care import is_left_behind
from caresim.agents.schemes import VISITS, links
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

if TYPE_CHECKING:
    from caresim.agents.world import World

REGISTER = purpose("visits.register")
DUE = purpose("visits.due")
HALF_HOUR = 30
"""Minutes of company that a visit brings."""


class Due(NamedTuple):
    """The visits due this month.

    Attributes:
        number: visits to each resident elder, in the order of `world.elders`.
        places: the places among them of those to whom any are due, ascending.
        total: all of them together.
    """

    number: np.ndarray
    places: np.ndarray
    total: int


def due_visits(world: World, per_month: np.ndarray, registered: np.ndarray) -> Due:
    """Return the visits due to the resident elders this month.

    Government claims for them and the visitors make them, so both ask here.

    Args:
        world: the world.
        per_month: visits to a registered left-behind elder, by village; a broken number is met on average.
        registered: share of left-behind elders who are on the register, by village.
    """
    known: list[Any] = world.of_elders("visits.due", list)
    if not known or known[0] is not per_month or known[1] is not registered:
        known[:] = per_month, registered, _count_due(world, per_month, registered)
    due: Due = known[2]
    return due


def _count_due(world: World, per_month: np.ndarray, registered: np.ndarray) -> Due:
    arrays, draws, elders = world.people.arrays, world.draws, world.elders
    return Due(*count_due(
        elders, arrays["arrangement"], arrays["village"], arrays["key"], links(world), per_month, registered,
        draws.word(REGISTER, 0), draws.word(DUE, world.month),
    ))  # fmt: skip


@compiled
def count_due(elders, arrangement, village, key, linked, per_month, registered, register_word, due_word):
    """Return the visits due to each elder, the places of those to whom any are due, and the sum."""
    number, places = np.empty(len(elders), dtype=np.uint8), np.empty(len(elders) + 1, dtype=np.int32)
    asked = found = total = 0
    for j in range(len(elders)):  # without a branch
        i = np.uint64(elders[j])
        number[j] = 0
        places[asked] = j
        asked += is_left_behind(arrangement[i]) | (linked[i] & VISITS != 0)
    for a in range(asked):
        j = np.uint32(places[a])
        i = np.uint64(elders[j])
        v = np.uint64(village[i])
        due = np.int32(per_month[v])
        if due < per_month[v]:  # a whole number needs no draw
            due = np.int32(per_month[v] + uniform(due_word, key[i]))
        if due > 0 and (linked[i] & VISITS != 0 or uniform(register_word, key[i]) < registered[v]):
            number[j] = due
            total += due
            places[found] = j
            found += 1
    return number, places[:found].copy(), total
