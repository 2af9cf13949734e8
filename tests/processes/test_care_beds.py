"""Family care beds and stays in stations: who has one, what it gives, worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.care import BOUGHT, CARE_WORKER, CASE, COUNTY, GIVEN, RELATION, SAME_HOME, WHERE
from caresim.agents.people import INSTITUTION
from caresim.agents.policy import Policy
from caresim.processes import care_beds
from caresim.processes.care_beds import BOOKED, HAS_HOME_BED, NURSED, STAYED
from tests.hamlet import Hamlet

PLENTY = 10_000.0


class Beds(Hamlet):
    """A hamlet whose elders' claims for beds are granted as far as the test says."""

    def __init__(self, *elders, home=PLENTY, station=PLENTY, **rules):
        super().__init__(catalogue.columns())
        world, groups = self.world, catalogue.parameter_groups()
        parameters = {name: group() for name, group in groups.items()}
        parameters["care_beds"] = groups["care_beds"](**rules)
        world.enact(parameters, Policy())
        rows = []
        for said in elders:
            row = self.add(said.pop("age", 75), "f", self.household(), village=said.pop("village", 0))
            for column, value in ({"takes_up": 1} | said).items():
                self.people[column][row] = value
            rows.append(row)
        world.elders = np.array(rows)
        world.local["care_beds.home_per_10000"] = np.array([home, 0.0])
        world.local["care_beds.station_per_10000"] = np.array([station, 0.0])

    def month(self, need=(3900, 3000, 600), granted=None):
        """Let a month pass in which every elder is a case of this need; return the marks."""
        world, n = self.world, len(self.world.elders)
        world.care.open(world.elders.copy(), np.tile(np.array(need, dtype=np.int32), (n, 1)))
        world.claims.open(n)
        measures = catalogue.instruments()
        for name, mark in (("home_beds", HAS_HOME_BED), ("station_beds", BOOKED)):
            fen = 100 * (self.people["care_bed"][world.elders] & mark != 0)
            world.claims.service(measures[name], fen)
            claim = world.claims.made[name, "service"]
            claim.granted = claim.fen if granted is None else np.minimum(claim.fen, granted)
        world.money.open()
        care_beds.run_beds(world)
        world.month += 1
        return self.people["care_bed"][world.elders].tolist()


SEVERE = {"assessed": 3, "disability": 3}


def test_a_bed_is_given_in_one_month_and_nursing_follows_in_the_next():
    beds = Beds(dict(SEVERE), station=0.0, home_hours=10.0)
    assert beds.month() == [HAS_HOME_BED]
    assert beds.world.care.n_gifts == 0
    assert beds.month() == [HAS_HOME_BED | NURSED]
    gift = beds.world.care.hand_overs()[0]
    assert (gift[CASE], gift[RELATION], gift[WHERE]) == (0, CARE_WORKER, SAME_HOME)
    assert gift[GIVEN:].tolist() == [600, 0, 0]
    assert beds.world.care.received[0, BOUGHT] == 600
    assert beds.world.money.month == {("home_beds", "local", "providers"): 100}


def test_what_is_not_granted_in_full_is_not_delivered():
    beds = Beds(dict(SEVERE), station=0.0)
    beds.month()
    assert beds.month(granted=99) == [HAS_HOME_BED]
    assert beds.world.care.n_gifts == 0
    assert beds.world.money.month == {}


def staffed_by(beds, certified, uncertified=0):
    """Let care workers have so many minutes this month; the uncertified may do half of the personal care."""
    capacity = np.array([[certified, uncertified]] * 4)
    beds.world.workforce.open(beds.world.month, capacity, np.full(4, 0.5))
    return beds.world.workforce


