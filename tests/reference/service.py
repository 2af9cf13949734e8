"""Volunteers, and the service that they and the members of the time bank give."""

from __future__ import annotations

import math
from functools import cache

from scipy.stats import beta

from caresim.agents.care import VOLUNTEER
from caresim.agents.people import INSTITUTION

from .book import INSTRUMENTAL_AND_COMPANY, hand_over, where_is
from .grandchildren import occupied

FIRST_AGE, LAST_AGE = 45, 77
STEPS = 4096


class Active:
    """Somebody who offers service this month."""

    def __init__(self, person, draw, offer):
        self.person, self.draw = person, draw
        self.left = offer


def at_home(person):
    return person.resident and person.place != INSTITUTION


def may_register(person):
    return at_home(person) and FIRST_AGE <= person.age <= LAST_AGE and person.healthy


def propensity(model, person):
    """Return how likely somebody is to be active in a month."""
    p = model.parameters["volunteering"]
    u = model.luck.uniform(model.luck.lasting("volunteering.propensity"), person.key)
    return propensity_of_step(p.propensity_a, p.propensity_b, math.floor(STEPS * u))


@cache
def propensity_of_step(a, b, step):
    return round(float(beta.ppf((step + 0.5) / STEPS, a, b)), 6)


def active_people(model, candidates, chance, hours, draw_name, time_name):
    """Return those of the candidates who are healthy, at leisure and active this month, with their offers."""
    luck = model.luck
    draws, times = luck.stream(draw_name, model.month), luck.stream(time_name, model.month)
    busy = math.floor(60 * model.parameters["needs"].busy_hours)
    found = []
    for person in candidates:
        if not (at_home(person) and person.healthy and person.given + occupied(model, person) < busy):
            continue
        draw = luck.uniform(draws, person.key)
        if draw < chance(person):
            offer = math.floor(60 * hours * (0.5 + luck.uniform(times, person.key)))
            person.capacity += offer
            found.append(Active(person, draw, offer))
    return found


def volunteering(model):
    """Register volunteers each January, and let the active ones serve."""
    p, luck = model.parameters["volunteering"], model.luck
    if model.month % 12 == 0:
        lasting = luck.lasting("volunteering.join")
        renewed = luck.stream("volunteering.renew", model.month)
        for person in model.people:
            joins = luck.uniform(lasting, person.key) < p.registration
            stays = luck.uniform(renewed, person.key) < p.retention
            person.volunteer = int(may_register(person) and joins and stays)
    open_bank = model.parameters["time_bank"].open
    candidates = [person for person in model.people if person.volunteer and not (open_bank and person.member)]
    active = active_people(
        model, candidates, lambda person: propensity(model, person), p.hours,
        "volunteering.active", "volunteering.time",
    )  # fmt: skip
    ask = luck.stream("volunteering.ask", model.month)
    most = math.floor(60 * p.most_hours)
    requests = []
    for case in sorted(model.cases, key=lambda case: luck.uniform(ask, case.elder.key)):
        wish = min(most, case.remaining(INSTRUMENTAL_AND_COMPANY))
        if wish > 0:
            requests.append((case, wish))
    serve(model, requests, active, p.reach, VOLUNTEER)


def serve(model, requests, active, reach, relation):
    """Let active people serve requests one after the other.

    Returns:
        The minutes of each request that nobody served, and the services: active, case, minutes by task.
    """
    of_township = {}
    for one in active:
        of_township.setdefault(model.township[one.person.village], []).append(one)
    unserved, services = [], []
    for case, wish in requests:
        elder = case.elder
        while wish > 0:
            near = [
                (distance(model, one.person, elder), one.draw, one)
                for one in of_township.get(model.township[elder.village], [])
                if one.left > 0 and not one.person.shares_home_with(elder)
            ]
            near = [found for found in near if found[0] <= reach]
            if not near:
                break
            one = min(near, key=lambda found: found[:2])[2]
            minutes = min(wish, one.left)
            where = where_is(one.person, elder)
            done = hand_over(model, one.person, case, relation, where, minutes, INSTRUMENTAL_AND_COMPANY)
            one.left -= minutes
            wish -= minutes
            services.append((one, case, done))
        unserved.append(wish)
    return unserved, services


def distance(model, person, other):
    """Return the kilometres between two people's villages."""
    (x, y), (a, b) = model.coordinates[person.village], model.coordinates[other.village]
    return math.sqrt((x - a) ** 2 + (y - b) ** 2)
