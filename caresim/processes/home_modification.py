"""Home modification: dwellings of elders are made safe (rails, ramps, light), first where a fall is likeliest."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.care import ALONE
from caresim.agents.people import INSTITUTION, age_in_years
from caresim.agents.priority import neediest, places
from caresim.agents.world import Process, World
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

NAME = "home_modification"
ROUND = purpose("home_modification.round")
ORDER = purpose("home_modification.order")
PER = 10_000.0 * 12.0
FRAIL_FROM = 80
MODIFIED, CHOSEN = 1, 2
"""Codes of the column `modified`."""


class HomeModification(Parameters):
    """How many homes are made safe."""

    per_10000_year: float = parameter(
        0.0, unit="homes per 10,000 elder-years", limits=(0.0, 10_000.0), low=0.0, high=30.0, local=True,
        meaning="Homes made safe; a measure of government says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip


def modify_homes(world: World) -> None:
    """Make safe the homes chosen last month that are paid for now, and choose those of the coming month."""
    rate = world.by_village("home_modification.per_10000_year")
    if not rate.any():
        return
    elders, modified = world.elders, world.people["modified"]
    claim = world.claims.made.get((NAME, "service"))
    if claim is not None:
        fen = build(elders, modified, world.people["village"], rate, claim.fen, claim.granted)
        world.money.pay(NAME, claim.instrument.funder, "suppliers", fen)
    n = places(world, rate, PER, uniform(world.draws.stream(ROUND, world.month), np.uint64(0)))
    if n > 0:
        found = points(
            elders, *(world.people[name] for name in ("modified", "assessed", "means", "arrangement", "born", "place",
                                                      "takes_up", "village")), rate, world.month,
        )  # fmt: skip
        luck = draws_of(world.draws.word(ORDER, 0), world.elder_keys())
        modified[elders[neediest(found, luck, n)]] = CHOSEN


@compiled
def build(elders, modified, village, rate, claimed, granted):
    """Make safe the chosen homes whose whole cost is granted, give up the others; return the fen spent."""
    spent = 0
    for j in range(len(elders)):
        i = elders[j]
        if modified[i] == CHOSEN:
            paid = granted[j] >= claimed[j] and rate[village[i]] > 0.0
            modified[i] = MODIFIED if paid else 0
            spent += granted[j] if paid else 0
    return spent


@compiled
def points(elders, modified, assessed, means, arrangement, born, place, takes_up, village, rate, month):
    """Return how urgent each elder's home is: limited or very old 8, poor 4, alone 2, in need of personal care 1."""
    found = np.zeros(len(elders), dtype=np.int64)
    for j in range(len(elders)):
        i = elders[j]
        if modified[i] == 0 and place[i] != INSTITUTION and takes_up[i] and rate[village[i]] > 0.0:
            frail = assessed[i] > 0 or age_in_years(month, born[i]) >= FRAIL_FROM
            found[j] = 1 + 8 * frail + 4 * (means[i] != 0) + (assessed[i] >= 2)
            found[j] += 2 * (arrangement[i] & ALONE != 0)
    return found


PROCESS = Process(
    name=NAME,
    run=modify_homes,
    reads=("assessed", "means", "arrangement", "born", "place", "takes_up", "village"),
    writes=("modified",),
    meaning="Homes of elders are made safe, first of those who are limited or very old, poor, or alone.",
    parameters=HomeModification,
    columns=(
        Column("modified", np.uint8, 0, "code", "Whether the elder's home has been made safe: 1 yes, 2 chosen for it.",
               NAME, elder=True),
    ),
)  # fmt: skip
