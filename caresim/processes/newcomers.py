"""Newcomers: people from elsewhere move into the territory, where more come than go."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import LIVING_RESIDENT, VILLAGE
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import child_key, purpose, uniform, uniform_k
from caresim.kernel.parameters import Parameters, parameter, rising

COME = purpose("newcomers.come")
ORDER = 16384
"""A newcomer has the key of a child of this order, plus the month, of the resident whose draw brought him."""


class Newcomers(Parameters):
    """How many people move in for good, and how old they are."""

    rate_year: float = parameter(
        0.0, unit="share", limits=(0.0, 0.1), low=0.0, high=0.05,
        meaning="Newcomers a year per resident; nought except in provinces that gain people.",
        source="nbs_census2020", evidence="fitted",
    )  # fmt: skip
    ages: tuple[int, int] = parameter(
        (18, 38), unit="years",
        limits=(18, 100), meaning="Youngest and oldest age of newcomers, uniform between.",
        source="nbs_migrants2020", evidence="judgement",
    )  # fmt: skip
    women_share: float = parameter(
        0.45, unit="share", low=0.3, high=0.55, meaning="Share of women among newcomers.",
        source="nbs_migrants2014", evidence="judgement",
    )  # fmt: skip

    _order = rising("ages")


def arrive(world: World) -> None:
    """Register newcomers in the villages of the residents whose draws bring them, each in a household of their own."""
    parameters: Newcomers = world.parameters["newcomers"]
    if parameters.rate_year == 0.0:
        return
    people, month = world.people, world.month
    stream = world.draws.stream(COME, month)
    hosts = who_brings(people["state"], people["key"], people.n, parameters.rate_year / 12.0, stream)
    keys, born, female = newcomers(
        people["key"][hosts], month, *parameters.ages, parameters.women_share, stream
    )
    place = np.full(len(hosts), VILLAGE, dtype=np.uint8)
    people.register(keys, born, female, people["village"][hosts], place, people.found_households(len(hosts)))


@compiled
def who_brings(state, key, n, chance, stream):
    """Return the residents whose draws bring a newcomer."""
    hosts = []
    for i in range(n):
        if state[i] & LIVING_RESIDENT == LIVING_RESIDENT and uniform(stream, key[i]) < chance:
            hosts.append(i)
    return np.array(hosts, dtype=np.int64)


@compiled
def newcomers(host_keys, month, youngest, oldest, women_share, stream):
    """Return keys, birth months and sexes of newcomers."""
    n = len(host_keys)
    keys = np.empty(n, dtype=np.uint64)
    born = np.empty(n, dtype=np.int16)
    female = np.empty(n, dtype=np.bool_)
    for j in range(n):
        keys[j] = child_key(host_keys[j], ORDER + month)
        born[j] = month - 12 * youngest - int(uniform(stream, keys[j]) * 12 * (oldest - youngest))
        female[j] = uniform_k(stream, keys[j], 1) < women_share
    return keys, born, female


PROCESS = Process(
    name="newcomers",
    run=arrive,
    reads=("state", "village", "key"),
    writes=("key", "born", "state", "place", "village", "household"),
    meaning="People from elsewhere move in, where the census shows that more come than go.",
    parameters=Newcomers,
)
