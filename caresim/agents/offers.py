"""Offers of children: what each could give to each parent this month, before anybody gives anything."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import AWAY, COMPANY, note_limit, total_minutes, with_room
from caresim.agents.circles import CODE_BITS, RELATIONS, WHERE_BITS
from caresim.agents.people import REGISTERED
from caresim.kernel.compiled import compiled

ROW, TAKEN, WANTED, DONE = range(4)
"""What is noted of a helper side by side: the row; strain, and minutes given before this stage; minutes that all
parents together want; largest limit so far, and minutes given in this stage. Of two the second is in the higher half.
"""
BURDEN, JOB_BIT, UNABLE_BIT, ONE = np.uint32((1 << 14) - 1), np.uint32(14), np.uint32(15), np.uint32(1)
LOWER, HALF = np.uint32((1 << 16) - 1), np.uint32(16)
"""A person's strain is the burden (below 8,801), then whether there is a job, then who is unable to care."""


@compiled
def stand_in_line(begins):
    """Return the case of each candidate, so that rules pass along all of them without a branch by case.

    `begins` says where the candidates of each case begin, and where those of the last end.
    """
    case_of = np.zeros(begins[-1] + ONE, dtype=np.uint32)
    for first in begins[1:-1]:
        case_of[first] += ONE
    case = np.uint32(0)
    for j in range(len(case_of)):
        case += case_of[j]
        case_of[j] = case
    return case_of[:-1]


@compiled
def share_out(left, who, case_of, helpers):
    """Add up for each helper the minutes left of all parents for whom he is a candidate; farther away, company only."""
    for j in range(len(who)):
        one, case = who[j], case_of[j]
        wanted = (left[case, COMPANY] > 0) | ((one >> WHERE_BITS) & RELATIONS != AWAY)
        helpers[one >> CODE_BITS, WANTED] += np.uint32(total_minutes(left, case)) * np.uint32(wanted)


@compiled
def strain_of_all(state, disability, dementia, job, burden, n):
    """Return the strain of each registered person: burden, a job, being unable to care; none, in the end, of other kin.

    Who has just left the register is kin: able, and not tired.
    """
    strain = np.empty(n + 1, dtype=np.uint16)
    for c in range(n):
        unable = (disability[c] > 1) | (dementia[c] != 0)
        known = burden[c] | (np.uint32(job[c] != 0) << JOB_BIT) | (np.uint32(unable) << UNABLE_BIT)
        strain[c] = known * np.uint32(state[c] & REGISTERED != 0)
    strain[n] = 0
    return strain


@compiled
def look_at_helpers(rows, strain, given):
    """Note of each helper the row, the strain and the minutes given before; nobody wants or did anything yet."""
    helpers, kin = np.empty((len(rows), 4), dtype=np.uint32), np.uint32(len(strain) - 1)
    for h in range(len(rows)):
        c = rows[h]
        helpers[h, ROW] = c
        helpers[h, TAKEN] = strain[min(c, kin)] | (np.uint32(given[c]) << HALF)
        helpers[h, WANTED] = helpers[h, DONE] = 0
    return helpers


@compiled
def make_offers(left, who, strengths, case_of, helpers, hours, job_factors, fatigue):
    """Return the most that each candidate can give, and his offer: a part of it, if others ask for him too.

    The first able one who lives with the parent is the main carer.
    """
    limits, offers = np.empty(len(who), dtype=np.uint16), np.empty(len(who), dtype=np.uint16)
    main, last = np.uint32(0), np.uint32(len(left))
    for j in range(len(who)):  # whole numbers and tables, no branch, as nothing here is easy to guess
        one, case = who[j], case_of[j]
        h, at = one >> CODE_BITS, (one >> WHERE_BITS) & RELATIONS
        main |= np.uint32(case != last)
        taken = helpers[h, TAKEN]
        unable = (taken >> UNABLE_BIT) & ONE
        free = hours[main, at] * strengths[j]
        free *= 1.0 - fatigue * np.int32(taken & BURDEN)  # below 0 for the exhausted, whose limit is 0
        free *= job_factors[(taken >> JOB_BIT) & ONE, at]
        limit = np.uint32(max(np.int32(0), np.int32(free) - np.int32(taken >> HALF))) * (ONE - unable)
        limits[j] = limit
        offers[j] = np.uint32(limit * np.uint32(total_minutes(left, case))) // max(ONE, helpers[h, WANTED])
        main, last = main & unable, case
    return limits, offers


@compiled
def note_done(done, limit, minutes):
    """Return what a helper could give at most and gave, now that another parent was cared for."""
    return max(limit, done & LOWER) | ((done & ~LOWER) + (minutes << HALF))


@compiled
def enter_done(helpers, given, limits, m):
    """Add what helpers gave to the column, and note what they could have given; return the limits and their number."""
    asked, found = np.empty(len(helpers) + 1, dtype=np.uint32), 0
    for h in range(len(helpers)):
        asked[found] = h
        found += helpers[h, DONE] > 0
    limits = with_room(limits, m, found)
    for h in asked[:found]:
        given[helpers[h, ROW]] += helpers[h, DONE] >> HALF
        note_limit(limits, m, helpers[h, ROW], helpers[h, DONE] & LOWER)
        m += 1
    return limits, m
