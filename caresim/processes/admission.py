"""Admission: elders consider a care home, queue for a bed, move in, and move out again."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.agents.founding import found_first
from caresim.agents.home_choice import (
    FEN,
    age_of,
    attraction,
    net_price,
    priority_of,
    probability,
    support_of,
    wants_home,
)
from caresim.agents.home_moves import first_residents, move_in, send_home
from caresim.agents.institutions import COLUMNS, DEPENDENT, FIRST_WAITING, NO_HOME, PRIVATE, Homes
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, NOBODY
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform, uniform_k
from caresim.kernel.parameters import Parameters, ascending, parameter

CONSIDER = purpose("admission.consider")
LEAVE = purpose("admission.leave")
STIGMA = purpose("admission.stigma")
FIRST = purpose("admission.first")
READ = ("disability", "born", "arrangement", "means", "income", "transfers", "benefits", "spouse", "unmet", "mood",
        "village", "key")  # fmt: skip
STAYS, MOVES, RECOVERED, UNPAID, CHOSEN, CLOSED = range(6)
"""What becomes of a resident this month."""


class Admission(Parameters):
    """Who considers a care home, what counts in the choice, and how stays end."""

    consider: float = parameter(
        0.03, unit="probability per month", low=0.01, high=0.06,
        meaning="An elder with an ADL limitation, alone at 75 and over, or destitute considers a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    base: float = parameter(
        -1.9, unit="log odds", limits=(-20.0, 20.0), low=-3.0, high=-1.0,
        meaning="Attraction of a home of middling quality next door for a price of one income; fitted so that .7 to 1.0 "
        "per cent of the elders of a rural county live in homes.", source="recalled_homes", evidence="fitted",
    )  # fmt: skip
    price: float = parameter(
        1.0, unit="log odds", limits=(0.0, 10.0), low=0.5, high=2.4,
        meaning="Loss of attraction with the logarithm of the net price over income (an elasticity near -1).",
        source="home_choice_us", evidence="verified",
    )  # fmt: skip
    quality: float = parameter(
        1.5, unit="log odds", limits=(0.0, 10.0), low=0.0, high=3.0,
        meaning="Gain with reputed quality, from none to all; 0 switches the feedback off.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    distance: float = parameter(
        0.4, unit="log odds", limits=(0.0, 5.0), low=0.1, high=0.8,
        meaning="Loss with the logarithm of 1 + kilometres.", source="judgement", evidence="judgement",
    )  # fmt: skip
    with_child: float = parameter(
        1.39, unit="log odds", limits=(0.0, 5.0), low=0.9, high=1.9,
        meaning="Loss if an adult child lives in the house (odds ratio .25).", source="home_choice_china",
        evidence="derived",
    )  # fmt: skip
    with_spouse: float = parameter(
        0.76, unit="log odds", limits=(0.0, 5.0), low=0.4, high=1.1,
        meaning="Loss with a living spouse (odds ratio .47).", source="home_choice_china", evidence="derived",
    )  # fmt: skip
    oldest: float = parameter(
        0.81, unit="log odds", limits=(-3.0, 5.0), low=0.4, high=1.2,
        meaning="Gain at 80 and over (odds ratio 2.25).", source="home_choice_china", evidence="derived",
    )  # fmt: skip
    unmet: float = parameter(
        1.2, unit="log odds", limits=(0.0, 5.0), low=0.0, high=2.0,
        meaning="Gain if none of the need for care is met.", source="judgement", evidence="judgement",
    )  # fmt: skip
    lonely: float = parameter(
        0.3, unit="log odds", limits=(-3.0, 5.0), low=0.0, high=0.6,
        meaning="Gain of the lonely.", source="judgement", evidence="judgement",
    )  # fmt: skip
    stigma: float = parameter(
        1.0, unit="log odds", limits=(0.0, 5.0), low=0.0, high=2.0,
        meaning="Loss from the village's shame of living in a home, from none to all.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    stigma_low: float = parameter(
        0.2, unit="share", low=0.0, high=0.5, meaning="Shame in the village with the least.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    stigma_high: float = parameter(
        0.8, unit="share", low=0.5, high=1.0, meaning="Shame in the village with the most.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    spendable: float = parameter(
        0.9, unit="share", low=0.7, high=1.0,
        meaning="Share of own income, children's gifts and public cash that an elder can spend on a home.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    savings_months: float = parameter(
        36.0, unit="months", limits=(1.0, 240.0), low=24.0, high=60.0,
        meaning="Months over which savings are spent on a home.", source="judgement", evidence="judgement",
    )  # fmt: skip
    first_share: float = parameter(
        0.0085, unit="share", low=0.007, high=0.01,
        meaning="Share of elders who live in homes at the start, as far as beds go.", source="recalled_homes",
        evidence="recalled",
    )  # fmt: skip
    recovered: float = parameter(
        0.1, unit="probability per month", low=0.05, high=0.3,
        meaning="A resident under 75 without an ADL limitation, who has means, moves home.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    unpaid: float = parameter(
        0.25, unit="probability per month", low=0.1, high=1.0,
        meaning="A resident who can no longer pay moves home.", source="judgement", evidence="judgement",
    )  # fmt: skip
    leave: float = parameter(
        0.006, unit="probability per month", low=0.0, high=0.02,
        meaning="A resident moves home by choice; with deaths and recoveries a stay lasts some 36 months.",
        source="judgement", evidence="fitted",
    )  # fmt: skip
    aid_destitute: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident who is destitute; measures add to it.", source="judgement",
        evidence="judgement",
    )  # fmt: skip
    aid_poor: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident below the local minimum.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_severe: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident in state 3.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_moderate: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident in state 2.", source="judgement", evidence="judgement",
    )  # fmt: skip
    aid_oldest: float = parameter(
        0.0, unit="yuan per month", limits=(0.0, 20000.0), low=0.0, high=2000.0, local=True,
        meaning="Public support of a resident of 80 and over.", source="judgement", evidence="judgement",
    )  # fmt: skip

    _order = ascending("stigma_low", "stigma_high")

    def weights(self) -> np.ndarray:
        """Return the coefficients in the order that the rule of choice takes them."""
        return np.array([self.base, self.price, self.quality, self.distance, self.with_child, self.with_spouse,
                         self.oldest, self.unmet, self.lonely, self.stigma])  # fmt: skip


def admit(world: World) -> None:
    """Let residents leave, let elders consider, and fill free beds in the order of the queue."""
    homes, people, month = world.homes, world.people, world.month
    homes.open_month()
    if len(homes) == 0:
        return
    rules: Admission = world.parameters["admission"]
    stream = world.draws.stream(CONSIDER, month)
    inside, waiting, fresh = look_around(
        *(people[name] for name in ("state", "place", "home", "disability", "arrangement", "means", "born", "key")),
        people.n, month, rules.consider, stream,
    )  # fmt: skip
    market = _market(world, rules)
    movers, staying = _let_leave(world, rules, inside, market)
    queue = np.concatenate([movers, waiting, fresh])
    kind = np.repeat([2, 1, 0], [len(movers), len(waiting), len(fresh)]).astype(np.int8)
    since = np.where(kind == 1, people["home_since"][queue], month)
    rank = ranks(queue, people["disability"], people["means"])
    order = np.lexsort((people["key"][queue], since, -rank))
    queue, kind, since, rank = queue[order], kind[order], since[order], rank[order]
    target, free = fill_beds(
        queue, kind, rank, staying, people["home"], *market, *_reserved(world, staying), rules.weights(), month, stream
    )
    _carry_out(world, queue, kind, since, rank, target, free)


def _market(world: World, rules: Admission) -> tuple[Any, ...]:
    """Return what the rules of choice read: of people, of villages, of homes."""
    people, homes, territory = world.people, world.homes, world.territory
    rules_of_homes = world.parameters["homes"]
    support = np.stack([world.by_village(f"admission.aid_{who}")
                        for who in ("destitute", "poor", "severe", "moderate", "oldest")], axis=1)  # fmt: skip
    growth = world.parameters["income"].growth(year_of(world.month))
    ceiling = world.by_village("homes.price_most")[homes["village"]]
    price = np.minimum(homes.price * growth * rules_of_homes.price_level, ceiling[:, None])
    savings = people.arrays.get("savings", np.zeros(0, dtype=np.int64))
    return (
        *(people[name] for name in READ), savings, rules.spendable, rules.savings_months, support,
        territory.x, territory.y, territory.stigma, price,
        *(homes[name] for name in ("x", "y", "ownership", "nursing", "reputation")),
        np.where(homes.open & ~homes["closing"], homes["beds"], 0),
    )  # fmt: skip


def _let_leave(
    world: World, rules: Admission, inside: np.ndarray, market: tuple[Any, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Let residents move out; return those who look for another home because theirs closes, and those who stay."""
    people, homes = world.people, world.homes
    fate = fates(
        inside, people["home"], homes["closing"], *market, rules.recovered, rules.unpaid, rules.leave, world.month,
        world.draws.stream(LEAVE, world.month),
    )  # fmt: skip
    closing = homes["closing"].copy()
    homes["closed"][closing], homes["closing"][:] = world.month, False
    homes.exits = int(closing.sum())
    movers = inside[fate == MOVES]
    going = inside[fate > MOVES]
    for reason in (RECOVERED, UNPAID, CHOSEN):
        homes.left[reason - RECOVERED] = int(np.count_nonzero(fate == reason))
    send_home(people, going, world.month)
    return movers, inside[fate == STAYS]


