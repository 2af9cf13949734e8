"""Who may be hit by a rule this month: a quick look at everybody's draw, before the rule looks at the few."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

BLOCK = 1024
"""Rows that are drawn for at once; a multiple of eight."""
Bands = tuple[int, int, int, float, float, float, float]
"""Three ages in months, falling, and the highest probability from each of them on and below the last."""


def banded(highest: np.ndarray, ages: tuple[int, int, int]) -> Bands:
    """Return the highest probability of four bands of age, from those by single year of age.

    Args:
        highest: highest probability of anybody, by completed years; the last holds for all who are older.
        ages: first ages of the three older bands, in years, falling.
    """
    first, second, third = (min(age, len(highest)) for age in ages)
    parts = (highest[first:], highest[second:first], highest[third:second], highest[:third])
    most = [float(part.max()) if len(part) else 0.0 for part in parts]
    return ages[0] * 12, ages[1] * 12, ages[2] * 12, most[0], most[1], most[2], most[3]


def alike(highest: float) -> Bands:
    """Return bands of one probability at all ages."""
    return 0, 0, 0, highest, highest, highest, highest


@compiled
def places_below(stream, keys, share):
    """Return the places of the keys whose draw is below a share; those side by side are drawn several at once."""
    below, places = np.empty(len(keys), dtype=np.uint8), np.empty(len(keys) + 1, dtype=np.int64)
    for j in range(len(keys)):
        below[j] = uniform(stream, keys[j]) < share
    found = 0
    for j in range(len(keys)):
        places[found] = j
        found += below[j]
    return places[:found]


@compiled
def drawn_below(stream, key, born, first, last, month, bands):
    """Return the rows in `first .. last - 1` whose draw is below the highest probability of their age, in order.

    A rule asks only these: nobody else's draw can be below a probability of the rule. The loop over a block has
    no branch and writes bytes, so that several draws are made at once; eight bytes are then looked at together.

    Args:
        stream: the rule's stream of this month.
        key: keys of people.
        born: months of birth.
        first: first row.
        last: the row after the last.
        month: this month.
        bands: highest probability by age, see `Bands`.
    """
    rows = np.empty(max(last - first, 0) + 1, dtype=np.int64)
    found = 0
    below = np.zeros(BLOCK, dtype=np.uint8)
    eights = below.view(np.uint64)
    latest = month - bands[0], month - bands[1], month - bands[2]
    for start in range(first, last, BLOCK):
        keys, births = key[start : min(start + BLOCK, last)], born[start : min(start + BLOCK, last)]
        for j in range(len(keys)):
            younger = bands[5] if births[j] <= latest[2] else bands[6]
            highest = (
                bands[3] if births[j] <= latest[0] else (bands[4] if births[j] <= latest[1] else younger)
            )
            below[j] = uniform(stream, keys[j]) < highest
        below[len(keys) :] = 0
        for e in range(BLOCK // 8):
            if eights[e]:
                for j in range(8 * e, 8 * e + 8):
                    rows[found] = start + j
                    found += int(below[j])
    return rows[:found].copy()


@compiled
def in_key_order(rows, key):
    """Return rows in the order of their people's keys, which no order of rows decides."""
    return rows[np.argsort(key[rows])]


@compiled
def draws_of(stream, keys):
    """Return the draw of each of some keys; those that stand side by side are drawn several at once."""
    luck = np.empty(len(keys), dtype=np.float64)
    for j in range(len(keys)):
        luck[j] = uniform(stream, keys[j])
    return luck
