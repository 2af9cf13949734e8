import contextlib

import numpy as np
import pytest

from caresim.agents.checks import (
    KIN_LAWS,
    PEOPLE_LAWS,
    LawBroken,
    _faulty_kin,
    _faulty_person,
    check_kin,
    check_month,
    check_people,
    note_stock,
)
from caresim.agents.compaction import compact
from caresim.agents.kin_look import doubtful_chains
from caresim.agents.people import ALIVE, INSTITUTION, OUTSIDE, PRESENT
from caresim.agents.rows_look import suspects
from caresim.kernel.clock import month_number
from tests.hamlet import Hamlet

JANUARY = month_number("2021-01")


def family():
    """Rows 0 husband, 1 wife, 2 and 3 their children, 4 an absent brother of row 0; kin: their mother."""
    h = Hamlet(month=JANUARY)
    home = h.household()
    mother = h.kin(80, "f")
    a, b = h.add(50, "m", home, mother=mother), h.add(49, "f", home)
    h.marry(a, b)
    for age in (20, 18):
        h.add(age, "m", home, mother=b, father=a)
    h.add(45, "m", mother=h.people["mother"][a], place=OUTSIDE)
    h.people.flows.clear()
    note_stock(h.world)
    return h


def test_a_lawful_month_passes():
    check_month(family().world)


def test_a_lawful_month_with_every_movement_passes():
    h = family()
    people = h.people
    people.die(np.array([3]))
    people.leave(np.array([2]), np.array([OUTSIDE], dtype=np.uint8))
    people.come_home(np.array([4]), np.array([0]))
    people.bear(np.array([1]), np.array([77], dtype=np.uint64), JANUARY, np.array([True]), np.array([False]))
    people.deregister(np.array([2]), np.array([OUTSIDE], dtype=np.uint8))
    h.add(30, "f", 0)
    check_month(h.world)


def test_a_compacted_hamlet_keeps_its_kin():
    h = family()
    h.people.die(np.array([2]))
    compact(h.people)
    check_month(h.world)


@pytest.mark.parametrize(("flow", "law"), [("births", "residents"), ("deregistrations", "registered")])
def test_the_balance_of_people_is_a_law(flow, law):
    h = family()
    setattr(h.people.flows, flow, 1)
    with pytest.raises(LawBroken, match=f"2021-01: broken law: {law}: before .*before "):
        check_month(h.world)


def set_state(row, bits):
    return lambda people: people["state"].__setitem__(row, bits)


def put(column, row, value):
    return lambda people: people[column].__setitem__(row, value)


PEOPLE_CRIMES = [
    set_state(0, PRESENT | ALIVE),
    put("place", 0, OUTSIDE),
    put("household", 0, -1),
    put("household", 4, 0),
    put("household", 0, 9),
    put("spouse", 0, 400),
    put("spouse", 0, 2),
    lambda people: people.die(np.array([1])),
    put("born", 2, JANUARY + 1),
]
KIN_CRIMES = [
    put("father", 4, 3_000),
    put("first_child", 0, -7),
    put("first_child", 4, 2),
    put("mother", 1, 0),
    put("father", 4, 0),
]


@pytest.mark.parametrize(("law", "crime"), list(zip(PEOPLE_LAWS, PEOPLE_CRIMES, strict=True)))
def test_each_law_of_people_can_be_broken(law, crime):
    h = family()
    crime(h.people)
    with pytest.raises(LawBroken) as caught:
        check_people(h.world)
    assert caught.value.law == law
    assert caught.value.month == "2021-01"
    assert caught.value.numbers["row"] in range(5)


@pytest.mark.parametrize(("law", "crime"), list(zip(KIN_LAWS, KIN_CRIMES, strict=True)))
def test_each_law_of_kin_can_be_broken(law, crime):
    h = family()
    crime(h.people)
    with pytest.raises(LawBroken) as caught:
        check_kin(h.world)
    assert caught.value.law == law


