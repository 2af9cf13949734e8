"""Contacts with a doctor that do not come about, on paper."""

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents import care
from caresim.agents.people import INSTITUTION
from caresim.processes import medical_contact
from tests import families
from tests.families import Families


@pytest.fixture(autouse=True)
def _all_columns(monkeypatch):
    monkeypatch.setattr(families, "FAMILY_COLUMNS", catalogue.columns())


@pytest.mark.parametrize(
    ("km", "state", "relation", "missed"),
    [
        (0, 0, None, 0),
        (5, 0, None, 25),
        (5, 1, None, 25),
        (5, 2, None, 62),  # .75 x .5 = .375 come about
        (5, 3, care.CARE_WORKER, 62),
        (5, 3, care.NEIGHBOUR, 25),
        (5, 2, care.WIFE, 25),
        (40, 3, None, 100),
    ],
)
def test_distance_and_company(km, state, relation, missed):
    family = Families()
    family.set("medical_contact", per_km=0.05, unescorted=0.5)
    family.world.territory.distance = np.array([float(km), 0.0])
    row = family.person(70, "f", family.household(), state)
    family.people["main_relation"][row] = 0 if relation is None else relation + 1
    family.world.elders = np.array([row])
    medical_contact.see_doctor(family.world)
    assert family.of("medical_missed", row) == [missed]


def test_homes_have_a_doctor_and_the_young_are_not_asked():
    family = Families()
    family.set("medical_contact", per_km=1.0)
    family.world.territory.distance = np.array([1.0, 1.0])
    inmate = family.person(70, "f", family.household(), 3, place=INSTITUTION)
    young, elder = family.person(40, "f", family.household()), family.person(70, "f", family.household())
    family.people["medical_missed"][:3] = 9
    family.world.elders = np.array([inmate, elder])
    medical_contact.see_doctor(family.world)
    assert family.of("medical_missed", inmate, young, elder) == [0, 0, 100]
