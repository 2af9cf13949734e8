"""Clients of social workers: who they are, who comes first, and how the work with each goes on."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ALONE, DEPRIVED, FULL, LONELY
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.social_work import (
    CASE,
    CLIENT_MINUTES,
    CLOSING,
    COMPLETED,
    CREDIT_BITS,
    DROPPED,
    ESTIMATION,
    EVALUATION,
    FORMER,
    GROUP,
    GROUP_WORK,
    HELD,
    INTERVENTION,
    KNOWN,
    LONGEST,
    OVER,
    PLANNING,
    RECEPTION,
    STAGE,
    WHOLE,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import U64, mixed, purpose

TURN = purpose("social_work.turn")
MONTHS = 256
"""A rank is points times this, plus months."""
MOST_POINTS = 8
"""No priority has so many points."""
HIGHEST_RANK = U64(FORMER * MOST_POINTS * MONTHS)
DRAW_BITS, DRAW_LOST = U64(50), U64(14)
"""A turn ends in the first 50 bits of a draw; the rank before them leaves no room for its last two."""
SEVERE = int(DEPRIVED * FULL)
"""Share of need unmet, as the column `unmet` tells it, above which somebody is severely deprived."""
RESIDENT_ELDER = LIVING_RESIDENT | ELDER
WEEKS = 4
"""Sessions or contacts that a month has room for."""


CONTACTED, STAFFED = 1 << PLANNING | 1 << INTERVENTION, 1 << RECEPTION | 1 << ESTIMATION | 1 << EVALUATION
"""Bits of the stages in which there are contacts of case work, and of those that end with the staff's work alone."""


@compiled
def marked(marks, n):
    """Return the rows below `n` with a mark; eight are looked at together."""
    many = 0
    for i in range(n):
        many += marks[i] != 0
    rows = np.empty(many + 1, dtype=np.int64)
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
    return rows[:found]


@compiled
def turn_of(rank, key, word):
    """Return somebody's place in a queue as one number, the lowest first: the highest rank, then the lowest draw."""
    return (HIGHEST_RANK - U64(rank)) << DRAW_BITS | mixed(key ^ word) >> DRAW_LOST


@compiled
def sort_out(n, client, clock, sessions, number, state, place, village, staffed, counts):
    """Let clients go who died, left, moved to a home or lost the station; open a month for the others, in place.

    Returns:
        Rows of the open clients; how many are in a running group, and how many are ready for one.
    """
    rows = marked(client, n)
    found = known = running = ready = 0
    for i in rows.view(np.uint64):  # unsigned, so that no row is looked for from the end
        stage = client[i] & STAGE
        here = state[i] & RESIDENT_ELDER == RESIDENT_ELDER
        known += 1
        if not here or (stage != FORMER and (place[i] == INSTITUTION or not staffed[village[i]])):
            client[i], clock[i], sessions[i], number[i] = 0, 0, 0, 0
            counts[DROPPED] += stage != FORMER
            known -= 1
        elif stage != FORMER:
            if stage == INTERVENTION and sessions[i] & HELD == WHOLE:
                sessions[i] += OVER - WHOLE
                number[i] = 0
            running += number[i] != 0
            ready += client[i] & (STAGE | GROUP_WORK) == PLANNING | GROUP_WORK
            rows[found] = i
            found += 1
    counts[KNOWN] = known
    return rows[:found], running, ready


@compiled
def is_needy(i, unmet, widowed, bereaved_from):
    """Tell whether somebody is severely deprived, or bereaved since a month."""
    return (unmet[i] > SEVERE) | (widowed[i] >= bereaved_from)


@compiled
def points_of(i, mood, unmet, widowed, arrangement, bereaved_from):
    """Return a person's priority: 2 severely deprived + 2 bereaved + 1 alone + 1 lonely."""
    points = 2 * (unmet[i] > SEVERE) + 2 * (widowed[i] >= bereaved_from)
    return points + (arrangement[i] & ALONE != 0) + (mood[i] & LONELY != 0)


@compiled
def is_left_to_group(one, months, held, patience):
    """Tell whether a client waits for a group, or is in one: nobody works with this one alone."""
    stage = one & STAGE
    waits = (stage == PLANNING) & (months < patience)
    meets = (stage == INTERVENTION) & (held != OVER)
    return (one & GROUP_WORK != 0) & (waits | meets)


