"""Circles of children: who of a family is asked for care, in which order, and how far each would go.

The circles of those who needed care lately are kept, and looked up anew only for families in which somebody moved,
married, died or grew up.
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


class Circles:
    """The children and children-in-law of those who needed care lately, in the order in which they are asked.

    Attributes:
        parameters: what the strengths rest on.
        gain: what the norm is higher by, by the parent's village.
        rules: what the rules take besides, as it follows from the parameters.
        generation: numbering of rows.
        looks: number of the look at families that it knows of.
        of_row: by row of people, where the circle begins in the lists below (UNKNOWN if not looked up), how many
            are in it, how many of them not farther away than the county.
        lists: row, number among the helpers, whereabouts seen from the parent, relation to the parent, and lasting
            factor on the hours of each child and child-in-law.
        helper_of: by row of people, the number among all who are in any circle; UNKNOWN if in none.
        used: length of the lists in use, and how many helpers there are.
    """

    def __init__(self, parameters: Any, gain: np.ndarray, rules: tuple[Any, ...], people: People, looks: int,
                 room: int) -> None:  # fmt: skip
        self.parameters, self.gain, self.rules = parameters, gain, rules
        self.generation, self.looks = people.generation, looks
        rows = len(people["household"])
        self.of_row = np.full(rows, UNKNOWN, dtype=np.int32), *(np.zeros(rows, dtype=np.uint8) for _ in "12")
        self.lists = (
            np.zeros(room, dtype=np.uint32), np.zeros(room, dtype=np.uint32), np.zeros(room, dtype=np.uint8),
            np.zeros(room, dtype=np.uint8), np.zeros(room),
        )  # fmt: skip
        self.helper_of = np.full(len(people["state"]), UNKNOWN, dtype=np.int32)
        self.used = np.zeros(2, dtype=np.int64)


@compiled
def look_up(rows, families, of_row, lists, helper_of, used, state, place, household, village, born, key, spouse,
            mother, father, first_child, next_maternal, next_paternal, n, latest, least, norm_low, norm_spread,
            norm_gain, shares, capacity_word, norm_word, turn_word):  # fmt: skip
    """List the circles of the cases that are not known or whose families changed, by class, women before men, turn.

    Returns:
        Whether there was room for all.
    """
    first, number, near = of_row
    children, helpers, where, relations, strengths = lists
    line = np.empty(MOST_KIN)
    for i in families:
        first[i] = UNKNOWN
    end = used[0]
    for i in rows:
        if first[i] != UNKNOWN:
            continue
        if end + MOST_KIN > len(children):
            return False
        start, away = end, 0
        child = first_child[i]
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
                relation = (DAUGHTER if state[c] & FEMALE else SON) + in_law
                strength = least + uniform(capacity_word, key[c])
                strength *= min(
                    1.0, norm_low + norm_spread * uniform(norm_word, key[c]) + norm_gain[village[i]]
                )
                strength *= shares[relation - DAUGHTER]
                turn = 2 * at + (relation >= SON) + uniform(turn_word, key[c])
                j = end
                while j > start and line[j - 1 - start] > turn:
                    line[j - start] = line[j - 1 - start]
                    children[j], where[j] = children[j - 1], where[j - 1]
                    relations[j], strengths[j] = relations[j - 1], strengths[j - 1]
                    j -= 1
                line[j - start] = turn
                children[j], where[j], relations[j], strengths[j] = c, at, relation, strength
                end += 1
                away += at == AWAY
            child = next_maternal[child] if state[i] & FEMALE else next_paternal[child]
        used[1] = number_helpers(children, helpers, helper_of, start, end, used[1])
        first[i], number[i], near[i] = start, end - start, end - start - away
    used[0] = end
    return True


@compiled
def number_helpers(children, helpers, helper_of, start, end, known):
    """Give everybody on a stretch of the list who has none a number as a helper; return how many have one."""
    for j in range(start, end):
        c = children[j]
        if helper_of[c] == UNKNOWN:
            helper_of[c] = known
            known += 1
        helpers[j] = helper_of[c]
    return known
