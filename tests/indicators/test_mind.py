"""Loneliness, depression and missed contacts of a few elders, counted on paper."""

import math

import pytest

from caresim import catalogue
from caresim.agents.care import ALONE, DEPRESSED, LONELY
from caresim.agents.people import COLUMNS
from caresim.indicators import mind
from caresim.processes.medical_contact import MedicalContact
from caresim.recorder import Recorder
from tests import families
from tests.families import Families
from tests.hamlet import Hamlet

RECORDER = Recorder(mind.INDICATORS)
ELDERS = (
    # sex, marks of the arrangement, mood, loneliness, ties, efficacy, state, hundredths missed
    ("f", ALONE, LONELY | DEPRESSED, 1500, 100, -300, 0, 0),
    ("m", ALONE, 0, 100, 300, 0, 1, 50),
    ("f", 0, DEPRESSED, -600, 0, 0, 2, 100),
    ("m", 0, LONELY, 1000, 0, 100, 3, 25),
    ("m", 0, 0, 0, 0, 0, 0, 0),
)
KEPT = ("arrangement", "mood", "loneliness", "ties", "efficacy", "disability", "medical_missed")


@pytest.fixture(autouse=True)
def _all_columns(monkeypatch):
    monkeypatch.setattr(families, "FAMILY_COLUMNS", catalogue.columns())


def village(elders):
    family = Families()
    family.world.parameters["medical_contact"] = MedicalContact(contacts=(1.0, 2.0, 3.0, 4.0))
    rows = []
    for sex, *values in elders:
        rows.append(family.person(70, sex, family.household()))
        for name, value in zip(KEPT, values, strict=True):
            family.people[name][rows[-1]] = value
    family.world.elders = family.people.who(16)
    return family.world


def test_counted_on_paper():
    found = RECORDER.measure(village(ELDERS))
    assert found == pytest.approx(
        {
            "lonely_share": 2 / 5,
            "loneliness": 2.0 / 5,
            "uls6": 14 + 3.6 * 0.4,
            "lonely_alone_share": 1 / 2,
            "lonely_not_alone_share": 1 / 3,
            "depressed_share": 2 / 5,
            "depressed_share_women": 2 / 2,
            "efficacy": -0.2 / 5,
            "ties": 0.4 / 5,
            "medical_contacts_needed": 11,
            "medical_contacts_missed": 2 * 0.5 + 3 * 1.0 + 4 * 0.25,
            "medical_missed_share": (2 * 0.5 + 3 * 1.0 + 4 * 0.25) / 11,
        }
    )


def test_without_elders_or_without_these_processes_nothing_is_known():
    nobody, unknown = RECORDER.measure(village(())), RECORDER.measure(Hamlet(COLUMNS).world)
    assert all(math.isnan(value) for value in unknown.values())
    assert {name for name, value in nobody.items() if value == 0} == {
        "medical_contacts_needed",
        "medical_contacts_missed",
    }
    assert all(value == 0 or math.isnan(value) for value in nobody.values())
