"""Who marries when, as often as the census says, and whom."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents.people import DIVORCED, NEVER_MARRIED, WIDOWED
from caresim.processes.marriage import highest_by_age, marriage_chances
from caresim.synthesis.places import read_place


def single_at(chance, months):
    """Return the share of a cohort of each sex that is never married at an age in months, by its monthly chances."""
    lived = [1.0 - chance[:, (age - 6) // 12, NEVER_MARRIED] for age in range(216, months)]
    return np.prod([np.ones(2), *lived], axis=0)


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize("place", ["rural_heilongjiang", "rural_china", "beijing"])
def test_a_cohort_is_never_married_as_often_as_the_census_says_in_the_middle_of_each_year_of_age(place, year):
    table = read_place(place, year).marital[:, :, NEVER_MARRIED]
    chance = marriage_chances(read_place(place, year).marital, 0.001)
    for age in range(18, 60):
        lowest = table[:, 18 : age + 1].min(axis=1)  # a share that rises with age is of another cohort
        assert single_at(chance, 12 * age + 6) == pytest.approx(lowest, rel=1e-12)


def test_half_a_year_before_a_birthday_the_chances_of_the_next_age_begin():
    table = np.zeros((2, 110, 4))
    table[:, :, NEVER_MARRIED] = 0.9
    table[:, 30:, NEVER_MARRIED] = 0.45
    chance = marriage_chances(table, 0.002)
    assert chance[:, 29, NEVER_MARRIED] == pytest.approx(1.0 - 0.5 ** (1 / 12))
    assert chance[:, 17, NEVER_MARRIED] == pytest.approx(1.0 - 0.9 ** (1 / 6))
    others = [age for age in range(17, 60) if age not in (17, 29)]
    assert not chance[:, others, NEVER_MARRIED].any()
    assert (chance[:, 17:, (WIDOWED, DIVORCED)] == 0.002).all()
    highest = highest_by_age(chance)
    assert (highest[29:31] == chance[0, 29, NEVER_MARRIED]).all()
    assert highest[18] == chance[0, 17, NEVER_MARRIED]
    assert not highest[:18].any()
    assert highest[60] == 0.0
