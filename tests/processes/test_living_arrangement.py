"""Who lives alone, and how near the children are: worked out by hand, and looked up anew in whole villages."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import CareModel
from caresim.agents.care import (
    ALONE,
    CHILD_IN_TOWNSHIP,
    CHILD_NEAR,
    COUPLE_ONLY,
    HAS_CHILD,
    WITH_CHILD,
    WITH_SPOUSE,
)
from caresim.agents.kin_changes import KinChanges
from caresim.agents.people import OUTSIDE
from caresim.processes import living_arrangement
from tests.families import Families
from tests.villages import FRAIL, RESTLESS, village_scenario


def test_arrangements_on_paper():
    place = Families()
    home, other, third = place.household(), place.household(), place.household()
    man, wife = place.person(75, "m", home), place.person(72, "f", home)
    place.marry(man, wife)
    widow = place.person(80, "f", other)
    place.person(45, "m", other, mother=widow)
    left = place.person(70, "f", third)
    place.person(40, "m", place=OUTSIDE, mother=left)
    neighbour = place.person(71, "m", place.household())
    place.person(44, "f", place.household(), father=neighbour)
    mother = place.person(66, "f", place.household())
    place.person(17, "f", place.household(), mother=mother)
    absent = place.person(66, "m", place=OUTSIDE)
    place.month("living_arrangement")
    found = place.of("arrangement", man, wife, widow, left, neighbour, mother, absent)
    near = CHILD_NEAR | CHILD_IN_TOWNSHIP | HAS_CHILD
    couple = WITH_SPOUSE | COUPLE_ONLY
    assert found == [couple, couple, WITH_CHILD | near, ALONE | HAS_CHILD, ALONE | near, ALONE, 0]


def test_a_child_comes_of_age_moves_and_dies():
    place = Families()
    mother = place.person(66, "f", place.household())
    child = place.person(17, "m", place.household(), mother=mother)
    place.people["born"][child] += 11  # 16 years and a month
    seen = []
    for month in range(26):
        if month == 24:
            place.people.leave(np.array([child]), np.array([OUTSIDE]))
        if month == 25:
            place.people.die(np.array([child]))
        place.month("living_arrangement")
        seen += place.of("arrangement", mother)
        place.people.flows.clear()
    near = ALONE | CHILD_NEAR | CHILD_IN_TOWNSHIP | HAS_CHILD
    assert seen == [ALONE] * 23 + [near, ALONE | HAS_CHILD, ALONE]


def test_a_death_between_two_months_is_seen():
    place = Families()
    mother = place.person(66, "f", place.household())
    caller = place.kin(40, "m", mother=mother)
    place.month("living_arrangement", "needs", "children_care")
    assert place.of("arrangement", mother) == [ALONE | HAS_CHILD]
    assert place.people["given"][caller] > 0
    place.people.die(np.array([caller]))
    place.people.flows.clear()  # as the next month does when it opens
    place.month("living_arrangement", "needs", "children_care")
    assert place.of("arrangement", mother) == [ALONE]
    assert place.people["given"][caller] == 0


def test_a_household_that_moves_to_another_village_is_seen():
    place = Families()
    mother = place.person(66, "f", place.household())
    child = place.person(40, "m", place.household(), mother=mother)
    place.month("living_arrangement")
    place.people["village"][child] = 1
    place.people.touch(child)
    place.month("living_arrangement")
    assert place.of("arrangement", mother) == [ALONE | HAS_CHILD]


@pytest.mark.parametrize("years", [1, 5], ids=["rows put in order", "rows dropped"])
@pytest.mark.parametrize("deviations", [RESTLESS, FRAIL], ids=["restless", "frail"])
def test_what_is_carried_forward_is_what_a_new_look_finds(deviations, years, monkeypatch):
    """Half a percent of the children move, die or grow up in a month; only their families are looked at again."""
    monkeypatch.setattr("caresim.agents.world.COMPACTION_YEARS", years)
    monkeypatch.setattr("caresim.agents.world.DROP_YEARS", 1)
    monkeypatch.setattr("caresim.agents.world.DROP_FROM", 0)
    model = CareModel(village_scenario(residents=400, seed=21, deviations=deviations), collect=False)
    for _ in range(30):
        model.step()
        world = model.world
        carried = world.people["arrangement"].copy()
        known, world.kin = world.kin, KinChanges()
        living_arrangement.look_around(world)
        assert np.array_equal(carried, world.people["arrangement"])
        world.kin = known
