"""Which villages come first, by the need that social workers report as unmet among the elders whom they know."""

from __future__ import annotations

import numpy as np

from caresim.agents.social_work import FORMER, STAGE
from caresim.kernel.compiled import compiled

URGENT = 2
"""Halves of a point of priority that elders of these villages have more."""
YEAR = 12
"""Months after closing in which social workers still know a client."""


@compiled
def known_need(elders, client, clock, village, unmet, again, n_villages):
    """Count the elders whom social workers know, and add up their share of need unmet, by village.

    They know those with an open case, and former clients until a year after closing or, if that is sooner, until these
    can be referred again.

    Args:
        elders: rows of the resident elders.
        client: stage of each client, by row.
        clock: months since closing, of former clients, by row.
        village: village by row.
        unmet: share of need unmet by row.
        again: months after closing until somebody can be referred again.
        n_villages: number of villages.
    """
    heads = np.zeros(n_villages, dtype=np.int64)
    total = np.zeros(n_villages, dtype=np.int64)
    for i in elders:
        stage = client[i] & STAGE
        if 0 < stage < FORMER or (stage == FORMER and clock[i] < min(YEAR, again)):
            heads[village[i]] += 1
            total[village[i]] += unmet[i]
    return heads, total


def neediest_villages(mean: np.ndarray, heads: np.ndarray, key: np.ndarray, share: float) -> np.ndarray:
    """Return the villages with the highest need reported that together hold a share of the elders at most.

    Args:
        mean: mean share of need unmet that is reported by village, 0 without a report.
        heads: resident elders by village; none where nobody listens.
        key: lasting name of each village, for ties.
        share: share of these elders.

    Returns:
        Whether each village is among them.
    """
    order = np.lexsort((key, -mean))
    needy = mean[order] > 0.0
    first = needy & (np.cumsum(np.where(needy, heads[order], 0)) <= share * heads.sum())
    urgent = np.zeros(len(key), dtype=np.bool_)
    urgent[order[first]] = True
    return urgent
