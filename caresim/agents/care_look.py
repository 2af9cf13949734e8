"""The quick look at the month's book of care and its care workers: is any minute lost, invented, or not allowed.

It names nobody; the laws of care do, when it finds something.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.care import (
    CARE_WORKER,
    COMPANY,
    ENTITLED,
    FORMAL,
    INSTRUMENTAL,
    MEAL,
    PERSONAL,
    PURCHASED_CARE,
    SOURCE_OF,
    VISIT,
    capacity_of_all,
    minutes_by_task,
    total_minutes,
)
from caresim.agents.care_laws import AWAY, DISTANCES, NO_INSTRUMENTAL, NO_PERSONAL
from caresim.agents.formal_laws import overtaken
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.workers_month import ASSESSED, BY_CERTIFIED, BY_UNCERTIFIED, SHORT, TEAM, WAITED
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

CARE = (
    ("state", np.uint8), ("place", np.uint8), ("need", np.uint16), ("given", np.uint16),
    ("entitled", np.uint16), ("village", np.int16),
)  # fmt: skip
"""Columns that are looked at, with their types."""
APART = 21
"""Bits between minutes of two tasks that are one number."""


@compiled
def look_at_care(state, place, needs, given, entitled, village, rows, need, left, received, gifts, n_gifts, limits,
                 n_limits, n, kin_start, kin_end, by_village, could, pool, reserved, queue, ordered, stays,
                 stay_staff, meal_minutes):  # fmt: skip
    """Tell whether a law of care or of paid care is broken; `could` has no rows if nobody opened.

    People's columns come first, then the book's tables, where the registered and kin end, the team of each village,
    what teams could give, what is left of it and what is reserved, shape (teams, 2), the table of the queue for
    entitled care, and the minutes that the workers' month says: ordered by government, received in stations and worked
    for them, met by meals.
    """
    if doubtful_cases(rows, need, state, place, needs, n):
        return True
    due, above, given_away = take_down(given, capacity_of_all(limits, n_limits, len(given)))
    by_team = np.zeros(len(could), dtype=np.int64)
    tasks, sources, total = minutes_of(need, left, received)
    found, given_out, handed, met, bought = hand_over_again(
        rows, gifts, n_gifts, state, place, n, kin_start, kin_end, tasks, sources, due, village, by_village, by_team,
    )  # fmt: skip
    if found or given_out != total or is_any_left(tasks) or is_any_left(sources.ravel()):
        return True
    if above or handed != given_away or is_any_left(due):
        return True
    if len(could) == 0:
        return False
    others = teams_time(by_team, could, pool, reserved)
    found = (others != ordered + stay_staff) | (bought != ordered + stays) | (met != meal_minutes)
    found |= len(entitled) > 0 and above_due(rows, received, entitled)
    rank, served = queue[ASSESSED : WAITED + 1].T, queue[BY_CERTIFIED : BY_UNCERTIFIED + 1].T
    return found or overtaken(queue[TEAM], rank, served, queue[SHORT]) >= 0


@compiled
def take_down(given, capacity):
    """Take down what everybody gave, whether it is above anybody's capacity, and all minutes given.

    What is due counts up to 65,536 only; but minutes given that differ by so many would not add up.
    """
    due = np.empty(len(given), dtype=np.uint16)
    above, total = np.uint16(0), np.int64(0)
    for j in range(len(given)):
        due[j] = given[j]
    for j in range(len(given)):  # without a branch, several at once
        above |= np.uint16(given[j] > capacity[j])
    for j in range(len(given)):
        total += given[j]
    return due, above != 0, total


@compiled
def minutes_of(need, left, received):
    """Take down what each case needed and was not left with, and what it received by source.

    Minutes by source count up to 65,536 only; but if so many were missing, all of them would not add up.

    Returns:
        The minutes of the cases by task, as one number each, and by source, and all minutes received.
    """
    cases, width, total = len(received), received.shape[1], np.int64(0)
    met, flat = np.empty(cases, dtype=np.int64), received.ravel()
    by_source = np.empty(cases * width, dtype=np.uint16)
    for c in range(cases):
        met[c] = side_by_side(need[c, PERSONAL], need[c, INSTRUMENTAL], need[c, COMPANY])
        met[c] -= side_by_side(left[c, PERSONAL], left[c, INSTRUMENTAL], left[c, COMPANY])
    for j in range(len(flat)):  # without a branch, several at once
        by_source[j] = flat[j]
        total += flat[j]
    return met, by_source.reshape((cases, width)), total


@compiled
def side_by_side(personal, instrumental, company):
    """Return minutes of three tasks as one number, which can be added up."""
    return np.int64(personal) + (np.int64(instrumental) << APART) + (np.int64(company) << 2 * APART)


@compiled
def doubtful_cases(rows, need, state, place, needs, n):
    """Tell whether a case is none, needs something else than the person, or has a need that is no case's."""
    elder, known, found = LIVING_RESIDENT | ELDER, 0, False
    for case in range(len(rows)):
        if np.uint64(rows[case]) >= np.uint64(n):
            return True
        i = np.uint64(rows[case])
        total = total_minutes(need, case)
        found |= (state[i] & elder != elder) | (place[i] == INSTITUTION)
        found |= total != needs[i]
        known += total > 0
    for i in range(min(n, len(needs))):
        known -= needs[i] != 0
    return found | (known != 0)


