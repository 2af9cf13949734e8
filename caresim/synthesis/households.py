"""Which residents live together: couples and single adults, their minors, parents who join a child."""

from __future__ import annotations

import numpy as np

from caresim.agents.people import MARRIED, NEVER_MARRIED, WIDOWED
from caresim.kernel.columns import NOBODY
from caresim.kernel.draws import Draws, purpose
from caresim.synthesis.draft import Draft
from caresim.synthesis.luck import drawn
from caresim.synthesis.order import in_order
from caresim.synthesis.parameters import Households

STAYS = purpose("synthesis.lives_with_parents")
JOINS = purpose("synthesis.parents_join_child")
WHICH_CHILD = purpose("synthesis.which_child")
GROWN = 18
OLD = 60


class Kin:
    """The residents' nearest kin in their own village, as registered running numbers or -1."""

    def __init__(self, draft: Draft, village: np.ndarray, partner: np.ndarray) -> None:
        self.n, self.village, self.present = draft.n, village, draft.present
        father = np.where(draft.mother >= 0, partner[draft.mother], NOBODY)
        self.mother, self.father, self.spouse = (
            self.here(kin) for kin in (draft.mother, father, draft.spouse)
        )
        parents = [np.where(kin < draft.n, kin, NOBODY) for kin in (father, draft.mother)]
        self.grandmothers = [np.where(parent >= 0, draft.mother[parent], NOBODY) for parent in parents]
        grandfathers = [np.where(parent >= 0, father[parent], NOBODY) for parent in parents]
        self.grandparents = [self.here(kin) for kin in (*self.grandmothers, *grandfathers)]

    def here(self, kin: np.ndarray) -> np.ndarray:
        """Keep the kin who are registered and present in the person's own village."""
        row = np.where((kin >= 0) & (kin < self.n), kin, 0)
        near = (kin >= 0) & (kin < self.n) & self.present[row] & (self.village[row] == self.village)
        return np.where(near, kin, NOBODY)


def form_households(draft: Draft, village: np.ndarray, households: Households, draws: Draws) -> np.ndarray:
    """Return each resident's household as the running number of its head; -1 for the absent."""
    kin = Kin(draft, village, draft.partner())
    grown = draft.age >= GROWN
    core = _couples(draft, kin, grown)
    _stay_with_parents(draft, kin, core, grown, households, draws)
    _parents_join(draft, kin, core, grown, households, draws)
    core = _followed(core)
    _house_minors(draft, kin, core, grown, village)
    core = _followed(core)
    return np.where(draft.present, core, NOBODY)


def _followed(core: np.ndarray) -> np.ndarray:
    for _ in range(24):
        further = core[core]
        if np.array_equal(further, core):
            return core
        core = further
    raise RuntimeError("households join one another in a circle")


def _couples(draft: Draft, kin: Kin, grown: np.ndarray) -> np.ndarray:
    """Let the wife live with her husband, everybody else with themselves."""
    core = np.arange(draft.n)
    joint = draft.present & draft.female & (kin.spouse != NOBODY) & grown & grown[kin.spouse]
    core[joint] = kin.spouse[joint]
    return core


def _parents_core(kin: Kin, core: np.ndarray) -> np.ndarray:
    """Return the core of each person's present parents in the village, or -1."""
    parent = np.where(kin.mother != NOBODY, kin.mother, kin.father)
    return np.where(parent != NOBODY, core[parent], NOBODY)


def _stay_with_parents(
    draft: Draft, kin: Kin, core: np.ndarray, grown: np.ndarray, households: Households, draws: Draws
) -> None:
    """Let adults without a spouse at home live with parents, else with other near kin of the village."""
    alone = draft.present & grown & (draft.age < OLD) & (core == np.arange(draft.n)) & (kin.spouse == NOBODY)
    alone &= drawn(draws, STAYS, draft.key) < households.unmarried_adult_with_parent
    widowed = draft.marital == WIDOWED
    spouse = np.where((draft.spouse >= 0) & (draft.spouse < draft.n), draft.spouse, NOBODY)
    in_law = [np.where(spouse != NOBODY, parent[spouse], NOBODY) for parent in (kin.mother, kin.father)]
    single = draft.marital == NEVER_MARRIED
    grandparents = [np.where(single, grandparent, NOBODY) for grandparent in kin.grandparents]
    who = np.flatnonzero(alone & ~widowed)
    for near in (kin.mother, kin.father, *in_law, *grandparents):
        host = near[who]
        core[who[host != NOBODY]] = core[host[host != NOBODY]]
        who = who[host == NOBODY]
    _with_sibling(draft, kin, core, who[single[who]], grown)


