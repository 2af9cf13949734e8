"""Benefits: measures claim for elders and programmes, the budget grants by priority, and cash is paid."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ALONE
from caresim.agents.entitlements import PRIORITIES
from caresim.agents.money import COLUMNS, ELDERS, MOST
from caresim.agents.people import age_in_years
from caresim.agents.world import Process, World
from caresim.kernel.compiled import compiled
from caresim.kernel.parameters import Parameters, parameter

FEN = 100


class Benefits(Parameters):
    """What government may spend on the care of elders."""

    ceiling: float = parameter(
        0.0, unit="yuan per elder-month", limits=(0.0, 1e6), low=0.0, high=1000.0,
        meaning="Most that may be spent a month for each resident elder, statutory entitlements included; 0 is "
        "without a ceiling.", source="judgement", evidence="judgement",
    )  # fmt: skip


def pay_benefits(world: World) -> None:
    """Collect the month's claims, grant them within the ceiling, and pay the cash among them."""
    people, claims, money = world.people, world.claims, world.money
    people["benefits"][: people.n] = 0
    people["out_of_pocket"][: people.n] = 0
    claims.open(len(world.elders))
    for slot in ("entitlement", "benefit"):
        for instrument, levers in world.policy.acting(slot):
            instrument.act(world, levers, instrument)
    ceiling = world.parameters["benefits"].ceiling
    if ceiling > 0.0:
        money.ceiling = int(ceiling * FEN * len(world.elders))
    money.deficit, money.refused = claims.settle(money.ceiling, _priority(world))
    for claim in claims.by_name.values():
        if not claim.entitlement:
            money.discretionary.add(claim.instrument.name)
        if claim.payee is not None:
            money.pay(claim.instrument.name, claim.instrument.funder, claim.payee, int(claim.granted[0]))
        elif claim.cash:
            paid = add_to(people["benefits"], world.elders, claim.granted, MOST)
            money.pay(claim.instrument.name, claim.instrument.funder, ELDERS, paid)


def _priority(world: World) -> np.ndarray:
    """Return the class of each resident elder: 2 severe + moderate + poor + alone + .5 [80+], in halves."""
    people = world.people
    return classes(
        world.elders, *(people[name] for name in ("assessed", "means", "arrangement", "born")), world.month
    )


@compiled
def classes(elders, assessed, means, arrangement, born, month):
    """Return the class of priority of each resident elder, shape (e,)."""
    found = np.zeros(len(elders), dtype=np.int64)
    for j in range(len(elders)):
        i = elders[j]
        points = 0
        if assessed[i] == 3:
            points += 4
        elif assessed[i] == 2:
            points += 2
        points += 2 * (means[i] != 0) + 2 * (arrangement[i] & ALONE != 0)
        points += age_in_years(month, born[i]) >= 80
        found[j] = min(points, PRIORITIES - 1)
    return found


@compiled
def add_to(column, elders, fen, most):
    """Add sums to a column of people, in place; return what was added."""
    total = 0
    for j in range(len(elders)):
        i = elders[j]
        added = min(fen[j], most - column[i])
        column[i] += added
        total += added
    return total


PROCESS = Process(
    name="benefits",
    run=pay_benefits,
    reads=("assessed", "means", "arrangement", "born"),
    writes=("benefits", "out_of_pocket"),
    meaning="Elders and programmes claim what they are entitled to; government pays within its budget, by priority.",
    parameters=Benefits,
    columns=COLUMNS,
)
