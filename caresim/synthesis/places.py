"""Read the places that ship, and a user's own, from folders of census and vital tables."""

from __future__ import annotations

import functools
import os
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from caresim.agents.place import OLDEST, Place, Rates, VitalRates
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.kernel.tables import Columns, Field, TableError, read_table
from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.place_tables import (
    BIRTH_RATES,
    CHILDREN,
    DEATH_RATES,
    HOUSEHOLDS,
    MARITAL,
    MARITAL_AGES,
    POPULATION,
    POPULATION_AGES,
    SEX_RATIO,
    SEXES,
    STATUSES,
)
from caresim.synthesis.single_years import marital_years, resident_years

TABLES = Path(__file__).resolve().parent.parent / "data"
NATIONAL, COUNTRYSIDE = TABLES / "china", TABLES / "places" / "rural_china"

FIRST_YEAR, LAST_YEAR = 1950, 2060
"""Calendar years of the vital rates; a year outside the tables takes the nearest period's rates."""
FIRST_COHORT = 1895
"""Year of birth to which the first number of children ever born belongs."""


class PlaceError(ConfigError):
    """A place that is not there; its text is `name: what; what instead`.

    Attributes:
        name: what was asked for.
        what: what is wrong.
        instead: what would be right.
    """

    def __init__(self, name: str, what: str, instead: str) -> None:
        super().__init__([f"{shown(name)}: {what}; {instead}"])
        self.name, self.what, self.instead = name, what, instead

    def __reduce__(self) -> tuple[type[PlaceError], tuple[str, str, str]]:
        return PlaceError, (self.name, self.what, self.instead)


def places() -> list[str]:
    """Return the names of the places that ship."""
    return list(_shipped())


@functools.cache
def _shipped() -> tuple[str, ...]:
    return tuple(sorted(folder.parent.name for folder in (TABLES / "places").glob("*/place.yaml")))


def place_folder(name_or_folder: str | Path) -> Path:
    """Return the folder of a place that ships, or of a user's own.

    Raises:
        PlaceError: there is neither such a place nor such a folder.
    """
    shipped = _shipped()
    if str(name_or_folder) in shipped:
        return TABLES / "places" / str(name_or_folder)
    if os.path.isdir(name_or_folder):  # unlike Path.is_dir, no error for impossible names
        return Path(name_or_folder)
    what = "no place that ships and no folder has this name"
    raise PlaceError(str(name_or_folder), what, suggestion(str(name_or_folder), shipped))


def read_place(name_or_folder: str | Path, census_year: int) -> Place:
    """Read a place's tables, and the national ones where it has none of its own.

    Args:
        name_or_folder: a place that ships, or a folder with the same tables.
        census_year: the census at which the run starts.

    Raises:
        PlaceError: there is no such place.
        ConfigError: the sheet or a table (TableError) is missing or wrong, or lacks the census year.
    """
    folder = place_folder(name_or_folder)
    return _read(folder, census_year, () if TABLES in folder.parents else _files(folder))


def _files(folder: Path) -> tuple[Hashable, ...]:
    """Return what tells whether a file of a folder has changed: name, inode, size and time of the last change."""
    with os.scandir(folder) as entries:
        return tuple(_file(entry) for entry in entries)


def _file(entry: os.DirEntry[str]) -> Hashable:
    try:
        found = entry.stat()
    except OSError:  # a link to nothing
        return None
    return entry.name, found.st_ino, found.st_size, found.st_mtime_ns


