"""Neighbour care: members of happiness homes, mutual-aid partners and neighbours lend one another a hand."""

from __future__ import annotations

import numpy as np

from caresim.agents.candidates import draws_of
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
    parameters: NeighbourCare = world.parameters["neighbour_care"]
    health = people["disability"], people["dementia"]
    for kernel, particulars in (
        (keep_company, (*health, people["arrangement"], villages.home, int(60.0 * parameters.home_hours),
                        world.parameters["mutual_aid"].participation, draws.word(JOINS, 0))),
        (help_partners, (*health, people["state"], people["pair"], people.n, int(60.0 * parameters.pair_hours))),
        (help_neighbours, (*health, people["place"], people["born"], world.elders, world.elder_keys(), villages.trust,
                           occupied(world),
                           people.n_households, parameters.hours, parameters.willing,
                           month - 12 * parameters.until_age, int(60.0 * world.parameters["needs"].busy_hours),
                           draws.stream(ASK, month), draws.stream(OFFER, month))),
    ):  # fmt: skip
        care.make_room(len(care.rows))
        book = care.rows, care.gifts, care.left, care.received, people["given"], people["capacity"]
        home = people["key"], people["village"], people["household"]
        care.n_gifts = kernel(care.n_gifts, book, home, *particulars)


@compiled
def keep_company(k, book, home, disability, dementia, arrangement, kept, minutes, participation, word):
    """Let each member of a happiness home keep the next one company, the last the first; return hand-overs."""
    rows, (key, village, _) = book[0], home
    members = []
    for case in range(len(rows)):
        i = rows[case]
        able = disability[i] <= 1 and dementia[i] == 0
        if kept[village[i]] and able and arrangement[i] & ALONE and uniform(word, key[i]) < participation:
            members.append(case)
    order = np.argsort(np.array([key[rows[case]] for case in members], dtype=np.uint64))
    cases = np.array([members[at] for at in order], dtype=np.int64)
    givers = np.full(len(cases), NOBODY, dtype=np.int64)
    last = np.full(len(kept), NOBODY, dtype=np.int64)
    for case in cases:
        last[village[rows[case]]] = rows[case]
    for at in range(len(cases)):
        i = rows[cases[at]]
        givers[at] = last[village[i]]
        last[village[i]] = i
    others = givers != rows[cases]
    return _give(book, home, k, givers[others], cases[others], PEER, np.full(len(cases), minutes), COMPANY)


@compiled
def help_partners(k, book, home, disability, dementia, state, pair, n, minutes):
    """Let able partners of mutual-aid pairs help one another; return the number of hand-overs."""
    rows = book[0]
    cases = []
    for case in range(len(rows)):
        mate = pair[rows[case]]
        if mate != NOBODY and is_able(mate, n, state, disability, dementia):
            cases.append(case)
    helped = np.array(cases, dtype=np.int64)
    return _give(book, home, k, pair[rows[helped]], helped, PAIR, np.full(len(helped), minutes), INSTRUMENTAL)


@compiled
def help_neighbours(k, book, home, disability, dementia, place, born, elders, elder_keys, trust, occupied, n_households,
                    hours,                    willing, latest, busy, ask, offer):  # fmt: skip
    """Let the willing neighbours of a village help one case each, as far as either go; return hand-overs."""
    (rows, _, left, _, given, _), (key, village, household) = book, home
    needy = np.zeros(n_households + 1, dtype=np.bool_)
    asking = np.empty(len(rows), dtype=np.int64)
    m = 0
    for case in range(len(rows)):
        some = left[case, INSTRUMENTAL] + left[case, COMPANY] > 0
        needy[household[rows[case]]] |= some or left[case, PERSONAL] > 0
        asking[m] = case
        m += some
    helping = np.empty(len(elders), dtype=np.int64)
    h = 0
    luck = draws_of(offer, elder_keys)
    for j in range(len(elders)):
        i = elders[j]
        if luck[j] < willing and disability[i] == 0 and dementia[i] == 0:
            free = given[i] + occupied[i] < busy and not needy[household[i]]
            if free and born[i] > latest and place[i] != INSTITUTION:
                helping[h] = i
                h += 1
    cases, cases_from = _by_village(asking[:m], rows[asking[:m]], key, village, len(trust), ask)
    helpers, helpers_from = _by_village(helping[:h], helping[:h], key, village, len(trust), offer)
    met, minutes = np.full(h, NOBODY, dtype=np.int64), np.zeros(h, dtype=np.int64)
    for v in range(len(trust)):
        first, there = cases_from[v], helpers_from[v]
        for at in range(min(cases_from[v + 1] - first, helpers_from[v + 1] - there)):
            met[there + at] = cases[first + at]
            minutes[there + at] = int(60.0 * hours * trust[v])
    some = met != NOBODY
    return _give(book, home, k, helpers[some], met[some], NEIGHBOUR, minutes[some], INSTRUMENTAL)


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
def _give(book, home, k, givers, cases, relation, minutes, first):
    """Let people do what is left of cases from task `first` on; return the number of hand-overs."""
    (rows, gifts, left, received, given, capacity), household = book, home[2]
    for at in range(len(cases)):
        i, case, offer = givers[at], cases[at], minutes[at]
        if left[case, COMPANY] > 0 or (first == INSTRUMENTAL and left[case, INSTRUMENTAL] > 0):
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