@compiled
def work_alone(rows, left, client, clock, sessions, key, mood, unmet, widowed, arrangement, bereaved_from, word,
               minutes, patience, counts):  # fmt: skip
    """Take each client one stage further as far as the staff's minutes go, in place; groups meet elsewhere.

    Those nearest to closing come first, then by priority, months in the stage, draw.

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
        bereaved_from: month of bereavement from which it gives priority.
        word: stream of the draws that decide among equals.
        minutes: staff minutes of reception, estimation, planning, a contact of case work, evaluation and closing.
        patience: months after planning until who waits for a group is helped alone.
        counts: what is counted this month.

    Returns:
        Cases open in case work, and in group work.
    """
    busy = grouped = closed = spent = 0
    demand = np.zeros(2, dtype=np.int64)
    for i in rows.view(np.uint64):
        one, months, held = client[i], clock[i], sessions[i] & HELD
        if is_left_to_group(one, months, held, patience):
            clock[i] = min(LONGEST, months + 1)
            grouped += 1
        else:
            if waited_in_vain(one, months, patience):
                one &= ~np.uint8(GROUP_WORK)
                client[i] = one
            demand[method_of(one)] += most_minutes(one, held, minutes)
            rows[busy] = i
            busy += 1
    in_turn = sort_by_turn(
        rows[:busy], demand > left, client, clock, key, mood, unmet, widowed, arrangement, bereaved_from, word
    )
    for i in in_turn.view(np.uint64):
        spent += take_further(i, left, client, clock, sessions, minutes)
        one = client[i]
        closed += one & STAGE == FORMER
        grouped += (one & STAGE != FORMER) & (one & GROUP_WORK != 0)
    counts[CLIENT_MINUTES] += spent
    counts[COMPLETED] += closed
    return len(rows) - closed - grouped, grouped


@compiled
def method_of(client):
    """Return the method by which a client is helped."""
    return GROUP if client & GROUP_WORK else CASE


@compiled
def waited_in_vain(client, months, patience):
    """Tell whether a client has waited for a group for so long that the client is helped alone."""
    return (client & (STAGE | GROUP_WORK) == PLANNING | GROUP_WORK) & (months >= patience)


@compiled
def most_minutes(client, held, minutes):
    """Return the staff minutes that a client takes this month if there are enough."""
    stage = client & STAGE
    if stage == CLOSING:
        return 0
    contacts = method_of(client) == CASE and stage in (PLANNING, INTERVENTION) and held < WHOLE
    return min(WEEKS, WHOLE - held) * minutes[INTERVENTION - 1] if contacts else minutes[stage]


@compiled
def sort_by_turn(rows, is_short, client, clock, key, mood, unmet, widowed, arrangement, bereaved_from, word):
    """Return the rows with those helped by a method whose minutes do not suffice for all last, in their order.

    Nobody waits for anybody else where there are minutes for all.
    """
    sorted_rows, short = np.empty_like(rows), np.empty_like(rows)
    turns = np.empty(len(rows), dtype=np.uint64)
    first = last = 0
    for i in rows.view(np.uint64):
        if is_short[method_of(client[i])]:
            points = points_of(i, mood, unmet, widowed, arrangement, bereaved_from)
            rank = (np.int64(client[i] & STAGE) * MOST_POINTS + points) * MONTHS + clock[i]
            short[last], turns[last] = i, turn_of(rank, key[i], word)
            last += 1
        else:
            sorted_rows[first] = i
            first += 1
    if last > 0:
        sorted_rows[first:] = short[np.argsort(turns[:last])]
    return sorted_rows


@compiled
def take_further(i, left, client, clock, sessions, minutes):
    """Take a client one stage further, or through the contacts of a month; return the minutes spent with the client.

    What a stage asks for is read off bits, without a branch: nobody could guess in which stage the next client is.
    """
    one, held = client[i], sessions[i] & HELD
    stage, method = one & STAGE, method_of(one)
    meets = (method == CASE) & (CONTACTED >> stage & 1 != 0) & (held < WHOLE)
    contacts, met = contacts_of(held, left[CASE], minutes[INTERVENTION - 1])
    needed = 0 if stage == CLOSING else minutes[min(stage, EVALUATION)]
    moves = (stage == CLOSING) | ((left[method] >= needed) & ((STAFFED >> stage & 1 != 0) | (held == OVER)))
    ahead = (INTERVENTION - stage if contacts > 0 else 0) if meets else np.int64(moves)
    spent = met if meets else (needed if moves else 0)
    sessions[i] += contacts * (1 + (2 << CREDIT_BITS)) if meets else 0
    left[method] -= spent
    client[i] = one + ahead
    clock[i] = 0 if ahead > 0 else min(LONGEST, clock[i] + 1)
    return spent


@compiled
def contacts_of(held, left, each):
    """Return the contacts of a month with a client of case work who has had some, and the minutes that they take."""
    contacts = min(WEEKS, WHOLE - held)
    if contacts * each > left:
        contacts = left // each
    return contacts, contacts * each
