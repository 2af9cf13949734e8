"""The queue of a county's care homes: who leaves, who moves on, and who gets which free bed."""

from __future__ import annotations

import numpy as np

from caresim.agents.home_choice import (
    age_of,
    attraction,
    net_price,
    priority_of,
    probability,
    support_of,
    wants_home,
)
from caresim.agents.institutions import DEPENDENT, FIRST_WAITING, NO_HOME, PRIVATE
from caresim.agents.money import FEN
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform, uniform_k

STAYS, MOVES, RECOVERED, UNPAID, CHOSEN, CLOSED = range(6)
"""What becomes of a resident this month."""
CONSIDERS, WAITS, MOVES_ON = range(3)
"""Why an elder is in the queue: newly, from before, or from a home that closes."""


@compiled
def hold_round(state, place, home, home_since, disability, born, arrangement, means, income, transfers, benefits,
               spouse, unmet, mood, village, key, savings, aid, village_x, village_y, stigma, list_price, home_x,
               home_y, ownership, nursing, reputation, home_village, all_beds, is_open, closing, cap, share_kept, n,
               growth, level, spendable, savings_months, weight, recovered, unpaid, leave, consider, month,
               consider_stream, leave_stream):  # fmt: skip
    """Settle who leaves a home and who gets which bed; nobody is moved yet.

    Returns:
        Residents and what becomes of each; the queue in its order: rows, why, month of application, class of priority,
        the home that each gets or waits for, and whether it has a bed.
    """
    price, beds = np.empty(list_price.shape), np.zeros(len(all_beds), dtype=np.int64)
    for h in range(len(beds)):
        for k in range(list_price.shape[1]):
            price[h, k] = min(list_price[h, k] * growth * level, cap[home_village[h]])
        if is_open[h] and not closing[h]:
            beds[h] = all_beds[h]
    inside, waiting, fresh = look_around(
        state, place, home, disability, arrangement, means, born, key, n, month, consider, consider_stream
    )
    fate = fates(inside, home, closing, disability, born, arrangement, means, income, transfers, benefits, spouse,
                 unmet, mood, village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma,
                 price, home_x, home_y, ownership, nursing, reputation, beds, recovered, unpaid, leave, month,
                 leave_stream)  # fmt: skip
    queue, kind, since, rank = in_queue(
        inside[fate == MOVES], waiting, fresh, disability, means, home_since, key, month
    )
    used, used_nursing, targets, reserved = beds_taken(
        inside[fate == STAYS], home, disability, means, ownership, all_beds, home_village, share_kept
    )
    target, free = fill_beds(
        queue, kind, rank, inside, home, disability, born, arrangement, means, income, transfers, benefits, spouse,
        unmet, mood, village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x,
        home_y, ownership, nursing, reputation, beds, used, used_nursing, reserved, targets, weight, month,
        consider_stream,
    )  # fmt: skip
    return inside, fate, queue, kind, since, rank, target, free


@compiled
def look_around(state, place, home, disability, arrangement, means, born, key, n, month, consider, stream):
    """Strike who no longer lives in a home or waits for one; return residents, those who wait, those who consider."""
    inside, waiting, fresh = [], [], []
    elder = LIVING_RESIDENT | ELDER
    for i in range(n):
        if state[i] & elder != elder:
            home[i] = NO_HOME
        elif place[i] == INSTITUTION:
            if home[i] >= 0:
                inside.append(i)
        else:
            wants = wants_home(disability[i], arrangement[i], means[i], age_of(month, born[i]))
            if home[i] <= FIRST_WAITING and wants:
                waiting.append(i)
            else:
                home[i] = NO_HOME
                if wants and uniform(stream, key[i]) < consider:
                    fresh.append(i)
    return (
        np.array(inside, dtype=np.int64),
        np.array(waiting, dtype=np.int64),
        np.array(fresh, dtype=np.int64),
    )


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
    by_key = np.argsort(keys, kind="mergesort")
    turn = (since - (rank << np.int64(32)))[by_key]
    order = by_key[np.argsort(turn, kind="mergesort")]
    return queue[order], kind[order], since[order], rank[order]


@compiled
def beds_taken(staying, home, disability, means, ownership, beds, home_village, share_kept):
    """Return beds in use, nursing beds in use, basic targets inside and reserved beds, by home."""
    used, nursing = np.zeros(len(beds), dtype=np.int64), np.zeros(len(beds), dtype=np.int64)
    targets, reserved = np.zeros(len(beds), dtype=np.int64), np.zeros(len(beds), dtype=np.int64)
    for i in staying:
        used[home[i]] += 1
        nursing[home[i]] += disability[i] >= DEPENDENT
        targets[home[i]] += priority_of(disability[i], means[i]) > 0
    for h in range(len(beds)):
        if ownership[h] != PRIVATE:
            reserved[h] = np.int64(np.floor(share_kept[home_village[h]] * beds[h]))
    return used, nursing, targets, reserved


