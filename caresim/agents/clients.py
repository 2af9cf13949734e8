"""Clients of social workers: who is referred, who is received first, and how the work with them goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.candidates import draws_of
from caresim.agents.care import ALONE, DEPRIVED, FULL, LONELY
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.priority import neediest
from caresim.agents.social_work import (
    CASE,
    CLOSING,
    CONSOLIDATED,
    CREDIT_BITS,
    ESTIMATION,
    EVALUATION,
    FORMER,
    GROUP,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    LONGEST,
    OVER,
    PLANNING,
    RECEPTION,
    STAGE,
    WHOLE,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k

if TYPE_CHECKING:
    from caresim.agents.world import World

TURN = purpose("social_work.turn")
MONTHS = 256
"""A rank is points times this, plus months waited plus 1."""
MOST_POINTS = 8
"""No priority has so many points."""
RESIDENT_ELDER = LIVING_RESIDENT | ELDER
WEEKS = 4
"""Sessions or contacts that a month has room for."""


def turn_luck(world: World, rows: np.ndarray) -> np.ndarray:
    """Return the lasting draws that decide among equals."""
    luck: np.ndarray = draws_of(world.draws.word(TURN, 0), world.people["key"][rows])
    return luck


@compiled
def marked(marks, n):
    """Return the rows below `n` with a mark; eight are looked at together."""
    rows = np.empty(n, dtype=np.int64)
    found = 0
    eights = marks[: n // 8 * 8].view(np.uint64)
    for e in range(len(eights)):
        if eights[e]:
            for i in range(8 * e, 8 * e + 8):
                rows[found] = i
                found += marks[i] != 0
    for i in range(n // 8 * 8, n):
        rows[found] = i
        found += marks[i] != 0
    return rows[:found].copy()


@compiled
def sort_out(n, client, clock, sessions, number, state, place, village, staffed):
    """Let clients go who died, left, moved to a home or lost the station; open a month for the others, in place.

    Returns:
        Rows of the open clients; how many dropped out of an open case, are in a running group, are ready for one.
    """
    rows = marked(client, n)
    found = dropped = running = ready = 0
    for i in rows:
        stage = client[i] & STAGE
        here = state[i] & RESIDENT_ELDER == RESIDENT_ELDER
        if not here or (stage != FORMER and (place[i] == INSTITUTION or not staffed[village[i]])):
            client[i], clock[i], sessions[i], number[i] = 0, 0, 0, 0
            dropped += stage != FORMER
        elif stage != FORMER:
            if stage == INTERVENTION and sessions[i] & HELD == WHOLE:
                sessions[i] += OVER - WHOLE
                number[i] = 0
            running += number[i] != 0
            ready += client[i] & (STAGE | GROUP_WORK) == PLANNING | GROUP_WORK
            rows[found] = i
            found += 1
    return rows[:found].copy(), dropped, running, ready


@compiled
def points_of(i, mood, unmet, widowed, arrangement, month, grief):
    """Return a person's priority: 2 severely deprived + 2 bereaved + 1 alone + 1 lonely."""
    points = 2 * (unmet[i] > DEPRIVED * FULL) + 2 * (month - widowed[i] <= grief)
    return points + (arrangement[i] & ALONE != 0) + (mood[i] & LONELY != 0)


