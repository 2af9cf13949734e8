"""The laws of paid care: nobody gives more than there are workers for, or is given more than is due."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import CARE_WORKER, ENTITLED, FORMAL, MEAL, PURCHASED_CARE, minutes_given
from caresim.agents.workers_month import Queue
from caresim.agents.workforce import CERTIFIED, teams
from caresim.agents.world import World
from caresim.kernel.compiled import compiled

Fault = tuple[str, dict[str, Any]]
MEALS = "minutes that meals met = minutes received; staff minutes have a ledger of their own"


def formal_fault(world: World) -> Fault | None:
    """Return the first broken law of paid care, with the numbers; None if all hold or nobody opened the month."""
    if world.workforce.opened != world.month:
        return None
    return (
        meal_fault(world)
        or _capacity_fault(world)
        or _entitlement_fault(world)
        or _queue_fault(world.workforce.queue)
    )


def meal_fault(world: World) -> Fault | None:
    """Compare the minutes that kitchens worked with what meals take."""
    month, rules = world.workforce.month, world.parameters.get("meals")
    staff = month.meals * int(rules.staff) if rules is not None else 0
    if world.workforce.opened == world.month and month.meal_staff != staff:
        return MEALS, {"staff": month.meal_staff, "by meals": staff}
    return None


def _capacity_fault(world: World) -> Fault | None:
    """Compare what workers gave, team by team, with what went out of their pool; and meals with their ledger."""
    force, care, month = world.workforce, world.care, world.workforce.month
    if (force.pool < 0).any() or force.reserved.any():
        return "care workers give no more than their time", {"left": int(force.pool.min(initial=0)),
                                                             "reserved": int(force.reserved.sum())}  # fmt: skip
    given = np.zeros(len(force.pool), dtype=np.int64)
    met, bought = add_by_team(
        care.rows, care.gifts, care.n_gifts, world.people["village"], teams(world.territory), given
    )
    used = (force.capacity - force.pool).sum(axis=1)
    others, ordered = int((used - given).sum()), month.respite + month.backstop + month.beds
    if (used < given).any() or others != ordered + month.stay_staff:
        return "minutes of care workers = entitled + purchased + respite + bought for the time bank + beds", {
            "used": int(used.sum()), "entitled and purchased": int(given.sum()), "respite": month.respite,
            "bought": month.backstop, "at home": month.beds, "in stations": month.stay_staff,
        }  # fmt: skip
    if bought != ordered + month.stays:
        return "minutes of bought care received = respite + bought for the time bank + beds", {
            "received": bought, "ordered": ordered, "in stations": month.stays,
        }  # fmt: skip
    return (MEALS, {"met": month.meal_minutes, "received": met}) if met != month.meal_minutes else None


def _entitlement_fault(world: World) -> Fault | None:
    """Find a case who received more entitled care than is due."""
    if "entitled" not in world.people.arrays:
        return None
    case = above_entitlement(world.care.rows, world.care.received, world.people["entitled"])
    if case < 0:
        return None
    row = int(world.care.rows[case])
    return "entitled care received <= entitlement", {
        "row": row, "received": int(world.care.received[case, FORMAL]), "entitled": int(world.people["entitled"][row]),
    }  # fmt: skip


def _queue_fault(queue: Queue) -> Fault | None:
    """Find who was served before somebody who came first."""
    q = overtaken(queue.team, queue.rank, queue.given, queue.short)
    if q < 0:
        return None
    return "nobody overtakes in the queue for entitled care", {
        "case": int(queue.case[q]), "priority": int(queue.rank[q, 0]), "months": int(queue.rank[q, 1]),
    }  # fmt: skip


@compiled
def add_by_team(rows, gifts, n_gifts, village, by_village, given):
    """Add up entitled and purchased minutes by team, in place; return the minutes met by meals, and bought ones."""
    met = bought = 0
    for k in range(n_gifts):
        relation, minutes = gifts[k].relation, minutes_given(gifts[k])
        if relation == CARE_WORKER:
            bought += minutes
        elif relation == MEAL:
            met += minutes
        elif (relation == ENTITLED) | (relation == PURCHASED_CARE):
            given[by_village[village[rows[gifts[k].case]]]] += minutes
    return met, bought


@compiled
def above_entitlement(rows, received, entitled):
    """Return the first case with more entitled care than is due; -1 if there is none."""
    for c in range(len(rows)):
        if received[c, FORMAL] > 0 and received[c, FORMAL] > entitled[rows[c]]:
            return c
    return -1


@compiled
def overtaken(team, rank, given, short):
    """Return the first member of the queue who was overtaken or overtook; -1 if there is none.

    In a team a higher class comes first, then a longer wait. Certified workers can do all that is due, so that once
    somebody was given less than needed they were all in use, and nobody later has minutes of theirs.
    """
    wanting = False
    for q in range(len(team)):
        if q == 0 or team[q] != team[q - 1]:
            wanting = False
        else:
            before, now = rank[q - 1], rank[q]
            if now[0] > before[0] or (now[0] == before[0] and now[1] > before[1]):
                return q
        if wanting and given[q, CERTIFIED] > 0:
            return q
        wanting = wanting or short[q] > 0
    return -1
