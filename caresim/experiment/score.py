"""Set a hindcast against the calibration targets that it can reach, and against naive predictions."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.agents.place import Place
from caresim.experiment.comparisons import (
    CENSUS_YEAR,
    COMPARISONS,
    PREDICTIONS,
    Comparison,
    Run,
    against_census,
)
from caresim.experiment.naive import carried_forward, closed_cohort, province_cohort
from caresim.kernel.tables import Field, read_table
from caresim.results import RunFolder, RunFolderError, read_run
from caresim.synthesis.places import TABLES, read_place

TARGETS = TABLES / "targets.csv"
LEVEL = 0.90
COLUMNS = (
    "mix", "id", "what", "kind", "year", "low", "high", "mean", "lower", "upper", "width", "hit", "compatible",
    "carried_forward", "closed_cohort", "province_cohort",
)  # fmt: skip
FIELDS = tuple(Field(name, "str", "text") for name in ("id", "area", "indicator", "unit")) + tuple(
    Field(name, "float", "as the unit says") for name in ("year", "low", "high")
)


def score_run(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the score table of a hindcast, and leave it in its folder as `score.csv`.

    A province is also set against its own census of 2020. A figure is of the `kind` fit, prediction or input: see
    `Comparison`. A target is *hit* if the mean over replications lies inside the band, *compatible* if the 90 %
    interval over replications (5th to 95th percentile) meets it. Where ages alone tell a figure, the naive
    predictions are made from them; where not, all three carry forward the census of 2010 or, where it says nothing,
    the first month. Replications in which nobody is of the kind that a target speaks of do not enter its row.

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
    targets = bands()
    chosen = comparisons_of(place)
    rows = []
    for mix in run.monthly["mix"].unique():
        replications = _replications(run, mix, place)
        rows += [_row(mix, comparison, replications, place, targets) for comparison in chosen]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.to_csv(Path(folder) / "score.csv", index=False)
    return table


def comparisons_of(place: Place) -> list[Comparison]:
    """Return what a place is set against; targets speak of places that ship, whatever a user's folder is called."""
    if not _ships(place):
        return list(PREDICTIONS)
    census = against_census(read_place(place.name, CENSUS_YEAR)) if place.territory == "province" else []
    return [c for c in COMPARISONS if place.name in c.places] + census or list(PREDICTIONS)


def _ships(place: Place) -> bool:
    return place.folder.resolve().parent == (TABLES / "places").resolve()


def bands() -> dict[str, tuple[int, float, float]]:
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
    values = _known([comparison.read(run) for run in runs])
    mean = float(values.mean())
    lower, upper = np.quantile(values, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    lower, upper = lower - comparison.offset, upper + comparison.offset
    band = comparison.band or (np.nan, np.nan)
    year, low, high = targets.get(comparison.target, (CENSUS_YEAR, *band))
    scored = not np.isnan(low)
    hit = bool(low <= mean <= high) if scored else None
    compatible = bool(lower <= high and upper >= low) if scored else None
    return (mix, comparison.target, comparison.what, comparison.kind, year, low, high, mean, lower, upper,
            upper - lower, hit, compatible, *_naive(comparison, runs, place))  # fmt: skip


def _known(values: Iterable[float]) -> np.ndarray:
    """Return the values of replications that have one (small ones may hold nobody of whom a target speaks), or NaN."""
    numbers = np.array([value for value in values if not np.isnan(value)])
    return numbers if len(numbers) else np.array([np.nan])


def _naive(comparison: Comparison, runs: list[Run], place: Place) -> tuple[float, float, float]:
    if comparison.naive is not None:
        province = province_cohort(place) if _ships(place) else None
        people = carried_forward(place), closed_cohort(place), province
        return tuple(np.nan if p is None else comparison.naive(p) for p in people)  # type: ignore[return-value]
    if comparison.start is not None:
        observed = place.households.get(comparison.start)
        first = [sum(run.at(name, "2010-01") for name in comparison.start.split("+")) for run in runs]
        return (float(_known(first).mean()) if observed is None else observed,) * 3
    return (np.nan,) * 3
