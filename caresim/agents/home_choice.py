"""What an elder makes of a care home: what it costs, whether that can be paid, how good it seems, who lets go first.

All of it are rules over columns, which the process `admission` compiles into its loops.
"""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import ALONE, DESTITUTE, FULL, LONELY, POOR, WITH_CHILD
from caresim.agents.institutions import DEPENDENT, NO_HOME, OPEN, PRIVATE
from caresim.agents.money import FEN
from caresim.agents.people import NOBODY, age_in_years
from caresim.kernel.compiled import compiled

FRAIL_FROM, OLDEST_FROM = 75, 80
LEAST_RATIO = 0.1
"""Nobody weighs a price as less than this part of it, whoever pays the rest."""
ORDINARY, LOW_INCOME_DISABLED, NO_MEANS = range(3)
"""Classes of priority: basic targets of public care are served before everybody else."""
AID_DESTITUTE, AID_POOR, AID_SEVERE, AID_MODERATE, AID_OLDEST = range(5)
"""Columns of the table of support: yuan a month by group."""


@compiled
def priority_of(disability, means):
    """Return an elder's class of priority for a bed."""
    if means & DESTITUTE:
        return NO_MEANS
    return LOW_INCOME_DISABLED if means & POOR and disability >= DEPENDENT else ORDINARY


@compiled
def wants_home(disability, arrangement, means, age):
    """Tell whether an elder is in a situation in which a home is considered."""
    return (
        disability >= DEPENDENT or (arrangement & ALONE != 0 and age >= FRAIL_FROM) or means & DESTITUTE != 0
    )


@compiled
def support_of(takes_up, assessed, means, age, aid):
    """Return the yuan of public support that a resident of a home is due, the highest of the groups.

    As offices see it, who claim it: nothing for who does not take up what is due, and ability as it is assessed.
    """
    if not takes_up:
        return 0.0
    due = 0.0
    if means & DESTITUTE:
        due = aid[AID_DESTITUTE]
    if means & POOR:
        due = max(due, aid[AID_POOR])
    if assessed == DEPENDENT + 1:
        due = max(due, aid[AID_SEVERE])
    if assessed == DEPENDENT:
        due = max(due, aid[AID_MODERATE])
    if age >= OLDEST_FROM:
        due = max(due, aid[AID_OLDEST])
    return due


@compiled
def net_price(price, support, spendable, means, ownership):
    """Return the yuan that are left to pay; homes built by the public take the destitute for what they can spend."""
    net = max(0.0, price - support)
    return min(net, spendable) if means & DESTITUTE and ownership != PRIVATE else net


@compiled
def attraction(dearness, far, reputation, arrangement, married, age, unmet, mood, stigma, rule):
    """Return how much better a home is than staying, as log odds; `rule` is the record of admission.

    `dearness` is the logarithm of the price over income, `far` that of the distance.
    """
    value = rule.base - rule.price * dearness
    value += rule.quality * (reputation - 0.5) - rule.distance * far
    value -= rule.with_child if arrangement & WITH_CHILD else 0.0
    value -= rule.with_spouse if married else 0.0
    value += rule.oldest if age >= OLDEST_FROM else 0.0
    value += rule.unmet * unmet + (rule.lonely if mood & LONELY else 0.0)
    return value - rule.stigma * stigma


@compiled
def distances(table, village_x, village_y):
    """Return the logarithm of 1 + the kilometres from each village to each home, shape (villages, homes)."""
    far = np.empty((len(village_x), len(table)))
    for v in range(len(village_x)):
        for h in range(len(table)):
            east, north = village_x[v] - table[h].x, village_y[v] - table[h].y
            far[v, h] = math.log(1.0 + np.sqrt(np.float64(east * east + north * north)))
    return far


@compiled
def purse_of(i, income, transfers, benefits, savings, rule):
    """Return the yuan a month that an elder has, and those that savings add for a home."""
    yuan = (max(0, income[i]) + transfers[i] + benefits[i]) / FEN
    return yuan, max(0, savings[i]) / FEN / rule.savings_months if len(savings) > 0 else 0.0


@compiled
def probability(log_odds):
    """Return the probability that belongs to log odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@compiled
def choose(i, dependent, rank, disability, means, table, price, purse, person, aid, sites, used, used_nursing, reserved,
           targets, rule, month):  # fmt: skip
    """Return the home that attracts an elder most of those that he can pay, that with a bed free for him, and the odds.

    The log odds are those of the home with a free bed; where there is none, of the other.
    """
    born, arrangement, spouse, unmet, mood, village, assessed, takes_up = person
    far, stigma = sites
    v, age, married, unmet_share = (
        village[i],
        age_in_years(month, born[i]),
        spouse[i] != NOBODY,
        unmet[i] / FULL,
    )
    yuan, put_by = purse_of(i, *purse, rule)
    support, can_spend = support_of(takes_up[i], assessed[i], means, age, aid[v]), rule.spendable * yuan
    best, best_free, high, high_free = NO_HOME, NO_HOME, -np.inf, -np.inf
    weighed, dearness = 0.0, 0.0  # most homes ask for the same: the logarithm of the last price is kept
    for h in range(len(table)):
        home = table[h]
        if home.closed != OPEN or home.closing or home.beds == 0 or (dependent and home.nursing == 0):
            continue
        cost = price[h, disability]
        net = net_price(cost, support, can_spend, means, home.ownership)
        if net > can_spend + put_by:
            continue
        weight = max(net, LEAST_RATIO * cost, 1.0)
        if weight != weighed:
            weighed, dearness = weight, math.log(weight / max(yuan, 1.0))
        value = attraction(dearness, far[v, h], home.reputation, arrangement[i], married, age, unmet_share, mood[i],
                           stigma[v], rule)  # fmt: skip
        if value > high:
            best, high = h, value
        kept = max(0, reserved[h] - targets[h]) if rank == 0 else 0
        bed = home.beds - used[h] > kept and (not dependent or used_nursing[h] < home.nursing)
        if bed and value > high_free:
            best_free, high_free = h, value
    return best, best_free, high if best_free == NO_HOME else high_free
