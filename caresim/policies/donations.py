"""Donations: charities collect what people and firms give, and support elders without means with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import CHARITY, FEN, GIFTS
from caresim.agents.priority import village_heads
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

YEAR = 12


class Donations(Levers):
    """How much is given, and what becomes of it."""

    per_elder_year: float = lever(
        0.0, unit="yuan per elder-year", limits=(0.0, 100_000.0), high=60.0,
        meaning="What donors are moved to give a year for each resident elder.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    cost: float = parameter(
        0.1, unit="share", low=0.0, high=0.15, limits=(0.0, 0.9),
        meaning="Part of what is given that the charities' own work takes; the law allows them a tenth.",
        source="charity_law2016", evidence="recalled",
    )  # fmt: skip
    most: float = parameter(
        300.0, unit="yuan per month", limits=(0.0, 100_000.0), low=100.0, high=600.0,
        meaning="Most that an elder without means is given; what is left stays with the charities for later months.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def give(world: World, levers: Donations, instrument: Instrument) -> None:
    """Take in the month's gifts, and share what the charities have among the poor who take it up."""
    where = active(levers, world.territory, world.draws)
    fen = int(FEN * levers.per_elder_year / YEAR * int(village_heads(world)[where].sum()))
    world.money.pay(GIFTS, "donors", CHARITY, fen)
    own = int(levers.cost * fen)
    world.claims.programme(instrument, own, payee="suppliers")
    people, who = world.people, world.elders
    due = (people["means"][who] != 0) & (people["takes_up"][who] != 0) & where[people["village"][who]]
    heads = int(np.count_nonzero(due))
    each = min(int(FEN * levers.most), (world.money.balance[CHARITY] - own) // heads) if heads else 0
    world.claims.cash(instrument, np.where(due, each, 0))


def poor(world: World, rows: np.ndarray) -> np.ndarray:
    """Return which elders the terms name: those without means who take it up."""
    named: np.ndarray = (world.people["means"][rows] != 0) & (world.people["takes_up"][rows] != 0)
    return named


INSTRUMENT = Instrument(
    name="donations",
    meaning="Charities collect gifts and support elders without means; no budget of government limits them.",
    parameters=Donations,
    slot="benefit",
    act=give,
    whose=poor,
    funder=CHARITY,
    moves=Move("paid_by_charity", +1, {"per_elder_year": 60.0}, months=1),
)