def _reserved(world: World, staying: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return beds in use, nursing beds in use, reserved beds, and basic targets inside, by home."""
    people, homes = world.people, world.homes
    n, home = len(homes), people["home"][staying]
    share = world.by_village("homes.reserved_share")[homes["village"]]
    reserved = np.where(homes["ownership"] == PRIVATE, 0, np.floor(share * homes["beds"])).astype(np.int64)
    dependent = people["disability"][staying] >= DEPENDENT
    basic = ranks(staying, people["disability"], people["means"]) > 0
    counts = (np.bincount(home[who], minlength=n) for who in (slice(None), dependent, basic))
    used, nursing, targets = counts
    return used, nursing, reserved, targets


def _carry_out(world: World, queue: np.ndarray, kind: np.ndarray, since: np.ndarray, rank: np.ndarray,
               target: np.ndarray, free: np.ndarray) -> None:  # fmt: skip
    """Let those with a bed move in; note the others as waiting, send home who came from a closed home."""
    people, homes, month = world.people, world.homes, world.month
    stranded = queue[(kind == 2) & ~free]
    homes.left[CLOSED - RECOVERED] = len(stranded)
    send_home(people, stranded, month)
    people["home"][queue[~free]] = np.where(target[~free] >= 0, FIRST_WAITING - target[~free], NO_HOME)
    people["home_since"][queue[~free]] = since[~free]
    homes.admitted = np.stack([queue[free], target[free], rank[free], since[free]], axis=1)
    waits = ~free & (target >= 0)
    dependent = people["disability"][queue[waits]] >= DEPENDENT
    homes.refused = np.stack([queue[waits], target[waits], rank[waits], since[waits], dependent], axis=1)
    homes.waits = month - since[free & (kind < 2)]
    move_in(people, queue[free], target[free], month)


def begin(world: World) -> None:
    """Draw each village's shame, found the homes of the start, and let their first residents live there."""
    rules: Admission = world.parameters["admission"]
    word = world.draws.word(STIGMA, 0)
    spread = rules.stigma_high - rules.stigma_low
    luck = [uniform(word, np.uint64(key)) for key in world.territory.key]
    world.territory.stigma[:] = rules.stigma_low + spread * np.array(luck)
    found_first(world, world.parameters["homes"])
    if len(world.homes) > 0:
        _settle_first(world, rules)


def _settle_first(world: World, rules: Admission) -> None:
    people, homes = world.people, world.homes
    elders = people.who(LIVING_RESIDENT | ELDER)
    most = min(int(rules.first_share * len(elders) + 0.5), int(0.9 * homes.beds))
    minimum = world.parameters["income"].minimum_fen(year_of(world.month))
    market = _market(world, rules)
    rows, destitute = first_residents(
        elders, *(people[name] for name in ("disability", "born", "spouse", "household", "income", "transfers", "key",
                                            "first_child", "next_maternal", "next_paternal", "state")),
        people.n, world.month, minimum, rules.spendable, float(np.min(market[len(READ) + 7])), rules.weights(),
        world.draws.word(FIRST, 0), most,
    )  # fmt: skip
    move_in(people, rows, _first_homes(homes, destitute), world.month)


def _first_homes(homes: Homes, destitute: np.ndarray) -> np.ndarray:
    """Return the home of each first resident: the destitute in homes built by the public, the others everywhere."""
    beds = np.repeat(np.arange(len(homes)), homes["beds"])
    public = np.flatnonzero(homes["ownership"][beds] != PRIVATE)
    taken = public[_evenly(min(int(destitute.sum()), len(public)), len(public))]
    left = np.setdiff1d(np.arange(len(beds)), taken)
    others = left[_evenly(len(destitute) - len(taken), len(left))]
    placed = np.zeros(len(destitute), dtype=np.int64)
    order = np.argsort(~destitute, kind="stable")
    placed[order] = beds[np.concatenate([taken, others])]
    return placed


def _evenly(n: int, among: int) -> np.ndarray:
    return np.arange(n) * among // max(1, n)


@compiled
def look_around(state, place, home, disability, arrangement, means, born, key, n, month, consider, stream):
    """Strike who no longer lives in a home or waits for one; return residents, those who wait, those who consider."""
    inside, waiting, fresh = [], [], []
    elder = LIVING_RESIDENT | ELDER
    for i in range(n):
        if state[i] & elder != elder:
            home[i] = NO_HOME
        elif place[i] == INSTITUTION:
            if home[i] >= 0:
                inside.append(i)
        else:
            wants = wants_home(disability[i], arrangement[i], means[i], age_of(month, born[i]))
            if home[i] <= FIRST_WAITING and wants:
                waiting.append(i)
            else:
                home[i] = NO_HOME
                if wants and uniform(stream, key[i]) < consider:
                    fresh.append(i)
    return (
        np.array(inside, dtype=np.int64),
        np.array(waiting, dtype=np.int64),
        np.array(fresh, dtype=np.int64),
    )


@compiled
def ranks(rows, disability, means):
    """Return the class of priority of some elders."""
    found = np.zeros(len(rows), dtype=np.int64)
    for j in range(len(rows)):
        found[j] = priority_of(disability[rows[j]], means[rows[j]])
    return found


@compiled
def offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood, village, savings,
          spendable, savings_months, aid, village_x, village_y, stigma, price, home_x, home_y, ownership, reputation,
          weight, month):  # fmt: skip
    """Return a home's attraction for an elder, and whether the elder can pay."""
    age, v = age_of(month, born[i]), village[i]
    yuan = (max(0, income[i]) + transfers[i] + benefits[i]) / FEN
    cost = price[h, disability[i]]
    support = support_of(disability[i], means[i], age, aid[v])
    net = net_price(cost, support, spendable * yuan, means[i], ownership[h])
    put_by = max(0, savings[i]) / FEN / savings_months if len(savings) > 0 else 0.0
    east, north = village_x[v] - home_x[h], village_y[v] - home_y[h]
    km = np.sqrt(np.float64(east * east + north * north))
    value = attraction(net, cost, yuan, reputation[h], km, arrangement[i], spouse[i] != NOBODY, age, unmet[i] / 250.0,
                       mood[i], stigma[v], weight)  # fmt: skip
    return value, net <= spendable * yuan + put_by


