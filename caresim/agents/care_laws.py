"""The laws of care and of the time bank: every minute given is a minute received, every coin has its counterpart."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.care import (
    AWAY,
    CARE_WORKER,
    CASE,
    COMPANY,
    GIVEN,
    GIVER,
    INSTRUMENTAL,
    LAST_FAMILY,
    PEER,
    PERSONAL,
    RELATION,
    SOURCE_OF,
    WHERE,
)
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.world import World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled

(STRANGE_CASE, DOUBTFUL_NEED, STRANGE_HAND_OVER, WITHOUT_GIVER, DEAD_GIVER, TO_ONESELF, NEGATIVE, NOT_ALLOWED,
 TASKS_DIFFER, SOURCES_DIFFER, GIVEN_DIFFERS, OVER_CAPACITY, TOTALS_DIFFER, NEED_OF_OTHERS) = range(14)  # fmt: skip
CARE_LAWS = (
    ("case", "a case is a living resident elder outside institutions"),
    ("case", "a person's need is the sum of what the case needs by task"),
    ("hand-over", "a hand-over has a case, a relation and a whereabouts"),
    ("hand-over", "bought care, and nothing else, has no giver among the people"),
    ("hand-over", "who gives is alive"),
    ("hand-over", "nobody gives to oneself"),
    ("hand-over", "no minutes are negative"),
    ("hand-over", "nobody does what the relation or the distance rules out"),
    ("case", "minutes needed = minutes left + minutes handed over, by task"),
    ("case", "minutes handed over = minutes received, by source"),
    ("person", "minutes handed over = minutes given"),
    ("person", "nobody gives above capacity"),
    ("all", "minutes given + minutes bought = minutes received"),
    ("all", "nobody but a case has a need"),
)
ONE_SIDED, UNPAIRED_OTHERS = range(2)
PAIR_LAWS = (
    ("person", "the other half of a pair is a living resident elder whose other half is oneself"),
    ("all", "nobody but a living resident elder is half of a pair"),
)
ACCOUNTS_OFF, OWING = range(2)
COIN_LAWS = (
    ("all", "coins: members + pool + government + lost = 0"),
    ("person", "nobody owes coins"),
)
BY_GIVER = "checks.by_giver"


def care_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of the month's book of care, with the numbers; None if all hold."""
    people, book = world.people, world.care
    sums = world.once(BY_GIVER, len(people["key"]), lambda: np.zeros(len(people["key"]), dtype=np.int64))
    found = _faulty_care(
        book.rows, book.need, book.left, book.received, book.gifts, book.n_gifts,
        *(people[name] for name in ("state", "place", "need", "given", "capacity")),
        people.n, people.kin_start, people.kin_end, sums,
    )  # fmt: skip
    return _told(CARE_LAWS, found)


