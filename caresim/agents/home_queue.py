"""The queue of a county's care homes: who leaves, who moves on, and who gets which free bed."""

from __future__ import annotations

import numpy as np

from caresim.agents.home_choice import age_of, attraction, net_price, probability, support_of, wants_home
from caresim.agents.institutions import DEPENDENT, NO_HOME
from caresim.agents.money import FEN
from caresim.agents.people import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform_k

STAYS, MOVES, RECOVERED, UNPAID, CHOSEN, CLOSED = range(6)
"""What becomes of a resident this month."""


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
