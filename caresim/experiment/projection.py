"""Cohort-component projection: the model's demography in expectation, for fits and for naive benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.agents.place import OLDEST, Place
from caresim.processes.migration import Migration, monthly_hazards
from caresim.processes.urbanisation import Urbanisation, per_month
from caresim.synthesis.burn_in import absent_ratio

WORKER_FROM = 15
HALF_YEAR = 0.5


@dataclass(frozen=True)
class Projected:
    """Expected people of a place at one moment.

    Attributes:
        residents: residents of settlements that still carry the label of the start, by sex and single year of age.
        absent: absent people of their registers, by sex and single year of age.
    """

    residents: np.ndarray
    absent: np.ndarray

    def share(self, age: int) -> float:
        """Return the share of residents of an age and over."""
        return float(self.residents[:, age:].sum() / self.residents.sum())

    @property
    def absent_per_resident(self) -> float:
        """Return absent people of working age per resident."""
        return float(self.absent[:, WORKER_FROM:].sum() / self.residents.sum())

    @property
    def absent_mean_age(self) -> float:
        """Return the mean age of absent people of working age."""
        heads = self.absent[:, WORKER_FROM:].sum(axis=0)
        return float((heads * (np.arange(WORKER_FROM, OLDEST) + HALF_YEAR)).sum() / heads.sum())


def project(
    place: Place, years: int, migration: Migration, urbanisation: Urbanisation, *, migration_began: float,
    death_multiplier: float = 1.0, birth_multiplier: float = 1.0, left_behind: float = 0.5,
    newcomers: np.ndarray | None = None,
) -> Projected:  # fmt: skip
    """Follow the cohorts of a place for some years; `newcomers` are per resident and year, by sex and age."""
    out, back = monthly_hazards(migration)
    here = place.residents.astype(float)
    away = here * absent_ratio(
        out, back, migration.family_share, place.census_year, migration_began, urbanisation.absent_kept()
    )
    moves = per_month(urbanisation.rate_year * (1.0 - urbanisation.reclassified_share))
    settles = per_month(urbanisation.absent_rate_year)
    labels = (
        per_month(urbanisation.rate_year * urbanisation.reclassified_share)
        if place.territory == "rural"
        else 0.0
    )
    for year in range(place.census_year, place.census_year + years):
        row = place.rates.row(year)
        survive = np.exp(-place.rates.deaths(year) * death_multiplier / 12.0)
        births = np.zeros((2, 2))
        for _ in range(12):
            bearing = place.rates.births(year) * birth_multiplier / 12.0
            births[0] += _by_sex(
                (here[1] * bearing).sum() + left_behind * (away[1] * bearing).sum(), place, row
            )
            births[1] += _by_sex((1.0 - left_behind) * (away[1] * bearing).sum(), place, row)
            here, away = here * survive, away * survive
            here, away = here * (1.0 - out) + away * back, away * (1.0 - back) + here * out
            here, away = here * (1.0 - moves) * (1.0 - labels), away * (1.0 - settles) * (1.0 - labels)
            if newcomers is not None:
                here = here + newcomers * here.sum() / 12.0
        here, away = _aged(here, births[0]), _aged(away, births[1])
    return Projected(here, away)


def _by_sex(births: float, place: Place, row: int) -> np.ndarray:
    boys = place.rates.sex_ratio[row] / (1.0 + place.rates.sex_ratio[row])
    return np.array([births * boys, births * (1.0 - boys)])


def _aged(people: np.ndarray, newborn: np.ndarray) -> np.ndarray:
    aged = np.empty_like(people)
    aged[:, 1:] = people[:, :-1]
    aged[:, -1] += people[:, -1]
    aged[:, 0] = newborn
    return aged
