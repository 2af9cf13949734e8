"""Carers and those who are still tired of caring: a list of them, and the place in it of any row."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled

EIGHT, ONE, ONES, TOP_BYTE = np.uint64(8), np.uint64(1), np.uint64(0x0101010101010101), np.uint64(56)
"""A word of eight bytes, each 0 or 1, times ONES has their sum in its top byte."""


@compiled
def tired_or_caring(given, burden, n):
    """List those who gave care or are still burdened; eight rows are looked at together.

    Returns:
        Their rows in order; a one in the byte of each of them, eight bytes a word; how many stand before each word.
    """
    marks = np.zeros((n + 7) // 8 * 8, dtype=np.uint8)
    for i in range(n):
        marks[i] = (given[i] | burden[i]) != 0
    eights = marks.view(np.uint64)
    rows, before = np.empty(n + 8, dtype=np.uint32), np.empty(len(eights), dtype=np.uint32)
    found = np.uint64(0)
    for e in range(len(eights)):
        before[e] = found
        if eights[e]:
            for i in range(8 * e, 8 * e + 8):
                rows[found] = i
                found += np.uint64(marks[i])
    return rows[:found], eights, before


@compiled
def place_in_list(i, eights, before):
    """Return the place in the list of `tired_or_caring` of a row; -1 if it is not there."""
    word, bits = eights[i // EIGHT], EIGHT * (i % EIGHT)
    below = (word & ((ONE << bits) - ONE)) * ONES >> TOP_BYTE
    return np.int64(before[i // EIGHT] + below) if word >> bits & ONE else -1
