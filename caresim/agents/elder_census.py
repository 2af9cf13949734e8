"""The month's census of resident elders: one look at each, for all that is counted of them.

Each elder falls into a cell of two cross-tables, of sex and age group by health and by company; what is asked of them
are their margins. Beside them stand sums and counts over all elders.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from caresim.agents.care import (
    ALONE,
    CHILD_IN_TOWNSHIP,
    COUPLE_ONLY,
    DEPRESSED,
    HAS_CHILD,
    LONELY,
    WITH_CHILD,
)
from caresim.agents.elder_sums import add_contacts, add_feelings, add_purses, count_in_homes, count_marks
from caresim.agents.institutions import NO_HOME, Homes
from caresim.agents.people import FEMALE, People
from caresim.kernel.compiled import compiled

FIRST_AGE, GROUP_MONTHS, N_GROUPS = 60 * 12, 5 * 12, 6
"""Age groups are five years wide, from 60-64 to 85 and over."""
N_STRATA = 2 * N_GROUPS
OLDEST = 4
"""The first age group of those of 80 and over."""
CONDITIONS = (
    ("elders", "state"),
    ("disabled", "disability"),
    ("adl_disabled", "disability"),
    ("severe", "disability"),
    ("demented", "dementia"),
    ("alone", "arrangement"),
    ("couple_only", "arrangement"),
    ("with_child", "arrangement"),
    ("left_behind", "arrangement"),
    ("lonely", "mood"),
    ("depressed", "mood"),
    ("lonely_alone", "mood"),
)
"""What is counted by sex and age group, and the column that tells it (states 1-3, 2-3, 3; company; mood)."""
N_CONDITIONS = len(CONDITIONS)
(ELDERS, DISABLED, ADL_DISABLED, SEVERE, DEMENTED, BY_THEMSELVES, WITH_SPOUSE_ONLY, WITH_OWN_CHILD, LEFT_BEHIND,
 ARE_LONELY, ARE_DEPRESSED, LONELY_ALONE) = range(N_CONDITIONS)  # fmt: skip
READ = {
    "born": np.int16, "state": np.uint8, "disability": np.uint8, "dementia": np.uint8, "arrangement": np.uint8,
    "mood": np.uint8, "unmet": np.uint8, "loneliness": np.int16, "ties": np.int16, "efficacy": np.int16,
    "medical_missed": np.uint8, "income": np.int32, "transfers": np.int32, "benefits": np.int32,
    "out_of_pocket": np.int32, "takes_up": np.uint8, "pair": np.int32, "modified": np.uint8, "care_bed": np.uint8,
    "in_hospital": np.uint8, "called_on": np.uint8, "home": np.int16, "place": np.uint8, "means": np.uint8,
}  # fmt: skip
"""The columns that the census reads, in the order in which the rules take them; one that a run lacks is read as 0."""
PURSE = ("income", "transfers", "benefits", "out_of_pocket")
TOLD_BY = {
    **dict(CONDITIONS), "depressed_women": "mood", "unmet": "unmet", "loneliness": "loneliness", "ties": "ties",
    "efficacy": "efficacy", "missed": "medical_missed", "transfers": "transfers", "take_up": "takes_up",
    "subsidised": "benefits", "paired": "pair", "in_safe_homes": "modified", "nursed_at_home": "care_bed",
    "stayed": "care_bed", "in_hospital": "in_hospital", "visited": "called_on",
}  # fmt: skip
"""The column that tells a number."""
DISABILITY, DEMENTIA = 3, 4
"""An elder's health: disability in bits 0-1, dementia in bit 2."""
SINGLE, PAIR, PARENT, LEFT = 4, 8, 16, 32
"""An elder's company: the marks of mood in bits 0-1, four of arrangement."""
N_HEALTH, N_COMPANY = 8, 64
MARKS = np.arange(256)
ARRANGED = (
    (MARKS & ALONE != 0) * SINGLE
    + (MARKS & COUPLE_ONLY != 0) * PAIR
    + (MARKS & WITH_CHILD != 0) * PARENT
    + (MARKS & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD) * LEFT
).astype(np.uint32)
"""The part of the company that each value of the column `arrangement` makes."""


