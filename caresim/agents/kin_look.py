"""The quick look at chains of children: is any child lost, invented or in a circle. It names nobody.

Each living child of a parent must be reached from that parent's row by exactly one link: the parent's first child,
or the next one of a sister or brother. So the pairs of parent and child that links name must be those that children
name. Both are added up, each pair as a scrambled 64-bit number, which needs no jump from row to row; other pairs add up
to the same once in 10**19 times. Then a child can be missed only in a circle, and no circle is possible where the next
child is older.
"""

from __future__ import annotations

import numpy as np

from caresim.agents.rows_look import NO_ROW, NOTHING, scrambled
from caresim.kernel.compiled import compiled

BLOCK = 128
"""Rows that are looked at together."""
MOST_TWINS = 8
"""Children of a parent, one after another in a chain, who are known to be born in one month."""


@compiled
def doubtful_chains(mother, father, first_child, next_maternal, next_paternal, born, n, kin_start, kin_end):
    """Tell whether a law of kin may be broken, over all rows: always if one is, and hardly ever if none is."""
    stray, rest = False, NOTHING
    for first, last in ((0, n), (kin_start, kin_end)):
        some, more = links_differ(
            mother[first:last], father[first:last], first_child[first:last], next_maternal[first:last],
            next_paternal[first:last], np.uint32(first), np.uint32(n), np.uint32(kin_start),
            np.uint32(kin_end - kin_start),
        )  # fmt: skip
        stray |= some
        rest += more
    if stray or rest != NOTHING:
        return True
    found = False
    for first, last in ((0, n), (kin_start, kin_end)):
        found |= may_circle(first, last, mother, father, next_maternal, next_paternal, born)
    return found


@compiled
def pair_of(parent, child):
    """Return a parent and a child as one scrambled number; 0 if there is no parent or no child."""
    return NOTHING if (parent == NO_ROW) | (child == NO_ROW) else scrambled(parent, child)


@compiled
def links_differ(mother, father, first_child, next_maternal, next_paternal, first, rows, kin, kin_rows):
    """Tell whether a parent is no row or both parents in one, and sum the pairs of children less those of links."""
    stray, rest = False, NOTHING
    for j in range(len(mother)):  # without a branch, several at once
        me, m, f = first + np.uint32(j), np.uint32(mother[j]), np.uint32(father[j])
        stray |= (m >= rows) & (np.uint32(m - kin) >= kin_rows) & (m != NO_ROW)
        stray |= (f >= rows) & (np.uint32(f - kin) >= kin_rows) & (f != NO_ROW)
        stray |= (m == f) & (m != NO_ROW)
        rest += pair_of(m, me) + pair_of(f, me) - pair_of(me, np.uint32(first_child[j]))
        rest -= pair_of(m, np.uint32(next_maternal[j])) + pair_of(f, np.uint32(next_paternal[j]))
    return stray, rest


@compiled
def may_circle(first, last, mother, father, next_maternal, next_paternal, born):
    """Tell whether a child's next one is younger, or so many were born in one month that it may be a circle."""
    found = False
    for start in range(first, last, BLOCK):
        end = min(start + BLOCK, last)
        late = np.int32(0)
        for i in range(np.uint32(start), np.uint32(end)):  # without a branch
            late |= later(i, mother[i], next_maternal[i], born) | later(i, father[i], next_paternal[i], born)
        if late < 0:
            found |= hold_circle(start, end, mother, father, next_maternal, next_paternal, born)
    return found


@compiled
def later(i, parent, after, born):
    """Return a number below zero if the next child of a child's parent was not born before it."""
    linked = ~(parent | after) >> 31  # all ones if both are rows
    other = np.uint32(i) ^ ((np.uint32(i) ^ np.uint32(after)) & np.uint32(linked))
    return np.int32(born[i]) - np.int32(born[other]) + linked


@compiled
def hold_circle(first, last, mother, father, next_maternal, next_paternal, born):
    """Tell whether some children are among several of one month, or followed by a younger one."""
    found = False
    for i in range(first, last):
        for parent, after in ((mother[i], next_maternal[i]), (father[i], next_paternal[i])):
            if later(i, parent, after, born) < 0:
                found |= more_than_twins(i, parent, mother, next_maternal, next_paternal, born)
    return found


@compiled
def more_than_twins(i, parent, mother, next_maternal, next_paternal, born):
    """Tell whether children are not followed by an older one, or the end, after a few of one month."""
    child = i
    for _ in range(MOST_TWINS):
        after = next_maternal[child] if mother[child] == parent else next_paternal[child]
        if after < 0 or born[np.uint32(after)] < born[i]:
            return False
        if born[np.uint32(after)] > born[i]:
            return True
        child = np.uint32(after)
    return True
