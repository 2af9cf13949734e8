"""Leaving, returning, settling elsewhere, villages that become urban, newcomers."""

from __future__ import annotations

import math

from caresim.agents.care import FULL

from .people import MARRIED, NEVER_MARRIED, Household, Person

MUCH_CARE = 2400
"""Minutes of need a month that call children home."""

# --- migration ------------------------------------------------------------------------------------------


def migration(model):
    """Let residents leave and absent people return, some with their families."""
    stream = model.luck.stream("migration.move", model.month)
    deciders = [person for person in model.people if decides(model, person, stream)]
    deciders.sort(key=lambda person: person.key)
    moving = set(deciders)
    companions = []
    leader = {person: person for person in deciders}
    for person in deciders:
        for companion in company(model, person, stream):
            if companion not in moving:
                moving.add(companion)
                companions.append(companion)
                leader[companion] = person
    leaving = [person for person in deciders + companions if person.resident]
    returning = [person for person in deciders + companions if not person.resident]
    depart(model, leaving, leader, stream)
    for person in returning:
        person.come_home(home_of(person))


def decides(model, person, stream):
    probability = chance_of_leaving(model, person) if person.resident else chance_of_return(model, person)
    p = model.parameters["migration"]
    if person.marital == MARRIED and in_same_situation(person, person.spouse):
        probability /= 1 + p.family_share
    u = model.luck.uniform(stream, person.key)
    if not person.resident:
        called = p.unmet_return * parents_need(person) + p.unminded_return * person.child_unminded
        return person.age >= 15 and u < probability + called
    if person.mother is not None:
        v = model.luck.uniform(model.sibling_stream, person.mother.key)
        probability *= 1 + p.sibling_effect * (2 * v - 1)
    if not u < probability:
        return False
    return u < probability * p.held_back if bound_to_parents(person) else True


def chance_of_leaving(model, person):
    p, age = model.parameters["migration"], person.age
    if not 15 <= age <= 49:
        return 0.0
    rate = p.out[0 if age < 20 else 1 if age < 30 else 2 if age < 40 else 3]
    return min(1.0, rate * p.out_scale * (p.women_ratio if person.female else 2 - p.women_ratio))


def chance_of_return(model, person):
    p, age = model.parameters["migration"], person.age
    if age < 15:
        return 0.0
    return min(1.0, p.back[0 if age < 30 else 1 if age < 45 else 2 if age < 55 else 3] * p.back_scale)


def parents_need(person):
    """Return the larger unmet share of the parents who need much care here."""
    shares = [
        parent.unmet / FULL for parent in (person.mother, person.father)
        if parent is not None and parent.alive and parent.registered and parent.resident and parent.need >= MUCH_CARE
    ]  # fmt: skip
    return max(shares, default=0.0)


def in_same_situation(person, other):
    return other is not None and other.alive and other.registered and other.resident == person.resident


def bound_to_parents(person):
    """Tell whether a parent needs help and nobody else of the family is near."""
    parents = [parent for parent in (person.mother, person.father) if parent is not None]
    if not any(parent.resident and parent.frail for parent in parents):
        return False
    return not any(
        child is not person and child.resident and child.village == person.village
        for parent in parents
        for child in parent.children
    )


def company(model, person, stream):
    """Return the spouse and the children who would come along, the newest child first."""
    share = model.parameters["migration"].family_share
    with_family = person.spouse is not None and model.luck.uniform_k(stream, person.key, 1) < share
    if with_family and in_same_situation(person, person.spouse):
        yield person.spouse
    if with_family or not person.resident:
        for child in reversed(person.children):
            if child.age < 15 and in_same_situation(person, child) and child.household is person.household:
                yield child


def depart(model, leaving, leader, stream):
    p = model.parameters["migration"]
    shares = model.away_shares(p.town_share, p.province_share)
    for person in leaving:
        person.leave(model.place_drawn(stream, leader[person].key, *shares))


def home_of(person):
    """Return the household that a returning person joins."""
    candidates = [person.spouse]
    candidates += [child for child in reversed(person.children) if child.age < 15]
    if person.marital == NEVER_MARRIED:
        candidates += [person.mother, person.father]
    for candidate in candidates:
        if candidate is not None and candidate.household is not None:
            return candidate.household
    return Household()


# --- urbanisation, reclassification, newcomers ----------------------------------------------------------


def monthly(yearly):
    """Return the monthly probability that makes up a yearly one."""
    return 1 - (1 - yearly) ** (1 / 12)


def urbanisation(model):
    """Let households and absent people settle elsewhere for good."""
    p, luck = model.parameters["urbanisation"], model.luck
    chance_here = monthly(p.rate_year * (1 - p.reclassified_share))
    chance_away = monthly(p.absent_rate_year)
    stream = luck.stream("urbanisation.settle", model.month)
    decided = []
    for person in model.people:
        u = luck.uniform(stream, person.key)
        if not person.resident:
            decides_now = u < chance_away
        else:  # a newborn left behind this month has no household yet, and decides nothing
            home = person.household
            decides_now = home is not None and u < chance_here and u * len(home.members) < chance_here
        if decides_now:
            decided.append(person)
    shares = model.away_shares(p.town_share, p.province_share)
    for person in sorted(decided, key=lambda person: person.key):
        if person.registered:  # else an earlier member of the household has decided
            place = model.place_drawn(stream, person.key, *shares)
            for member in list(person.household.members) if person.household is not None else [person]:
                member.deregister(place)


def reclassification(model):
    """Let rural villages become urban."""
    p = model.parameters["urbanisation"]
    probability = monthly(p.rate_year * p.reclassified_share)
    stream = model.luck.stream("reclassification.relabel", model.month)
    for number, key in enumerate(model.village_keys):
        if model.rural[number] and model.luck.uniform(stream, key) < probability:
            model.rural[number] = False


def newcomers(model):
    """Let people move in for good."""
    p, luck = model.parameters["newcomers"], model.luck
    if p.rate_year <= 0:
        return
    stream = luck.stream("newcomers.come", model.month)
    youngest, oldest = p.ages
    met = [person for person in model.people if person.resident
           and luck.uniform(stream, person.key) < p.rate_year / 12]  # fmt: skip
    for resident in met:
        key = luck.child_key(resident.key, 16384 + model.month)
        months = 12 * youngest + math.floor(luck.uniform(stream, key) * 12 * (oldest - youngest))
        female = luck.uniform_k(stream, key, 1) < p.women_share
        newcomer = Person(model, key, model.month - months, female)
        newcomer.village = resident.village
        newcomer.come_home(Household())
        model.enrol(newcomer)
