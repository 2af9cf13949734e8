"""Grandparents and the children left with them, worked out on paper."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.grandchildren import left_children, occupied
from caresim.agents.identity import UNMINDED
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, OUTSIDE, PRESENT, REGISTERED
from caresim.indicators import grandparents
from caresim.processes import grandchild_care, migration, needs, neighbour_care, time_bank, volunteering
from caresim.recorder import Recorder
from tests.hamlet import Hamlet

HOURS = 60 * 60


class Family(Hamlet):
    """A grandmother and a grandfather, their son and his wife, and the couple's child, all in one house."""

    def __init__(self, **rules):
        super().__init__(catalogue.columns())
        self.world.parameters = {name: group() for name, group in catalogue.parameter_groups().items()}
        self.set("grandchild_care", **rules)
        self.house = self.household()
        self.old = [self.add(age, sex, self.house) for age, sex in ((66, "f"), (68, "m"))]
        self.marry(*self.old)
        self.son = self.add(40, "m", self.house, *self.old)
        self.wife = self.add(38, "f", self.house)
        self.marry(self.son, self.wife)
        self.child = self.add(9, "m", self.house, self.wife, self.son)
        self.people["state"][self.old] |= ELDER
        self.world.elders = np.array(self.old)

    def set(self, name, **values):
        world = self.world
        world.parameters[name] = world.parameters[name].model_copy(update=values)

    def away(self, *who):
        self.people.leave(np.array(who), np.full(len(who), OUTSIDE, dtype=np.uint8))

    def minutes(self):
        grandchild_care.mind_children(self.world)
        found, minutes = left_children(self.world), [0] * self.people.n
        for row, minded in zip(found.minders.tolist(), found.minutes.tolist(), strict=True):
            assert minutes[row] == 0 < minded
            minutes[row] = minded
        return minutes

    def called(self):
        """Return the rows of those who are away from a child whom nobody minds."""
        return np.flatnonzero(self.people["state"] & UNMINDED).tolist()


