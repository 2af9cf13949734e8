"""Neighbour care: members of happiness homes, mutual-aid partners and neighbours lend one another a hand."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import places_below
from caresim.agents.care import (
    ALONE,
    COMPANY,
    INSTRUMENTAL,
    NEIGHBOUR,
    PAIR,
    PEER,
    PERSONAL,
    SAME_HOME,
    SAME_VILLAGE,
    hand_over,
    is_able,
    note_limit,
    with_room,
)
from caresim.agents.grandchildren import occupied
from caresim.agents.people import INSTITUTION
from caresim.agents.service import in_turn
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import keys_of, purpose, streams, uniform
from caresim.kernel.parameters import Parameters, parameter

JOINS = purpose("mutual_aid.member")
ASK = purpose("neighbour_care.ask")
OFFER = purpose("neighbour_care.offer")
LASTING, MONTHLY = (JOINS,), (ASK, OFFER)
OF_PEOPLE = itemgetter(
    "given", "key", "village", "household", "disability", "dementia", "arrangement", "state", "pair",
    "place", "born",
)  # fmt: skip
TERMS = "neighbour_care.terms"
BY_PEERS, BY_PARTNERS, BY_NEIGHBOURS = (PEER, COMPANY), (PAIR, INSTRUMENTAL), (NEIGHBOUR, INSTRUMENTAL)
"""Relation and first task of each kind of neighbour."""
S12, UNIT = np.uint64(12), 2.0**-52


class NeighbourCare(Parameters):
    """How much members of a home, partners and neighbours do for one another."""

    hours: float = parameter(
        3.0, unit="hours per month", limits=(0.0, 40.0), low=1.0, high=6.0,
        meaning="Hours that a neighbour gives in a village of full trust; in proportion to trust elsewhere.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    willing: float = parameter(
        0.1, unit="share", low=0.03, high=0.3,
        meaning="Share of healthy younger elders with their hands free that helps a neighbour in a month.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    until_age: int = parameter(
        75, unit="years", limits=(60, 110), low=70, high=80,
        meaning="Age from which elders no longer help neighbours.", source="judgement", evidence="judgement",
    )  # fmt: skip
    pair_hours: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 40.0), low=4.0, high=16.0,
        meaning="Hours that partners of a mutual-aid pair give one another.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    home_hours: float = parameter(
        8.0, unit="hours per month", limits=(0.0, 40.0), low=4.0, high=30.0,
        meaning="Hours of company that a member of a happiness home gives the next one.",
        source="judgement", evidence="judgement",
    )  # fmt: skip


def lend_a_hand(world: World) -> None:
    """Let homes, then pairs, then neighbours give what is left to give."""
    people, care, villages, month = world.people, world.care, world.territory, world.month
    when = world.parameters["neighbour_care"], world.parameters["mutual_aid"], world.parameters["needs"]
    terms = world.once(TERMS, when, lambda: terms_of(*when))
    care.gifts, care.n_gifts, care.limits, care.n_limits, met = help_one_another(
        care.n_gifts, care.n_limits, care.rows, care.gifts, care.limits, care.left, care.received,
        *OF_PEOPLE(people.arrays), people.n, people.n_households, villages.home, villages.trust, world.elders,
        occupied(world), *terms, month, world.draws.origins(LASTING, MONTHLY, month),
    )  # fmt: skip
    care.met_in_homes += met


def terms_of(given: NeighbourCare, aid: Any, needs: Any) -> tuple[Any, ...]:
    """Return the rules as numbers, hours as minutes where they are whole, ages in months."""
    return (
        int(60.0 * given.home_hours), aid.participation, int(60.0 * given.pair_hours), given.hours, given.willing,
        12 * given.until_age, int(60.0 * needs.busy_hours),
    )  # fmt: skip


@compiled
def help_one_another(k, m, rows, gifts, limits, left, received, given, key, village, household, disability, dementia,
                     arrangement, state, pair, place, born, n, n_households, kept, trust, elders, occupied,
                     home_minutes, participation, pair_minutes, hours, willing, until, busy, month,
                     origins):  # fmt: skip
    """Let homes, then pairs, then neighbours hand over.

    Returns:
        The hand-overs and their number, the limits and theirs, and the hand-overs in homes.
    """
    (joins,), (ask, offer) = streams(origins[:1], 0), streams(origins[1:], month)
    book, home, ends = (rows, gifts, left, received, given, limits), (key, village, household), (k, m)
    ends, book = keep_company(
        ends, book, home, disability, dementia, arrangement, kept, home_minutes, participation, joins
    )
    met = ends[0] - k
    ends, book = help_partners(ends, book, home, disability, dementia, state, pair, n, pair_minutes)
    helping = able_and_willing(
        elders, keys_of(elders, key), disability, dementia, place, born, willing, month - until, offer
    )
    (k, m), book = help_neighbours(
        ends, book, home, helping, trust, occupied, n_households, hours, busy, ask, offer
    )
    return book[1], k, book[5], m, met


@compiled
def keep_company(ends, book, home, disability, dementia, arrangement, kept, minutes, participation, word):
    """Let each member of a happiness home keep the next one company, the last the first; return as `_give` does."""
    rows, (key, village, _) = book[0], home
    if not kept.any():
        return ends, book
    alone = np.empty(len(rows) + 1, dtype=np.uint32)
    a = 0
    for case in range(len(rows)):
        i = np.uint64(rows[case])
        alone[a] = case
        a += (arrangement[i] & ALONE != 0) & (disability[i] <= 1) & (dementia[i] == 0)
    cases, there, rank = np.empty(a, dtype=np.int64), np.empty(a, dtype=np.int64), np.empty(a)
    m = 0
    for case in alone[:a]:
        i = rows[case]
        if kept[village[i]] and uniform(word, key[i]) < participation:
            cases[m], there[m], rank[m] = case, village[i], (key[i] >> S12) * UNIT
            m += 1
    order, first = in_turn(there[:m], rank[:m], len(kept))
    cases, givers = cases[order], np.empty(m, dtype=np.int64)
    for v in range(len(kept)):
        for at in range(first[v], first[v + 1]):
            givers[at] = rows[cases[at - 1 if at > first[v] else first[v + 1] - 1]]
    return _give(book, home, ends, givers[:m], cases[:m], np.full(m, minutes), BY_PEERS)


@compiled
def help_partners(ends, book, home, disability, dementia, state, pair, n, minutes):
    """Let able partners of mutual-aid pairs help one another; return as `_give` does."""
    rows, left = book[0], book[2]
    paired = np.empty(len(rows) + 1, dtype=np.uint32)
    p = 0
    for case in range(len(rows)):  # without a branch
        paired[p] = case
        p += (pair[np.uint64(rows[case])] != NOBODY) & (left[case, INSTRUMENTAL] + left[case, COMPANY] > 0)
    givers, cases = np.empty(p, dtype=np.int64), np.empty(p, dtype=np.int64)
    m = 0
    for case in paired[:p]:
        mate = pair[rows[case]]
        givers[m], cases[m] = mate, case
        m += is_able(mate, n, state, disability, dementia)
    return _give(book, home, ends, givers[:m], cases[:m], np.full(m, minutes), BY_PARTNERS)


@compiled
def able_and_willing(elders, keys, disability, dementia, place, born, willing, latest, offer):
    """Return the rows of the healthy younger elders outside institutions who are willing to help this month."""
    helping, found = places_below(offer, keys, willing), 0
    for j in helping:  # without a branch
        i = np.uint64(elders[j])
        helping[found] = i
        found += (disability[i] == 0) & (dementia[i] == 0) & (born[i] > latest) & (place[i] != INSTITUTION)
    return helping[:found]


@compiled
def help_neighbours(ends, book, home, helping, trust, occupied, n_households, hours, busy, ask, offer):
    """Let the willing neighbours of a village help one case each, as far as either go; return as `_give` does.

    They have their hands free, and in their own household nobody needs anything.
    """
    (rows, _, left, _, given, _), (key, village, household) = book, home
    needy = np.zeros(n_households + 1, dtype=np.bool_)
    asking = np.empty(len(rows) + 1, dtype=np.int64)
    m = 0
    for case in range(len(rows)):  # without a branch
        some = left[case, INSTRUMENTAL] + left[case, COMPANY] > 0
        needy[household[np.uint64(rows[case])]] |= some | (left[case, PERSONAL] > 0)
        asking[m] = case
        m += some
    h = 0
    for row in helping:  # without a branch
        i = np.uint64(row)
        helping[h] = i
        h += (given[i] + occupied[i] < busy) & ~needy[household[i]]
    cases, cases_from = _by_village(asking[:m], rows[asking[:m]], key, village, len(trust), ask)
    helpers, helpers_from = _by_village(helping[:h], helping[:h], key, village, len(trust), offer)
    minutes = np.empty(h, dtype=np.int64)
    met = 0
    for v in range(len(trust)):
        first, there, offered = cases_from[v], helpers_from[v], int(60.0 * hours * trust[v])
        for at in range(min(cases_from[v + 1] - first, helpers_from[v + 1] - there)):
            cases[met], helpers[met], minutes[met] = cases[first + at], helpers[there + at], offered
            met += 1
    return _give(book, home, ends, helpers[:met], cases[:met], minutes, BY_NEIGHBOURS)


@compiled
def _by_village(numbers, who, key, village, n_villages, stream):
    """Sort the numbers of people by village and draw; return them and where each village begins."""
    luck = np.empty(len(who), dtype=np.float64)
    there = np.empty(len(who), dtype=np.int64)
    for j in range(len(who)):
        luck[j] = uniform(stream, key[who[j]])
        there[j] = village[who[j]]
    order, first = in_turn(there, luck, n_villages)
    return numbers[order], first


@compiled
def _give(book, home, ends, givers, cases, minutes, kind):
    """Let people do what is left of cases, from a first task on, as neighbours of a kind.

    Returns:
        The numbers of hand-overs and of limits, and the book with room for all of them.
    """
    (rows, gifts, left, received, given, limits), household = book, home[2]
    (relation, first), (k, m) = kind, ends
    gifts, limits = with_room(gifts, k, len(cases)), with_room(limits, m, len(cases))
    for at in range(len(cases)):
        i, case, offer = givers[at], cases[at], minutes[at]
        if i != rows[case] and (
            left[case, COMPANY] > 0 or (first == INSTRUMENTAL and left[case, INSTRUMENTAL] > 0)
        ):
            note_limit(limits, m, i, offer)
            m += 1
            together = (
                relation == PAIR and household[i] == household[rows[case]]
            )  # others are of two households
            where = SAME_HOME if together else SAME_VILLAGE
            done = hand_over(gifts, k, i, case, relation, where, offer, first, COMPANY, left, received)
            given[i] += done
            k += done > 0
    return (k, m), (rows, gifts, left, received, given, limits)


PROCESS = Process(
    name="neighbour_care",
    run=lend_a_hand,
    source="neighbours",
    settles=True,
    reads=("need", "given", "pair", "arrangement", "born", "state", "village", "household", "place",
           "disability", "dementia", "key", "village.home", "village.trust", "parameters.mutual_aid",
           "parameters.needs", "parameters.grandchild_care"),
    writes=("given",),
    meaning="Members of happiness homes, mutual-aid partners and neighbours lend one another a hand.",
    parameters=NeighbourCare,
)  # fmt: skip
