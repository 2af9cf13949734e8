"""Centres' own social workers, doctor and rehabilitation: what they do and what they cost, on paper."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.processes import benefits, functional_decline, medical_contact, social_work
from tests.policies.test_cases import build

ONE = {"age": 70, "sex": "f"}
OLD = 500
MONTHS = 12


def world_of(people, others=None, parameters=None, **levers):
    """Return a hamlet in which both townships have a centre that does nothing but what is said."""
    nothing = {"share": 1.0, "life_care": 0.0, "rehabilitation": 1.0, "nursing": 0.0, "family_support": 0.0,
               "counselling": 0.0, "devices": 1.0, "cost": 0.0}  # fmt: skip
    case = {
        "levers": nothing | levers,
        "others": others or {},
        "parameters": parameters or {},
        "people": people,
    }
    return build("township_centres", case)[0]


def paid(world):
    return {" ".join(key): fen for key, fen in world.money.month.items()}


def test_a_centre_s_doctor_and_social_workers_add_to_those_there_are_and_are_paid():
    """A worker for each thousand elders costs 6 yuan an elder, a doctor who makes up half of what is lost 4 yuan."""
    world = world_of(
        {"one": ONE}, {"social_workers": {"per_10000": 2.0}}, social_workers=10.0, medical_link=0.5, cost=2.5
    )
    assert world.by_village("social_work.workers").tolist() == [12.0, 12.0]
    assert world.by_village("social_work.of_centres").tolist() == [10.0, 10.0]
    assert world.by_village("medical_contact.on_site").tolist() == [0.5, 0.5]
    benefits.PROCESS.run(world)
    assert paid(world) == {
        "social_workers local social_workers": 120,
        "township_centres local providers": 250 + 400 + 600,
    }


def test_where_there_is_no_centre_nobody_is_employed():
    world = world_of({"one": ONE}, share=0.0, social_workers=10.0, medical_link=0.5)
    assert not world.by_village("social_work.workers").any()
    assert not world.by_village("medical_contact.on_site").any()
    benefits.PROCESS.run(world)
    assert paid(world) == {}


@pytest.mark.parametrize(("granted", "minutes"), [(300_000, 7200), (150_000, 5400), (0, 3600)])
def test_social_workers_of_centres_work_whatever_is_granted_to_those_of_the_county(granted, minutes):
    """One elder with half a post of either: where the county's is paid in part, the centre's gives its 60 hours."""
    world = world_of({"one": ONE}, {"social_workers": {"per_10000": 5000.0}}, social_workers=5000.0)
    benefits.PROCESS.run(world)
    claim = world.claims.made["social_workers", "programme"]
    assert claim.total == 300_000
    claim.granted = np.array([granted])
    social_work.PROCESS.run(world)
    assert world.station.done.minutes == minutes


@pytest.mark.parametrize(("link", "joined", "missed"), [(0.0, 0.0, 60), (0.5, 0.0, 30), (1.0, 1.0, 0)])
def test_the_doctor_of_a_centre_makes_up_contacts_at_most_all(link, joined, missed):
    """At 20 km .6 of the contacts are lost; joined medical care makes up half of them beside the centre."""
    world = world_of({"one": ONE}, {"medical_care": {"level": joined}}, medical_link=link)
    world.territory.distance[:] = 20.0
    medical_contact.PROCESS.run(world)
    assert world.people["medical_missed"][world.elders].tolist() == [missed]


def severe_by_month(rehabilitation):
    """Return which of 500 elders of 80 in state 2 are in state 3 after each month."""
    people = {f"elder {k}": {"age": 80, "sex": "f", "disability": 2, "key": k} for k in range(OLD)}
    world = world_of(people, rehabilitation=rehabilitation)
    functional_decline.settle_norm(world)
    found = []
    for _ in range(MONTHS):
        functional_decline.PROCESS.run(world)
        found.append(world.people["disability"][world.elders] == 3)
        world.month += 1
    return np.array(found)


def test_rehabilitation_keeps_elders_from_severe_disability():
    """Who does not get there in the first month with half the hazard are some of those who do with the whole.

    The hazard of women and men of 80 in state 2 is .0085 e^.3 .99^9 = .0105 a month. If it were theirs all year, 63
    of 500 would get worse, 31 with half of it, and one fewer with the default of .98; in a place of 3,000 residents,
    of whom some 50 are elders in state 2, the default spares one in eight years.
    """
    whole, half = severe_by_month(1.0), severe_by_month(0.5)
    assert (half[0] <= whole[0]).all()
    assert 0 < half[-1].sum() < 0.7 * whole[-1].sum()
    assert whole[-1].sum() - half[-1].sum() > 15
