"""Homes made safe, meals, nursing and doctors at home: whom they help, against the rule on paper."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.care import ALONE, FULL
from caresim.agents.people import ELDER, INSTITUTION, LIVING_REGISTERED, LIVING_RESIDENT
from caresim.agents.policy import Policy
from caresim.kernel.clock import year_of
from caresim.kernel.draws import uniform
from caresim.processes import functional_decline, home_modification
from tests.hamlet import Hamlet
from tests.villages import begun_world, village_scenario

QUICK = {"onset": (0.3, 0.3, 0.3), "unmet_effect": 1.0}
"""Once the world has begun, or nobody old would be left in state 0."""
STRONG = {"modified_home": 0.5, "meals": 0.6, "nursed": 0.4, "fall_risk": 0.3}


def world_of(**effects):
    world = begun_world(village_scenario("rural_china", residents=3000))
    rules = world.parameters["functional_decline"].model_copy(update=QUICK | effects)
    world.open_month(world.start, {**world.parameters, "functional_decline": rules})
    world.people.widen()  # so that the young can be given what only elders make use of
    return world


def scatter(world, columns, seed=3):
    """Let chance alone say who has what, whatever the order of rows."""
    luck, people = random.Random(seed), world.people
    for row in sorted(people.who(LIVING_RESIDENT), key=people["key"].__getitem__):
        for name, values in columns.items():
            people[name][row] = luck.choice(values)


SUPPORT = {"modified": (0, 1, 2), "care_bed": (0, 1, 2, 3)}


def test_each_support_slows_the_steps_that_it_is_said_to_slow_for_whom_it_is_said_to():
    world = world_of(**STRONG)
    people, given = world.people, world.parameters["functional_decline"]
    scatter(world, SUPPORT)
    world.local["functional_decline.severe_scale"] = np.array([0.5, 1.0, 0.8])
    worse, better = functional_decline.transitions(given, year_of(world.month))
    stream = world.draws.word(functional_decline.CHANGE, world.month)
    risky = world.draws.word(functional_decline.FALL_RISK, 0)
    norm = world.memory["functional_decline.norm"][1]
    expected, helped = people["disability"].tolist(), set()
    for row in people.who(LIVING_REGISTERED):
        age, state = int(world.month - people["born"][row]) // 12, int(people["disability"][row])
        if age < 50:
            continue
        luck = uniform(stream, people["key"][row])
        chance = plain = worse[min(age, 109), state]
        if people["state"][row] & (LIVING_RESIDENT | ELDER) == LIVING_RESIDENT | ELDER and state < 3:
            factor = 1.0
            if state == 2:
                factor *= world.local["functional_decline.severe_scale"][people["village"][row]]
                factor *= 0.4 if people["care_bed"][row] & 2 else 1.0
            elif people["modified"][row] == 1:
                risk = state == 1 or age >= 80 or uniform(risky, people["key"][row]) < 0.3
                factor *= 0.5 if risk else 1.0
            if state > 0:
                factor *= math.exp(given.unmet_effect * people["unmet"][row] / FULL) / norm[state]
            chance = 1.0 - (1.0 - chance) ** factor
            if factor < 1.0 and chance <= luck < plain:
                helped.add(state)
        expected[row] += int(luck < chance) - int(chance <= luck < chance + better[min(age, 109), state])
    functional_decline.decline(world)
    assert people["disability"].tolist() == expected
    assert helped == {0, 1, 2}


@pytest.mark.parametrize("neutral", [{"modified_home": 1.0, "nursed": 1.0, "meals": 1.0}])
def test_supports_without_effect_change_nothing(neutral):
    states = []
    for columns in ({}, SUPPORT):
        world = world_of(**neutral)
        scatter(world, columns)
        functional_decline.decline(world)
        states.append(world.people["disability"].tolist())
    assert states[0] == states[1]


# --- who comes first ----------------------------------------------------------------------------------------


def hamlet_of(*elders, rate=10_000.0):
    """Return a hamlet of elders (dicts of column values), with a rate of homes in its first village."""
    hamlet = Hamlet(catalogue.columns())
    world = hamlet.world
    world.enact({name: group() for name, group in catalogue.parameter_groups().items()}, Policy())
    rows = []
    for said in elders:
        row = hamlet.add(said.pop("age", 70), "f", hamlet.household(), village=said.pop("village", 0))
        for column, value in ({"takes_up": 1} | said).items():
            world.people[column][row] = value
        rows.append(row)
    world.elders = np.array(rows)
    world.local["home_modification.per_10000_year"] = np.array([rate, 0.0])
    return hamlet


def order_of(hamlet):
    """Return the rows in the order in which they are chosen, one after the other."""
    world, chosen = hamlet.world, []
    modified, rate = world.people["modified"], world.by_village("home_modification.per_10000_year")
    heads = np.array([0.5 * home_modification.PER / 10_000.0, 0.0])  # one home, with the draw of .96
    while True:
        home_modification.build_and_choose(
            world.elders, *(world.people[name] for name in home_modification.LOOKED_AT), rate,
            home_modification.NO_CLAIMS, home_modification.NO_CLAIMS, world.month, heads, np.uint64(7), np.uint64(7),
        )  # fmt: skip
        new = [j for j in range(len(world.elders)) if modified[world.elders[j]] == 2 and j not in chosen]
        if not new:
            return chosen
        chosen += new


def test_the_frail_come_first_then_the_poor_then_those_who_live_alone():
    hamlet = hamlet_of(
        {}, {"arrangement": ALONE}, {"means": 1}, {"assessed": 1}, {"age": 80}, {"assessed": 2, "means": 1},
    )  # fmt: skip
    points = order_of(hamlet)
    assert points[0] == 5
    assert set(points[1:3]) == {3, 4}
    assert points[3:] == [2, 1, 0]


@pytest.mark.parametrize("no", [{"modified": 1}, {"takes_up": 0}, {"place": INSTITUTION}, {"village": 1}])
def test_who_has_a_safe_home_does_not_claim_or_lives_elsewhere_is_not_chosen(no):
    assert order_of(hamlet_of(no, {"assessed": 0})) == [1]


def test_as_many_homes_are_chosen_as_the_rate_says():
    hamlet, chosen, months = hamlet_of(*({} for _ in range(60)), rate=2000.0), 0, 240
    for _ in range(months):  # a home a month on average
        home_modification.modify_homes(hamlet.world)
        chosen += int((hamlet.people["modified"][:60] == 2).sum())
        hamlet.people["modified"][:60] = 0
        hamlet.world.month += 1
    assert chosen == months  # 60 x .2 / 12 is a whole number: no draw is needed
    hamlet = hamlet_of(*({} for _ in range(60)), rate=1000.0)
    chosen = 0
    for _ in range(months):
        home_modification.modify_homes(hamlet.world)
        chosen += int((hamlet.people["modified"][:60] == 2).sum())
        hamlet.people["modified"][:60] = 0
        hamlet.world.month += 1
    assert abs(chosen - months / 2) < 4.5 * math.sqrt(months / 4)
