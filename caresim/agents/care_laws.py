"""The laws of care: every minute given is a minute received.

Hand-overs balance with what is left and received, case by case, and with what is given, giver by giver; so all that
is given and bought is all that is received.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import (
    AWAY,
    CARE_WORKER,
    COMPANY,
    INSTRUMENTAL,
    MEAL,
    MEMBER,
    NEIGHBOUR,
    PAIR,
    PEER,
    PERSONAL,
    RELATIONS,
    SOURCE_OF,
    VISIT,
    VOLUNTEER,
    minutes_by_task,
    minutes_given,
    total_minutes,
)
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

(STRANGE_CASE, DOUBTFUL_NEED, STRANGE_HAND_OVER, WITHOUT_GIVER, DEAD_GIVER, TO_ONESELF, NOT_ALLOWED, TASKS_DIFFER,
 SOURCES_DIFFER, GIVEN_DIFFERS, OVER_CAPACITY, GIFT_OF_OTHERS, NEED_OF_OTHERS, FROM_HOME) = range(14)  # fmt: skip
CARE_LAWS = (
    ("case", "a case is a living resident elder outside institutions"),
    ("case", "a person's need is the sum of what the case needs by task"),
    ("hand-over", "a hand-over has a case, a relation and a whereabouts"),
    ("hand-over", "paid care, and nothing else, has no giver among the people"),
    ("hand-over", "who gives is alive"),
    ("hand-over", "nobody gives to oneself"),
    ("hand-over", "nobody does what the relation or the distance rules out"),
    ("case", "minutes needed = minutes left + minutes handed over, by task"),
    ("case", "minutes handed over = minutes received, by source"),
    ("person", "minutes handed over = minutes given"),
    ("person", "nobody gives above capacity"),
    ("all", "nobody has given who handed nothing over"),
    ("all", "nobody has a need but the cases, each once"),
    ("hand-over", "who lives in a care home gives others company from afar, and nothing else"),
)
DISTANCES = AWAY + 1
STRANGERS = np.repeat(
    np.isin(np.arange(len(RELATIONS)), (NEIGHBOUR, PAIR, PEER, VOLUNTEER, MEMBER, MEAL)), DISTANCES
)
COMPANY_ONLY = (np.tile(np.arange(DISTANCES), len(RELATIONS)) == AWAY) | (
    np.isin(np.repeat(np.arange(len(RELATIONS)), DISTANCES), (PEER, VISIT))
)
NO_PERSONAL = -(STRANGERS | COMPANY_ONLY).astype(np.int32)
NO_INSTRUMENTAL = -COMPANY_ONLY.astype(np.int32)
"""All bits set where somebody of a relation at a distance may not do the task."""
BY_GIVER = "checks.by_giver"


def care_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of the month's book of care, with the numbers; None if all hold."""
    people, book = world.people, world.care
    sums = world.once(BY_GIVER, len(people["key"]), lambda: np.empty(len(people["key"]), dtype=np.int32))
    found = _faulty_care(
        book.rows, book.need, book.left, book.received, book.gifts, book.n_gifts,
        *(people[name] for name in ("state", "place", "need", "given")), book.capacity(len(people["key"])),
        people.n, people.kin_start, people.kin_end, sums,
    )  # fmt: skip
    return in_words(CARE_LAWS, found)


def in_words(laws: tuple[tuple[str, str], ...], found: tuple[int, int, int, int]) -> Any:
    """Return a broken law in words and its numbers; None if nothing was found."""
    law, place, one, other = (int(number) for number in found)
    if law < 0:
        return None
    whose, text = laws[law]
    return text, ({} if whose == "all" else {whose: place}) | {"found": one, "against": other}


@compiled
def _faulty_care(rows, need, left, received, gifts, n_gifts, state, place, needs, given, capacity, n, kin_start,
                 kin_end, sums):  # fmt: skip
    """Return the first broken law of `CARE_LAWS`, where, and the two numbers; -1 if all hold."""
    found = _faulty_case(rows, need, state, place, needs, n, _with_minutes(needs, 0, n))
    if found[0] < 0:
        found = _faulty_hand_over(rows, gifts, n_gifts, state, place, n, kin_start, kin_end)
    if found[0] < 0:
        found = _faulty_minutes(need, left, received, gifts, n_gifts)
    if found[0] < 0 and _unbalanced(gifts, n_gifts, given, capacity, sums, n, kin_start, kin_end):
        sums[:] = 0
        givers = _with_minutes(given, 0, n) + _with_minutes(given, kin_start, kin_end)
        found = _faulty_giver(gifts, n_gifts, given, capacity, sums, givers)
    return found


@compiled
def _with_minutes(minutes, first, last):
    """Count the rows of a segment that have any minutes."""
    found, part = 0, minutes[first:last]
    for i in range(len(part)):
        found += part[i] != 0
    return found


