"""The month's census of care: one look at each case and each hand-over, for all that is counted of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from caresim.agents.care import (
    COMPANY,
    DEPRIVED,
    GIVEN,
    HUSBAND,
    INSTRUMENTAL,
    LAST_FAMILY,
    PERSONAL,
    RELATION,
    UNMET,
    WHERE,
    CareBook,
    minutes_left,
)
from caresim.agents.people import People
from caresim.kernel.compiled import compiled

ADL = 2
"""Lowest disability state of those who cannot do without personal care."""
BY_SPOUSE, BY_CHILD, BY_OTHER, BY_NOBODY = range(4)
N_NEEDS, N_SOURCES, N_GIVERS, N_MAIN = 19, 13, 12, 5
"""Numbers of the four parts of the census: of cases, of sources, of hand-overs, of main carers."""


class CareCensus(NamedTuple):
    """The month's cases and the minutes of care; NaN where a run does not keep the columns of care.

    Attributes:
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

    cases: float
    need_personal: float
    need_instrumental: float
    need_company: float
    need: float
    left_personal: float
    left_instrumental: float
    left_company: float
    left: float
    met_personal: float
    met_instrumental: float
    met_company: float
    met: float
    adequacy: float
    unmet: float
    deprived: float
    dependent: float
    dependent_unmet: float
    dependent_deprived: float
    spouse: float
    children: float
    neighbours: float
    volunteers: float
    time_bank: float
    bought: float
    formal: float
    purchased: float
    meals: float
    visits: float
    received: float
    unpaid: float
    from_family: float
    wives: float
    husbands: float
    daughters: float
    daughters_in_law: float
    sons: float
    sons_in_law: float
    coresident: float
    near: float
    county: float
    away: float
    family: float
    women: float
    main_spouse: float
    main_child: float
    main_other: float
    main_nobody: float
    main: float


def take_care_census(people: People, book: CareBook) -> CareCensus:
    """Count the cases and the hand-overs of a month."""
    known = people.arrays
    if known.keys() >= {"need", "given", "main_relation", "disability"}:
        return CareCensus._make(
            _take(book.rows, book.need, book.left, book.received, book.gifts, book.n_gifts, known["disability"],
                   known["main_relation"])
        )  # fmt: skip
    nothing = np.zeros(people.n, dtype=np.uint8)
    found = _take(book.rows, book.need, book.left, book.received, book.gifts, book.n_gifts,
                  known.get("disability", nothing), known.get("main_relation", nothing))  # fmt: skip
    parts = ("need", N_NEEDS), ("given", N_SOURCES), ("given", N_GIVERS), ("main_relation", N_MAIN)
    kept = [column in known for column, length in parts for _ in range(length)]
    return CareCensus(*(number if here else math.nan for number, here in zip(found, kept, strict=True)))


@compiled
def _take(rows, need, left, received, gifts, n_gifts, disability, main_relation):
    """Add up and count cases, sources, hand-overs and main carers, in the order of `CareCensus`."""
    return (
        _needs(rows, need, left, disability)
        + _sources(received)
        + _givers(gifts, n_gifts)
        + _main_carers(rows, disability, main_relation)
    )


@compiled
def _needs(rows, need, left, disability):
    """Add up minutes needed and left by task and in all, and count cases by the share that they are left with."""
    personal = instrumental = company = whole_of_all = 0
    no_personal = no_instrumental = no_company = rest_of_all = 0
    adequacy = 0.0
    unmet = deprived = dependent = dependent_unmet = dependent_deprived = 0
    for case in range(len(rows)):
        whole, rest = minutes_left(need, case), minutes_left(left, case)
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
    return (
        len(rows), personal, instrumental, company, whole_of_all, no_personal, no_instrumental, no_company, rest_of_all,
        personal - no_personal, instrumental - no_instrumental, company - no_company, whole_of_all - rest_of_all,
        adequacy, unmet, deprived, dependent, dependent_unmet, dependent_deprived,
    )  # fmt: skip


@compiled
def _sources(received):
    """Add up the minutes received by source, in all, unpaid and from family."""
    a = b = c = d = e = f = g = h = i = j = 0
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
    unpaid = a + b + c + d + e
    return a, b, c, d, e, f, g, h, i, j, unpaid + f + g + h + i + j, unpaid, a + b


@compiled
def _givers(gifts, n_gifts):
    """Add up the minutes that family gave, by relation and by where the giver is."""
    kin, place = np.zeros(LAST_FAMILY + 1, dtype=np.int64), np.zeros(4, dtype=np.int64)
    for k in range(n_gifts):
        relation = gifts[k, RELATION]
        if relation <= LAST_FAMILY:
            minutes = gifts[k, GIVEN] + gifts[k, GIVEN + 1] + gifts[k, GIVEN + 2]
            kin[relation] += minutes
            place[gifts[k, WHERE]] += minutes
    women = kin[0] + kin[2] + kin[3]
    relations = kin[0], kin[1], kin[2], kin[3], kin[4], kin[5]
    return (*relations, place[0], place[1], place[2], place[3], kin.sum(), women)


@compiled
def _main_carers(rows, disability, main_relation):
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
    return counts[0], counts[1], counts[2], counts[3], counts.sum()
