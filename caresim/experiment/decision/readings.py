"""Read costs, effects and criteria off a run folder, or a sweep's: a row a replication, a column a mix."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from caresim import catalogue
from caresim.experiment.decision.ranks import Better
from caresim.experiment.statistics import over_months
from caresim.recorder import Indicator
from caresim.results import RunFolder, RunFolderError, read_run
from caresim.results.reading import parquet_table

Perspective = Literal["public", "societal"]
COSTS: Mapping[Perspective, str] = {
    "public": "public_present_value",
    "societal": "societal_present_value",
}
"""Indicator of what a mix costs, present value in yuan: to state and insurance, or to everybody, unpaid hours too."""
HOURS, QALYS, UNMET_ZERO, CARERS_TOO = "hours", "qalys", "qalys_unmet_zero", "qalys_with_carers"
EFFECTS: Mapping[str, tuple[tuple[str, float], ...]] = {
    HOURS: (("hours_present_value", 1.0),),
    QALYS: (("qalys", 1.0),),
    UNMET_ZERO: (("qalys_without_unmet", 1.0),),
    CARERS_TOO: (("qalys", 1.0), ("carer_qalys_lost", -1.0)),
}
"""What a mix is run for, as a weighted sum of indicators, all discounted: hours of care received; elders' QALYs; the
same with the judged effect of unmet need on quality at zero; elders' less what heavy burdens take off carers'."""
CRITERIA: Mapping[str, tuple[str, Better]] = {
    "unmet_need": ("unmet_share", "lower"),
    "loneliness": ("lonely_share", "lower"),
    "qalys": ("qalys", "higher"),
    "carers_burden": ("burden", "lower"),
    "public_cost": ("public_present_value", "lower"),
    "inequality": ("unmet_erreygers", "lower"),
}
"""Criteria of the Pareto set: their indicator, and whether more or less of it is better. Inequality is how far unmet
need leans to poor or rich, whichever it is."""
PER_ELDER = ("public_present_value", "societal_present_value", "hours_present_value", "qalys", "qalys_without_unmet",
             "carer_qalys_lost")  # fmt: skip
"""Sums over everybody, which are shown per elder of the start."""
START = "elders_at_start"
RUNS = "runs.parquet"
"""What a sweep keeps: a row a point, mix and replication, with each indicator over the whole run."""


@dataclass(frozen=True)
class Readings:
    """What a decision rests on.

    Attributes:
        run: the run folder.
        numbers: a row per mix and replication (of a sweep: per point, mix and replication), a column an indicator;
            sums are per elder who was there in the first month of the baseline's replication.
        sweep: whether the folder holds points of a sweep.
    """

    run: RunFolder
    numbers: pd.DataFrame
    sweep: bool

    @property
    def mixes(self) -> list[str]:
        """Return the mixes in the run's order."""
        there = set(self.numbers.index.get_level_values("mix"))
        return [mix for mix in self.run.manifest["mixes"] if mix in there]

    @property
    def baseline(self) -> str:
        """Return the mix that the others are compared with."""
        return str(self.run.manifest["scenario"]["baseline"])

    @property
    def rows(self) -> int:
        """Return how many replications (of a sweep: runs of its points) finished under every mix."""
        return len(self.costs("public").dropna())

    def table(self, indicator: str) -> pd.DataFrame:
        """Return an indicator, a row a replication (of a sweep: point and replication), a column a mix."""
        return self.numbers[indicator].unstack("mix")[self.mixes]

    def costs(self, perspective: Perspective) -> pd.DataFrame:
        """Return the present value of cost per elder, in yuan."""
        return self.table(COSTS[perspective])

    def effects(self, name: str) -> pd.DataFrame:
        """Return an effect of `EFFECTS` per elder."""
        tables = [weight * self.table(indicator) for indicator, weight in EFFECTS[name]]
        return sum(tables[1:], tables[0])

    def criteria(self) -> dict[str, pd.DataFrame]:
        """Return the criteria of the Pareto set that were measured, of the replications that have all of them."""
        found = {name: self.table(indicator) for name, (indicator, _) in CRITERIA.items()}
        found = {name: table for name, table in found.items() if not table.isna().all(axis=None)}
        if "inequality" in found:
            found["inequality"] = found["inequality"].abs()
        complete = pd.concat(found, axis=1).dropna().index
        return {name: table.loc[complete] for name, table in found.items()}


