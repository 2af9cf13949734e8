"""The laws of social work: hours, groups, clients, queues, and schemes."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.clients import RESIDENT_ELDER, marked
from caresim.agents.people import INSTITUTION, LIVING_RESIDENT
from caresim.agents.schemes import LINKABLE
from caresim.agents.social_work import GROUP_WORK, HELD, INTERVENTION, STAGE, WHOLE, Turn
from caresim.agents.world import World
from caresim.kernel.compiled import compiled

GONE, STRAY = range(2)
SCHEME_LAWS = (
    "who has a scheme is a resident elder outside institutions",
    "nobody is linked but with meals, visits or volunteers that are planned",
)
CLIENT_LAWS = ("a client is alive and lives here", "who is in a group is in the intervention of group work")
GROUP_WORK_NOW = INTERVENTION | GROUP_WORK


def social_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of social work and of schemes, with the numbers; None if all hold."""
    return _client_fault(world) or station_fault(world) or _scheme_fault(world)


def _scheme_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    people = world.people
    if "scheme" not in people.arrays:
        return None
    law, row = _faulty_scheme(
        *(people[name] for name in ("scheme", "linked", "state", "place")), people.elders_end
    )
    return (SCHEME_LAWS[law], {"person": int(row)}) if law >= 0 else None


@compiled
def _faulty_scheme(scheme, linked, state, place, n):
    """Return the first broken law of `SCHEME_LAWS` and the row; (-1, -1) if all hold."""
    for i in marked(scheme, n):
        if state[i] & RESIDENT_ELDER != RESIDENT_ELDER or place[i] == INSTITUTION:
            return 0, i
    for i in marked(linked, n):
        if linked[i] & ~scheme[i] & LINKABLE or linked[i] & ~LINKABLE:
            return 1, i
    return -1, -1


def _client_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    people = world.people
    law, row, found = _faulty_client(
        *(people[name] for name in ("client", "sessions", "group_number", "state")), people.elders_end
    )
    return (CLIENT_LAWS[law], {"person": int(row), "found": int(found)}) if law >= 0 else None


def station_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of the month's hours, groups and queues, with the numbers; None if all hold."""
    done = world.station.done
    if not world.station.in_use:
        return None
    if min(done.spent) < 0 or sum(done.spent) > done.minutes:
        return "social workers spend no more minutes than they have", {
            "spent": sum(done.spent),
            "have": done.minutes,
        }
    if done.sizes:
        rules = world.parameters["social_work"]
        for size in (min(done.sizes), max(done.sizes)):
            if not rules.smallest <= size <= rules.largest:
                return "a group begins with as many members as are allowed", {"members": size}
    for turn in done.turns:
        overtaken = overtaken_by(turn)
        if overtaken:
            return "nobody is received before somebody with a higher rank", {"overtaken": overtaken}
    return None


def overtaken_by(turn: Turn) -> int:
    """Count those left in a queue who come before the last one received: a higher rank, or a lower draw of equals."""
    return int(_overtaken(turn.rank, turn.luck, turn.received))


@compiled
def _overtaken(rank, luck, received):
    last = -1
    for j in range(len(rank)):
        if received[j] and (last < 0 or is_before(last, j, rank, luck)):
            last = j
    before = 0
    if last >= 0:
        of_last, luck_of_last = rank[last], luck[last]
        for j in range(len(rank)):  # without a branch, several at once
            earlier = (rank[j] > of_last) | ((rank[j] == of_last) & (luck[j] < luck_of_last))
            before += earlier & (not received[j])
    return before


@compiled
def is_before(one, other, rank, luck):
    """Tell whether one has a higher rank than another, or a lower draw of equals."""
    return rank[one] > rank[other] or (rank[one] == rank[other] and luck[one] < luck[other])


@compiled
def _faulty_client(client, sessions, number, state, n):
    """Return the first broken law of `CLIENT_LAWS`, the row and what was found; (-1, -1, 0) if all hold."""
    suspects = False
    for i in range(n):  # without a branch, several at once
        lost = (client[i] != 0) & (state[i] & LIVING_RESIDENT != LIVING_RESIDENT)
        elsewhere = client[i] & (STAGE | GROUP_WORK) != GROUP_WORK_NOW
        suspects |= lost | ((number[i] != 0) & (elsewhere | (sessions[i] & HELD > WHOLE)))
    if not suspects:
        return -1, -1, np.int64(0)
    for i in range(n):
        one = client[i]
        if one and state[i] & LIVING_RESIDENT != LIVING_RESIDENT:
            return GONE, i, np.int64(state[i])
        if number[i] and (one & (STAGE | GROUP_WORK) != GROUP_WORK_NOW or sessions[i] & HELD > WHOLE):
            return STRAY, i, np.int64(one)
    return -1, -1, np.int64(0)
