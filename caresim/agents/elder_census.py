"""The month's census of resident elders: one look at each, for all that is counted of them.

Each elder falls into a cell of two cross-tables, of sex and age group by health and by company; what is asked of them
are their margins. Beside them stand sums and counts over all elders.
"""

from __future__ import annotations

import math
from operator import itemgetter

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
from caresim.agents.elder_sums import (
    add_contacts,
    add_feelings,
    add_purses,
    count_in_homes,
    count_marks,
    mark_rows,
)
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
IN_TURN = 4
"""Tables that elders are counted in, one after the other."""
NAMES = (
    *(name for name, _ in CONDITIONS), "oldest", "women", "depressed_women", "not_alone", "lonely_not_alone",
    "unmet", "loneliness", "ties", "efficacy", "contacts", "missed",
    "transfers", "income", "paid", "cash_spent", "gap", "short", "subsidised",
    "take_up", "paired", "in_safe_homes", "nursed_at_home", "stayed", "in_hospital", "visited",
    "residents", "basic", "basic_in_built", "waiting",
)  # fmt: skip
"""The numbers of resident elders at the month's end, NaN where a run does not keep the column that tells one.

    elders, disabled ... lonely_alone: all elders; then those with each other condition.
    oldest: elders of 80 and over; then women, depressed women, those not alone, and the lonely of these.
    unmet: sum of the column `unmet`; so are `loneliness`, `ties`, `efficacy`.
    contacts: medical contacts needed; then hundredths of those missed.
    transfers: fen that children gave; then those that came in, and those that were paid for care.
    cash_spent: the part of the latter that public cash covered, at most as much as each received.
    gap: fen that incomes lack of the local minimum; then elders whose income lies below it.
    subsidised: elders with public cash; then those who take up what is due, in a mutual-aid pair, in a home made safe,
        nursed at home, with a stay in a station, in hospital, left behind and visited.
    residents: elders who live in a care home; then those of them who are basic targets of public care.
    basic_in_built: those of the latter in an open home built by the public.
    waiting: elders who wait for a bed.
"""
(OLDEST_OLD, WOMEN, DEPRESSED_WOMEN, NOT_ALONE, LONELY_NOT_ALONE, LEFT_UNMET, LONELINESS, TIES, EFFICACY, CONTACTS,
 MISSED, TRANSFERS, INCOME, PAID, CASH_SPENT, GAP, SHORT, SUBSIDISED, TAKE_UP, PAIRED, IN_SAFE_HOMES, NURSED_AT_HOME,
 ARE_STAYING, ARE_IN_HOSPITAL, VISITED, RESIDENTS, BASIC, BASIC_IN_BUILT, WAITING) = range(
    N_CONDITIONS, len(NAMES))  # fmt: skip
CELLS = (f"{name}_{stratum}" for name, _ in CONDITIONS for stratum in range(N_STRATA))
ELDER_CENSUS = (*NAMES, *CELLS)
"""All numbers of the census: at the end stand the elders by condition, sex (first men) and age group."""
OF_PURSES = ("income", "paid", "cash_spent", "gap", "short")
AT_HAND = itemgetter(*READ)


def take_census(people: People, elders: np.ndarray, month: int, contacts: np.ndarray, minimum: int | None,
                homes: Homes, numbers: np.ndarray) -> None:  # fmt: skip
    """Count the elders of these rows.

    Args:
        people: everybody.
        elders: rows of the resident elders.
        month: the month that closes.
        contacts: medical contacts needed a month by disability state.
        minimum: the local minimum income in fen; None where nobody knows it.
        homes: the care homes.
        numbers: where the numbers of `ELDER_CENSUS` are written.
    """
    known, lacking = people.arrays, []
    try:
        columns = AT_HAND(known)
    except KeyError:
        lacking = [name for name in READ if name not in known]
        columns = AT_HAND(known | {name: _nothing(name, people.n) for name in lacking})
    _take(elders, month, contacts, minimum or 0, homes.table, *columns, numbers)
    if lacking or minimum is None:
        _forget(numbers, lacking, minimum)


def _nothing(name: str, n: int) -> np.ndarray:
    """Return what stands for a column that a run lacks."""
    return np.full(n, NO_HOME if name == "home" else 0, dtype=READ[name])


def _forget(numbers: np.ndarray, lacking: list[str], minimum: int | None) -> None:
    """Write NaN for all that the lacking columns would have told."""
    for condition, (_, column) in enumerate(CONDITIONS):
        if column in lacking:
            by_condition(numbers)[condition] = math.nan
    unknown = [name for name, column in TOLD_BY.items() if column in lacking]
    if minimum is None or not set(lacking).isdisjoint(PURSE):
        unknown.extend(OF_PURSES)
    if "arrangement" in lacking:
        unknown.append("visited")
    if not {"mood", "arrangement"}.isdisjoint(lacking):
        unknown.extend(("lonely_alone", "not_alone", "lonely_not_alone"))
    numbers[[ELDER_CENSUS.index(name) for name in unknown]] = math.nan


def by_condition(numbers: np.ndarray) -> np.ndarray:
    """Return the elders of a census by condition, sex and age group, shape (12, 2, 6)."""
    return numbers[len(NAMES) :].reshape(N_CONDITIONS, 2, N_GROUPS)


