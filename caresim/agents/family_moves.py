"""Family moves: who goes along with those who leave for work or return, and where they live afterwards."""

from __future__ import annotations

import numpy as np

from caresim.agents.events import come_home, leave
from caresim.agents.identity import MOVING
from caresim.agents.people import (
    CHILD_UNTIL,
    FEMALE,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    NEVER_MARRIED,
    NOBODY,
)
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform_k

ARRIVED = np.uint8(255 - MOVING)


@compiled
def move_families(leaving, returning, state, born, key, mother, father, spouse, marital, first_child, next_maternal,
                  next_paternal, place, household, n, n_households, month, family_share, stream):  # fmt: skip
    """Move deciders with their family; return how many residents left, how many absent returned, and homes founded.

    All set out before anybody arrives, so that nobody leaves and returns in one month.
    """
    gone = set_out(
        leaving, True, state, born, spouse, first_child, next_maternal, next_paternal, household, key, place, month,
        family_share, n, stream,
    )  # fmt: skip
    back_again = set_out(
        returning, False, state, born, spouse, first_child, next_maternal, next_paternal, household, key, place, month,
        family_share, n, stream,
    )  # fmt: skip
    departures = founded = 0
    for i in gone:
        state[i] &= ARRIVED
        departures += leave(i, place[i], state, place, household)
    for i in back_again:
        state[i] &= ARRIVED
        home = home_of(
            i, state, born, spouse, first_child, next_maternal, next_paternal, mother, father, marital, household, n,
            month,
        )  # fmt: skip
        if home < 0:
            home = n_households + founded
            founded += 1
        come_home(i, home, state, place, household)
    return departures, len(back_again), founded


@compiled
def set_out(deciders, leaving, state, born, spouse, first_child, next_maternal, next_paternal, household, key, place,
            month, family_share, n, stream):  # fmt: skip
    """Mark all who move and give them the place of whom they move with; return them, the deciders first.

    With the family share, the spouse who is in the same place comes along. Children under 15 go with a leaving
    couple, and with any returning parent.
    """
    where = LIVING_RESIDENT if leaving else LIVING_REGISTERED
    movers = []
    for i in deciders:
        movers.append(i)
        state[i] |= MOVING
    for i in deciders:
        other = np.int64(spouse[i])
        in_company = uniform_k(stream, key[i], 1) < family_share and other >= 0
        if in_company and other < n and state[other] & (LIVING_RESIDENT | MOVING) == where:
            movers.append(other)
            state[other] |= MOVING
            place[other] = place[i]
        child = np.int64(first_child[i]) if in_company or not leaving else NOBODY
        while child >= 0:
            if (
                child < n
                and month - born[child] < CHILD_UNTIL
                and state[child] & (LIVING_RESIDENT | MOVING) == where
                and household[child] == household[i]
            ):
                movers.append(child)
                state[child] |= MOVING
                place[child] = place[i]
            child = np.int64(next_maternal[child] if state[i] & FEMALE else next_paternal[child])
    return movers


@compiled
def home_of(i, state, born, spouse, first_child, next_maternal, next_paternal, mother, father, marital, household, n,
            month):  # fmt: skip
    """Return the household that a returning person joins, or none.

    The spouse's, else that of an own child under 15, else (single, or a child) a parent's, else a new one.
    """
    home = NOBODY
    other = spouse[i]
    if other >= 0 and other < n:
        home = household[other]
    child = first_child[i]
    while child >= 0 and home < 0:
        if child < n and month - born[child] < CHILD_UNTIL:
            home = household[child]
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
    if home < 0 and marital[i] == NEVER_MARRIED:
        for parent in (mother[i], father[i]):
            if home < 0 and parent >= 0 and parent < n:
                home = household[parent]
    return home
