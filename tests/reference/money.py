"""Jobs, own income and what the dead leave on the time bank."""

from __future__ import annotations

import math

from caresim.kernel.clock import year_of

MOST = 2_000_000_000
"""The highest income, in fen a month."""


def employment(model):
    """Settle each January who has a job off the farm."""
    if model.month % 12:
        return
    p, luck = model.parameters["employment"], model.luck
    lasting = luck.lasting("employment.job")
    for person in model.people:
        share = p.share_women if person.female else p.share_men
        person.job = int(18 <= person.age <= 59 and luck.uniform(lasting, person.key) < share)


def growth(model):
    return (1 + model.parameters["income"].growth_year) ** (year_of(model.month) - 2020)


def income(model):
    """Settle the incomes of people of 60 and over, and the fifths of the elders."""
    january = model.month % 12 == 0
    settling = [
        elder for elder in (model.people if january else model.elders)
        if elder.elder and (january or elder.income < 0)
    ]  # fmt: skip
    for person in settling:
        person.income = own_income(model, person)
    if january:
        model.quintile_bounds = bounds_of_fifths(model)
    for person in settling:
        total = person.income + person.transfers
        person.quintile = sum(bound <= total for bound in model.quintile_bounds)


def own_income(model, person):
    p, luck = model.parameters["income"], model.luck
    farm = 0.0
    if person.disability <= 1:
        z = luck.normal_quantile(luck.uniform(luck.lasting("income.luck"), person.key))
        strength = max(0.0, 1 - (person.age - 60) / (p.farm_until - 60))
        farm = p.farm * strength * math.exp(p.spread * z - p.spread**2 / 2)
    return min(MOST, math.floor(100 * growth(model) * (p.pension + p.land_rent + farm)))


def bounds_of_fifths(model):
    totals = sorted(person.income + person.transfers for person in model.people if person.resident_elder)
    if not totals:
        return [0, 0, 0, 0]
    return [totals[k * len(totals) // 5] for k in range(1, 5)]


def minimum(model):
    """Return the minimum income in fen a month."""
    return math.floor(100 * growth(model) * model.parameters["income"].minimum)


def inheritance(model):
    """Pass on the coins of those who died this month."""
    p = model.parameters["inheritance"]
    for dead in model.just_died:
        if not dead.registered or dead.coins <= 0:
            continue
        heir = heir_of(dead) if p.inheritable else None
        passed_on = math.floor(p.part * dead.coins) if heir is not None else 0
        if heir is not None:
            model.bank.credit(heir, passed_on)
        model.bank.pool += dead.coins - passed_on
        dead.coins = 0


def heir_of(dead):
    """Return the living registered spouse, or else the eldest living registered child."""
    if dead.spouse is not None and dead.spouse.alive and dead.spouse.registered:
        return dead.spouse
    children = [child for child in dead.children if child.alive and child.registered]
    return min(children, key=lambda child: child.born, default=None)
