"""The time bank: members serve elders who pay with hours that they earned, were given or inherited."""

from __future__ import annotations

import numpy as np

from caresim.agents.bank_rules import TASK_NAMES, TimeBankRules
from caresim.agents.care import ALONE, CHILD_NEAR, MEMBER
from caresim.agents.claims import buy, list_requests, pay, put_back, set_aside
from caresim.agents.digital import SKILL
from caresim.agents.grandchildren import occupied
from caresim.agents.people import INSTITUTION, LIVING_RESIDENT
from caresim.agents.service import propensity, propensity_table, serve
from caresim.agents.time_bank import cap, endow, lose_records, settle_departed
from caresim.agents.workforce import affordable_minutes, cost_of, hour_price, workers_of
from caresim.agents.world import Process, World
from caresim.kernel.clock import is_january, year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform

JOIN, LOSS, ASK, RENEW, ACTIVE, TIME, PAPER = (
    purpose(f"time_bank.{what}") for what in ("join", "loss", "ask", "renew", "active", "time", "paper")
)
PROPENSITY = purpose("volunteering.propensity")
"""The lasting draw that volunteers have too: the same people are keen."""
YOUNGEST, OLDEST = 45, 77
MEMBER_AGES = (YOUNGEST * 12, (OLDEST + 1) * 12)
EIGHTY = 80 * 12
MILLION = 1_000_000
SERVED_WEIGHT, FLOOR = 0.8, 0.1
"""Confidence tends to FLOOR when nothing that was requested is served, and to so much more when all is."""


def run_bank(world: World) -> None:
    """Let the bank act for a month: settle, endow, take requests, serve, buy, and judge its credit."""
    bank = world.bank
    rules: TimeBankRules = world.parameters["time_bank"]
    if not rules.open and not bank.in_use:
        return
    flows = bank.turn(world.month)
    people = world.people
    holders = np.flatnonzero(people["coins"][: people.n] != 0)
    flows.departed += settle_departed(holders, people["coins"], bank.accounts, people["state"])
    if not rules.open:
        close(world)
        return
    enrol(world, rules)
    keep_accounts(world, rules, holders)
    aside = withhold(world, rules)
    exchange(world, rules)
    put_back(aside, world.care.left)


def withhold(world: World, rules: TimeBankRules) -> np.ndarray:
    """Set aside what is not asked of the bank: tasks that are not on its list, and all needs of those it cannot reach.

    An elder whose account is kept digitally asks only who can use digital services, or is helped to.

    Returns:
        Minutes of help in the house and of company by case, shape (m, 2); (0, 2) if there are none.
    """
    people, care, skill = world.people, world.care, world.parameters.get(SKILL)
    house, company = (1.0, 1.0) if rules.tasks == TASK_NAMES and all(rules.parts) else rules.served()
    digital = rules.digital * (1.0 - skill.helped) if skill is not None and SKILL in people.arrays else 0.0
    if house == company == 1.0 and digital <= 0.0:
        return np.zeros((0, 2), dtype=np.int64)
    skills = people[SKILL] if digital > 0.0 else people["member"]
    aside: np.ndarray = set_aside(
        care.rows, care.left, house, company, skills, people["key"], digital, world.draws.word(PAPER, 0)
    )
    return aside


def close(world: World) -> None:
    """Dismiss the members of a bank that closes; their balances stay."""
    if world.bank.opened is not None:
        world.bank.opened = None
        world.people["member"][:] = 0


def enrol(world: World, rules: TimeBankRules) -> None:
    """Register members when the bank opens and each January."""
    people, bank = world.people, world.bank
    if bank.opened is None:
        bank.opened, bank.confidence = world.month, rules.confidence_start
    elif not is_january(world.month):
        return
    join(
        *(people[name] for name in ("member", "state", "born", "disability", "dementia", "key")), people.n,
        world.month, rules.registration, world.draws.word(JOIN, 0),
    )  # fmt: skip


def keep_accounts(world: World, rules: TimeBankRules, holders: np.ndarray) -> None:
    """Lose records, endow priority elders, and cut balances to the ceiling."""
    people, bank, flows = world.people, world.bank, world.bank.flows
    coins, month = people["coins"], world.month
    chance = rules.loss_year / 12.0 * (1.0 - rules.digital)
    if chance > 0.0:
        flows.records += lose_records(
            holders,
            coins,
            bank.accounts,
            people["key"],
            chance,
            rules.loss_part,
            world.draws.stream(LOSS, month),
        )
    endowed = np.zeros(0, dtype=np.int64)
    minutes = int(60.0 * rules.endowment)
    if minutes > 0:
        endowed = priority_elders(
            world.elders,
            *(people[name] for name in ("arrangement", "born", "place", "disability", "income", "transfers")), month,
            world.parameters["income"].minimum_fen(year_of(month)),
        )  # fmt: skip
        flows.endowed += endow(endowed, minutes, coins, bank.accounts)
    for whose in (holders, endowed):
        flows.capped += cap(whose, int(60.0 * rules.ceiling), coins, bank.accounts)


