"""Reception: as many are received from the waiting list as the hours of the coming months allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.clients import TURN, heads_of_queues, receive, refer, turn_luck
from caresim.agents.social_work import (
    CASE,
    GROUP,
    GROUP_WORK,
    HOUR,
    INTERVENTION,
    WHOLE,
    Turn,
)

if TYPE_CHECKING:
    from caresim.agents.world import World

PIPELINE, NO_LIMIT = 7, 2**31 - 1
"""Months that a client is open if there are hours: a stage a month, two for the intervention."""


def receive_clients(
    world: World, rules: Any, staffed: np.ndarray, alone: int, grouped: int, left: np.ndarray, budgets: np.ndarray
) -> None:  # fmt: skip
    """Receive from the waiting list as many as the hours of the coming months allow.

    Args:
        world: the world.
        rules: parameters of social work.
        staffed: villages that the station serves.
        alone: open clients in case work.
        grouped: open clients in group work.
        left: staff minutes left for case work and group work; what is spent is taken off.
        budgets: staff minutes of the month for them.
    """
    people, done = world.people, world.station.done
    names = ("client", "client_clock", "mood", "unmet", "widowed", "arrangement", "disability", "dementia", "place",
             "village")  # fmt: skip
    rows, rank, for_group, group_rank = refer(
        world.elders, *(people[name] for name in names), staffed, world.month, rules.grief, rules.again
    )
    reception = int(HOUR * rules.stage_hours[0])
    places = _places(budgets[CASE], alone_minutes(rules)) - alone
    places = min(places, _most(left[CASE], reception))
    if places > 0:
        _admit(world, rows, rank, places, CASE, left, reception)
    places = _places(budgets[GROUP], group_minutes(rules))
    places = max(places, rules.largest if budgets[GROUP] else 0) - grouped
    if min(places, _most(left[GROUP], reception)) >= rules.smallest:
        _receive_groups(world, rules, for_group, group_rank, places, left, reception)
    done.waiting = len(rows) + len(for_group) - done.received


def _receive_groups(world: World, rules: Any, rows: np.ndarray, rank: np.ndarray, places: int, left: np.ndarray,
                    minutes: int) -> None:  # fmt: skip
    """Receive whole groups, each from one township: the next is that of the first in the queue."""
    if len(rows) < rules.smallest:
        return
    townships = world.territory.township[world.people["village"][rows]]
    size, first, draw = heads_of_queues(
        rank, turn_luck(world, rows), townships, int(townships.max(initial=0)) + 1
    )
    for township in np.lexsort((draw, -first)):
        room = min(places, _most(left[GROUP], minutes), rules.largest)
        if room < rules.smallest:
            break
        if size[township] >= rules.smallest:
            here = np.flatnonzero(townships == township)
            places -= _admit(world, rows[here], rank[here], room, GROUP, left, minutes)


def _most(minutes: int, each: int) -> int:
    """Return for how many the minutes suffice."""
    return int(minutes) // each if each > 0 else NO_LIMIT


def _places(minutes: int, each: int) -> int:
    """Return how many clients can be open at once, at least one if there are any hours."""
    return max(1, int(minutes) * PIPELINE // max(1, each)) if minutes > 0 else 0


def alone_minutes(rules: Any) -> int:
    """Return the staff minutes of one client of case work."""
    return int(HOUR * (sum(rules.stage_hours) + (WHOLE - 1) * rules.stage_hours[INTERVENTION - 1]))


def group_minutes(rules: Any) -> int:
    """Return the staff minutes of one member of a group of the largest size."""
    alone = sum(rules.stage_hours) - rules.stage_hours[INTERVENTION - 1]
    return int(HOUR * (alone + WHOLE * rules.session_hours / rules.largest))


def _admit(world: World, rows: np.ndarray, rank: np.ndarray, places: int, method: int, left: np.ndarray,
           minutes: int) -> int:  # fmt: skip
    """Receive the first in a queue as clients; return how many."""
    people, done = world.people, world.station.done
    if len(rows) == 0:
        return 0
    names = ("client", "client_clock", "sessions", "group_number", "key")
    luck, received, number, waited = receive(
        rows, rank, places, world.draws.word(TURN, 0), GROUP_WORK if method == GROUP else 0,
        *(people[name] for name in names),
    )  # fmt: skip
    done.turns.append(Turn(rank, luck, received))
    done.waited += waited
    done.received += number
    done.client_minutes += minutes * number
    left[method] -= minutes * number
    return int(number)
