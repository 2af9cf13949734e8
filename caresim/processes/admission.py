"""Admission: elders consider a care home, queue for a bed, move in, and move out again."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.admission_rules import Admission
from caresim.agents.founding import found_first
from caresim.agents.home_choice import distances
from caresim.agents.home_moves import first_residents, move_in
from caresim.agents.home_queue import hold_round, prices
from caresim.agents.home_terms import terms
from caresim.agents.institutions import COLUMNS, PRIVATE, Homes
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.draws import purpose, uniform

CONSIDER = purpose("admission.consider")
LEAVE = purpose("admission.leave")
STIGMA = purpose("admission.stigma")
FIRST = purpose("admission.first")
AIDED = ("destitute", "poor", "severe", "moderate", "oldest")
NO_SAVINGS = np.zeros(0, dtype=np.int64)
OF_PEOPLE = itemgetter(
    "state", "place", "home", "home_since", "disability", "assessed", "takes_up", "born", "arrangement", "means",
    "income", "transfers", "benefits", "spouse", "unmet", "mood", "village", "key", "household", "first_child",
    "next_maternal", "next_paternal",
)  # fmt: skip


def admit(world: World) -> None:
    """Let residents leave, let elders consider, and fill free beds in the order of the queue."""
    homes = world.homes
    homes.open_month()
    if len(homes.table) == 0:
        return
    people, month, draws = world.people, world.month, world.draws
    columns = people.arrays
    homes.left, homes.exits, founded, admitted, noted = hold_round(
        homes.table, homes.price, *OF_PEOPLE(columns), columns.get("savings", NO_SAVINGS), people.n, people.elders_end,
        people.n_households, month, draws.stream(CONSIDER, month), draws.stream(LEAVE, month), *_agreed(world),
    )  # fmt: skip
    if len(noted) > 0:
        homes.note_round(noted, admitted)
    if founded > 0:
        people.found_households(founded)


def _agreed(world: World) -> tuple[np.ndarray, ...]:
    """Return public support by village and group, the terms of homes by village, admission's rules, distances, shame.

    The record of the rules has this year's prices beside them.
    """
    groups = world.parameters
    when = world.enacted, world.month // 12, groups["admission"], groups["homes"], len(world.homes.table)
    return world.once(
        "admission.agreed", when, lambda: _agree(world, groups["admission"], groups["homes"].price_level)
    )


def _agree(world: World, rules: Admission, price_level: float) -> tuple[np.ndarray, ...]:
    territory = world.territory
    far = distances(world.homes.table, territory.x, territory.y)
    record = rules.record(world.parameters["income"].growth(year_of(world.month)), price_level)
    return _support(world), terms(world).villages, record, far, territory.stigma


def _support(world: World) -> np.ndarray:
    """Return the yuan of public support by village and group, shape (villages, groups)."""
    return np.stack([world.by_village(f"admission.aid_{who}") for who in AIDED], axis=1)


def begin(world: World) -> None:
    """Draw each village's shame, found the homes of the start, and let their first residents live there."""
    rules: Admission = world.parameters["admission"]
    word = world.draws.word(STIGMA, 0)
    spread = rules.stigma_high - rules.stigma_low
    luck = [uniform(word, np.uint64(key)) for key in world.territory.key]
    world.territory.stigma[:] = rules.stigma_low + spread * np.array(luck)
    found_first(world, world.parameters["homes"])
    if len(world.homes) > 0:
        _settle_first(world, rules)


def _settle_first(world: World, rules: Admission) -> None:
    people, homes = world.people, world.homes
    elders = people.who(LIVING_RESIDENT | ELDER)
    most = min(int(rules.first_share * len(elders) + 0.5), int(0.9 * homes.beds))
    minimum = world.parameters["income"].minimum_fen(year_of(world.month))
    _, villages, record, *_ = _agreed(world)
    dearest = prices(homes.table, homes.price, villages, record[0]).max(axis=0)
    rows, destitute = first_residents(
        elders, *(people[name] for name in ("disability", "born", "spouse", "household", "income", "transfers", "key",
                                            "first_child", "next_maternal", "next_paternal", "state")),
        people.n, world.month, minimum, dearest, record[0],
        world.draws.word(FIRST, 0), most,
    )  # fmt: skip
    moved = (people[name] for name in ("home", "home_since", "state", "place", "household"))
    move_in(rows, _first_homes(homes, destitute), world.month, *moved)


def _first_homes(homes: Homes, destitute: np.ndarray) -> np.ndarray:
    """Return the home of each first resident: the destitute in homes built by the public, the others everywhere."""
    beds = np.repeat(np.arange(len(homes)), homes["beds"])
    public = np.flatnonzero(homes["ownership"][beds] != PRIVATE)
    taken = public[_evenly(min(int(destitute.sum()), len(public)), len(public))]
    left = np.setdiff1d(np.arange(len(beds)), taken)
    others = left[_evenly(len(destitute) - len(taken), len(left))]
    placed = np.zeros(len(destitute), dtype=np.int64)
    order = np.argsort(~destitute, kind="stable")
    placed[order] = beds[np.concatenate([taken, others])]
    return placed


def _evenly(n: int, among: int) -> np.ndarray:
    return np.arange(n) * among // max(1, n)


PROCESS = Process(
    name="admission",
    run=admit,
    begin=begin,
    reads=("state", "place", "disability", "assessed", "takes_up", "born", "arrangement", "means", "income",
           "transfers", "benefits", "spouse", "unmet", "mood", "village", "household", "first_child", "next_maternal",
           "next_paternal", "savings", "home", "home_since", "key", "village.stigma", "parameters.homes",
           "parameters.income", "parameters.needs"),
    writes=("home", "home_since", "state", "place", "household"),
    meaning="Elders who need care, or have nobody, consider a care home, queue for a bed, move in and out.",
    parameters=Admission,
    columns=COLUMNS,
)  # fmt: skip
