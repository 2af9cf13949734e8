"""What a hindcast is set against: how each target is read off a run, and off naive predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from caresim.agents.place import Place
from caresim.recorder import share

CENSUS_YEAR = 2020


@dataclass(frozen=True)
class Run:
    """One replication of a hindcast, ready for reading."""

    months: pd.DataFrame
    population: pd.DataFrame
    scale: float

    def at(self, indicator: str, month: str) -> float:
        """Return an indicator at the end of a month."""
        return float(self.months[indicator][month])

    def over(self, indicator: str, first: int, last: int) -> pd.Series:
        """Return an indicator's months of some years."""
        return self.months.loc[f"{first}-01" : f"{last}-12", indicator]

    def persons(self, from_age: int, column: str = "resident") -> pd.Series:
        """Return people of an age (a multiple of five) and over in January 2020, by the first age of their group."""
        rows = self.population[self.population["year"] == CENSUS_YEAR]
        first = rows["age_group"].str.extract(r"(\d+)")[0].astype(int)
        return rows[column].groupby(first).sum().loc[from_age:]

    def old_share(self, age: int) -> float:
        """Return the share of residents of an age and over in January 2020."""
        return share(float(self.persons(age).sum()), float(self.persons(0).sum()))

    def away(self) -> tuple[float, float]:
        """Return absent people of 15 and over per resident in January 2020, and their mean age; NaN of nobody."""
        away = self.persons(15, "registered") - self.persons(15)
        ages = away.index.to_numpy() + 2.5
        return share(float(away.sum()), float(self.persons(0).sum())), share(
            float((away * ages).sum()), float(away.sum())
        )


@dataclass(frozen=True)
class Comparison:
    """How one target is read off a run, and off a population by age.

    Attributes:
        target: the target's id.
        what: what is compared, with its territory.
        places: places of a run that can be set against it.
        read: reads the figure off one replication.
        naive: reads it off residents by sex and single year of age (persons), if ages alone tell it.
        start: the indicator whose value in 2010 is the naive prediction, if ages do not tell it.
        offset: how far the countryside may lie from the nation, of which the target speaks; widens the interval.
        kind: `fit` where parameters or levels were chosen so that the figure lies in its band, `prediction` where
            nothing was fitted to it, `input` where the start is made from it.
        band: lower and upper end, where the target is not in `targets.csv`.
        made_of: targets of which this one is made, so that it says nothing beyond them: where a place has them all, it
            is scored, but a calibration, which would count the same figure once more, leaves it out.
    """

    target: str
    what: str
    places: tuple[str, ...]
    read: Callable[[Run], float]
    naive: Callable[[np.ndarray], float] | None = None
    start: str | None = None
    offset: float = 0.0
    kind: Literal["fit", "prediction", "input"] = "fit"
    band: tuple[float, float] | None = None
    made_of: tuple[str, ...] = ()


def _share(age: int) -> Callable[[np.ndarray], float]:
    return lambda people: share(float(people[:, age:].sum()), float(people.sum()))


def _january(indicator: str) -> Callable[[Run], float]:
    return lambda run: run.at(indicator, "2019-12")


def _in(indicator: str, year: int) -> Callable[[Run], float]:
    return lambda run: float(run.over(indicator, year, year).mean())


def _hazard_ratio(run: Run) -> float:
    above, below = (run.over(f"{who}_deaths_weighted", 2010, 2019) for who in ("adl", "other"))
    return share(float(above.sum()), float(below.sum()))