@functools.lru_cache(maxsize=16)
def _read(folder: Path, census_year: int, files: Hashable) -> Place:
    """Read a place's tables once for all worlds that are built while its files stay as they are."""
    sheet = read_sheet(folder / "place.yaml")
    population = read_table(
        folder / "population.csv",
        POPULATION,
        key=("census_year", "sex", "age_group"),
        complete=("sex", "age_group"),
    )
    groups = _census_groups(folder / "population.csv", population, census_year)
    rural_share = sheet.share_of(census_year)
    rates = _read_rates(folder)
    residents = _single_years(groups, rates, census_year)
    return Place(
        name=folder.resolve().name,
        folder=folder,
        territory=sheet.territory,
        census_year=census_year,
        residents=residents,
        marital=_read_marital(folder, rural_share, _marital_ages(folder, residents)),
        children_ever_born=_read_children(folder),
        rural_share=rural_share,
        rates=rates,
        parameters=sheet.parameters,
        households=_read_households(folder, census_year),
    )


def _single_years(groups: np.ndarray, rates: VitalRates, census_year: int) -> np.ndarray:
    """Return residents by sex and single year of age, from age groups."""
    bounds = np.array([_ages(group)[0] for group in POPULATION_AGES])
    death = rates.deaths(census_year)
    return np.array([resident_years(bounds, groups[sex], death[sex]) for sex in (0, 1)])


def _marital_ages(folder: Path, residents: np.ndarray) -> np.ndarray:
    """Return the population whose ages a marital table's open group 65+ has: the national table is of 2010."""
    if (folder / "marital.csv").exists():
        return residents
    path = COUNTRYSIDE / "population.csv"
    population = read_table(path, POPULATION, key=("census_year", "sex", "age_group"))
    return _single_years(_census_groups(path, population, 2010), _read_rates(path.parent), 2010)


def _table(folder: Path, name: str) -> Path:
    """Return the place's own table, or the national one."""
    own = folder / name
    return own if own.exists() else NATIONAL / name


def _census_groups(path: Path, table: Columns, census_year: int) -> np.ndarray:
    """Return residents of a census by sex and age group."""
    chosen = np.asarray(table["census_year"]) == census_year
    if not chosen.any():
        known = " and ".join(map(str, sorted({int(year) for year in table["census_year"]})))
        raise TableError(path, 1, "census_year", f"no rows for {census_year}", f"the place has {known}")
    groups = np.zeros((len(SEXES), len(POPULATION_AGES)))
    persons = np.asarray(table["persons"])
    groups[_codes(table["sex"], SEXES)[chosen], _codes(table["age_group"], POPULATION_AGES)[chosen]] = (
        persons[chosen]
    )
    if (groups.sum(axis=1) == 0).any():
        row = int(np.asarray(table["row"])[chosen][-1])
        raise TableError(path, row, "persons", f"nobody lives here in {census_year}", "count both sexes")
    return groups


def _read_households(folder: Path, census_year: int) -> dict[str, float]:
    """Return what a census says of the place's households; a place may have no such table."""
    path = folder / "households.csv"
    if not path.exists():
        return {}
    table = read_table(path, HOUSEHOLDS, key=("census_year", "indicator"))
    rows = zip(table["census_year"], table["indicator"], table["value"], strict=True)
    return {str(indicator): float(value) for year, indicator, value in rows if year == census_year}


def _read_marital(folder: Path, rural_share: float, residents: np.ndarray) -> np.ndarray:
    """Return shares by sex, single year of age and marital status."""
    path = _table(folder, "marital.csv")
    table = read_table(path, MARITAL, key=("residence", "sex", "age_group"), complete=("sex", "age_group"))
    counts = np.stack([np.asarray(table[status], dtype=float) for status in STATUSES], axis=1)
    empty = np.flatnonzero(counts.sum(axis=1) == 0)
    if empty.size:
        row = int(np.asarray(table["row"])[empty[0]])
        raise TableError(path, row, STATUSES[0], "nobody in the age group", "count at least one person")
    shares = counts / counts.sum(axis=1, keepdims=True)
    sex, age = _codes(table["sex"], SEXES), _codes(table["age_group"], MARITAL_AGES)
    mixed = np.zeros((len(SEXES), len(MARITAL_AGES), len(STATUSES)))
    for residence, weight in _residences(path, set(table["residence"]), rural_share).items():
        chosen = np.array([name == residence for name in table["residence"]])
        mixed[sex[chosen], age[chosen]] += weight * shares[chosen]
    return np.array([marital_years(mixed[code], residents[code]) for code in (0, 1)])


