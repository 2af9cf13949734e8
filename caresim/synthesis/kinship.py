"""Who is whose child: mothers first, their children found among the registered, the rest outside.

Sons and unmarried daughters find their mothers before anybody has a village; patrilines are then placed in
villages; married women find their parents last, half of them in the township of their husband.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.people import NEVER_MARRIED, WIDOWED
from caresim.agents.place import Place
from caresim.kernel.columns import NOBODY
from caresim.kernel.draws import Draws, purpose
from caresim.synthesis.brothers import GROUPS_BELOW, brothers
from caresim.synthesis.draft import Draft
from caresim.synthesis.luck import drawn, keys
from caresim.synthesis.matching import match
from caresim.synthesis.mothers import AS_THE_RATES_SAY, Slots, bear, scale_of_births
from caresim.synthesis.parameters import Kinship

WITHIN = purpose("synthesis.marry_within_township")
OUTSIDER = purpose("synthesis.bride_from_outside")
GROWN = 18
MINORS_MOTHERS_BELOW = 50 + GROWN
"""Age below which the mothers of minors are: nobody bears from 49 on."""
BRIDES_UP_TO = 65
ADOPTION_AGES = (20, 26, 32, 38)


def mothers_bear(draft: Draft, place: Place, kinship: Kinship, draws: Draws) -> Slots:
    """Let every registered woman who ever married, and the late wife of every widower, bear her children.

    Their births follow the cohort's, except that there are as many minors as the register has. The wives
    of absent men who are not registered here have their children elsewhere.
    """
    widowers = np.flatnonzero((draft.marital == WIDOWED) & ~draft.female)
    late = draft.add_kin(draft.born[widowers] + round(12 * kinship.age_gap), True, False, 0)
    draft.partners(late, widowers)
    mother = np.concatenate([np.flatnonzero(draft.female & (draft.marital != NEVER_MARRIED)), late])
    key = keys(draws, 0, draft.n + draft.n_kin)[mother]
    # By key, so that no sort of mother comes first where children of one month compete.
    mother, key = mother[np.argsort(key)], np.sort(key)
    born = draft.everyone("born")[mother]
    age = np.clip((draft.start - born) // 12, 0, place.marital.shape[1] - 1)
    married_share = 1 - place.marital[1, age, NEVER_MARRIED]
    children_ever_born = place.children_ever_born + kinship.rural_excess * place.rural_share

    def children(who: np.ndarray, scale: np.ndarray) -> tuple[Slots, np.ndarray]:
        return bear(
            mother[who], key[who], born[who], married_share[who], children_ever_born, place.rates, draft.start, scale,
            kinship, draws,
        )  # fmt: skip

    late_enough = np.flatnonzero(born > draft.start - 12 * MINORS_MOTHERS_BELOW)
    by_rates, _ = children(late_enough, AS_THE_RATES_SAY)
    scale = scale_of_births(by_rates.born, draft.born[draft.age < GROWN], draft.start)
    slots, dead = children(np.arange(len(mother)), scale)
    own = mother < draft.n
    draft.dead_children[mother[own]] = dead[own]
    return slots


def find_mothers(draft: Draft, slots: Slots, place: Place, draws: Draws) -> Slots:
    """Find the mothers of men and unmarried women; return all slots, those of dead mothers' daughters too."""
    unmarried = draft.marital == NEVER_MARRIED
    away = np.zeros(draft.n + draft.n_kin, dtype=np.bool_)
    away[: draft.n] = ~draft.present
    with_mother = (~draft.present) & (draft.age < 15)
    _find(draft, slots, np.flatnonzero(with_mother), slots.free & away[slots.mother])
    # Single people at home have their parents here more often than others; they choose first.
    _find(draft, slots, np.flatnonzero(unmarried & draft.present), slots.free)
    _find(draft, slots, np.flatnonzero((~draft.female | unmarried) & (draft.mother == NOBODY)), slots.free)
    _give_minors(draft)
    left = (draft.mother == NOBODY) & (draft.age >= GROWN) & (draft.age < BRIDES_UP_TO)
    sisters = brothers(draft, np.flatnonzero(left & ~draft.female), place, draws)
    _find(draft, sisters, np.flatnonzero(left & draft.female & unmarried), sisters.free)
    return slots.joined(sisters)