@compiled
def points_of_all(rows, mood, unmet, widowed, arrangement, month, grief):
    """Return the priority of each of some people."""
    points = np.empty(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        points[j] = points_of(rows[j], mood, unmet, widowed, arrangement, month, grief)
    return points


@compiled
def refer(elders, client, clock, mood, unmet, widowed, arrangement, disability, dementia, place, village, staffed,
          month, grief, again):  # fmt: skip
    """Bring the waiting list up to date, in place.

    The bereaved, the severely deprived and the lonely are referred; the lonely to a group if they can go out, all
    others to case work. Former clients can be referred again some months after closing.

    Returns:
        Rows of those who wait for case work and their ranks; rows of those who wait for a group and their ranks.
    """
    rows, rank = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.int64)
    for_group, group_rank = np.empty(len(elders), dtype=np.int64), np.empty(len(elders), dtype=np.int64)
    alone = group = 0
    for i in elders.view(np.uint64):  # unsigned, so that no row is looked for from the end
        needy = unmet[i] > DEPRIVED * FULL or month - widowed[i] <= grief
        if client[i] == 0 and clock[i] == 0 and not needy and not mood[i] & LONELY:
            continue
        stage = client[i] & STAGE
        if stage != 0 and stage != FORMER:
            continue
        rest = again if stage == FORMER else 0
        if clock[i] < rest:
            clock[i] += 1
        elif not (needy or mood[i] & LONELY) or place[i] == INSTITUTION or not staffed[village[i]]:
            clock[i] = rest
        else:
            points = points_of(i, mood, unmet, widowed, arrangement, month, grief)
            turn = points * MONTHS + clock[i] - rest + 1
            if not needy and disability[i] <= 1 and dementia[i] == 0:
                for_group[group], group_rank[group] = i, turn
                group += 1
            else:
                rows[alone], rank[alone] = i, turn
                alone += 1
            clock[i] = min(LONGEST, clock[i] + 1)
    return rows[:alone].copy(), rank[:alone].copy(), for_group[:group].copy(), group_rank[:group].copy()


@compiled
def heads_of_queues(rank, luck, township, n):
    """Return how many stand in the queue of each township, and the rank and the draw of the first in it."""
    size = np.zeros(n, dtype=np.int64)
    first = np.zeros(n, dtype=np.int64)
    draw = np.ones(n, dtype=np.float64)
    for j in range(len(rank)):
        t = township[j]
        size[t] += 1
        if rank[j] > first[t] or (rank[j] == first[t] and luck[j] < draw[t]):
            first[t], draw[t] = rank[j], luck[j]
    return size, first, draw


@compiled
def receive(rows, rank, places, word, method, client, clock, sessions, number, key):
    """Receive as many people as there are places as clients, in place, those of the highest rank first.

    Returns:
        The draws that decide among equals, whether each was received, how many were, and the months they had waited.
    """
    luck = np.empty(len(rows))
    for j in range(len(rows)):
        luck[j] = uniform(word, key[rows[j]])
    received = np.zeros(len(rows), dtype=np.bool_)
    waited = 0
    chosen = neediest(rank, luck, places)
    for j in chosen:
        received[j] = True
        waited += rank[j] % MONTHS - 1
        i = rows[j]
        client[i] = RECEPTION | method
        clock[i] = sessions[i] = number[i] = 0
    return luck, received, len(chosen), waited


@compiled
def meet(members, first, left, client, sessions, number, key, session_minutes, attendance, scripted, consolidation,
         session_stream, script_word, lasting_word):  # fmt: skip
    """Let groups hold the sessions of the month as far as the staff's minutes go, in place.

    Args:
        members: rows of the members, group by group.
        first: where each group begins in it, and where the last one ends.
        left: staff minutes left.
        client: stages and marks.
        sessions: sessions held, and credit.
        number: group of each.
        key: keys of people.
        session_minutes: staff minutes that a session takes.
        attendance: probability that a member comes to a session.
        scripted: probability that a session goes as planned.
        consolidation: probability that what a member who comes to the last session has gained is consolidated.
        session_stream: stream of attendance.
        script_word: stream of how sessions go.
        lasting_word: stream of consolidation.

    Returns:
        Staff minutes spent, sessions held, those as planned, members invited, members who came.
    """
    spent = held = planned = invited = came = 0
    for g in range(len(first) - 1):
        who = members[first[g] : first[g + 1]]
        begun = sessions[who[0]] & HELD
        for session in range(begun, min(WHOLE, begun + WEEKS)):
            if left - spent < session_minutes:
                break
            spent += session_minutes
            held += 1
            credit = 2 if uniform_k(script_word, key[who[0]], session) < scripted else 1
            planned += credit - 1
            invited += len(who)
            for i in who:
                sessions[i] += 1
                if uniform_k(session_stream, key[i], session) < attendance:
                    sessions[i] += credit << CREDIT_BITS
                    came += 1
                    if session == WHOLE - 1 and uniform(lasting_word, key[i]) < consolidation:
                        client[i] |= CONSOLIDATED
    return spent, held, planned, invited, came


