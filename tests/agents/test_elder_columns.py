"""Elders' columns end where the year's elders end: these come first, and nobody else has a row there."""

import numpy as np
import pytest

from caresim import CareModel, load_scenario
from caresim.agents.compaction import compact, drop_rows
from caresim.agents.people import ELDER_FROM, LIVING_REGISTERED, VILLAGE

SETTINGS = ["population.residents=400", "population.villages=2", "population.townships=1", "months=2"]


@pytest.fixture
def model():
    model = CareModel(load_scenario("configs/lesson_village.yaml", set=SETTINGS), collect=False)
    model.step()
    return model


def by_key(people, name):
    rows = people.who(LIVING_REGISTERED)
    return dict(zip(people["key"][rows].tolist(), people.values(name, rows).tolist(), strict=True))


def test_those_who_are_elders_within_the_year_come_first_and_nobody_else_has_their_columns(model):
    people, latest = model.people, model.month + 11 - ELDER_FROM
    assert (people["born"][: people.elders_end] <= latest).all()
    assert (people["born"][people.elders_end : people.n] > latest).all()
    assert len(people["income"]) == people.elders_end < people.n
    assert len(people["born"]) > people.n
    assert model.world.elders.max() < people.elders_end


def test_those_who_are_elders_before_the_next_time_come_next_year_by_year(model):
    people = model.people
    later = people["born"][people.elders_end : people.young]
    years = (later - (model.month + 12 - ELDER_FROM)) // 12
    assert set(years.tolist()) == {0, 1, 2, 3}
    assert (np.diff(years) >= 0).all()
    assert (people["born"][people.young : people.n] > people.elders_born).all()
    assert people.elders_born == model.month + 59 - ELDER_FROM


@pytest.mark.parametrize("rows", [5000, 0], ids=["no row dropped", "rows dropped"])
def test_each_january_the_next_ones_are_given_elders_columns(rows, monkeypatch):
    monkeypatch.setattr("caresim.agents.world.DROP_FROM", rows)
    monkeypatch.setattr("caresim.agents.compaction.SPARE", 8)  # room for all who are born
    scenario = load_scenario("configs/lesson_village.yaml", set=[*SETTINGS[:3], "months=60"])
    model = CareModel(scenario, collect=False)
    people, generation, ends = model.people, model.people.generation, []
    for number in range(60):
        model.step()
        if number % 12 == 0:
            ends.append(people.elders_end)
        assert people.elders_end == ends[-1] == len(people["income"])
        assert (people["born"][ends[-1] : people.n] > model.month - ELDER_FROM).all()
    assert ends[-1] == people.young
    if rows:
        assert sorted(set(ends)) == ends
        assert people.generation == generation
    else:
        assert people.generation == generation + 2


def test_rows_are_in_order_before_the_first_month_which_leaves_them_so():
    model = CareModel(load_scenario("configs/lesson_village.yaml", set=SETTINGS), collect=False)
    world, generation = model.world, model.people.generation
    assert model.people.n_elders is not None
    world.open_month(world.start, model.scenario.parameters_at(world.start, model.mix.name))
    assert model.people.generation == generation
    world.open_month(world.start + 60, model.scenario.parameters_at(world.start + 60, model.mix.name))
    assert model.people.generation == generation + 1


def test_putting_rows_in_order_again_loses_no_value(model):
    people = model.people
    names = ("income", "loneliness", "unmet", "arrangement", "disability")
    before = {name: by_key(people, name) for name in names}
    for latest, years in ((people.elders_born + 60, 0), (None, 0), (people.elders_born, 2)):
        compact(people, latest, years)
        assert {name: by_key(people, name) for name in names} == before


