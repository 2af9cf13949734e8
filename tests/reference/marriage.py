"""Who marries, whom, and where the couple lives."""

from __future__ import annotations

import math

from caresim.kernel.clock import year_of

from .people import MARRIED, NEVER_MARRIED, Household, Person

SPARE = 8
"""Men who are asked are expected to be so many more than twice the men who seek."""


def marriage(model):
    """Let single people marry, here or outside."""
    p, luck, month = model.parameters["marriage"], model.luck, model.month
    where = luck.stream("marriage.where", month)
    bride, nest = luck.stream("marriage.bride", month), luck.stream("marriage.nest", month)
    turn = turns(model, p)
    outside = [person for person in turn if turn[person] < p.outside_share]
    rest = [person for person in turn if turn[person] >= p.outside_share]
    women = sorted((s for s in rest if s.female and turn[s] < 1), key=lambda s: (s.born, s.key))
    asked = sorted(
        (s for s in rest if not s.female and turn[s] < 2 + SPARE / min(model.seekers)), key=lambda s: turn[s]
    )
    men = sorted(asked[: len(women)], key=lambda s: (s.born, s.key))
    couples = without_siblings(list(zip(men, women, strict=False)))
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


def without_siblings(couples):
    """Let a brother and a sister change partners with the nearest couple with whom nobody then marries a sibling."""
    men, women = [man for man, _ in couples], [woman for _, woman in couples]
    left_out = set()
    for j, man in enumerate(men):
        if not siblings(man, women[j]):
            continue
        nearest = sorted((k for k in range(len(men)) if k != j), key=lambda k: (abs(k - j), k < j))
        fit = [k for k in nearest if not siblings(man, women[k]) and not siblings(men[k], women[j])]
        if fit:
            k = fit[0]
            women[j], women[k] = women[k], women[j]
            left_out.discard(k)
        else:
            left_out.add(j)
    return [(men[j], women[j]) for j in range(len(men)) if j not in left_out]


def siblings(one, other):
    same_mother = one.mother is not None and one.mother is other.mother
    return same_mother or (one.father is not None and one.father is other.father)


def turns(model, p):
    """Return for each who could marry the draw over the probability of seeking a spouse, balanced between the sexes."""
    stream = model.luck.stream("marriage.seek", model.month)
    single = [person for person in model.people if person.marital != MARRIED and 18 <= person.age <= 59]
    chances = {person: seeking(model, person, p) for person in single}
    if model.seekers_taken != (year_of(model.month), p):
        model.seekers_taken = (year_of(model.month), p)
        model.seekers = [
            sum(chance for person, chance in chances.items() if person.female == female)
            for female in (False, True)
        ]
    men, women = model.seekers
    found = {}
    for person, chance in chances.items():
        own, other = (women, men) if person.female else (men, women)
        probability = chance * min(1.0, other / own) if chance else 0.0
        if probability > 0:
            found[person] = model.luck.uniform(stream, person.key) / probability
    return found


def seeking(model, person, p):
    return first_marriage(model, person) if person.marital == NEVER_MARRIED else p.remarriage


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
