"""Whom people live with: households, and elders' living arrangements.

A household is the residents who share a household number. It is of *one generation* if no member lives
with a parent, a parent-in-law or a grandparent: people alone, couples, siblings. A grandmother with a
grandchild, or a wife with the mother of her absent husband, are two generations, as the census counts them.
To save time, grandparents are looked for by members under 40 and parents-in-law by members under 65.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.agents.people import PRESENT
from caresim.agents.world import World
from caresim.kernel.compiled import compiled
from caresim.recorder import Indicator, share

YEARS_18, YEARS_40, YEARS_60, YEARS_65 = 18 * 12, 40 * 12, 60 * 12, 65 * 12
MEMBER, ELDER_MEMBER = 1, 1 << 12
OLDER, GENERATIONS, COUPLE = 1 << 24, 1 << 25, 1 << 26
MEMBERS, ELDERS = (1 << 12) - 1, 12
"""A household's word: members in bits 0-11, members of 60+ in bits 12-23, then three marks."""


class Tally(NamedTuple):
    """Counts of households and of elders by arrangement at the month's end."""

    elders: int
    with_child: int
    households: int
    members: int
    one_person: int
    with_older: int
    alone: int
    couple_only: int
    words: np.ndarray


def tally(world: World) -> Tally:
    """Look into the households once a month, for all indicators of this file."""
    return world.once("tally.living", world.month, lambda: _tally(world))


def _tally(world: World) -> Tally:
    people = world.people
    words = np.zeros(people.n_households + 1, dtype=np.int32)
    kin = people["mother"], people["father"], people["spouse"]
    elders, with_child = _visit(people["state"], people["born"], people["household"], *kin, people.n,
                                world.month, words)  # fmt: skip
    return Tally._make((elders, with_child, *_count(words[:-1]), words))


@compiled
def _visit(state, born, household, mother, father, spouse, n, month, words):
    """Write each household's word; count elders, and those who live with an own child of 18 or over.

    Whether a row is away or has a mother at home is a toss-up that a processor guesses wrongly, so there is
    no branch: row numbers are read as unsigned, which makes nobody (-1) larger than any row; a relative whom
    the register does not hold is read as the person; and the last word stands for no household.
    """
    nowhere, end = np.uint32(len(words) - 1), np.uint32(n)
    grown_at_home = np.zeros(n, dtype=np.uint8)
    for i in range(n):
        h, me, birth = household[i], np.uint32(i), born[i]
        m, f, s = np.uint32(mother[i]), np.uint32(father[i]), np.uint32(spouse[i])
        has_mother, has_father, has_spouse = m < end, f < end, s < end
        m, f, s = m if has_mother else me, f if has_father else me, s if has_spouse else me
        with_mother = np.int32((household[m] == h) & has_mother)
        with_father = np.int32((household[f] == h) & has_father)
        with_spouse = np.int32((household[s] == h) & has_spouse)
        grown = np.int32((h >= 0) & (birth <= month - YEARS_18))
        grown_at_home[m] |= np.uint8(grown & with_mother)
        grown_at_home[f] |= np.uint8(grown & with_father)
        place = min(np.uint32(h), nowhere)
        word = words[place] + MEMBER + np.int32(birth <= month - YEARS_60) * ELDER_MEMBER
        word |= np.int32(birth <= month - YEARS_65) * OLDER
        words[place] = word | (with_mother | with_father) * GENERATIONS | with_spouse * COUPLE
    elders = with_child = 0
    for i in range(n):
        elder = (state[i] & PRESENT != 0) & (born[i] <= month - YEARS_60)
        elders += elder
        with_child += elder & grown_at_home[i]
    return elders, with_child