RURAL = ("rural_china", "rural_heilongjiang")
CHINA, HEILONGJIANG = RURAL[:1], RURAL[1:]
PROVINCE = ("heilongjiang",)
AGENTS = "agents alone, without the account of the cities"
COMPARISONS = (
    Comparison("C01", "rural residents, 2020", CHINA, lambda r: r.at("rural_residents", "2019-12") * r.scale,
               lambda p: float(p.sum())),
    Comparison("C02", "share 60+ of rural residents", CHINA, _january("rural_elders_share"), _share(60)),
    Comparison("C03", "share 65+ of rural residents", CHINA, _january("rural_older_share"), _share(65)),
    Comparison("C05", "rural residents, 2020", HEILONGJIANG, lambda r: r.at("rural_residents", "2019-12") * r.scale,
               lambda p: float(p.sum())),
    Comparison("C08", "share 60+ of rural residents", HEILONGJIANG, _january("rural_elders_share"), _share(60),
               made_of=("S01", "C05")),
    Comparison("S01", "rural residents of 60+", HEILONGJIANG, lambda r: r.at("rural_elders", "2019-12") * r.scale,
               lambda p: float(p[:, 60:].sum())),
    Comparison("S02", "household size", HEILONGJIANG, _january("household_size"), start="household_size"),
    Comparison("S03", "one-person households", HEILONGJIANG, _january("one_person_households_share"),
               start="one_person_households_share"),
    Comparison("S04", "one-generation households", HEILONGJIANG, _january("one_generation_households_share"),
               start="one_generation_households_share"),
    Comparison("S05", "households with a member of 65+", HEILONGJIANG, _january("elder_households_share"),
               start="elder_households_share"),
    Comparison("C15", "out-of-township migrants", CHINA,
               lambda r: r.away()[0] * r.at("rural_residents", "2019-12") * r.scale),
    Comparison("S06", "absent of 15+ per resident", RURAL, lambda r: r.away()[0], made_of=("C15", "C01")),
    Comparison("S07", "mean age of the absent of 15+", RURAL, lambda r: r.away()[1]),
    Comparison("C18", "elders with an adult child, national ages", RURAL, _in("with_child_share_standard", 2011),
               start="with_child_share_standard", offset=0.03),
    Comparison("C19", "elders alone or with spouse only, national ages", RURAL,
               lambda r: _in("living_alone_share_standard", 2011)(r) + _in("couple_only_share_standard", 2011)(r),
               start="living_alone_share_standard+couple_only_share_standard", offset=0.03),
    Comparison("C20", "disabled elders (states 1-3), national ages", RURAL, _in("disabled_share_standard", 2015),
               start="disabled_share_standard", offset=0.02),
    Comparison("C21", "new ADL disability at 65+, per 1000 person-years", RURAL,
               lambda r: 1000.0 * _in("adl_incidence", 2011)(r)),
    Comparison("C22", "rate ratio of death, ADL-disabled", RURAL, _hazard_ratio),
    Comparison("C23", "family as main carer, ADL-disabled oldest of mean age 94.8", RURAL,
               _in("family_main_carer_share_oldest", 2012), start="family_main_carer_share_oldest",
               kind="prediction"),
    Comparison("C24", "living with a child, ADL-disabled oldest of mean age 94.8", RURAL,
               _in("with_child_share_oldest", 2012), start="with_child_share_oldest", kind="prediction"),
    Comparison("C25", "depressed elders, national ages", RURAL, _in("depressed_share_standard", 2018),
               start="depressed_share_standard", offset=0.03),
    Comparison("C28", "elders with dementia, national ages", RURAL, _in("dementia_share_standard", 2018),
               start="dementia_share_standard", offset=0.01),
    Comparison("C29", "elders living alone, national ages", RURAL, _january("living_alone_share_standard"),
               start="living_alone_share_standard", offset=0.02),
    Comparison("C30", "widowed among rural women of 65+, 2010", CHINA,
               lambda r: r.at("widowed_women_65_share", "2010-01"), start="widowed_women_65_share", kind="input"),
    Comparison("C06", f"share 60+ of residents, {AGENTS}", PROVINCE, lambda r: r.old_share(60), _share(60)),
    Comparison("C07", f"share 65+ of residents, {AGENTS}", PROVINCE, lambda r: r.old_share(65), _share(65)),
)  # fmt: skip
PREDICTIONS = (
    Comparison("60+ count", "residents of 60+, 2020", (), lambda r: r.at("elders", "2019-12") * r.scale,
               lambda p: float(p[:, 60:].sum()), kind="prediction"),
    Comparison("60+ share", "share 60+ of residents, 2020", (), _january("elders_share"), _share(60),
               kind="prediction"),
    Comparison("one-person", "one-person households, 2020", (), _january("one_person_households_share"),
               start="one_person_households_share", kind="prediction"),
    Comparison("one-generation", "one-generation households, 2020", (), _january("one_generation_households_share"),
               start="one_generation_households_share", kind="prediction"),
)  # fmt: skip
"""What is predicted for a county, of which no target speaks and whose census of 2020 is not among the inputs, and for
a place of the user's own; nothing is scored."""
COUNTS, SHARES, SIZE, HOUSEHOLD_SHARES = 0.10, 0.02, 0.15, 0.02
"""How far a province may lie from its census of 2020, by judgement: persons as a share of them, shares of people,
persons per household, shares of households."""


def against_census(place: Place) -> list[Comparison]:
    """Return what a province is set against in its own census of 2020: the ages are fitted, the households are not.

    Args:
        place: the province as of 2020.
    """
    return [*_ages(place), *_households(place)]


def _ages(place: Place) -> Iterator[Comparison]:
    for name, age in (("residents", 0), ("60+ count", 60), ("65+ count", 65)):
        persons = float(place.residents[:, age:].sum())
        what = f"residents{f' of {age}+' if age else ''}, {AGENTS}; census of 2020 +-{COUNTS:.0%}"
        yield Comparison(name, what, (), lambda r, age=age: float(r.persons(age).sum()) * r.scale,  # type: ignore[misc]
                         lambda p, age=age: float(p[:, age:].sum()),  # type: ignore[misc]
                         band=(persons * (1.0 - COUNTS), persons * (1.0 + COUNTS)))  # fmt: skip
    for age in (60, 65):
        observed = _share(age)(place.residents)
        what = f"share {age}+ of residents, {AGENTS}; census of 2020 +-{100 * SHARES:.0f} points"
        yield Comparison(f"{age}+ share", what, (), lambda r, age=age: r.old_share(age), _share(age),  # type: ignore[misc]
                         band=(observed - SHARES, observed + SHARES))  # fmt: skip


def _households(place: Place) -> Iterator[Comparison]:
    for name, indicator, what, reach in (
        ("household size", "household_size", "persons per household", SIZE),
        ("one-person", "one_person_households_share", "one-person households", HOUSEHOLD_SHARES),
        ("one-generation", "one_generation_households_share", "one-generation households", HOUSEHOLD_SHARES),
        ("with elders", "elder_households_share", "households with a member of 65+", HOUSEHOLD_SHARES),
    ):
        if indicator in place.households:
            observed = place.households[indicator]
            yield Comparison(name, f"{what}, {AGENTS}; census of 2020 +-{reach:g}", (), _january(indicator),
                             start=indicator, kind="prediction",
                             band=(observed - reach, observed + reach))  # fmt: skip
