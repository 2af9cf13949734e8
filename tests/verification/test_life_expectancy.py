"""People live as long as the table says, whatever disability and dementia do to whom."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caresim.agents.people import ALIVE, FEMALE

from ..villages import figures, pass_month, village_scenario
from .populations import CLOSED, cohort, rates_of_one_year

ERROR = 1e-4
"""Chance that a model that is right fails a test, for each sex."""
N = 100_000
FIRST_AGE = 60


def expected_years(death):
    """Return the life expectancy at 60 and the variance of the years lived, of deaths per person-year by age."""
    hazard = np.concatenate([np.repeat(death[FIRST_AGE:], 12), np.full(12 * 100, death[-1])]) / 12.0
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
    dying, middle = -np.diff(alive), (np.arange(len(hazard)) + 0.5) / 12.0
    mean = float(dying @ middle)
    return mean, float(dying @ (middle - mean) ** 2)


def z_scores(year, mortality):
    """Follow a cohort of 60 to its last death; return by sex how far its mean life is from the table's."""
    deviations = {**CLOSED, "mortality": {**CLOSED["mortality"], **mortality}}
    scenario = village_scenario("rural_china", seed=60, deviations=deviations)
    rates = rates_of_one_year(figures(scenario).rates, year)
    female = np.arange(N) % 2 == 1
    world = cohort(scenario, rates, female, np.full(N, FIRST_AGE * 12))
    months = np.zeros(2)
    month = scenario.start
    while len(world.people):
        pass_month(world, month, world.parameters)
        month += 1
        state = world.people["state"][: world.people.n]
        months += np.bincount(state[(state & ALIVE) != 0] & FEMALE, minlength=2)
    lived = months / (N / 2) / 12.0 + 0.5 / 12.0  # death comes in the middle of its month
    expected = np.array([expected_years(rates.death[0, sex]) for sex in (0, 1)])
    return (lived - expected[:, 0]) / np.sqrt(expected[:, 1] / (N / 2))


@pytest.mark.parametrize("year", [2010, 2030])
def test_life_expectancy_at_60_is_the_tables(year):
    z = z_scores(year, {})
    assert (2 * stats.norm.sf(np.abs(z)) > ERROR).all(), z


def test_without_a_current_normaliser_disability_shortens_lives():
    z = z_scores(2010, {"normaliser_current": False})
    assert (stats.norm.sf(-z) < ERROR).all(), z
