"""The month's census of care: one look at each case and each hand-over, for all that is counted of them."""

from __future__ import annotations

import math

import numpy as np

from caresim.agents.care import (
    COMPANY,
    DEPRIVED,
    HUSBAND,
    INSTRUMENTAL,
    LAST_FAMILY,
    PERSONAL,
    UNMET,
    CareBook,
    minutes_given,
    total_minutes,
)
from caresim.agents.people import People
from caresim.kernel.compiled import compiled

ADL = 2
"""Lowest disability state of those who cannot do without personal care."""
BY_SPOUSE, BY_CHILD, BY_OTHER, BY_NOBODY = range(4)
N_NEEDS, N_SOURCES, N_GIVERS, N_MAIN = 19, 13, 12, 5
"""Numbers of the four parts of the census: of cases, of sources, of hand-overs, of main carers."""


CARE_CENSUS = (
    "cases", "need_personal", "need_instrumental", "need_company", "need", "left_personal",
    "left_instrumental", "left_company", "left", "met_personal", "met_instrumental", "met_company", "met",
    "adequacy", "unmet", "deprived", "dependent", "dependent_unmet", "dependent_deprived", "spouse",
    "children", "neighbours", "volunteers", "time_bank", "bought", "formal", "purchased", "meals", "visits",
    "received", "unpaid", "from_family", "wives", "husbands", "daughters", "daughters_in_law", "sons",
    "sons_in_law", "coresident", "near", "county", "away", "family", "women", "main_spouse", "main_child",
    "main_other", "main_nobody", "main",
)  # fmt: skip
"""The month's cases and the minutes of care; NaN where a run does not keep the columns of care.

    cases: elders with a need.
    need: minutes that they needed in all; before it, by task.
    left: minutes not met in all; before it, by task.
    met: minutes met in all; before it, by task.
    adequacy: the shares met of each case's need, summed.
    unmet: cases left with more than a quarter of their need.
    deprived: cases left with more than half.
    dependent: cases in states 2-3; then those of them with more than a quarter, and half, unmet.
    spouse: minutes received from spouses; then from each other source.
    received: minutes received in all.
    unpaid: those of them that nobody is paid for.
    from_family: those from spouses, children and children-in-law.
    wives: minutes that wives gave; then other family by relation, and by where the giver is.
    family: minutes that family gave in all.
    women: those of wives, daughters and daughters-in-law.
    main_spouse: cases in states 2-3 whose main carer is the spouse; then a child or its spouse, another, nobody.
    main: all of them.
"""
NEED, LEFT = CARE_CENSUS.index("need"), CARE_CENSUS.index("left")
SPOUSE, CHILDREN, NEIGHBOURS, VOLUNTEERS, TIME_BANK, BOUGHT, FORMAL, PURCHASED, MEALS, VISITS, _, UNPAID = (
    range(N_NEEDS, N_NEEDS + 12)
)
PARTS = ("need", N_NEEDS), ("given", N_SOURCES), ("given", N_GIVERS), ("main_relation", N_MAIN)
"""The column that a run needs for each part of the census."""
FROM_SOURCES, FROM_GIVERS, FROM_MAIN = N_NEEDS, N_NEEDS + N_SOURCES, N_NEEDS + N_SOURCES + N_GIVERS


def take_care_census(people: People, book: CareBook, numbers: np.ndarray) -> None:
    """Write the numbers of `CARE_CENSUS`: count the cases and the hand-overs of a month."""
    known = people.arrays
    disability, main_relation = known.get("disability"), known.get("main_relation")
    if disability is None or main_relation is None:
        nothing = np.zeros(people.n, dtype=np.uint8)
        disability = nothing if disability is None else disability
        main_relation = nothing if main_relation is None else main_relation
    _take(
        book.rows,
        book.need,
        book.left,
        book.received,
        book.gifts,
        book.n_gifts,
        disability,
        main_relation,
        numbers,
    )
    start = 0
    for column, length in PARTS:
        if column not in known:
            numbers[start : start + length] = math.nan
        start += length


