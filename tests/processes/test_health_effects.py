"""What unmet need and loneliness do to health, deaths and returns: person by person against the rule on paper."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from caresim.agents import health_effects
from caresim.agents.care import FULL, LONELY
from caresim.agents.people import ALIVE, ELDER, FEMALE, LIVING_REGISTERED, LIVING_RESIDENT, PRESENT
from caresim.kernel.clock import year_of
from caresim.kernel.draws import uniform
from caresim.processes import functional_decline, migration, mortality
from tests.villages import begun_world, village_scenario

RISKY = {
    "functional_decline": {"onset": (0.05, 0.2, 0.1), "recovery": (0.05, 0.1, 0.05), "unmet_effect": 1.5},
    "mortality": {"rural_multiplier": 5.0},
    "migration": {"out_scale": 5.0, "back_scale": 8.0, "unmet_return": 0.3},
}


def world_of(**effects):
    """Return a begun world in its first month, in which chance alone says whose needs stay unmet and who is lonely."""
    deviations = {group: {**RISKY.get(group, {}), **effects.get(group, {})} for group in (*RISKY, *effects)}
    world = begun_world(village_scenario("rural_china", residents=3000, deviations=deviations))
    world.open_month(world.start, world.parameters)
    neglect(world)
    return world


def neglect(world, seed=7):
    luck, people = random.Random(seed), world.people
    for row in people.who(LIVING_RESIDENT | ELDER):
        people["unmet"][row] = luck.choice((0, luck.randrange(FULL + 1), FULL))
        people["mood"][row] = luck.randrange(4)
        people["need"][row] = luck.choice((0, 2399, 2400, 9000))


def age_of(world, row):
    return int(world.month - world.people["born"][row]) // 12


def is_elder(world, row):
    return world.people["state"][row] & (LIVING_RESIDENT | ELDER) == (LIVING_RESIDENT | ELDER)


def scaled(chance, factor):
    return 1.0 - (1.0 - chance) ** factor


def test_decline_in_states_1_and_2_is_hastened_by_unmet_need():
    world = world_of()
    people, given = world.people, world.parameters["functional_decline"]
    worse, better = functional_decline.transitions(given, year_of(world.month))
    stream, norm = (
        world.draws.word(functional_decline.CHANGE, world.month),
        world.memory["functional_decline.norm"][1],
    )
    before, expected, hastened = people["disability"].copy(), people["disability"].tolist(), 0
    for row in people.who(LIVING_REGISTERED):
        age, state = min(age_of(world, row), 109), before[row]
        if age >= 50:
            luck, chance = uniform(stream, people["key"][row]), worse[age, state]
            if is_elder(world, row) and state in (1, 2):
                chance = scaled(
                    chance, math.exp(given.unmet_effect * people["unmet"][row] / FULL) / norm[state]
                )
            expected[row] += int(luck < chance) - int(chance <= luck < chance + better[age, state])
            hastened += (luck < chance) != (luck < worse[age, state])
    functional_decline.decline(world)
    assert people["disability"].tolist() == expected
    assert hastened
    assert (norm[1:3] > 1).all()


def test_deaths_of_the_neglected_and_of_the_lonely_under_80():
    world = world_of()
    people, given = world.people, world.parameters["mortality"]
    care, stream = world.memory["mortality.care"][1], world.draws.word(mortality.DEATH, world.month)
    death = world.place.rates.deaths(year_of(world.month)) * given.rural_multiplier
    registered, others = mortality.death_chances(death, given, world.memory["mortality.start"][1])
    expected, changed = set(), 0
    for row in [*range(people.n), *range(people.kin_start, people.kin_end)]:
        if not people["state"][row] & ALIVE:
            continue
        age, sex = min(age_of(world, row), 109), people["state"][row] & FEMALE
        chance = others[sex, age]
        if row < people.n and age >= 60:
            chance = plain = registered[sex, age, people["disability"][row], people["dementia"][row]]
            if is_elder(world, row):
                factor = math.exp(given.unmet_effect * people["unmet"][row] / FULL)
                lonely = people["mood"][row] & LONELY and age < 80
                factor *= given.lonely_risk if lonely else 1.0
                chance = scaled(plain, factor / care[min(age // 10 - 6, 2)])
            luck = uniform(stream, people["key"][row])
            changed += (luck < chance) != (luck < plain)
        if uniform(stream, people["key"][row]) < chance:
            expected.add(row)
    mortality.die(world)
    assert {*people.flows.dead.tolist(), *people.flows.dead_kin.tolist()} == expected
    assert changed
    assert (care > 1).all()


def test_an_unmet_parent_calls_the_absent_home():
    world = world_of()
    people, given = world.people, world.parameters["migration"]
    stream = world.draws.word(migration.MOVE, world.month)
    _, back = migration.monthly_hazards(given)
    called, absent = set(), []
    for row in people.who(LIVING_REGISTERED, PRESENT):
        if age_of(world, row) >= 15:
            absent.append(row)
            spouse = people["spouse"][row]
            alone = spouse < 0 or spouse >= people.n
            neglect_of_parents = [
                people.values("unmet", parent) / FULL
                for parent in (people["mother"][row], people["father"][row])
                if 0 <= parent < people.n
                and people["state"][parent] & LIVING_RESIDENT == LIVING_RESIDENT
                and people.values("need", parent) >= 2400
            ]
            chance = back[people["state"][row] & FEMALE, age_of(world, row)]
            luck = uniform(stream, people["key"][row])
            if alone and chance <= luck < chance + given.unmet_return * max(neglect_of_parents, default=0.0):
                called.add(row)
    migration.migrate(world)
    assert called
    assert all(people["state"][row] & PRESENT for row in called)
    assert sum(not people["state"][row] & PRESENT for row in absent) > 5


OFF = {
    "functional_decline": {"unmet_effect": 0.0},
    "mortality": {"unmet_effect": 0.0, "lonely_risk": 1.0},
    "migration": {"unmet_return": 0.0},
}
CHANGED = {"functional_decline": "disability", "mortality": "state", "migration": "state"}
RUN = {
    "functional_decline": functional_decline.decline,
    "mortality": mortality.die,
    "migration": migration.migrate,
}


def outcome(name, seed, **effects):
    world = world_of(**effects)
    neglect(world, seed)
    RUN[name](world)
    return world.people[CHANGED[name]].tolist()


@pytest.mark.parametrize("name", OFF)
def test_each_feedback_can_be_switched_off(name):
    assert outcome(name, 1, **OFF) == outcome(name, 2, **OFF)
    assert outcome(name, 1) != outcome(name, 2)


def expected_deaths(world, care):
    """Return by age group the deaths among resident elders without the factor of care and with it, one by one."""
    people, given = world.people, world.parameters["mortality"]
    death = world.place.rates.deaths(year_of(world.month)) * given.rural_multiplier
    registered, _ = mortality.death_chances(death, given, world.memory["mortality.start"][1])
    deaths = np.zeros((2, 3))
    for row in people.who(LIVING_RESIDENT | ELDER):
        age = age_of(world, row)
        chance = registered[
            people["state"][row] & FEMALE, min(age, 109), people["disability"][row], people["dementia"][row]
        ]
        factor = math.exp(given.unmet_effect * people["unmet"][row] / FULL)
        factor *= given.lonely_risk if people["mood"][row] & LONELY and age < 80 else 1.0
        group = min(age // 10 - 6, 2)
        hazard = -math.log1p(-chance)
        deaths[:, group] += hazard, hazard * factor / care[group]
    return deaths


def test_neglect_moves_deaths_to_the_neglected_but_not_their_number():
    world = world_of(mortality={"unmet_effect": 1.5})
    people = world.people
    for row in people.who(LIVING_RESIDENT | ELDER):  # those who die soonest are neglected most, as in truth
        people["unmet"][row] = min(FULL, 60 * people["disability"][row] + 10 * people["dementia"][row])
    mortality.settle_norm(world)
    care = world.memory["mortality.care"][1]
    without, with_factor = expected_deaths(world, care)
    assert with_factor == pytest.approx(without, rel=1e-12)
    assert (care > 1.01).all()


def test_groups_without_anybody_have_the_norm_1():
    nobody = np.zeros(0, dtype=np.int64)
    column = np.zeros(1, dtype=np.uint8)
    born = np.zeros(1, dtype=np.int16)
    assert health_effects.unmet_by_state(nobody, column, column, 0.35).tolist() == [1, 1, 1, 1]
    hazard = np.ones((2, 110, 4, 2))
    columns = (column, born, column, column, column, column)
    assert health_effects.care_by_age(nobody, *columns, 1400, hazard, 0.22, 1.15).tolist() == [1, 1, 1]


def test_a_current_norm_of_deaths_is_taken_anew():
    world = world_of(mortality={"normaliser_current": True})
    elders = world.people.who(LIVING_RESIDENT | ELDER)
    world.people["unmet"][elders] = FULL
    world.people["mood"][elders] = LONELY
    mortality.die(world)
    taken = world.memory["mortality.normaliser"][1][1]
    assert taken == pytest.approx(np.array([1.15, 1.15, 1.0]) * math.exp(0.22))
