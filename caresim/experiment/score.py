"""Set a hindcast against the calibration targets that it can reach, and against naive predictions."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.agents.place import Place
from caresim.experiment.naive import carried_forward, closed_cohort, province_cohort
from caresim.kernel.tables import Field, read_table
from caresim.results import RunFolder, RunFolderError, read_run
from caresim.synthesis.places import read_place

TARGETS = Path(__file__).resolve().parent.parent / "data" / "targets.csv"
LEVEL = 0.90
COLUMNS = (
    "mix", "id", "what", "year", "low", "high", "mean", "lower", "upper", "width", "hit", "compatible",
    "carried_forward", "closed_cohort", "province_cohort",
)  # fmt: skip
FIELDS = tuple(Field(name, "str", "text") for name in ("id", "area", "indicator", "unit")) + tuple(
    Field(name, "float", "as the unit says") for name in ("year", "low", "high")
)


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

    def away(self) -> tuple[float, float]:
        """Return absent people of 15 and over per resident in January 2020, and their mean age."""
        rows = self.population[self.population["year"] == self.population["year"].max()]
        first = rows["age_group"].str.extract(r"(\d+)")[0].astype(int)
        away = (rows["registered"] - rows["resident"])[first >= 15]
        return float(away.sum() / rows["resident"].sum()), float(
            (away * (first[first >= 15] + 2.5)).sum() / away.sum()
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
    """

    target: str
    what: str
    places: tuple[str, ...]
    read: Callable[[Run], float]
    naive: Callable[[np.ndarray], float] | None = None
    start: str | None = None
    offset: float = 0.0


def _share(age: int) -> Callable[[np.ndarray], float]:
    return lambda people: float(people[:, age:].sum() / people.sum())


def _january(indicator: str) -> Callable[[Run], float]:
    return lambda run: run.at(indicator, "2019-12")


def _in(indicator: str, year: int) -> Callable[[Run], float]:
    return lambda run: float(run.over(indicator, year, year).mean())


def _hazard_ratio(run: Run) -> float:
    above, below = (run.over(f"{who}_deaths_weighted", 2010, 2019) for who in ("adl", "other"))
    return float(above.sum() / below.sum())


RURAL = ("rural_china", "rural_heilongjiang")
CHINA, HEILONGJIANG = RURAL[:1], RURAL[1:]
COMPARISONS = (
    Comparison("C01", "rural residents, 2020", CHINA, lambda r: r.at("rural_residents", "2019-12") * r.scale,
               lambda p: float(p.sum())),
    Comparison("C02", "share 60+ of rural residents", CHINA, _january("rural_elders_share"), _share(60)),
    Comparison("C03", "share 65+ of rural residents", CHINA, _january("rural_older_share"), _share(65)),
    Comparison("C05", "rural residents, 2020", HEILONGJIANG, lambda r: r.at("rural_residents", "2019-12") * r.scale,
               lambda p: float(p.sum())),
    Comparison("C08", "share 60+ of rural residents", HEILONGJIANG, _january("rural_elders_share"), _share(60)),
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
    Comparison("S06", "absent of 15+ per resident", RURAL, lambda r: r.away()[0]),
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
    Comparison("C28", "elders with dementia, national ages", RURAL, _in("dementia_share_standard", 2018),
               start="dementia_share_standard", offset=0.01),
    Comparison("C29", "elders living alone, national ages", RURAL, _january("living_alone_share_standard"),
               start="living_alone_share_standard", offset=0.02),
    Comparison("C30", "widowed among rural women of 65+, 2010", CHINA,
               lambda r: r.at("widowed_women_65_share", "2010-01"), start="widowed_women_65_share"),
)  # fmt: skip
PREDICTIONS = (
    Comparison("60+ count", "residents of 60+, 2020", (), lambda r: r.at("elders", "2019-12") * r.scale,
               lambda p: float(p[:, 60:].sum())),
    Comparison("60+ share", "share 60+ of residents, 2020", (), _january("elders_share"), _share(60)),
    Comparison("one-person", "one-person households, 2020", (), _january("one_person_households_share"),
               start="one_person_households_share"),
    Comparison("one-generation", "one-generation households, 2020", (), _january("one_generation_households_share"),
               start="one_generation_households_share"),
)  # fmt: skip
"""What is predicted for a county, whose census of 2020 is not among the inputs; nothing is scored."""