def _residences(path: Path, present: set[Any], rural_share: float) -> dict[str, float]:
    """Return which parts of the marital table a place mixes, with their weights."""
    wanted = {"rural": rural_share, "urban": 1.0 - rural_share}
    wanted = {name: weight for name, weight in wanted.items() if weight > 0}
    if set(wanted) <= present:
        return wanted
    if "total" in present:
        return {"total": 1.0}
    missing = sorted(set(wanted) - present)[0]
    raise TableError(path, 1, "residence", f"no rows for {missing}", "add them, or rows for total")


def _read_rates(folder: Path) -> VitalRates:
    """Return the rates of death and birth by calendar year."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    death = _by_year(
        _table(folder, "death_rates.csv"), DEATH_RATES, ("sex", "age_group"), "death_rate", years
    )
    birth = _by_year(_table(folder, "birth_rates.csv"), BIRTH_RATES, ("age_group",), "birth_rate", years)
    ratio = read_table(_table(folder, "sex_ratio_at_birth.csv"), SEX_RATIO, key=("year",))
    boys = _series(ratio, "year", "boys_per_girl", years)
    return VitalRates(FIRST_YEAR, death, Rates(birth.periods[:, 0].copy(), birth.weights), boys)


def _read_children(folder: Path) -> np.ndarray:
    """Return mean children ever born by year of birth; cohorts outside the table take its nearest row."""
    table = read_table(_table(folder, "children_ever_born.csv"), CHILDREN, key=("birth_year",))
    return _series(table, "birth_year", "children_ever_born", np.arange(FIRST_COHORT, LAST_YEAR + 1))


def _series(table: Columns, x: str, y: str, wanted: np.ndarray) -> np.ndarray:
    """Return a column joined by straight lines over another, level beyond its ends."""
    at, values = np.asarray(table[x]), np.asarray(table[y])
    order = np.argsort(at)
    return np.interp(wanted, at[order], values[order])


def _by_year(
    path: Path,
    fields: tuple[Field, ...],
    by: tuple[str, ...],
    value: str,
    years: np.ndarray,
) -> Rates:
    """Return rates by period, sex and single year of age, and the weights of periods in years."""
    table = read_table(path, fields, key=("first_year", *by), complete=by)
    first, last = np.asarray(table["first_year"]), np.asarray(table["last_year"])
    backward = np.flatnonzero(last < first)
    if backward.size:
        row = int(np.asarray(table["row"])[backward[0]])
        raise TableError(
            path, row, "last_year", "the period ends before it starts", "write first_year or later"
        )
    starts, period = np.unique(first, return_inverse=True)
    middles = np.zeros(len(starts))
    middles[period] = (first + last) / 2.0
    sex = _codes(table["sex"], SEXES) if "sex" in by else np.zeros(len(first), dtype=int)
    rates = np.zeros((len(starts), len(SEXES), OLDEST))
    for row, group in enumerate(table["age_group"]):
        low, end = _ages(str(group))
        rates[period[row], sex[row], low:end] = np.asarray(table[value])[row]
    return Rates(rates, np.array([np.interp(years, middles, unit) for unit in np.eye(len(starts))]))


def _ages(group: str) -> tuple[int, int]:
    """Return the first age of a group and the age at which it ends."""
    if group.endswith("+"):
        return int(group[:-1]), OLDEST
    low, _, high = group.partition("-")
    return int(low), int(high or low) + 1


def _codes(values: Iterable[Any], names: tuple[str, ...]) -> np.ndarray:
    """Return each value's place in the list of names."""
    place = {name: code for code, name in enumerate(names)}
    return np.array([place[value] for value in values])