@compiled
def _faulty_case(rows, need, state, place, needs, n, needy):
    elder, known = LIVING_RESIDENT | ELDER, 0
    for case in range(len(rows)):
        i = rows[case]
        if i < 0 or i >= n or state[i] & elder != elder or place[i] == INSTITUTION:
            return STRANGE_CASE, case, np.int64(i), np.int64(n)
        total = total_minutes(need, case)
        if total != needs[i]:
            return DOUBTFUL_NEED, case, np.int64(needs[i]), np.int64(total)
        known += total > 0
    if known != needy:
        return NEED_OF_OTHERS, -1, np.int64(needy), np.int64(known)
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_hand_over(rows, gifts, n_gifts, state, place, n, kin_start, kin_end):
    """Look at each hand-over: does it name a case and a living giver, and may the giver do this."""
    cases = np.uint32(len(rows))
    for k in range(n_gifts):
        gift, law = gifts[k], -1
        giver, case, relation, where = gift.giver, gift.case, gift.relation, gift.where
        if (np.uint32(case) >= cases) | (np.uint32(relation) > VISIT) | (np.uint32(where) > AWAY):
            return STRANGE_HAND_OVER, k, np.int64(case), np.int64(relation)
        spot = np.uint32(relation * DISTANCES + where)
        if (gift.personal & NO_PERSONAL[spot]) | (gift.instrumental & NO_INSTRUMENTAL[spot]):
            law = NOT_ALLOWED
        elif (giver == NOBODY) != (relation >= CARE_WORKER):
            law = WITHOUT_GIVER
        elif giver != NOBODY:
            unknown = (giver < 0) | ((giver >= n) & ((giver < kin_start) | (giver >= kin_end)))
            if unknown or state[np.uint32(giver)] & ALIVE == 0:
                law = DEAD_GIVER
            elif rows[np.uint32(case)] == giver:
                law = TO_ONESELF
            elif (place[np.uint32(giver)] == INSTITUTION) & (where != AWAY):
                law = FROM_HOME
        if law >= 0:
            return law, k, np.int64(giver), np.int64(relation)
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_minutes(need, left, received, gifts, n_gifts):
    """Balance each case: what is needed, left and handed over by task, handed over and received by source."""
    tasks, sources = left.astype(np.int32), np.zeros(received.shape, dtype=np.int32)
    for k in range(n_gifts):
        case, source = np.uint32(gifts[k].case), np.uint32(SOURCE_OF[gifts[k].relation])
        personal, instrumental, company = minutes_by_task(gifts[k])
        tasks[case, PERSONAL] += personal
        tasks[case, INSTRUMENTAL] += instrumental
        tasks[case, COMPANY] += company
        sources[case, source] += personal + instrumental + company
    law, j, found, due = _first_difference(TASKS_DIFFER, need.ravel(), tasks.ravel())
    if law >= 0:
        return law, j // need.shape[1], found, due
    law, j, found, due = _first_difference(SOURCES_DIFFER, sources.ravel(), received.ravel())
    return law, j // received.shape[1], found, due


@compiled
def _first_difference(law, ones, others):
    """Return where two tables differ first; the quick look comes first, without a branch."""
    suspects = 0
    for j in range(len(ones)):
        suspects |= ones[j] ^ others[j]
    if suspects:
        for j in range(len(ones)):
            if ones[j] != others[j]:
                return law, j, np.int64(ones[j]), np.int64(others[j])
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _unbalanced(gifts, n_gifts, given, capacity, due, n, kin_start, kin_end):
    """Tell whether anybody's minutes given are not those handed over, or above capacity; `due` is overwritten."""
    due[:] = given
    for k in range(n_gifts):
        if gifts[k].giver >= 0:
            due[np.uint32(gifts[k].giver)] -= minutes_given(gifts[k])
    suspects = False
    for first, last in ((0, n), (kin_start, kin_end)):
        rest, done, could = due[first:last], given[first:last], capacity[first:last]
        for j in range(len(rest)):  # without a branch, several at once
            suspects |= (rest[j] != 0) | (done[j] > could[j])
    return suspects


@compiled
def _faulty_giver(gifts, n_gifts, given, capacity, sums, givers):
    """Balance each giver; `sums` has a zero for everybody."""
    law, who, one, other = -1, np.int64(-1), np.int64(0), np.int64(0)
    for k in range(n_gifts):
        if gifts[k].giver >= 0:
            sums[np.uint32(gifts[k].giver)] += minutes_given(gifts[k])
    distinct = 0
    for k in range(n_gifts):
        if gifts[k].giver >= 0:
            i = np.uint32(gifts[k].giver)
            differ, above = (sums[i] != given[i]) & (sums[i] != 0), given[i] > capacity[i]
            if (differ | above) & (law < 0):
                law, who = (GIVEN_DIFFERS if differ else OVER_CAPACITY), np.int64(i)
                one, other = (
                    np.int64(sums[i] if differ else given[i]),
                    np.int64(given[i] if differ else capacity[i]),
                )
            distinct += sums[i] != 0
            sums[i] = 0
    if law < 0 and distinct != givers:
        law, one, other = GIFT_OF_OTHERS, np.int64(givers), np.int64(distinct)
    return law, who, one, other
