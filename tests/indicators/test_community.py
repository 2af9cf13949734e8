"""Volunteers, pairs, happiness homes and hours of committees, counted by hand."""

import math

from caresim.agents.people import COLUMNS, OUTSIDE
from caresim.indicators import community
from caresim.recorder import Recorder
from tests.families import Families
from tests.hamlet import Hamlet

RECORDER = Recorder(community.INDICATORS)


def test_volunteers_pairs_and_homes_are_counted():
    family = Families()
    home, leaver = family.person(50, "f", family.household()), family.person(50, "m", place=OUTSIDE)
    ann, bea, cho = (family.person(70, "f", family.household()) for _ in range(3))
    family.people["volunteer"][[home, leaver, cho]] = 1
    family.people["pair"][[ann, bea]] = bea, ann
    family.set("mutual_aid")
    family.set("home_upkeep", oversight=4.0)
    family.world.elders = family.people.who(16)
    family.world.territory.home[:] = [True, False]
    assert RECORDER.measure(family.world) == {
        "volunteers": 2, "mutual_aid_pairs": 1, "happiness_homes": 1, "oversight_hours": 0.12
    }  # fmt: skip


def test_a_world_that_knows_nothing_of_them_is_measured_too():
    assert all(math.isnan(value) for value in RECORDER.measure(Hamlet(COLUMNS).world).values())
