"""Naive predictions to beat: 2010 carried forward, a closed cohort, a cohort at the province's rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caresim.agents.place import OLDEST, Place
from caresim.kernel.tables import Field, read_table

NET_MIGRATION = Path(__file__).resolve().parent.parent / "data" / "net_migration.csv"
DECADE = 10
OLDEST_GROUP = 85
"""Net migration from here on is ruled by errors of coverage and is not used; it counts as that of 80-84."""
PROVINCE_OF = {
    "rural_heilongjiang": "heilongjiang", "baiquan": "heilongjiang", "suiling": "heilongjiang",
    "bayan": "heilongjiang", "heilongjiang": "heilongjiang",
}  # fmt: skip


def carried_forward(place: Place) -> np.ndarray:
    """Return the residents of the start, by sex and single year of age, as if nothing happened."""
    return place.residents


def closed_cohort(place: Place) -> np.ndarray:
    """Return the residents after ten years of births and deaths at China's rates, nobody moving."""
    people = place.residents.astype(float)
    for year in range(place.census_year, place.census_year + DECADE):
        row = place.rates.row(year)
        survive = np.exp(-place.rates.death[row])
        boys = place.rates.sex_ratio[row] / (1.0 + place.rates.sex_ratio[row])
        births = float((people[1] * place.rates.birth[row]).sum())
        aged = np.zeros_like(people)
        aged[:, 1:] = (people * survive)[:, :-1]
        aged[:, -1] += (people * survive)[:, -1]
        aged[:, 0] = births * np.array([boys, 1.0 - boys]) * survive[:, 0]
        people = aged
    return people


def province_cohort(place: Place) -> np.ndarray | None:
    """Return the closed cohort times the province's net migration by sex and age, or None where it is unknown."""
    province = PROVINCE_OF.get(place.name)
    return None if province is None else closed_cohort(place) * (1.0 + net_migration(province))


def net_migration(area: str) -> np.ndarray:
    """Return net migration of a decade per survivor of the closed cohort, by sex and single year of age."""
    share = Field("net_migration_share", "float", "share")
    sex = Field("sex", "str", "sex", choices=("male", "female"))
    group = Field("age_group_2020", "str", "years")
    table = read_table(NET_MIGRATION, (Field("area", "str", "area"), sex, group, share))
    rates = np.zeros((2, OLDEST))
    rows = zip(
        table["area"], table["sex"], table["age_group_2020"], table["net_migration_share"], strict=True
    )
    for row_area, row_sex, ages, value in rows:
        first = int(str(ages).rstrip("+").split("-")[0])
        if row_area == area and first < OLDEST_GROUP:
            rates[int(row_sex == "female"), first : first + 5] = value
    rates[:, :DECADE] = rates[:, DECADE : DECADE + 1]
    rates[:, OLDEST_GROUP:] = rates[:, OLDEST_GROUP - 1 : OLDEST_GROUP]
    return rates