@compiled
def _take(rows, need, left, received, gifts, n_gifts, disability, main_relation, numbers):
    """Add up and count cases, sources, hand-overs and main carers."""
    _needs(rows, need, left, disability, numbers)
    _sources(received, numbers[FROM_SOURCES:])
    _givers(gifts, n_gifts, numbers[FROM_GIVERS:])
    _main_carers(rows, disability, main_relation, numbers[FROM_MAIN:])


@compiled
def _needs(rows, need, left, disability, numbers):
    """Add up minutes needed and left by task and in all, and count cases by the share that they are left with."""
    personal = instrumental = company = whole_of_all = np.int64(0)
    no_personal = no_instrumental = no_company = rest_of_all = np.int64(0)
    adequacy = 0.0
    unmet = deprived = dependent = dependent_unmet = dependent_deprived = 0
    for case in range(len(rows)):
        whole, rest = total_minutes(need, case), total_minutes(left, case)
        personal += need[case, PERSONAL]
        instrumental += need[case, INSTRUMENTAL]
        company += need[case, COMPANY]
        whole_of_all += whole
        no_personal += left[case, PERSONAL]
        no_instrumental += left[case, INSTRUMENTAL]
        no_company += left[case, COMPANY]
        rest_of_all += rest
        above, far_above = rest > UNMET * whole, rest > DEPRIVED * whole
        adequacy += 1.0 - rest / whole
        unmet += above
        deprived += far_above
        cannot_do_without = disability[rows[case]] >= ADL
        dependent += cannot_do_without
        dependent_unmet += above & cannot_do_without
        dependent_deprived += far_above & cannot_do_without
    numbers[0] = len(rows)
    numbers[1], numbers[2], numbers[3], numbers[4] = personal, instrumental, company, whole_of_all
    numbers[5], numbers[6], numbers[7], numbers[8] = no_personal, no_instrumental, no_company, rest_of_all
    for task in range(4):
        numbers[9 + task] = numbers[1 + task] - numbers[5 + task]
    numbers[13], numbers[14], numbers[15] = adequacy, unmet, deprived
    numbers[16], numbers[17], numbers[18] = dependent, dependent_unmet, dependent_deprived


@compiled
def _sources(received, minutes):
    """Add up the minutes received by source, in all, unpaid and from family."""
    a = b = c = d = e = f = g = h = i = j = np.int64(0)
    for case in range(len(received)):
        a += received[case, 0]
        b += received[case, 1]
        c += received[case, 2]
        d += received[case, 3]
        e += received[case, 4]
        f += received[case, 5]
        g += received[case, 6]
        h += received[case, 7]
        i += received[case, 8]
        j += received[case, 9]
    minutes[0], minutes[1], minutes[2], minutes[3], minutes[4] = a, b, c, d, e
    minutes[5], minutes[6], minutes[7], minutes[8], minutes[9] = f, g, h, i, j
    unpaid = a + b + c + d + e
    minutes[10], minutes[11], minutes[12] = unpaid + f + g + h + i + j, unpaid, a + b


@compiled
def _givers(gifts, n_gifts, given):
    """Add up the minutes that family gave, by relation and by where the giver is."""
    kin, place = np.zeros(LAST_FAMILY + 1, dtype=np.int64), np.zeros(4, dtype=np.int64)
    for k in range(n_gifts):
        relation = gifts[k].relation
        if relation <= LAST_FAMILY:
            minutes = minutes_given(gifts[k])
            kin[relation] += minutes
            place[gifts[k].where] += minutes
    given[:6], given[6:10] = kin, place
    given[10], given[11] = kin.sum(), kin[0] + kin[2] + kin[3]


@compiled
def _main_carers(rows, disability, main_relation, numbers):
    """Count cases in states 2-3 by main carer: spouse, child or child-in-law, other, nobody; and all of them."""
    counts = np.zeros(4, dtype=np.int64)
    for i in rows:
        if disability[i] >= ADL:
            relation = main_relation[i] - 1
            if relation < 0:
                counts[BY_NOBODY] += 1
            elif relation <= HUSBAND:
                counts[BY_SPOUSE] += 1
            else:
                counts[BY_CHILD if relation <= LAST_FAMILY else BY_OTHER] += 1
    numbers[:4], numbers[4] = counts, counts.sum()
