"""Siblings whose parents are dead, and the families of brides from outside the territory."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import PROVINCE
from caresim.agents.place import Place
from caresim.kernel.clock import EPOCH_YEAR
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, purpose
from caresim.synthesis.draft import Draft
from caresim.synthesis.luck import drawn, poisson
from caresim.synthesis.mothers import FIRST_COHORT, Slots, survival
from caresim.synthesis.parameters import Kinship

NEARNESS = purpose("synthesis.brothers")
SIZE = purpose("synthesis.n_brothers")
SISTERS = purpose("synthesis.n_sisters")
SISTER_AGE = purpose("synthesis.sister_age")
PARENT_AGE = purpose("synthesis.brides_mother_age")
PARENTS_LIVE = (purpose("synthesis.brides_father"), purpose("synthesis.brides_mother"))
BROTHERS = purpose("synthesis.brides_brothers")
GROUPS_BELOW = -2
"""A person of sibling group g has the mother `GROUPS_BELOW - g` until late mothers get rows."""
MOTHERS_AGE = 27 * 12
SPREAD = 5 * 12
STAY = 0.6
"""Share of the children of a late mother who live on in the register: the others died or left for good."""


def brothers(draft: Draft, men: np.ndarray, place: Place, draws: Draws) -> Slots:
    """Join men without a living mother to brothers; return slots for their sisters."""
    key = draft.key[men]
    order = np.argsort(draft.born[men] + (2 * drawn(draws, NEARNESS, key) - 1) * SPREAD, kind="stable")
    men, key = men[order], key[order]
    cohort = (draft.born[men] - MOTHERS_AGE) // 12 + EPOCH_YEAR - FIRST_COHORT
    born_by_mother = place.children_ever_born[np.clip(cohort, 0, len(place.children_ever_born) - 1)]
    mean = born_by_mother / 2 * STAY
    group = _grouped(drawn(draws, SIZE, key), mean)
    n_groups = int(group[-1]) + 1 if len(group) else 0
    leader = np.searchsorted(group, np.arange(n_groups))
    oldest = np.full(n_groups, 1 << 20)
    youngest = np.full(n_groups, -(1 << 20))
    np.minimum.at(oldest, group, draft.born[men])
    np.maximum.at(youngest, group, draft.born[men])
    draft.group_born = (oldest + youngest) // 2 - MOTHERS_AGE
    draft.group_leader = men[leader]
    draft.mother[men] = GROUPS_BELOW - group
    n_sisters = poisson(draws, SISTERS, key[leader], mean[leader])
    which = np.repeat(np.arange(n_groups), n_sisters)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(n_sisters) - n_sisters, n_sisters)
    luck = (drawn(draws, SISTER_AGE, key[leader])[which] + nth * 0.618) % 1.0
    born = draft.group_born[which] + ((18 + 20 * luck) * 12).astype(np.int64)
    yes = np.ones(len(which), dtype=np.bool_)
    return Slots(GROUPS_BELOW - which, draft.group_born[which], born, yes, yes.copy())


@compiled
def _grouped(draw, mean):  # type: ignore[no-untyped-def]
    """Cut a line of men into sibling groups; sizes follow a Poisson law without zero."""
    group = np.empty(len(draw), dtype=np.int64)
    i = 0
    g = 0
    while i < len(draw):
        none = np.exp(-mean[i])
        u = none + draw[i] * (1 - none)
        size = 0
        part = none
        total = none
        while u > total and size < 8:
            size += 1
            part *= mean[i] / size
            total += part
        for j in range(i, min(i + max(size, 1), len(draw))):
            group[j] = g
        i += max(size, 1)
        g += 1
    return group


def families_outside(draft: Draft, brides: np.ndarray, place: Place, kinship: Kinship, draws: Draws) -> None:
    """Give brides from outside the territory their parents and brothers there, as long as a parent lives."""
    key = draft.key[brides]
    before = ((20 + 14 * drawn(draws, PARENT_AGE, key)) * 12).astype(np.int64)
    born = (draft.born[brides] - before - 24, draft.born[brides] - before)
    lives = survival(place.rates, draft.start, 0.0, from_age=27)
    alive = [
        drawn(draws, PARENTS_LIVE[sex], key)
        < lives[sex, np.clip((draft.start - born[sex]) // 12, 0, lives.shape[1] - 1)]
        for sex in (0, 1)
    ]
    n_brothers = np.minimum(poisson(draws, BROTHERS, key, np.full(len(key), kinship.outside_brothers)), 3)
    n_brothers[~(alive[0] | alive[1])] = 0
    kept = np.flatnonzero(alive[0] | alive[1])
    with_father = kept[alive[0][kept]]
    mother = np.full(len(brides), NOBODY, dtype=np.int64)
    father = mother.copy()
    mother[kept] = draft.n + draft.n_kin + np.arange(len(kept))
    father[with_father] = draft.n + draft.n_kin + len(kept) + np.arange(len(with_father))
    couple = alive[0] & alive[1]
    draft.add_kin(born[1][kept], True, alive[1][kept], PROVINCE * alive[1][kept],
                  spouse=np.where(couple, father, NOBODY)[kept])  # fmt: skip
    draft.add_kin(born[0][with_father], False, True, PROVINCE,
                  spouse=np.where(couple, mother, NOBODY)[with_father])  # fmt: skip
    draft.partners(mother[with_father], father[with_father])
    draft.mother[brides] = mother
    which = np.repeat(np.arange(len(brides)), n_brothers)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(n_brothers) - n_brothers, n_brothers)
    apart = np.where(nth % 2 == 0, 1, -1) * (18 + 24 * (nth // 2))
    draft.add_kin(draft.born[brides][which] + apart, False, True, PROVINCE, mother=mother[which])
