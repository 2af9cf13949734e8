"""People live as long as the table says, whatever disability and dementia do to whom."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caresim.agents.people import ALIVE, FEMALE, REGISTERED
from caresim.agents.place import OLDEST
from caresim.agents.relative_risks import GROUPS
from caresim.kernel.clock import year_of
from caresim.processes.mortality import _norm_now

from ..villages import begun_world, figures, pass_month, village_scenario
from .populations import CLOSED, cohort, rates_of_one_year

ERROR = 1e-4
"""Chance that a model that is right fails a test, for each sex."""
N = 100_000
FIRST_AGE = 60
CURRENT = {"normaliser_current": True}
FROZEN = {"normaliser_current": False, "unmet_effect": 0.0, "lonely_risk": 1.0}
"""The normaliser of the start knows a lifetime's states, but unmet needs and loneliness only of those who are there:
a cohort of 60 tells nothing of the ages to come.
"""


def expected_years(death):
    """Return the life expectancy at 60 and the variance of the years lived, of deaths per person-year by age."""
    hazard = np.concatenate([np.repeat(death[FIRST_AGE:], 12), np.full(12 * 100, death[-1])]) / 12.0
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
    dying, middle = -np.diff(alive), (np.arange(len(hazard)) + 0.5) / 12.0
    mean = float(dying @ middle)
    return mean, float(dying @ (middle - mean) ** 2)


def z_scores(year, mortality, later=None):
    """Follow a cohort of 60 to its last death; return by sex how far its mean life is from the table's.

    Args:
        year: the year whose rates hold for ever.
        mortality: deviating parameters.
        later: deviations that come into force after the start, when the normaliser has been taken.
    """
    deviations = {**CLOSED, "mortality": {**CLOSED["mortality"], **mortality}}
    scenario = village_scenario("rural_china", seed=60, deviations=deviations)
    rates = rates_of_one_year(figures(scenario).rates, year)
    female = np.arange(N) % 2 == 1
    world = cohort(scenario, rates, female, np.full(N, FIRST_AGE * 12))
    changed = world.parameters["mortality"].model_copy(update=later or {})
    parameters = {**world.parameters, "mortality": changed}
    months = np.zeros(2)
    month = scenario.start
    while len(world.people):
        pass_month(world, month, parameters)
        month += 1
        state = world.people["state"][: world.people.n]
        months += np.bincount(state[(state & ALIVE) != 0] & FEMALE, minlength=2)
    lived = months / (N / 2) / 12.0 + 0.5 / 12.0  # death comes in the middle of its month
    expected = np.array([expected_years(rates.death.of_year(0)[sex]) for sex in (0, 1)])
    return (lived - expected[:, 0]) / np.sqrt(expected[:, 1] / (N / 2))


@pytest.mark.parametrize("normaliser", [CURRENT, FROZEN], ids=["current", "frozen"])
@pytest.mark.parametrize("year", [2010, 2030])
def test_life_expectancy_at_60_is_the_tables(year, normaliser):
    z = z_scores(year, normaliser)
    assert (2 * stats.norm.sf(np.abs(z)) > ERROR).all(), z


def test_risks_that_the_normaliser_does_not_know_shorten_lives():
    z = z_scores(2010, FROZEN, later={"relative_risks": (1.0, 1.2, 1.6, 2.4)})
    assert (stats.norm.sf(-z) < ERROR).all(), z


def expected_deaths(world):
    """Return by sex and age group the deaths that a month's chances expect of elders, those of the table, and the
    variance of the former over draws of everybody's state.
    """
    parameters, people = world.parameters["mortality"], world.people
    who = people.who(ALIVE | REGISTERED)
    who = who[world.month - people["born"][who] >= FIRST_AGE * 12]
    age = np.minimum((world.month - people["born"][who]) // 12, OLDEST - 1)
    sex, state, demented = people["state"][who] & FEMALE, people["disability"][who], people["dementia"][who]
    norm = (
        _norm_now(world, parameters) if parameters.normaliser_current else world.memory["mortality.start"][1]
    )
    rate = world.place.rates.deaths(year_of(world.month))[sex, age]
    risk = parameters.risks_by_age()[age, state] * np.where(demented, parameters.relative_risk_dementia, 1.0)
    cell = sex * len(GROUPS) + np.searchsorted(GROUPS, age, side="right") - 1
    relative = risk / norm[sex, age]
    weights = (rate * relative, rate, (rate * (relative - 1.0)) ** 2)
    model, table, squares = (np.bincount(cell, weight) for weight in weights)
    there = table > 0
    return model[there], table[there], squares[there]


def test_every_age_group_of_a_population_dies_at_the_tables_rates():
    deviations = {"mortality": {"normaliser_current": True}}
    world = begun_world(village_scenario("rural_china", 2020, 60_000, 5, deviations, villages=60))
    model, table, _ = expected_deaths(world)
    assert model == pytest.approx(table, rel=1e-9)
    world.parameters = {**world.parameters, "mortality": world.parameters["mortality"].model_copy(
        update={"normaliser_current": False})}  # fmt: skip
    model, table, variance = expected_deaths(world)
    z = (model - table) / np.sqrt(variance)
    assert len(z) == 16
    assert (2 * stats.norm.sf(np.abs(z)) > ERROR / len(z)).all(), z
