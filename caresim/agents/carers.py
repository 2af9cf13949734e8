"""Carers and those who are still tired of caring: a list of them, and the place in it of any row."""

from __future__ import annotations

import numpy as np

from caresim.agents.care import LAST_FAMILY, minutes_given
from caresim.kernel.compiled import compiled

EIGHT, ONE, ONES, TOP_BYTE = np.uint64(8), np.uint64(1), np.uint64(0x0101010101010101), np.uint64(56)
"""A word of eight bytes, each 0 or 1, times ONES has their sum in its top byte."""


@compiled
def family_minutes(given, gifts, n_gifts, n):
    """Return the minutes that each of the first rows gave as spouse, child or child-in-law this month.

    Neighbours, pairs, volunteers and members of a time bank are no family carers by what they give as such.
    """
    minutes, rows = given[:n].copy(), np.uint32(n)
    for k in range(n_gifts):
        giver = np.uint32(gifts[k].giver)
        if (gifts[k].relation > LAST_FAMILY) & (giver < rows):
            minutes[giver] -= np.uint16(minutes_given(gifts[k]))
    return minutes


@compiled
def tired_or_caring(given, burden, n):
    """List those who cared for family or are still burdened; eight rows are looked at together.

    Returns:
        Their rows in order; a one in the byte of each of them, eight bytes a word; how many stand before each word.
    """
    marks = np.zeros((n + 7) // 8 * 8, dtype=np.uint8)
    for i in range(n):
        marks[i] = (given[i] | burden[i]) != 0
    eights = marks.view(np.uint64)
    filled, before = np.empty(len(eights) + 1, dtype=np.uint32), np.empty(len(eights), dtype=np.uint32)
    words, found = 0, np.uint64(0)
    for e in range(len(eights)):  # without a branch
        before[e], filled[words] = found, e
        found += eights[e] * ONES >> TOP_BYTE
        words += eights[e] != 0
    rows = np.empty(found + EIGHT, dtype=np.uint32)
    found = np.uint64(0)
    for e in filled[:words]:
        for i in range(EIGHT * e, EIGHT * e + EIGHT):
            rows[found] = i
            found += np.uint64(marks[i])
    return rows[:found], eights, before


@compiled
def places_in_list(rows, eights, before):
    """Replace rows, all of them in the list of `tired_or_caring`, by their places in it."""
    for k in range(len(rows)):
        e, bits = np.uint64(rows[k]) // EIGHT, EIGHT * (np.uint64(rows[k]) % EIGHT)
        rows[k] = before[e] + ((eights[e] & ((ONE << bits) - ONE)) * ONES >> TOP_BYTE)