@compiled
def _mark_elder_kin(born, household, mother, father, spouse, n, month, words):
    """Mark households where somebody lives with a grandparent, or with a parent of an absent spouse.

    People alone and couples by themselves are not in doubt, nor is the last word, that of no household.
    """
    nowhere = np.uint32(len(words) - 1)
    words[nowhere] = GENERATIONS
    for i in range(n):
        h = household[i]
        word = words[min(np.uint32(h), nowhere)]
        in_doubt = (word & GENERATIONS == 0) & ((word & MEMBERS) > 1 + (word & COUPLE != 0))
        if in_doubt and month - born[i] < YEARS_65:
            found = _parent_in(h, spouse[i], household, mother, father, n)
            if month - born[i] < YEARS_40 and not found:
                found = _parent_in(h, mother[i], household, mother, father, n)
                found = found or _parent_in(h, father[i], household, mother, father, n)
            if found:
                words[h] |= GENERATIONS


@compiled
def _parent_in(h, i, household, mother, father, n):
    """Tell whether a parent of `i`, who may be nobody or kin outside, lives in household `h`."""
    if i < 0:
        return False
    m, f = mother[i], father[i]
    return (0 <= m < n and household[m] == h) or (0 <= f < n and household[f] == h)


@compiled
def _count(words):
    """Count households by kind, and elders who live alone or with nobody but their spouse."""
    households = members = one_person = with_older = alone = couple_only = 0
    for word in words:
        size = word & MEMBERS
        if size:
            households += 1
            members += size
            with_older += (word & OLDER) != 0
            elders = (word >> ELDERS) & MEMBERS
            if size == 1:
                one_person += 1
                alone += elders
            elif size == 2 and word & COUPLE:
                couple_only += elders
    return households, members, one_person, with_older, alone, couple_only


def living_alone_share(world: World) -> float:
    """Set elders who live alone against resident elders."""
    return share(tally(world).alone, tally(world).elders)


def couple_only_share(world: World) -> float:
    """Set elders who live with nobody but their spouse against resident elders."""
    return share(tally(world).couple_only, tally(world).elders)


def with_child_share(world: World) -> float:
    """Set elders who live with an own child of 18 or over against resident elders."""
    return share(tally(world).with_child, tally(world).elders)


def household_size(world: World) -> float:
    """Average the residents per household."""
    return share(tally(world).members, tally(world).households)


def one_person_households_share(world: World) -> float:
    """Set households of one resident against all."""
    return share(tally(world).one_person, tally(world).households)


def one_generation_households_share(world: World) -> float:
    """Set households of one generation against all."""
    people, found = world.people, tally(world)
    words = found.words.copy()
    _mark_elder_kin(
        *(people[name] for name in ("born", "household", "mother", "father", "spouse")),
        people.n,
        world.month,
        words,
    )
    alike = (words[:-1] & (MEMBERS | GENERATIONS) != 0) & (words[:-1] & GENERATIONS == 0)
    return share(float(np.count_nonzero(alike)), found.households)


def elder_households_share(world: World) -> float:
    """Set households with a member of 65 or over against all."""
    return share(tally(world).with_older, tally(world).households)


INDICATORS = (
    Indicator("living_alone_share", "share", "last", "Elders living alone", "独居老人比重",
              "Resident elders whose household is themselves.", living_alone_share),
    Indicator("couple_only_share", "share", "last", "Elders living with their spouse only",
              "仅与配偶同住老人比重",
              "Resident elders whose household is their spouse and themselves.", couple_only_share),
    Indicator("with_child_share", "share", "last", "Elders living with a child", "与子女同住老人比重",
              "Resident elders with an own child of 18 or over in their household.", with_child_share),
    Indicator("household_size", "persons", "last", "Household size", "户均人口",
              "Residents per household.", household_size),
    Indicator("one_person_households_share", "share", "last", "One-person households", "一人户比重",
              "Households of one resident, of all households.", one_person_households_share),
    Indicator("one_generation_households_share", "share", "last", "One-generation households", "一代户比重",
              "Households where nobody lives with a parent, parent-in-law or grandparent, of all households.",
              one_generation_households_share, quarterly=True),
    Indicator("elder_households_share", "share", "last", "Households with a member of 65+",
              "有65岁以上老人户比重",
              "Households with a resident of 65 or over, of all households.", elder_households_share),
)  # fmt: skip
