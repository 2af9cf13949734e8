"""Home upkeep: the village collective runs its happiness home, government adds a sum for everybody who meets there."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import PEER, RELATION
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled

NAME = "happiness_homes"
FEN, MONTHS = 100.0, 12.0


def keep_up(world: World) -> None:
    """Pay for the homes and for those who met there; the village bears what government's ceiling leaves unpaid."""
    homes = int(np.count_nonzero(world.territory.home))
    if homes == 0:
        return
    prices = world.parameters["mutual_aid"]
    met = count_met(world.care.gifts, world.care.n_gifts)
    each, member = (
        int(FEN * yuan / MONTHS) for yuan in (prices.home_cost_year, prices.home_member_cost_year)
    )
    support = world.money.afford(member * met)
    world.money.pay(NAME, "collective", "suppliers", each * homes + member * met - support)
    world.money.pay(NAME, "local", "suppliers", support)


@compiled
def count_met(gifts, n_gifts):
    """Count those who were kept company in a happiness home."""
    met = 0
    for gift in range(n_gifts):
        met += gifts[gift, RELATION] == PEER
    return met


PROCESS = Process(
    name="home_upkeep",
    run=keep_up,
    reads=("need", "parameters.mutual_aid"),
    writes=(),
    meaning="The village collective pays for its happiness home, government for everybody who meets there.",
)
