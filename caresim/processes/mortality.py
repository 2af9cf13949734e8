"""Mortality: people die at the place's rates by age, sex and year; disability shifts deaths, not their number.

Among elders the disabled (less so at 80 and over) and those with dementia die sooner; a normaliser keeps the mean of a
sex and age at the table's rate. Needs that stay unmet, and loneliness under 80, raise an elder's hazard; the part of
the deaths that this adds at the start is divided out, so that only changes of care change how many die.
"""

from __future__ import annotations

import math
from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, banded, drawn_below
from caresim.agents.events import die as depart
from caresim.agents.hazards import scaled
from caresim.agents.health_effects import ELDERS_FROM, OLDEST_OLD_FROM, care_by_age, care_factor, decade
from caresim.agents.lifetimes import STATES
from caresim.agents.people import ALIVE, ELDER, LIVING_RESIDENT, PRESENT, REGISTERED, age_in_years
from caresim.agents.place import OLDEST
from caresim.agents.relative_risks import count_elders, current_norm, expected_norm
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

DEATH = purpose("mortality.death")
CARE_NORM = "mortality.care"
COLUMNS = itemgetter("state", "born", "disability", "dementia", "unmet", "mood", "key", "household")


class Mortality(Parameters):
    """Rates of death, and how disability and dementia shift them among elders."""

    rural_multiplier: float = parameter(
        1.0, unit="ratio", low=0.8, high=1.2, limits=(0.5, 5.0),
        meaning="Deaths relative to China's rates at the same age, sex and year; the place's own value stands in "
        "its file. Counties differ more (.7 urban, 1.3 rural), but report deaths unequally.",
        source="nbs_census2010", evidence="judgement",
    )  # fmt: skip
    relative_risks: tuple[float, float, float, float] = parameter(
        (0.92, 1.1, 1.45, 2.2), unit="ratio", limits=(0.1, 20.0),
        meaning="Relative risk of death at 60-79 by disability state 0-3.",
        source="bmcgeriatr2021", evidence="fitted",
    )  # fmt: skip
    oldest_old_strength: float = parameter(
        0.6, unit="exponent", limits=(0.0, 3.0), low=0.3, high=1.0,
        meaning="Exponent of the relative risks at 80 and over, where disability matters less; the study's mild levels "
        "alone would say .3 to .45, its rate ratio of all levels more.",
        source="bmcgeriatr2021", evidence="fitted",
    )  # fmt: skip
    relative_risk_dementia: float = parameter(
        1.8, unit="ratio", low=1.4, high=2.5, limits=(0.1, 20.0),
        meaning="Relative risk of death with dementia, beside that of disability.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    unmet_effect: float = parameter(
        0.22, unit="log points", limits=(0.0, 3.0), low=0.0, high=0.44,
        meaning="Logarithm of the factor on an elder's risk of death if none of the need for care is met (a tenth more "
        "at .43 of it); 0 switches the feedback off.", source="unmet_needs", evidence="derived",
    )  # fmt: skip
    lonely_risk: float = parameter(
        1.15, unit="ratio", limits=(0.2, 5.0), low=1.0, high=1.3,
        meaning="Factor on the risk of death of lonely elders under 80; 1 switches the feedback off.",
        source="lonely_deaths_china", evidence="verified",
    )  # fmt: skip
    normaliser_current: bool = parameter(
        False, unit="yes or no", role="constant",
        meaning="Whether the relative risks are normalised each January anew, so that deaths always follow the "
        "table, or once at the start, so that a change of disability changes deaths.",
        source="judgement", evidence="judgement",
    )  # fmt: skip

    def risks_by_age(self) -> np.ndarray:
        """Return the relative risks by single year of age and state, 1 below 60."""
        risks = np.ones((OLDEST, STATES))
        risks[ELDERS_FROM:OLDEST_OLD_FROM] = self.relative_risks
        risks[OLDEST_OLD_FROM:] = [risk**self.oldest_old_strength for risk in self.relative_risks]
        return risks

    def risks_with_dementia(self) -> np.ndarray:
        """Return the relative risks by single year of age, state, and dementia (no, yes)."""
        return self.risks_by_age()[:, :, None] * np.array([1.0, self.relative_risk_dementia])


def die(world: World) -> None:
    """Let registered people and their kin outside the territory die."""
    people, month = world.people, world.month
    parameters: Mortality = world.parameters["mortality"]
    year = year_of(month)
    if parameters.normaliser_current:
        norm, care = world.once(
            "mortality.normaliser", (year, parameters), lambda: _norms_now(world, parameters)
        )  # fmt: skip
    else:
        norm, care = world.memory["mortality.start"][1], world.memory[CARE_NORM][1]
    chances = world.once("mortality", (year, parameters), lambda: _chances(world, parameters, norm, care))
    people.died(
        *let_die(
            *COLUMNS(people.arrays), people.n, people.kin_start, people.kin_end, month, *chances,
            parameters.unmet_effect, parameters.lonely_risk, care, world.draws.stream(DEATH, month),
        )
    )  # fmt: skip


def _chances(
    world: World, parameters: Mortality, norm: np.ndarray, care: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Bands]:
    """Return the probabilities of death, and the highest that anybody can have in bands of age."""
    rates = world.place.rates
    death = rates.deaths(year_of(world.month)) * parameters.rural_multiplier
    registered, kin = death_chances(death, parameters, norm)
    unmet, lonely = math.exp(parameters.unmet_effect), max(1.0, parameters.lonely_risk)
    older, younger = max(1.0, unmet / care[-1]), max(1.0, unmet * lonely / care[:-1].min())
    highest = highest_by_age(registered, kin, older, younger)
    return registered, kin, banded(highest, (90, OLDEST_OLD_FROM, ELDERS_FROM))


