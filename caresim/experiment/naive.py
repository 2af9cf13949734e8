"""Naive predictions to beat: 2010 carried forward, a closed cohort, a cohort at the province's rates."""

from __future__ import annotations

import functools

import numpy as np

from caresim.agents.place import OLDEST, Place
from caresim.synthesis.places import read_place

DECADE = 10
OLDEST_GROUP = 85
"""From here on the province's residual is ruled by errors of coverage; it counts as that of 80-84."""
PROVINCE_OF = {
    "rural_heilongjiang": "heilongjiang", "baiquan": "heilongjiang", "suiling": "heilongjiang",
    "bayan": "heilongjiang", "rugao": "jiangsu",
}  # fmt: skip
GROUPS = tuple((age, age + 5) for age in range(0, OLDEST_GROUP, 5))


def carried_forward(place: Place) -> np.ndarray:
    """Return the residents of the start, by sex and single year of age, as if nothing happened."""
    return place.residents


def closed_cohort(place: Place) -> np.ndarray:
    """Return the residents after ten years of births and deaths at China's rates, nobody moving."""
    people = place.residents.astype(float)
    for year in range(place.census_year, place.census_year + DECADE):
        row = place.rates.row(year)
        survive = np.exp(-place.rates.deaths(year))
        boys = place.rates.sex_ratio[row] / (1.0 + place.rates.sex_ratio[row])
        births = float((people[1] * place.rates.births(year)).sum())
        aged = np.zeros_like(people)
        aged[:, 1:] = (people * survive)[:, :-1]
        aged[:, -1] += (people * survive)[:, -1]
        aged[:, 0] = births * np.array([boys, 1.0 - boys]) * survive[:, 0]
        people = aged
    return people


def province_cohort(place: Place) -> np.ndarray | None:
    """Return the closed cohort times what the province kept of its own, or None where there is no province."""
    province = PROVINCE_OF.get(place.name)
    return None if province is None else closed_cohort(place) * kept(province)


@functools.cache
def kept(province: str) -> np.ndarray:
    """Return a province's residents of 2020 per survivor of its closed cohort of 2010, by sex and year of age.

    The ratio is taken in five-year groups; it mixes migration, births, mortality and errors of both censuses.
    """
    expected, observed = closed_cohort(read_place(province, 2010)), read_place(province, 2020).residents
    ratio = np.ones((2, OLDEST))
    for first, last in GROUPS:
        ratio[:, first:last] = (observed[:, first:last].sum(axis=1) / expected[:, first:last].sum(axis=1))[
            :, None
        ]
    ratio[:, OLDEST_GROUP:] = ratio[:, OLDEST_GROUP - 1 : OLDEST_GROUP]
    return ratio
