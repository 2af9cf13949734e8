"""Neighbour care: members of happiness homes, mutual-aid partners and neighbours lend one another a hand."""

from __future__ import annotations

import numpy as np

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
)
from caresim.agents.grandchildren import occupied
from caresim.agents.people import INSTITUTION
from caresim.agents.service import in_turn
from caresim.agents.world import Process, World
from caresim.kernel.columns import NOBODY
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

JOINS = purpose("mutual_aid.member")
ASK = purpose("neighbour_care.ask")
OFFER = purpose("neighbour_care.offer")
READ = ("given", "capacity", "key", "village", "household", "disability", "dementia", "arrangement", "state", "pair",
        "place", "born")  # fmt: skip
"""The columns in the order in which the rules take them."""


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
    people, care, villages, draws, month = world.people, world.care, world.territory, world.draws, world.month
    given: NeighbourCare = world.parameters["neighbour_care"]
    word = world.once("neighbour_care.members", JOINS, lambda: draws.word(JOINS, 0))
    care.make_room(3 * len(care.rows))
    care.n_gifts, care.met_in_homes = help_one_another(
        care.n_gifts, care.rows, care.gifts, care.left, care.received, *[people[name] for name in READ], people.n,
        people.n_households, villages.home, villages.trust, world.elders, world.elder_keys(), occupied(world),
        int(60.0 * given.home_hours), world.parameters["mutual_aid"].participation, word,
        int(60.0 * given.pair_hours), given.hours, given.willing, month - 12 * given.until_age,
        int(60.0 * world.parameters["needs"].busy_hours), draws.stream(ASK, month), draws.stream(OFFER, month),
    )  # fmt: skip


@compiled
def help_one_another(k, rows, gifts, left, received, given, capacity, key, village, household, disability, dementia,
                     arrangement, state, pair, place, born, n, n_households, kept, trust, elders, elder_keys, occupied,
                     home_minutes, participation, word, pair_minutes, hours, willing, latest, busy, ask,
                     offer):  # fmt: skip
    """Let homes, then pairs, then neighbours hand over; return the hand-overs, and those in homes among them."""
    book, home = (rows, gifts, left, received, given, capacity), (key, village, household)
    before = k
    k = keep_company(
        k, book, home, disability, dementia, arrangement, kept, home_minutes, participation, word
    )
    met = k - before
    k = help_partners(k, book, home, disability, dementia, state, pair, n, pair_minutes)
    k = help_neighbours(
        k, book, home, disability, dementia, place, born, elders, elder_keys, trust, occupied, n_households, hours,
        willing, latest, busy, ask, offer,
    )  # fmt: skip
    return k, met


@compiled
def keep_company(k, book, home, disability, dementia, arrangement, kept, minutes, participation, word):
    """Let each member of a happiness home keep the next one company, the last the first; return hand-overs."""
    rows, (key, village, _) = book[0], home
    if not kept.any():
        return k
    alone = np.empty(len(rows) + 1, dtype=np.uint32)
    a = 0
    for case in range(len(rows)):
        i = np.uint64(rows[case])
        alone[a] = case
        a += (arrangement[i] & ALONE != 0) & (disability[i] <= 1) & (dementia[i] == 0)
    cases = np.empty(a, dtype=np.int64)
    m = 0
    for case in alone[:a]:
        i = rows[case]
        if kept[village[i]] and uniform(word, key[i]) < participation:
            cases[m] = case
            m += 1
    cases = cases[:m][np.argsort(key[rows[cases[:m]]])]
    givers, last = np.empty(m, dtype=np.int64), np.full(len(kept), NOBODY, dtype=np.int64)
    for case in cases:
        last[village[rows[case]]] = rows[case]
    for at in range(m):
        i = rows[cases[at]]
        givers[at] = last[village[i]]
        last[village[i]] = i
    return _give(book, home, k, givers, cases, m, PEER, np.full(m, minutes), COMPANY)


