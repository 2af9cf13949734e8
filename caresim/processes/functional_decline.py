"""Functional decline and recovery: people of 50 and over lose and regain the ability to look after themselves.

A month takes nobody further than one state down or up, at hazards by age and state that fall a little from year to
year. Of resident elders, needs that stay unmet hasten decline (their mean at the start is divided out); meals, a safe
home, nursing and doctors at hand slow it. The starting population has the states that a lifetime of this leads to.
"""

from __future__ import annotations

import functools
import math
from operator import itemgetter
from typing import Any

import numpy as np

from caresim.agents.candidates import banded, drawn_below
from caresim.agents.hazards import scaled
from caresim.agents.health_effects import nursing_factor, support_factor, unmet_by_state, unmet_factor
from caresim.agents.lifetimes import FIRST_AGE, MODERATE, STATES, assign_states, live_to_now, monthly_changes
from caresim.agents.people import ELDER, LIVING_REGISTERED, LIVING_RESIDENT, age_in_years
from caresim.agents.place import OLDEST, VitalRates
from caresim.agents.world import Process, World
from caresim.kernel.clock import year_of
from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import purpose, uniform
from caresim.kernel.parameters import Parameters, parameter

CHANGE = purpose("functional_decline.change")
FALL_RISK = purpose("functional_decline.fall_risk")
START = purpose("functional_decline.start")
EXPOSED_FROM = 65
NORM = "functional_decline.norm"
COLUMNS = itemgetter("state", "born", "disability", "unmet", "key", "village")
SUPPORT = itemgetter("modified", "meals", "care_bed")


class FunctionalDecline(Parameters):
    """Monthly hazards of losing and regaining function, exponential in age - 70."""

    onset: tuple[float, float, float] = parameter(
        (0.0036, 0.015, 0.0085), unit="probability per month", limits=(0.0, 0.5),
        meaning="Monthly hazard at age 70 of going from state 0 to 1, 1 to 2 and 2 to 3; set so that prevalence (C20) "
        "and incidence (C21) lie in their bands.", source="li2020_adl", evidence="fitted",
    )  # fmt: skip
    onset_slope: tuple[float, float, float] = parameter(
        (0.10, 0.045, 0.03), unit="per year of age", limits=(0.0, 0.3),
        meaning="Growth of the three onset hazards with age; set together with these.",
        source="li2020_adl", evidence="fitted",
    )  # fmt: skip
    recovery: tuple[float, float, float] = parameter(
        (0.017, 0.016, 0.010), unit="probability per month", limits=(0.0, 0.5),
        meaning="Monthly hazard at age 70 of recovery from state 1 to 0, 2 to 1 and 3 to 2.",
        source="hou2019", evidence="judgement",
    )  # fmt: skip
    recovery_slope: float = parameter(
        0.045, unit="per year of age", limits=(0.0, 0.3), low=0.03, high=0.06,
        meaning="Fall of the recovery hazards with age.", source="hou2019", evidence="judgement",
    )  # fmt: skip
    improvement_year: float = parameter(
        0.01, unit="share", limits=(0.0, 0.1), low=0.0, high=0.02,
        meaning="Yearly fall of the onset hazards; prevalence fell by 3.1 % a year in 1997-2006.",
        source="liang2015", evidence="judgement",
    )  # fmt: skip
    improvement_from: int = parameter(
        2011, unit="year", role="constant", limits=(1980, 2050),
        meaning="Year in which the onset hazards have their stated level (fieldwork of the incidence study).",
        source="li2020_adl", evidence="judgement",
    )  # fmt: skip
    unmet_effect: float = parameter(
        0.35, unit="log points", limits=(0.0, 3.0), low=0.0, high=0.7,
        meaning="Logarithm of the factor on the hazards of getting worse in states 1 and 2 if none of the need for "
        "care is met; 0 switches the feedback off.", source="unmet_needs", evidence="recalled",
    )  # fmt: skip
    severe_scale: float = parameter(
        1.0, unit="ratio", limits=(0.0, 1.0), low=0.9, high=1.0, local=True,
        meaning="Factor on the hazard of going from state 2 to 3 of resident elders; doctors who come home lower it.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    modified_home: float = parameter(
        0.95, unit="ratio", limits=(0.0, 1.0), low=0.85, high=1.0,
        meaning="Factor on the hazards of going from state 0 to 1 and 1 to 2 in a home made safe, at high risk only.",
        source="falls_review", evidence="judgement",
    )  # fmt: skip
    fall_risk: float = parameter(
        0.15, unit="share", low=0.05, high=0.3,
        meaning="Share of elders under 80 who are at a high risk of falling although nothing limits them.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    meals: float = parameter(
        0.98, unit="ratio", limits=(0.0, 1.0), low=0.95, high=1.0,
        meaning="Factor on the hazards of going from state 0 to 1 and 1 to 2 of those who are brought meals.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    nursed: float = parameter(
        0.95, unit="ratio", limits=(0.0, 1.0), low=0.9, high=1.0,
        meaning="Factor on the hazard of going from state 2 to 3 of those who were nursed in a family care bed.",
        source="judgement", evidence="judgement",
    )  # fmt: skip
    medical_effect: float = parameter(
        1.0, unit="share", role="constant",
        meaning="Part that comes true of what doctors at hand and rehabilitation (`severe_scale`) take off the hazard "
        "of going from state 2 to 3; 0 switches the effect off.", source="judgement", evidence="judgement",
    )  # fmt: skip