def test_nursing_takes_care_workers_time_and_without_it_nobody_is_nursed_or_paid():
    """600 minutes each; 900 are there: one is nursed, the other is not, and another month's lot is the same."""
    beds = Beds(dict(SEVERE), dict(SEVERE), station=0.0, home_hours=10.0)
    beds.month()
    force = staffed_by(beds, 600, 300)
    marks = beds.month()
    assert sorted(marks) == [HAS_HOME_BED, HAS_HOME_BED | NURSED]
    assert force.pool[0].tolist() == [300, 0]
    assert (force.month.beds, force.month.beds_short) == (600, 600)
    assert beds.world.money.month == {("home_beds", "local", "providers"): 100}
    staffed_by(beds, 600, 300)
    assert beds.month() == marks


def test_in_a_station_a_worker_looks_after_several():
    """A stay of 6 days meets 780, 600 and 120 minutes; workers need .5 of the first two, 390 and 300."""
    beds = Beds(
        {"assessed": 2, "main_relation": 3, "care_bed": BOOKED}, home=0.0, station_days=6, station_staff=0.5
    )
    force = staffed_by(beds, 200, 1_000)
    beds.month(need=(3900, 3000, 602))
    assert force.pool[0].tolist() == [200 - 195, 1_000 - 195 - 300]
    assert (force.month.stays, force.month.stay_staff, force.month.beds_short) == (1500, 690, 0)
    staffed_by(beds, 100, 1_000)
    beds.people["care_bed"][0] = BOOKED
    beds.month(need=(3900, 3000, 602))
    assert beds.people["care_bed"][0] & STAYED == 0
    assert beds.world.workforce.month.beds_short == 690
    assert beds.world.care.n_gifts == 0


def test_who_has_a_bed_keeps_it_until_recovery_or_a_home():
    beds = Beds(dict(SEVERE), {**SEVERE, "means": 1}, home=5000.0, station=0.0)
    beds.people["care_bed"][0] = HAS_HOME_BED
    assert beds.month() == [HAS_HOME_BED | NURSED, 0]
    beds.people["assessed"][0] = 2
    assert beds.month()[1] == HAS_HOME_BED
    beds.people["place"][1] = INSTITUTION
    assert beds.month() == [0, 0]


def test_fewer_beds_are_left_to_the_neediest():
    beds = Beds(
        dict(SEVERE), {**SEVERE, "means": 1}, {**SEVERE, "arrangement": 1}, home=10_000.0, station=0.0
    )
    assert beds.month() == [HAS_HOME_BED] * 3
    beds.world.local["care_beds.home_per_10000"] = np.array([3400.0, 0.0])
    assert beds.month() == [NURSED, HAS_HOME_BED | NURSED, NURSED]


def test_a_stay_meets_the_need_of_its_days_and_relieves_the_family():
    beds = Beds({"assessed": 2, "main_relation": 3, "care_bed": BOOKED}, home=0.0, station_days=6)
    beds.month(need=(3900, 3000, 602))
    gifts = beds.world.care.hand_overs()
    assert gifts[:, GIVEN:].sum(axis=0).tolist() == [780, 600, 120]
    assert set(gifts[:, WHERE]) == {COUNTY}
    assert beds.people["care_bed"][0] & STAYED


def test_the_most_burdened_family_comes_first():
    beds = Beds(
        *({"assessed": 2 + none, "main_relation": 3} for none in (0, 0, 1)),
        home=0.0, station=700.0, station_days=7,
    )  # fmt: skip
    carers = [beds.add(45, "f", beds.household()) for _ in range(2)]
    beds.people["main_carer"][[0, 1]] = carers
    beds.people["burden"][carers] = [3000, 6000]
    assert beds.month() == [0, BOOKED, 0]  # 3 x .07 beds, each for 30/7 stays


@pytest.mark.parametrize(
    "no", [{"assessed": 1}, {"takes_up": 0}, {"place": INSTITUTION}, {"village": 1}, {"main_relation": 0}]
)
def test_who_cannot_stay(no):
    assert Beds({"assessed": 2, "main_relation": 3} | no, home=0.0).month() == [0]


def test_nothing_is_left_when_the_beds_are_gone():
    beds = Beds(dict(SEVERE))
    beds.month()
    beds.world.local = {name: np.zeros(2) for name in beds.world.local}
    assert beds.month() == [0]
