"""Admission: elders consider a care home, queue for a bed, move in, and move out again."""

from __future__ import annotations

import numpy as np

from caresim.agents.admission_rules import Admission
from caresim.agents.founding import found_first
from caresim.agents.home_moves import first_residents, move_in, send_home
from caresim.agents.home_queue import (
    CHOSEN,
    CLOSED,
    MOVES,
    MOVES_ON,
    RECOVERED,
    STAYS,
    hold_round,
    note_round,
)
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
READ = ("state", "place", "home", "home_since", "disability", "born", "arrangement", "means", "income", "transfers",
        "benefits", "spouse", "unmet", "mood", "village", "key")  # fmt: skip
READ_OF_HOMES = ("x", "y", "ownership", "nursing", "reputation", "village", "beds")
NO_SAVINGS = np.zeros(0, dtype=np.int64)


def admit(world: World) -> None:
    """Let residents leave, let elders consider, and fill free beds in the order of the queue."""
    homes, people, month = world.homes, world.people, world.month
    homes.open_month()
    if len(homes) == 0:
        return
    rules: Admission = world.parameters["admission"]
    territory, of_homes = world.territory, world.parameters["homes"]
    inside, fate, queue, kind, since, rank, target, free = hold_round(
        *(people[name] for name in READ), people.arrays.get("savings", NO_SAVINGS),
        world.once("admission.support", world.enacted, lambda: _support(world)),
        territory.x, territory.y, territory.stigma, homes.price, *(homes[name] for name in READ_OF_HOMES), homes.open,
        homes["closing"], world.by_village("homes.price_most"), world.by_village("homes.reserved_share"),
        people.elders_end, world.parameters["income"].growth(year_of(month)), of_homes.price_level, rules.spendable,
        rules.savings_months, rules.weights(), rules.recovered, rules.unpaid, rules.leave,
        rules.consider, month, world.draws.stream(CONSIDER, month), world.draws.stream(LEAVE, month),
    )  # fmt: skip
    _let_leave(world, inside, fate)
    stranded = queue[(kind == MOVES_ON) & ~free]
    homes.left[CLOSED - RECOVERED] = len(stranded)
    send_home(people, stranded, month)
    _let_in(world, queue, kind, since, rank, target, free)


def _support(world: World) -> np.ndarray:
    """Return the yuan of public support by village and group, shape (villages, groups)."""
    by_group = [world.by_village(f"admission.aid_{who}") for who in AIDED]
    return np.stack(by_group, axis=1)


def _prices(world: World) -> np.ndarray:
    """Return what homes ask for by state, yuan a month, shape (homes, states)."""
    homes, growth = world.homes, world.parameters["income"].growth(year_of(world.month))
    cap = world.by_village("homes.price_most")[homes["village"]]
    found: np.ndarray = np.minimum(homes.price * growth * world.parameters["homes"].price_level, cap[:, None])
    return found


def _let_leave(world: World, inside: np.ndarray, fate: np.ndarray) -> None:
    """Let residents move out, and homes close."""
    homes = world.homes
    closing = homes["closing"]
    homes.exits = int(np.count_nonzero(closing))
    if homes.exits:
        homes["closed"][closing], homes["closing"][:] = world.month, False
    numbers = np.bincount(fate, minlength=CHOSEN + 1).tolist()
    homes.left[: CLOSED - RECOVERED] = numbers[RECOVERED : CHOSEN + 1]
    if numbers[STAYS] < len(fate):
        send_home(world.people, inside[fate > MOVES], world.month)


def _let_in(world: World, queue: np.ndarray, kind: np.ndarray, since: np.ndarray, rank: np.ndarray, target: np.ndarray,
            free: np.ndarray) -> None:  # fmt: skip
    """Let those with a bed move in; note the others as waiting."""
    people, homes, month = world.people, world.homes, world.month
    homes.admitted, homes.refused = note_round(
        queue, target, free, since, rank, *(people[name] for name in ("disability", "home", "home_since"))
    )
    if len(homes.admitted):
        homes.waits = month - since[free & (kind < MOVES_ON)]
        move_in(people, homes.admitted[:, 0], homes.admitted[:, 1], month)


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
    rows, destitute = first_residents(
        elders, *(people[name] for name in ("disability", "born", "spouse", "household", "income", "transfers", "key",
                                            "first_child", "next_maternal", "next_paternal", "state")),
        people.n, world.month, minimum, rules.spendable, _prices(world).max(axis=0), rules.weights(),
        world.draws.word(FIRST, 0), most,
    )  # fmt: skip
    move_in(people, rows, _first_homes(homes, destitute), world.month)


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
    reads=("state", "place", "disability", "born", "arrangement", "means", "income", "transfers", "benefits", "spouse",
           "unmet", "mood", "village", "household", "first_child", "village.stigma", "parameters.homes",
           "parameters.income"),
    writes=("home", "home_since", "place", "household"),
    meaning="Elders who need care, or have nobody, consider a care home, queue for a bed, move in and out.",
    parameters=Admission,
    columns=COLUMNS,
)  # fmt: skip