def exchange(world: World, rules: TimeBankRules) -> None:
    """Let members serve those who can pay, let government buy part of the rest, and move the confidence."""
    people, bank, care, flows = world.people, world.bank, world.care, world.bank.flows
    prices, coins = rules.prices(), people["coins"]
    cases, wishes, flows.given = list_requests(
        care.rows, care.left, coins, *(people[name] for name in ("key", "state", "first_child", "next_maternal",
                                                                 "next_paternal")),
        people.n, rules.gifts, int(60.0 * rules.most_hours), prices, world.draws.stream(ASK, world.month),
    )  # fmt: skip
    helpers, minutes, luck = choose_helpers(world, rules)
    flows.requested = int(wishes.sum())
    care.make_room(2 * len(cases) + len(helpers))
    first = care.n_gifts
    territory = world.territory
    care.n_gifts = serve(
        cases, wishes, helpers, minutes, luck, care.rows, people["village"], people["household"],
        territory.township, territory.x, territory.y, rules.reach, MEMBER, care.gifts, first, care.left,
        care.received, people["given"],
    )  # fmt: skip
    flows.served = flows.requested - int(wishes.sum())
    flows.paid = pay(care.gifts, first, care.n_gifts, care.rows, coins, prices)
    if rules.backstop > 0.0:
        by_village, pool, _ = workers_of(world)
        price = hour_price(world)
        care.n_gifts, flows.bought, flows.redeemed = buy(
            cases, wishes, rules.backstop, prices, coins, bank.accounts, care.rows, care.left, care.received,
            care.gifts, care.n_gifts, people["village"], by_village, pool,
            affordable_minutes(world, price),
        )  # fmt: skip
        flows.owed = world.money.afford(cost_of(flows.bought, price))
        world.workforce.month.backstop = flows.bought
    if flows.requested > 0:
        met = (flows.served + flows.bought) / flows.requested
        bank.confidence += rules.confidence_speed * (SERVED_WEIGHT * met + FLOOR - bank.confidence)


def choose_helpers(world: World, rules: TimeBankRules) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the members who are active this month, the minutes that each offers, and their draws."""
    people, draws, month, flows = world.people, world.draws, world.month, world.bank.flows
    beta = world.parameters["volunteering"]
    weight = rules.confidence_weight
    helpers, minutes, luck, flows.members, flows.propensity = offers(
        np.flatnonzero(people["member"][: people.n] != 0),
        *(people[name] for name in ("state", "disability", "dementia", "given", "capacity", "key")),
        occupied(world), propensity_table(beta.propensity_a, beta.propensity_b),
        1.0 - weight + weight * world.bank.confidence,
        int(60.0 * world.parameters["needs"].busy_hours), rules.hours, rules.retention,
        draws.word(RENEW, month - month % 12), draws.stream(ACTIVE, month), draws.stream(TIME, month),
        draws.word(PROPENSITY, 0),
    )  # fmt: skip
    flows.active = len(helpers)
    return helpers, minutes, luck


@compiled
def join(member, state, born, disability, dementia, key, n, month, registration, luck):
    """Write who is a member: healthy residents of the right age whose lasting draw is low enough."""
    youngest, oldest = MEMBER_AGES
    for i in range(n):
        age = month - born[i]
        fits = (age >= youngest) & (age < oldest) & (state[i] & LIVING_RESIDENT == LIVING_RESIDENT)
        fits &= (disability[i] == 0) & (dementia[i] == 0)
        member[i] = fits and uniform(luck, key[i]) < registration


@compiled
def priority_elders(elders, arrangement, born, place, disability, income, transfers, month, minimum):
    """Return the elders whom government endows: the oldest empty-nesters alone, and the poor and disabled."""
    found = np.empty(len(elders), dtype=np.int64)
    m = 0
    for i in elders:
        if place[i] == INSTITUTION:
            continue
        if month - born[i] >= EIGHTY:
            first = arrangement[i] & ALONE != 0 and arrangement[i] & CHILD_NEAR == 0
        else:
            first = disability[i] > 0 and income[i] + transfers[i] < minimum
        if first:
            found[m] = i
            m += 1
    return found[:m].copy()


@compiled
def offers(members, state, disability, dementia, given, capacity, key, occupied, table, confidence, busy, hours,
           retention, renew, active, time, keen):  # fmt: skip
    """Return active members, their minutes and draws; the living resident members, and their propensities' sum."""
    rows, minutes = np.empty(len(members), dtype=np.int64), np.empty(len(members), dtype=np.int64)
    luck = np.empty(len(members))
    m = count = propensities = 0
    for i in members:
        if state[i] & LIVING_RESIDENT != LIVING_RESIDENT:
            continue
        count += 1
        if disability[i] > 0 or dementia[i] > 0 or uniform(renew, key[i]) >= retention:
            continue
        chance = propensity(table, uniform(keen, key[i]))
        propensities += int(chance * MILLION + 0.5)
        luck[m] = uniform(active, key[i])
        if given[i] + occupied[i] < busy and luck[m] < chance * confidence:
            rows[m], minutes[m] = i, int(60.0 * hours * (0.5 + uniform(time, key[i])))
            capacity[i] += minutes[m]
            m += 1
    return rows[:m].copy(), minutes[:m].copy(), luck[:m].copy(), count, propensities


PROCESS = Process(
    name="time_bank",
    run=run_bank,
    source="time_bank",
    settles=True,
    reads=("state", "born", "disability", "dementia", "arrangement", "place", "income", "transfers", "village",
           "household", "first_child", "grandchild_minutes", "digital_skill", "parameters.volunteering",
           "parameters.needs", "parameters.income", "parameters.digital_skill"),
    writes=("member", "coins", "given", "capacity"),
    meaning="Members of the time bank serve elders who pay with hours; government may buy what nobody serves.",
    parameters=TimeBankRules,
    columns=(
        Column("member", np.uint8, 0, "0/1", "Registered as a member of the time bank.", "time_bank"),
        Column("coins", np.int32, 0, "minutes", "Balance at the time bank.", "time_bank, inheritance"),
    ),
)  # fmt: skip
