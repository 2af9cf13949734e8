"""Small villages for tests: built from census figures or from random families, and run month by month."""

from __future__ import annotations

import random
from functools import cache

import numpy as np

from caresim import catalogue
from caresim.agents.checks import check_month, note_stock
from caresim.agents.people import ALIVE, FEMALE, OUTSIDE, TOWN, VILLAGE, WIDOWED
from caresim.kernel.clock import month_number, month_text, year_of
from caresim.kernel.draws import Draws
from caresim.scenario import Scenario
from caresim.schedule import begin as begin_month
from caresim.schedule import in_order
from caresim.synthesis.places import read_place
from caresim.synthesis.population import build_world

from .hamlet import Hamlet

RESTLESS = {
    "migration": {
        "out_scale": 6.0,
        "back_scale": 4.0,
        "family_share": 0.9,
        "held_back": 0.3,
        "sibling_effect": 0.9,
    },
    "marriage": {
        "remarriage": 0.1,
        "own_household_share": 0.3,
        "outside_share": 0.5,
        "bride_younger": (-60, 240),
    },
    "coresidence": {"join": 0.05, "split": 0.05, "leave_home": 0.03},
    "newcomers": {"rate_year": 0.05},
    "mortality": {"normaliser_current": True, "rural_multiplier": 2.5},
    "urbanisation": {"rate_year": 0.15, "absent_rate_year": 0.1},
    "functional_decline": {"onset": (0.05, 0.08, 0.05)},
    "dementia": {"onset_year": 0.1},
    "fertility": {"multiplier": 3.0},
}
"""Rates so high that rare branches happen every month."""
FRAIL = {
    "functional_decline": {"onset": (0.2, 0.2, 0.1), "recovery": (0.01, 0.01, 0.01)},
    "migration": {"out_scale": 5.0, "held_back": 0.1, "back_scale": 8.0},
    "coresidence": {"join": 0.01, "join_factor": 10.0, "split": 0.1},
    "urbanisation": {"rate_year": 0.0, "absent_rate_year": 0.0},
    "mortality": {"rural_multiplier": 4.0, "relative_risks": (0.5, 1.0, 3.0, 9.0)},
}
AGED = {
    "dementia": {"onset_year": 1.0},
    "mortality": {"rural_multiplier": 5.0, "relative_risks": (0.2, 1.0, 3.0, 9.0)},
    "coresidence": {"join": 0.01, "join_factor": 60.0},
    "migration": {"back_scale": 10.0},
}
FERTILE = {"fertility": {"multiplier": 5.0, "spacing": 36}, "mortality": {"rural_multiplier": 5.0}}
STEADY = {
    "coresidence": {"join_factor": 0.5, "leave_home_age": 18},
    "newcomers": {"ages": (40, 75), "rate_year": 0.02},
}
REFORMED = {"fertility": {"multiplier": 2.0, "spacing": 20}, "mortality": {"normaliser_current": True},
            "migration": {"out_scale": 0.0}, "transfers": {"sum_year": 9000.0}}  # fmt: skip