@compiled
def fates(inside, home, closing, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood,
          village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x, home_y,
          ownership, nursing, reputation, beds, recovered, unpaid, leave, month, stream):  # fmt: skip
    """Return what becomes of each resident."""
    found = np.zeros(len(inside), dtype=np.int8)
    weight = np.zeros(10)
    for j in range(len(inside)):
        i = inside[j]
        h = np.int64(home[i])
        _, pays = offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet, mood,
                        village, savings, spendable, savings_months, aid, village_x, village_y, stigma, price, home_x,
                        home_y, ownership, reputation, weight, month)  # fmt: skip
        well = disability[i] < DEPENDENT and not wants_home(0, 1, means[i], age_of(month, born[i]))
        if closing[h]:
            found[j] = MOVES
        elif well and uniform_k(stream, key[i], 0) < recovered:
            found[j] = RECOVERED
        elif not pays and uniform_k(stream, key[i], 1) < unpaid:
            found[j] = UNPAID
        elif uniform_k(stream, key[i], 2) < leave:
            found[j] = CHOSEN
    return found


@compiled
def fill_beds(queue, kind, rank, staying, home, disability, born, arrangement, means, income, transfers, benefits,
              spouse, unmet, mood, village, key, savings, spendable, savings_months, aid, village_x, village_y, stigma,
              price, home_x, home_y, ownership, nursing, reputation, beds, used, used_nursing, reserved, targets, weight,
              month, stream):  # fmt: skip
    """Give free beds away in the order of the queue.

    Returns:
        For each elder of the queue the home, or nobody's if none is wanted or can be paid; and whether it has a bed.
    """
    target = np.full(len(queue), NO_HOME, dtype=np.int64)
    free = np.zeros(len(queue), dtype=np.bool_)
    for j in range(len(queue)):
        i = queue[j]
        dependent = disability[i] >= DEPENDENT
        best, best_free, high, high_free = NO_HOME, NO_HOME, -np.inf, -np.inf
        for h in range(len(beds)):
            if beds[h] == 0 or (dependent and nursing[h] == 0):
                continue
            value, pays = offer(i, h, disability, born, arrangement, means, income, transfers, benefits, spouse, unmet,
                                mood, village, savings, spendable, savings_months, aid, village_x, village_y, stigma,
                                price, home_x, home_y, ownership, reputation, weight, month)  # fmt: skip
            if not pays:
                continue
            if value > high:
                best, high = h, value
            kept = max(0, reserved[h] - targets[h]) if rank[j] == 0 else 0
            bed = beds[h] - used[h] > kept and (not dependent or used_nursing[h] < nursing[h])
            if bed and value > high_free:
                best_free, high_free = h, value
        if best != NO_HOME and kind[j] == 0:
            odds = high_free if best_free != NO_HOME else high
            if uniform_k(stream, key[i], 0) >= probability(odds):
                best, best_free = NO_HOME, NO_HOME
        if best_free != NO_HOME:
            target[j], free[j] = best_free, True
            used[best_free] += 1
            used_nursing[best_free] += dependent
            targets[best_free] += rank[j] > 0
        else:
            target[j] = best
    return target, free


PROCESS = Process(
    name="admission",
    run=admit,
    begin=begin,
    reads=("state", "place", "disability", "born", "arrangement", "means", "income", "transfers", "benefits", "spouse",
           "unmet", "mood", "village", "household", "first_child", "village.stigma", "parameters.homes",
           "parameters.income"),
    writes=("home", "home_since", "place", "household"),
    meaning="Elders who need care, or have nobody, consider a care home, queue for a bed, move in and out.",
    parameters=Admission,
    columns=COLUMNS,
)  # fmt: skip
