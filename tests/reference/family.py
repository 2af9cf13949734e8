"""Whom elders live with, what they need, and what the family and bought respite give."""

from __future__ import annotations

import math

from caresim.agents.care import (
    ALONE,
    CARE_WORKER,
    CHILD_IN_TOWNSHIP,
    CHILD_NEAR,
    COUNTY,
    COUPLE_ONLY,
    DAUGHTER,
    DAUGHTER_IN_LAW,
    HAS_CHILD,
    HUSBAND,
    LAST_FAMILY,
    SAME_HOME,
    SAME_VILLAGE,
    SON,
    SON_IN_LAW,
    WIFE,
    WITH_CHILD,
    WITH_SPOUSE,
)
from caresim.agents.people import INSTITUTION

from .book import (
    COMPANY_ONLY,
    PERSONAL_AND_INSTRUMENTAL,
    PERSONAL_TO_COMPANY,
    Case,
    hand_over,
    tiredness,
    where_is,
)

# --- living arrangement and needs -----------------------------------------------------------------------


def living_arrangement(model):
    """Note whom resident elders live with and where their children are."""
    model.elders = [person for person in model.people if person.resident_elder]
    for person in model.people:
        person.arrangement = 0
    for elder in model.elders:
        elder.arrangement = marks_of(model, elder)


def marks_of(model, elder):
    size = len(elder.household.members)
    with_spouse = elder.shares_home_with(elder.spouse)
    grown = [child for child in elder.children if child.alive and child.age >= 18]
    here = [child for child in grown if child.resident]
    township = model.township[elder.village]
    marks = {
        ALONE: size == 1,
        WITH_SPOUSE: with_spouse,
        WITH_CHILD: any(elder.shares_home_with(child) for child in grown),
        CHILD_NEAR: any(is_near(child, elder) for child in here),
        CHILD_IN_TOWNSHIP: any(
            is_near(child, elder) or model.township[child.village] == township for child in here
        ),
        HAS_CHILD: bool(grown),
        COUPLE_ONLY: with_spouse and size == 2,
    }
    return sum(mark for mark, holds in marks.items() if holds)


def is_near(child, elder):
    return child.shares_home_with(elder) or child.village == elder.village


def needs(model):
    """Open the month's book of care."""
    p, luck = model.parameters["needs"], model.luck
    factors, supervised = luck.lasting("needs.factor"), luck.lasting("needs.supervision")
    for person in [*model.people, *model.kin]:
        person.need = person.given = person.capacity = 0
    model.cases, model.gifts = [], []
    for elder in model.elders:
        if elder.place == INSTITUTION:
            continue
        personal = p.personal[elder.disability]
        if elder.dementia and luck.uniform(supervised, elder.key) < p.supervised_share:
            personal += p.supervision
        hours = (personal, p.instrumental[elder.disability], p.company if elder.marked(ALONE) else 0)
        factor = 0.8 + 0.4 * luck.uniform(factors, elder.key)
        minutes = [math.floor(60 * h * factor) for h in hours]
        elder.need = sum(minutes)
        if elder.need > 0:
            model.cases.append(Case(elder, minutes))


# --- respite and spouses --------------------------------------------------------------------------------


def respite(model):
    """Relieve the family carers of severely disabled elders with some hours of bought care."""
    minutes = math.floor(60 * model.parameters["respite"].hours)
    if minutes <= 0:
        return
    for case in model.cases:
        elder = case.elder
        if elder.disability == 3 and 1 <= elder.main_relation <= 1 + LAST_FAMILY:
            hand_over(model, None, case, CARE_WORKER, SAME_HOME, minutes, PERSONAL_AND_INSTRUMENTAL)


