"""Who marries when, as often as the census says, and whom."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caresim.agents.candidates import banded
from caresim.agents.marriage_market import (
    balanced,
    count_single,
    highest_by_age,
    marriage_chances,
    no_siblings,
    reach_of,
    turns_of_single,
    who_marries,
)
from caresim.agents.people import DIVORCED, FEMALE, LIVING_REGISTERED, NEVER_MARRIED, WIDOWED
from caresim.kernel.draws import Draws
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
    highest = highest_by_age(chance, 24.0)
    assert highest[29:31] == pytest.approx(min(24 * chance[0, 29, NEVER_MARRIED], 1.0))
    assert highest[18] == pytest.approx(24 * chance[0, 17, NEVER_MARRIED])
    assert not highest[:18].any()
    assert highest[60] == 0.0


def test_the_sex_with_more_seekers_marries_as_often_as_the_other():
    chance, single = np.zeros((2, 60, 4)), np.zeros((2, 60, 4))
    chance[:, 20, NEVER_MARRIED], chance[:, 50, WIDOWED] = (0.01, 0.03), (0.002, 0.001)
    single[:, 20, NEVER_MARRIED], single[:, 50, WIDOWED] = (
        (500, 100),
        (500, 1000),
    )  # 6 men and 4 women would seek
    found = balanced(chance, single)
    assert found[0] == pytest.approx(chance[0] * 4 / 6)
    assert found[1] == pytest.approx(chance[1])
    assert balanced(chance[::-1], single[::-1]) == pytest.approx(found[::-1])
    assert not balanced(chance, 0 * single).any()


ERROR = 1e-3
"""Chance that rules that are right fail one of the tests below."""
SHARE = 0.25


class Market:
    """Single men and women who never grow older, month after month."""

    def __init__(self, men, women, seed=1):
        luck, n = np.random.default_rng(seed), men + women
        self.month = 1440
        self.born = (self.month - luck.integers(18 * 12, 40 * 12, n)).astype(np.int16)
        self.state = (LIVING_REGISTERED + FEMALE * (np.arange(n) >= men)).astype(np.uint8)
        self.marital, self.key = np.zeros(n, dtype=np.uint8), luck.integers(0, 2**63, n).astype(np.uint64)
        chance = marriage_chances(read_place("rural_china", 2020).marital, 0.001)
        single = count_single(self.state, self.born, self.marital, n, self.month)
        self.chance = balanced(chance, single)
        self.reach, self.draws = reach_of(self.chance, single), Draws(seed, 0)
        self.bands = banded(highest_by_age(self.chance, self.reach), (60, 30, 18))

    def weddings(self, months):
        """Return how often each marries: in the territory, and outside."""
        inside, outside = np.zeros((2, len(self.key)), dtype=np.int64)
        for number in range(months):
            stream = self.draws.stream(1, number)
            single, turns, due = turns_of_single(
                self.state,
                self.born,
                self.marital,
                self.key,
                len(self.key),
                self.month,
                self.chance,
                self.bands,
                stream,
            )
            husbands, wives, receiving, leaving = who_marries(
                single, turns, self.state, self.born, self.key, SHARE, self.reach
            )
            assert len(husbands) == len(wives)
            assert due == (turns < 1.0).sum()
            inside[husbands] += 1
            inside[wives] += 1
            outside[receiving] += 1
            outside[leaving] += 1
        return inside, outside

    def expected(self):
        """Return everybody's monthly probability of seeking a spouse."""
        age = (self.month - self.born.astype(np.int64) - 6) // 12
        return self.chance[self.state & FEMALE, age, NEVER_MARRIED]


@pytest.mark.parametrize(
    ("men", "women", "months"), [(35, 25, 20_000), (2400, 1800, 400)], ids=["village", "county"]
)
def test_a_quarter_of_men_and_of_women_marry_outside_however_few_there_are(men, women, months):
    inside, outside = Market(men, women).weddings(months)
    for sex in (slice(men), slice(men, None)):
        abroad, married = outside[sex].sum(), inside[sex].sum() + outside[sex].sum()
        assert stats.binomtest(int(abroad), int(married), SHARE).pvalue > ERROR / 4


def test_everybody_marries_as_often_as_he_would_seek():
    market, months = Market(80, 60), 20_000
    inside, outside = market.weddings(months)
    chance, age = market.expected(), (market.month - market.born.astype(np.int64)) // 60
    for sex in (market.state & FEMALE == 0, market.state & FEMALE != 0):
        for group in np.unique(age):
            who = sex & (age == group)
            mean = months * chance[who].sum()
            z = ((inside + outside)[who].sum() - mean) / np.sqrt(mean)
            assert 2 * stats.norm.sf(abs(z)) > ERROR / 10, (group, mean, z)


def married(husbands, wives, mother, father):
    """Return the couples that are left of some in order, as rows of husband and wife."""
    columns = (np.array(one, dtype=np.int64) for one in (husbands, wives))
    parents = (np.array(one, dtype=np.int32) for one in (mother, father))
    return [(int(he), int(she)) for he, she in zip(*no_siblings(*columns, *parents), strict=True)]


def test_a_brother_takes_the_next_wife_and_no_couple_has_a_parent_in_common():
    nobody = -1
    mother = [10, 11, nobody, 10, 12, nobody]
    father = [nobody, 20, nobody, nobody, 21, nobody]
    assert married([0, 1, 2], [3, 4, 5], mother, father) == [(0, 4), (1, 3), (2, 5)]
    assert married([2, 0], [5, 3], mother, father) == [(2, 3), (0, 5)], "the one before, as none comes after"
    father[4], father[0] = 30, 30
    assert married([0, 1, 2], [3, 4, 5], mother, father) == [(0, 5), (1, 4), (2, 3)], "4 has his father"
    assert married([1, 2], [4, 5], mother, father) == [(1, 4), (2, 5)], (
        "unknown parents are no parents in common"
    )


def test_brother_and_sister_alone_go_on_seeking():
    mother, father = [10, 10, 10], [20, 20, 20]
    assert married([0], [1], mother, father) == []
    assert married([0, 1], [2, 2], mother, father) == []
