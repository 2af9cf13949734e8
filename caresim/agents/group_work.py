"""Group work: clients of a township who wait for it begin a group, and groups meet."""

from __future__ import annotations

import numpy as np

from caresim.agents.clients import WEEKS, turn_of
from caresim.agents.social_work import (
    ATTENDED,
    BEGUN,
    CLIENT_MINUTES,
    CONSOLIDATED,
    CREDIT_BITS,
    GROUP,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    INVITED,
    NEWEST,
    PLANNING,
    SCRIPTED,
    SESSIONS_HELD,
    STAGE,
    WHOLE,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k

SESSION = purpose("social_work.session")
SCRIPT = purpose("social_work.script")
LASTING = purpose("social_work.lasting")
LAST_NUMBER = 65535


@compiled
def hold_sessions(open_now, left, client, sessions, number, key, session, luck, counts):
    """Let the groups that have begun meet, in the order of their numbers."""
    members = np.empty(len(open_now), dtype=np.int64)
    found = 0
    for i in open_now:
        if number[i] > 0 and sessions[i] & HELD < WHOLE:
            members[found] = i
            found += 1
    members = members[np.argsort(number[members[:found]].astype(np.int64), kind="mergesort")]
    first = 0
    for j in range(1, found + 1):
        if j == found or number[members[j]] != number[members[first]]:
            meet(members[first:j], left, client, sessions, key, session, luck, counts)
            first = j


@compiled
def meet(who, left, client, sessions, key, session, luck, counts):
    """Let a group hold the sessions of the month as far as the staff's minutes go, in place.

    Args:
        who: rows of the members.
        left: staff minutes left for case work and group work.
        client: stages and marks.
        sessions: sessions held, and credit.
        key: keys of people.
        session: staff minutes that a session takes, and minutes that members spend in it.
        luck: probabilities that a member comes, that a session goes as planned, that what a member who comes to the
            last has gained is consolidated; the streams of the three draws.
        counts: what is counted this month.
    """
    staff_minutes, together = session
    attendance, scripted, consolidation, session_stream, script_word, lasting_word = luck
    group_key = key[who].min()
    begun = sessions[who[0]] & HELD
    for week in range(begun, min(WHOLE, begun + WEEKS)):
        if left[GROUP] < staff_minutes:
            break
        left[GROUP] -= staff_minutes
        credit = 2 if uniform_k(script_word, group_key, week) < scripted else 1
        came = 0
        for i in who:
            sessions[i] += 1
            if uniform_k(session_stream, key[i], week) < attendance:
                sessions[i] += credit << CREDIT_BITS
                came += 1
                if week == WHOLE - 1 and uniform(lasting_word, key[i]) < consolidation:
                    client[i] |= CONSOLIDATED
        counts[SESSIONS_HELD] += 1
        counts[SCRIPTED] += credit - 1
        counts[INVITED] += len(who)
        counts[ATTENDED] += came
        counts[CLIENT_MINUTES] += came * together


@compiled
def found_groups(open_now, left, client, clock, sessions, number, before, loneliness, village, key, township,
                 smallest, largest, turn_word, session, luck, counts, sizes):  # fmt: skip
    """Let groups begin in townships where enough clients wait for one and nobody else is on the way to it.

    Args:
        open_now: rows of the open clients.
        left: staff minutes left for case work and group work.
        client: stages and marks.
        clock: months in the stage.
        sessions: sessions held, and credit.
        number: group of each.
        before: loneliness when the group began.
        loneliness: loneliness today.
        village: villages of people.
        key: keys of people.
        township: townships of villages.
        smallest: fewest members of a group.
        largest: most members.
        turn_word: stream of the draws that decide among equals.
        session: minutes of a session, see `meet`.
        luck: chances and streams, see `meet`.
        counts: what is counted this month.
        sizes: members of each group that begins; written.
    """
    ready_in, all_in, for_group = who_waits_for_group(open_now, client, village, township)
    for t in range(len(ready_in)):
        if ready_in[t] < smallest or ready_in[t] < min(all_in[t], largest):
            continue
        ready = ready_in_township(t, ready_in[t], for_group, client, clock, village, key, township, turn_word)
        first = 0
        for size in part_sizes(len(ready), smallest, largest):
            if left[GROUP] < session[0]:
                return
            who = ready[first : first + size]
            first += size
            counts[NEWEST] = counts[NEWEST] % LAST_NUMBER + 1
            begin_group(who, counts[NEWEST], client, clock, sessions, number, before, loneliness)
            sizes[counts[BEGUN]] = size
            counts[BEGUN] += 1
            meet(who, left, client, sessions, key, session, luck, counts)


@compiled
def who_waits_for_group(open_now, client, village, township):
    """Count by township those who are ready for a group, and all on the way to one; return the rows of these, too."""
    ready_in, all_in = np.zeros(township.max() + 1, np.int64), np.zeros(township.max() + 1, np.int64)
    for_group = np.empty(len(open_now), dtype=np.int64)
    found = 0
    for i in open_now:
        if client[i] & GROUP_WORK and client[i] & STAGE <= PLANNING:
            for_group[found] = i
            found += 1
            all_in[township[village[i]]] += 1
            ready_in[township[village[i]]] += client[i] & STAGE == PLANNING
    return ready_in, all_in, for_group[:found]


@compiled
def ready_in_township(t, n, for_group, client, clock, village, key, township, turn_word):
    """Return the rows of the `n` ready for a group in a township: who has waited longest first, then by draw."""
    rows, turns = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.uint64)
    found = 0
    for i in for_group:
        if township[village[i]] == t and client[i] & STAGE == PLANNING:
            rows[found], turns[found] = i, turn_of(clock[i], key[i], turn_word)
            found += 1
    return rows[np.argsort(turns)]


@compiled
def part_sizes(n, smallest, largest):
    """Return the sizes of groups of about one size, as few as possible; who is too many for them waits on."""
    n_groups = -(-n // largest)
    if n_groups * smallest > n:
        n_groups -= 1
    sizes = np.zeros(n_groups, dtype=np.int64)
    members = min(n, n_groups * largest)
    for g in range(n_groups):
        sizes[g] = members // n_groups + (g < members % n_groups)
    return sizes


@compiled
def begin_group(who, new, client, clock, sessions, number, before, loneliness):
    """Let a group begin, in place: its members' loneliness is noted."""
    for i in who:
        client[i] = INTERVENTION | GROUP_WORK
        clock[i] = sessions[i] = 0
        number[i] = new
        before[i] = loneliness[i]
