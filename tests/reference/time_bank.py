"""The time bank's month."""

from __future__ import annotations

import math

from caresim.agents.care import ALONE, CARE_WORKER, CHILD_NEAR, MEMBER, SAME_HOME
from caresim.agents.people import INSTITUTION

from .book import INSTRUMENTAL_AND_COMPANY, hand_over
from .money import minimum
from .service import active_people, may_register, propensity, serve

TASKS = (
    "family_services", "dining_tables", "health_management", "errands", "psychological_comfort", "inspection_visits",
    "leisure",
)  # fmt: skip
BY_KIND = (TASKS[:4], TASKS[4:])


def time_bank(model):
    """Settle the accounts of the departed, and let the bank work if it is open."""
    bank = model.bank
    for holder in [holder for holder in bank.holders if not (holder.alive and holder.registered)]:
        bank.pool += holder.coins
        holder.coins = 0
        del bank.holders[holder]
    just_opened = register_members(model)
    if not model.parameters["time_bank"].open:
        return
    if just_opened:
        bank.opened = model.month
        bank.confidence = model.parameters["time_bank"].confidence_start
    lose_records(model)
    endow(model)
    apply_ceiling(model)
    aside = withhold(model)
    requests = make_requests(model)
    trade(model, requests)
    for case, (house, company) in zip(model.cases, aside, strict=True):
        case.left[1] += house
        case.left[2] += company


def register_members(model):
    """Enrol members each January and when the bank opens; return whether it just opened."""
    p, luck, bank = model.parameters["time_bank"], model.luck, model.bank
    if not p.open:
        bank.opened = None
        for person in model.people:
            person.member = 0
        return False
    just_opened = bank.opened is None
    if model.month % 12 == 0 or just_opened:
        lasting = luck.lasting("time_bank.join")
        for person in model.people:
            registered = may_register(person) and luck.uniform(lasting, person.key) < p.registration
            person.member = int(registered)
    return just_opened


def lose_records(model):
    p, luck = model.parameters["time_bank"], model.luck
    stream = luck.stream("time_bank.loss", model.month)
    for holder in model.bank.holders:
        if luck.uniform(stream, holder.key) < p.loss_year / 12 * (1 - p.digital):
            lost = math.floor(p.loss_part * holder.coins)
            holder.coins -= lost
            model.bank.lost += lost


def endow(model):
    bank = model.bank
    minutes = math.floor(60 * model.parameters["time_bank"].endowment)
    endowed = [elder for elder in model.elders if has_priority(model, elder)]
    for elder in endowed:
        bank.credit(elder, minutes)
    total = minutes * len(endowed)
    from_pool = min(total, max(0, bank.pool))
    bank.pool -= from_pool
    bank.government -= total - from_pool


def has_priority(model, elder):
    if elder.place == INSTITUTION:
        return False
    if elder.age >= 80:
        return elder.marked(ALONE) and not elder.marked(CHILD_NEAR)
    return elder.disability >= 1 and elder.income + elder.transfers < minimum(model)


def apply_ceiling(model):
    ceiling = math.floor(60 * model.parameters["time_bank"].ceiling)
    for holder in model.bank.holders:
        above = max(0, holder.coins - ceiling)
        holder.coins -= above
        model.bank.pool += above


def withhold(model):
    """Take what is not asked of the bank out of what is left of each case; return it."""
    p, aside = model.parameters["time_bank"], []
    part = dict(zip(TASKS, p.parts, strict=True))
    listed = [
        sum(part[task] for task in of if task in p.tasks) / sum(part[task] for task in of) for of in BY_KIND
    ]
    for case in model.cases:
        offered = [0, 0] if is_cut_off(model, case.elder) else listed
        kept = [
            case.left[kind] - math.floor(share * case.left[kind])
            for kind, share in zip((1, 2), offered, strict=True)
        ]
        case.left[1] -= kept[0]
        case.left[2] -= kept[1]
        aside.append(kept)
    return aside


