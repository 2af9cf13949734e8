"""Group work: clients of a township who wait for it begin a group, and groups meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.clients import begin_group, meet, turn_luck
from caresim.agents.social_work import GROUP, GROUP_WORK, HELD, HOUR, PLANNING, STAGE, WHOLE
from caresim.kernel.draws import purpose

if TYPE_CHECKING:
    from caresim.agents.world import World

SESSION = purpose("social_work.session")
SCRIPT = purpose("social_work.script")
LASTING = purpose("social_work.lasting")
LAST_NUMBER = 65535


def hold_sessions(world: World, rules: Any, open_now: np.ndarray, left: np.ndarray) -> None:
    """Let the groups that have begun meet."""
    people = world.people
    running = people["group_number"][open_now] > 0
    members = open_now[running]
    members = members[people["sessions"][members] & HELD < WHOLE]
    _meet(world, rules, members, left)


def _meet(world: World, rules: Any, members: np.ndarray, left: np.ndarray) -> None:
    people, done = world.people, world.station.done
    if len(members) == 0:
        return
    number = people["group_number"][members]
    order = np.lexsort((people["key"][members], number))
    first = np.flatnonzero(np.diff(number[order], prepend=0, append=LAST_NUMBER + 1))
    spent, held, planned, invited, came = meet(
        members[order], first, int(left[GROUP]),
        *(people[name] for name in ("client", "sessions", "group_number", "key")),
        int(HOUR * rules.session_hours), rules.attendance, rules.fidelity, rules.consolidation,
        world.draws.word(SESSION, world.month), world.draws.word(SCRIPT, 0), world.draws.word(LASTING, 0),
    )  # fmt: skip
    left[GROUP] -= spent
    done.client_minutes += came * int(HOUR * rules.meeting_hours)
    done.sessions, done.scripted = done.sessions + held, done.scripted + planned
    done.invited, done.attended = done.invited + invited, done.attended + came


def found_groups(world: World, rules: Any, open_now: np.ndarray, left: np.ndarray) -> None:
    """Let groups begin in townships where enough clients wait for one and nobody else is on the way to it."""
    people, station = world.people, world.station
    marks = people["client"][open_now]
    for_group = open_now[(marks & GROUP_WORK != 0) & (marks & STAGE <= PLANNING)]
    townships = world.territory.township[people["village"][for_group]]
    planned = people["client"][for_group] & STAGE == PLANNING
    ready_in, all_in = np.bincount(townships[planned]), np.bincount(townships)
    for township in np.flatnonzero(ready_in >= rules.smallest):
        if ready_in[township] < min(all_in[township], rules.largest):
            continue
        ready = for_group[planned & (townships == township)]
        ready = ready[np.lexsort((turn_luck(world, ready), -people["client_clock"][ready].astype(np.int64)))]
        for who in parted(ready, rules.smallest, rules.largest):
            if left[GROUP] < int(HOUR * rules.session_hours):
                return
            station.last_group = station.last_group % LAST_NUMBER + 1
            begin_group(
                who, station.last_group,
                *(people[name] for name in ("client", "client_clock", "sessions", "group_number", "before_group",
                                            "loneliness")),
            )  # fmt: skip
            station.done.sizes.append(len(who))
            _meet(world, rules, who, left)


def parted(rows: np.ndarray, smallest: int, largest: int) -> list[np.ndarray]:
    """Return groups of about one size, as few as possible; who is too many for them waits on."""
    n_groups = -(-len(rows) // largest)
    if n_groups * smallest > len(rows):
        n_groups -= 1
    return np.array_split(rows[: n_groups * largest], n_groups) if n_groups else []
