"""The time bank: members serve elders who pay with hours that they earned, were given or inherited."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.bank_reach import keep_members, known_to_bank, leave_out
from caresim.agents.bank_rules import TASK_NAMES, TimeBankRules
from caresim.agents.care import ALONE, CHILD_NEAR, MEMBER, note_limits, with_room
from caresim.agents.claims import buy, list_requests, pay, put_back, set_aside
from caresim.agents.digital import SKILL
from caresim.agents.grandchildren import occupied
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.agents.registers import kept_register, turn_out
from caresim.agents.service import fit_residents, marked, serve
from caresim.agents.time_bank import cap, endow, gathered, lose_records, settle_departed, spread
from caresim.agents.workforce import affordable_minutes, cost_of, hour_price, workers_of
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, streams, uniform

JOIN, LOSS, ASK, RENEW, ACTIVE, TIME, PAPER = (
    purpose(f"time_bank.{what}") for what in ("join", "loss", "ask", "renew", "active", "time", "paper")
)
PROPENSITY = purpose("volunteering.propensity")
"""The lasting draw that volunteers have too: the same people are keen."""
MONTHLY = LOSS, ASK, ACTIVE, TIME
OF_PEOPLE = itemgetter(
    "state", "born", "disability", "dementia", "key", "given", "member", "first_child",
    "next_maternal", "next_paternal", "village", "household", "arrangement", "place", "income", "transfers",
)  # fmt: skip
TERMS = "time_bank.terms"
NO_ORDER = np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64), 0.0, 0
"""Teams, their minutes, the part that government buys and the most that it can: it buys nothing."""
YOUNGEST, OLDEST = 45, 77
EIGHTY = 80 * 12
MILLION = 1_000_000
RESIDENT_ELDER = LIVING_RESIDENT | ELDER
SERVED_WEIGHT, FLOOR = 0.8, 0.1
"""Confidence tends to FLOOR when nothing that was requested is served, and to so much more when all is."""


def run_bank(world: World) -> None:
    """Let the bank act for a month: settle, endow, take requests, serve, buy, and judge its credit."""
    rules: TimeBankRules = world.parameters["time_bank"]
    if rules.open:
        where = world.only_in(rules.rollout) if rules.rollout < 1.0 else None
        if where is None or where.any():
            enrol(world, rules, where)
            hold_month(world, rules, where)
            return
    if world.bank.in_use:
        close(world)


def close(world: World) -> None:
    """Let the pool take what the departed hold, and dismiss the members of a bank that closes; balances stay."""
    people, bank = world.people, world.bank
    coins = spread(bank.holders, bank.balances, people.n)
    flows = bank.turn(world.month)
    flows.departed += settle_departed(bank.holders, coins, bank.accounts, people["state"])
    bank.holders, bank.balances = gathered(coins)
    if bank.opened is not None:
        bank.opened = None
        people["member"][:] = 0


def enrol(world: World, rules: TimeBankRules, where: np.ndarray | None) -> None:
    """Register members when the bank opens, each January, and where it is new; only who lives where it acts stays."""
    bank, before = world.bank, world.bank.where
    bank.where = where
    if bank.opened is None:
        bank.opened, bank.confidence = world.month, rules.confidence_start
        register_all(world, rules)
    elif is_january(world.month):
        register_all(world, rules)
    elif where is not before and before is not None:
        register_further(world, rules, before)
    if where is not None:
        keep_members(world, where)


def register_further(world: World, rules: TimeBankRules, before: np.ndarray) -> None:
    """Register members in villages to which the bank is new; in the others they wait for January, as everywhere."""
    people, n = world.people, world.people.n
    members, known = people["member"][:n].copy(), before[people["village"][:n]]
    register_all(world, rules)
    people["member"][:n][known] = members[known]


def register_all(world: World, rules: TimeBankRules) -> None:
    """Register the members of all villages anew."""
    people = world.people
    join(
        *(people[name] for name in ("member", "state", "place", "born", "disability", "dementia", "key")), people.n,
        world.month, rules.registration, world.draws.word(JOIN, 0),
    )  # fmt: skip


def terms_of(
    world: World, rules: TimeBankRules, beta: Any, needs: Any, income: Any, skill: Any
) -> tuple[Any, ...]:
    """Return the rules as numbers, what is not asked of the bank (see `withhold`), if anything, and propensities."""
    year, endowment = year_of(world.month), int(60.0 * rules.endowment)
    house, company = (1.0, 1.0) if rules.tasks == TASK_NAMES and all(rules.parts) else rules.served()
    known = skill is not None and SKILL in world.people.arrays
    digital = rules.digital * (1.0 - skill.helped) if known else 0.0
    terms = (
        rules.loss_year / 12.0 * (1.0 - rules.digital), rules.loss_part, endowment,
        income.minimum_fen(year) if endowment > 0 else 0, int(60.0 * rules.ceiling),
        rules.gifts, int(60.0 * rules.most_hours), rules.prices(),
        int(60.0 * needs.busy_hours), rules.hours,
    )  # fmt: skip
    asked = None if house == company == 1.0 and digital <= 0.0 else (house, company, digital)
    return terms, asked, (beta.propensity_a, beta.propensity_b)


def withhold(world: World, house: float, company: float, digital: float) -> np.ndarray:
    """Set aside what is not asked of the bank: tasks that are not on its list, and all needs of those it cannot reach.

    An elder whose account is kept digitally asks only who can use digital services, or is helped to.

    Returns:
        Minutes of help in the house and of company by case, shape (m, 2).
    """
    people, care = world.people, world.care
    skill = people[SKILL] if digital > 0.0 else people["member"]
    aside: np.ndarray = set_aside(
        care.rows, care.left, house, company, skill, people["key"], digital, world.draws.word(PAPER, 0)
    )
    return aside


def hold_month(world: World, rules: TimeBankRules, where: np.ndarray | None) -> None:
    """Let members serve those who can pay, let government buy part of the rest, and move the confidence."""
    people, bank, care, territory = world.people, world.bank, world.care, world.territory
    beta, needs = world.parameters["volunteering"], world.parameters["needs"]
    when = rules, beta, needs, world.parameters.get("income"), world.parameters.get(SKILL)
    month = world.month
    terms, asked, shapes = world.once(TERMS, (when, month // 12), lambda: terms_of(world, *when))
    register = kept_register(world, "member", PROPENSITY, shapes, RENEW, rules.retention, month - month % 12)
    aside, arrays = None if asked is None else withhold(world, *asked), people.arrays
    if where is not None:
        aside, arrays = leave_out(world, where, aside), known_to_bank(world, where)
    flows, weight, price, order = bank.turn(world.month), rules.confidence_weight, 0, NO_ORDER
    if rules.backstop > 0.0:
        price = hour_price(world)
        by_village, pool, _ = workers_of(world)
        order = by_village, pool, rules.backstop, affordable_minutes(world, price)
    (
        care.gifts, care.n_gifts, care.limits, care.n_limits, departed, records, endowed, capped, flows.given,
        flows.members, flows.active, flows.propensity, flows.requested, flows.served, flows.paid, flows.bought,
        flows.redeemed, bank.holders, bank.balances,
    ) = exchange(
        *register, bank.holders, bank.balances, *OF_PEOPLE(arrays), occupied(world), care.rows, care.left,
        care.received, care.gifts, care.n_gifts, care.limits, care.n_limits, people.n, bank.accounts,
        territory.township, territory.x, territory.y, rules.reach, *terms,
        1.0 - weight + weight * bank.confidence, *order, month, world.draws.origins((), MONTHLY, month),
    )  # fmt: skip
    if aside is not None:
        put_back(aside, care.left)
    flows.departed += departed
    flows.records += records
    flows.endowed += endowed
    flows.capped += capped
    if rules.backstop > 0.0:
        flows.owed = world.money.afford(cost_of(flows.bought, price))
        world.workforce.month.backstop = flows.bought
    if flows.requested > 0:
        met = (flows.served + flows.bought) / flows.requested
        bank.confidence += rules.confidence_speed * (SERVED_WEIGHT * met + FLOOR - bank.confidence)


@compiled
def exchange(members, keys, chances, resting, holders, balances, state, born, disability, dementia, key, given,
             member, first_child, next_maternal, next_paternal, village, household, arrangement, place, income,
             transfers, occupied, rows, left, received, gifts, k, limits, m, n, accounts, township, x, y, reach, loss,
             loss_part, endowment, minimum, ceiling, by_gifts, most, prices, busy, hours, confidence, by_village,
             pool, backstop, most_bought, month, origins):  # fmt: skip
    """Settle accounts, take requests, let members serve and government buy.

    Returns:
        The hand-overs and their number, the limits and theirs, what is noted in the order of the bank's flows, who
        holds coins and how many.
    """
    losing, ask, active, time = streams(origins, month)
    coins, holders = spread(holders, balances, n), holders.astype(np.int64)
    departed = settle_departed(holders, coins, accounts, state)
    records, endowed, capped = keep_accounts(
        holders, state, coins, accounts, key, arrangement, born, place, disability, income, transfers, loss,
        loss_part, endowment, minimum, ceiling, month, losing,
    )  # fmt: skip
    cases, wishes, gifted = list_requests(
        rows, left, coins, key, state, first_child, next_maternal, next_paternal, n, by_gifts, most, prices,
        ask,
    )  # fmt: skip
    residents, propensities = look_over(members, chances, resting, state, place, disability, dementia)
    helpers, minutes, luck = turn_out(
        members, keys, chances, confidence, state, place, disability, dementia, given, member, occupied, True, busy,
        hours, active, time,
    )  # fmt: skip
    limits, m = note_limits(limits, m, helpers, minutes)
    requested = wishes.sum()
    gifts, first = with_room(gifts, k, 2 * len(cases) + len(helpers)), k
    k = serve(
        cases, wishes, helpers, minutes, luck, rows, village, household, township, x, y, reach, MEMBER, gifts, first,
        left, received, given,
    )  # fmt: skip
    served = requested - wishes.sum()
    paid = pay(gifts, first, k, rows, coins, prices)
    k, bought, redeemed = buy(
        cases, wishes, backstop, prices, coins, accounts, rows, left, received, gifts, k, village, by_village, pool,
        most_bought,
    )  # fmt: skip
    return (gifts, k, limits, m, departed, records, endowed, capped, gifted, residents, len(helpers), propensities,
            requested, served, paid, bought, redeemed, *gathered(coins))  # fmt: skip


@compiled
def keep_accounts(holders, state, coins, accounts, key, arrangement, born, place, disability, income, transfers,
                  loss, loss_part, endowment, minimum, ceiling, month, luck):  # fmt: skip
    """Lose records, endow priority elders, and cut balances to the ceiling; return the coins of each."""
    records = lose_records(holders, coins, accounts, key, loss, loss_part, luck) if loss > 0.0 else 0
    endowed = holders[:0]
    if endowment > 0:
        endowed = priority_elders(
            state, arrangement, born, place, disability, income, transfers, month, minimum
        )
    issued, capped = endow(endowed, endowment, coins, accounts), 0
    for whose in (holders, endowed):
        capped += cap(whose, ceiling, coins, accounts)
    return records, issued, capped


@compiled
def join(member, state, place, born, disability, dementia, key, n, month, registration, luck):
    """Write who is a member: healthy residents of the right age whose lasting draw is low enough."""
    member[:n] = 0
    for i in fit_residents(state, place, born, disability, dementia, n, month, YOUNGEST, OLDEST):
        member[i] = uniform(luck, key[i]) < registration


@compiled
def priority_elders(state, arrangement, born, place, disability, income, transfers, month, minimum):
    """Return the elders whom government endows: the oldest empty-nesters alone, and the poor and disabled."""
    maybe, latest = np.empty(len(arrangement), dtype=np.uint8), np.int16(month - EIGHTY)
    for i in range(len(maybe)):  # in steps of a byte, several at once
        oldest = np.uint8(born[i] <= latest)
        alone = np.uint8(arrangement[i] & (ALONE | CHILD_NEAR) == ALONE)
        limited = np.uint8(disability[i] > 0)
        here = np.uint8(state[i] & RESIDENT_ELDER == RESIDENT_ELDER)
        maybe[i] = here & (oldest & alone | ~oldest & limited)
    found, chosen = marked(maybe, len(maybe)), 0
    for i in found:
        if place[i] != INSTITUTION and (month - born[i] >= EIGHTY or income[i] + transfers[i] < minimum):
            found[chosen] = i
            chosen += 1
    return found[:chosen]


@compiled
def look_over(members, chances, resting, state, place, disability, dementia):
    """Count the living resident members, and sum the propensities, in millionths, of the able who do not rest."""
    residents, propensities = 0, 0
    for i in resting:
        residents += state[i] & LIVING_RESIDENT == LIVING_RESIDENT
    for at in range(len(members)):  # without a branch
        i = np.uint64(members[at])
        resident = state[i] & LIVING_RESIDENT == LIVING_RESIDENT
        residents += resident
        able = resident & (place[i] != INSTITUTION) & (disability[i] == 0) & (dementia[i] == 0)
        propensities += np.int64(able) * np.int64(chances[at] * MILLION + 0.5)
    return residents, propensities


PROCESS = Process(
    name="time_bank",
    run=run_bank,
    source="time_bank",
    settles=True,
    reads=("state", "born", "disability", "dementia", "arrangement", "place", "income", "transfers",
           "village", "household", "first_child", "digital_skill", "given", "member", "next_maternal",
           "next_paternal", "key", "parameters.volunteering", "parameters.needs", "parameters.income",
           "parameters.digital_skill", "parameters.grandchild_care"),
    writes=("member", "given"),
    meaning="Members of the time bank serve elders who pay with hours; government may buy what nobody serves.",
    parameters=TimeBankRules,
    columns=(
        Column("member", np.uint8, 0, "0/1", "Registered as a member of the time bank.", "time_bank", most=1),
    ),
)  # fmt: skip