@compiled
def begin_group(who, new, client, clock, sessions, number, before, loneliness):
    """Let a group begin, in place: its members' loneliness is noted."""
    for i in who:
        client[i] = INTERVENTION | GROUP_WORK
        clock[i] = sessions[i] = 0
        number[i] = new
        before[i] = loneliness[i]


@compiled
def in_order_of_stage(rows, client, clock, key, mood, unmet, widowed, arrangement, month, grief, word):
    """Return rows of clients, those nearest to closing first, then by priority, months in the stage, draw."""
    luck, rank = np.empty(len(rows)), np.empty(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        i = rows[j]
        points = points_of(i, mood, unmet, widowed, arrangement, month, grief)
        rank[j] = -((np.int64(client[i] & STAGE) * MOST_POINTS + points) * MONTHS + clock[i])
        luck[j] = uniform(word, key[i])
    order = np.argsort(luck, kind="mergesort")
    return rows[order[np.argsort(rank[order], kind="mergesort")]]


@compiled
def work_alone(rows, left, client, clock, sessions, key, mood, unmet, widowed, arrangement, month, grief, word, minutes,
               patience):  # fmt: skip
    """Take each client one stage further as far as the staff's minutes go, in place; groups meet elsewhere.

    Args:
        rows: rows of the open clients.
        left: staff minutes left for case work and group work, shape (2,); what is spent is taken off.
        client: stages and marks.
        clock: months in the stage.
        sessions: contacts had, and credit.
        key: keys of people.
        mood: column of that name, as the next three, for the priority.
        unmet: share of need unmet.
        widowed: month of the last bereavement.
        arrangement: marks of whom elders live with.
        month: month number.
        grief: months in which the bereaved have priority.
        word: stream of the draws that decide among equals.
        minutes: staff minutes of reception, estimation, planning, a contact of case work, evaluation and closing.
        patience: months after planning until who waits for a group is helped alone.

    Returns:
        Minutes that clients spent with a social worker, cases closed, cases open, those of them in group work.
    """
    with_clients = closed = grouped = 0
    for i in in_order_of_stage(
        rows, client, clock, key, mood, unmet, widowed, arrangement, month, grief, word
    ):
        stage, method = client[i] & STAGE, (GROUP if client[i] & GROUP_WORK else CASE)
        if stage == PLANNING and method == GROUP and clock[i] >= patience:
            client[i] &= ~np.uint8(GROUP_WORK)
            method = CASE
        if stage == CLOSING:
            client[i] += FORMER - CLOSING
            closed += 1
        elif method == CASE and stage in (PLANNING, INTERVENTION) and sessions[i] & HELD < WHOLE:
            contacts = min(WEEKS, WHOLE - (sessions[i] & HELD), left[CASE] // minutes[INTERVENTION - 1])
            sessions[i] += contacts * (1 + (2 << CREDIT_BITS))
            left[CASE] -= contacts * minutes[INTERVENTION - 1]
            with_clients += contacts * minutes[INTERVENTION - 1]
            if contacts > 0:
                client[i] += INTERVENTION - stage
        elif left[method] >= minutes[stage] and (
            stage in (RECEPTION, ESTIMATION, EVALUATION) or sessions[i] & HELD == OVER
        ):
            left[method] -= minutes[stage]
            with_clients += minutes[stage]
            client[i] += 1
        clock[i] = 0 if client[i] & STAGE != stage else min(LONGEST, clock[i] + 1)
        grouped += client[i] & STAGE != FORMER and client[i] & GROUP_WORK != 0
    return with_clients, closed, len(rows) - closed, grouped
