"""Dementia: its onset doubles every few years of age; there is no recovery."""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, banded, drawn_below
from caresim.agents.people import LIVING_REGISTERED, age_in_years
from caresim.agents.place import OLDEST
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

ONSET = purpose("dementia.onset")
START = purpose("dementia.start")
FIRST_AGE = 60
COLUMNS = itemgetter("state", "born", "dementia", "key")


class Dementia(Parameters):
    """Onset by age, and the excess mortality that keeps prevalence down."""

    onset_year: float = parameter(
        0.0147, unit="per person-year", limits=(0.0, 1.0), low=0.0113, high=0.0182,
        meaning="Onsets per person-year at the mean age of people of 65 and over.",
        source="chen2011", evidence="verified",
    )  # fmt: skip
    onset_age: float = parameter(
        77.0, unit="years", limits=(60.0, 100.0), low=75.0, high=79.0,
        meaning="Age at which the onset rate has its stated level; fitted to the prevalence at 60 and over.",
        source="jia2020", evidence="fitted",
    )  # fmt: skip
    doubling_years: float = parameter(
        5.5, unit="years", low=4.5, high=6.5, limits=(1.0, 50.0),
        meaning="Years of age over which the onset rate doubles.", source="jia2020", evidence="recalled",
    )  # fmt: skip


def fall_ill(world: World) -> None:
    """Let people of 60 and over develop dementia."""
    people, month = world.people, world.month
    parameters: Dementia = world.parameters["dementia"]
    chance, bands = world.once("dementia", parameters, lambda: _chances(parameters))
    start_dementia(
        *COLUMNS(people.arrays), people.elders_end, month, chance, bands, world.draws.stream(ONSET, month)
    )


def _chances(parameters: Dementia) -> tuple[np.ndarray, Bands]:
    chance = onset_chances(parameters)
    return chance, banded(chance, (85, 75, FIRST_AGE))


def onset_chances(parameters: Dementia) -> np.ndarray:
    """Return the monthly probability of onset by single year of age (at mid-year)."""
    chance = np.zeros(OLDEST)
    for age in range(FIRST_AGE, OLDEST):
        rate = parameters.onset_year * 2.0 ** ((age + 0.5 - parameters.onset_age) / parameters.doubling_years)
        chance[age] = 1.0 - math.exp(-rate / 12.0)
    return chance


@compiled
def start_dementia(state, born, dementia, key, n, month, chance, bands, stream):
    """Set dementia in place."""
    for i in drawn_below(stream, key, born, 0, n, month, bands):
        age = age_in_years(month, born[i])
        if age >= FIRST_AGE and dementia[i] == 0 and state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            dementia[i] = uniform(stream, key[i]) < chance[min(age, OLDEST - 1)]


def begin(world: World) -> None:
    """Give the starting population its dementia, by the prevalence that a lifetime of this onset leads to."""
    people, month = world.people, world.month
    risk = world.parameters["mortality"].relative_risk_dementia
    chance = onset_chances(world.parameters["dementia"])
    rates = world.place.rates
    prevalence = lifetime_prevalence(chance, rates.deaths(year_of(month)), risk)
    world.burn_in["dementia"] = prevalence
    assign_dementia(
        people["state"], people["born"], people["dementia"], people["key"], people.n, month, prevalence,
        world.draws.word(START, 0),
    )  # fmt: skip


@compiled
def lifetime_prevalence(chance, death, risk):
    """Return the share with dementia by sex and single year of age, thinned by its excess mortality."""
    prevalence = np.zeros((2, OLDEST))
    for sex in (0, 1):
        share = 0.0
        for age in range(FIRST_AGE, OLDEST):
            for month in range(12):
                if month == 6:
                    prevalence[sex, age] = share
                share += (1.0 - share) * chance[age]
                base = death[sex, age] / 12.0 / (1.0 - share + share * risk)
                dead = share * base * risk
                share = (share - dead) / (1.0 - dead - (1.0 - share) * base)
    return prevalence


@compiled
def assign_dementia(state, born, dementia, key, n, month, prevalence, stream):
    """Draw who has dementia at the start."""
    for i in range(n):
        age = age_in_years(month, born[i])
        dementia[i] = (
            age >= FIRST_AGE
            and state[i] & LIVING_REGISTERED == LIVING_REGISTERED
            and uniform(stream, key[i]) < prevalence[state[i] & 1, min(age, OLDEST - 1)]
        )


PROCESS = Process(
    name="dementia",
    run=fall_ill,
    begin=begin,
    reads=("born", "state", "dementia", "key", "parameters.mortality"),
    writes=("dementia",),
    meaning="Some people of 60 and over develop dementia; the risk doubles every five or six years of age.",
    parameters=Dementia,
    columns=(Column("dementia", np.uint8, 0, "code", "1 with dementia.", "dementia", most=1),),
)
