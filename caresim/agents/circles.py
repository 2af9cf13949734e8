"""Circles of children: who of a family is asked for care, in which order, and how far each would go.

A circle is listed when an elder comes to need care, and anew after somebody of the family moved, married, died or grew
up. The circles of a month's cases stand in one list, one after another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import AWAY, DAUGHTER, SON
from caresim.agents.people import ALIVE, FEMALE, INSTITUTION, PRESENT, TOWN, People
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

UNKNOWN = -1
MOST_KIN = 64
"""Children and children-in-law of one person beyond so many are not asked."""
CODE_BITS, WHERE_BITS = np.uint32(4), np.uint32(2)
CODES, RELATIONS, NONE = np.uint32(15), np.uint32(3), np.uint32(2**32 - 1)
"""A candidate is one number: who (a row, or a number among the helpers), then where (2 bits) and which relation (2)."""
ENOUGH = 8
"""Helpers are numbered anew when they are one in so many more than those who were asked when they last were."""


class Circles:
    """The children and children-in-law of this month's cases, in the order in which they are asked.

    Attributes:
        parameters: what the strengths rest on.
        gain: what the norm is higher by, by the parent's village.
        rules: what the rules take besides, as it follows from the parameters.
        generation: numbering of rows.
        looks: number of the look at families that it knows of.
        lists: what the rules below call `known`. The rows of the cases; where the circle of each begins in the lists of
            candidates, and where the last ends. Of each candidate: the number among the helpers, whereabouts seen from
            the parent and relation to the parent, as one number; the lasting factor on the hours. Of each helper, who
            is or was in any circle, the row. Up to how many helpers keep their numbers.
    """

    def __init__(self, parameters: Any, gain: np.ndarray, rules: tuple[Any, ...], people: People) -> None:
        self.parameters, self.gain, self.rules = parameters, gain, rules
        self.generation, self.looks = people.generation, UNKNOWN
        nothing = np.zeros(0, dtype=np.uint32)
        self.lists = nothing, np.zeros(1, dtype=np.uint32), nothing, np.zeros(0), nothing, 0


@compiled
def renew_circles(rows, families, known, kin, terms, end):
    """Return the circles of this month's cases: listed anew of those who had none, or whose family changed.

    Args:
        rows: rows of the cases.
        families: rows of those whose families changed.
        known: lists of `Circles`, a month ago.
        kin: columns.
        terms: what strengths rest on.
        end: where the rows end that parents can have.
    """
    parents, begins, who, strengths, helpers, most = known
    before = places_before(rows, families, parents, end)
    anew = rows[before == UNKNOWN].astype(np.uint64)
    ends, ones = meet_families(anew, kin, terms[0])
    turns, factors = draw_for(ones, ends, kin[3][anew], kin[5], terms)
    helpers = number_helpers(ones, helpers, len(kin[0]))
    starts = starts_of(before, begins, ends)
    listed, lasting = np.empty(starts[-1], dtype=np.uint32), np.empty(starts[-1])
    a = 0
    for case in range(len(rows)):
        first, last, old = starts[case], starts[case + 1], before[case]
        if old == UNKNOWN:
            put_in_turn(
                listed[first:last], lasting[first:last], ones[ends[a] :], turns[ends[a] :], factors[ends[a] :]
            )
            a += 1
        else:
            shift = np.int64(begins[old]) - np.int64(first)
            for j in range(first, last):
                listed[j], lasting[j] = who[np.uint64(j + shift)], strengths[np.uint64(j + shift)]
    if len(helpers) > most:
        helpers = number_anew(listed, helpers, len(kin[0]))
        most = len(helpers) + len(helpers) // ENOUGH
    return rows, starts, listed, lasting, helpers, most


@compiled
def places_before(rows, families, parents, end):
    """Return where each case stood among the cases a month ago; UNKNOWN if its circle is not known."""
    place_of = np.full(end, UNKNOWN, dtype=np.int32)
    for old in range(len(parents)):
        if parents[old] < end:
            place_of[parents[old]] = old
    for i in families:
        place_of[i] = UNKNOWN
    before = np.empty(len(rows), dtype=np.int32)
    for case in range(len(rows)):
        before[case] = place_of[rows[case]]
    return before


@compiled
def starts_of(before, begins, ends):
    """Return where the circle of each case begins, known ones as long as before, and where the last ends."""
    starts, a = np.zeros(len(before) + 1, dtype=np.uint32), 0
    for case in range(len(before)):
        old = before[case]
        if old == UNKNOWN:
            size = min(ends[a + 1] - ends[a], MOST_KIN)
            a += 1
        else:
            size = np.int64(begins[old + 1]) - np.int64(begins[old])
        starts[case + 1] = starts[case] + size
    return starts


@compiled
def put_in_turn(listed, lasting, ones, turns, factors):
    """Write a circle in the order of turns, of equal ones in the order of the family."""
    for j in range(len(listed)):
        place = 0
        for other in range(len(listed)):
            place += (turns[other] < turns[j]) | ((turns[other] == turns[j]) & (other < j))
        listed[place], lasting[place] = ones[j], factors[j]


@compiled
def meet_families(anew, kin, latest):
    """Look at the children and children-in-law of some people.

    Returns:
        Where the candidates of each begin, and of the last end; the candidates as numbers, by row.
    """
    family_of, children = meet_children(anew, kin)
    ones, sizes = np.empty(2 * len(children), dtype=np.uint32), np.zeros(len(anew) + 1, dtype=np.int64)
    for m in range(len(children)):
        a, child = family_of[m], children[m]
        mate = kin[6][np.uint64(child)]
        ones[2 * m] = candidate(anew[a], child, child, 0, kin, latest)
        ones[2 * m + 1] = candidate(anew[a], child, mate, 1, kin, latest)
        sizes[a + 1] += np.int64(ones[2 * m] != NONE) + np.int64(ones[2 * m + 1] != NONE)
    ends = np.cumsum(sizes)
    nexts, ordered = ends.copy(), np.empty(ends[-1] + 1, dtype=np.uint32)
    for m in range(len(ones)):
        a, fit = family_of[m // 2], ones[m] != NONE
        ordered[nexts[a] if fit else ends[-1]] = ones[m]
        nexts[a] += fit
    return ends, ordered[: ends[-1]]


@compiled
def meet_children(anew, kin):
    """Look at the first child of each of some people, then at the second of those who have one, and so on.

    Returns:
        Whose child each is, as a number among them; the rows of the children.
    """
    state, first_child, next_maternal, next_paternal = kin[0], kin[9], kin[10], kin[11]
    family_of, children = np.empty(2 * len(state), dtype=np.uint32), np.empty(2 * len(state), dtype=np.int32)
    start = end = 0
    for a in range(len(anew)):
        family_of[end], children[end] = a, first_child[anew[a]]
        end += first_child[anew[a]] >= 0
    while start < end:
        last = end
        for m in range(start, last):
            a, child = family_of[m], np.uint64(children[m])
            following = next_maternal[child] if state[anew[a]] & FEMALE else next_paternal[child]
            family_of[end], children[end] = a, following
            end += following >= 0
        start = last
    return family_of[:end], children[:end]


@compiled
def candidate(i, child, one, in_law, kin, latest):
    """Return a child, or its spouse, with whereabouts seen from a parent, and relation; NONE if not to be asked.

    Who lives in a care home is far away, as who lives outside the county: there is a telephone. There is no branch,
    since nothing about kin is easy to guess.
    """
    (state, place, household, village, born), mother, father, n = kin[:5], kin[7], kin[8], kin[12]
    c = max(one, 0)
    r = c if c < n else 0
    resident = (c < n) & (state[c] & PRESENT != 0) & (place[c] != INSTITUTION)
    home = resident & (household[r] == household[i])
    near = home | (resident & (village[r] == village[i]))
    at = AWAY - (resident | (place[c] == TOWN)) - near - home
    fit = (state[child] & ALIVE != 0) & (one >= 0) & (born[c] <= latest)
    fit &= (in_law == 0) | ((mother[c] != i) & (father[c] != i) & (at != AWAY))
    relation = (0 if state[c] & FEMALE else SON - DAUGHTER) + in_law
    code = np.uint32((at << 2) | relation)
    return (np.uint32(one) << CODE_BITS) | code if fit else NONE


@compiled
def draw_for(ones, ends, villages, key, terms):
    """Return the turn in which each candidate is asked, by class, women before men, draw; and the lasting factor."""
    _, gain, least, norm_low, norm_spread, shares, capacity_word, norm_word, turn_word = terms
    keys, gains = np.empty(len(ones), dtype=np.uint64), np.empty(len(ones))
    for a in range(len(villages)):
        for j in range(ends[a], ends[a + 1]):
            keys[j], gains[j] = key[ones[j] >> CODE_BITS], gain[villages[a]]
    turns, factors = np.empty(len(ones)), np.empty(len(ones))
    for j in range(len(ones)):
        at, relation = (ones[j] >> WHERE_BITS) & RELATIONS, ones[j] & RELATIONS
        factor = least + uniform(capacity_word, keys[j])
        factor *= min(1.0, norm_low + norm_spread * uniform(norm_word, keys[j]) + gains[j])
        factors[j] = factor * shares[relation]
        turns[j] = np.uint32(2) * at + np.uint32(relation >= SON - DAUGHTER) + uniform(turn_word, keys[j])
    return turns, factors


@compiled
def number_helpers(ones, helpers, everybody):
    """Put numbers of helpers in place of rows, new ones for those who have none; return the rows of all helpers."""
    helper_of = np.empty(everybody, dtype=np.int32)  # known of those alone who are looked up
    for one in ones:
        helper_of[one >> CODE_BITS] = UNKNOWN
    for h in range(len(helpers)):
        helper_of[helpers[h]] = h
    fresh, found = np.empty(len(ones) + 1, dtype=np.uint32), 0
    for j in range(len(ones)):
        c = ones[j] >> CODE_BITS
        new = helper_of[c] == UNKNOWN
        fresh[found] = c
        helper_of[c] = len(helpers) + found if new else helper_of[c]
        found += new
        ones[j] = (np.uint32(helper_of[c]) << CODE_BITS) | (ones[j] & CODES)
    return np.concatenate((helpers, fresh[:found]))


@compiled
def number_anew(who, helpers, everybody):
    """Number all helpers in the order of their rows, so that looking at one after another passes along the columns.

    Who is no candidate any more has no number.

    Returns:
        The rows of the helpers.
    """
    nobody = len(helpers)
    helper_of, asked = np.full(everybody, nobody, dtype=np.uint32), np.zeros(nobody + 1, dtype=np.uint8)
    for h in range(nobody):
        helper_of[helpers[h]] = h
    for one in who:
        asked[one >> CODE_BITS] = 1
    new_of, ordered, found = np.empty(nobody + 1, dtype=np.uint32), np.empty(nobody + 1, dtype=np.uint32), 0
    for c in range(everybody):  # without a branch
        h = helper_of[c]
        new_of[h], ordered[found] = found, c
        found += np.int64(asked[h])
    for j in range(len(who)):
        who[j] = (new_of[who[j] >> CODE_BITS] << CODE_BITS) | (who[j] & CODES)
    return ordered[:found].copy()