def _with_sibling(draft: Draft, kin: Kin, core: np.ndarray, who: np.ndarray, grown: np.ndarray) -> None:
    """Let single people live with a married brother or sister of the village."""
    hosts = np.flatnonzero(draft.present & grown & (draft.mother != NOBODY) & (kin.spouse != NOBODY))
    if not len(hosts):
        return
    place = draft.mother * (1 << 20) + kin.village
    hosts = hosts[np.lexsort((draft.key[hosts], place[hosts]))]
    host = hosts[np.minimum(np.searchsorted(place[hosts], place[who]), len(hosts) - 1)]
    found = (place[host] == place[who]) & (draft.mother[who] != NOBODY)
    core[who[found]] = core[host[found]]


def _parents_join(
    draft: Draft, kin: Kin, core: np.ndarray, grown: np.ndarray, households: Households, draws: Draws
) -> None:
    """Let parents join one married child's household in the village, a son's before a daughter's."""
    child, young, old = _married_children(draft, kin, core, grown)
    willing = drawn(draws, JOINS, draft.key[old]) < _chance_to_join(draft, kin, old, households)
    able = willing & (young != old) & (core[old] == old) & (core[young] == young)
    child, young, old = child[able], young[able], old[able]
    lot = drawn(draws, WHICH_CHILD, draft.key[child])
    joined = np.zeros(0, dtype=np.int64)
    for daughters in (False, True):
        choice = np.flatnonzero((draft.female[child] == daughters) & (core[old] == old))
        choice = choice[~np.isin(young[choice], joined)]
        choice = choice[np.argsort(lot[choice], kind="stable")]
        choice = choice[np.unique(old[choice], return_index=True)[1]]
        choice = choice[np.unique(young[choice], return_index=True)[1]]
        core[old[choice]] = young[choice]
        joined = young[choice]


def _married_children(
    draft: Draft, kin: Kin, core: np.ndarray, grown: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return married children with parents in the village, their cores, and their parents' cores.

    The wife of an absent son keeps his place in the village.
    """
    parents = _parents_core(kin, core)
    married = (draft.marital == MARRIED) & grown & (parents != NOBODY)
    wife_here = (kin.spouse != NOBODY) & grown[kin.spouse] & ~draft.female
    child = np.flatnonzero(married & (draft.present | wife_here))
    young = np.where(draft.present[child], core[child], core[kin.spouse[child]])
    return child, young, parents[child]


def _chance_to_join(draft: Draft, kin: Kin, old: np.ndarray, households: Households) -> np.ndarray:
    """Return the parents' probability of living with a married child."""
    couple = (kin.spouse[old] != NOBODY) & (draft.age[kin.spouse[old]] >= GROWN)
    oldest = np.maximum(draft.age[old], np.where(couple, draft.age[kin.spouse[old]], 0))
    of_couples = np.where(
        oldest >= OLD, households.parents_couple_with_child, households.younger_couple_with_child
    )
    return np.where(couple, of_couples, households.parent_widowed_with_child)


def _house_minors(draft: Draft, kin: Kin, core: np.ndarray, grown: np.ndarray, village: np.ndarray) -> None:
    """Let minors live with a parent, else a spouse, a grandparent, other kin, or anybody of the village."""
    minors = np.flatnonzero(draft.present & ~grown)
    grown_here = draft.present & grown
    for near in (kin.mother, kin.father, kin.spouse, *kin.grandparents):
        host = near[minors]
        housed = (host != NOBODY) & grown_here[host]
        core[minors[housed]] = core[host[housed]]
        minors = minors[~housed]
    minors = _with_siblings(draft, minors, core, grown_here, kin)
    adults = np.flatnonzero(grown_here)
    adults = adults[np.argsort(draft.key[adults])]
    adults = adults[in_order(village[adults])]
    if len(minors) and len(adults):
        first = np.searchsorted(village[adults], village[minors])
        n_here = np.searchsorted(village[adults], village[minors], side="right") - first
        pick = (draft.key[minors] % np.maximum(n_here, 1).astype(np.uint64)).astype(np.int64)
        core[minors] = core[adults[np.minimum(first + pick, len(adults) - 1)]]


def _with_siblings(
    draft: Draft, minors: np.ndarray, core: np.ndarray, grown_here: np.ndarray, kin: Kin
) -> np.ndarray:
    """House minors with a grown sibling, uncle or aunt in the village; return who is still without a home."""
    adults = np.flatnonzero(grown_here & (draft.mother != NOBODY))
    adults = adults[in_order(draft.mother[adults])]
    for mother in (draft.mother, *kin.grandmothers):
        if not len(adults) or not len(minors):
            break
        wanted = mother[minors]
        host = adults[np.minimum(np.searchsorted(draft.mother[adults], wanted), len(adults) - 1)]
        found = (
            (wanted != NOBODY) & (draft.mother[host] == wanted) & (kin.village[host] == kin.village[minors])
        )
        core[minors[found]] = core[host[found]]
        minors = minors[~found]
    return minors