class ElderCensus(NamedTuple):
    """Resident elders at the month's end; NaN where a run does not keep the column that tells a number.

    Attributes:
        counts: elders by condition, sex (0 male) and age group, shape (12, 2, 6).
        elders: elders; then those with each other condition.
        oldest: elders of 80 and over.
        unmet: sum of the column `unmet`; so are `loneliness`, `ties`, `efficacy`.
        contacts: medical contacts needed.
        missed: hundredths of those missed.
        transfers: fen that children gave.
        income: fen that came in.
        paid: fen that were paid for care.
        cash_spent: the part of it that public cash covered, at most as much as each received.
        gap: fen that incomes lack of the local minimum.
        short: elders whose income lies below it.
        subsidised: elders with public cash; then those who take up what is due, in a mutual-aid pair, in a home made
            safe, nursed at home, with a stay in a station, in hospital, visited.
        residents: elders who live in a care home.
        basic: those of them who are basic targets of public care.
        basic_in_built: those of the latter in an open home built by the public.
        waiting: elders who wait for a bed.
    """

    counts: np.ndarray
    elders: float
    disabled: float
    adl_disabled: float
    severe: float
    demented: float
    alone: float
    couple_only: float
    with_child: float
    left_behind: float
    lonely: float
    depressed: float
    lonely_alone: float
    oldest: float
    women: float
    depressed_women: float
    not_alone: float
    lonely_not_alone: float
    unmet: float
    loneliness: float
    ties: float
    efficacy: float
    contacts: float
    missed: float
    transfers: float
    income: float
    paid: float
    cash_spent: float
    gap: float
    short: float
    subsidised: float
    take_up: float
    paired: float
    in_safe_homes: float
    nursed_at_home: float
    stayed: float
    in_hospital: float
    visited: float
    residents: float
    basic: float
    basic_in_built: float
    waiting: float

    def by_function(self, weights: tuple[float, float, float, float]) -> float:
        """Return the elders, each by the weight of the own disability state, 0-3."""
        able, limited, dependent, bound = weights
        return (
            able * (self.elders - self.disabled)
            + limited * (self.disabled - self.adl_disabled)
            + dependent * (self.adl_disabled - self.severe)
            + bound * self.severe
        )


OF_PURSES = ("income", "paid", "cash_spent", "gap", "short")


def take_census(people: People, elders: np.ndarray, month: int, contacts: np.ndarray, minimum: int | None,
                homes: Homes) -> ElderCensus:  # fmt: skip
    """Count the elders of these rows.

    Args:
        people: everybody.
        elders: rows of the resident elders.
        month: the month that closes.
        contacts: medical contacts needed a month by disability state.
        minimum: the local minimum income in fen; None where nobody knows it.
        homes: the care homes.
    """
    known = people.arrays
    lacking = [name for name in READ if name not in known]
    if lacking:
        empty = {name: np.zeros(people.n, dtype=READ[name]) for name in lacking}
        known = known | empty | ({"home": empty["home"] + np.int16(NO_HOME)} if "home" in empty else {})
    found = ElderCensus._make(
        _take(
            elders, month, contacts, minimum or 0, homes["closed"], homes["ownership"], *[known[n] for n in READ]
        )
    )  # fmt: skip
    return found if not lacking and minimum is not None else _without(found, lacking, minimum)


def _without(found: ElderCensus, lacking: list[str], minimum: int | None) -> ElderCensus:
    """Return the census with NaN for all that the lacking columns would have told."""
    for condition, (_, column) in enumerate(CONDITIONS):
        if column in lacking:
            found.counts[condition] = math.nan
    unknown = [name for name, column in TOLD_BY.items() if column in lacking]
    if minimum is None or not set(lacking).isdisjoint(PURSE):
        unknown.extend(OF_PURSES)
    if not {"mood", "arrangement"}.isdisjoint(lacking):
        unknown.extend(("lonely_alone", "not_alone", "lonely_not_alone"))
    return found._replace(**dict.fromkeys(unknown, math.nan))  # type: ignore[arg-type]


