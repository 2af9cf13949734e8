import math

import numpy as np
import pytest

from caresim.agents.people import COLUMNS, NOBODY, OUTSIDE, VILLAGE, WIDOWED
from caresim.agents.people_census import population_table
from caresim.indicators import INDICATORS, Indicator, collect, health, living, population, standard
from caresim.processes import ageing, living_arrangement
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, NOW
from tests.hamlet import Hamlet as AnyHamlet

RECORDER = Recorder(population.INDICATORS + living.INDICATORS + health.INDICATORS + standard.INDICATORS)


class Hamlet(AnyHamlet):
    """A hamlet where it is noted how elders live, and nothing about care."""

    def __init__(self):
        super().__init__(COLUMNS + HEALTH + living_arrangement.PROCESS.columns)

    def measure(self):
        """Note how the elders live, and measure."""
        ageing.PROCESS.run(self.world)
        living_arrangement.PROCESS.run(self.world)
        return RECORDER.measure(self.world)


def four_households():
    """Couple; widow alone; widow with son, his wife and child; grandmother with a grandchild."""
    h = Hamlet()
    couple, alone, three, skipped = (h.household() for _ in range(4))
    husband, wife = h.add(70, "m", couple), h.add(68, "f", couple)
    h.marry(husband, wife)
    h.add(82, "f", alone, village=1)
    widow = h.add(66, "f", three)
    son, bride = h.add(40, "m", three, mother=widow), h.add(38, "f", three)
    h.marry(son, bride)
    h.add(10, "f", three, mother=bride, father=son)
    grandmother = h.add(61, "f", skipped)
    gone = h.add(35, "m", mother=grandmother, place=OUTSIDE)
    h.add(5, "m", skipped, father=gone)
    for row in (2, widow):
        h.people["marital"][row] = WIDOWED
    return h


