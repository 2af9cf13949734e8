"""Carers, their hours by kin and place, and main carers, counted on paper."""

import math

import numpy as np
import pytest

from caresim.agents import care
from caresim.agents.people import COLUMNS
from caresim.indicators import carers, life, oldest
from caresim.recorder import Recorder
from tests.families import Families
from tests.hamlet import Hamlet

RECORDER = Recorder((*carers.INDICATORS, *oldest.INDICATORS))


@pytest.fixture
def found():
    """Two disabled elders and one who is not: a wife, a son far away, a daughter-in-law, a neighbour, bought care."""
    family = Families()
    family.set("burden")
    family.world.parameters[life.GROUP] = life.Outcomes()
    homes = [family.household() for _ in range(4)]
    husband = family.person(80, "m", homes[0], disability=3)
    wife = family.person(78, "f", homes[0])
    widow = family.person(85, "f", homes[1], disability=2)
    daughter_in_law = family.person(40, "f", homes[2])
    lame = family.person(70, "m", homes[3], disability=1)
    son = family.away(50, "m")
    book = family.world.care
    rows = np.array([husband, widow, lame])
    book.open(rows, np.full((3, 3), 60_000, dtype=np.int32))
    give(family, 0, wife, care.WIFE, care.SAME_HOME, 3600)
    give(family, 0, son, care.SON, care.AWAY, 60)
    give(family, 1, daughter_in_law, care.DAUGHTER_IN_LAW, care.SAME_VILLAGE, 1200)
    give(family, 2, daughter_in_law, care.NEIGHBOUR, care.SAME_VILLAGE, 1200)
    give(family, 2, -1, care.CARE_WORKER, care.SAME_VILLAGE, 600)
    give(family, 2, widow, care.NEIGHBOUR, care.SAME_VILLAGE, 239)
    for row, points in ((wife, 6000), (daughter_in_law, 5000), (widow, 9000)):
        family.people["burden"][row] = points
    for row, relation in ((husband, care.WIFE), (lame, care.NEIGHBOUR)):
        family.people["main_relation"][row] = relation + 1
    book.employment_lost = 0.25
    return RECORDER.measure(family.world)


def give(family, case, giver, relation, where, minutes):
    book = family.world.care
    care.hand_over(
        book.gifts, book.n_gifts, giver, case, relation, where, minutes, 0, 2, book.left, book.received
    )
    book.n_gifts += 1
    if giver >= 0:
        family.people["given"][giver] += minutes


def test_carers_and_their_burden(found):
    expected = {"carers": 2, "burden": 55, "heavy_burden_share": 1 / 2, "hours_per_carer": (60 + 20) / 2,
                "employment_months_lost": 0.25}  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_the_family_s_hours_by_kin_sex_and_place(found):
    hours = {name.removeprefix("family_hours_").removesuffix("_share"): value for name, value in found.items()
             if name.startswith("family_hours_") and value}  # fmt: skip
    assert hours == pytest.approx(
        {
            "wives": 60 / 81,
            "sons": 1 / 81,
            "daughters_in_law": 20 / 81,
            "coresident": 60 / 81,
            "near": 20 / 81,
            "away": 1 / 81,
            "women": 80 / 81,
        }
    )


def test_main_carers_of_the_disabled(found):
    assert [found[f"main_carer_{who}_share"] for who in ("spouse", "child", "other", "nobody")] == [
        0.5,
        0,
        0,
        0.5,
    ]


def test_without_these_processes_nothing_is_known_but_that_no_employment_was_lost():
    found = RECORDER.measure(Hamlet(COLUMNS).world)
    assert {name for name, value in found.items() if not math.isnan(value)} == {"employment_months_lost"}


def disabled(ages, family_carer, with_child):
    """Return what is measured of disabled elders of these ages, with a family carer, living with a child, or not."""
    family = Families()
    rows = [family.person(age, "f", family.household(), disability=2) for age in ages]
    family.people["main_relation"][rows] = [
        care.SON + 1 if has else care.NEIGHBOUR + 1 for has in family_carer
    ]
    family.people["arrangement"][rows] = [care.WITH_CHILD if has else care.ALONE for has in with_child]
    family.world.elders = np.array([*rows, family.person(90, "f", family.household())])
    return Recorder(oldest.INDICATORS).measure(family.world)


def test_the_oldest_are_weighted_to_the_survey_s_age():
    # Two groups, of 92 and 96 years on average: a mean of 94.8 gives the older 2.8/4 = .7.
    found = disabled((91, 93, 96, 70), (False, True, True, False), (True, True, False, False))
    assert found["family_main_carer_share_oldest"] == pytest.approx(0.3 / 2 + 0.7)
    assert found["with_child_share_oldest"] == pytest.approx(0.3)


@pytest.mark.parametrize("ages", [(), (82, 91), (95.5, 99)])
def test_ages_on_one_side_cannot_be_weighted(ages):
    found = disabled(ages, [True] * len(ages), [True] * len(ages))
    assert all(math.isnan(value) for value in found.values())


def test_weights_tilt_by_one_factor_a_year():
    heads, ages = np.array([30.0, 20.0, 10.0, 2.0]), np.array([82.0, 87.0, 92.0, 97.0])
    weights = oldest.tilted(heads, ages, 94.8)
    assert weights @ ages == pytest.approx(94.8)
    steps = np.diff(np.log(weights / heads))
    assert steps == pytest.approx(np.full(3, steps[0]))
    assert weights.sum() == pytest.approx(1)
