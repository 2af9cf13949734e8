"""Reception: as many are received from the waiting list as the hours of the coming months allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.clients import MONTHS, receive, refer, turn_luck
from caresim.agents.priority import neediest
from caresim.agents.social_work import CASE, GROUP, GROUP_WORK, HOUR, INTERVENTION, STAGE, WHOLE, Turn

if TYPE_CHECKING:
    from caresim.agents.world import World

PIPELINE = 7
"""Months that a client is open if there are hours: a stage a month, two for the intervention."""


def receive_clients(
    world: World, rules: Any, staffed: np.ndarray, left: np.ndarray, budgets: np.ndarray
) -> None:
    """Receive from the waiting list as many as the hours of the coming months allow."""
    people, done = world.people, world.station.done
    names = ("client", "client_clock", "mood", "unmet", "widowed", "arrangement", "disability", "dementia", "place",
             "village")  # fmt: skip
    rows, rank, group = refer(
        world.elders, *(people[name] for name in names), staffed, world.month, rules.grief, rules.again
    )
    luck = turn_luck(world, rows)
    stages = people["client"][: people.n]
    marks = stages[np.flatnonzero(stages)]
    marks = marks[marks & STAGE < STAGE]
    grouped = int(np.count_nonzero(marks & GROUP_WORK))
    reception = int(HOUR * rules.stage_hours[0])
    alone = ~group
    places = min(
        _places(budgets[CASE], alone_minutes(rules)) - (len(marks) - grouped), _most(left[CASE], reception)
    )
    _admit(world, rows[alone], rank[alone], luck[alone], max(0, int(places)), CASE, left, reception)
    each = group_minutes(rules)
    places = max(_places(budgets[GROUP], each), rules.largest if budgets[GROUP] else 0) - grouped
    rows, rank, luck = rows[group], rank[group], luck[group]
    townships = world.territory.township[people["village"][rows]]
    while True:
        size = int(min(places, _most(left[GROUP], reception), rules.largest))
        enough = np.bincount(townships)[townships] >= rules.smallest if len(rows) else np.zeros(0, dtype=bool)
        if size < rules.smallest or not enough.any():
            break
        head = neediest(np.where(enough, rank, 0), luck, 1)[0]
        here = townships == townships[head]
        _admit(world, rows[here], rank[here], luck[here], size, GROUP, left, reception)
        places -= min(size, int(here.sum()))
        rows, rank, luck, townships = rows[~here], rank[~here], luck[~here], townships[~here]
    done.waiting = len(group) - done.received


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


def _admit(world: World, rows: np.ndarray, rank: np.ndarray, luck: np.ndarray, places: int, method: int,
           left: np.ndarray, minutes: int) -> None:  # fmt: skip
    """Receive the first in a queue as clients."""
    people, done = world.people, world.station.done
    received = np.zeros(len(rows), dtype=np.bool_)
    if places > 0 and len(rows):
        received[neediest(rank, luck, places)] = True
    who = rows[received]
    done.turns.append(Turn(rank, luck, received))
    done.waited += int((rank[received] % MONTHS - 1).sum())
    done.received += len(who)
    done.client_minutes += minutes * len(who)
    left[method] -= minutes * len(who)
    receive(who, GROUP_WORK if method == GROUP else 0, *(people[name] for name in ("client", "client_clock", "sessions",
                                                                                  "group_number")))  # fmt: skip
