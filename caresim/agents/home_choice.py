"""What an elder makes of a care home: what it costs, whether that can be paid, how good it seems, who lets go first.

All of it are rules over columns, which the process `admission` compiles into its loops.
"""

from __future__ import annotations

import math

from caresim.agents.care import ALONE, DESTITUTE, LONELY, POOR, WITH_CHILD
from caresim.agents.institutions import DEPENDENT, PRIVATE
from caresim.agents.people import age_in_years
from caresim.kernel.compiled import compiled

FRAIL_FROM, OLDEST_FROM = 75, 80
LEAST_RATIO = 0.1
"""Nobody weighs a price as less than this part of it, whoever pays the rest."""
ORDINARY, LOW_INCOME_DISABLED, NO_MEANS = range(3)
"""Classes of priority: basic targets of public care are served before everybody else."""
AID_DESTITUTE, AID_POOR, AID_SEVERE, AID_MODERATE, AID_OLDEST = range(5)
"""Columns of the table of support: yuan a month by group."""
(BASE, FROM_PRICE, FROM_QUALITY, FROM_DISTANCE, FROM_CHILD, FROM_SPOUSE, FROM_OLDEST, FROM_UNMET, FROM_LONELY,
 FROM_STIGMA) = range(10)  # fmt: skip
"""Places in the list of coefficients of the choice."""


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
def support_of(disability, means, age, aid):
    """Return the yuan of public support that a resident of a home is due, the highest of the groups."""
    due = 0.0
    if means & DESTITUTE:
        due = aid[AID_DESTITUTE]
    if means & POOR:
        due = max(due, aid[AID_POOR])
    if disability == DEPENDENT + 1:
        due = max(due, aid[AID_SEVERE])
    if disability == DEPENDENT:
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
def attraction(net, price, income, reputation, km, arrangement, married, age, unmet, mood, stigma, weight):
    """Return how much better a home is than staying, as log odds."""
    value = weight[BASE] - weight[FROM_PRICE] * math.log(
        max(net, LEAST_RATIO * price, 1.0) / max(income, 1.0)
    )
    value += weight[FROM_QUALITY] * (reputation - 0.5) - weight[FROM_DISTANCE] * math.log(1.0 + km)
    value -= weight[FROM_CHILD] if arrangement & WITH_CHILD else 0.0
    value -= weight[FROM_SPOUSE] if married else 0.0
    value += weight[FROM_OLDEST] if age >= OLDEST_FROM else 0.0
    value += weight[FROM_UNMET] * unmet + (weight[FROM_LONELY] if mood & LONELY else 0.0)
    return value - weight[FROM_STIGMA] * stigma


@compiled
def probability(log_odds):
    """Return the probability that belongs to log odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@compiled
def age_of(month, born):
    """Return completed years."""
    return age_in_years(month, born)