NEEDY = {
    "functional_decline": {"unmet_effect": 2.0}, "mortality": {"unmet_effect": 1.5, "lonely_risk": 3.0},
    "migration": {"unmet_return": 0.3}, "needs": {"company": 40.0, "supervised_share": 0.3, "busy_hours": 15.0},
    "employment": {"share_men": 0.9, "share_women": 0.6},
    "income": {"farm_until": 68.0, "spread": 1.5, "minimum": 900.0},
    "respite": {"hours": 12.5}, "children_care": {"daughter_in_law": 0.7, "norm_low": 0.1},
    "burden": {"capacity_effect": 2.5, "carer_hours": 0.5, "conflict_hours": 2.0, "per_hour": 1.0, "speed": 0.4,
               "relief": 80.0},
    "medical_contact": {"per_km": 0.3, "unescorted": 0.37},
    "social_ties": {"pair": 1.7, "home": 1.1, "visited": 0.9, "helped": 0.7, "decay": 0.3},
    "loneliness": {"from_ties": 0.9, "from_unmet": 2.0, "bereavement": 2.0},
    "depression": {"burdened_from": 4.0, "burdened_odds": 5.0},
}  # fmt: skip
"""Needs, burdens and effects so strong that they show in a few months."""
NEIGHBOURLY = {
    "mutual_aid": {"trust_low": 0.2, "trust_high": 1.0, "home_share": 0.9, "opening_year": 0.9, "closing_year": 0.9,
                   "participation": 0.8, "pair_share": 0.8, "part_year": 0.2},
    "neighbour_care": {"willing": 0.6, "until_age": 80, "hours": 6.0},
    "volunteering": {"registration": 0.7, "propensity_a": 0.8, "propensity_b": 0.9, "hours": 9.0, "most_hours": 5.0,
                     "reach": 6.0},
    "needs": {"company": 30.0},
}  # fmt: skip
"""Villages in which homes, pairs, neighbours and volunteers have much to do."""
BANKING = {
    "time_bank": {"open": True, "registration": 0.9, "endowment": 12.0, "backstop": 0.5, "ceiling": 11.0,
                  "gifts": True, "digital": 0.25, "loss_year": 0.9, "loss_part": 0.7, "hours": 8.0, "reach": 9.0,
                  "retention": 0.6, "confidence_speed": 0.3},
    "volunteering": {"propensity_a": 1.0, "propensity_b": 1.0, "registration": 0.5},
}  # fmt: skip
"""A time bank that does all that it can."""
MINDING = {
    "grandchild_care": {"hours": 43.0, "most_hours": 70.0, "counted": 0.37},
    "migration": {"out_scale": 9.0, "family_share": 0.0, "unminded_return": 0.2},
    "fertility": {"multiplier": 4.0},
    "functional_decline": {"onset": (0.08, 0.08, 0.05), "recovery": (0.05, 0.05, 0.05)},
}
"""Many parents leave without their children; grandparents have many to look after, and come to need care."""
PRICED = {"time_bank": {"by_task": True, "price": (130, 37), "loss_year": 0.0, "ceiling": 2000.0}}
TURNED = {"needs": {"order": ("time_bank", "volunteers", "children", "neighbours", "spouse")}}
CLOSED_BANK = {"time_bank": {"open": False}, "needs": {"order": ("children", "neighbours", "spouse", "time_bank",
                                                                 "volunteers")}}  # fmt: skip


INFORMAL = {"workforce": {"limited": False}, "purchased_care": {"hours": 0.0}}
"""Nobody buys care, and workers set no limit to what government buys."""


def together(*deviations):
    """Return deviations by group, later ones on top of earlier ones."""
    groups = {}
    for changes in deviations:
        for group, values in changes.items():
            groups[group] = {**groups.get(group, {}), **values}
    return groups


shipped_place = cache(read_place)


def village_scenario(
    place="rural_heilongjiang",
    year=2010,
    residents=200,
    seed=1,
    deviations=None,
    later=None,
    later_from=18,
    villages=3,
):
    """Return a scenario of a few villages.

    Args:
        deviations: deviations from the declared parameters, by group.
        later: deviations that come on top from `later_from` months after the start.
    """
    start = month_number(f"{year}-01")
    parameters = together(INFORMAL, deviations or {})
    for group, values in (later or {}).items():
        for name, value in values.items():
            dated = {month_text(start + later_from): value}
            if name in parameters.setdefault(group, {}):
                dated[month_text(start)] = parameters[group][name]
            parameters[group][name] = dated
    return Scenario.of(
        place=place, start=month_text(start), seed=seed, residents=residents, townships=1, villages=villages,
        parameters=parameters,
    )  # fmt: skip


def figures(scenario):
    """Return the tables of a scenario's place."""
    return shipped_place(scenario.place, year_of(scenario.start))


def begun_world(scenario, columns=None):
    """Return a world built from census figures, on the eve of its first month."""
    return begin(build_world(scenario, 0, columns or catalogue.columns()))


def begin(world):
    """Let a world begin; everybody has the elders' columns, so that a test can read and write them anywhere."""
    begin_month(world)
    world.people.widen()
    note_stock(world)
    return world


def pass_month(world, month, parameters, processes=None):
    """Let a month of a world pass, and check the laws."""
    world.open_month(month, parameters)
    for process in in_order(world, processes):
        process.run(world)
    check_month(world)


# --- random families --------------------------------------------------------------------------------------