def pair_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of mutual-aid pairs, with the numbers; None if all hold."""
    people = world.people
    return _told(PAIR_LAWS, _faulty_pair(world.elders, people["state"], people["pair"], people.n))


def coin_fault(world: World) -> tuple[str, dict[str, Any]] | None:
    """Return the first broken law of the time bank, with the numbers; None if all hold."""
    bank, people = world.bank, world.people
    for name, balance in (("pool", bank.pool), ("lost", bank.lost)):
        if balance < 0:
            return f"the account {name} is never below zero", {name: balance}
    found = _faulty_coins(people["coins"], people.n, bank.pool + bank.government + bank.lost)
    told = _told(COIN_LAWS, found)
    if told is not None and found[0] == ACCOUNTS_OFF:
        accounts = {"pool": bank.pool, "government": bank.government, "lost": bank.lost}
        return told[0], {"members": bank.outstanding(people), **accounts}
    return told


def _told(laws: tuple[tuple[str, str], ...], found: tuple[int, int, int, int]) -> Any:
    """Return a law in words and its numbers."""
    law, place, one, other = (int(number) for number in found)
    if law < 0:
        return None
    whose, text = laws[law]
    return text, ({} if whose == "all" else {whose: place}) | {"found": one, "against": other}


@compiled
def _faulty_care(rows, need, left, received, gifts, n_gifts, state, place, needs, given, capacity, n, kin_start,
                 kin_end, sums):  # fmt: skip
    """Return the first broken law of `CARE_LAWS`, where, and the two numbers; -1 if all hold."""
    found = _faulty_case(rows, need, state, place, needs, n)
    if found[0] < 0:
        found = _faulty_hand_over(rows, gifts, n_gifts, state, n, kin_start, kin_end)
    if found[0] < 0:
        found = _faulty_minutes(need, left, received, gifts, n_gifts)
    if found[0] < 0:
        found = _faulty_giver(gifts, n_gifts, given, capacity, sums)
    if found[0] < 0:
        found = _faulty_total(need, received, needs, given, gifts, n_gifts, n, kin_start, kin_end)
    return found


@compiled
def _faulty_case(rows, need, state, place, needs, n):
    elder = LIVING_RESIDENT | ELDER
    for case in range(len(rows)):
        i = rows[case]
        if i < 0 or i >= n or state[i] & elder != elder or place[i] == INSTITUTION:
            return STRANGE_CASE, case, np.int64(i), np.int64(n)
        total = need[case, PERSONAL] + need[case, INSTRUMENTAL] + need[case, COMPANY]
        if total != needs[i] or min(need[case, PERSONAL], need[case, INSTRUMENTAL], need[case, COMPANY]) < 0:
            return DOUBTFUL_NEED, case, np.int64(needs[i]), np.int64(total)
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_hand_over(rows, gifts, n_gifts, state, n, kin_start, kin_end):
    """Look at each hand-over: does it name a case and a living giver, and may the giver do this."""
    for k in range(n_gifts):
        giver, case, relation, where = gifts[k, GIVER], gifts[k, CASE], gifts[k, RELATION], gifts[k, WHERE]
        law, one, other = -1, giver, relation
        if not (0 <= case < len(rows) and 0 <= relation <= CARE_WORKER and 0 <= where <= AWAY):
            return STRANGE_HAND_OVER, k, np.int64(case), np.int64(relation)
        if (giver == NOBODY) != (relation == CARE_WORKER):
            law = WITHOUT_GIVER
        elif giver != NOBODY:
            if not (0 <= giver < n or kin_start <= giver < kin_end) or state[giver] & ALIVE == 0:
                law = DEAD_GIVER
            elif rows[case] == giver:
                law = TO_ONESELF
        personal, instrumental, company = gifts[k, GIVEN], gifts[k, GIVEN + 1], gifts[k, GIVEN + 2]
        if min(personal, instrumental, company) < 0:
            law, one, other = NEGATIVE, min(personal, instrumental), company
        elif personal > 0 and LAST_FAMILY < relation < CARE_WORKER:
            law, one = NOT_ALLOWED, personal
        elif personal + instrumental > 0 and (relation == PEER or where == AWAY):
            law, one = NOT_ALLOWED, personal + instrumental
        if law >= 0:
            return law, k, np.int64(one), np.int64(other)
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_minutes(need, left, received, gifts, n_gifts):
    """Balance each case: what is needed, left and handed over by task, handed over and received by source."""
    tasks, sources = np.zeros_like(need), np.zeros_like(received)
    for k in range(n_gifts):
        case = gifts[k, CASE]
        minutes = 0
        for task in range(tasks.shape[1]):
            tasks[case, task] += gifts[k, GIVEN + task]
            minutes += gifts[k, GIVEN + task]
        sources[case, SOURCE_OF[gifts[k, RELATION]]] += minutes
    for case in range(len(need)):
        for task in range(tasks.shape[1]):
            if left[case, task] < 0 or need[case, task] != left[case, task] + tasks[case, task]:
                done = left[case, task] + tasks[case, task]
                return TASKS_DIFFER, case, np.int64(need[case, task]), np.int64(done)
        for source in range(sources.shape[1]):
            if sources[case, source] != received[case, source]:
                return SOURCES_DIFFER, case, np.int64(sources[case, source]), np.int64(received[case, source])
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_giver(gifts, n_gifts, given, capacity, sums):
    """Balance each giver; `sums` has a zero for everybody before and after."""
    for k in range(n_gifts):
        if gifts[k, GIVER] >= 0:
            sums[gifts[k, GIVER]] += gifts[k, GIVEN] + gifts[k, GIVEN + 1] + gifts[k, GIVEN + 2]
    law, who, one, other = -1, -1, np.int64(0), np.int64(0)
    for k in range(n_gifts):
        i = gifts[k, GIVER]
        if i < 0 or sums[i] == 0:
            continue
        if law < 0 and sums[i] != given[i]:
            law, who, one, other = GIVEN_DIFFERS, i, sums[i], np.int64(given[i])
        elif law < 0 and given[i] > capacity[i]:
            law, who, one, other = OVER_CAPACITY, i, np.int64(given[i]), np.int64(capacity[i])
        sums[i] = 0
    return law, who, one, other


@compiled
def _faulty_total(need, received, needs, given, gifts, n_gifts, n, kin_start, kin_end):
    """Balance the whole: nobody outside the book has given or needed anything."""
    needed, gave, bought = 0, 0, 0
    for i in range(n):
        needed += needs[i]
    for i in range(n):
        gave += given[i]
    for i in range(kin_start, kin_end):
        gave += given[i]
    for k in range(n_gifts):
        if gifts[k, GIVER] < 0:
            bought += gifts[k, GIVEN] + gifts[k, GIVEN + 1] + gifts[k, GIVEN + 2]
    if gave + bought != received.sum():
        return TOTALS_DIFFER, -1, np.int64(gave + bought), np.int64(received.sum())
    if needed != need.sum():
        return NEED_OF_OTHERS, -1, np.int64(needed), np.int64(need.sum())
    return -1, -1, np.int64(0), np.int64(0)


@compiled
def _faulty_pair(elders, state, pair, n):
    halves = 0
    elder = LIVING_RESIDENT | ELDER
    for i in elders:
        other = pair[i]
        if other != NOBODY:
            halves += 1
            if not 0 <= other < n or other == i or state[other] & elder != elder or pair[other] != i:
                return ONE_SIDED, np.int64(i), np.int64(other), np.int64(halves)
    paired = 0
    for i in range(n):
        paired += pair[i] != NOBODY
    if paired != halves:
        return UNPAIRED_OTHERS, np.int64(-1), np.int64(paired), np.int64(halves)
    return -1, np.int64(-1), np.int64(0), np.int64(0)


@compiled
def _faulty_coins(coins, n, others):
    total, owing = 0, 0
    for i in range(n):
        total += coins[i]
        owing += coins[i] < 0
    if owing > 0:
        for i in range(n):
            if coins[i] < 0:
                return OWING, i, np.int64(coins[i]), np.int64(0)
    if total + others != 0:
        return ACCOUNTS_OFF, -1, np.int64(total), np.int64(others)
    return -1, -1, np.int64(0), np.int64(0)
