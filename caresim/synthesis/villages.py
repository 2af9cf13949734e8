"""Villages and townships, and the patrilines that live in them."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from caresim.agents.people import MARRIED, NEVER_MARRIED
from caresim.agents.place import Territory
from caresim.kernel.columns import NOBODY
from caresim.kernel.draws import Draws, purpose
from caresim.synthesis.brothers import GROUPS_BELOW
from caresim.synthesis.draft import Draft
from caresim.synthesis.luck import drawn, keys
from caresim.synthesis.parameters import Villages

VILLAGE_KEYS_FROM = 1 << 40
"""Running number of the first village's key, far beyond every person's."""
SIZE = purpose("synthesis.village_size")
BEARING = purpose("synthesis.bearing")
RANGE = purpose("synthesis.range")
ORDER = purpose("synthesis.patriline_order")


def lay_out(n_villages: int, n_townships: int, villages: Villages, draws: Draws) -> Territory:
    """Lay villages around township centres, and these around the county seat; the last ones are remote."""
    n_townships = min(n_townships, n_villages)
    key = keys(draws, VILLAGE_KEYS_FROM, n_villages)
    township = (np.arange(n_villages) * n_townships // n_villages).astype(np.int16)
    remote = np.arange(n_villages) >= n_villages - round(villages.remote_share * n_villages)
    far = np.where(remote, villages.remote_factor, 1.0)
    centre = np.arange(n_townships)
    first = np.searchsorted(township, centre)
    angle = 2 * np.pi * (centre * 0.382 + 0.1 * drawn(draws, BEARING, key[first]))
    radius = villages.county_radius * np.sqrt(centre / max(n_townships - 1, 1)) * far[first]
    spot = 2 * np.pi * drawn(draws, RANGE, key)
    within = villages.township_radius * np.sqrt(drawn(draws, BEARING, key)) * far
    x = radius[township] * np.cos(angle[township]) + within * np.cos(spot)
    y = radius[township] * np.sin(angle[township]) + within * np.sin(spot)
    x, y, within = (value.astype(np.float32) for value in (x, y, within))
    return Territory(key, township, x, y, within, remote, np.ones(n_villages, dtype=np.bool_))


def anchors(draft: Draft) -> np.ndarray:
    """Return near whom the registered live: a wife near her husband, men and single women near parents."""
    partner = draft.partner()
    anchor = np.arange(draft.n)
    wife = draft.female & (draft.marital == MARRIED) & (draft.spouse < draft.n)
    anchor[wife] = draft.spouse[wife]
    child = (~draft.female | (draft.marital == NEVER_MARRIED)) & (draft.mother != NOBODY)
    mother = draft.mother[child]
    father = np.where(mother >= 0, partner[mother], NOBODY)
    in_group = mother <= GROUPS_BELOW
    leader = draft.group_leader[(GROUPS_BELOW - mother)[in_group]]
    target = np.where((mother >= 0) & (mother < draft.n), mother, father)
    target[in_group] = leader
    own = np.flatnonzero(child)
    anchor[own] = np.where((target >= 0) & (target < draft.n), target, own)
    return anchor


def roots(anchor: np.ndarray) -> np.ndarray:
    """Follow the anchors to the head of each patriline.

    Raises:
        RuntimeError: the anchors run in a circle.
    """
    for _ in range(24):
        further = anchor[anchor]
        if np.array_equal(further, anchor):
            return anchor
        anchor = further
    raise RuntimeError("a patriline runs in a circle; a mother is younger than her child's wife allows")


def settle(draft: Draft, territory: Territory, villages: Villages, draws: Draws) -> np.ndarray:
    """Return every registered person's village: whole patrilines in random order."""
    head, patriline = np.unique(roots(anchors(draft)), return_inverse=True)
    size = np.bincount(patriline)
    order = np.argsort(drawn(draws, ORDER, draft.key[head]), kind="stable")
    middle = np.cumsum(size[order]) - size[order] / 2
    wished = np.exp(villages.size_spread * ndtri(drawn(draws, SIZE, territory.key)))
    ends = np.cumsum(wished) * (draft.n / wished.sum())
    village = np.empty(len(head), dtype=np.int64)
    village[order] = np.minimum(np.searchsorted(ends, middle), len(territory) - 1)
    return village[patriline]


def label(territory: Territory, village: np.ndarray, rural_share: float) -> None:
    """Take the rural label from the most central villages until the rural share of residents is left."""
    seat = territory.township == 0
    order = np.lexsort((territory.distance, ~seat))
    residents = np.bincount(village, minlength=len(territory))[order]
    urban = np.cumsum(residents) - residents / 2 < (1 - rural_share) * len(village)
    territory.rural[order[urban]] = False
