"""The tables of a place, column by column; `docs/places.md` shows them filled in."""

from __future__ import annotations

from caresim.kernel.tables import Field

SEXES = ("male", "female")
STATUSES = ("never_married", "married", "widowed", "divorced")


def _five_years(first: int, end: int) -> tuple[str, ...]:
    """Return the names of the five-year age groups between two ages."""
    return tuple(f"{age}-{age + 4}" for age in range(first, end, 5))


def _year(name: str) -> Field:
    """Return a column of calendar years."""
    return Field(name, "int", "calendar year", low=1800, high=2200)


POPULATION_AGES = ("0", "1-4", *_five_years(5, 85), "85+")
DEATH_AGES = ("0", "1-4", *_five_years(5, 100), "100+")
BIRTH_AGES = _five_years(15, 50)
MARITAL_AGES = (*_five_years(15, 65), "65+")

SEX = Field("sex", choices=SEXES)
PERIOD = (_year("first_year"), _year("last_year"))

POPULATION = (
    _year("census_year"),
    SEX,
    Field("age_group", choices=POPULATION_AGES),
    Field("persons", "int", "persons", low=0),
)
HOUSEHOLDS = (_year("census_year"), Field("indicator"), Field("value", "float", low=0))
MARITAL = (
    Field("residence", choices=("rural", "urban", "total")),
    SEX,
    Field("age_group", choices=MARITAL_AGES),
    *(Field(status, "int", "persons", low=0) for status in STATUSES),
)
DEATH_RATES = (
    *PERIOD,
    SEX,
    Field("age_group", choices=DEATH_AGES),
    Field("death_rate", "float", "deaths per person-year", low=0, high=5),
)
BIRTH_RATES = (
    *PERIOD,
    Field("age_group", choices=BIRTH_AGES),
    Field("birth_rate", "float", "births per woman-year", low=0, high=1),
)
SEX_RATIO = (_year("year"), Field("boys_per_girl", "float", "boys per girl", low=0.8, high=1.5))
CHILDREN = (
    _year("birth_year"),
    Field("children_ever_born", "float", "children per woman", low=0, high=15),
)