def decline(world: World) -> None:
    """Move people one state down or up, by age, state, year and what stays unmet of their needs."""
    people, month = world.people, world.month
    parameters: FunctionalDecline = world.parameters["functional_decline"]
    norm = world.memory[NORM][1]
    year = year_of(month)
    worse, better, most, bands, slowed = world.once(
        "functional_decline", (year, parameters), lambda: _chances(world, parameters, year, norm)
    )
    flows = people.flows
    flows.adl_onsets, flows.adl_exposed = change_states(
        *COLUMNS(people.arrays), *_support(world), _severe(world, parameters.medical_effect), people.elders_end,
        people.n, month, worse, better, most, bands, parameters.unmet_effect, norm, slowed,
        world.draws.stream(CHANGE, month),
    )  # fmt: skip


def _severe(world: World, effect: float) -> np.ndarray:
    """Return the factor of doctors and rehabilitation by village, as far as their effect comes true."""
    scale = world.by_village("functional_decline.severe_scale")
    return scale if effect == 1.0 else 1.0 - effect * (1.0 - scale)


def _support(world: World) -> tuple[np.ndarray, ...]:
    """Return the columns of what slows decline; one that the run does not keep is 0 for everybody."""
    arrays = world.people.arrays
    support: tuple[np.ndarray, ...]
    if "modified" in arrays and "meals" in arrays and "care_bed" in arrays:
        support = SUPPORT(arrays)
        return support
    rows = len(arrays["household"])
    nobody = world.once("functional_decline.nobody", rows, lambda: np.zeros(rows, dtype=np.uint8))
    return tuple(arrays.get(name, nobody) for name in ("modified", "meals", "care_bed"))


def _chances(world: World, parameters: FunctionalDecline, year: int, norm: np.ndarray) -> tuple[Any, ...]:
    """Return what the year's rule takes.

    The monthly probabilities of decline and of recovery; the highest of either that anybody can have, by age and state
    and in bands of age; and by how much support slows decline, with the lasting draw of who is at risk of falling.
    """
    worse, better = transitions(parameters, year)
    most = highest_change(worse, better, max(1.0, math.exp(parameters.unmet_effect) / norm.min()))
    slowed = (
        parameters.modified_home, parameters.fall_risk, parameters.meals, parameters.nursed,
        world.draws.word(FALL_RISK, 0),
    )  # fmt: skip
    return worse, better, most, banded(most.max(axis=1), (85, 70, FIRST_AGE)), slowed


@compiled
def highest_change(worse, better, most):
    """Return the highest probability of a change, by age and state, if decline has up to `most` times its hazard."""
    highest = np.zeros(worse.shape)
    for age in range(worse.shape[0]):
        for state in range(worse.shape[1]):
            chance = max(worse[age, state], scaled(worse[age, state], most))
            highest[age, state] = chance + better[age, state]
    return highest


