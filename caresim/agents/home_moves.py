"""Moving into a care home and back: who lives where afterwards."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.events import live_with
from caresim.agents.home_choice import OLDEST_FROM
from caresim.agents.institutions import DEPENDENT, NO_HOME
from caresim.agents.people import (
    ADULT_FROM,
    ALIVE,
    FEMALE,
    INSTITUTION,
    LIVING_RESIDENT,
    NOBODY,
    VILLAGE,
    age_in_years,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

DESTITUTE_FACTOR = 20.0
"""How much likelier than others those without means and family are to live in a home at the start: some 60 per cent of
the residents of rural homes are destitute."""
ALONE_FROM = 75


@compiled
def move_in(rows, homes, month, home, home_since, state, place, household):
    """Let elders move into homes; they leave their households."""
    for j in range(len(rows)):
        i = rows[j]
        home[i], home_since[i] = homes[j], month
        place[i] = INSTITUTION
        live_with(i, NOBODY, state, household)


@compiled
def send_home(rows, state, place, home, household, spouse, village, born, disability, key, first_child, next_maternal,
              next_paternal, n, n_households, month):  # fmt: skip
    """Let elders move out of homes: to the spouse, in need of care to a child in the village, else on their own.

    Return the number of households founded.
    """
    if len(rows) == 0:
        return 0
    rows = rows[np.argsort(key[rows], kind="mergesort")]
    founded = join_households(
        rows, state, household, spouse, village, born, disability, key, first_child, next_maternal, next_paternal, n,
        n_households, month - ADULT_FROM,
    )  # fmt: skip
    for i in rows:
        home[i], place[i] = NO_HOME, VILLAGE
    return founded


@compiled
def join_households(rows, state, household, spouse, village, born, disability, key, first_child, next_maternal,
                    next_paternal, n, n_households, latest):  # fmt: skip
    """Write the household that each elder joins, in order; return the number of households founded."""
    founded = 0
    for i in rows:
        mate, home = spouse[i], NOBODY
        if 0 <= mate < n and state[mate] & LIVING_RESIDENT == LIVING_RESIDENT:
            home = household[mate]
        if home < 0 and disability[i] >= DEPENDENT:
            child = first_child[i]
            best = NOBODY
            while child >= 0:
                near = (
                    child < n and state[child] & LIVING_RESIDENT == LIVING_RESIDENT and born[child] <= latest
                )
                near = near and household[child] >= 0 and village[child] == village[i]
                if near and (best < 0 or _before(child, best, state, key)):
                    best = child
                child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
            home = household[best] if best >= 0 else NOBODY
        if home < 0:
            home = n_households + founded
            founded += 1
        live_with(i, home, state, household)
    return founded


@compiled
def _before(one, other, state, key):
    """Tell whether a child takes a parent in before another: sons first, then the lower key."""
    if (state[one] ^ state[other]) & FEMALE:
        return state[one] & FEMALE == 0
    return key[one] < key[other]


@compiled
def first_residents(elders, disability, born, spouse, household, income, transfers, key, first_child, next_maternal,
                    next_paternal, state, n, month, minimum, dearest, rule, word, most):  # fmt: skip
    """Return who lives in a home at the start, likelier the odds that the choice gives them, and who is destitute."""
    rows, turn, poor = [], [], []
    for i in elders:
        children, with_child = 0, False
        child = first_child[i]
        while child >= 0:
            if state[child] & ALIVE:
                children += 1
                with_child = with_child or (child < n and household[child] == household[i])
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        fen = max(0, income[i]) + transfers[i]
        destitute = children == 0 and spouse[i] == NOBODY and fen < minimum
        age = age_in_years(month, born[i])
        if (
            disability[i] < DEPENDENT
            and not destitute
            and (age < ALONE_FROM or spouse[i] != NOBODY or with_child)
        ):
            continue
        if not destitute and rule.spendable * fen < 100.0 * dearest[disability[i]]:
            continue
        value = (rule.oldest if age >= OLDEST_FROM else 0.0) - (rule.with_child if with_child else 0.0)
        value -= rule.with_spouse if spouse[i] != NOBODY else 0.0
        odds = math.exp(value) * (DESTITUTE_FACTOR if destitute else 1.0)
        rows.append(i)
        poor.append(destitute)
        turn.append(-math.log(uniform(word, key[i])) / odds)
    first = np.argsort(np.array(turn))[:most]
    return np.array(rows, dtype=np.int64)[first], np.array(poor, dtype=np.bool_)[first]
