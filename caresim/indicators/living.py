"""Whom people live with: households, and elders' living arrangements.

A household is the residents who share a household number. It is of *one generation* if no member lives
with a parent, a parent-in-law or a grandparent: people alone, couples, siblings. A grandmother with a
grandchild, or a wife with the mother of her absent husband, are two generations, as the census counts them.
To save time, households are looked into once a year, grandparents are looked for by members under 40 and
parents-in-law by members under 65.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, census, ratio, tally

YEARS_40, YEARS_65 = 40 * 12, 65 * 12
MEMBER, MEMBERS = 1, (1 << 12) - 1
COUPLE_BIT = 14
OLDER, GENERATIONS, COUPLE = 1 << 12, 1 << 13, 1 << COUPLE_BIT
"""A household's word: members in bits 0-11, then three marks."""


@tally("households", "members", "one_person", "one_generation", "with_older")
def households(world: World, counts: np.ndarray) -> None:
    """Look into the households once, for all their indicators."""
    people = world.people
    columns = tuple(people[name] for name in ("born", "household", "mother", "father", "spouse"))
    _look(*columns, people.n, people.n_households, world.month, counts)


@compiled
def _look(born, household, mother, father, spouse, n, n_households, month, counts):
    """Write each household's word, and count the households by kind."""
    words = np.zeros(n_households, dtype=np.int32)
    rows = _with_household(household, n, n_households)
    _visit(rows, born, household, mother, father, spouse, n, month, words)
    _mark_elder_kin(rows, born, household, mother, father, spouse, n, month, words)
    _count(words, counts)


@compiled
def _with_household(household, n, n_households):
    """Return the rows of those who live in a household, without a branch; -1 is larger than any number of one."""
    rows, found = np.empty(n + 1, dtype=np.uint32), 0
    for i in range(n):
        rows[found] = i
        found += np.uint32(household[i]) < np.uint32(n_households)
    return rows[:found]


@compiled
def _visit(rows, born, household, mother, father, spouse, n, month, words):
    """Write each household's word.

    Whether a person has a mother at home is a toss-up that a processor guesses wrongly, so there is no branch:
    row numbers are read as unsigned, which makes nobody (-1) larger than any row, and a relative whom the
    register does not hold is read as the person.
    """
    end = np.uint32(n)
    for me in rows:
        h = household[me]
        m, f, s = np.uint32(mother[me]), np.uint32(father[me]), np.uint32(spouse[me])
        has_mother, has_father, has_spouse = m < end, f < end, s < end
        m, f, s = m if has_mother else me, f if has_father else me, s if has_spouse else me
        with_parent = np.int32(((household[m] == h) & has_mother) | ((household[f] == h) & has_father))
        with_spouse = np.int32((household[s] == h) & has_spouse)
        older = np.int32(born[me] <= month - YEARS_65)
        place = np.uint32(h)
        words[place] = (
            (words[place] + MEMBER) | older * OLDER | with_parent * GENERATIONS | with_spouse * COUPLE
        )


@compiled
def _mark_elder_kin(rows, born, household, mother, father, spouse, n, month, words):
    """Mark households where somebody lives with a grandparent, or with a parent of an absent spouse.

    People alone and couples by themselves are not in doubt.
    """
    doubtful, found = np.empty(len(rows) + 1, dtype=np.int32), 0
    for i in rows:
        word = words[np.uint32(household[i])]
        by_themselves = (word & MEMBERS) <= 1 + (word >> COUPLE_BIT & 1)
        doubtful[found] = i
        found += (word & GENERATIONS == 0) & (not by_themselves) & (born[i] > month - YEARS_65)
    for me in doubtful[:found].view(np.uint32):
        h = np.uint32(household[me])
        up = _parent_with(me, spouse[me], household, mother, father, n)
        grandparent = _parent_with(me, mother[me], household, mother, father, n)
        grandparent |= _parent_with(me, father[me], household, mother, father, n)
        up |= grandparent & (born[me] > month - YEARS_40)
        words[h] |= np.int32(up) * GENERATIONS


@compiled
def _parent_with(me, kin, household, mother, father, n):
    """Tell, without a branch, whether a parent of one's kin, who may be nobody or outside, lives in one's household."""
    end, known = np.uint32(n), kin >= 0  # the rows of kin outside follow the register's
    i = np.uint32(kin) if known else me
    m, f = np.uint32(mother[i]), np.uint32(father[i])
    has_mother, has_father = m < end, f < end
    m, f = m if has_mother else me, f if has_father else me
    h = household[me]
    return known & (((household[m] == h) & has_mother) | ((household[f] == h) & has_father))


@compiled
def _count(words, counts):
    """Count households by kind."""
    households = members = one_person = one_generation = with_older = 0
    for word in words:
        size = word & MEMBERS
        households += size > 0
        members += size
        one_person += size == 1
        one_generation += (size > 0) & (word & GENERATIONS == 0)
        with_older += word & OLDER != 0
    counts[0], counts[1], counts[2], counts[3], counts[4] = (
        households, members, one_person, one_generation, with_older,
    )  # fmt: skip


def _elders(name: str, label: str, zh: str, meaning: str, condition: str) -> Indicator:
    return Indicator(name, "share", "last", label, zh, meaning, ratio(census, condition, "elders"))


def _households(name: str, unit: str, label: str, zh: str, meaning: str, count: str) -> Indicator:
    measure = ratio(households, count, "households")
    return Indicator(name, unit, "last", label, zh, meaning, measure, yearly=True)


INDICATORS = (
    _elders("living_alone_share", "Elders living alone", "独居老人比重",
            "Resident elders whose household is themselves.", "alone"),
    _elders("couple_only_share", "Elders living with their spouse only", "仅与配偶同住老人比重",
            "Resident elders whose household is their spouse and themselves.", "couple_only"),
    _elders("with_child_share", "Elders living with a child", "与子女同住老人比重",
            "Resident elders with an own child of 18 or over in their household.", "with_child"),
    _elders("left_behind_share", "Elders left behind", "留守老人比重",
            "Resident elders with an own child of 18 or over, but none resident in their township.", "left_behind"),
    _households("household_size", "persons per household", "Household size", "户均人口", "Residents per household.",
                "members"),
    _households("one_person_households_share", "share", "One-person households", "一人户比重",
                "Households of one resident, of all households.", "one_person"),
    _households("one_generation_households_share", "share", "One-generation households", "一代户比重",
                "Households where nobody lives with a parent, parent-in-law or grandparent, of all households.",
                "one_generation"),
    _households("elder_households_share", "share", "Households with a member of 65+", "有65岁以上老人户比重",
                "Households with a resident of 65 or over, of all households.", "with_older"),
)  # fmt: skip
