"""Marital status by the census table, and who is married to whom."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from caresim.agents.people import MARRIED
from caresim.agents.place import OLDEST
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, purpose
from caresim.synthesis.draft import Draft
from caresim.synthesis.luck import drawn
from caresim.synthesis.order import in_order
from caresim.synthesis.parameters import Kinship

STATUS = purpose("synthesis.marital_status")
AWAY = purpose("synthesis.couple_away")
GAP = purpose("synthesis.age_gap")


def marital_quotas(counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return whole numbers by sex, age and status that follow the shares.

    Within an age the numbers sum to the people of that age; along the ages what rounding withholds from a
    status is carried on, so that rare statuses keep their total in small populations too.

    Args:
        counts: people by sex and age.
        shares: shares by sex, age and status.
    """
    return _quotas(counts, shares)


@compiled
def _quotas(counts, shares):  # type: ignore[no-untyped-def]
    quotas = np.zeros(shares.shape, dtype=np.int64)
    for sex in range(2):
        owed = np.zeros(shares.shape[2])
        for age in range(counts.shape[1]):
            owed += counts[sex, age] * shares[sex, age]
            whole = quotas[sex, age]
            for status in range(len(owed)):
                whole[status] = max(np.int64(np.floor(owed[status])), 0)
            _settle(whole, owed, counts[sex, age])
            owed -= whole
    return quotas


@compiled
def _settle(whole, owed, total):  # type: ignore[no-untyped-def]
    """Add or take single persons where they are owed most or least until the statuses sum to the total."""
    while whole.sum() < total:
        whole[np.argmax(owed - whole)] += 1
    while whole.sum() > total:
        whole[np.argmin(np.where(whole > 0, owed - whole, np.inf))] -= 1


def marital_status(female: np.ndarray, age: np.ndarray, draw: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return everybody's marital status: quotas by sex and age, filled in the order of the draws."""
    cell = np.where(female, OLDEST, 0) + age
    counts = np.bincount(cell, minlength=2 * OLDEST).reshape(2, OLDEST)
    steps = np.cumsum(marital_quotas(counts, shares), axis=2).reshape(2 * OLDEST, -1)
    by_draw = np.argsort(draw)
    order = by_draw[in_order(cell[by_draw])]
    first = np.concatenate([[0], np.cumsum(counts.ravel())[:-1]])
    place_in_cell = np.arange(len(cell)) - first[cell[order]]
    status = np.empty(len(cell), dtype=np.uint8)
    status[order] = (place_in_cell[:, None] >= steps[cell[order], :-1]).sum(axis=1)
    return status


def marry(draft: Draft, kinship: Kinship, draws: Draws) -> None:
    """Join the married, by age with a noisy gap; the surplus of one sex has spouses outside the register.

    The surplus is taken from the absent, because the census counts about as many wives as husbands at home.
    """
    married = draft.marital == MARRIED
    wives = np.flatnonzero(married & draft.female)
    husbands = np.flatnonzero(married & ~draft.female)
    noise = kinship.age_gap + kinship.age_gap_spread * ndtri(drawn(draws, GAP, draft.key[wives]))
    wished = np.zeros(draft.n)
    wished[wives] = draft.born[wives] - 12 * noise
    lot = drawn(draws, AWAY, draft.key)
    away = [_first(who[~draft.present[who]], lot) for who in (wives, husbands)]
    surplus = len(wives) - len(husbands)
    away = [who[max(more, 0) :] for who, more in zip(away, (surplus, -surplus), strict=True)]
    n = round(kinship.couples_away_together * min(len(away[0]), len(away[1])))
    together = [who[:n] for who in away]
    _join(draft, together[0], together[1], wished)
    here = [who[draft.present[who]] for who in (wives, husbands)]
    rest = [np.concatenate([home, gone[n:]]) for home, gone in zip(here, away, strict=True)]
    _join(draft, rest[0], rest[1], wished)
    _spouses_outside(draft, np.flatnonzero(married & (draft.spouse == NOBODY)), kinship.age_gap)


def _first(who: np.ndarray, lot: np.ndarray) -> np.ndarray:
    return who[np.argsort(lot[who], kind="stable")]


def _join(draft: Draft, wives: np.ndarray, husbands: np.ndarray, wished: np.ndarray) -> None:
    """Join rank by rank; of the more numerous sex, people evenly spread over the ranks remain."""
    wives = wives[np.argsort(wished[wives], kind="stable")]
    husbands = husbands[in_order(draft.born[husbands])]
    n = min(len(wives), len(husbands))
    if n:
        wives = wives[np.arange(n) * len(wives) // n]
        husbands = husbands[np.arange(n) * len(husbands) // n]
        draft.spouse[wives] = husbands
        draft.spouse[husbands] = wives


def _spouses_outside(draft: Draft, who: np.ndarray, gap: float) -> None:
    """Give the remaining married people a spouse outside the register."""
    older = np.where(draft.female[who], -1, 1) * round(12 * gap)
    draft.spouse[who] = draft.add_kin(draft.born[who] + older, ~draft.female[who], True, spouse=who)