NO_DRAWS = ("one", "grid", "morris")
"""Designs whose points are chosen to be told apart, not as likely as what they stand for."""


def read(folder: str | os.PathLike[str]) -> Readings:
    """Read what a decision needs off a run folder, or off a sweep's.

    Raises:
        RunFolderError: the run is not finished, holds one mix only, varies levers, or was made before these indicators
            were measured.
    """
    run = read_run(folder)
    _refuse_levers(run)
    numbers = _numbers(run)
    mixes, baseline = set(numbers.index.get_level_values("mix")), run.manifest["scenario"].get("baseline")
    if len(mixes) < 2:
        raise RunFolderError(f"{run.path}: holds one mix; a decision needs two, one of them the baseline")
    if baseline not in mixes:
        raise RunFolderError(f"{run.path}: has no runs of its baseline {baseline}; run again with it")
    elders = numbers[START].xs(baseline, level="mix")
    of_row = numbers[[]].join(elders, on=[str(name) for name in elders.index.names])[START]
    numbers = numbers.assign(**{name: numbers[name] / of_row for name in PER_ELDER})
    found = Readings(run, numbers, "point" in numbers.index.names)
    if found.costs("public").dropna().empty:
        raise RunFolderError(f"{run.path}: no replication finished under every mix; run more of them")
    return found


def _numbers(run: RunFolder) -> pd.DataFrame:
    """Return the indicators that are needed, over the whole of each run: index (point,) mix, replication."""
    wanted = [known for known in catalogue.indicators() if known.name in _needed()]
    of_runs = run.path / RUNS
    table = parquet_table(of_runs).to_pandas() if of_runs.exists() else run.monthly
    missing = [known.name for known in wanted if known.name not in table.columns]
    if missing:
        raise RunFolderError(
            f"{run.path}: does not measure {', '.join(missing)}; run again with this version"
        )
    if not of_runs.exists():
        return over_points(table, wanted)
    return table.set_index(["point", "mix", "replication"])[[known.name for known in wanted]].sort_index()


def over_points(monthly: pd.DataFrame, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return one row per (point,) mix and replication: `over_months` of each point of a sweep."""
    indicators = tuple(indicators)
    if "point" not in monthly.columns:
        return over_months(monthly, indicators)
    points = {point: over_months(part, indicators) for point, part in monthly.groupby("point", sort=True)}
    return pd.concat(points, names=["point"])


def _refuse_levers(run: RunFolder) -> None:
    """Refuse a sweep of levers: what government chooses would be taken for what nobody knows."""
    if not run.complete:
        raise RunFolderError(f"{run.path}: the run is not finished; add --resume to finish it")
    design = run.manifest.get("sweep") or {}
    if design.get("kind") in NO_DRAWS:
        raise RunFolderError(
            f"{run.path}: its points ({design['kind']}) are no draws of what is not known; sweep with lhs, sobol or csv"
        )
    axes = design.get("axes", [])
    levers = [str(axis.get("name")) for axis in axes if axis.get("role") == "lever"]
    if levers:
        raise RunFolderError(
            f"{run.path}: varies levers ({', '.join(levers)}); a decision under uncertainty needs a sweep of parameters"
        )


def _needed() -> set[str]:
    effects = {indicator for parts in EFFECTS.values() for indicator, _ in parts}
    return {START} | effects | set(COSTS.values()) | {indicator for indicator, _ in CRITERIA.values()}
