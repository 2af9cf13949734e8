"""Circles of children: who of a family is asked for care, in which order, and how far each would go.

A circle is listed when an elder first needs care, and anew after somebody of the family moved, married, died or grew
up. All circles stand in one list; a new one takes the place of the elder's old one if that has room for it, else the
end of the list.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import AWAY, DAUGHTER, SON
from caresim.agents.people import ALIVE, FEMALE, PRESENT, TOWN, People
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

UNKNOWN = -1
MOST_KIN = 64
"""Children and children-in-law of one person beyond so many are not asked."""
CODE_BITS, WHERE_BITS = np.uint32(4), np.uint32(2)
CODES, RELATIONS, NONE = np.uint32(15), np.uint32(3), np.uint32(2**32 - 1)
"""A candidate is one number: who (a row, or a number among the helpers), then where (2 bits) and which relation (2)."""
UNLISTED = np.uint8(255)
"""The size of a circle that nobody knows."""
LISTED, HELPERS, MOST_HELPERS, MORE = range(4)
"""What is counted: places in the list that are taken, helpers, up to how many of these keep their numbers, and how many
candidates wait to be listed."""
SPARE = 16
"""One in so many more candidates can be listed than have to be."""


class Circles:
    """The children and children-in-law of those who needed care, in the order in which they are asked.

    Attributes:
        parameters: what the strengths rest on.
        gain: what the norm is higher by, by the parent's village.
        rules: what the rules take besides, as it follows from the parameters.
        generation: numbering of rows.
        looks: number of the look at families that it knows of.
        parents: rows that parents can have.
        lists: what the rules below call `known`. Of each candidate: the number among the helpers, whereabouts seen from
            the parent and relation to the parent, as one number; the lasting factor on the hours. By row of parents:
            the first place of the circle in these lists; how many are in it, UNLISTED if that is not known; how many
            places it has. Of each helper, who is or was in any circle, the row. What is counted, LISTED to MORE.
    """

    def __init__(
        self, parameters: Any, gain: np.ndarray, rules: tuple[Any, ...], people: People, looks: int
    ) -> None:
        self.parameters, self.gain, self.rules = parameters, gain, rules
        self.generation, self.looks, self.parents = people.generation, looks, people.elders_room
        self.lists = (
            np.zeros(0, dtype=np.uint32), np.zeros(0), np.zeros(self.parents, dtype=np.uint32),
            np.full(self.parents, UNLISTED), np.zeros(self.parents, dtype=np.uint8), np.zeros(0, dtype=np.uint32),
            np.zeros(4, dtype=np.int64),
        )  # fmt: skip

    def reach(self, parents: int) -> None:
        """Let more rows be those of parents, of whose circles nothing is known yet."""
        more = parents - self.parents
        if more > 0:
            who, strengths, starts, sizes, rooms, helpers, counts = self.lists
            self.parents = parents
            self.lists = (
                who, strengths, np.append(starts, np.zeros(more, dtype=starts.dtype)),
                np.append(sizes, np.full(more, UNLISTED)), np.append(rooms, np.zeros(more, dtype=rooms.dtype)), helpers,
                counts,
            )  # fmt: skip

    def make_room(self) -> None:
        """Make room for the candidates who wait to be listed."""
        who, strengths, starts, sizes, rooms, helpers, counts = self.lists
        listed, known = counts[LISTED] + counts[MORE], counts[HELPERS] + counts[MORE]
        self.lists = (
            _with_room(who, listed), _with_room(strengths, listed), starts, sizes, rooms, _with_room(helpers, known),
            counts,
        )  # fmt: skip


def _with_room(known: np.ndarray, needed: int) -> np.ndarray:
    """Return a list that has room for so many, or the same if it has."""
    if needed <= len(known):
        return known
    longer = np.zeros(needed + needed // SPARE, dtype=known.dtype)
    longer[: len(known)] = known
    return longer


@compiled
def renew_circles(rows, families, known, kin, terms):
    """List the circles of those of this month's cases who have none yet, or whose family changed.

    Args:
        rows: rows of the cases.
        families: rows of those whose families changed.
        known: lists of `Circles`; written.
        kin: columns.
        terms: what strengths rest on.

    Returns:
        Whether there was room for all.
    """
    sizes = known[3]
    for i in families:
        sizes[i] = UNLISTED
    anew, found = np.empty(len(rows) + 1, dtype=np.uint64), 0
    for i in rows.view(np.uint64):
        anew[found] = i
        found += sizes[i] == UNLISTED
    if not list_circles(anew[:found], known, kin, terms):
        return False
    counts = known[6]
    if counts[HELPERS] > counts[MOST_HELPERS]:
        number_anew(known, len(kin[0]))
        counts[MOST_HELPERS] = counts[HELPERS] + counts[HELPERS] // 4
    return True


@compiled
def list_circles(anew, known, kin, terms):
    """Write the circles of some people into the lists; return whether there was room for all."""
    who, strengths, starts, sizes, rooms, helpers, counts = known
    ends, ones = meet_families(anew, kin, terms[0])
    counts[MORE] = len(ones)
    if counts[LISTED] + len(ones) > len(who) or counts[HELPERS] + len(ones) > len(helpers):
        return False
    turns, factors = draw_for(ones, ends, kin[3][anew], kin[5], terms)
    number_helpers(ones, helpers, counts, len(kin[0]))
    for a in range(len(anew)):
        i, first = anew[a], ends[a]
        size = min(ends[a + 1] - first, MOST_KIN)
        if size > rooms[i]:
            starts[i], rooms[i] = counts[LISTED], size
            counts[LISTED] += size
        sizes[i] = size
        for j in range(first, first + size):
            place = starts[i]
            for other in range(first, first + size):
                place += np.uint32((turns[other] < turns[j]) | ((turns[other] == turns[j]) & (other < j)))
            who[place], strengths[place] = ones[j], factors[j]
    return True


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

    There is no branch, since nothing about kin is easy to guess.
    """
    (state, place, household, village, born), mother, father, n = kin[:5], kin[7], kin[8], kin[12]
    c = max(one, 0)
    r = c if c < n else 0
    resident = (c < n) & (state[c] & PRESENT != 0)
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
def number_helpers(ones, helpers, counts, everybody):
    """Put numbers of helpers in place of rows, new ones for those who have none."""
    helper_of = np.empty(everybody, dtype=np.int32)  # known of those alone who are looked up
    for one in ones:
        helper_of[one >> CODE_BITS] = UNKNOWN
    for h in range(counts[HELPERS]):
        helper_of[helpers[h]] = h
    for j in range(len(ones)):
        c = ones[j] >> CODE_BITS
        new = helper_of[c] == UNKNOWN
        helper_of[c] = counts[HELPERS] if new else helper_of[c]
        helpers[helper_of[c]] = c
        counts[HELPERS] += new
        ones[j] = (np.uint32(helper_of[c]) << CODE_BITS) | (ones[j] & CODES)


@compiled
def number_anew(known, everybody):
    """Number all helpers in the order of their rows, so that looking at one after another passes along the columns.

    Who stands nowhere in the list of candidates any more has no number.
    """
    who, helpers, counts = known[0], known[5], known[6]
    nobody = counts[HELPERS]
    helper_of, asked = np.full(everybody, nobody, dtype=np.uint32), np.zeros(nobody + 1, dtype=np.uint8)
    for h in range(nobody):
        helper_of[helpers[h]] = h
    for place in range(counts[LISTED]):
        asked[who[place] >> CODE_BITS] = 1
    new_of, ordered, found = np.empty(nobody + 1, dtype=np.uint32), np.empty(nobody + 1, dtype=np.uint32), 0
    for c in range(everybody):  # without a branch
        h = helper_of[c]
        new_of[h], ordered[found] = found, c
        found += np.int64(asked[h])
    helpers[:found] = ordered[:found]
    for place in range(counts[LISTED]):
        who[place] = (new_of[who[place] >> CODE_BITS] << CODE_BITS) | (who[place] & CODES)
    counts[HELPERS] = found
