"""What happens to one person: is born, registers, marries, moves or dies; and the month's count of such events."""

from __future__ import annotations

import numpy as np

from caresim.agents.identity import (
    ALIVE,
    CHANGED,
    FEMALE,
    LIVING_REGISTERED,
    MARRIED,
    OUTSIDE,
    PRESENT,
    PROVINCE,
    REGISTERED,
    TOWN,
    VILLAGE,
)
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform_k

NOT_PRESENT = np.uint8(255 - PRESENT)
NOT_REGISTERED = np.uint8(255 - PRESENT - REGISTERED)
NOT_ALIVE = np.uint8(255 - PRESENT - ALIVE)


class Flows:
    """The month's movements, counted as they happen, for the territory and for the register."""

    NAMES = ("births", "deaths", "arrivals", "departures", "returns")
    REGISTER = ("registered_births", "registered_deaths", "registrations", "deregistrations")
    HEALTH = ("adl_onsets", "adl_exposed")
    NONE = dict.fromkeys(NAMES + REGISTER + HEALTH, 0) | dict.fromkeys(
        ("dead", "dead_kin"), np.zeros(0, dtype=np.int64)
    )

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Open a new month."""
        self.__dict__.update(self.NONE)

    births: int
    deaths: int
    arrivals: int
    departures: int
    returns: int
    registered_births: int
    registered_deaths: int
    registrations: int
    deregistrations: int
    adl_onsets: int
    adl_exposed: int
    dead: np.ndarray
    dead_kin: np.ndarray


@compiled
def destination(key, town_share, province_share, stream):
    """Draw where somebody goes who leaves the territory: the county town, elsewhere in the province, or outside."""
    luck = uniform_k(stream, key, 0)
    return TOWN if luck < town_share else (PROVINCE if luck < town_share + province_share else OUTSIDE)


@compiled
def leave(i, to, state, place, household):
    """Let somebody registered go to a place outside, or from one such place to another; tell if he was resident."""
    resident = state[i] & PRESENT != 0
    state[i] = (state[i] & NOT_PRESENT) | CHANGED
    place[i] = to
    household[i] = NOBODY
    return resident


@compiled
def deregister(i, to, state, place, household):
    """Let somebody settle elsewhere for good, from now on kin outside the territory; tell if he was resident."""
    resident = leave(i, to, state, place, household)
    state[i] &= NOT_REGISTERED
    return resident


@compiled
def come_home(i, home, state, place, household):
    """Let somebody registered return to the village and join a household."""
    state[i] |= np.uint8(PRESENT) | CHANGED
    place[i] = VILLAGE
    household[i] = home


@compiled
def die(i, state, household, n):
    """Let somebody die, registered, absent or kin; the spouse link stays until widowhood reads it."""
    state[i] = (state[i] & NOT_ALIVE) | CHANGED
    if i < n:
        household[i] = NOBODY


@compiled
def live_with(i, home, state, household):
    """Let a resident live in another household, or in none."""
    household[i] = home
    state[i] |= CHANGED


@compiled
def wed(a, b, state, spouse, marital):
    """Join a couple; either may be kin outside the territory, who have no marital status."""
    spouse[a] = b
    spouse[b] = a
    state[a] |= CHANGED
    state[b] |= CHANGED
    if a < len(marital):
        marital[a] = MARRIED
    if b < len(marital):
        marital[b] = MARRIED


@compiled
def enter(i, who, birth, female, home_village, to, home, key, born, state, place, village, household):
    """Put somebody with the key `who` on the register, in a new row; tell whether he is resident."""
    resident = to == VILLAGE
    key[i] = who
    born[i] = birth
    state[i] = LIVING_REGISTERED | CHANGED | (FEMALE if female else 0) | (PRESENT if resident else 0)
    place[i] = to
    village[i] = home_village
    household[i] = home if resident else NOBODY
    return resident


@compiled
def adopt_one(child, m, f, mother, father, first_child, next_maternal, next_paternal):
    """Link a child to its parents, at the head of the parents' chains."""
    mother[child] = m
    father[child] = f
    if m >= 0:
        next_maternal[child] = first_child[m]
        first_child[m] = child
    if f >= 0:
        next_paternal[child] = first_child[f]
        first_child[f] = child


@compiled
def adopt(who, mothers, fathers, mother, father, first_child, next_maternal, next_paternal):
    """Link children to their parents, each at the head of the parents' chains."""
    for j in range(len(who)):
        adopt_one(who[j], mothers[j], fathers[j], mother, father, first_child, next_maternal, next_paternal)


@compiled
def all_enter(who, keys, births, female, villages, to, homes, key, born, state, place, village, household):
    """Put each on the register; return how many are residents."""
    residents = 0
    for j in range(len(who)):
        residents += enter(
            who[j], keys[j], births[j], female[j], villages[j], to[j], homes[j], key, born, state, place, village,
            household,
        )  # fmt: skip
    return residents


@compiled
def be_born(child, m, who, month, female, at_home, key, born, state, place, village, household, parity, spouse,
            mother, father, first_child, next_maternal, next_paternal):  # fmt: skip
    """Put a newborn on the register, in a new row; tell whether it is resident.

    It lives with its mother, or with the family in the village if she is absent and leaves it `at_home`.
    """
    present = state[m] & PRESENT != 0 or at_home
    key[child] = who
    born[child] = month
    state[child] = LIVING_REGISTERED | CHANGED | (FEMALE if female else 0) | (PRESENT if present else 0)
    place[child] = VILLAGE if at_home else place[m]
    village[child] = village[m]
    household[child] = household[m] if present and not at_home else NOBODY
    parity[m] += 1
    adopt_one(child, m, spouse[m], mother, father, first_child, next_maternal, next_paternal)
    return present


@compiled
def all_born(first, mothers, keys, month, female, at_home, key, born, state, place, village, household, parity, spouse,
             mother, father, first_child, next_maternal, next_paternal):  # fmt: skip
    """Put one newborn a mother on the register, in the rows from `first` on; return how many are residents."""
    residents = 0
    for j in range(len(mothers)):
        residents += be_born(
            first + j, mothers[j], keys[j], month, female[j], at_home[j], key, born, state, place, village, household,
            parity, spouse, mother, father, first_child, next_maternal, next_paternal,
        )  # fmt: skip
    return residents


@compiled
def near_elders(births, elders_born):
    """Return how many of these births are of people who become elders before rows are put in order again."""
    soon = 0
    for birth in births:
        soon += birth <= elders_born
    return soon


@compiled
def has_room(soon, later, room):
    """Tell whether there are rows for so many who register near the elders' age, and so many younger ones."""
    return (soon == 0 or room[2] + soon <= room[3]) and room[0] + later <= room[1]


@compiled
def new_rows(births, room):
    """Return new rows: blank ones among the elders for those who become elders soon, the others at the end."""
    end, _, blank, _, elders_born = room
    rows = np.empty(len(births), dtype=np.int64)
    for j in range(len(births)):
        if births[j] <= elders_born:
            rows[j] = blank
            blank += 1
        else:
            rows[j] = end
            end += 1
    return rows
