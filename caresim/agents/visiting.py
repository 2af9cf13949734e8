"""Whose visit is due: left-behind elders on the register and linked clients, each by a draw of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def due_visits(world: World, per_month: np.ndarray, registered: np.ndarray) -> np.ndarray:
    """Return the visits due to each resident elder this month, in the order of `world.elders`.

    Government claims for them and the visitors make them, so both ask here.

    Args:
        world: the world.
        per_month: visits to a registered left-behind elder, by village; a broken number is met on average.
        registered: share of left-behind elders who are on the register, by village.
    """
    people, draws = world.people, world.draws
    known = world.of_elders("visits.due", dict)
    asked = per_month.tobytes(), registered.tobytes()
    if asked not in known:
        known[asked] = _due(
            world.elders, *(people[name] for name in ("arrangement", "village", "key")), links(world), per_month,
            registered, draws.word(REGISTER, 0), draws.word(DUE, world.month),
        )  # fmt: skip
    due: np.ndarray = known[asked]
    return due


@compiled
def _due(elders, arrangement, village, key, linked, per_month, registered, register_word, due_word):
    due = np.zeros(len(elders), dtype=np.int64)
    places, found = np.empty(len(elders) + 1, dtype=np.int32), 0
    for j in range(len(elders)):  # without a branch
        i = np.uint64(elders[j])
        places[found] = j
        found += is_left_behind(arrangement[i]) | (linked[i] & VISITS != 0)
    for a in range(found):
        j = np.uint32(places[a])
        i = np.uint64(elders[j])
        if linked[i] & VISITS or uniform(register_word, key[i]) < registered[village[i]]:
            due[j] = int(per_month[village[i]] + uniform(due_word, key[i]))
    return due
