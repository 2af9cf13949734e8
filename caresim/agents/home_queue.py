"""The queue of a county's care homes: who leaves, who moves on, and who gets which free bed."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import ALONE, DESTITUTE
from caresim.agents.home_choice import (
    FRAIL_FROM,
    choose,
    net_price,
    priority_of,
    probability,
    purse_of,
    support_of,
    wants_home,
)
from caresim.agents.home_moves import move_in, send_home
from caresim.agents.institutions import DEPENDENT, FIRST_WAITING, NO_HOME, PRIVATE, ROUND, STATES
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, age_in_years
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform, uniform_k

CONSIDERS, WAITS, MOVES_ON = range(3)
"""Why an elder is in the queue: newly, from before, or from a home that closes."""
BLOCK = 1024
"""Rows that are looked at together; a multiple of eight."""


@compiled
def hold_round(table, list_price, state, place, home, home_since, disability, assessed, takes_up, born, arrangement,
               means, income, transfers, benefits, spouse, unmet, mood, village, key, household, first_child,
               next_maternal, next_paternal, savings, n, n_elders, n_households, month, consider_stream, leave_stream,
               aid, villages, rules, far, stigma):  # fmt: skip
    """Let residents leave, elders consider, homes close, and free beds be filled in the order of the queue.

    Returns:
        How many residents recovered, could not pay, chose to leave, and left because their home closed; homes that
        closed; households founded; how many were admitted, and these and then those who wait, as `Homes` keeps them.
    """
    rule = rules[0]
    purse = income, transfers, benefits, savings
    person = born, arrangement, spouse, unmet, mood, village, assessed, takes_up
    to_join = (household, spouse, village, born, disability, key, first_child, next_maternal, next_paternal)
    inside, waiting, fresh = look_around(
        state,
        place,
        home,
        disability,
        arrangement,
        means,
        born,
        key,
        n_elders,
        month,
        rule.consider,
        consider_stream,
    )
    price = prices(table, list_price, villages, rule)
    fate, movers, staying, leaving = fates(
        inside, home, disability, means, key, table, price, purse, person, aid, rule, month, leave_stream
    )
    founded = send_home(leaving, state, place, home, *to_join, n, n_households, month)
    if len(movers) + len(waiting) + len(fresh) == 0:
        return (*fate, 0), shut(table, month), founded, 0, np.empty((0, ROUND), dtype=np.int64)
    queue, kind, since, rank = in_queue(movers, waiting, fresh, disability, means, home_since, key, month)
    used, used_nursing, targets, reserved = beds_taken(staying, home, disability, means, table, villages)
    target, free, stranded = fill_beds(
        queue, kind, rank, disability, means, key, table, price, purse, person, aid, (far, stigma),
        used, used_nursing, reserved, targets, rule, month, consider_stream,
    )  # fmt: skip
    exits = shut(table, month)
    founded += send_home(stranded, state, place, home, *to_join, n, n_households + founded, month)
    noted, admitted = note_round(queue, kind, target, free, since, rank, disability, home, home_since, month)
    move_in(noted[:admitted, 0], noted[:admitted, 1], month, home, home_since, state, place, household)
    return (*fate, len(stranded)), exits, founded, admitted, noted


@compiled
def prices(table, list_price, villages, rule):
    """Return what homes ask for by state, yuan a month, shape (homes, states)."""
    found = np.empty(list_price.shape)
    for h in range(len(table)):
        for k in range(STATES):
            asked = list_price[h, k] * rule.growth * rule.price_level
            found[h, k] = min(asked, villages[table[h].village].price_most)
    return found


@compiled
def look_around(state, place, home, disability, arrangement, means, born, key, n, month, consider, stream):
    """Strike who no longer lives in a home or waits for one; return residents, those who wait, those who consider."""
    latest, elder = np.int16(month - 12 * FRAIL_FROM), LIVING_RESIDENT | ELDER
    rows = concerned(state, home, disability, arrangement, means, born, n, latest)
    inside, waiting, fresh = np.empty_like(rows), np.empty_like(rows), np.empty_like(rows)
    live = wait = new = 0
    for i in rows:
        if home[i] == NO_HOME:  # who is concerned all the same wants a home
            fresh[new] = i
            new += (place[i] != INSTITUTION) & (uniform(stream, key[i]) < consider)
        elif state[i] & elder != elder:
            home[i] = NO_HOME
        elif place[i] == INSTITUTION:
            inside[live] = i
            live += home[i] >= 0
        else:
            wants = wants_home(disability[i], arrangement[i], means[i], age_in_years(month, born[i]))
            if home[i] <= FIRST_WAITING and wants:
                waiting[wait] = i
                wait += 1
            else:
                home[i] = NO_HOME
                fresh[new] = i
                new += wants and uniform(stream, key[i]) < consider
    return inside[:live], waiting[:wait], fresh[:new]


@compiled
def concerned(state, home, disability, arrangement, means, born, n, latest):
    """Return the rows of those who live in a home, wait for one, or as resident elders are such as want one.

    The loop over a block has no branch and writes bytes, so that many rows are looked at together.
    """
    rows = np.empty(n + 1, dtype=np.int64)
    found = 0
    marks = np.zeros(BLOCK, dtype=np.uint8)
    eights = marks.view(np.uint64)
    elder = LIVING_RESIDENT | ELDER
    for start in range(0, n, BLOCK):
        end = min(start + BLOCK, n)
        states, at, states_of = state[start:end], home[start:end], disability[start:end]
        lives, has, births = arrangement[start:end], means[start:end], born[start:end]
        for j in range(end - start):
            frail = (lives[j] & ALONE != 0) & (births[j] <= latest)
            wants = (states_of[j] >= DEPENDENT) | (has[j] & DESTITUTE != 0) | frail
            marks[j] = (at[j] != NO_HOME) | (wants & (states[j] & elder == elder))
        marks[end - start :] = 0
        for e in range(BLOCK // 8):
            if eights[e]:
                for j in range(8 * e, 8 * e + 8):
                    rows[found] = start + j
                    found += int(marks[j])
    return rows[:found]


@compiled
def fates(inside, home, disability, means, key, table, price, purse, person, aid, rule, month, stream):
    """Settle what becomes of each resident.

    Returns:
        How many recovered, cannot pay, and leave by choice; who must move on, who stays, and who leaves.
    """
    movers, staying, leaving = np.empty_like(inside), np.empty_like(inside), np.empty_like(inside)
    moved = stayed = recovered = unpaid = chosen = 0
    born, _, _, _, _, village, assessed, takes_up = person
    for i in inside:
        where = table[home[i]]
        if where.closing:
            movers[moved] = i
            moved += 1
            continue
        age = age_in_years(month, born[i])
        yuan, put_by = purse_of(i, *purse, rule)
        support = support_of(takes_up[i], assessed[i], means[i], age, aid[village[i]])
        net = net_price(
            price[home[i], disability[i]], support, rule.spendable * yuan, means[i], where.ownership
        )
        well = disability[i] < DEPENDENT and not wants_home(0, ALONE, means[i], age)
        staying[stayed] = leaving[recovered + unpaid + chosen] = i
        if well and uniform_k(stream, key[i], 0) < rule.recovered:
            recovered += 1
        elif net > rule.spendable * yuan + put_by and uniform_k(stream, key[i], 1) < rule.unpaid:
            unpaid += 1
        elif uniform_k(stream, key[i], 2) < rule.leave:
            chosen += 1
        else:
            stayed += 1
    left = recovered + unpaid + chosen
    return (recovered, unpaid, chosen), movers[:moved], staying[:stayed], leaving[:left]


@compiled
def in_queue(movers, waiting, fresh, disability, means, home_since, key, month):
    """Return the queue in the order of priority, month of application and key: rows, why, month, class."""
    n = len(movers) + len(waiting) + len(fresh)
    queue, keys = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.uint64)
    kind, since, rank = np.empty(n, dtype=np.int8), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    j = 0
    for why, rows in ((MOVES_ON, movers), (WAITS, waiting), (CONSIDERS, fresh)):
        for i in rows:
            queue[j], kind[j], keys[j] = i, why, key[i]
            since[j] = home_since[i] if why == WAITS else month
            rank[j] = priority_of(disability[i], means[i])
            j += 1
    if n < 2:
        return queue, kind, since, rank
    by_key = np.argsort(keys, kind="mergesort")
    turn = (since - (rank << np.int64(32)))[by_key]
    order = by_key[np.argsort(turn, kind="mergesort")]
    return queue[order], kind[order], since[order], rank[order]


@compiled
def beds_taken(staying, home, disability, means, table, villages):
    """Return beds in use, nursing beds in use, basic targets inside and reserved beds, by home."""
    n = len(table)
    used, nursing = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    targets, reserved = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for i in staying:
        used[home[i]] += 1
        nursing[home[i]] += disability[i] >= DEPENDENT
        targets[home[i]] += priority_of(disability[i], means[i]) > 0
    for h in range(n):
        if table[h].ownership != PRIVATE:
            reserved[h] = np.int64(np.floor(villages[table[h].village].reserved_share * table[h].beds))
    return used, nursing, targets, reserved


@compiled
def fill_beds(queue, kind, rank, disability, means, key, table, price, purse, person, aid, sites, used, used_nursing,
              reserved, targets, rule, month, stream):  # fmt: skip
    """Give free beds away in the order of the queue.

    Returns:
        For each elder of the queue the home, or nobody's if none is wanted or can be paid, and whether it has a bed;
        who must move on and has none.
    """
    target = np.full(len(queue), NO_HOME, dtype=np.int64)
    free = np.zeros(len(queue), dtype=np.bool_)
    stranded = np.empty_like(queue)
    n_stranded = 0
    for j in range(len(queue)):
        i = queue[j]
        dependent = disability[i] >= DEPENDENT
        best, best_free, odds = choose(
            i, dependent, rank[j], disability[i], means[i], table, price, purse, person, aid, sites, used,
            used_nursing, reserved, targets, rule, month,
        )  # fmt: skip
        if best != NO_HOME and kind[j] == CONSIDERS and uniform_k(stream, key[i], 0) >= probability(odds):
            best, best_free = NO_HOME, NO_HOME
        target[j] = best if best_free == NO_HOME else best_free
        if best_free != NO_HOME:
            free[j] = True
            used[best_free] += 1
            used_nursing[best_free] += dependent
            targets[best_free] += rank[j] > 0
        elif kind[j] == MOVES_ON:
            stranded[n_stranded] = i
            n_stranded += 1
    return target, free, stranded[:n_stranded]


@compiled
def shut(table, month):
    """Close the homes whose residents leave; return their number."""
    exits = 0
    for h in range(len(table)):
        if table[h].closing:
            table[h].closed, table[h].closing = month, False
            exits += 1
    return exits


@compiled
def note_round(queue, kind, target, free, since, rank, disability, home, home_since, month):
    """Write who waits for which home; return the admitted and those who wait after them, and how many the former are.

    Each has row, home, priority and month of application; the admitted the months that they waited, -1 if they come
    from another home; those who wait whether they need a nursing bed.
    """
    admitted = np.sum(free)
    noted = np.empty((len(queue), ROUND), dtype=np.int64)
    a, r = 0, admitted
    for j in range(len(queue)):
        i = queue[j]
        if free[j]:
            last = -1 if kind[j] == MOVES_ON else month - since[j]
            note(noted, a, i, target[j], rank[j], since[j], last)
            a += 1
            continue
        home[i] = FIRST_WAITING - target[j] if target[j] >= 0 else NO_HOME
        home_since[i] = since[j]
        if target[j] >= 0:
            note(noted, r, i, target[j], rank[j], since[j], np.int64(disability[i] >= DEPENDENT))
            r += 1
    return noted[:r], admitted


@compiled
def note(noted, j, row, home, rank, since, last):
    """Write one row of the round."""
    noted[j, 0], noted[j, 1], noted[j, 2], noted[j, 3], noted[j, 4] = row, home, rank, since, last