def is_cut_off(model, elder):
    """Tell whether an elder's account is kept on telephones that neither the elder nor anybody near can use."""
    p, skill, luck = model.parameters["time_bank"], model.parameters["digital_skill"], model.luck
    return elder.digital_skill == 1 and luck.uniform(
        luck.lasting("time_bank.paper"), elder.key
    ) < p.digital * (1 - skill.helped)


# --- requests -------------------------------------------------------------------------------------------


def tasks_of(case, minutes):
    """Return how the next minutes of a case split into tasks."""
    instrumental = min(minutes, case.left[1])
    return [0, instrumental, minutes - instrumental]


def price(model, minutes):
    """Return the coins that minutes by task cost."""
    p = model.parameters["time_bank"]
    if not p.by_task:
        return sum(minutes)
    return sum(hundredths * n for hundredths, n in zip(p.price, minutes[1:], strict=True)) // 100


def affordable(model, case, minutes):
    """Return how many of the next minutes of a case its balance pays for."""
    while price(model, tasks_of(case, minutes)) > case.elder.coins:
        minutes -= 1
    return minutes


def make_requests(model):
    p, luck = model.parameters["time_bank"], model.luck
    ask = luck.stream("time_bank.ask", model.month)
    most = math.floor(60 * p.most_hours)
    wishes = [(case, min(most, case.remaining(INSTRUMENTAL_AND_COMPANY))) for case in model.cases]
    wishes = [(case, wish) for case, wish in wishes if wish > 0]
    wishes.sort(key=lambda wish: luck.uniform(ask, wish[0].elder.key))
    if p.gifts:
        for case, wish in wishes:
            receive_gifts(model, case.elder, price(model, tasks_of(case, wish)))
    cut = [(case, affordable(model, case, wish)) for case, wish in wishes if case.elder.coins > 0]
    return [(case, wish) for case, wish in cut if wish > 0]


def receive_gifts(model, elder, cost):
    for child in reversed(elder.children):
        missing = cost - elder.coins
        if missing <= 0:
            return
        if child.alive and child.registered and child.coins > 0:
            sum_given = min(child.coins, missing)
            child.coins -= sum_given
            model.bank.credit(elder, sum_given)


# --- service --------------------------------------------------------------------------------------------


def trade(model, requests):
    p, luck, bank = model.parameters["time_bank"], model.luck, model.bank
    renewed = luck.stream("time_bank.renew", model.month - model.month % 12)
    weight = p.confidence_weight

    def chance(person):
        return propensity(model, person) * (1 - weight + weight * bank.confidence)

    helpers = [
        person for person in model.people
        if person.member and luck.uniform(renewed, person.key) < p.retention
    ]  # fmt: skip
    helpers = active_people(model, helpers, chance, p.hours, "time_bank.active", "time_bank.time")
    unserved, services = serve(model, requests, helpers, p.reach, MEMBER)
    for helper, case, minutes in services:
        coins = price(model, minutes)
        case.elder.coins -= coins
        bank.credit(helper.person, coins)
    bought = [back_up(model, case, rest) for (case, _), rest in zip(requests, unserved, strict=True)]
    wished = sum(wish for _, wish in requests)
    if wished > 0:
        met = wished - sum(unserved) + sum(bought)
        bank.confidence += p.confidence_speed * (0.8 * (met / wished) + 0.1 - bank.confidence)


def back_up(model, case, unserved):
    """Buy part of what nobody served; return the minutes."""
    minutes = math.floor(model.parameters["time_bank"].backstop * unserved)
    minutes = affordable(model, case, minutes)
    done = hand_over(model, None, case, CARE_WORKER, SAME_HOME, minutes, INSTRUMENTAL_AND_COMPANY)
    coins = price(model, done)
    case.elder.coins -= coins
    model.bank.government += coins
    return minutes
