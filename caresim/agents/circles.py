"""Circles of children: who of a family is asked for care, in which order, and how far each would go.

The circles of last month's cases are kept, in the order of the cases, and looked up anew only for families in which
somebody moved, married, died or grew up.
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
CODES, RELATIONS, UNFIT = np.uint32(15), np.uint32(3), np.uint8(255)
"""A candidate is one number: who (a row, or a number among the helpers), then where (2 bits) and which relation (2)."""


class Circles:
    """The children and children-in-law of last month's cases, in the order in which they are asked.

    Attributes:
        parameters: what the strengths rest on.
        gain: what the norm is higher by, by the parent's village.
        rules: what the rules take besides, as it follows from the parameters.
        generation: numbering of rows.
        looks: number of the look at families that it knows of.
        rows: rows of last month's cases, ascending.
        starts: where the circle of each of them begins in the lists, and where the last one ends.
        lists: number among the helpers, whereabouts seen from the parent and relation to the parent, as one number;
            and the lasting factor on the hours, of each child and child-in-law.
        spare: lists of the same length for the next month.
        helper_of: by row of people, the number among all who are or were in any circle; UNKNOWN if in none.
        row_of: the row of each of these helpers.
        n_helpers: how many they are, shape (1,).
        stale: by row of people, whether the family has changed; zeros between the months.
        strain: by row of people, what takes care away from a person; room for `note_strain`.
    """

    def __init__(self, parameters: Any, gain: np.ndarray, rules: tuple[Any, ...], people: People, looks: int,
                 room: int) -> None:  # fmt: skip
        self.parameters, self.gain, self.rules = parameters, gain, rules
        self.generation, self.looks = people.generation, looks
        everybody = len(people["state"])
        self.rows, self.starts = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int32)
        self.lists, self.spare = ((np.zeros(room, dtype=np.uint32), np.zeros(room)) for _ in "12")
        self.helper_of = np.full(everybody, UNKNOWN, dtype=np.int32)
        self.row_of = np.zeros(everybody, dtype=np.uint32)
        self.n_helpers = np.zeros(1, dtype=np.int64)
        self.stale = np.zeros(len(people["household"]), dtype=np.uint8)
        self.strain = np.zeros(everybody, dtype=np.uint16)

    def move_on(self, rows: np.ndarray, starts: np.ndarray, looks: int) -> None:
        """Take the circles of this month's cases, now in the spare lists, for those of last month."""
        self.rows, self.starts, self.looks = rows, starts, looks
        self.lists, self.spare = self.spare, self.lists


@compiled
def renew_circles(rows, families, known, now, stale, helper_of, row_of, n_helpers, kin, terms):
    """List the circles of this month's cases: those known from last month, others and changed families looked up.

    Args:
        rows: rows of the cases, ascending.
        families: rows of those whose families changed; some stand there twice.
        known: rows and lists of last month.
        now: where each circle begins, and the lists; written.
        stale: zeros by row; written and emptied again.
        helper_of: number among the helpers by row; written.
        row_of: the row of each helper; written.
        n_helpers: how many helpers there are; written.
        kin: columns.
        terms: what strengths rest on.

    Returns:
        Whether there was room for all.
    """
    starts_before, (starts, who, strengths) = known[1], now
    places = places_before(rows, known[0], families, stale)
    anew = rows[places == UNKNOWN]
    first_of, met, codes = meet_families(anew, kin, terms[0])
    line, end, case, a = np.empty(MOST_KIN), np.int64(0), 0, 0
    while case < len(rows):
        p, alike = places[case], 0
        while p != UNKNOWN and case + alike < len(rows) and places[case + alike] == p + alike:
            alike += 1
        if end + max(MOST_KIN, starts_before[p + alike] - starts_before[p] if alike > 0 else 0) > len(who):
            break
        if alike > 0:
            end = keep_stretch(known, p, now, case, alike, end)
            case += alike
        else:
            starts[case], start = end, end
            there = slice(first_of[a], first_of[a + 1])
            end = line_up(met[there], codes[there], kin[3][anew[a]], kin[5], who, strengths, line, end, terms)
            n_helpers[0] = number_helpers(who, helper_of, row_of, start, end, n_helpers[0])
            case, a = case + 1, a + 1
    starts[len(rows)] = end
    return case == len(rows)


@compiled
def places_before(rows, before, families, stale):
    """Return where each case stands among last month's; UNKNOWN for new ones and those whose family changed."""
    for i in families:
        stale[i] = 1
    places, p = np.empty(len(rows), dtype=np.int32), 0
    for case in range(len(rows)):
        while p < len(before) and before[p] < rows[case]:
            p += 1
        same = p < len(before) and before[p] == rows[case] and stale[rows[case]] == 0
        places[case] = p if same else UNKNOWN
    for i in families:
        stale[i] = 0
    return places


