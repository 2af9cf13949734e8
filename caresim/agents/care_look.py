"""The quick look at the month's book of care and its care workers: is any minute lost, invented, or not allowed.

It names nobody; the laws of care do, when it finds something.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    CARE_WORKER,
    CASE,
    COMPANY,
    ENTITLED,
    FORMAL,
    GIVEN,
    GIVER,
    INSTRUMENTAL,
    MEAL,
    PERSONAL,
    PURCHASED_CARE,
    RELATION,
    SOURCE_OF,
    VISIT,
    WHERE,
)
from caresim.agents.care_laws import AWAY, DISTANCES, NO_INSTRUMENTAL, NO_PERSONAL
from caresim.agents.formal_laws import overtaken
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.workers_month import ASSESSED, BY_CERTIFIED, BY_UNCERTIFIED, SHORT, TEAM, WAITED
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

CARE = (
    ("state", np.uint8), ("place", np.uint8), ("need", np.uint16), ("given", np.uint16), ("capacity", np.uint16),
    ("entitled", np.uint16), ("village", np.int16),
)  # fmt: skip
"""Columns that are looked at, with their types."""


@compiled
def look_at_care(state, place, needs, given, capacity, entitled, village, rows, need, left, received, gifts, n_gifts,
                 n, kin_start, kin_end, due, tasks, sources, by_village, could, pool, reserved, queue, ordered, stays,
                 stay_staff, meal_minutes):  # fmt: skip
    """Tell whether a law of care or of paid care is broken; `could` has no rows if nobody opened.

    People's columns come first, then the book's tables, where the registered and kin end, room for a number a person
    and for tables like the book's, the team of each village, what teams could give, what is left of it and what is
    reserved, shape (teams, 2), the table of the queue for entitled care, and the minutes that the workers' month says:
    ordered by government, received in stations and worked for them, met by meals.
    """
    if doubtful_cases(rows, need, state, place, needs, n):
        return True
    tasks, sources, by_team = (
        copied(left, tasks),
        copied(received, sources),
        np.zeros(len(could), dtype=np.int64),
    )
    due = copied(given, due)
    found, handed, met, bought = hand_over_again(
        rows, gifts, n_gifts, state, n, kin_start, kin_end, tasks, sources, due, village, by_village, by_team
    )
    if found or tables_differ(need.ravel(), tasks.ravel(), left.ravel(), sources.ravel(), received.ravel()):
        return True
    for first, last in ((0, n), (kin_start, kin_end)):
        some, total = givers_differ(due[first:last], given[first:last], capacity[first:last])
        found |= some
        handed -= total
    if found or handed != 0:
        return True
    if len(could) == 0:
        return False
    others = teams_time(by_team, could, pool, reserved)
    found = (others != ordered + stay_staff) | (bought != ordered + stays) | (met != meal_minutes)
    found |= len(entitled) > 0 and above_due(rows, received, entitled)
    rank, served = queue[ASSESSED : WAITED + 1].T, queue[BY_CERTIFIED : BY_UNCERTIFIED + 1].T
    return found or overtaken(queue[TEAM], rank, served, queue[SHORT]) >= 0


@compiled
def copied(table, room):
    """Return a copy of a table in some room."""
    flat, numbers = table.ravel(), room[: table.size]
    for j in range(len(numbers)):
        numbers[j] = flat[j]
    return numbers.reshape(table.shape)


@compiled
def doubtful_cases(rows, need, state, place, needs, n):
    """Tell whether a case is none, needs something else than the person, or has a need that is no case's."""
    elder, known, found = LIVING_RESIDENT | ELDER, 0, False
    for case in range(len(rows)):
        if np.uint64(rows[case]) >= np.uint64(n):
            return True
        i = np.uint64(rows[case])
        personal, instrumental, company = need[case, PERSONAL], need[case, INSTRUMENTAL], need[case, COMPANY]
        total = personal + instrumental + company
        found |= (state[i] & elder != elder) | (place[i] == INSTITUTION)
        found |= (total != needs[i]) | ((personal | instrumental | company) < 0)
        known += total > 0
    for i in range(min(n, len(needs))):
        known -= needs[i] != 0
    return found | (known != 0)


