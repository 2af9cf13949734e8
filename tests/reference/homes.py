"""Who lives with whom, and the money that children send."""

from __future__ import annotations

import math

from caresim.kernel.clock import year_of

from .money import MOST
from .people import MARRIED, NEVER_MARRIED, Household

# --- coresidence ----------------------------------------------------------------------------------------


def coresidence(model):
    """Let elders join children, families and the grown-up leave parents, and minors find a home."""
    luck = model.luck
    stream = luck.stream("coresidence.move", model.month)
    priority = luck.stream("coresidence.priority", model.month)
    p = model.parameters["coresidence"]
    largest = max(p.join, p.join * p.join_factor, p.split, p.leave_home)
    acting = []
    for person in model.people:
        if person.resident:
            u = luck.uniform(stream, person.key)
            if u < largest:
                acting.append((person.key, u, person))
    for _, u, person in sorted(acting, key=lambda one: one[0]):
        rearrange(model, person, u, p, priority)
    house_minors(model, priority)


def rearrange(model, person, u, p, priority):
    host = child_to_join(model, person, u, p, priority) if person.elder else None
    parents = [parent for parent in (person.mother, person.father) if person.shares_home_with(parent)]
    if host is not None:
        movers, home = with_spouse(person), host.household
    elif (
        u < p.split and person.marital == MARRIED and parents and not any(parent.frail for parent in parents)
    ):
        movers, home = with_spouse(person) + unmarried_children(person), Household()
    elif u < p.leave_home and parents and person.marital == NEVER_MARRIED and person.age >= p.leave_home_age:
        movers, home = [person], Household()
    else:
        return
    for mover in movers:
        mover.move_in(home)


def child_to_join(model, elder, u, p, priority):
    """Return the child whose household an elder joins, if any."""
    widowed_lately = elder.age >= 75 and model.month - elder.widowed < 12
    factor = p.join_factor if elder.frail or widowed_lately else 1.0
    if not u < p.join * factor:
        return None
    grown = [child for child in elder.children if child.adult_resident]
    if any(elder.shares_home_with(child) for child in grown):
        return None
    near = [child for child in grown if child.village == elder.village]
    return min(near, key=lambda child: (child.female, model.luck.uniform(priority, child.key)), default=None)


def with_spouse(person):
    return [person, person.spouse] if person.shares_home_with(person.spouse) else [person]


def unmarried_children(person):
    return [c for c in person.children if person.shares_home_with(c) and c.marital == NEVER_MARRIED]


# --- minors ---------------------------------------------------------------------------------------------


def house_minors(model, priority):
    """Find homes for minors without an adult; all look at the state before the first of them moves."""
    lost = [
        person for person in model.people
        if person.resident and person.age < 18
        and (person.household is None or not any(m.age >= 18 for m in person.household.members))
    ]  # fmt: skip
    lost.sort(key=lambda person: person.key)
    decisions = [(minor, *refuge(model, minor, priority)) for minor in lost]
    homes = {host: (host.household, host.village) for _, host, _ in decisions if host is not None}
    for minor, host, followed in decisions:
        if host is not None:
            home, minor.village = homes[host]
            minor.move_in(home)
        elif followed is not None and followed.registered:
            minor.leave(followed.place)
        elif followed is not None:
            minor.deregister(followed.place)


def refuge(model, minor, priority):
    """Return the adult resident to join, or the parent to follow elsewhere."""
    mother, father = minor.mother, minor.father
    line = [mother, father]
    line += [father.mother, father.father] if father is not None else []
    line += [mother.mother, mother.father] if mother is not None else []
    siblings = []
    for parent in (mother, father):
        if parent is not None:
            newest_first = parent.children[::-1]
            siblings += sorted(newest_first, key=lambda child: -child.born)
    for relative in line + siblings:
        if relative is not None and relative.adult_resident:
            return relative, None
    for parent in (mother, father):
        if parent is not None and parent.alive and not parent.resident:
            return None, parent
    return stranger(model, minor, priority), None


def stranger(model, minor, priority):
    adults = [person for person in model.people if person.adult_resident]
    near = [person for person in adults if person.village == minor.village]
    return min(near or adults, key=lambda person: model.luck.uniform(priority, person.key), default=None)


# --- transfers ------------------------------------------------------------------------------------------


def transfers(model):
    """Settle each January what children send."""
    if model.month % 12:
        return
    p, luck = model.parameters["transfers"], model.luck
    anything = luck.stream("transfers.any", model.month)
    sums = luck.stream("transfers.sum", model.month)
    for person in model.people:
        person.transfers = 0
        if not (person.resident and person.elder):
            continue
        living = [child for child in person.children if child.alive]
        more = len(living) - 3
        if all(person.shares_home_with(child) for child in living):
            continue
        if luck.uniform(anything, person.key) < p.any_share + p.any_per_child * more:
            z = luck.normal_quantile(luck.uniform(sums, person.key))
            growth = model.parameters["income"].growth(year_of(model.month))
            median = growth * max(0.0, p.sum_year + p.sum_per_child * more)
            person.transfers = min(MOST, math.floor(100 / 12 * median * math.exp(p.spread * z)))
