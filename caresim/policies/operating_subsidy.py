"""Operating subsidy: homes are paid for every occupied bed, more for frail residents, stars, credit, medical care."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.institutions import residents
from caresim.agents.instrument import Effect, Instrument, Levers, Move, active, lever
from caresim.agents.lifetimes import STATES
from caresim.agents.money import FEN
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import parameter

if TYPE_CHECKING:
    from caresim.agents.world import World

MIDDLING_STAR = 3.0
YEAR = 12


class OperatingSubsidy(Levers):
    """Sum for an occupied bed, and its weights."""

    amount: float = lever(
        100.0, unit="yuan per month", limits=(0.0, 20000.0), high=500.0,
        meaning="Paid to a home for each occupied bed, before weights.", source="judgement", evidence="judgement",
    )  # fmt: skip
    severity: tuple[float, float, float, float] = parameter(
        (0.8, 1.0, 1.2, 1.5), unit="ratio", limits=(0.0, 10.0),
        meaning="Weight of a resident in assessed disability states 0-3.", source="judgement", evidence="judgement",
    )  # fmt: skip
    star: float = parameter(
        0.1, unit="ratio", limits=(0.0, 0.5), low=0.0, high=0.25,
        meaning="Gain for each star above three, loss for each below; homes without a rating have the middle weight.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    credit: float = parameter(
        0.8, unit="ratio", limits=(0.0, 1.0), low=0.5, high=1.0,
        meaning="Weight of homes with an incident within the last year or that owe money.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    medical: float = parameter(
        1.1, unit="ratio", limits=(0.0, 3.0), low=1.0, high=1.3,
        meaning="Weight of homes with a medical link.", source="judgement", evidence="judgement",
    )  # fmt: skip


def claim(world: World, levers: OperatingSubsidy, instrument: Instrument) -> None:
    """Claim for each home what its residents and its record are worth."""
    homes = world.homes
    if levers.amount <= 0.0 or len(homes) == 0:
        return
    people = world.people
    fen, total = worths(
        residents(world), people["home"], people["assessed"], homes.table,
        active(levers, world.territory, world.draws), world.month, FEN * levers.amount, levers.severity, levers.star,
        levers.credit, levers.medical,
    )  # fmt: skip
    homes.claimed[instrument.name] = fen
    world.claims.programme(instrument, total, payee="homes")


@compiled
def worths(rows, home, assessed, homes, where, month, each, severity, gain, credit, medical):
    """Return the fen that each home claims, residents by the weight of their state times its record, and their sum."""
    states, fen = np.zeros((len(homes), STATES)), np.zeros(len(homes), dtype=np.int64)
    for i in rows:  # whole numbers first, so that no fen depends on the order of the residents
        states[home[i], assessed[i]] += 1.0
    for h in range(len(fen)):
        one, heads = homes[h], 0.0
        for state in range(STATES):
            heads += severity[state] * states[h, state]
        if where[one.village]:
            weight = 1.0 + gain * (one.star - MIDDLING_STAR) if one.star > 0 else 1.0
            doubtful = one.cash < 0 or one.incident > month - YEAR
            weight *= (credit if doubtful else 1.0) * (medical if one.medical else 1.0)
            fen[h] = np.int64(np.floor(each * weight * heads))
    return fen, fen.sum()


INSTRUMENT = Instrument(
    name="operating_subsidy",
    meaning="Homes are paid for each occupied bed, by the resident's state, the home's stars, credit and medical link.",
    parameters=OperatingSubsidy,
    effects=(Effect("homes.subsidy", "adds", lambda levers: levers.amount),),
    slot="benefit",
    act=claim,
    funder="local",
    needs_money=True,
    moves=Move("operating_subsidy", +1, {"amount": 300.0}, months=1),
)
