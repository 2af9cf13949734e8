"""The queue for entitled hours: the severely disabled first, then who has waited longest, then by lot."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ENTITLED, INSTRUMENTAL, PERSONAL
from caresim.agents.workers_month import Queue
from caresim.agents.workforce import (
    CERTIFIED,
    ENTITLING,
    UNCERTIFIED,
    cost_of,
    deliver,
    hour_price,
    pay_workers,
    staffed,
    workers_of,
)
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

MOST_WAIT = 255


def line_up(world: World, stream: np.uint64) -> Queue:
    """Return the cases who are entitled to hours in the order in which their teams serve them."""
    people, care = world.people, world.care
    by_village, _, _ = workers_of(world)
    found = list_entitled(
        world.elders, care.rows, *(people[name] for name in ("entitled", "assessed", "care_wait", "village", "key")),
        by_village, stream,
    )  # fmt: skip
    case, elder, team, rank, minutes, luck = found
    order = np.lexsort((luck, -rank[:, 1], -rank[:, 0], team))
    n = len(order)
    return Queue(
        case[order], elder[order], team[order], rank[order], minutes[order],
        np.zeros((n, 2), dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros((n, 2), dtype=np.int64),
    )  # fmt: skip


@compiled
def list_entitled(elders, rows, entitled, assessed, waited, village, key, by_village, stream):
    """Return case, position among the elders, team, rank, minutes and draw of each case with an entitlement."""
    most = len(rows)
    case, elder = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    team, minutes = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    rank, luck = np.empty((most, 2), dtype=np.int64), np.empty(most)
    m, j = 0, 0
    for c in range(len(rows)):
        i = rows[c]
        if entitled[i] == 0:
            continue
        while elders[j] != i:  # cases stand in the order of the elders
            j += 1
        case[m], elder[m], team[m], minutes[m] = c, j, by_village[village[i]], entitled[i]
        rank[m, 0], rank[m, 1] = assessed[i], waited[i]
        luck[m] = uniform(stream, key[i])
        m += 1
    return case[:m], elder[:m], team[:m], rank[:m], minutes[:m], luck[:m]


@compiled
def reserve(case, team, minutes, aside, crowd_out, pool, reserved, personal, left):
    """Reserve workers for the queue, and keep from the families a part of what these can be expected to give.

    Help in the house is kept from them first. Changes `pool`, `reserved`, `aside` and `left` in place.

    Returns:
        The minutes kept from families.
    """
    kept = 0
    for q in range(len(case)):
        c, t = case[q], team[q]
        personal_c, personal_u, house_c, house_u = staffed(
            minutes[q], np.int64(left[c, PERSONAL]), np.int64(left[c, INSTRUMENTAL]), pool[t, CERTIFIED],
            pool[t, UNCERTIFIED], personal[t],
        )  # fmt: skip
        reserved[t, CERTIFIED] += personal_c + house_c
        reserved[t, UNCERTIFIED] += personal_u + house_u
        pool[t, CERTIFIED] -= personal_c + house_c
        pool[t, UNCERTIFIED] -= personal_u + house_u
        keep = np.int64(crowd_out * (personal_c + personal_u + house_c + house_u))
        aside[q, INSTRUMENTAL] = min(keep, left[c, INSTRUMENTAL])
        aside[q, PERSONAL] = min(keep - aside[q, INSTRUMENTAL], left[c, PERSONAL])
        for task in (PERSONAL, INSTRUMENTAL):
            left[c, task] -= aside[q, task]
            kept += aside[q, task]
    return kept


@compiled
def put_back(case, aside, left):
    """Put back what was kept from the families; return the minutes that they could have given at most.

    A family that left anything undone gave all that it could, so that it would not have given more.
    """
    displaced = 0
    for q in range(len(case)):
        c = case[q]
        if left[c, PERSONAL] + left[c, INSTRUMENTAL] == 0:
            displaced += aside[q, PERSONAL] + aside[q, INSTRUMENTAL]
        for task in (PERSONAL, INSTRUMENTAL):
            left[c, task] += aside[q, task]
    return displaced


def serve_queue(world: World) -> None:
    """Give the queue its hours as far as workers are there, and pay for what is used."""
    care, force = world.care, world.workforce
    queue, month = force.queue, force.month
    care.make_room(len(queue.case))
    _, pool, personal = workers_of(world)
    care.n_gifts = serve(
        queue.case, queue.team, queue.minutes, queue.given, queue.short, care.gifts, care.n_gifts, pool, personal,
        care.left, care.received,
    )  # fmt: skip
    month.promised = int(queue.minutes.sum())
    month.given = int(queue.given.sum())
    month.short, month.waiting = int(queue.short.sum()), int(np.count_nonzero(queue.short))
    _pay(world, queue)


@compiled
def serve(case, team, minutes, given, short, gifts, k, pool, personal, left, received):
    """Hand over entitled care in the order of the queue; return the number of hand-overs."""
    for q in range(len(case)):
        c = case[q]
        due = min(minutes[q], left[c, PERSONAL] + left[c, INSTRUMENTAL])
        certified, uncertified = deliver(gifts, k, c, ENTITLED, due, team[q], pool, personal, left, received)
        given[q, CERTIFIED], given[q, UNCERTIFIED] = certified, uncertified
        short[q] = due - certified - uncertified
        k += certified + uncertified > 0
    return k


def _pay(world: World, queue: Queue) -> None:
    """Let the measures that entitle pay for the hours used, one after the other, each up to what it granted."""
    fen = cost_of(queue.given.sum(axis=1), hour_price(world))
    for name in ENTITLING:
        claim = world.claims.made.get((name, "service"))
        if claim is not None:
            paid = np.minimum(fen, claim.granted[queue.elder])
            fen = fen - paid
            pay_workers(world, name, claim.instrument.funder, int(paid.sum()))
