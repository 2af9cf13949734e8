"""Who marries, whom, and where the couple lives."""

from __future__ import annotations

import math

from .people import MARRIED, NEVER_MARRIED, Household, Person


def marriage(model):
    """Let single people seek a spouse, here or outside."""
    p, luck, month = model.parameters["marriage"], model.luck, model.month
    seeking = seekers(model, p)
    where = luck.stream("marriage.where", month)
    bride, nest = luck.stream("marriage.bride", month), luck.stream("marriage.nest", month)
    outside = [person for person in seeking if luck.uniform(where, person.key) < p.outside_share]
    away = set(outside)
    men, women = (
        sorted((s for s in seeking if s.female == female and s not in away), key=lambda s: (s.born, s.key))
        for female in (False, True)
    )
    couples = list(zip(men, women, strict=False))
    if p.outside_share > 0:
        outside += men[len(couples) :] + women[len(couples) :]
    shares = model.away_shares(*p.bride_place_shares)
    for person in outside:
        if person.female:
            person.marital = MARRIED
            person.deregister(model.place_drawn(where, person.key, *shares))
        else:
            couples.append((person, bride_from_outside(model, person, p.bride_younger, bride)))
    for husband, wife in couples:
        wed(husband, wife)
        if husband.resident and luck.uniform(nest, husband.key) < p.own_household_share:
            home = Household()
            husband.move_in(home)
            wife.move_in(home)


def seekers(model, p):
    stream = model.luck.stream("marriage.seek", model.month)
    found = []
    for person in model.people:
        age = person.age
        if person.marital == MARRIED or not 18 <= age <= 59:
            continue
        probability = p.remarriage
        if person.marital == NEVER_MARRIED:
            probability = first_marriage(model, person)
        if model.luck.uniform(stream, person.key) < probability:
            found.append(person)
    return found


def first_marriage(model, person):
    """Return the monthly probability that the share of the never married falls as in the census."""
    shares = [1.0, *model.place.marital[int(person.female), 18:, NEVER_MARRIED].tolist()]
    lowest = [min(shares[: years + 1]) for years in range(len(shares))]
    birthdays = (model.month - person.born - 6) // 12 - 17
    if lowest[birthdays] == 0:
        return 0.0
    return 1 - (lowest[birthdays + 1] / lowest[birthdays]) ** (1 / (12 if birthdays else 6))


def bride_from_outside(model, husband, younger, stream):
    """Bring a wife onto the register."""
    key = model.luck.child_key(husband.key, 4096 + model.month)
    least, most = younger
    u = model.luck.uniform(stream, key)
    born = husband.born + least + math.floor(u * (most - least + 1))
    wife = Person(model, key, min(born, model.month - 18 * 12), True)
    model.enrol(wife)
    return wife


def wed(husband, wife):
    """Join a couple; she goes where he is."""
    husband.spouse, wife.spouse = wife, husband
    husband.marital = wife.marital = MARRIED
    wife.village = husband.village
    if husband.resident:
        wife.come_home(husband.household)
    else:
        wife.leave(husband.place)
