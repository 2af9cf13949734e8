"""Mortality: people die at the place's rates by age, sex and year; disability shifts deaths, not their number."""

from __future__ import annotations

import itertools
import math
from operator import itemgetter

import numpy as np

from caresim.agents.candidates import Bands, banded, drawn_below
from caresim.agents.care import FULL, LONELY
from caresim.agents.events import die as depart
from caresim.agents.hazards import scaled
from caresim.agents.people import (
    ALIVE,
    ELDER,
    LIVING_REGISTERED,
    LIVING_RESIDENT,
    PRESENT,
    REGISTERED,
    age_in_years,
)
from caresim.agents.place import OLDEST
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

DEATH = purpose("mortality.death")
ELDERS_FROM = 60
OLDEST_OLD_FROM = 80
STATES = 4
CARE_NORM = "mortality.care"
COLUMNS = itemgetter("state", "born", "disability", "dementia", "unmet", "mood", "key", "household")
GROUPS = (60, 65, 70, 75, 80, 85, 90, 95, OLDEST)
"""Bounds of the age groups in which a current normaliser is taken."""


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


def die(world: World) -> None:
    """Let registered people and their kin outside the territory die."""
    people, month = world.people, world.month
    parameters: Mortality = world.parameters["mortality"]
    year = year_of(month)
    if parameters.normaliser_current:
        norm, care = world.once(
            "mortality.normaliser",
            (year, parameters),
            lambda: (_norm_now(world, parameters), care_norm(world)),
        )
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
    death = rates.death[rates.row(year_of(world.month))] * parameters.rural_multiplier
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
    risks = parameters.risks_by_age()[:, :, None] * np.array([1.0, parameters.relative_risk_dementia])
    hazards = rate[:, :, None, None] * risks / norm[:, :, None, None]
    registered = np.zeros((2, OLDEST, STATES, 2))
    registered[:, ELDERS_FROM:] = _probabilities(hazards[:, ELDERS_FROM:])
    return registered, _probabilities(rate)


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
    parameters = world.parameters["mortality"]
    world.once("mortality.start", "start", lambda: expected_norm(parameters, **world.burn_in))


def expected_norm(parameters: Mortality, disability: np.ndarray, dementia: np.ndarray) -> np.ndarray:
    """Return the mean relative risk by sex and single year of age, 1 below 60, from prevalences."""
    norm = (disability * parameters.risks_by_age()).sum(axis=2)
    norm *= 1.0 + dementia * (parameters.relative_risk_dementia - 1.0)
    norm[:, :ELDERS_FROM] = 1.0
    return norm


def _norm_now(world: World, parameters: Mortality) -> np.ndarray:
    people, rates = world.people, world.place.rates
    counts = count_elders(
        *(people[name] for name in ("state", "born", "disability", "dementia")), people.n, world.month
    )
    death = rates.death[rates.row(year_of(world.month))]
    return current_norm(parameters, counts, death, world.memory["mortality.start"][1])


def current_norm(
    parameters: Mortality, counts: np.ndarray, death: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return the normaliser that makes the living die at the table's rates, cell by cell.

    Within a sex and age group it is the mean relative risk weighted by the table's rates, so that the group's expected
    deaths are the table's; a group without people keeps the normaliser of the start.

    Args:
        parameters: the relative risks.
        counts: living registered elders by sex, single year of age, state and dementia.
        death: rates of death by sex and single year of age.
        start: the normaliser of the start.
    """
    norm = start.copy()
    risks = parameters.risks_by_age()[:, :, None] * np.array([1.0, parameters.relative_risk_dementia])
    for first, last in itertools.pairwise(GROUPS):
        dying = counts[:, first:last] * death[:, first:last, None, None]
        table, model = dying.sum(axis=(1, 2, 3)), (dying * risks[first:last]).sum(axis=(1, 2, 3))
        known = table > 0.0
        norm[known, first:last] = (model[known] / table[known])[:, None]
    return norm


@compiled
def count_elders(state, born, disability, dementia, n, month):
    """Count living registered people of 60 and over by sex, single year of age, state and dementia."""
    counts = np.zeros((2, OLDEST, STATES, 2), dtype=np.int64)
    for i in range(n):
        age = age_in_years(month, born[i])
        if age >= ELDERS_FROM and state[i] & LIVING_REGISTERED == LIVING_REGISTERED:
            counts[state[i] & 1, min(age, OLDEST - 1), disability[i], dementia[i]] += 1
    return counts


def care_norm(world: World) -> np.ndarray:
    """Return the mean factor of unmet need and loneliness on death among resident elders, by age group."""
    people, given = world.people, world.parameters["mortality"]
    return mean_factors(
        people.who(LIVING_RESIDENT | ELDER), people["unmet"], people["mood"], people["born"], world.month,
        given.unmet_effect, given.lonely_risk,
    )  # fmt: skip


def settle_norm(world: World) -> None:
    """Note these means before the first month, so that only changes of care change how many die."""
    world.memory[CARE_NORM] = (world.month, care_norm(world))


@compiled
def care_factor(unmet, mood, age, unmet_effect, lonely_risk):
    """Return the factor on an elder's hazard of death: of unmet need (250ths), and of loneliness under 80."""
    factor = math.exp(unmet_effect * (unmet / FULL))
    return factor * lonely_risk if mood & LONELY and age < OLDEST_OLD_FROM else factor


@compiled
def decade(age):
    """Return the age group of an elder: 60-69, 70-79, 80 and over."""
    return min((age - ELDERS_FROM) // 10, 2)


@compiled
def mean_factors(elders, unmet, mood, born, month, unmet_effect, lonely_risk):
    """Return the mean factor of care by age group, 1 where there is nobody."""
    total, heads = np.zeros(3), np.zeros(3)
    for i in elders:
        age = age_in_years(month, born[i])
        total[decade(age)] += care_factor(unmet[i], mood[i], age, unmet_effect, lonely_risk)
        heads[decade(age)] += 1.0
    return np.where(heads > 0.0, total / np.maximum(heads, 1.0), 1.0)


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
    reads=("born", "state", "disability", "dementia", "unmet", "mood"),
    writes=("state", "household"),
    meaning="People die, at the place's rates by age, sex and year; among elders the disabled, those whose needs "
    "stay unmet and the lonely die sooner.",
    parameters=Mortality,
)
