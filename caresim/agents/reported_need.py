"""Which villages come first, by the need that social workers report from them as unmet."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled

URGENT = 2
"""Halves of a point of priority that elders of these villages have more."""


def neediest_villages(elders: np.ndarray, village: np.ndarray, unmet: np.ndarray, key: np.ndarray,
                      where: np.ndarray, share: float) -> np.ndarray:  # fmt: skip
    """Return the villages with the highest mean share of need unmet that together hold a share of the elders at most.

    Args:
        elders: rows of the resident elders.
        village: village by row.
        unmet: share of need unmet by row.
        key: lasting name of each village, for ties.
        where: villages from which there are reports.
        share: share of the elders of these villages.

    Returns:
        Whether each village is among them.
    """
    heads, total = _by_village(elders, village, unmet, len(key))
    mean = np.where(where & (heads > 0), total / np.maximum(heads, 1), -1.0)
    order = np.lexsort((key, -mean))
    room = share * heads[where].sum()
    first = (np.cumsum(np.where(mean[order] > 0.0, heads[order], 0)) <= room) & (mean[order] > 0.0)
    urgent = np.zeros(len(key), dtype=np.bool_)
    urgent[order[first]] = True
    return urgent


@compiled
def _by_village(elders, village, unmet, n):
    """Count elders and add up their share of need unmet, by village."""
    heads = np.zeros(n, dtype=np.int64)
    total = np.zeros(n, dtype=np.int64)
    for i in elders:
        heads[village[i]] += 1
        total[village[i]] += unmet[i]
    return heads, total