def score_run(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the score table of a hindcast, and leave it in its folder as `score.csv`.

    A target is *hit* if the mean over replications lies inside the band, *compatible* if the 90 % interval over
    replications (5th to 95th percentile) meets it. Where ages alone tell a figure, the naive predictions are made
    from them; where not, all three carry forward the census of 2010 or, where it says nothing, the first month.

    Raises:
        RunFolderError: the folder holds no finished run from January 2010 over ten years.
    """
    run = read_run(folder)
    described = run.manifest["scenario"]
    if described["start"] != "2010-01" or described["months"] < 120:
        raise RunFolderError(
            f"{os.fspath(folder)}: starts {described['start']} and lasts {described['months']} months; "
            "a score needs a run of 120 months from 2010-01"
        )
    place = read_place(described["place"], 2010)
    targets = _targets()
    chosen = [c for c in COMPARISONS if place.name in c.places] or list(PREDICTIONS)
    rows = []
    for mix in run.monthly["mix"].unique():
        replications = _replications(run, mix, place)
        rows += [_row(mix, comparison, replications, place, targets) for comparison in chosen]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.to_csv(Path(folder) / "score.csv", index=False)
    return table


def _targets() -> dict[str, tuple[int, float, float]]:
    """Return year, lower and upper end of every target's band."""
    table = read_table(TARGETS, FIELDS, key=("id",))
    rows = zip(table["id"], table["year"], table["low"], table["high"], strict=True)
    return {str(name): (int(year), float(low), float(high)) for name, year, low, high in rows}


def _replications(run: RunFolder, mix: str, place: Place) -> list[Run]:
    runs = []
    for replication in run.monthly["replication"].unique():
        months = run.monthly[(run.monthly["mix"] == mix) & (run.monthly["replication"] == replication)]
        people = run.population[
            (run.population["mix"] == mix) & (run.population["replication"] == replication)
        ]
        people = people[people["year"] <= 2020]
        at_start = people.loc[people["year"] == 2010, "resident"].sum()
        runs.append(Run(months.set_index("month"), people, float(place.residents.sum() / at_start)))
    return runs


def _row(mix: str, comparison: Comparison, runs: list[Run], place: Place,
         targets: dict[str, tuple[int, float, float]]) -> tuple[object, ...]:  # fmt: skip
    values = np.array([comparison.read(run) for run in runs])
    mean = float(values.mean())
    lower, upper = np.quantile(values, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    lower, upper = lower - comparison.offset, upper + comparison.offset
    year, low, high = targets.get(comparison.target, (2020, np.nan, np.nan))
    scored = not np.isnan(low)
    hit = bool(low <= mean <= high) if scored else None
    compatible = bool(lower <= high and upper >= low) if scored else None
    return (mix, comparison.target, comparison.what, year, low, high, mean, lower, upper, upper - lower, hit,
            compatible, *_naive(comparison, runs, place))  # fmt: skip


def _naive(comparison: Comparison, runs: list[Run], place: Place) -> tuple[float, float, float]:
    if comparison.naive is not None:
        people = carried_forward(place), closed_cohort(place), province_cohort(place)
        return tuple(np.nan if p is None else comparison.naive(p) for p in people)  # type: ignore[return-value]
    if comparison.start is not None:
        observed = place.households.get(comparison.start)
        first = [sum(run.at(name, "2010-01") for name in comparison.start.split("+")) for run in runs]
        return (float(np.mean(first)) if observed is None else observed,) * 3
    return (np.nan,) * 3