def spouse_care(model):
    """Let husbands and wives care for one another."""
    p, luck = model.parameters["spouse_care"], model.luck
    lasting = luck.lasting("spouse_care.capacity")
    for case in model.cases:
        elder, spouse = case.elder, case.elder.spouse
        if case.remaining() == 0 or not elder.shares_home_with(spouse) or not spouse.able:
            continue
        u = luck.uniform(lasting, spouse.key)
        most = math.floor(60 * p.hours * (0.5 + 0.7 * u) * tiredness(model, spouse))
        capacity = max(0, most - spouse.given)
        spouse.capacity += capacity
        offer = min(capacity, math.floor(p.share * case.remaining()))
        relation = WIFE if spouse.female else HUSBAND
        hand_over(model, spouse, case, relation, SAME_HOME, offer, PERSONAL_TO_COMPANY)


# --- children and children-in-law -----------------------------------------------------------------------


class Candidate:
    """A child or child-in-law who could care for a case."""

    def __init__(self, model, person, case, is_child):
        self.person, self.case, self.is_child = person, case, is_child
        self.where = where_is(person, case.elder)
        self.turn = model.luck.uniform(model.luck.lasting("children_care.turn"), person.key)
        self.is_main = False

    @property
    def relation(self):
        if self.is_child:
            return DAUGHTER if self.person.female else SON
        return DAUGHTER_IN_LAW if self.person.female else SON_IN_LAW

    @property
    def tasks(self):
        return PERSONAL_TO_COMPANY if self.where <= COUNTY else COMPANY_ONLY


def children_care(model):
    """Let children and children-in-law share what is left over the parents who need them."""
    remaining = {case: case.remaining() for case in model.cases if case.remaining() > 0}
    queues = {case: queue_of(model, case) for case in remaining}
    duty, before, largest = {}, {}, {}
    for case, queue in queues.items():
        for person in (candidate.person for candidate in queue):
            duty[person] = duty.get(person, 0) + remaining[case]
            before[person] = person.given
    for case, queue in queues.items():
        for candidate in queue:
            if case.remaining() == 0:
                break
            if case.remaining(candidate.tasks) == 0 and candidate.where > COUNTY:
                continue
            person = candidate.person
            limit = limit_of(model, candidate, before[person])
            largest[person] = max(limit, largest.get(person, 0))
            offer = limit * remaining[case] // duty[person]
            hand_over(model, person, case, candidate.relation, candidate.where, offer, candidate.tasks)
    for person, limit in largest.items():
        person.capacity += limit


def queue_of(model, case):
    """Return the candidates of a case in the order in which they are asked."""
    children = [child for child in case.elder.children if child.alive]
    own = dict.fromkeys(children, True)
    in_law = {child.spouse: False for child in children if child.spouse is not None and child.spouse.alive}
    queue = [
        Candidate(model, person, case, is_child)
        for person, is_child in {**in_law, **own}.items()
        if person.age >= 18 and person.able
    ]
    queue = [
        one for one in queue if one.where <= COUNTY or (one.is_child and case.remaining(COMPANY_ONLY) > 0)
    ]
    queue.sort(key=lambda one: (one.where, not one.person.female, one.turn))
    if queue:
        queue[0].is_main = queue[0].where == SAME_HOME
    return queue


def limit_of(model, candidate, given_before):
    """Return how many minutes a candidate could give a case."""
    p, luck, person = model.parameters["children_care"], model.luck, candidate.person
    near = candidate.where <= SAME_VILLAGE
    hours = p.near_hours if near else p.town_hours if candidate.where == COUNTY else p.away_hours
    if candidate.is_main:
        hours = p.main_hours
    u = luck.uniform(luck.lasting("children_care.capacity"), person.key)
    v = luck.uniform(luck.lasting("children_care.norm"), person.key)
    norm = p.norm_low + (p.norm_high - p.norm_low) * v
    ratio = 1.0 if candidate.is_child else p.daughter_in_law if person.female else p.son_in_law
    strength = (0.5 + u) * norm * ratio
    job = p.job_factor if near and person.registered and person.job else 1.0
    return max(0, math.floor(60 * hours * strength * tiredness(model, person) * job) - given_before)