class Families:
    """A hamlet of families at random, odder than a census: half-siblings, lone parents, kin of every kind."""

    def __init__(self, scenario, n_families=40):
        self.luck = random.Random(scenario.seed)
        self.hamlet = Hamlet(catalogue.columns(), scenario.start)
        self.hamlet.people.make_room(registered=50 * n_families, kin=50 * n_families)  # rows must not move
        world = self.hamlet.world
        world.place = figures(scenario)
        world.draws = Draws(scenario.seed, 0)
        world.parameters = scenario.parameters_at(scenario.start)
        self.elders = []
        for _ in range(n_families):
            self.family()
        people = world.people
        rows = np.arange(people.n)
        mothers = people["mother"][: people.kin_end]
        people["parity"][rows] = np.bincount(mothers[mothers >= 0], minlength=people.n)[: people.n]
        self.world = begin(world)

    def family(self):
        """Add a couple or a lone parent with parents, brothers, children and step-children."""
        luck, add = self.luck, self.hamlet.add
        village, home = luck.randrange(2), self.hamlet.household()
        parents = self.parents(village, home)
        age = luck.uniform(19, 60)
        self.siblings(age, parents, village)
        away = luck.random() < 0.3
        place, house = (luck.choice((TOWN, OUTSIDE)), -1) if away else (VILLAGE, home)
        head = add(age, luck.choice("mf"), house, *parents, place=place, village=village)
        sex = "f" if not self.hamlet.people["state"][head] & FEMALE else "m"
        mate = self.mate(head, max(18, age + luck.uniform(-4, 4)), sex, place, house, village)
        couple = (head, mate) if sex == "m" else (mate, head)
        for number in range(luck.randrange(4)):
            child_age = age - 19 - 2 * number
            if child_age < 0:
                break
            mother, father = couple
            if luck.random() < 0.2:  # of an earlier partner who is dead or far away
                partner = self.kin(age, sex)
                mother, father = (head, partner) if sex == "m" else (partner, head)
            where = luck.choice(["here", "here", "there", "outside"])
            if where == "outside" or (where == "here" and away and luck.random() < 0.5):
                self.kin(child_age, luck.choice("mf"), mother, father)
            elif where == "here":
                add(child_age, luck.choice("mf"), home, mother, father, village=village)
            else:
                add(child_age, luck.choice("mf"), -1, mother, father, place=TOWN, village=village)

    def parents(self, village, home):
        """Return mother and father: elders in the house, elders elsewhere in the village, kin, or unknown."""
        luck, add = self.luck, self.hamlet.add
        kind = luck.randrange(5)
        if kind == 0:
            return -1, -1
        if kind == 1:
            return self.kin(80, "f"), self.kin(82, "m")
        if kind == 2 and self.elders:
            return luck.choice(self.elders), -1
        age = luck.uniform(60, 90)
        house = home if kind == 3 else self.hamlet.household()
        mother = add(age, "f", house, village=village)
        if luck.random() < 0.5:
            self.hamlet.people["marital"][mother] = WIDOWED
            self.hamlet.people["widowed"][mother] = self.hamlet.world.month - luck.randrange(24)
            father = self.kin(age, "m", alive=False)
        else:
            father = add(age + 1, "m", house, village=village)
            self.hamlet.marry(mother, father)
        self.elders.append(mother)
        return mother, father

    def siblings(self, age, parents, village):
        for _ in range(self.luck.randrange(3)):
            own = (parents[0], -1 if self.luck.random() < 0.3 else parents[1])
            if self.luck.random() < 0.5:
                self.kin(age, self.luck.choice("mf"), *own)
            else:
                sibling_home = self.hamlet.household()
                near = village if self.luck.random() < 0.5 else 1 - village
                self.hamlet.add(max(18, age - 2), self.luck.choice("mf"), sibling_home, *own, village=near)

    def mate(self, head, age, sex, place, house, village):
        """Return the other parent: registered here or away, kin, or dead and unmarried to."""
        kind = self.luck.randrange(4)
        if kind == 0:
            return self.kin(age, sex, alive=False)
        if kind == 1:
            mate = self.kin(age, sex, alive=True)
        elif kind == 2 and house >= 0:
            mate = self.hamlet.add(age, sex, -1, place=TOWN, village=village)
        else:
            mate = self.hamlet.add(age, sex, house, place=place, village=village)
        self.hamlet.marry(mate, head)
        return mate

    def kin(self, age, sex, mother=-1, father=-1, alive=None):
        """Add somebody off the register, dead or alive."""
        row = self.hamlet.kin(age, sex, mother, father)
        if not (self.luck.random() < 0.7 if alive is None else alive):
            self.hamlet.people["state"][row] &= ~np.uint8(ALIVE)
        return row