@pytest.mark.parametrize(("born", "found"), [(JANUARY - 130 * 12 - 1, True), (JANUARY - 130 * 12, False)])
def test_nobody_alive_is_older_than_130_years(born, found):
    h = family()
    h.people["born"][2] = born
    with pytest.raises(LawBroken, match="130 years ago") if found else contextlib.nullcontext():
        check_people(h.world)


def test_the_dead_of_long_ago_break_no_law():
    h = family()
    h.people.die(np.array([2]))
    h.people["born"][2] = JANUARY - 150 * 12
    check_people(h.world)


def test_a_circle_in_a_chain_of_children_is_found():
    h = family()
    h.people["next_paternal"][2] = 3
    with pytest.raises(LawBroken, match="each once"):
        check_kin(h.world)


def test_a_resident_of_an_institution_needs_no_household():
    h = family()
    h.people["place"][0] = INSTITUTION
    h.people["household"][0] = -1
    check_people(h.world)


def test_kin_who_are_married_to_somebody_on_the_register_are_that_ones_spouse():
    h = family()
    h.people["spouse"][h.people.kin_start] = 2
    with pytest.raises(LawBroken, match="a spouse's spouse is oneself"):
        check_people(h.world)


def test_kin_are_checked_in_january_only():
    h = family()
    h.world.month += 1
    h.people["first_child"][4] = 2
    check_month(h.world)


def test_a_broken_law_survives_the_way_from_a_worker():
    import pickle

    broken = LawBroken("2020-01", "law", {"now": 3})
    assert str(pickle.loads(pickle.dumps(broken))) == "2020-01: broken law: law (now 3)"


def test_the_quick_look_and_the_slow_one_agree_on_random_damage():
    luck = np.random.default_rng(7)
    damages = {"state": 32, "place": 5, "household": 3, "spouse": 14, "born": 4000}
    found = set()
    for _ in range(400):
        people = family().people
        column = list(damages)[luck.integers(len(damages))]
        people[column][luck.integers(5)] = (
            luck.integers(damages[column]) - (column in ("household", "spouse")) - 1000 * (column == "born")
        )
        columns = [people[name] for name in damages]
        rows = (people.n, people.kin_start, people.kin_end, people.n_households, JANUARY)
        suspicious, law = suspects(*columns, *rows), _faulty_person(*columns, *rows)[0]
        assert suspicious == (law >= 0)
        found.add(law)
    assert found >= {-1, 0, 1, 2, 3, 4, 5, 6, 8}


def test_the_quick_look_at_chains_sees_all_random_damage_that_the_slow_one_finds():
    luck = np.random.default_rng(8)
    damaged = ("state", "mother", "father", "first_child", "next_maternal", "next_paternal")
    found = set()
    for _ in range(800):
        people = family().people
        for _ in range(luck.integers(3)):
            column = damaged[luck.integers(len(damaged))]
            people[column][luck.integers(5)] = (
                luck.integers(32) if column == "state" else luck.integers(14) - 1
            )
        rows = (people.n, people.kin_start, people.kin_end)
        law = _faulty_kin(people["state"], *people.chains(), *rows)[0]
        doubtful = doubtful_chains(*people.chains(), people["born"], *rows)
        assert doubtful or law < 0
        found.add((doubtful, law))
    assert {law for _, law in found} >= {-1, 0, 1, 2, 3, 4}
    assert (False, -1) in found


@pytest.mark.parametrize("shift", [0, 1, 12])
def test_a_circle_beside_a_chain_is_seen_whatever_the_months_of_birth(shift):
    """Children 1, 2, 3 of one mother: the chain names 3 alone, and 1 and 2 name each other."""
    h = Hamlet(month=JANUARY)
    mother = h.add(45, "f", h.household())
    for age in (20, 19, 18):
        h.add(age, "m", 0, mother=mother)
    people = h.people
    people["born"][1:4] = people["born"][1] + shift * np.arange(3)
    rows = (people.n, people.kin_start, people.kin_end)
    assert not doubtful_chains(*people.chains(), people["born"], *rows)
    people["next_maternal"][[3, 2, 1]] = -1, 1, 2
    assert doubtful_chains(*people.chains(), people["born"], *rows)
    assert _faulty_kin(people["state"], *people.chains(), *rows)[0] == 3
