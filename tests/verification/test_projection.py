"""Without migration the model's expectation is a cohort-component projection, worked out by hand.

The births of the model are those of the table only nearly: women at risk are counted each January. In 48 closed
territories of 10,000 people, those born in ten years were .992 (standard error .004) of those whom the table expects.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caresim.agents.people import FEMALE, LIVING_REGISTERED
from caresim.agents.place import OLDEST
from caresim.kernel.clock import year_of

from ..villages import begun_world, figures, pass_month, village_scenario
from .populations import CLOSED

ERROR = 1e-3
"""Chance that a model that is right fails here; its comparisons share it."""
REPLICATIONS, RESIDENTS, MONTHS = 24, 10_000, 120
GROUPS = (0, 5, 10, 20, 30, 40, 50, 60, 65, 70, 75, 80, 85, 90)
"""First ages of the groups that are compared."""


def project(people, rates, start, deaths=1.0, births=1.0):
    """Return the expected people by sex and age in months, `MONTHS` months on."""
    people, age = people.copy(), np.minimum(np.arange(people.shape[1]) // 12, OLDEST - 1)
    for month in range(start, start + MONTHS):
        row = rates.row(year_of(month))
        born = births * (people[1] @ rates.births(year_of(month))[age]) / 12.0
        boys = rates.sex_ratio[row] / (1.0 + rates.sex_ratio[row])
        people[:, 0] += born * boys, born * (1.0 - boys)
        people *= np.exp(-deaths * rates.deaths(year_of(month))[:, age] / 12.0)
        people[:, 1:], people[:, 0] = people[:, :-1].copy(), 0.0
    return people


def counted(world, month):
    """Count registered people by sex and age in months at the opening of a month."""
    people = world.people
    who = people.who(LIVING_REGISTERED)
    table = np.zeros((2, OLDEST * 12 + MONTHS + 1))
    np.add.at(table, (people["state"][who] & FEMALE, month - people["born"][who]), 1)
    return table


def grouped(table):
    """Add ages up to the groups; the last column counts everybody."""
    by_group = np.add.reduceat(table, np.array(GROUPS) * 12, axis=1)
    return np.concatenate([by_group, table.sum(axis=1, keepdims=True)], axis=1)


@pytest.fixture(scope="module")
def runs():
    """People at the start and at the end of each replication, with the rates and the first month."""
    counts = []
    for seed in range(REPLICATIONS):
        scenario = village_scenario("rural_china", 2010, RESIDENTS, seed, CLOSED, villages=10)
        world = begun_world(scenario)
        before = counted(world, scenario.start)
        for month in range(scenario.start, scenario.start + MONTHS):
            pass_month(world, month, world.parameters)
        counts.append((before, counted(world, scenario.start + MONTHS)))
    return counts, figures(scenario).rates, scenario.start


def p_values(runs, **scales):
    """Return by sex and age group how likely so large a mean gap between model and projection is by chance."""
    counts, rates, start = runs
    gaps = np.array(
        [grouped(after) - grouped(project(before, rates, start, **scales)) for before, after in counts]
    )
    t = gaps.mean(axis=0) / (gaps.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS))
    return 2 * stats.t.sf(np.abs(t), REPLICATIONS - 1)


def test_the_model_expects_what_the_projection_says(runs):
    p = p_values(runs)
    assert (p > ERROR / p.size).all(), p


@pytest.mark.parametrize("scales", [{"deaths": 1.1}, {"deaths": 0.9}, {"births": 1.1}, {"births": 0.9}])
def test_a_projection_with_other_rates_disagrees(runs, scales):
    p = p_values(runs, **scales)
    assert (p < ERROR / p.size).any(), p
