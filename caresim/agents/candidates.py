"""Who may be hit by a rule this month: a quick look at everybody's draw, before the rule looks at the few."""

from __future__ import annotations

import numpy as np

from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

BLOCK = 1024
"""Rows that are drawn for at once; a multiple of eight."""


@compiled
def drawn_below(stream, key, born, first, last, latest, older, younger):
    """Return the rows in `first .. last - 1` whose draw is below the highest probability of their age, in order.

    A rule asks only these: nobody else's draw can be below a probability of the rule. The loop over a block has
    no branch and writes bytes, so that several draws are made at once; eight bytes are then looked at together.

    Args:
        stream: the rule's stream of this month.
        key: keys of people.
        born: months of birth.
        first: first row.
        last: the row after the last.
        latest: last month of birth of the older.
        older: highest probability of anybody born by then.
        younger: highest probability of anybody born later.
    """
    rows = np.empty(last - first + 1, dtype=np.int64)
    found = 0
    below = np.zeros(BLOCK, dtype=np.uint8)
    eights = below.view(np.uint64)
    for start in range(first, last, BLOCK):
        keys, births = key[start : min(start + BLOCK, last)], born[start : min(start + BLOCK, last)]
        for j in range(len(keys)):
            below[j] = uniform(stream, keys[j]) < (older if births[j] <= latest else younger)
        below[len(keys) :] = 0
        for e in range(BLOCK // 8):
            if eights[e]:
                for j in range(8 * e, 8 * e + 8):
                    rows[found] = start + j
                    found += int(below[j])
    return rows[:found].copy()


@compiled
def draws_of(stream, keys):
    """Return the draw of each of some keys; those that stand side by side are drawn several at once."""
    luck = np.empty(len(keys), dtype=np.float64)
    for j in range(len(keys)):
        luck[j] = uniform(stream, keys[j])
    return luck
