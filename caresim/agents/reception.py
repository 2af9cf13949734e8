"""Reception: who is referred, and that as many are received as the hours of the coming months allow."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import LONELY
from caresim.agents.clients import DRAW_BITS, HIGHEST_RANK, MONTHS, is_needy, points_of, turn_of
from caresim.agents.people import INSTITUTION
from caresim.agents.social_work import (
    CASE,
    CLIENT_MINUTES,
    FORMER,
    GROUP,
    GROUP_WORK,
    HOUR,
    INTERVENTION,
    LONGEST,
    NOBODYS,
    QUEUES,
    RECEIVED,
    RECEPTION,
    STAGE,
    WAITED,
    WAITING,
    WHOLE,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import U64

PIPELINE, NO_LIMIT = 7, 2**31 - 1
"""Months that a client is open if there are hours: a stage a month, two for the intervention."""
DRAW_MARK, DRAW_UNIT = U64((1 << 50) - 1), 2.0**-50


def alone_minutes(rules: Any) -> int:
    """Return the staff minutes of one client of case work."""
    return int(HOUR * (sum(rules.stage_hours) + (WHOLE - 1) * rules.stage_hours[INTERVENTION - 1]))


def group_minutes(rules: Any) -> int:
    """Return the staff minutes of one member of a group of the largest size."""
    alone = sum(rules.stage_hours) - rules.stage_hours[INTERVENTION - 1]
    return int(HOUR * (alone + WHOLE * rules.session_hours / rules.largest))


@compiled
def concerned(elders, client, clock, mood, unmet, widowed, bereaved_from):
    """Return the rows of the elders who have been on the list, are or were clients, or have reason to be referred."""
    rows = np.empty(len(elders) + 1, dtype=np.uint32)
    found = 0
    for i in elders:
        rows[found] = i
        marks = client[i] | clock[i] | mood[i] & LONELY
        found += (marks != 0) | is_needy(i, unmet, widowed, bereaved_from)
    return rows[:found]


@compiled
def refer(elders, client, clock, mood, unmet, widowed, arrangement, disability, dementia, place, village, staffed,
          bereaved_from, again):  # fmt: skip
    """Bring the waiting list up to date, in place.

    The bereaved, the severely deprived and the lonely are referred; the lonely to a group if they can go out, all
    others to case work. Former clients can be referred again some months after closing.

    Returns:
        Rows of those who wait for case work and their ranks; rows of those who wait for a group and their ranks.
    """
    who = concerned(elders, client, clock, mood, unmet, widowed, bereaved_from)
    rows, rank = np.empty(len(who) + 1, dtype=np.uint32), np.empty(len(who) + 1, dtype=np.int32)
    for_group, group_rank = np.empty(len(who) + 1, dtype=np.uint32), np.empty(len(who) + 1, dtype=np.int32)
    alone = group = 0
    for i in who:  # without a branch: nobody could guess what comes next
        stage, months = client[i] & STAGE, np.int64(clock[i])
        nobodys, former = stage == NOBODYS, stage == FORMER
        rest = again if former else 0
        needy = is_needy(i, unmet, widowed, bereaved_from)
        reason = needy | (mood[i] & LONELY != 0)
        free = (place[i] != INSTITUTION) & staffed[village[i]] & (nobodys | former)
        waits = reason & free & (months >= rest)
        goes_out = (disability[i] <= 1) & (dementia[i] == 0)
        with_others = waits & (not needy) & goes_out
        turn = points_of(i, mood, unmet, widowed, arrangement, bereaved_from) * MONTHS + months - rest + 1
        for_group[group], group_rank[group] = i, turn
        group += with_others
        rows[alone], rank[alone] = i, turn
        alone += waits & (not with_others)
        counted = min(LONGEST, months + 1) if waits or months < rest else rest
        clock[i] = counted if nobodys or former else months
    return rows[:alone], rank[:alone], for_group[:group], group_rank[:group]


@compiled
def receive_clients(rows, rank, for_group, group_rank, alone, grouped, left, budgets, each, reception, smallest,
                    largest, client, clock, sessions, number, key, village, township, word, counts, line):  # fmt: skip
    """Receive from the waiting list as many as the hours of the coming months allow.

    Args:
        rows: rows of those who wait for case work.
        rank: their ranks.
        for_group: rows of those who wait for a group.
        group_rank: their ranks.
        alone: open clients in case work.
        grouped: open clients in group work.
        left: staff minutes left for case work and group work, shape (2,); what is spent is taken off.
        budgets: staff minutes of the month for them.
        each: staff minutes of a client of case work and of one of group work.
        reception: staff minutes of a reception.
        smallest: fewest members of a group.
        largest: most members.
        client: stages and marks.
        clock: months in the stage.
        sessions: sessions held, and credit.
        number: group of each.
        key: keys of people.
        village: villages of people.
        township: townships of villages.
        word: stream of the draws that decide among equals.
        counts: what is counted this month.
        line: rank and draw of those who stood in the queues, one queue after another, whether each was received, and
            where each queue ends, after a 0; written.
    """
    places = min(places_for(budgets[CASE], each[0]) - alone, most(left[CASE], reception))
    if places > 0 and len(rows) > 0:
        turns = turns_of(rows, rank, key, word)
        admit(rows, turns, places, CASE, left, reception, client, clock, sessions, number, counts, line)
    places = max(places_for(budgets[GROUP], each[1]), largest if budgets[GROUP] > 0 else 0) - grouped
    if min(places, most(left[GROUP], reception)) >= smallest and len(for_group) >= smallest:
        turns = turns_of(for_group, group_rank, key, word)
        admit_groups(
            for_group, turns, places, left, reception, smallest, largest, client, clock, sessions, number, village,
            township, counts, line,
        )  # fmt: skip
    counts[WAITING] = len(rows) + len(for_group) - counts[RECEIVED]


@compiled
def turns_of(rows, rank, key, word):
    """Return the turns of those who wait, in the same order."""
    turns = np.empty(len(rows), dtype=np.uint64)
    for j in range(len(rows)):
        turns[j] = turn_of(rank[j], key[rows[j]], word)
    return turns


@compiled
def admit_groups(rows, turns, places, left, reception, smallest, largest, client, clock, sessions, number, village,
                 township, counts, line):  # fmt: skip
    """Receive whole groups, each from one township: the next is that of the first in the queue."""
    rows, turns, starts = by_township(rows, turns, village, township)
    firsts = np.full(len(starts) - 1, HIGHEST_RANK << DRAW_BITS)
    for t in range(len(firsts)):
        for turn in turns[starts[t] : starts[t + 1]]:
            firsts[t] = min(firsts[t], turn)
    for t in np.argsort(firsts):
        room = min(places, most(left[GROUP], reception), largest)
        if room < smallest:
            break
        here = slice(starts[t], starts[t + 1])
        if len(rows[here]) >= smallest:
            places -= admit(
                rows[here], turns[here], room, GROUP, left, reception, client, clock, sessions, number, counts,
                line,
            )  # fmt: skip


@compiled
def by_township(rows, turns, village, township):
    """Return rows and turns of those who wait, township by township, and where each begins, and the last one ends."""
    starts = np.zeros(township.max() + 2, dtype=np.int64)
    for i in rows:
        starts[township[village[i]] + 1] += 1
    starts = np.cumsum(starts)
    ordered, turns_there = np.empty_like(rows), np.empty_like(turns)
    reached = starts.copy()
    for j in range(len(rows)):
        t = township[village[rows[j]]]
        ordered[reached[t]], turns_there[reached[t]] = rows[j], turns[j]
        reached[t] += 1
    return ordered, turns_there, starts


@compiled
def admit(rows, turns, places, method, left, reception, client, clock, sessions, number, counts, line):
    """Receive as many people as there are places as clients, in place, those whose turn comes first; count them.

    The queue is noted after the others.
    """
    last = turns.max() if places >= len(turns) else np.partition(turns, places - 1)[places - 1]
    mark = RECEPTION | GROUP_WORK if method == GROUP else RECEPTION
    line_rank, line_draw, line_received, ends = line
    at, taken = ends[counts[QUEUES]], 0
    for j in range(len(rows)):
        comes = turns[j] <= last and taken < places
        line_rank[at], line_draw[at], line_received[at] = rank_of(turns[j]), draw_of(turns[j]), comes
        at += 1
        if comes:
            i = rows[j]
            client[i] = mark
            clock[i] = sessions[i] = number[i] = 0
            counts[WAITED] += rank_of(turns[j]) % MONTHS - 1
            taken += 1
    counts[QUEUES] += 1
    ends[counts[QUEUES]] = at
    left[method] -= reception * taken
    counts[CLIENT_MINUTES] += reception * taken
    counts[RECEIVED] += taken
    return taken


@compiled
def rank_of(turn):
    """Return the rank that a turn holds."""
    return np.int64(HIGHEST_RANK - (turn >> DRAW_BITS))


@compiled
def draw_of(turn):
    """Return the draw that a turn holds, but for its last bits."""
    return float(turn & DRAW_MARK) * DRAW_UNIT


@compiled
def places_for(minutes, each):
    """Return how many clients can be open at once, at least one if there are any hours."""
    return max(1, minutes * PIPELINE // max(1, each)) if minutes > 0 else 0


@compiled
def most(minutes, each):
    """Return for how many the minutes suffice."""
    return minutes // each if each > 0 else NO_LIMIT