@compiled
def keep_stretch(known, p, now, case, alike, end):
    """Copy the circles of so many cases from last month's lists to `end` on; return where they end."""
    _, starts_before, who_before, strengths_before = known
    starts, who, strengths = now
    first, last = starts_before[p], starts_before[p + alike]
    for a in range(alike):
        starts[case + a] = starts_before[p + a] - first + end
    for j in range(last - first):
        who[end + j], strengths[end + j] = who_before[first + j], strengths_before[first + j]
    return end + last - first


@compiled
def meet_families(anew, kin, latest):
    """Look at the children and children-in-law of some people, all at once, as looking at one after another waits.

    Returns:
        Where the family of each begins, and the last ends; rows of each child, followed by the husband or wife;
        whereabouts and relation of each, UNFIT for those who are not asked.
    """
    state, spouse, first_child, next_maternal, next_paternal = kin[0], kin[6], kin[9], kin[10], kin[11]
    first_of = np.zeros(len(anew) + 1, dtype=np.int64)
    children = first_child[anew]
    while np.any(children >= 0):
        for a in range(len(anew)):
            c = max(children[a], 0)
            first_of[a + 1] += 2 * (children[a] >= 0)
            following = next_maternal[c] if state[anew[a]] & FEMALE else next_paternal[c]
            children[a] = following if children[a] >= 0 else UNKNOWN
    first_of[:] = np.cumsum(first_of)
    met = np.empty(first_of[-1], dtype=np.int64)
    for a in range(len(anew)):
        following = next_maternal if state[anew[a]] & FEMALE else next_paternal
        child = first_child[anew[a]]
        for m in range(first_of[a], first_of[a + 1], 2):
            met[m], met[m + 1] = child, spouse[child]
            child = following[child]
    codes = np.empty(len(met), dtype=np.uint8)
    for a in range(len(anew)):
        for m in range(first_of[a], first_of[a + 1]):
            codes[m] = code_of(anew[a], met[m & ~1], met[m], m & 1, kin, latest)
    return first_of, met, codes


@compiled
def code_of(i, child, mate, in_law, kin, latest):
    """Return where somebody lives, seen from a parent, and the relation; UNFIT for those who are not asked.

    There is no branch, since nothing about kin is easy to guess.
    """
    (state, place, household, village, born), mother, father, n = kin[:5], kin[7], kin[8], kin[12]
    c = max(mate, 0)
    r = c if c < n else 0
    resident = (c < n) & (state[c] & PRESENT != 0)
    home = resident & (household[r] == household[i])
    near = home | (resident & (village[r] == village[i]))
    at = AWAY - (resident | (place[c] == TOWN)) - near - home
    fit = (state[child] & ALIVE != 0) & (mate >= 0) & (born[c] <= latest)
    fit &= (in_law == 0) | ((mother[c] != i) & (father[c] != i) & (at != AWAY))
    relation = (0 if state[c] & FEMALE else SON - DAUGHTER) + in_law
    return np.uint8((at << 2) | relation) if fit else UNFIT


@compiled
def line_up(met, codes, parent_village, key, who, strengths, line, end, terms):
    """List the circle of a person from `end` on by class, women before men, turn; return where it ends."""
    _, gain, least, norm_low, norm_spread, shares, capacity_word, norm_word, turn_word = terms
    start = end
    for m in range(len(met)):
        if codes[m] == UNFIT or end - start == MOST_KIN:
            continue
        c, at, relation = met[m], codes[m] >> 2, codes[m] & 3
        strength = least + uniform(capacity_word, key[c])
        strength *= min(1.0, norm_low + norm_spread * uniform(norm_word, key[c]) + gain[parent_village])
        strength *= shares[relation]
        turn = 2 * at + (relation >= SON - DAUGHTER) + uniform(turn_word, key[c])
        j = end
        while j > start and line[j - 1 - start] > turn:
            line[j - start] = line[j - 1 - start]
            who[j], strengths[j] = who[j - 1], strengths[j - 1]
            j -= 1
        line[j - start], strengths[j] = turn, strength
        who[j] = (np.uint32(c) << CODE_BITS) | np.uint32(codes[m])
        end += 1
    return end


@compiled
def number_helpers(who, helper_of, row_of, start, end, known):
    """Put numbers of helpers in place of rows on a stretch of the list; return how many have a number."""
    for j in range(start, end):
        c = who[j] >> CODE_BITS
        if helper_of[c] == UNKNOWN:
            helper_of[c], row_of[known] = known, c
            known += 1
        who[j] = (np.uint32(helper_of[c]) << CODE_BITS) | (who[j] & CODES)
    return known