@compiled
def _take(elders, month, contacts, minimum, closed, ownership, born, state, disability, dementia, arrangement, mood,
          unmet, loneliness, ties, efficacy, medical_missed, income, transfers, benefits, out_of_pocket, takes_up, pair,
          modified, care_bed, in_hospital, called_on, home, place, means):  # fmt: skip
    """Count elders by condition, sex and age group, and add up and count the rest, in the order of `ElderCensus`."""
    health, company = _cross_tables(elders, month, born, state, disability, dementia, arrangement, mood)
    counts = _margins(health.reshape(N_STRATA, N_HEALTH), company.reshape(N_STRATA, N_COMPANY))
    number = _numbers(counts)
    return (
        (counts.reshape(N_CONDITIONS, 2, N_GROUPS), *number)  # noqa: RUF005 - one tuple of six compiles slowly
        + add_feelings(elders, unmet, loneliness, ties, efficacy)
        + add_contacts(elders, disability, medical_missed, contacts, number)
        + add_purses(elders, income, transfers, benefits, out_of_pocket, minimum)
        + count_marks(elders, takes_up, pair, modified, care_bed, in_hospital, called_on)
        + count_in_homes(elders, home, place, disability, means, closed, ownership)
    )


@compiled
def _numbers(counts):
    """Return the elders by condition, those of 80 and over, women, depressed women, and the two kinds not alone."""
    number = counts.sum(axis=1)
    oldest = 0.0
    for group in range(OLDEST, N_GROUPS):
        oldest += counts[ELDERS, group] + counts[ELDERS, N_GROUPS + group]
    return (
        number[0], number[1], number[2], number[3], number[4], number[5], number[6], number[7], number[8], number[9],
        number[10], number[11], oldest, counts[ELDERS, N_GROUPS:].sum(), counts[ARE_DEPRESSED, N_GROUPS:].sum(),
        number[ELDERS] - number[BY_THEMSELVES], number[ARE_LONELY] - number[LONELY_ALONE],
    )  # fmt: skip


@compiled
def _cross_tables(elders, month, born, state, disability, dementia, arrangement, mood):
    """Count elders by sex, age group and health, and by sex, age group and company."""
    health = np.zeros(N_STRATA * N_HEALTH, dtype=np.int32)
    company = np.zeros(N_STRATA * N_COMPANY, dtype=np.int32)
    for i in elders.view(np.uint64):  # unsigned, so that no row is looked for from the end
        group = min(
            np.uint32(month - born[i] - FIRST_AGE) // np.uint32(GROUP_MONTHS), np.uint32(N_GROUPS - 1)
        )
        stratum = np.uint32(state[i] & FEMALE) * np.uint32(N_GROUPS) + group
        demented = np.uint32(dementia[i] != 0) * np.uint32(DEMENTIA)
        health[stratum * np.uint32(N_HEALTH) + (np.uint32(disability[i]) | demented)] += 1
        around = ARRANGED[arrangement[i]] | np.uint32(mood[i] & (LONELY | DEPRESSED))
        company[stratum * np.uint32(N_COMPANY) + around] += 1
    return health, company


@compiled
def _margins(health, company):
    """Return the elders by condition, sex and age group, from the two cross-tables."""
    counts = np.zeros((N_CONDITIONS, N_STRATA))
    for stratum in range(N_STRATA):
        for word in range(N_HEALTH):
            elders, state = health[stratum, word], word & DISABILITY
            counts[ELDERS, stratum] += elders
            counts[DISABLED, stratum] += elders * (state > 0)
            counts[ADL_DISABLED, stratum] += elders * (state > 1)
            counts[SEVERE, stratum] += elders * (state > 2)
            counts[DEMENTED, stratum] += elders * (word & DEMENTIA != 0)
        for word in range(N_COMPANY):
            elders, lonely = company[stratum, word], word & LONELY != 0
            if elders:
                counts[BY_THEMSELVES, stratum] += elders * (word & SINGLE != 0)
                counts[WITH_SPOUSE_ONLY, stratum] += elders * (word & PAIR != 0)
                counts[WITH_OWN_CHILD, stratum] += elders * (word & PARENT != 0)
                counts[LEFT_BEHIND, stratum] += elders * (word & LEFT != 0)
                counts[ARE_LONELY, stratum] += elders * lonely
                counts[ARE_DEPRESSED, stratum] += elders * (word & DEPRESSED != 0)
                counts[LONELY_ALONE, stratum] += elders * (lonely & (word & SINGLE != 0))
    return counts