@compiled
def note_round(queue, target, free, since, rank, disability, home, home_since):
    """Write who waits for which home; return who is admitted and who waits, as `Homes` keeps them."""
    n_free = 0
    for j in range(len(queue)):
        n_free += free[j]
    admitted, refused = np.empty((n_free, 4), dtype=np.int64), np.empty((len(queue), 5), dtype=np.int64)
    a = r = 0
    for j in range(len(queue)):
        i = queue[j]
        if free[j]:
            admitted[a, 0], admitted[a, 1], admitted[a, 2], admitted[a, 3] = i, target[j], rank[j], since[j]
            a += 1
            continue
        home[i] = FIRST_WAITING - target[j] if target[j] >= 0 else NO_HOME
        home_since[i] = since[j]
        if target[j] >= 0:
            refused[r, 0], refused[r, 1], refused[r, 2], refused[r, 3] = i, target[j], rank[j], since[j]
            refused[r, 4] = disability[i] >= DEPENDENT
            r += 1
    return admitted, refused[:r].copy()


@compiled
def offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood, village,
          savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x, home_y, ownership,
          reputation, weight, month):  # fmt: skip
    """Return a home's attraction for an elder, and whether the elder can pay."""
    age, v = age_of(month, born[i]), village[i]
    yuan = (max(0, income[i]) + transfers[i] + benefits[i]) / FEN
    cost = price[h, disability[i]]
    support = support_of(disability[i], means[i], age, aid[v])
    net = net_price(cost, support, spendable * yuan, means[i], ownership[h])
    put_by = max(0, savings[i]) / FEN / savings_months if len(savings) > 0 else 0.0
    east, north = village_x[v] - home_x[h], village_y[v] - home_y[h]
    km = np.sqrt(np.float64(east * east + north * north))
    value = attraction(net, cost, yuan, reputation[h], km, arrangement[i], spouse[i] != NOBODY, age, unmet[i] / 250.0,
                       mood[i], stigma[v], weight)  # fmt: skip
    return value, net <= spendable * yuan + put_by


@compiled
def fates(inside, home, closing, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood,
          village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x, home_y,
          ownership, nursing, reputation, beds, recovered, unpaid, leave, month, stream):  # fmt: skip
    """Return what becomes of each resident."""
    found = np.zeros(len(inside), dtype=np.int8)
    weight = np.zeros(10)
    for j in range(len(inside)):
        i = inside[j]
        h = np.int64(home[i])
        _, pays = offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood,
                        village, savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x,
                        home_y, ownership, reputation, weight, month)  # fmt: skip
        well = disability[i] < DEPENDENT and not wants_home(0, 1, means[i], age_of(month, born[i]))
        if closing[h]:
            found[j] = MOVES
        elif well and uniform_k(stream, key[i], 0) < recovered:
            found[j] = RECOVERED
        elif not pays and uniform_k(stream, key[i], 1) < unpaid:
            found[j] = UNPAID
        elif uniform_k(stream, key[i], 2) < leave:
            found[j] = CHOSEN
    return found


@compiled
def fill_beds(queue, kind, rank, staying, home, disability, born, arrangement, means, income, transfers, benefits,
              spouse, unmet, mood, village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma,
              price, home_x, home_y, ownership, nursing, reputation, beds, used, used_nursing, reserved, targets,
              weight, month, stream):  # fmt: skip
    """Give free beds away in the order of the queue.

    Returns:
        For each elder of the queue the home, or nobody's if none is wanted or can be paid; and whether it has a bed.
    """
    target = np.full(len(queue), NO_HOME, dtype=np.int64)
    free = np.zeros(len(queue), dtype=np.bool_)
    for j in range(len(queue)):
        i = queue[j]
        dependent = disability[i] >= DEPENDENT
        best, best_free, high, high_free = NO_HOME, NO_HOME, -np.inf, -np.inf
        for h in range(len(beds)):
            if beds[h] == 0 or (dependent and nursing[h] == 0):
                continue
            value, pays = offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet,
                                mood, village, savings, spendable, savings_months, aid, village_x, village_y, stigma,
                                price, home_x, home_y, ownership, reputation, weight, month)  # fmt: skip
            if not pays:
                continue
            if value > high:
                best, high = h, value
            kept = max(0, reserved[h] - targets[h]) if rank[j] == 0 else 0
            bed = beds[h] - used[h] > kept and (not dependent or used_nursing[h] < nursing[h])
            if bed and value > high_free:
                best_free, high_free = h, value
        if best != NO_HOME and kind[j] == 0:
            odds = high_free if best_free != NO_HOME else high
            if uniform_k(stream, key[i], 0) >= probability(odds):
                best, best_free = NO_HOME, NO_HOME
        if best_free != NO_HOME:
            target[j], free[j] = best_free, True
            used[best_free] += 1
            used_nursing[best_free] += dependent
            targets[best_free] += rank[j] > 0
        else:
            target[j] = best
    return target, free