@compiled
def hand_over_again(rows, gifts, n_gifts, state, n, kin_start, kin_end, tasks, sources, due, village, by_village,
                    by_team):  # fmt: skip
    """Add each hand-over to what was left, and take it from what was received and given, in place.

    Returns:
        Whether one is not allowed, the minutes by people, by meals, and bought ones.
    """
    cases, handed, met, bought = np.uint32(len(rows)), np.int64(0), np.int64(0), np.int64(0)
    registered, kin, kin_rows = np.uint32(n), np.uint32(kin_start), np.uint32(kin_end - kin_start)
    for k in range(n_gifts):
        giver, relation, where = gifts[k, GIVER], np.uint32(gifts[k, RELATION]), np.uint32(gifts[k, WHERE])
        case = np.uint32(gifts[k, CASE])
        if (case >= cases) | (relation > np.uint32(VISIT)) | (where > np.uint32(AWAY)):
            return True, handed, met, bought
        personal, instrumental, company = gifts[k, GIVEN], gifts[k, GIVEN + 1], gifts[k, GIVEN + 2]
        spot = np.uint32(relation * np.uint32(DISTANCES) + where)
        strange = (personal & NO_PERSONAL[spot]) | (instrumental & NO_INSTRUMENTAL[spot]) != 0
        strange |= (personal | instrumental | company) < 0
        if strange | ((giver == NOBODY) != (relation >= np.uint32(CARE_WORKER))):
            return True, handed, met, bought
        minutes = personal + instrumental + company
        tasks[case, PERSONAL] += personal
        tasks[case, INSTRUMENTAL] += instrumental
        tasks[case, COMPANY] += company
        sources[case, np.uint32(SOURCE_OF[relation])] -= minutes
        if giver != NOBODY:
            row = np.uint32(giver)
            unknown = (row >= registered) & (
                np.uint32(row - kin) >= kin_rows
            )  # below a segment is far above it
            if unknown or (state[row] & ALIVE == 0) | (rows[case] == giver):
                return True, handed, met, bought
            due[row] -= np.uint16(minutes)
            handed += minutes
        elif relation == CARE_WORKER:
            bought += minutes
        elif relation == MEAL:
            met += minutes
        elif ((relation == ENTITLED) | (relation == PURCHASED_CARE)) & (len(by_team) > 0):
            by_team[by_village[village[rows[case]]]] += minutes
    return False, handed, met, bought


@compiled
def tables_differ(need, tasks, left, sources, received):
    """Tell whether anything is left over by task or by source, or below zero; without a branch."""
    found = np.int32(0)
    for j in range(len(need)):
        found |= np.int32(need[j] ^ tasks[j]) | (left[j] >> 31)
    for j in range(len(received)):
        found |= sources[j] | (received[j] >> 31)
    return found != 0


@compiled
def givers_differ(due, given, capacity):
    """Tell whether somebody gave other minutes than were handed over, or above capacity; return all minutes given.

    What is due counts up to 65,536 only; but minutes given that differ by so many would not add up.
    """
    rest, above, total = np.uint16(0), np.uint16(0), np.int64(0)
    for j in range(len(due)):  # without a branch, several at once
        rest |= due[j]
        above |= np.uint16(given[j] > capacity[j])
    for j in range(len(given)):
        total += given[j]
    return (rest | above) != 0, total


@compiled
def teams_time(by_team, could, pool, reserved):
    """Return the minutes that teams gave beside what was handed over of them; -1 if any gave more than its time."""
    others = np.int64(0)
    for t in range(len(could)):
        rest = -by_team[t]
        for kind in range(could.shape[1]):
            if pool[t, kind] < 0 or reserved[t, kind] != 0:
                return -1
            rest += could[t, kind] - pool[t, kind]
        if rest < 0:
            return -1
        others += rest
    return others


@compiled
def above_due(rows, received, entitled):
    """Tell whether a case received more entitled care than is due."""
    found = False
    for c in range(len(rows)):
        if received[c, FORMAL] > 0:
            found |= received[c, FORMAL] > entitled[np.uint64(rows[c])]
    return found
