"""Cash stack: what destitute elders in a home receive from the state is topped up to one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.care import DESTITUTE
from caresim.agents.instrument import Instrument, Levers, Move, active, lever
from caresim.agents.money import FEN
from caresim.agents.people import INSTITUTION
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.world import World


class CashStack(Levers):
    """The sum to which public transfers are topped up."""

    stack: float = lever(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), high=5000.0,
        meaning="Public transfers a month that a destitute elder in an institution has at least; Beijing's come to "
        "about 5,000.", source="ministry_roundtable", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: CashStack, instrument: Instrument) -> None:
    """Claim what the month's other claims of a destitute elder in a home lack of the sum.

    Where a ceiling decides, only those count that are paid whatever the budget: others may be refused.
    """
    stack = int(FEN * levers.stack)
    if stack:
        where = active(levers, world.territory, world.draws)
        columns = (world.people[name] for name in ("means", "place", "takes_up", "village"))
        claimed = world.claims.claimed(sure=world.claims.limited)
        missing = top_ups(world.elders, *columns, claimed, stack, where)
        world.claims.cash(instrument, missing, entitlement=True)


@compiled
def top_ups(elders, means, place, takes_up, village, claimed, stack, where):
    """Return the fen that each resident elder lacks of the sum."""
    fen = np.zeros(len(elders), dtype=np.int64)
    for j in range(len(elders)):
        i = elders[j]
        if means[i] & DESTITUTE and place[i] == INSTITUTION and takes_up[i] and where[village[i]]:
            fen[j] = max(0, stack - claimed[j])
    return fen


def allowed(world: World, rows: np.ndarray) -> np.ndarray:
    """Return which elders the terms name: the destitute in a home who take it up."""
    means, place, takes_up = (world.people[name][rows] for name in ("means", "place", "takes_up"))
    named: np.ndarray = (means & DESTITUTE != 0) & (place == INSTITUTION) & (takes_up != 0)
    return named


INSTRUMENT = Instrument(
    name="cash_stack",
    meaning="What destitute elders in a home receive from the state is topped up to one sum.",
    parameters=CashStack,
    slot="top_up",
    act=claim,
    whose=allowed,
    funder="local",
    moves=Move("elder_income", +1, {"stack": 5000.0}),
)
