"""Sort people by whole numbers, equal ones as they stand: by values that carry their own place, which sorts faster."""

from __future__ import annotations

import numpy as np

PLACE = np.uint64(32)
"""Bits below the number, in which the place stands."""
MASK = np.uint64((1 << 32) - 1)


def in_order(number: np.ndarray) -> np.ndarray:
    """Return the places of numbers in ascending order, those of equal ones as they stand.

    The highest number may lie up to 2^32 above the lowest.
    """
    if len(number) == 0:
        return np.zeros(0, dtype=np.int64)
    packed = (number - number.min()).astype(np.uint64) << PLACE
    packed |= np.arange(len(number), dtype=np.uint64)
    packed.sort()
    found: np.ndarray = (packed & MASK).astype(np.int64)
    return found