def test_dropping_rows_leaves_the_others_in_their_order_and_loses_no_value():
    scenario = load_scenario("configs/lesson_village.yaml", set=[*SETTINGS[:3], "months=23"])
    model = CareModel(scenario, collect=False)
    model.run()
    people = model.people
    names = ("income", "loneliness", "unmet", "arrangement", "disability", "born")
    before = {name: by_key(people, name) for name in names}
    rows, kin = people.who(LIVING_REGISTERED), people.n_kin
    parts = [
        people["key"][rows[rows < end]].tolist() for end in (people.blank, people.elders_end, people.young)
    ]
    keys, blank, bytes_before = people["key"][rows].tolist(), people.blank_end - people.blank, people.nbytes
    assert len(rows) < people.n - blank
    number = drop_rows(people)
    assert {name: by_key(people, name) for name in names} == before
    assert people["key"][people.who(LIVING_REGISTERED)].tolist() == keys
    assert len(keys) == people.n - blank == people.n - (people.blank_end - people.blank)
    assert people["key"][number[rows]].tolist() == keys
    for part, end in zip(parts, (people.blank, people.elders_end, people.young), strict=True):
        known = people.who(LIVING_REGISTERED)
        assert people["key"][known[known < end]].tolist() == part
    assert not people["state"][people.blank : people.blank_end].any()
    assert people.n_elders == len(people["income"])
    assert people.n_kin > kin
    assert people.nbytes < bytes_before


def test_a_young_person_has_the_default_and_can_be_given_a_value(model):
    people = model.people
    child = people.elders_end  # the first row after them
    person = model.person(child)
    assert person.income == people.declared["income"].default
    person.income = 700
    assert people.n_elders is None
    assert person.income == 700
    assert len(people["income"]) == people.kin_start


def test_kin_outside_have_no_elders_columns(model):
    people = model.people
    with pytest.raises(AttributeError, match="registered people only"):
        model.person(people.kin_start).income  # noqa: B018


def test_somebody_near_sixty_who_registers_has_elders_columns(model):
    people, blank = model.people, model.people.elders_end - model.people.blank
    assert blank > 0
    ages = [30] + [58] * blank + [58]
    for number, age in enumerate(ages):
        born = np.array([model.month - 12 * age], dtype=np.int16)
        row = people.register(
            np.array([number + 1], dtype=np.uint64), born, np.array([True]), np.array([0], dtype=np.int16),
            np.array([VILLAGE], dtype=np.uint8), people.found_households(1),
        )  # fmt: skip
        assert (people.n_elders is None) == (number > blank)  # the last finds no blank row
        assert (row[0] < people.elders_end) == (age == 58 or people.n_elders is None)
        assert people.values("income", row)[0] == people.declared["income"].default
    assert len(people["income"]) == people.kin_start


def test_blank_rows_are_nobody(model):
    people = model.people
    assert not people["state"][people.blank : people.blank_end].any()
    registered = len(model.persons)
    model.step()
    flows = people.flows
    assert len(model.persons) - registered == (
        flows.registered_births + flows.registrations - flows.registered_deaths - flows.deregistrations
    )


def test_spare_and_blank_rows_hold_the_defaults_that_a_new_person_starts_with():
    scenario = load_scenario("configs/heilongjiang.yaml", set=[*SETTINGS[:3], "months=15"])
    model = CareModel(scenario, mix="integrated_pluralism", collect=False)
    people = model.people
    first = people.n
    for _ in range(15):
        model.step()
    assert people.n != first
    for name, column in people.declared.items():
        values = people[name]
        if column.elder:
            spare = values[people.blank : people.blank_end]
        else:
            spare = np.append(values[people.n : people.kin_start], values[people.blank : people.blank_end])
        assert len(spare) > 0
        assert (spare == column.default).all(), name


def test_a_newborn_starts_with_defaults_even_where_room_has_to_be_made():
    model = CareModel(load_scenario("configs/lesson_village.yaml", set=SETTINGS), collect=False)
    model.step()
    people = model.people
    mothers = people.who(LIVING_REGISTERED)[: people.kin_start - people.n + 1]
    generation, first = people.generation, people.n
    keys = np.arange(1, len(mothers) + 1, dtype=np.uint64)
    no = np.zeros(len(mothers), dtype=bool)
    people.bear(mothers, keys, model.world.month, no, no)
    assert people.generation == generation + 1
    for name in ("marital", "widowed", "parity", "spouse", "first_child", "disability"):
        assert (people[name][first : people.n] == people.declared[name].default).all(), name
