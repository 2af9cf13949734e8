"""Who comes first when there are fewer places than people who need one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.instrument import Instrument, active
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


def places(world: World, rate: np.ndarray, per: float, luck: float = 0.5) -> int:
    """Return how many places there are for the resident elders.

    Args:
        world: the world.
        rate: places by village, for every `per` of its resident elders.
        per: elders for whom a rate is stated.
        luck: where a broken number of places is rounded up: .5 rounds to the nearest, a draw rounds on average.
    """
    return int(weighted(village_heads(world), rate) / per + luck)


def elders_reached(world: World, levers: Any) -> int:
    """Count the resident elders of the villages in which a measure is active."""
    share = levers.rollout
    if share == 1.0:
        return len(world.elders)
    known: dict[float, int] = world.of_elders("priority.reached", dict)
    if share not in known:
        known[share] = heads_where(village_heads(world), active(levers, world.territory, world.draws))
    return known[share]


def village_heads(world: World) -> np.ndarray:
    """Return the number of resident elders by village, counted once for the elders that are noted."""
    found: np.ndarray = world.of_elders(
        "priority.heads",
        lambda: heads_by_village(world.elders, world.people["village"], len(world.territory)),
    )
    return found


@compiled
def heads_by_village(elders, village, n_villages):
    """Count resident elders by village."""
    heads = np.zeros(
        (4, n_villages), dtype=np.int64
    )  # neighbours are of one village: none waits for the other
    for j in range(len(elders)):
        heads[j & 3, np.uint32(village[np.uint64(elders[j])])] += 1
    return heads.sum(axis=0)


@compiled
def heads_where(heads, where):
    """Count the elders of some villages."""
    found = 0
    for v in range(len(heads)):
        found += heads[v] if where[v] else 0
    return found


@compiled
def weighted(heads, rate):
    """Add up rates by village, each as often as there are elders."""
    total = 0.0
    for v in range(len(heads)):
        total += heads[v] * rate[v]
    return total


@compiled
def neediest(points, luck, n):
    """Return the positions of at most `n` with the most points, those with equal points by the lowest luck.

    Args:
        points: whole points of each; who has none is not chosen.
        luck: draw of each.
        n: places.
    """
    most = 0
    for point in points:
        most = max(most, point)
    size = np.zeros(most + 1, dtype=np.int64)
    for point in points:
        size[point] += 1
    limit, sure = most, 0
    while limit > 0 and sure + size[limit] <= n:
        sure += size[limit]
        limit -= 1
    chosen = np.flatnonzero(points > limit)
    if limit == 0 or sure == n:
        return chosen
    ties = np.flatnonzero(points == limit)
    return np.concatenate((chosen, ties[np.argsort(luck[ties])[: n - sure]]))


def claim_for_marked(
    world: World, instrument: Instrument, column: str, mark: int, levers: Any, cost: int
) -> None:
    """Claim the cost of a service for each resident elder who bears a mark where a measure is active."""
    arrays, where = world.people.arrays, active(levers, world.territory, world.draws)
    marked, number = marked_elders(world.elders, arrays[column], arrays["village"], mark, where)
    world.claims.units(instrument, marked, cost, number)


@compiled
def marked_elders(elders, column, village, mark, where):
    """Return whether each elder bears the mark where the measure is active, as 1 or 0, and how many do."""
    marked, number = np.empty(len(elders), dtype=np.uint8), 0
    for j in range(len(elders)):
        i = np.uint64(elders[j])
        marked[j] = 0
        if column[i] & mark and where[village[i]]:
            marked[j] = 1
            number += 1
    return marked, number
