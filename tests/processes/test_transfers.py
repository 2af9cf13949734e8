"""What children send, worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT
from caresim.kernel.clock import month_number
from caresim.processes import transfers
from tests.families import Families
from tests.villages import begun_world, village_scenario


def test_the_sum_goes_by_luck_and_the_number_of_children():
    place = Families()
    place.set("income")
    place.set("transfers", any_share=1.0, sum_year=1200.0, sum_per_child=120.0, spread=0.0)
    parents = [place.person(70, "f", place.household()) for _ in range(3)]
    for parent, children in zip(parents, (0, 1, 4), strict=True):
        for _ in range(children):
            place.away(40, "m", mother=parent)
    transfers.begin(place.world)
    assert place.of("transfers", *parents) == [0, 80_00, 110_00]


@pytest.mark.parametrize(("year", "fen"), [(2010, 100_00 / 1.1**10), (2020, 100_00), (2022, 121_00)])
def test_the_sum_grows_like_incomes(year, fen):
    place = Families()
    place.set("income", growth_year=0.1)
    place.set("transfers", any_share=1.0, any_per_child=0.0, sum_year=1200.0, sum_per_child=0.0, spread=0.0)
    mother = place.person(70, "f", place.household())
    place.away(40, "m", mother=mother)
    place.world.month = month_number(f"{year}-01")
    transfers.send(place.world)
    assert place.of("transfers", mother) == [int(fen)]


def test_a_child_who_is_away_sends_to_a_parent_in_a_care_home_too():
    place = Families()
    place.set("income")
    place.set("transfers", any_share=1.0, sum_year=1200.0, sum_per_child=0.0, spread=0.0)
    home = place.household()
    at_home, with_child, in_home = (
        place.person(70, "f", home),
        place.person(70, "f", home),
        place.person(70, "f"),
    )
    gone = place.person(70, "f")
    place.person(40, "m", home, mother=with_child)
    for parent in (at_home, in_home):
        place.person(40, "m", mother=parent)
    for elder in (in_home, gone):
        place.world.people["place"][elder] = INSTITUTION
    transfers.begin(place.world)
    assert place.of("transfers", at_home, with_child, in_home, gone) == [100_00, 0, 100_00, 0]


def test_the_greatest_sums_fit_the_column():
    place = Families()
    place.set("income")
    place.set("transfers", any_share=1.0, sum_year=100000.0, sum_per_child=10000.0, spread=2.0)
    mother = place.person(70, "f", place.household(), luck={"transfers.sum": 0.9998})
    for _ in range(15):
        place.away(40, "m", mother=mother)
    transfers.begin(place.world)
    assert place.of("transfers", mother) == [2_000_000_000]


def test_the_months_of_care_before_the_start_know_what_children_send():
    people = begun_world(village_scenario(residents=400)).people
    elders = people.who(LIVING_RESIDENT | ELDER)
    receiving = int(np.count_nonzero(people["transfers"][elders]))
    assert 0 < receiving < len(elders)
