"""The children that mothers bore, by cohort: how many, when, which sex, and who of them lives."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from caresim.agents.place import OLDEST, VitalRates
from caresim.kernel.clock import EPOCH_YEAR, year_of
from caresim.kernel.compiled import compiled
from caresim.kernel.draws import Draws, purpose, uniform, uniform_k
from caresim.synthesis.parameters import Kinship

NUMBER = purpose("synthesis.number_of_children")
TIMING = purpose("synthesis.births")
FIRST, LAST = 15, 50
EARLY, MODERN = 1950, 1990
FIRST_COHORT = 1895
AS_THE_RATES_SAY = np.ones(1)
SCALE_LIMITS = (0.2, 3.0)


@dataclass
class Slots:
    """Living children of mothers, who are still to be found among the registered or outside.

    Attributes:
        mother: running number of the mother.
        mother_born: her month of birth.
        born: month of the child's birth.
        female: sex of the child.
        free: nobody has become this child yet.
    """

    mother: np.ndarray
    mother_born: np.ndarray
    born: np.ndarray
    female: np.ndarray
    free: np.ndarray

    def joined(self, other: Slots) -> Slots:
        """Return these slots and others."""
        names = ("mother", "mother_born", "born", "female", "free")
        return Slots(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


def fertility_by_age(
    rates: VitalRates, births_scale: np.ndarray, start_year: int, n_cohorts: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of a cohort's births before each age 15 .. 50, and its births relative to the rates.

    Args:
        rates: births by calendar year and age.
        births_scale: births relative to the rates by years before the start; the last holds for all before,
            the first for all after.
        start_year: calendar year of the start.
        n_cohorts: cohorts from 1895 on.
    """
    years, by_age, of_rates = _births_by_rates(rates, n_cohorts)
    scaled = by_age * births_scale[np.clip(start_year - years, 0, len(births_scale) - 1)]
    before = np.zeros((n_cohorts, years.shape[1] + 1))
    np.cumsum(scaled, axis=1, out=before[:, 1:])
    return before / before[:, -1:], before[:, -1] / of_rates


