"""The queue for entitled hours: the severely disabled first, then who has waited longest, then by lot."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ENTITLED, INSTRUMENTAL, PERSONAL, with_room
from caresim.agents.service import by_lot, in_steps
from caresim.agents.workers_month import (
    ASSESSED,
    BY_CERTIFIED,
    BY_UNCERTIFIED,
    DUE,
    KEPT,
    PLACE,
    QUEUED,
    SHORT,
    TEAM,
    UNPAID,
    WAITED,
)
from caresim.agents.workforce import (
    CERTIFIED,
    ENTITLING,
    HOUR,
    UNCERTIFIED,
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


@compiled
def line_up(elders, rows, entitled, assessed, waited, village, key, by_village, stream):
    """Return the table of the cases who are entitled to hours, in the order in which their teams serve them."""
    found, m = np.empty((2, len(rows) + 1), dtype=np.int64), 0
    for c in range(len(rows)):  # without a branch
        found[0, m] = c
        m += entitled[rows[c]] > 0
    luck, rank, j = np.empty(m), np.empty((3, m), dtype=np.int64), 0
    for q in range(m):
        i = rows[found[0, q]]
        while elders[j] != i:  # cases stand in the order of the elders
            j += 1
        found[1, q], luck[q] = j, uniform(stream, key[i])
        rank[0, q], rank[1, q], rank[2, q] = (
            MOST_WAIT - waited[i],
            MOST_WAIT - assessed[i],
            by_village[village[i]],
        )
    order = by_lot(luck)
    for place in rank:
        order = in_steps(order, place)
    table = np.zeros((KEPT + 2, m), dtype=np.int32)
    for q in range(m):
        at = order[q]
        i = rows[found[0, at]]
        table[QUEUED, q], table[PLACE, q], table[TEAM, q] = found[0, at], found[1, at], rank[2, at]
        table[ASSESSED, q], table[WAITED, q], table[DUE, q] = assessed[i], waited[i], entitled[i]
    return table


@compiled
def reserve(queue, crowd_out, pool, reserved, personal, left):
    """Reserve workers for the queue, and keep from the families a part of what these can be expected to give.

    Help in the house is kept from them first. Changes `pool`, `reserved`, `queue` and `left` in place.

    Returns:
        The minutes kept from families.
    """
    kept = 0
    for q in range(queue.shape[1]):
        c, t = queue[QUEUED, q], queue[TEAM, q]
        personal_c, personal_u, house_c, house_u = staffed(
            queue[DUE, q], np.int64(left[c, PERSONAL]), np.int64(left[c, INSTRUMENTAL]), pool[t, CERTIFIED],
            pool[t, UNCERTIFIED], personal[t],
        )  # fmt: skip
        reserved[t, CERTIFIED] += personal_c + house_c
        reserved[t, UNCERTIFIED] += personal_u + house_u
        pool[t, CERTIFIED] -= personal_c + house_c
        pool[t, UNCERTIFIED] -= personal_u + house_u
        keep = np.int64(crowd_out * (personal_c + personal_u + house_c + house_u))
        house = min(keep, left[c, INSTRUMENTAL])
        queue[KEPT + INSTRUMENTAL, q] = house
        queue[KEPT + PERSONAL, q] = min(keep - house, left[c, PERSONAL])
        for task in (PERSONAL, INSTRUMENTAL):
            left[c, task] -= queue[KEPT + task, q]
            kept += queue[KEPT + task, q]
    return kept


@compiled
def put_back(queue, left):
    """Put back what was kept from the families; return the minutes that they could have given at most.

    A family that left anything undone gave all that it could, so that it would not have given more.
    """
    displaced = 0
    for q in range(queue.shape[1]):
        c = queue[QUEUED, q]
        if left[c, PERSONAL] + left[c, INSTRUMENTAL] == 0:
            displaced += queue[KEPT + PERSONAL, q] + queue[KEPT + INSTRUMENTAL, q]
        for task in (PERSONAL, INSTRUMENTAL):
            left[c, task] += queue[KEPT + task, q]
    return displaced


def serve_queue(world: World) -> None:
    """Give the queue its hours as far as workers are there, and pay for what is used."""
    care, force = world.care, world.workforce
    queue, month = force.queue, force.month
    _, pool, personal = workers_of(world)
    (
        care.gifts, care.n_gifts, month.displaced, month.promised, month.given, month.short, month.waiting
    ) = give(
        queue.table, pool, force.reserved, personal, care.left, care.received, care.gifts, care.n_gifts,
        world.people["care_wait"], care.rows, hour_price(world),
    )  # fmt: skip
    for name in ENTITLING:
        claim = world.claims.made.get((name, "service"))
        if claim is not None:
            pay_workers(
                world, name, claim.instrument.funder, use_up(queue.table, *claim.granted_by_number()[1:])
            )


@compiled
def give(queue, pool, reserved, personal, left, received, gifts, k, waited, rows, price):
    """Give back what was reserved and kept, hand over entitled care in the order of the queue, and count its waits.

    Who is given less than needed waits a month more, the wait of the others ends.

    Returns:
        The hand-overs and their number; minutes displaced, entitled to, given and missing; cases who miss any.
    """
    displaced = put_back(queue, left)
    for team in range(len(pool)):
        for kind in (CERTIFIED, UNCERTIFIED):
            pool[team, kind] += reserved[team, kind]
            reserved[team, kind] = 0
    gifts = with_room(gifts, k, queue.shape[1])
    promised = met = missed = waiting = 0
    for q in range(queue.shape[1]):
        c = queue[QUEUED, q]
        due = min(queue[DUE, q], np.int64(left[c, PERSONAL]) + left[c, INSTRUMENTAL])
        certified, uncertified = deliver(
            gifts, k, c, ENTITLED, due, queue[TEAM, q], pool, personal, left, received
        )
        given = certified + uncertified
        queue[BY_CERTIFIED, q], queue[BY_UNCERTIFIED, q], queue[SHORT, q] = (
            certified,
            uncertified,
            due - given,
        )
        queue[UNPAID, q] = given * price // HOUR
        waited[rows[c]] = min(queue[WAITED, q] + 1, MOST_WAIT) if due > given else 0
        k += given > 0
        promised += queue[DUE, q]
        met += given
        missed += due - given
        waiting += due > given
    return gifts, k, displaced, promised, met, missed, waiting


@compiled
def use_up(queue, numbers, units, each):
    """Take what is not paid yet out of what a measure granted; return the fen that it pays."""
    paid = 0
    for q in range(queue.shape[1]):
        granted = units[np.uint32(numbers[queue[PLACE, q]])] * np.int64(each)
        fen = min(queue[UNPAID, q], granted)
        queue[UNPAID, q] -= fen
        paid += fen
    return paid