@compiled
def help_partners(k, book, home, disability, dementia, state, pair, n, minutes):
    """Let able partners of mutual-aid pairs help one another; return the number of hand-overs."""
    rows = book[0]
    paired = np.empty(len(rows) + 1, dtype=np.uint32)
    p = 0
    for case in range(len(rows)):
        paired[p] = case
        p += pair[np.uint64(rows[case])] != NOBODY
    givers, cases = np.empty(p, dtype=np.int64), np.empty(p, dtype=np.int64)
    m = 0
    for case in paired[:p]:
        mate = pair[rows[case]]
        givers[m], cases[m] = mate, case
        m += is_able(mate, n, state, disability, dementia)
    return _give(book, home, k, givers, cases, m, PAIR, np.full(m, minutes), INSTRUMENTAL)


@compiled
def help_neighbours(k, book, home, disability, dementia, place, born, elders, elder_keys, trust, occupied, n_households,
                    hours, willing, latest, busy, ask, offer):  # fmt: skip
    """Let the willing neighbours of a village help one case each, as far as either go; return hand-overs."""
    (rows, _, left, _, given, _), (key, village, household) = book, home
    needy = np.zeros(n_households + 1, dtype=np.bool_)
    asking = np.empty(len(rows) + 1, dtype=np.int64)
    m = 0
    for case in range(len(rows)):
        some = left[case, INSTRUMENTAL] + left[case, COMPANY] > 0
        needy[household[np.uint64(rows[case])]] |= some | (left[case, PERSONAL] > 0)
        asking[m] = case
        m += some
    helping = _lucky(offer, elder_keys, willing)
    h = 0
    for j in helping:
        i = elders[j]
        if disability[i] == 0 and dementia[i] == 0 and born[i] > latest and place[i] != INSTITUTION:
            free = given[i] + occupied[i] < busy and not needy[household[i]]
            helping[h] = i
            h += free
    cases, cases_from = _by_village(asking[:m], rows[asking[:m]], key, village, len(trust), ask)
    helpers, helpers_from = _by_village(helping[:h], helping[:h], key, village, len(trust), offer)
    minutes = np.empty(h, dtype=np.int64)
    met = 0
    for v in range(len(trust)):
        first, there = cases_from[v], helpers_from[v]
        for at in range(min(cases_from[v + 1] - first, helpers_from[v + 1] - there)):
            cases[met], helpers[met], minutes[met] = (
                cases[first + at],
                helpers[there + at],
                int(60.0 * hours * trust[v]),
            )
            met += 1
    return _give(book, home, k, helpers, cases, met, NEIGHBOUR, minutes, INSTRUMENTAL)


@compiled
def _lucky(stream, keys, share):
    """Return the places of the keys whose draw is below a share; those side by side are drawn several at once."""
    below, places = np.empty(len(keys), dtype=np.uint8), np.empty(len(keys) + 1, dtype=np.int64)
    for j in range(len(keys)):
        below[j] = uniform(stream, keys[j]) < share
    found = 0
    for j in range(len(keys)):
        places[found] = j
        found += below[j]
    return places[:found]


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
def _give(book, home, k, givers, cases, number, relation, minutes, first):
    """Let so many people do what is left of cases from task `first` on; return the number of hand-overs."""
    (rows, gifts, left, received, given, capacity), household = book, home[2]
    for at in range(number):
        i, case, offer = givers[at], cases[at], minutes[at]
        if i != rows[case] and (
            left[case, COMPANY] > 0 or (first == INSTRUMENTAL and left[case, INSTRUMENTAL] > 0)
        ):
            capacity[i] += offer
            where = SAME_HOME if household[i] == household[rows[case]] else SAME_VILLAGE
            done = hand_over(gifts, k, i, case, relation, where, offer, first, COMPANY, left, received)
            given[i] += done
            k += done > 0
    return k


PROCESS = Process(
    name="neighbour_care",
    run=lend_a_hand,
    source="neighbours",
    settles=True,
    reads=("need", "given", "pair", "arrangement", "born", "state", "village", "household", "place", "disability",
           "dementia", "grandchild_minutes", "parameters.mutual_aid", "parameters.needs"),
    writes=("given", "capacity"),
    meaning="Members of happiness homes, mutual-aid partners and neighbours lend one another a hand.",
    parameters=NeighbourCare,
)  # fmt: skip
