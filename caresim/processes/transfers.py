"""Transfers: once a year children who live elsewhere settle what they send to their parents each month."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.money import FEN, MOST
from caresim.agents.people import ALIVE, ELDER, FEMALE, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import NOBODY, Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import normal_draws, purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

ANY = purpose("transfers.any")
SUM = purpose("transfers.sum")
REFERENCE_CHILDREN = 3


class Transfers(Parameters):
    """What children who live elsewhere send, by the number of living children."""

    any_share: float = parameter(
        0.75, unit="share", low=0.6, high=0.85,
        meaning="Probability that an elder with three living children receives anything in a year.",
        source="hu2022", evidence="judgement",
    )  # fmt: skip
    any_per_child: float = parameter(
        0.031, unit="share", limits=(0.0, 0.2), low=0.015, high=0.045,
        meaning="Gain in that probability with each further child.", source="hu2022", evidence="verified",
    )  # fmt: skip
    sum_year: float = parameter(
        3000.0, unit="yuan per year", limits=(0.0, 100000.0), low=2000.0, high=4500.0,
        meaning="Median sum of a year for an elder with three living children who receives anything, in 2020; it "
        "grows like rural incomes.",
        source="hu2022", evidence="judgement",
    )  # fmt: skip
    sum_per_child: float = parameter(
        328.0, unit="yuan per year", limits=(0.0, 10000.0), low=150.0, high=500.0,
        meaning="Gain in that sum with each further child, alike.", source="hu2022", evidence="verified",
    )  # fmt: skip
    spread: float = parameter(
        0.8, unit="log points", limits=(0.0, 2.0), low=0.5, high=1.2,
        meaning="Standard deviation of the logarithm of the sum.", source="judgement", evidence="judgement",
    )  # fmt: skip


def send(world: World) -> None:
    """Set in January what each resident elder receives a month from children who live elsewhere."""
    streams = world.draws.stream(ANY, world.month), world.draws.stream(SUM, world.month)
    if is_january(world.month):
        _settle(world, *streams)


def begin(world: World) -> None:
    """Set what elders receive before the first January, so that the months of care before the start know the poor."""
    _settle(world, world.draws.word(ANY, 0), world.draws.word(SUM, 0))


def _settle(world: World, any_stream: np.uint64, sum_stream: np.uint64) -> None:
    people = world.people
    parameters: Transfers = world.parameters["transfers"]
    growth = world.parameters["income"].growth(year_of(world.month))
    settle_transfers(
        *(people[name] for name in ("state", "key", "household", "first_child", "next_maternal", "next_paternal",
                                    "transfers")),
        people.n, parameters.any_share, parameters.any_per_child, growth * parameters.sum_year,
        growth * parameters.sum_per_child, parameters.spread, any_stream, sum_stream,
    )  # fmt: skip


@compiled
def settle_transfers(state, key, household, first_child, next_maternal, next_paternal, transfers, n, any_share,
                     any_per_child, sum_year, sum_per_child, spread, any_stream, sum_stream):  # fmt: skip
    """Write the monthly transfer of each resident elder, in fen; nothing without a child in another household."""
    room, found, resident = len(transfers) + 1, 0, np.uint8(LIVING_RESIDENT | ELDER)
    rows, keys, medians = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.uint64), np.empty(room)
    transfers[:] = 0
    for i in range(min(n, len(transfers))):
        if state[i] & resident == resident:
            after = next_maternal if state[i] & FEMALE else next_paternal
            children, elsewhere = count_children(first_child[i], household[i], after, state, household, n)
            further = children - REFERENCE_CHILDREN
            sends = uniform(any_stream, key[i]) < any_share + any_per_child * further
            rows[found], keys[found] = i, key[i]
            medians[found] = max(0.0, sum_year + sum_per_child * further)
            found += (elsewhere > 0) & sends
    draws = normal_draws(sum_stream, keys[:found])
    for f in range(found):
        transfers[rows[f]] = min(MOST, int(medians[f] * math.exp(spread * draws[f]) * FEN / 12.0))


@compiled
def count_children(child, home, after, state, household, n):
    """Return how many living children there are in a chain, and how many of them in another household.

    Who lives in an institution, and who is away or gone from the register, has no household: between these nobody
    shares one.
    """
    children = elsewhere = 0
    while child >= 0:
        row = np.uint32(child)
        living = state[row] & ALIVE != 0
        children += living
        elsewhere += living and (child >= n or home == NOBODY or household[row] != home)
        child = after[row]
    return children, elsewhere


PROCESS = Process(
    name="transfers",
    run=send,
    begin=begin,
    reads=("state", "household", "first_child", "next_maternal", "next_paternal", "key", "parameters.income"),
    writes=("transfers",),
    meaning="Children who live elsewhere send money to their parents; the sums are settled once a year.",
    parameters=Transfers,
    columns=(Column("transfers", np.int32, 0, "fen per month", "Received from children who live elsewhere.",
                    "transfers", elder=True, least=0),),
)  # fmt: skip
