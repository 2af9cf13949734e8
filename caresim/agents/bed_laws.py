"""The laws of beds: each resident of a home has one, in one place; nobody is passed over; cash is what was paid."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.institutions import DEPENDENT, FIRST_WAITING
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.compiled import compiled

(NOT_THERE, NO_SUCH_HOME, CLOSED, IN_A_HOUSEHOLD) = range(4)
BED_LAWS = (
    "who lives in a home is a living resident elder whose place is an institution",
    "everybody lives in, or waits for, a home that exists",
    "nobody lives in a closed home",
    "who lives in a home belongs to no household",
)
ROOM_LAWS = ("occupants are no more than beds", "nursing beds are no more than beds")


def bed_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of beds, with the numbers; None if all hold."""
    people, homes = world.people, world.homes
    law, row, found, inside = _faulty_bed(
        *(people[name] for name in ("home", "state", "place", "household")), people.elders_end, homes.open
    )
    if law >= 0:
        return BED_LAWS[law], {"row": row, "found": found}
    if len(homes) == 0:
        return None
    law, h, found = _overfull(homes.table, inside)
    if law >= 0:
        return ROOM_LAWS[law], {"home": h, "found": found, "against": int(homes["beds"][h])}
    cash, balance = int(homes["cash"].sum()), world.money.balance["homes"]
    if cash != balance:
        return "the cash of all homes is what the ledger says", {"found": cash, "against": balance}
    return queue_fault(world)


def queue_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Compare those who still wait with those who moved into the same home this month."""
    people, homes = world.people, world.homes
    if len(homes.refused) == 0 or len(homes.admitted) == 0:
        return None
    passed, before = passed_over(homes.refused, homes.admitted, people["key"], people["disability"])
    if passed < 0:
        return None
    found = {"row": int(homes.admitted[before, 0]), "found": int(homes.refused[passed, 0])}
    return "nobody overtakes another in the queue without priority", found


@compiled
def passed_over(refused, admitted, key, disability):
    """Return the first who waits for a home into which somebody moved who comes later, and who; (-1, -1) if nobody."""
    for r in range(len(refused)):
        row, home, rank = refused[r, 0], refused[r, 1], refused[r, 2]
        since, dependent = refused[r, 3], refused[r, 4]
        for a in range(len(admitted)):
            other, into, priority = admitted[a, 0], admitted[a, 1], admitted[a, 2]
            if into == home and (not dependent or disability[other] >= DEPENDENT):
                earlier = since < admitted[a, 3] or (since == admitted[a, 3] and key[row] < key[other])
                if rank > priority or (rank == priority and earlier):
                    return r, a
    return -1, -1


@compiled
def _overfull(homes, inside):
    """Return the first broken law of `ROOM_LAWS`, the home and what was found there; -1 if none is broken."""
    for h in range(len(homes)):
        if inside[h] > homes[h].beds:
            return 0, h, inside[h]
        if homes[h].nursing > homes[h].beds:
            return 1, h, np.int64(homes[h].nursing)
    return -1, -1, np.int64(0)


@compiled
def _faulty_bed(home, state, place, household, n, is_open):
    """Return the first broken law of `BED_LAWS`, the row and what was found, and the residents of each home."""
    inside = np.zeros(len(is_open), dtype=np.int64)
    elder = LIVING_RESIDENT | ELDER
    for i in range(n):
        h = np.int64(home[i])
        if h == -1 or state[i] & LIVING_RESIDENT != LIVING_RESIDENT:
            continue
        if h >= len(is_open) or FIRST_WAITING - h >= len(is_open):
            return NO_SUCH_HOME, i, h, inside
        if h >= 0:
            if state[i] & elder != elder or place[i] != INSTITUTION:
                return NOT_THERE, i, np.int64(place[i]), inside
            if not is_open[h]:
                return CLOSED, i, h, inside
            if household[i] != -1:
                return IN_A_HOUSEHOLD, i, np.int64(household[i]), inside
            inside[h] += 1
    return -1, -1, np.int64(0), inside