@functools.lru_cache(maxsize=4)
def _births_by_rates(rates: VitalRates, n_cohorts: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return calendar years by cohort and age, a woman's births in each by the rates, and their sum by cohort."""
    ages = np.arange(FIRST, LAST)
    years = FIRST_COHORT + np.arange(n_cohorts)[:, None] + ages
    by_age = rates.birth.by_year()[np.clip(years - rates.first_year, 0, len(rates.sex_ratio) - 1), ages]
    return years, by_age, by_age.sum(axis=1)


def scale_of_births(born: np.ndarray, minors: np.ndarray, start: int) -> np.ndarray:
    """Return births relative to the rates, by years before the start, to get the minors of the register.

    Below 18 the scale is counted by groups of ages; from 18 it goes back to one at 21.

    Args:
        born: birth months of the children that mothers would have by the rates.
        minors: birth months of the registered below 18.
        start: month in which the run starts.
    """
    edges = np.array([0, 5, 10, 15, 18])
    counts = [np.histogram((start - months) // 12, edges)[0] for months in (born, minors)]
    scale = np.clip(counts[1] / np.maximum(counts[0], 1), *SCALE_LIMITS) if len(minors) else np.ones(4)
    middles = (edges[:-1] + edges[1:]) / 2
    return np.interp(np.arange(22), [*middles, 21], [*scale, 1.0])


@functools.lru_cache(maxsize=16)
def survival(rates: VitalRates, start: int, early_deaths: float, from_age: int = 0) -> np.ndarray:
    """Return by sex and age (0 .. 109) the share of the born who live in the start month.

    With `from_age`, the share of those who reached that age; early deaths then play no part.
    """
    born = year_of(start) - np.arange(OLDEST)
    hazard = _hazard_lived(rates.death.by_year(), rates.first_year, year_of(start), from_age)
    alive: np.ndarray = np.exp(-hazard)
    excess = early_deaths * np.clip((MODERN - born) / (MODERN - EARLY), 0, 1)
    return alive * (1 - excess) if from_age == 0 else alive


@compiled
def _hazard_lived(death, first_year, year, from_age):  # type: ignore[no-untyped-def]
    """Return by sex and age the hazard of death that those born so long ago have lived through from an age on."""
    hazard = np.zeros((death.shape[1], OLDEST))
    for sex in range(death.shape[1]):
        for since in range(OLDEST):
            for age in range(from_age, since + 1):
                row = min(max(year - since + age - first_year, 0), len(death) - 1)
                hazard[sex, since] += death[row, sex, age] * (0.5 if since == age else 1.0)
    return hazard


def bear(
    mother: np.ndarray,
    key: np.ndarray,
    born: np.ndarray,
    married_share: np.ndarray,
    children_ever_born: np.ndarray,
    rates: VitalRates,
    start: int,
    births_scale: np.ndarray,
    kinship: Kinship,
    draws: Draws,
) -> tuple[Slots, np.ndarray]:
    """Let mothers bear their children up to the start month.

    Args:
        mother: running numbers of the mothers.
        key: their keys.
        born: their months of birth.
        married_share: share of women of their age who ever married; a young cohort's births are theirs alone.
        children_ever_born: means of all women by year of birth from 1895.
        rates: births by age and year, deaths, boys per girl.
        start: month in which the run starts.
        births_scale: births relative to the rates by years before the start.
        kinship: declared parameters.
        draws: the replication's luck.

    Returns:
        The living children, and the number of dead children of each mother.
    """
    cohort = np.clip(born // 12 + EPOCH_YEAR - FIRST_COHORT, 0, len(children_ever_born) - 1)
    by_age, scale = fertility_by_age(rates, births_scale, year_of(start), len(children_ever_born))
    mean = (children_ever_born * scale)[cohort]
    n = _numbers(draws.word(NUMBER, 0), key, mean, kinship.childless_share, kinship.family_size_dispersion)
    ratio = rates.sex_ratio / (1 + rates.sex_ratio)
    which, when, female, dead = _births(
        draws.word(TIMING, 0), key, born.astype(np.int64), n, np.maximum(married_share, 0.02),
        by_age, cohort, start, kinship.birth_spacing, ratio, rates.first_year,
        survival(rates, start, kinship.early_child_deaths),
    )  # fmt: skip
    free = np.ones(len(which), dtype=np.bool_)
    return Slots(mother[which], born[which].astype(np.int64), when, female, free), dead


@compiled
def _numbers(word, key, mean, childless, dispersion):  # type: ignore[no-untyped-def]
    """Draw completed family sizes: none with the childless share, else one and a negative binomial number."""
    n = np.zeros(len(key), dtype=np.int64)
    stay = 1.0 / dispersion
    for i in range(len(key)):
        u = uniform(word, key[i])
        none = max(childless, 1.0 - mean[i])
        if u < none:
            continue
        u = (u - none) / (1.0 - none)
        beyond = max(mean[i] / (1.0 - none) - 1.0, 0.0)
        r = beyond / (dispersion - 1.0)
        part = stay**r
        total = part
        k = 0
        while u > total and k < 13:
            part *= (r + k) / (k + 1.0) * (1.0 - stay)
            total += part
            k += 1
        n[i] = 1 + k
    return n


@compiled
def _births(word, key, born, n, married, by_age, cohort, start, spacing, boys, first_year, alive):  # type: ignore[no-untyped-def]
    """Spread births over the cohort's ages, draw sex and survival; births after the start do not count."""
    total = n.sum()
    which = np.empty(total, dtype=np.int64)
    when = np.empty(total, dtype=np.int64)
    female = np.empty(total, dtype=np.bool_)
    dead = np.zeros(len(key), dtype=np.int64)
    ages = np.empty(16)
    m = 0
    for i in range(len(key)):
        for k in range(n[i]):
            ages[k] = _age_at(uniform_k(word, key[i], k) * married[i], by_age[cohort[i]])
        ages[: n[i]].sort()
        for k in range(n[i]):
            if k and ages[k] < ages[k - 1] + spacing:
                ages[k] = ages[k - 1] + spacing
            month = born[i] + int(ages[k])
            if month > start or ages[k] >= 50 * 12 - 12:
                break
            year = min(max(month // 12 + EPOCH_YEAR - first_year, 0), len(boys) - 1)
            girl = uniform_k(word, key[i], 20 + k) > boys[year]
            since = min(max((start - month) // 12, 0), alive.shape[1] - 1)
            if uniform_k(word, key[i], 40 + k) < alive[int(girl), since]:
                which[m], when[m], female[m] = i, month, girl
                m += 1
            else:
                dead[i] += 1
    return which[:m], when[:m], female[:m], dead


@compiled
def _age_at(share, before):  # type: ignore[no-untyped-def]
    """Return the age in months by which a share of the cohort's births has happened."""
    age = 0
    while age < len(before) - 2 and before[age + 1] < share:
        age += 1
    width = max(before[age + 1] - before[age], 1e-12)
    return (15.0 + age + min(max((share - before[age]) / width, 0.0), 0.999)) * 12.0