def test_both_grandparents_share_the_child_whose_parents_have_left():
    """60 h for the child: 30 h each."""
    family = Family()
    family.away(family.son, family.wife)
    assert family.minutes() == [HOURS // 2, HOURS // 2, 0, 0, 0]
    assert left_children(family.world)[:2] == (1, 1)
    assert family.called() == []


@pytest.mark.parametrize("who", ["son", "wife"])
def test_a_parent_at_home_is_enough(who):
    family = Family()
    family.away(getattr(family, who))
    assert family.minutes() == [0] * 5
    assert left_children(family.world)[:2] == (0, 0)


def test_a_parent_elsewhere_in_the_village_is_not_at_home():
    family = Family()
    family.away(family.wife)
    family.people["household"][family.son] = family.household()
    assert family.minutes()[:2] == [HOURS // 2, HOURS // 2]
    family.people["disability"][family.old] = 2
    family.minutes()
    assert family.called() == [family.wife], "only who is away can come back"


def test_the_mothers_parents_count_as_well():
    family = Family()
    family.away(family.son, family.wife)
    hers = family.add(64, "f", family.house)
    family.people["mother"][family.wife] = hers
    assert family.minutes() == [HOURS // 3, HOURS // 3, 0, 0, 0, HOURS // 3]


@pytest.mark.parametrize(("column", "value"), [("disability", 2), ("disability", 3), ("dementia", 1)])
def test_who_comes_to_need_care_looks_after_nobody(column, value):
    family = Family()
    family.away(family.son, family.wife)
    family.people[column][family.old[0]] = value
    assert family.minutes() == [0, HOURS, 0, 0, 0]
    family.people[column][family.old[1]] = value
    assert family.minutes() == [0] * 5
    assert left_children(family.world)[:2] == (1, 0)
    assert family.called() == [family.son, family.wife]


def test_a_slight_limitation_does_not_matter_and_a_grandmother_in_a_home_is_not_there():
    family = Family()
    family.away(family.son, family.wife)
    family.people["disability"][family.old[0]] = 1
    assert family.minutes()[0] == HOURS // 2
    family.people["household"][family.old[0]] = -1
    family.people["place"][family.old[0]] = INSTITUTION
    assert family.minutes()[:2] == [0, HOURS]


def test_a_child_is_looked_after_until_its_fifteenth_birthday():
    family = Family()
    family.away(family.son, family.wife)
    family.people["born"][family.child] = family.world.month - 15 * 12 + 1
    assert family.minutes()[0] == HOURS // 2
    family.world.month += 1
    assert family.minutes()[0] == 0


def test_there_is_a_most_that_a_grandparent_gives():
    """Four children, one able grandmother: 240 h, at most 180."""
    family = Family()
    for _ in range(3):
        family.add(5, "f", family.house, family.wife, family.son)
    family.away(family.son, family.wife)
    family.people["disability"][family.old[1]] = 3
    assert family.minutes()[0] == 180 * 60


def test_dead_parents_leave_a_child_to_its_grandparents():
    family = Family()
    family.people.die(np.array([family.son, family.wife]))
    assert family.minutes()[:2] == [HOURS // 2, HOURS // 2]
    assert family.called() == []


def test_indicators_count_elders_hours_and_children():
    family = Family()
    family.away(family.son, family.wife)
    family.people["disability"][family.old[1]] = 2
    family.minutes()
    found = Recorder(grandparents.INDICATORS).measure(family.world)
    assert found == {
        "grandchild_carers_share": 0.5, "grandchild_hours": 60.0, "left_children": 1.0, "left_children_minded": 1.0
    }  # fmt: skip


def test_where_nobody_looked_nothing_is_measured():
    found = Recorder(grandparents.INDICATORS).measure(Family().world)
    assert all(math.isnan(value) for value in found.values())


# --- what it changes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("counted", "free"), [(0.0, True), (0.6, True), (0.7, False), (1.0, False)])
def test_part_of_the_hours_stands_in_the_way_of_neighbours(counted, free):
    """60 h for the only able grandmother; busy is who has given 40 h: .6 x 60 = 36, .7 x 60 = 42."""
    family = Family(counted=counted)
    family.away(family.son, family.wife)
    family.people["disability"][family.old[1]] = 2
    family.minutes()
    alone = family.add(80, "f", family.household())
    family.people["state"][alone] |= ELDER
    family.people["arrangement"][alone] = 1
    world = family.world
    world.elders = np.array([*family.old, alone])
    family.people["household"][family.old[1]] = family.household()
    world.territory.trust[:] = 1.0
    family.set("neighbour_care", willing=1.0)
    needs.open_book(world)
    world.care.left[world.care.rows != alone] = 0
    neighbour_care.lend_a_hand(world)
    assert (family.people["given"][family.old[0]] > 0) == free
    assert occupied(world)[family.old[0]] == int(counted * HOURS)


@pytest.mark.parametrize("register", ["volunteer", "member"])
@pytest.mark.parametrize(("counted", "free"), [(0.0, True), (1.0, False)])
def test_it_stands_in_the_way_of_volunteers_and_members(register, counted, free):
    family = Family(counted=counted)
    family.away(family.son, family.wife)
    family.people["disability"][family.old[1]] = 2
    family.people[register][family.old[0]] = 1
    family.set("volunteering", propensity_a=20.0, propensity_b=0.05)
    family.set("time_bank", open=register == "member", retention=1.0, confidence_weight=0.0)
    world = family.world
    world.month += 1
    family.minutes()
    world.bank.opened = world.month
    needs.open_book(world)
    (volunteering.volunteer if register == "volunteer" else time_bank.run_bank)(world)
    assert np.flatnonzero(world.care.capacity(len(family.people["key"]))).tolist() == (
        [family.old[0]] if free else []
    )


@pytest.mark.parametrize(("minded", "back"), [(True, False), (False, True)])
def test_a_child_whom_nobody_minds_calls_its_parents_home(minded, back):
    family = Family()
    family.away(family.son, family.wife)
    if not minded:
        family.people["disability"][family.old] = 3
    family.minutes()
    family.set("migration", out_scale=0.0, back=(0.0,) * 4, unmet_return=0.0, unminded_return=0.5)
    family.world.place = SimpleNamespace(territory="rural")
    absent = ALIVE | REGISTERED
    for _ in range(20):
        migration.migrate(family.world)
        family.world.month += 1
    home = family.people["state"][family.son] & (absent | PRESENT) != absent
    assert home == back  # twenty months at .5: once in a million worlds nobody returns
