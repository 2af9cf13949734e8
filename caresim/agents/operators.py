"""Who runs the teams of care workers, the market or non-governmental organisations, and what they ask for an hour.

What elders buy, with vouchers or their own money, costs what the team's provider asks. Hours that government orders
cost the county's price, whoever gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.workforce import teams_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose

if TYPE_CHECKING:
    from caresim.agents.world import World

OPERATOR = purpose("workforce.operator")
MARKET, NGO = "market", "ngo"
PRICE, HOURS, BY_NGO = range(3)
"""What is known of a team: the price of its hour and the hours wished of it, relative to a provider on the market, and
whether an NGO runs it."""


def run_by_ngo(world: World) -> np.ndarray:
    """Return which teams NGOs run: those whose lasting draw lies below their share."""
    rules, number = world.parameters.get("workforce"), int(teams_of(world).max(initial=0)) + 1
    if rules is None:
        return np.zeros(number, dtype=np.bool_)
    luck: np.ndarray = draws_of(world.draws.word(OPERATOR, 0), np.arange(number, dtype=np.uint64))
    return luck < rules.ngo_share


def offers(world: World, price_elasticity: float) -> np.ndarray:
    """Return for each team price, hours wished and operator as above, shape (3, teams)."""
    ngo, rules = run_by_ngo(world), world.parameters.get("workforce")
    price = np.where(ngo, rules.ngo_price if rules is not None else 1.0, 1.0)
    return np.stack([price, price**price_elasticity, ngo])


@compiled
def asked(price, relative):
    """Return what an hour costs at a relative price, in whole fen, at least one."""
    return max(1, int(price * relative + 0.5))
