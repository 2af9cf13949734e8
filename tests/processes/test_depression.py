"""Who is depressed: the odds on paper, met by draws that are chosen."""

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents import care
from caresim.processes import depression
from tests import families
from tests.families import Families

FIGURES = {"level": -1.0, "from_loneliness": 0.5, "from_state": 0.3, "women": 0.4, "burdened_odds": 2.0,
           "burdened_from": 50.0}  # fmt: skip


@pytest.fixture(autouse=True)
def _all_columns(monkeypatch):
    monkeypatch.setattr(families, "FAMILY_COLUMNS", catalogue.columns())


def depressed(sex, luck, loneliness=0, state=0, burden=0, mood=0, **changes):
    """Tell whether an elder with this draw is depressed, and the marks of the mood."""
    family = Families()
    family.set("depression", **{**FIGURES, **changes})
    row = family.person(70, sex, family.household(), state, luck={"depression.person": luck})
    for name, value in (("loneliness", loneliness), ("burden", burden), ("mood", mood)):
        family.people[name][row] = value
    family.world.elders = np.array([row])
    depression.sadden(family.world)
    return family.of("mood", row)[0]


@pytest.mark.parametrize(
    ("who", "odds"),
    [
        ({"sex": "m"}, -1.0),
        ({"sex": "f"}, -0.6),
        ({"sex": "m", "loneliness": 2000}, 0.0),
        ({"sex": "m", "loneliness": -1000}, -1.5),
        ({"sex": "m", "state": 3}, -0.1),
        ({"sex": "m", "burden": 50_00}, -1.0),
        ({"sex": "m", "burden": 50_01}, -1.0 + math.log(2)),
        ({"sex": "f", "loneliness": 1000, "state": 2, "burden": 88_00}, 0.5 + math.log(2)),
    ],
)
def test_the_draw_decides_at_the_odds(who, odds):
    chance = 1 / (1 + math.exp(-odds))
    assert depressed(luck=chance - 0.001, **who) == care.DEPRESSED
    assert depressed(luck=chance + 0.001, **who) == 0


def test_the_mark_of_loneliness_stays():
    assert depressed("m", 0.01, mood=care.LONELY) == care.LONELY | care.DEPRESSED
    assert depressed("m", 0.99, mood=care.LONELY | care.DEPRESSED) == care.LONELY


@pytest.mark.parametrize(
    ("off", "who"),
    [({"from_loneliness": 0.0}, {"loneliness": 3000}), ({"burdened_odds": 1.0}, {"burden": 8800})],
)
def test_each_feedback_can_be_switched_off(off, who):
    chance = 1 / (1 + math.exp(1.0))
    assert depressed("m", chance + 0.001, **who) == care.DEPRESSED
    assert depressed("m", chance + 0.001, **who, **off) == 0