@compiled
def hand_over_again(rows, gifts, n_gifts, state, place, n, kin_start, kin_end, tasks, sources, due, village,
                    by_village, by_team):  # fmt: skip
    """Take each hand-over from what the case had done by task, received by source, and the giver gave, in place.

    Returns:
        Whether one is not allowed, and all minutes, those by people, by meals, and bought ones.
    """
    cases, whole = np.uint32(len(rows)), np.int64(0)
    handed, met, bought = np.int64(0), np.int64(0), np.int64(0)
    registered, kin, kin_rows = np.uint32(n), np.uint32(kin_start), np.uint32(kin_end - kin_start)
    for k in range(n_gifts):
        giver, relation, where = gifts[k].giver, np.uint32(gifts[k].relation), np.uint32(gifts[k].where)
        case = np.uint32(gifts[k].case)
        if (case >= cases) | (relation > np.uint32(VISIT)) | (where > np.uint32(AWAY)):
            return True, whole, handed, met, bought
        personal, instrumental, company = minutes_by_task(gifts[k])
        spot = np.uint32(relation * np.uint32(DISTANCES) + where)
        strange = (personal & NO_PERSONAL[spot]) | (instrumental & NO_INSTRUMENTAL[spot]) != 0
        if strange | ((giver == NOBODY) != (relation >= np.uint32(CARE_WORKER))):
            return True, whole, handed, met, bought
        minutes = personal + instrumental + company
        whole += minutes
        tasks[case] -= side_by_side(personal, instrumental, company)
        sources[case, np.uint32(SOURCE_OF[relation])] -= np.uint16(minutes)
        if giver != NOBODY:
            row = np.uint32(giver)
            unknown = (row >= registered) & (
                np.uint32(row - kin) >= kin_rows
            )  # below a segment is far above it
            from_home = (place[row] == INSTITUTION) & (where != np.uint32(AWAY))
            if unknown or (state[row] & ALIVE == 0) | (rows[case] == giver) | from_home:
                return True, whole, handed, met, bought
            due[row] -= np.uint16(minutes)
            handed += minutes
        elif relation == CARE_WORKER:
            bought += minutes
        elif relation == MEAL:
            met += minutes
        elif ((relation == ENTITLED) | (relation == PURCHASED_CARE)) & (len(by_team) > 0):
            by_team[by_village[village[rows[case]]]] += minutes
    return False, whole, handed, met, bought


@compiled
def is_any_left(minutes):
    """Tell whether any minutes are left over; without a branch."""
    found = minutes.dtype.type(0)
    for j in range(len(minutes)):
        found |= minutes[j]
    return found != 0


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
    for c in range(len(rows)):  # without a branch
        found |= received[c, FORMAL] > entitled[np.uint64(rows[c])]
    return found