@compiled
def by_function(numbers, weights):
    """Return the elders of a census, each by the weight of the own disability state, 0-3."""
    able, limited, dependent, bound = weights
    return (
        able * (numbers[ELDERS] - numbers[DISABLED])
        + limited * (numbers[DISABLED] - numbers[ADL_DISABLED])
        + dependent * (numbers[ADL_DISABLED] - numbers[SEVERE])
        + bound * numbers[SEVERE]
    )


@compiled
def _take(elders, month, contacts, minimum, homes, born, state, disability, dementia, arrangement, mood,
          unmet, loneliness, ties, efficacy, medical_missed, income, transfers, benefits, out_of_pocket, takes_up, pair,
          modified, care_bed, in_hospital, called_on, home, place, means, numbers):  # fmt: skip
    """Count elders by condition, sex and age group, and add up and count the rest."""
    here = mark_rows(elders)
    health, company = _cross_tables(here, month, born, state, disability, dementia, arrangement, mood)
    cells = numbers[len(NAMES) :].reshape(N_CONDITIONS, N_STRATA)
    _margins(health.reshape(N_STRATA, N_HEALTH), company.reshape(N_STRATA, N_COMPANY), cells)
    _count_conditions(cells, numbers)
    add_feelings(here, unmet, loneliness, ties, efficacy, numbers[LEFT_UNMET:])
    add_contacts(here, disability, medical_missed, contacts, numbers, numbers[CONTACTS:])
    add_purses(here, income, transfers, benefits, out_of_pocket, minimum, numbers[TRANSFERS:])
    count_marks(
        here, arrangement, takes_up, pair, modified, care_bed, in_hospital, called_on, numbers[TAKE_UP:]
    )
    count_in_homes(here, home, place, disability, means, homes, numbers[RESIDENTS:])


@compiled
def _count_conditions(cells, numbers):
    """Count the elders by condition, those of 80 and over, women, depressed women, and the two kinds not alone."""
    numbers[: DEPRESSED_WOMEN + 1] = 0.0
    for stratum in range(N_STRATA):
        for condition in range(N_CONDITIONS):
            numbers[condition] += cells[condition, stratum]
        numbers[OLDEST_OLD] += cells[ELDERS, stratum] if stratum % N_GROUPS >= OLDEST else 0.0
        if stratum >= N_GROUPS:
            numbers[WOMEN] += cells[ELDERS, stratum]
            numbers[DEPRESSED_WOMEN] += cells[ARE_DEPRESSED, stratum]
    numbers[NOT_ALONE] = numbers[ELDERS] - numbers[BY_THEMSELVES]
    numbers[LONELY_NOT_ALONE] = numbers[ARE_LONELY] - numbers[LONELY_ALONE]


@compiled
def _cross_tables(here, month, born, state, disability, dementia, arrangement, mood):
    """Count elders by sex, age group and health, and by sex, age group and company, in one table each.

    First all cells are written down, in sequence, then counted; the last cell is that of those who are no elders.
    """
    n = len(here)
    health_of, company_of = np.empty(n, dtype=np.uint16), np.empty(n, dtype=np.uint16)
    youngest = np.int16(month - FIRST_AGE)
    for i in range(n):
        months = np.uint16(np.int16(youngest - born[i]))
        group = min(np.uint16(months // np.uint16(GROUP_MONTHS)), np.uint16(N_GROUPS - 1))
        stratum = np.uint16(np.uint16(state[i] & FEMALE) * np.uint16(N_GROUPS) + group)
        stratum = stratum if here[i] else np.uint16(N_STRATA)
        demented = np.uint16(dementia[i] != 0) * np.uint16(DEMENTIA)
        health_of[i] = stratum * np.uint16(N_HEALTH) + (np.uint16(disability[i]) | demented)
        company_of[i] = stratum * np.uint16(N_COMPANY) + _company(arrangement[i], mood[i])
    return _counted(health_of, N_HEALTH), _counted(company_of, N_COMPANY)


@compiled
def _counted(cells, n_kinds):
    """Count how often each cell of a table of strata occurs, in tables in turn: neighbours are often alike."""
    size = (N_STRATA + 1) * n_kinds
    counts = np.zeros(IN_TURN * size, dtype=np.int32)
    whole = len(cells) // IN_TURN * IN_TURN
    for i in range(0, whole, IN_TURN):
        for turn in range(IN_TURN):
            counts[turn * size + cells[i + turn]] += 1
    for i in range(whole, len(cells)):
        counts[cells[i]] += 1
    for turn in range(1, IN_TURN):
        for cell in range(size):
            counts[cell] += counts[turn * size + cell]
    return counts[: N_STRATA * n_kinds]


@compiled
def _company(arrangement, mood):
    """Return an elder's company: whom he lives with, whether he is left behind, and how he feels."""
    left = arrangement & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD
    return (
        np.uint16(arrangement & ALONE != 0) * np.uint16(SINGLE)
        + np.uint16(arrangement & COUPLE_ONLY != 0) * np.uint16(PAIR)
        + np.uint16(arrangement & WITH_CHILD != 0) * np.uint16(PARENT)
        + np.uint16(left) * np.uint16(LEFT)
        + np.uint16(mood & (LONELY | DEPRESSED))
    )


@compiled
def _margins(health, company, counts):
    """Write the elders by condition, sex and age group, from the two cross-tables."""
    counts[:] = 0.0
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
