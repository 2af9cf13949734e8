"""Admission: elders consider a care home, queue for a bed, move in, and move out again."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.admission_rules import Admission
from caresim.agents.founding import found_first
from caresim.agents.home_choice import age_of, priority_of, wants_home
from caresim.agents.home_moves import first_residents, move_in, send_home
from caresim.agents.home_queue import CHOSEN, CLOSED, MOVES, RECOVERED, STAYS, fates, fill_beds
from caresim.agents.institutions import COLUMNS, DEPENDENT, FIRST_WAITING, NO_HOME, PRIVATE, Homes
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

CONSIDER = purpose("admission.consider")
LEAVE = purpose("admission.leave")
STIGMA = purpose("admission.stigma")
FIRST = purpose("admission.first")
AIDED = ("destitute", "poor", "severe", "moderate", "oldest")
READ = ("disability", "born", "arrangement", "means", "income", "transfers", "benefits", "spouse", "unmet", "mood",
        "village", "key")  # fmt: skip


def admit(world: World) -> None:
    """Let residents leave, let elders consider, and fill free beds in the order of the queue."""
    homes, people, month = world.homes, world.people, world.month
    homes.open_month()
    if len(homes) == 0:
        return
    rules: Admission = world.parameters["admission"]
    stream = world.draws.stream(CONSIDER, month)
    inside, waiting, fresh = look_around(
        *(people[name] for name in ("state", "place", "home", "disability", "arrangement", "means", "born", "key")),
        people.elders_end, month, rules.consider, stream,
    )  # fmt: skip
    market = _market(world, rules)
    movers, staying = _let_leave(world, rules, inside, market)
    queue = np.concatenate([movers, waiting, fresh])
    kind = np.repeat([2, 1, 0], [len(movers), len(waiting), len(fresh)]).astype(np.int8)
    since = np.where(kind == 1, people["home_since"][queue], month)
    rank = ranks(queue, people["disability"], people["means"])
    order = np.lexsort((people["key"][queue], since, -rank))
    queue, kind, since, rank = queue[order], kind[order], since[order], rank[order]
    target, free = fill_beds(
        queue,
        kind,
        rank,
        staying,
        people["home"],
        *market,
        *_reserved(world, staying),
        rules.weights(),
        month,
        stream,
    )
    _carry_out(world, queue, kind, since, rank, target, free)


def _market(world: World, rules: Admission) -> tuple[Any, ...]:
    """Return what the rules of choice read: of people, of villages, of homes."""
    people, homes, territory = world.people, world.homes, world.territory
    rules_of_homes = world.parameters["homes"]
    support = np.empty((len(territory), len(AIDED)))
    for k, who in enumerate(AIDED):
        support[:, k] = world.by_village(f"admission.aid_{who}")
    growth = world.parameters["income"].growth(year_of(world.month))
    ceiling = world.by_village("homes.price_most")[homes["village"]]
    price = np.minimum(homes.price * growth * rules_of_homes.price_level, ceiling[:, None])
    savings = people.arrays.get("savings", np.zeros(0, dtype=np.int64))
    return (
        *(people[name] for name in READ), savings, rules.spendable, rules.savings_months, support,
        territory.x, territory.y, territory.stigma, price,
        *(homes[name] for name in ("x", "y", "ownership", "nursing", "reputation")),
        np.where(homes.open & ~homes["closing"], homes["beds"], 0),
    )  # fmt: skip


def _let_leave(
    world: World, rules: Admission, inside: np.ndarray, market: tuple[Any, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Let residents move out; return those who look for another home because theirs closes, and those who stay."""
    people, homes = world.people, world.homes
    fate = fates(
        inside, people["home"], homes["closing"], *market, rules.recovered, rules.unpaid, rules.leave, world.month,
        world.draws.stream(LEAVE, world.month),
    )  # fmt: skip
    closing = homes["closing"].copy()
    homes["closed"][closing], homes["closing"][:] = world.month, False
    homes.exits = int(closing.sum())
    movers = inside[fate == MOVES]
    going = inside[fate > MOVES]
    numbers = np.bincount(fate, minlength=CHOSEN + 1).tolist()
    homes.left[: CLOSED - RECOVERED] = numbers[RECOVERED : CHOSEN + 1]
    send_home(people, going, world.month)
    return movers, inside[fate == STAYS]


def _reserved(world: World, staying: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return beds in use, nursing beds in use, reserved beds, and basic targets inside, by home."""
    people, homes = world.people, world.homes
    n, home = len(homes), people["home"][staying]
    share = world.by_village("homes.reserved_share")[homes["village"]]
    reserved = np.where(homes["ownership"] == PRIVATE, 0, np.floor(share * homes["beds"])).astype(np.int64)
    dependent = people["disability"][staying] >= DEPENDENT
    basic = ranks(staying, people["disability"], people["means"]) > 0
    counts = (np.bincount(home[who], minlength=n) for who in (slice(None), dependent, basic))
    used, nursing, targets = counts
    return used, nursing, reserved, targets


def _carry_out(world: World, queue: np.ndarray, kind: np.ndarray, since: np.ndarray, rank: np.ndarray,
               target: np.ndarray, free: np.ndarray) -> None:  # fmt: skip
    """Let those with a bed move in; note the others as waiting, send home who came from a closed home."""
    people, homes, month = world.people, world.homes, world.month
    stranded = queue[(kind == 2) & ~free]
    homes.left[CLOSED - RECOVERED] = len(stranded)
    send_home(people, stranded, month)
    people["home"][queue[~free]] = np.where(target[~free] >= 0, FIRST_WAITING - target[~free], NO_HOME)
    people["home_since"][queue[~free]] = since[~free]
    homes.admitted = np.stack([queue[free], target[free], rank[free], since[free]], axis=1)
    waits = ~free & (target >= 0)
    dependent = people["disability"][queue[waits]] >= DEPENDENT
    homes.refused = np.stack([queue[waits], target[waits], rank[waits], since[waits], dependent], axis=1)
    homes.waits = month - since[free & (kind < 2)]
    move_in(people, queue[free], target[free], month)


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
    market = _market(world, rules)
    rows, destitute = first_residents(
        elders, *(people[name] for name in ("disability", "born", "spouse", "household", "income", "transfers", "key",
                                            "first_child", "next_maternal", "next_paternal", "state")),
        people.n, world.month, minimum, rules.spendable, market[len(READ) + 7].max(axis=0), rules.weights(),
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


@compiled
def look_around(state, place, home, disability, arrangement, means, born, key, n, month, consider, stream):
    """Strike who no longer lives in a home or waits for one; return residents, those who wait, those who consider."""
    inside, waiting, fresh = [], [], []
    elder = LIVING_RESIDENT | ELDER
    for i in range(n):
        if state[i] & elder != elder:
            home[i] = NO_HOME
        elif place[i] == INSTITUTION:
            if home[i] >= 0:
                inside.append(i)
        else:
            wants = wants_home(disability[i], arrangement[i], means[i], age_of(month, born[i]))
            if home[i] <= FIRST_WAITING and wants:
                waiting.append(i)
            else:
                home[i] = NO_HOME
                if wants and uniform(stream, key[i]) < consider:
                    fresh.append(i)
    return (
        np.array(inside, dtype=np.int64),
        np.array(waiting, dtype=np.int64),
        np.array(fresh, dtype=np.int64),
    )


@compiled
def ranks(rows, disability, means):
    """Return the class of priority of some elders."""
    found = np.zeros(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        found[j] = priority_of(disability[rows[j]], means[rows[j]])
    return found


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
