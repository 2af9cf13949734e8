"""Home modification: dwellings of elders are made safe (rails, ramps, light), first where a fall is likeliest."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from caresim.agents.care import ALONE
from caresim.agents.people import INSTITUTION, age_in_years
from caresim.agents.priority import village_heads, weighted
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
MOST_POINTS = 16
MODIFIED, CHOSEN = 1, 2
"""Codes of the column `modified`."""
LOOKED_AT = "modified", "assessed", "means", "arrangement", "born", "place", "takes_up", "village", "key"
CHOSEN_OF_EIGHT = np.uint64(0x0202020202020202)
"""The bit of `CHOSEN` in each of eight codes."""
columns_of = itemgetter(*LOOKED_AT)
NOBODYS = np.uint64(0)
NO_CLAIMS = np.zeros(0, dtype=np.int64)


class HomeModification(Parameters):
    """How many homes are made safe."""

    per_10000_year: float = parameter(
        0.0, unit="homes per 10,000 elder-years", limits=(0.0, 10_000.0), low=0.0, high=30.0, local=True,
        meaning="Homes made safe; a measure of government says how many.", source="judgement", evidence="judgement",
    )  # fmt: skip


def modify_homes(world: World) -> None:
    """Make safe the homes chosen last month that are paid for now, and choose those of the coming month."""
    rate, word = world.once("home_modification.plan", world.enacted, lambda: _plan(world))
    if rate is None:
        return
    claim = world.claims.made.get((NAME, "service"))
    claimed, granted = claim.claimed_and_granted() if claim is not None else (NO_CLAIMS, NO_CLAIMS)
    fen = build_and_choose(
        world.elders, *columns_of(world.people.arrays), rate, claimed, granted, world.month, village_heads(world),
        world.draws.stream(ROUND, world.month), word,
    )  # fmt: skip
    if claim is not None:
        world.money.pay(NAME, claim.instrument.funder, "suppliers", fen)


def _plan(world: World) -> tuple[np.ndarray | None, np.uint64]:
    """Return the homes by village, None where none are made safe, and the lasting stream of the order among equals."""
    rate = world.by_village("home_modification.per_10000_year")
    return rate if rate.any() else None, world.draws.word(ORDER, 0)


@compiled
def build_and_choose(elders, modified, assessed, means, arrangement, born, place, takes_up, village, key, rate,
                     claimed, granted, month, heads, round_word, word):  # fmt: skip
    """Make safe what is paid for, and choose the most urgent homes, of equal ones by lot; return the fen spent.

    As many are chosen as the rates say for the elders of each village (`heads`), rounded by a draw.
    """
    spent = build(elders, modified, village, rate, claimed, granted) if len(claimed) > 0 else 0
    n = int(weighted(heads, rate) / PER + uniform(round_word, NOBODYS))
    if n > 0:
        rows, points, size = most_urgent(
            elders, modified, assessed, means, arrangement, born, place, takes_up, village, rate, month, n
        )
        choose(rows, modified, points, size, key, n, word)
    return spent


@compiled
def most_urgent(
    elders, modified, assessed, means, arrangement, born, place, takes_up, village, rate, month, n
):
    """Return rows that hold the `n` most urgent homes and all as urgent as these, their points, and how many have each.

    The more urgent those are who have been found, the fewer of the others are looked at closely.
    """
    rows, points = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.uint8)
    size, found, limit, above = np.zeros(MOST_POINTS + 1, dtype=np.int64), 0, 1, 0
    for row in elders:
        i = np.uint64(row)
        if urgency(assessed[i], means[i], ALONE, True) < limit:
            continue
        urgent = urgency(assessed[i], means[i], arrangement[i], age_in_years(month, born[i]) >= FRAIL_FROM)
        may = (modified[i] == 0) & (place[i] != INSTITUTION) & (takes_up[i] != 0) & (rate[village[i]] > 0.0)
        if may and urgent >= limit:
            rows[found], points[found] = row, urgent
            found += 1
            size[urgent] += 1
            above += urgent > limit
            while above >= n:
                limit += 1
                above -= size[limit]
    return rows[:found], points[:found], size


@compiled
def choose(elders, modified, points, size, key, n, word):
    """Mark the homes of the `n` elders with the most points, of equal ones those of the lowest draws.

    `size` has how many there are with each number of points.
    """
    limit, sure = MOST_POINTS, 0
    while limit > 0 and sure + size[limit] <= n:
        sure += size[limit]
        limit -= 1
    ties = np.empty(size[limit] if limit > 0 else 0, dtype=np.int64)
    luck, found = np.empty(len(ties)), 0
    for j in range(len(points)):
        if points[j] > limit:
            modified[elders[j]] = CHOSEN
        elif points[j] == limit and limit > 0:
            ties[found], luck[found] = elders[j], uniform(word, key[elders[j]])
            found += 1
    for row in ties[np.argsort(luck)[: n - sure]]:
        modified[row] = CHOSEN


@compiled
def build(elders, modified, village, rate, claimed, granted):
    """Make safe the chosen homes whose whole cost is granted, give up the others; return the fen spent."""
    spent = 0
    for i in chosen_homes(modified):
        j = np.searchsorted(elders, i)
        if j < len(elders) and elders[j] == i:
            paid = granted[j] >= claimed[j] and rate[village[i]] > 0.0
            modified[i] = MODIFIED if paid else 0
            spent += granted[j] if paid else 0
    return spent


@compiled
def chosen_homes(modified):
    """Return the rows whose home has been chosen; eight are looked at together."""
    whole = len(modified) // 8 * 8
    eights = modified[:whole].view(np.uint64)
    rows = []
    for e in range(len(eights)):
        if eights[e] & CHOSEN_OF_EIGHT:
            for i in range(8 * e, 8 * e + 8):
                if modified[i] == CHOSEN:
                    rows.append(i)
    for i in range(whole, len(modified)):
        if modified[i] == CHOSEN:
            rows.append(i)
    return rows


@compiled
def urgency(assessed, means, arrangement, very_old):
    """Return how urgent a home is: limited or very old 8, poor 4, alone 2, in need of personal care 1, and 1 more."""
    frail = np.int64((assessed > 0) | very_old)
    poor, alone = np.int64(means != 0), np.int64(arrangement & ALONE != 0)
    return 1 + 8 * frail + 4 * poor + 2 * alone + np.int64(assessed >= 2)


PROCESS = Process(
    name=NAME,
    run=modify_homes,
    reads=("assessed", "means", "arrangement", "born", "place", "takes_up", "village", "modified", "key"),
    writes=("modified",),
    meaning="Homes of elders are made safe, first of those who are limited or very old, poor, or alone.",
    parameters=HomeModification,
    columns=(
        Column("modified", np.uint8, 0, "code", "Whether the elder's home has been made safe: 1 yes, 2 chosen for it.",
               NAME, elder=True, most=2),
    ),
)  # fmt: skip