def test_counts_worked_out_on_paper():
    h = four_households()
    found = h.measure()
    expected = {
        "residents": 9,
        "registered": 10,
        "elders": 5,
        "elders_at_start": 5,
        "elders_share": 5 / 9,
        "oldest_share": 1 / 5,
        "absent": 1,
        "absent_per_resident": 1 / 9,
        "absent_mean_age": 35,
        "rural_residents": 8,
        "rural_elders": 4,
        "rural_elders_share": 4 / 8,
        "rural_older_share": 3 / 8,
        "widowed_women_65_share": 1 / 2,
        "arrivals": 9,
        "births": 0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_households_worked_out_on_paper():
    found = four_households().measure()
    expected = {
        "living_alone_share": 1 / 5,
        "couple_only_share": 2 / 5,
        "with_child_share": 1 / 5,
        "household_size": 9 / 4,
        "one_person_households_share": 1 / 4,
        "one_generation_households_share": 2 / 4,
        "elder_households_share": 3 / 4,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_a_wife_with_the_mother_of_her_absent_husband_is_two_generations():
    h = Hamlet()
    home = h.household()
    old = h.add(75, "f", home)
    husband = h.add(45, "m", mother=old, place=OUTSIDE)
    wife = h.add(44, "f", home)
    h.marry(husband, wife)
    found = h.measure()
    assert found["one_generation_households_share"] == 0
    assert found["with_child_share"] == 0


def test_siblings_and_children_outside_the_register_make_one_generation():
    h = Hamlet()
    home = h.household()
    mother = h.kin(70, "f")
    for age in (40, 42):
        h.add(age, "m", home, mother=mother)
    elder = h.add(70, "m", h.household())
    h.kin(40, "m", father=elder)
    found = h.measure()
    assert found["one_generation_households_share"] == 1
    assert found["living_alone_share"] == 1
    assert found["with_child_share"] == 0


def test_an_elder_with_a_minor_child_does_not_live_with_a_child():
    h = Hamlet()
    home = h.household()
    father = h.add(60, "m", home)
    h.add(17.9, "m", home, father=father)
    assert h.measure()["with_child_share"] == 0
    h.add(18, "m", home, father=father)
    h.add(19, "f", home, father=father)
    assert h.measure()["with_child_share"] == 1


def test_two_elders_who_are_not_spouses_are_no_couple():
    h = Hamlet()
    home = h.household()
    h.add(70, "f", home)
    h.add(71, "f", home)
    found = h.measure()
    assert found["couple_only_share"] == 0
    assert found["living_alone_share"] == 0


def test_health_counts_resident_elders_only():
    h = Hamlet()
    home = h.household()
    for state in (0, 1, 2, 3):
        row = h.add(60 + state, "f", home)
        h.people["disability"][row] = state
        h.people["transfers"][row] = 12_345
    h.people["dementia"][row] = 1
    for row in (h.add(59, "m", home), h.add(80, "m", place=OUTSIDE)):
        for name in ("disability", "dementia", "transfers"):
            h.people[name][row] = 3
    found = h.measure()
    assert found["disabled_share"] == pytest.approx(3 / 4)
    assert found["adl_disabled_share"] == pytest.approx(2 / 4)
    assert found["dementia_share"] == pytest.approx(1 / 4)
    assert found["transfers"] == pytest.approx(4 * 123.45)


def test_shares_of_nobody_and_columns_of_no_process_are_nan():
    recorder = Recorder(population.INDICATORS + living.INDICATORS + health.INDICATORS)
    found = recorder.measure(AnyHamlet(COLUMNS).world)
    empty = {name for name, value in found.items() if math.isnan(value)}
    assert {"elders_share", "living_alone_share", "household_size", "disabled_share", "transfers"} <= empty
    assert found["residents"] == 0


def test_elders_are_those_of_age_where_nobody_noted_them():
    h = four_households()
    found = RECORDER.measure(h.world)
    assert len(h.world.elders) == 0
    assert {name: found[name] for name in ("elders", "rural_elders", "oldest_share")} == pytest.approx(
        {"elders": 5, "rural_elders": 4, "oldest_share": 1 / 5}
    )


def test_the_left_behind_have_children_but_none_in_the_township():
    h = Hamlet()
    for place in (OUTSIDE, VILLAGE):
        mother = h.add(70, "f", h.household())
        h.add(40, "f", h.household() if place == VILLAGE else NOBODY, mother=mother, place=place)
    h.kin(45, "m", mother=h.add(75, "f", h.household()))
    h.add(80, "m", h.household())
    assert h.measure()["left_behind_share"] == 2 / 4


def test_households_are_looked_into_once_a_year_and_the_countryside_once_a_quarter():
    h = four_households()
    h.world.start -= 12
    measured = []
    for month in range(h.world.month, h.world.month + 12):
        h.world.month = month
        found = h.measure()
        assert found["living_alone_share"] == 1 / 5
        measured.append((not math.isnan(found["household_size"]), not math.isnan(found["rural_residents"])))
    # From June to May: December; June, September, December, March.
    assert [yearly for yearly, _ in measured] == [month == 6 for month in range(12)]
    assert [quarterly for _, quarterly in measured] == [month % 3 == 0 for month in range(12)]


def test_flows_are_read_from_the_month():
    h = four_households()
    h.people.flows.clear()
    h.people.die(np.array([2]))
    h.people.leave(np.array([5]), np.array([OUTSIDE], dtype=np.uint8))
    h.people.come_home(np.array([8]), np.array([2]))
    found = h.measure()
    assert [found[name] for name in ("deaths", "departures", "arrivals", "returns", "registered_deaths")] == [
        1
    ] * 5
    assert found["residents"] == 8


def test_a_second_measurement_in_a_month_sees_what_changed():
    h = four_households()
    h.measure()
    h.people.die(np.array([0]))
    found = h.measure()
    assert found["residents"] == 8
    assert found["living_alone_share"] == 2 / 4


def test_a_name_declared_twice_raises():
    one = INDICATORS[0]
    with pytest.raises(ValueError, match="declared twice: residents"):
        collect([one], [one])


def test_every_indicator_is_described():
    for indicator in INDICATORS:
        assert isinstance(indicator, Indicator)
        assert indicator.aggregate in ("mean", "sum", "last")
        assert all((indicator.unit, indicator.label, indicator.label_zh, indicator.meaning.endswith(".")))


def test_population_by_age_at_the_opening_of_a_month():
    h = Hamlet()
    home = h.household()
    h.add(0, "f", home)
    h.add(5, "m", home)
    h.add(4 + 11 / 12, "m", home)
    h.add(105, "f", place=OUTSIDE)
    gone = h.add(50, "m", home)
    h.people.die(np.array([gone]))
    table = population_table(h.people, NOW + 1)
    assert table.shape == (2, 21, 2)
    assert table.sum(axis=(0, 1)).tolist() == [4, 3]
    assert table[1, 0].tolist() == [1, 1]
    assert table[0, 1].tolist() == table[0, 0].tolist() == [1, 1]
    assert table[1, 20].tolist() == [1, 0]


def test_incidence_is_per_year_of_those_at_risk():
    h = four_households()
    assert math.isnan(h.measure()["adl_incidence"])
    h.people.flows.adl_onsets, h.people.flows.adl_exposed = 2, 300
    assert h.measure()["adl_incidence"] == pytest.approx(0.08)
