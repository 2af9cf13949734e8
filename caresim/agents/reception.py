"""Reception: as many are received from the waiting list as the hours of the coming months allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.clients import MONTHS, heads_of_queues, receive, refer, turn_luck
from caresim.agents.priority import neediest
from caresim.agents.social_work import (
    CASE,
    FORMER,
    GROUP,
    GROUP_WORK,
    HOUR,
    INTERVENTION,
    STAGE,
    WHOLE,
    Turn,
)

if TYPE_CHECKING:
    from caresim.agents.world import World

PIPELINE = 7
"""Months that a client is open if there are hours: a stage a month, two for the intervention."""


def receive_clients(
    world: World, rules: Any, staffed: np.ndarray, open_now: np.ndarray, left: np.ndarray, budgets: np.ndarray
) -> None:
    """Receive from the waiting list as many as the hours of the coming months allow.

    Args:
        world: the world.
        rules: parameters of social work.
        staffed: villages that the station serves.
        open_now: rows of the clients who were open when the month began.
        left: staff minutes left for case work and group work; what is spent is taken off.
        budgets: staff minutes of the month for them.
    """
    people, done = world.people, world.station.done
    names = ("client", "client_clock", "mood", "unmet", "widowed", "arrangement", "disability", "dementia", "place",
             "village")  # fmt: skip
    rows, rank, group = refer(
        world.elders, *(people[name] for name in names), staffed, world.month, rules.grief, rules.again
    )
    marks = people["client"][open_now]
    marks = marks[marks & STAGE < FORMER]
    grouped = int(np.count_nonzero(marks & GROUP_WORK))
    reception = int(HOUR * rules.stage_hours[0])
    places = _places(budgets[CASE], alone_minutes(rules)) - (len(marks) - grouped)
    places = int(min(places, _most(left[CASE], reception)))
    if places > 0:
        alone = np.flatnonzero(~group)
        _admit(world, rows[alone], rank[alone], places, CASE, left, reception)
    places = _places(budgets[GROUP], group_minutes(rules))
    places = max(places, rules.largest if budgets[GROUP] else 0) - grouped
    if min(places, _most(left[GROUP], reception)) >= rules.smallest:
        found = np.flatnonzero(group)
        _receive_groups(world, rules, rows[found], rank[found], places, left, reception)
    done.waiting = len(rows) - done.received


def _receive_groups(world: World, rules: Any, rows: np.ndarray, rank: np.ndarray, places: int, left: np.ndarray,
                    minutes: int) -> None:  # fmt: skip
    """Receive whole groups, each from one township: the next is that of the first in the queue."""
    townships = world.territory.township[world.people["village"][rows]]
    size, first, draw = heads_of_queues(
        rank, turn_luck(world, rows), townships, int(townships.max(initial=0)) + 1
    )
    for township in np.lexsort((draw, -first)):
        room = int(min(places, _most(left[GROUP], minutes), rules.largest))
        if room < rules.smallest:
            break
        if size[township] >= rules.smallest:
            here = np.flatnonzero(townships == township)
            places -= _admit(world, rows[here], rank[here], room, GROUP, left, minutes)


def _most(minutes: int, each: int) -> int:
    """Return for how many the minutes suffice."""
    return minutes // each if each > 0 else np.iinfo(np.int32).max


def _places(minutes: int, each: int) -> int:
    """Return how many clients can be open at once, at least one if there are any hours."""
    return max(1, minutes * PIPELINE // max(1, each)) if minutes > 0 else 0


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
    people, done, luck = world.people, world.station.done, turn_luck(world, rows)
    received = np.zeros(len(rows), dtype=np.bool_)
    if len(rows):
        received[neediest(rank, luck, places)] = True
    who = rows[received]
    done.turns.append(Turn(rank, luck, received))
    done.waited += int((rank[received] % MONTHS - 1).sum())
    done.received += len(who)
    done.client_minutes += minutes * len(who)
    left[method] -= minutes * len(who)
    names = ("client", "client_clock", "sessions", "group_number")
    receive(who, GROUP_WORK if method == GROUP else 0, *(people[name] for name in names))
    return len(who)
