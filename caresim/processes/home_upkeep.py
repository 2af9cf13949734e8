"""Home upkeep: the village collective runs its happiness home and pays those who look after services in the village.

Government adds a sum for everybody who meets in a home.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.money import FEN
from caresim.agents.priority import village_heads
from caresim.agents.world import Process, World
from caresim.kernel.parameters import Parameters, parameter

NAME, OVERSIGHT = "happiness_homes", "village_oversight"
VILLAGE = "collective"
"""Who runs a happiness home, whoever supports its members."""
MONTHS, HUNDRED = 12.0, 100


class HomeUpkeep(Parameters):
    """How long village committees look after services, and what that costs the village."""

    oversight: float = parameter(
        0.0, unit="hours per 100 elders and month", limits=(0.0, 200.0), low=0.0, high=10.0, local=True,
        meaning="Hours in which the village committee looks after the services in its village; a measure says how "
        "many.", source="judgement", evidence="judgement",
    )  # fmt: skip
    oversight_cost_hour: float = parameter(
        20.0, unit="yuan per hour", limits=(0.0, 1000.0), low=0.0, high=40.0,
        meaning="What the village collective pays for an hour of the committee's members.", source="judgement",
        evidence="judgement",
    )  # fmt: skip


def keep_up(world: World) -> None:
    """Pay for the homes, for those who met there, and for the committees' hours.

    The village bears what government's ceiling leaves unpaid.
    """
    when = world.enacted, world.parameters["home_upkeep"], world.parameters["mutual_aid"]
    hours, hour, each, member = world.once("home_upkeep.terms", when, lambda: _terms_of(world))
    if hours is not None:
        spent = float((hours * village_heads(world)).sum()) / HUNDRED
        world.money.pay(OVERSIGHT, world.policy.funder(OVERSIGHT), "suppliers", int(hour * spent))
    homes = int(np.count_nonzero(world.territory.home))
    if homes == 0:
        return
    money, for_members = world.money, member * world.care.met_in_homes
    support = money.afford(for_members)
    money.pay(NAME, VILLAGE, "suppliers", each * homes + for_members - support)
    money.pay(NAME, world.policy.funder(NAME), "suppliers", support)


def _terms_of(world: World) -> tuple[np.ndarray | None, float, int, int]:
    """Return the committees' hours by village, if any, what an hour costs, and a home and a member a month, in fen."""
    hours, prices = world.by_village("home_upkeep.oversight"), world.parameters["mutual_aid"]
    return (
        hours if hours.any() else None,
        FEN * world.parameters["home_upkeep"].oversight_cost_hour,
        int(FEN * prices.home_cost_year / MONTHS),
        int(FEN * prices.home_member_cost_year / MONTHS),
    )


PROCESS = Process(
    name="home_upkeep",
    run=keep_up,
    reads=("need", "village", "village.home", "parameters.mutual_aid"),
    writes=(),
    meaning="The village collective pays for its happiness home and for its committee, government for everybody who "
    "meets in the home.",
    parameters=HomeUpkeep,
)
