"""What the month's care leaves behind: unmet need, missed contacts, burden, ties, loneliness, depression."""

from __future__ import annotations

import math

from caresim.agents.care import (
    ALONE,
    CARE_WORKER,
    CHILD_NEAR,
    DEPRESSED,
    LAST_FAMILY,
    LONELY,
    MEMBER,
    NEIGHBOUR,
    PEER,
    VOLUNTEER,
)
from caresim.agents.people import INSTITUTION
from caresim.kernel.clock import month_number

from .people import NOT_SET

FULL = 250
STEPS = 4096

# --- closing the book -----------------------------------------------------------------------------------


def digital_skill(model):
    """Note of each who is new among the elders whether they can use digital services: 2, or 1 if not."""
    p, luck = model.parameters["digital_skill"], model.luck
    for elder in model.elders:
        if elder.digital_skill == 0:
            chance = p.at_sixty + p.by_cohort / 12 * (elder.born - month_number("1960-01"))
            can = luck.uniform(luck.lasting("digital_skill.own"), elder.key) < min(0.95, max(0.0, chance))
            elder.digital_skill = 2 if can else 1


def unmet_need(model):
    """Close the book: what stayed unmet, and who cared most."""
    now = {}
    for case in model.cases:
        need = sum(case.need)
        now[case.elder] = (FULL * case.remaining() + need // 2) // need
    gifts = {}
    for gift in model.gifts:
        gifts.setdefault(gift.case.elder, []).append(gift)
    for person in model.people:
        person.unmet = (person.unmet + now.get(person, 0)) // 2 if person.resident_elder else 0
        person.main_carer, person.main_relation = main_carer(gifts.get(person, []))


def main_carer(gifts):
    """Return who gave most personal and instrumental care at once, the earliest of equals, and 1 + the relation."""
    best = max(gifts, key=lambda gift: gift.minutes[0] + gift.minutes[1], default=None)
    if best is None or best.minutes[0] + best.minutes[1] == 0:
        return None, 0
    return best.giver, 1 + best.relation


def medical_contact(model):
    """Let medical contacts of elders fail for distance and for want of company."""
    p = model.parameters["medical_contact"]
    for person in model.people:
        person.medical_missed = 0
        if not person.resident_elder or person.place == INSTITUTION:
            continue
        share = max(0.0, 1 - p.per_km * model.distance[person.village])
        alone = person.main_relation in (0, 1 + CARE_WORKER)
        if person.frail and alone:
            share *= p.unescorted
        person.medical_missed = math.floor(100 * (1 - share))


# --- carers ---------------------------------------------------------------------------------------------


def burden(model):
    """Let burden follow the care that people gave."""
    p = model.parameters["burden"]
    bought, to_family = {}, {}
    for gift in model.gifts:
        if gift.giver is None:
            bought[gift.case] = bought.get(gift.case, 0) + sum(gift.minutes)
    cases_of = {}
    for gift in model.gifts:
        if gift.giver is not None and gift.relation <= LAST_FAMILY:
            cases_of.setdefault(gift.giver, {})[gift.case] = True
            to_family[gift.giver] = to_family.get(gift.giver, 0) + sum(gift.minutes)
    lost = []
    for person in model.people:
        minutes = to_family.get(person, 0)
        hours = minutes / 60
        cases = list(cases_of.get(person, ()))
        conflict = bool(person.job) and hours >= p.conflict_hours
        target = 0.0
        if hours >= p.carer_hours:
            relieved = sum(bought.get(case, 0) for case in cases)
            target = burden_target(model, person, minutes, cases, relieved, conflict)
        person.burden = math.floor(person.burden + (100 * target - person.burden) * p.speed)
        if conflict:
            lost.append((hours - p.conflict_hours) / 160)
    model.employment_lost = math.fsum(lost)


def burden_target(model, person, minutes, cases, relieved, conflict):
    p, luck = model.parameters["burden"], model.luck
    worst = max((case.elder.disability for case in cases), default=0)
    relief = relieved / (relieved + minutes) if relieved + minutes > 0 else 0.0
    step = math.floor(STEPS * luck.uniform(luck.lasting("burden.person"), person.key))
    own = p.spread * luck.normal_quantile((step + 0.5) / STEPS)
    load = p.base + p.per_hour * (minutes / 60) + p.per_state * worst + p.job_conflict * conflict
    return min(88.0, max(0.0, load - p.relief * relief + own))


# --- ties, loneliness, depression -----------------------------------------------------------------------


def social_ties(model):
    """Let ties and self-efficacy follow company and helping."""
    p = model.parameters["social_ties"]
    outside = {gift.giver for gift in model.gifts if gift.giver is not None and gift.relation > LAST_FAMILY}
    in_home = {gift.case.elder for gift in model.gifts if gift.relation == PEER}
    visited = {gift.case.elder for gift in model.gifts if gift.relation in (NEIGHBOUR, VOLUNTEER, MEMBER)}
    for person in model.people:
        if not person.resident_elder:
            person.ties = person.efficacy = 0
            continue
        x = (
            p.pair * (person.pair is not None)
            + p.home * (person in in_home)
            + p.visited * (person in visited)
        )
        y = p.per_state * person.disability + p.helped * (person in outside)
        person.ties = math.floor(person.ties + p.decay * (1000 * x - person.ties) + 0.5)
        person.efficacy = math.floor(person.efficacy + p.decay * (1000 * y - person.efficacy) + 0.5)


def loneliness(model):
    """Let loneliness move around each person's own level."""
    p = model.parameters["loneliness"]
    stream = model.luck.stream("loneliness.month", model.month)
    for person in model.people:
        person.mood = 0
        person.loneliness = 0
        if not person.resident_elder:
            continue
        if person.loneliness_stable == NOT_SET:
            person.loneliness_stable = kept(
                1000 * p.stable_spread * lasting_normal(model, "person", person) + 0.5
            )
            spread = 1000 * p.noise / math.sqrt(1 - (1 - p.decay) ** 2)
            person.loneliness_passing = kept(spread * lasting_normal(model, "first", person) + 0.5)
        step = math.floor(STEPS * model.luck.uniform(stream, person.key))
        z = model.luck.normal_quantile((step + 0.5) / STEPS)
        shock = 1000 * p.noise * z + 1000 * p.bereavement * (person.widowed == model.month)
        person.loneliness_passing = kept((1 - p.decay) * person.loneliness_passing + shock + 0.5)
        person.loneliness = kept(
            person.loneliness_stable + person.loneliness_passing + kept(1000 * situation(p, person) + 0.5)
        )
        person.mood = LONELY if person.loneliness > math.floor(1000 * p.threshold) else 0


def lasting_normal(model, name, person):
    luck = model.luck
    return luck.normal_quantile(luck.uniform(luck.lasting(f"loneliness.{name}"), person.key))


def kept(value):
    """Round down to a whole number of 16 bits."""
    return max(-32767, min(32767, math.floor(value)))


def situation(p, person):
    """Return what somebody's month adds to loneliness, in standard deviations."""
    return (
        p.alone * person.marked(ALONE)
        + p.no_child_near * (not person.marked(CHILD_NEAR))
        + p.from_unmet * (person.unmet / FULL)
        - p.from_ties * person.ties / 1000
    )


def depression(model):
    """Tell who is depressed."""
    p, luck = model.parameters["depression"], model.luck
    lasting = luck.lasting("depression.person")
    for person in model.people:
        if not person.resident_elder:
            continue
        y = p.level + p.from_loneliness * person.loneliness / 1000 + p.from_state * person.disability
        y += p.women * person.female
        if person.burden > 100 * p.burdened_from:
            y += math.log(p.burdened_odds)
        if luck.uniform(lasting, person.key) < 1 / (1 + math.exp(-y)):
            person.mood |= DEPRESSED