def _find(
    draft: Draft, slots: Slots, who: np.ndarray, which: np.ndarray, group: np.ndarray | None = None,
    slot_group: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Let people become children of the chosen slots, of their sex and within their group."""
    chosen = np.flatnonzero(which)
    groups = draft.female[who] * 1 if group is None else 2 * group + draft.female[who]
    slot_groups = slots.female[chosen] * 1
    if slot_group is not None:
        slot_groups = 2 * slot_group[chosen] + slot_groups
    found = match(
        slots.born[chosen], slot_groups, slots.mother[chosen], slots.mother_born[chosen], draft.born[who],
        groups, _never_mothers(draft, who),
    )  # fmt: skip
    taken = chosen[found[found >= 0]]
    draft.mother[who[found >= 0]] = slots.mother[taken]
    slots.free[taken] = False


def _never_mothers(draft: Draft, who: np.ndarray) -> np.ndarray:
    """Return who must not become each one's mother: the mother of the spouse, or the spouse whose mother nobody knows.

    Men, who could marry their mothers, find theirs before their wives do.
    """
    spouse = draft.spouse[who]
    known = (spouse >= 0) & (spouse < draft.n)
    mother_in_law = np.where(known, draft.mother[np.minimum(spouse, draft.n - 1)], NOBODY)
    return np.where(known & (mother_in_law == NOBODY), spouse, mother_in_law)


def _give_minors(draft: Draft) -> None:
    """Give minors whom no slot fitted to women of a fitting age, to those with fewest children first."""
    women = np.flatnonzero(draft.female & (draft.marital != NEVER_MARRIED))
    for most in (1, 2, 3, 20):
        for age in ADOPTION_AGES:
            who = np.flatnonzero((draft.age < GROWN) & (draft.mother == NOBODY))
            if not len(who):
                return
            children = np.bincount(
                draft.mother[(draft.mother >= 0) & (draft.mother < draft.n)], minlength=draft.n
            )
            able = women[children[women] <= most]
            found = match(
                draft.born[able] + 12 * age, ~draft.present[able], able, draft.born[able], draft.born[who],
                ~draft.present[who], _never_mothers(draft, who), (12, 36),
            )  # fmt: skip
            draft.mother[who[found >= 0]] = able[found[found >= 0]]


def find_brides_parents(
    draft: Draft,
    slots: Slots,
    township: np.ndarray,
    slot_township: np.ndarray,
    kinship: Kinship,
    draws: Draws,
) -> np.ndarray:
    """Find the parents of women who married; return the brides who came from outside the territory.

    Args:
        draft: the people.
        slots: daughters whom nobody has become yet are among them.
        township: township of every registered person.
        slot_township: township of the slots' mothers.
        kinship: declared parameters.
        draws: the replication's luck.
    """
    married = draft.female & (draft.marital != NEVER_MARRIED) & (draft.mother == NOBODY)
    foreign = married & (drawn(draws, OUTSIDER, draft.key) < kinship.bride_from_outside_territory)
    foreign &= draft.age < BRIDES_UP_TO
    grown = slots.born <= draft.start - 12 * 15
    near = np.flatnonzero(
        married & ~foreign & (drawn(draws, WITHIN, draft.key) < kinship.marry_within_township)
    )
    _find(draft, slots, near, slots.free & grown, township[near], slot_township)
    rest = np.flatnonzero(married & ~foreign & (draft.mother == NOBODY))
    _find(draft, slots, rest, slots.free & grown)
    return np.flatnonzero(foreign)


def settle_outside(draft: Draft, slots: Slots) -> None:
    """Make grown children whom nobody became kin outside, and late mothers rows.

    The late husbands of widows get no row: the mother alone makes her children siblings.
    """
    _late_mothers(draft)
    grown = slots.free & (slots.born <= draft.start - 12 * GROWN) & (slots.mother >= 0)
    draft.add_kin(slots.born[grown], slots.female[grown], True, mother=slots.mother[grown])


def _late_mothers(draft: Draft) -> None:
    """Give sibling groups their late mother, which makes them siblings; one who has no sibling needs none."""
    code = GROUPS_BELOW - draft.mother
    in_group = draft.mother <= GROUPS_BELOW
    if not in_group.any():
        return
    size = np.bincount(code[in_group], minlength=len(draft.group_born))
    kept = np.flatnonzero(size >= 2)
    late = draft.add_kin(draft.group_born[kept], True, False, 0)
    number = np.full(len(draft.group_born), NOBODY, dtype=np.int64)
    number[kept] = late
    draft.mother[in_group] = number[code[in_group]]
