"""Populations for checks against what can be worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caresim import catalogue
from caresim.agents.people import VILLAGE, People
from caresim.agents.place import Rates, Territory
from caresim.agents.world import World
from caresim.kernel.draws import Draws

from ..villages import begin, figures

CLOSED = {
    "migration": {"out_scale": 0.0, "back_scale": 0.0},
    "urbanisation": {"rate_year": 0.0, "absent_rate_year": 0.0},
    "newcomers": {"rate_year": 0.0},
    "marriage": {"outside_share": 0.0},
    "mortality": {"rural_multiplier": 1.0, "normaliser_current": True},
    "functional_decline": {"improvement_year": 0.0, "unmet_effect": 0.0},
    "fertility": {"multiplier": 1.0},
}
"""Nobody comes or goes, and births and deaths follow the tables."""


def rates_of_one_year(rates, year):
    """Return vital rates that hold for ever."""
    row, death, birth = (
        rates.row(year),
        Rates.constant(rates.deaths(year)),
        Rates.constant(rates.births(year)),
    )
    return replace(rates, first_year=year, death=death, birth=birth, sex_ratio=rates.sex_ratio[row : row + 1])


def cohort(scenario, rates, female, age_months):
    """Return a begun world of unrelated residents, each in a household of his own.

    Args:
        scenario: its place, start, seed and parameters.
        rates: vital rates in place of the place's own.
        female: sex by person.
        age_months: age by person.
    """
    n = len(female)
    people = People(catalogue.columns(), n, 0)
    nothing = np.zeros(1)
    number = np.zeros(1, dtype=np.int64)
    village = Territory(np.zeros(1, np.uint64), number, nothing, nothing, nothing, nothing > 0, nothing == 0)
    place = replace(figures(scenario), rates=rates)
    parameters = scenario.parameters_at(scenario.start)
    world = World(people, village, place, Draws(scenario.seed, 0), scenario.start, scenario.start, parameters)
    here, zero = np.full(n, VILLAGE, dtype=np.uint8), np.zeros(n, dtype=np.int16)
    keys = np.arange(n, dtype=np.uint64)
    people.register(keys, scenario.start - age_months, female, zero, here, people.found_households(n))
    return begin(world)