@compiled
def highest_by_age(registered, kin, older, younger):
    """Return the highest probability of death by age, if elders' hazards are at most so many times their own."""
    highest = np.empty(OLDEST)
    for age in range(OLDEST):
        chance = scaled(registered[:, age].max(), older if age >= OLDEST_OLD_FROM else younger)
        highest[age] = max(chance, kin[:, age].max())
    return highest


def death_chances(
    death: np.ndarray, parameters: Mortality, norm: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return monthly probabilities of death.

    Of registered elders by sex, age, state and dementia; of all others by sex and age.
    """
    rate = death / 12.0
    registered = np.zeros((2, OLDEST, STATES, 2))
    registered[:, ELDERS_FROM:] = _probabilities(hazards(rate, parameters, norm)[:, ELDERS_FROM:])
    return registered, _probabilities(rate)


def hazards(rate: np.ndarray, parameters: Mortality, norm: np.ndarray) -> np.ndarray:
    """Return the rates of death by sex, age, state and dementia that make up those by sex and age."""
    return rate[:, :, None, None] * parameters.risks_with_dementia() / norm[:, :, None, None]


def _probabilities(hazards: np.ndarray) -> np.ndarray:
    """Return the probability that belongs to each hazard."""
    return probabilities(hazards.ravel()).reshape(hazards.shape)  # type: ignore[no-any-return]


@compiled
def probabilities(hazards):
    """Return the probability that belongs to each hazard, by the one exponential that is the same everywhere."""
    chances = np.empty(len(hazards))
    for j in range(len(hazards)):
        chances[j] = 1.0 - math.exp(-hazards[j])
    return chances


def begin(world: World) -> None:
    """Fix the normaliser: the mean relative risk by sex and age that the starting prevalences imply."""
    given: Mortality = world.parameters["mortality"]
    risks, risk_dementia = given.risks_by_age(), given.relative_risk_dementia
    world.once("mortality.start", "start", lambda: expected_norm(risks, risk_dementia, **world.burn_in))


def _norm_now(world: World, parameters: Mortality) -> np.ndarray:
    """Return the normaliser that today's elders ask for."""
    people, rates = world.people, world.place.rates
    counts = count_elders(
        *(people[name] for name in ("state", "born", "disability", "dementia")), people.n, world.month
    )
    death = rates.deaths(year_of(world.month))
    return current_norm(parameters.risks_with_dementia(), counts, death, world.memory["mortality.start"][1])


def _norms_now(world: World, parameters: Mortality) -> tuple[np.ndarray, np.ndarray]:
    """Return the normalisers of disability and of care that today's elders ask for."""
    norm = _norm_now(world, parameters)
    return norm, care_norm(world, norm)


def care_norm(world: World, norm: np.ndarray) -> np.ndarray:
    """Return by age group how many times as many resident elders die because of unmet need and loneliness.

    Each elder's factor counts as often as the elder would die without it.
    """
    people, given = world.people, world.parameters["mortality"]
    death = world.place.rates.deaths(year_of(world.month))
    names = ("state", "born", "disability", "dementia", "unmet", "mood")
    return care_by_age(
        people.who(LIVING_RESIDENT | ELDER), *(people[name] for name in names), world.month,
        hazards(death, given, norm), given.unmet_effect, given.lonely_risk,
    )  # fmt: skip


def settle_norm(world: World) -> None:
    """Note these ratios before the first month, so that only changes of care change how many die."""
    world.memory[CARE_NORM] = (world.month, care_norm(world, world.memory["mortality.start"][1]))


@compiled
def let_die(state, born, disability, dementia, unmet, mood, key, household, n, kin_start, kin_end, month, registered,
            kin, bands, unmet_effect, lonely_risk, care, stream):  # fmt: skip
    """Let people die; return the dead of the register and of kin, how many were residents and how many registered."""
    dead, dead_kin = [], []
    residents = of_register = 0
    for i in drawn_below(stream, key, born, 0, n, month, bands):
        if state[i] & ALIVE:
            age = min(age_in_years(month, born[i]), OLDEST - 1)
            if age < ELDERS_FROM or state[i] & REGISTERED == 0:
                chance = kin[state[i] & 1, age]
            else:
                chance = registered[state[i] & 1, age, disability[i], dementia[i]]
                if state[i] & PRESENT:
                    factor = care_factor(unmet[i], mood[i], age, unmet_effect, lonely_risk)
                    chance = scaled(chance, factor / care[decade(age)])
            if uniform(stream, key[i]) < chance:
                residents += state[i] & PRESENT != 0
                of_register += state[i] & REGISTERED != 0
                depart(i, state, household, n)
                dead.append(i)
    for i in drawn_below(stream, key, born, kin_start, kin_end, month, bands):
        if state[i] & ALIVE:
            age = min(age_in_years(month, born[i]), OLDEST - 1)
            if uniform(stream, key[i]) < kin[state[i] & 1, age]:
                depart(i, state, household, n)
                dead_kin.append(i)
    return np.array(dead, dtype=np.int64), np.array(dead_kin, dtype=np.int64), residents, of_register


PROCESS = Process(
    name="mortality",
    run=die,
    begin=begin,
    settled=settle_norm,
    reads=("born", "state", "disability", "dementia", "unmet", "mood", "key"),
    writes=("state", "household"),
    meaning="People die, at the place's rates by age, sex and year; among elders the disabled, those whose needs "
    "stay unmet and the lonely die sooner.",
    parameters=Mortality,
)
