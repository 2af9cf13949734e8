"""Mutual-aid pairs, happiness homes and neighbours."""

from __future__ import annotations

import math

from caresim.agents.care import ALONE, NEIGHBOUR, PAIR, PEER, WITH_CHILD
from caresim.agents.people import INSTITUTION

from .book import COMPANY_ONLY, INSTRUMENTAL_AND_COMPANY, hand_over, where_is
from .grandchildren import occupied


def by_village(items, village_of):
    """Return items in groups by village, in the order of the villages."""
    groups = {}
    for item in items:
        groups.setdefault(village_of(item), []).append(item)
    return dict(sorted(groups.items()))


# --- pairs and homes ------------------------------------------------------------------------------------


def mutual_aid(model):
    """Let happiness homes open and close, and pairs of elders part and form."""
    open_and_close_homes(model)
    part_pairs(model)
    form_pairs(model)


def open_and_close_homes(model):
    p, luck = model.parameters["mutual_aid"], model.luck
    means, stream = luck.lasting("mutual_aid.means"), luck.stream("mutual_aid.home", model.month)
    for number, key in enumerate(model.village_keys):
        trust, u = model.trust[number], luck.uniform(stream, key)
        endowed = luck.uniform(means, key) < p.home_share
        if model.home[number]:
            model.home[number] = endowed and not u < p.closing_year / 12 * 2 * (1 - trust)
        else:
            model.home[number] = endowed and u < p.opening_year / 12 * 2 * trust


def part_pairs(model):
    stream = model.luck.stream("mutual_aid.part", model.month)
    chance = model.parameters["mutual_aid"].part_year / 12
    paired = [person for person in model.ever_paired if person.pair is not None]
    parting = [person for person in paired if must_part(person) or
               model.luck.uniform(stream, min(person.key, person.pair.key)) < chance]  # fmt: skip
    for person in parting:
        person.pair = None
    model.ever_paired = {person: True for person in paired if person.pair is not None}


def must_part(person):
    partner = person.pair
    both_there = all(one.resident_elder and one.place != INSTITUTION for one in (person, partner))
    return not both_there or person.village != partner.village or (person.frail and partner.frail)


def form_pairs(model):
    p, luck = model.parameters["mutual_aid"], model.luck
    willing, order = luck.lasting("mutual_aid.pair"), luck.stream("mutual_aid.seek", model.month)

    def seeks(elder):
        if elder.place == INSTITUTION or elder.pair is not None or not elder.able:
            return False
        chance = min(1.0, p.pair_share * 2 * model.trust[elder.village])
        return not elder.marked(WITH_CHILD) and luck.uniform(willing, elder.key) < chance

    seekers = [elder for elder in model.elders if seeks(elder)]
    for group in by_village(seekers, lambda elder: elder.village).values():
        group.sort(key=lambda elder: luck.uniform(order, elder.key))
        for one, other in zip(group[::2], group[1::2], strict=False):
            if not one.shares_home_with(other):
                one.pair, other.pair = other, one
                model.ever_paired[one] = model.ever_paired[other] = True


# --- what they give -------------------------------------------------------------------------------------


def neighbour_care(model):
    """Let peers in happiness homes, pairs and neighbours give what they can."""
    keep_company_in_homes(model)
    help_partners(model)
    meet_neighbours(model)


def keep_company_in_homes(model):
    luck = model.luck
    joining = luck.lasting("mutual_aid.member")
    participation = model.parameters["mutual_aid"].participation
    minutes = math.floor(60 * model.parameters["neighbour_care"].home_hours)
    members = [
        case for case in model.cases
        if model.home[case.elder.village] and case.elder.marked(ALONE) and case.elder.able
        and luck.uniform(joining, case.elder.key) < participation
    ]  # fmt: skip
    for circle in by_village(members, lambda case: case.elder.village).values():
        if len(circle) < 2:
            continue
        circle.sort(key=lambda case: case.elder.key)
        for giver, case in zip(circle, circle[1:] + circle[:1], strict=True):
            where = where_is(giver.elder, case.elder)
            if case.remaining(COMPANY_ONLY) > 0:
                giver.elder.capacity += minutes
            hand_over(model, giver.elder, case, PEER, where, minutes, COMPANY_ONLY)


def help_partners(model):
    minutes = math.floor(60 * model.parameters["neighbour_care"].pair_hours)
    for case in model.cases:
        partner = case.elder.pair
        if partner is not None and partner.able and case.remaining(INSTRUMENTAL_AND_COMPANY) > 0:
            where = where_is(partner, case.elder)
            partner.capacity += minutes
            hand_over(model, partner, case, PAIR, where, minutes, INSTRUMENTAL_AND_COMPANY)


def meet_neighbours(model):
    p, luck = model.parameters["neighbour_care"], model.luck
    ask = luck.stream("neighbour_care.ask", model.month)
    offer = luck.stream("neighbour_care.offer", model.month)
    asking = [case for case in model.cases if case.remaining(INSTRUMENTAL_AND_COMPANY) > 0]
    willing = [elder for elder in willing_neighbours(model) if luck.uniform(offer, elder.key) < p.willing]
    groups = by_village(willing, lambda elder: elder.village)
    meetings = []
    for village, cases in by_village(asking, lambda case: case.elder.village).items():
        cases.sort(key=lambda case: luck.uniform(ask, case.elder.key))
        givers = sorted(groups.get(village, []), key=lambda elder: luck.uniform(offer, elder.key))
        minutes = math.floor(60 * p.hours * model.trust[village])
        meetings += [(giver, case, minutes) for giver, case in zip(givers, cases, strict=False)]
    for giver, case, minutes in meetings:
        giver.capacity += minutes
        where = where_is(giver, case.elder)
        hand_over(model, giver, case, NEIGHBOUR, where, minutes, INSTRUMENTAL_AND_COMPANY)


def willing_neighbours(model):
    """Return the elders who are free to help a neighbour."""
    p = model.parameters["neighbour_care"]
    busy = math.floor(60 * model.parameters["needs"].busy_hours)
    homes_in_need = {case.elder.household for case in model.cases if case.remaining() > 0}
    return [
        elder for elder in model.elders
        if elder.age < p.until_age and elder.healthy and elder.place != INSTITUTION
        and elder.given + occupied(model, elder) < busy
        and elder.household not in homes_in_need
    ]  # fmt: skip
