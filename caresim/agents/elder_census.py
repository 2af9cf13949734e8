"""The month's census of resident elders: one look at each, for all that is counted of them.

Each elder falls into a cell of a cross-table of sex, age group and state; what is asked of the census are its margins.
"""

from __future__ import annotations

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
from caresim.agents.people import FEMALE, People
from caresim.kernel.compiled import compiled

FIRST_AGE, GROUP_MONTHS, N_GROUPS = 60 * 12, 5 * 12, 6
"""Age groups are five years wide, from 60-64 to 85 and over."""
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
"""What is counted, and the column that tells it: states 1-3, 2-3 and 3, dementia, whom elders live with, moods."""
N_CONDITIONS = len(CONDITIONS)
(ELDERS, DISABLED, ADL_DISABLED, SEVERE, DEMENTED, BY_THEMSELVES, WITH_SPOUSE_ONLY, WITH_OWN_CHILD, LEFT_BEHIND,
 ARE_LONELY, ARE_DEPRESSED, LONELY_ALONE) = range(N_CONDITIONS)  # fmt: skip
SUMS = ("transfers", "unmet", "loneliness", "ties", "efficacy", "medical_missed")
TRANSFERS, UNMET, LONELINESS, TIES, EFFICACY, MISSED = range(len(SUMS))
"""Columns that are added up, the last weighted by the medical contacts needed."""
READ = ("born", "state", "disability", "dementia", "arrangement", "mood", *SUMS)
"""The columns that the census reads, in the order in which the rules take them."""
DISABILITY, DEMENTIA, MOOD_BIT, SINGLE, PAIR, PARENT, LEFT, WORDS = 3, 4, 3, 32, 64, 128, 256, 512
"""An elder's word: disability in bits 0-1, dementia in bit 2, the marks of mood from bit 3 on, four of arrangement."""
MARKS = np.arange(256)
ARRANGED = (
    (MARKS & ALONE != 0) * SINGLE
    + (MARKS & COUPLE_ONLY != 0) * PAIR
    + (MARKS & WITH_CHILD != 0) * PARENT
    + (MARKS & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD) * LEFT
).astype(np.uint32)
"""The part of the word that each value of the column `arrangement` makes."""


class ElderCensus(NamedTuple):
    """Resident elders at the month's end; NaN where a run does not keep a condition's column.

    Attributes:
        counts: elders by condition, sex (0 male) and age group, shape (12, 2, 6).
        number: elders by condition.
        sums: sums of the columns of `SUMS`, in their units; without such a column 0.
        contacts: medical contacts needed.
    """

    counts: np.ndarray
    number: list[float]
    sums: tuple[float, ...]
    contacts: float


def take_census(people: People, elders: np.ndarray, month: int, contacts: np.ndarray) -> ElderCensus:
    """Count the elders of these rows.

    Args:
        people: everybody.
        elders: rows of the resident elders.
        month: the month that closes.
        contacts: medical contacts needed a month by disability state.
    """
    known = people.arrays
    if not known.keys() >= set(READ):
        known = dict.fromkeys(READ, np.zeros(people.n, dtype=np.uint8)) | known
    counts, sums, needed = _take(elders, month, *[known[name] for name in READ], contacts)
    for condition, (_, column) in enumerate(CONDITIONS):
        if column not in people.arrays:
            counts[condition] = np.nan
    number = counts.reshape(N_CONDITIONS, 2 * N_GROUPS).sum(axis=1).tolist()
    return ElderCensus(counts, number, sums, needed)


@compiled
def _take(elders, month, born, state, disability, dementia, arrangement, mood, transfers, unmet, loneliness, ties,
          efficacy, medical_missed, contacts):  # fmt: skip
    """Count elders by condition, sex and age group; add up the columns of `SUMS` and the contacts needed."""
    table = _cross_table(elders, month, born, state, disability, dementia, arrangement, mood)
    sums = _sums(elders, transfers, unmet, loneliness, ties, efficacy)
    needed, missed = _contacts(elders, disability, medical_missed, contacts)
    return _margins(table.reshape(2 * N_GROUPS, WORDS)), (*sums, missed), needed


@compiled
def _cross_table(elders, month, born, state, disability, dementia, arrangement, mood):
    """Count elders by sex, age group and word."""
    table = np.zeros(2 * N_GROUPS * WORDS, dtype=np.int32)
    for i in elders.view(np.uint64):  # unsigned, so that no row is looked for from the end
        group = min(
            np.uint32(month - born[i] - FIRST_AGE) // np.uint32(GROUP_MONTHS), np.uint32(N_GROUPS - 1)
        )
        stratum = np.uint32(state[i] & FEMALE) * np.uint32(N_GROUPS) + group
        word = ARRANGED[arrangement[i]] | np.uint32(disability[i])
        word |= np.uint32(dementia[i] != 0) * np.uint32(DEMENTIA)
        word |= np.uint32(mood[i] & (LONELY | DEPRESSED)) << np.uint32(MOOD_BIT)
        table[stratum * np.uint32(WORDS) + word] += 1
    return table


@compiled
def _sums(elders, transfers, unmet, loneliness, ties, efficacy):
    """Add up columns over the elders."""
    fen = left = alone = tied = effective = 0
    for i in elders.view(np.uint64):
        fen += transfers[i]
        left += unmet[i]
        alone += loneliness[i]
        tied += ties[i]
        effective += efficacy[i]
    return fen, left, alone, tied, effective


@compiled
def _contacts(elders, disability, medical_missed, contacts):
    """Add up the medical contacts that elders need, and the hundredths of them that they miss."""
    needed = missed = 0.0
    for i in elders.view(np.uint64):
        needed += contacts[disability[i]]
        missed += contacts[disability[i]] * medical_missed[i]
    return needed, missed


@compiled
def _margins(table):
    """Return the elders by condition, sex and age group, from their words by sex and age group."""
    counts = np.zeros((N_CONDITIONS, 2 * N_GROUPS))
    for stratum in range(2 * N_GROUPS):
        for word in range(WORDS):
            elders = table[stratum, word]
            if elders:
                state, lonely = word & DISABILITY, word >> MOOD_BIT & LONELY != 0
                counts[ELDERS, stratum] += elders
                counts[DISABLED, stratum] += elders * (state > 0)
                counts[ADL_DISABLED, stratum] += elders * (state > 1)
                counts[SEVERE, stratum] += elders * (state > 2)
                counts[DEMENTED, stratum] += elders * (word & DEMENTIA != 0)
                counts[BY_THEMSELVES, stratum] += elders * (word & SINGLE != 0)
                counts[WITH_SPOUSE_ONLY, stratum] += elders * (word & PAIR != 0)
                counts[WITH_OWN_CHILD, stratum] += elders * (word & PARENT != 0)
                counts[LEFT_BEHIND, stratum] += elders * (word & LEFT != 0)
                counts[ARE_LONELY, stratum] += elders * lonely
                counts[ARE_DEPRESSED, stratum] += elders * (word >> MOOD_BIT & DEPRESSED != 0)
                counts[LONELY_ALONE, stratum] += elders * (lonely & (word & SINGLE != 0))
    return counts.reshape(N_CONDITIONS, 2, N_GROUPS)
