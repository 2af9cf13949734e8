"""Circles of children: who of a family is asked for care, in which order, and how far each would go.

The circles of last month's cases are kept, in the order of the cases, and looked up anew only for families in which
somebody moved, married, died or grew up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import AWAY, COUNTY, DAUGHTER, SAME_HOME, SAME_VILLAGE, SON
from caresim.agents.people import ALIVE, FEMALE, PRESENT, TOWN, People
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import uniform

UNKNOWN = -1
MOST_KIN = 64
"""Children and children-in-law of one person beyond so many are not asked."""


CODE_BITS, WHERE_BITS = np.uint32(4), np.uint32(2)
CODES, RELATIONS = np.uint32(15), np.uint32(3)
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
    before, starts_before, who_before, strengths_before = known
    starts, who, strengths = now
    for i in families:
        stale[i] = 1
    line = np.empty(MOST_KIN)
    end, p = np.int64(0), 0
    for case in range(len(rows)):
        i = rows[case]
        starts[case] = end
        while p < len(before) and before[p] < i:
            p += 1
        if end + MOST_KIN > len(who):
            break
        if p < len(before) and before[p] == i and not stale[i]:
            for j in range(starts_before[p], starts_before[p + 1]):
                who[end], strengths[end] = who_before[j], strengths_before[j]
                end += 1
        else:
            start, end = end, look_up(i, who, strengths, line, end, kin, terms)
            n_helpers[0] = number_helpers(who, helper_of, row_of, start, end, n_helpers[0])
    for i in families:
        stale[i] = 0
    starts[len(rows)] = end
    return end + MOST_KIN <= len(who)


@compiled
def look_up(i, who, strengths, line, end, kin, terms):
    """List the circle of a person from `end` on by class, women before men, turn; return where it ends."""
    (state, place, household, village, born, key, spouse, mother, father, first_child, next_maternal, next_paternal,
     n) = kin  # fmt: skip
    latest, gain, least, norm_low, norm_spread, shares, capacity_word, norm_word, turn_word = terms
    start, child = end, first_child[i]
    while child >= 0:
        for in_law in (0, 1):
            c = spouse[child] if in_law else child
            if not state[child] & ALIVE or c < 0 or born[c] > latest:
                continue
            if end - start == MOST_KIN or (in_law and (mother[c] == i or father[c] == i)):
                continue
            resident = c < n and state[c] & PRESENT != 0
            if resident and household[c] == household[i]:
                at = SAME_HOME
            elif resident and village[c] == village[i]:
                at = SAME_VILLAGE
            else:
                at = COUNTY if resident or place[c] == TOWN else AWAY
            if in_law and at == AWAY:
                continue
            relation = (0 if state[c] & FEMALE else SON - DAUGHTER) + in_law
            strength = least + uniform(capacity_word, key[c])
            strength *= min(1.0, norm_low + norm_spread * uniform(norm_word, key[c]) + gain[village[i]])
            strength *= shares[relation]
            turn = 2 * at + (relation >= SON - DAUGHTER) + uniform(turn_word, key[c])
            j = end
            while j > start and line[j - 1 - start] > turn:
                line[j - start] = line[j - 1 - start]
                who[j], strengths[j] = who[j - 1], strengths[j - 1]
                j -= 1
            line[j - start], strengths[j] = turn, strength
            who[j] = (np.uint32(c) << CODE_BITS) | np.uint32((at << 2) | relation)
            end += 1
        child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
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
