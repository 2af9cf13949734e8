"""Reclassification: a village becomes an urban settlement; its label changes and nobody moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

RELABEL = purpose("reclassification.relabel")


def reclassify(world: World) -> None:
    """Clear the rural label of some villages, at the part of the urbanisation flow that is new labels."""
    urbanisation = world.parameters["urbanisation"]
    chance = world.once("reclassification", urbanisation, lambda: _chance(urbanisation))
    if chance > 0.0:
        territory = world.territory
        relabel(territory.rural, territory.key, chance, world.draws.stream(RELABEL, world.month))


def _chance(urbanisation: Any) -> float:
    """Return the monthly probability that a village becomes urban."""
    rate_year = urbanisation.rate_year * urbanisation.reclassified_share
    return 1.0 - float((1.0 - rate_year) ** (1.0 / 12.0))


@compiled
def relabel(rural, key, chance, stream):
    """Clear labels in place."""
    for v in range(len(key)):
        if rural[v] and uniform(stream, np.uint64(key[v])) < chance:
            rural[v] = False


PROCESS = Process(
    name="reclassification",
    run=reclassify,
    reads=("village.rural", "parameters.urbanisation"),
    writes=("village.rural",),
    meaning="Some villages become urban settlements: a label changes, nobody moves.",
)