def transitions(parameters: FunctionalDecline, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the monthly probabilities of decline and recovery, by single year of age (at mid-year) and state."""
    trend = (1.0 - parameters.improvement_year) ** (year - parameters.improvement_from)
    return monthly_changes(
        parameters.onset, parameters.onset_slope, parameters.recovery, parameters.recovery_slope, float(trend)
    )


@compiled
def change_states(state, born, disability, unmet, key, village, modified, meals, care_bed, severe, elders_end, n, month,
                  worse, better, most, bands, unmet_effect, norm, slowed, stream):  # fmt: skip
    """Change states in place; return new ADL disabilities at 65 and over and the people who were exposed to one."""
    bits = LIVING_RESIDENT | ELDER
    onsets, exposed = 0, exposed_people(state, born, disability, elders_end, month)
    for i in drawn_below(stream, key, born, 0, n, month, bands):
        age = age_in_years(month, born[i])
        if age < FIRST_AGE or state[i] & LIVING_REGISTERED != LIVING_REGISTERED:
            continue
        age, now = min(age, OLDEST - 1), disability[i]
        luck = uniform(stream, key[i])
        if luck >= most[age, now]:
            continue
        chance = worse[age, now]
        if now < STATES - 1 and state[i] & bits == bits:
            if now == MODERATE:
                factor = nursing_factor(severe[village[i]], care_bed[i], slowed)
            else:
                factor = support_factor(now, age, key[i], modified[i], meals[i], slowed)
            if now > 0:
                factor *= unmet_factor(unmet[i], unmet_effect) / norm[now]
            chance = scaled(chance, factor)
        if luck < chance:
            disability[i] = now + 1
            onsets += age >= EXPOSED_FROM and now + 1 == MODERATE
        elif luck < chance + better[age, now]:
            disability[i] = now - 1
    return onsets, exposed


@compiled
def exposed_people(state, born, disability, elders_end, month):
    """Count the living registered of 65 and over without an ADL disability."""
    exposed = 0
    for i in range(elders_end):
        able = (born[i] <= month - EXPOSED_FROM * 12) & (disability[i] < MODERATE)
        exposed += able & (state[i] & LIVING_REGISTERED == LIVING_REGISTERED)
    return exposed


def settle_norm(world: World) -> None:
    """Note the mean factor of unmet need in each state, so that only its changes change how fast people decline."""
    people = world.people
    effect = world.parameters["functional_decline"].unmet_effect
    norm = unmet_by_state(world.elders, people["disability"], people["unmet"], effect)
    world.memory[NORM] = (world.month, norm)


def begin(world: World) -> None:
    """Give the starting population its states, by the prevalence that a lifetime of these hazards leads to."""
    people, month = world.people, world.month
    world.burn_in["disability"] = lifetime_prevalence(world)
    assign_states(
        people["state"], people["born"], people["disability"], people["key"], people.n, month,
        world.burn_in["disability"], world.draws.word(START, 0),
    )  # fmt: skip


def lifetime_prevalence(world: World) -> np.ndarray:
    """Return the share of each state by sex and single year of age, followed along each cohort from age 50.

    Cohorts live through the hazards of the years of their own lives; the relative risks of death by state,
    normalised at every age so that the cohort dies at the table's rate, thin out the disabled.
    """
    return _lifetime_prevalence(
        world.parameters["functional_decline"],
        world.parameters["mortality"],
        world.place.rates,
        year_of(world.month),
    ).copy()


@functools.lru_cache(maxsize=16)
def _lifetime_prevalence(
    parameters: FunctionalDecline, mortality: Any, rates: VitalRates, this_year: int
) -> np.ndarray:
    """Return the shares, computed once for all worlds that are built on the same assumptions."""
    years = range(this_year - (OLDEST - FIRST_AGE) + 1, this_year + 1)
    chances = [
        np.stack(found) for found in zip(*(transitions(parameters, year) for year in years), strict=True)
    ]
    death = np.stack([rates.deaths(year) for year in years]) / 12.0
    prevalence = np.zeros((2, OLDEST, STATES))
    prevalence[:, :FIRST_AGE, 0] = 1.0
    live_to_now(prevalence, *chances, death, mortality.risks_by_age())
    return prevalence


PROCESS = Process(
    name="functional_decline",
    run=decline,
    begin=begin,
    settled=settle_norm,
    reads=("born", "state", "disability", "unmet", "modified", "meals", "care_bed", "village", "key",
           "parameters.mortality"),
    writes=("disability",),
    meaning="People of 50 and over lose the ability to look after themselves, sooner if needs stay unmet, or regain "
    "it.",
    parameters=FunctionalDecline,
    columns=(
        Column("disability", np.uint8, 0, "code", "0 none, 1 IADL limitation, 2 moderate (1-2 ADL), 3 severe "
               "(3+ ADL).", "functional_decline", most=3),
    ),
)  # fmt: skip
