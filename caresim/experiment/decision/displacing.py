"""Displacement between sectors: when one of them gives an hour more, how many hours less do the others give?"""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from caresim.experiment.decision.readings import RUNS
from caresim.experiment.decision.variance import STOCHASTIC
from caresim.experiment.paired import baseline_of
from caresim.experiment.statistics import ROUNDING, ratio_interval, t_interval
from caresim.indicators.sectors import SECTORS
from caresim.results import RunFolder, RunFolderError, read_run

ALL, TOGETHER = "all", "together"
"""Rows beside the sectors: all hours received; the sectors that give more, where these are several."""
MORE, LESS = "more", "less"
ENDS = ("", "_lower", "_upper")
LESS_OF = tuple(f"less_{sector}" for sector in SECTORS)
CHANGE = ("baseline", "mean", "delta", "delta_lower", "delta_upper", "change")
RATIOS = tuple(f"{name}{end}" for name in (*LESS_OF, "net") for end in ENDS)
BRIEF = (*CHANGE, *LESS_OF, "net", "net_lower", "net_upper")
"""Columns that are printed; the table has the intervals of the others too."""


def displacement(results: str | os.PathLike[str] | RunFolder, baseline: str | None = None) -> pd.DataFrame:
    """Tell which sectors give more hours in each mix than in the baseline, and how many hours less the others give.

    Hours are those given at home and in homes over the whole run, per elder-month of the baseline's replication, so
    that sectors add up; differences are taken replication by replication. A ratio stands only where the change of the
    sector by which it is divided has an interval without zero. Where a mix turns one instrument alone the ratios are
    what it does; where it moves several at once they say what went together, and not which sector displaced which.

    Args:
        results: folder of a run of several mixes, also one that `take_apart` leaves.
        baseline: the mix that the others are compared with; by default the scenario's.

    Returns:
        Index (mix, sector), the sector `all` being hours received in all and `together` all sectors that give more,
        where they are several. `baseline` and `mean` hours, `delta` with its 95 % t-interval, `change` (`more`,
        `less`, empty if not told from zero); for each sector i `less_i`, -dh_i/dh_j for the row's sector j: hours less
        of i for each hour more of j, and of a sector that gives less hours more for each hour less; `net`, hours that
        elders receive more for each hour more of j. Ratios of means with Fieller's 95 % intervals.

    Raises:
        RunFolderError: the folder holds no finished run, or a sweep, which keeps no months.
        ConfigError: the run has no such mix, or no other.
    """
    run = results if isinstance(results, RunFolder) else read_run(results)
    if (run.path / RUNS).exists() or "point" in run.monthly.columns:
        raise RunFolderError(
            f"{run.path}: holds a sweep; hours by sector are told of a run, so run its mixes once"
        )
    named = baseline_of(run, baseline)
    table = displaced(sector_hours(_months(run)), named, run.manifest["mixes"])
    rows, months = run.manifest["replications"], run.manifest["scenario"]["months"]
    caption = (f"Hours by sector beyond {named}, per elder-month, and hours less of the others for each hour more "
               f"(-dh_i/dh_j); 95 % intervals; {rows} paired replications of {months} months; "
               f"uncertainty shown: {STOCHASTIC}")  # fmt: skip
    table.attrs.update(caption=caption, uncertainty=STOCHASTIC)
    return table


def sector_hours(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return the hours that each sector gave over a run, and elder-months: index (mix, replication).

    Hours of a sector are its share of provision, which the indicators know, times the hours given in all.

    Args:
        monthly: a row per mix, replication and month (of a province, per county too).
    """
    whole = monthly["met_hours"] + monthly["hours_institution"].fillna(0.0)
    given = {sector: (monthly[f"provision_{sector}"] * whole).where(whole != 0.0, 0.0) for sector in SECTORS}
    found = pd.DataFrame({**given, "elder_months": monthly["elders"]})
    return found.groupby([monthly["mix"], monthly["replication"]], sort=False).sum(min_count=1)


def displaced(hours: pd.DataFrame, baseline: str, mixes: list[str]) -> pd.DataFrame:
    """Return the table of `displacement` from hours by sector, as `sector_hours` returns them."""
    found = {}
    for mix in mixes:
        if mix != baseline and mix in hours.index.get_level_values("mix"):
            found[mix] = _of_mix(*_per_elder(*(pd.DataFrame(hours.xs(name)) for name in (mix, baseline))))
    return pd.concat(found, names=["mix", "sector"]) if found else _nothing()


def brief(table: pd.DataFrame) -> pd.DataFrame:
    """Return what is printed of the table of `displacement`: sectors whose change is told from zero, and all hours.

    Ratios stand beside the one sector that gives more, or beside all of them together.
    """
    sector = table.index.get_level_values("sector")
    mix = table.index.get_level_values("mix")
    short = table.loc[(table["change"] != "") | (sector == ALL), list(BRIEF)].copy()
    several = mix[sector == TOGETHER]
    sector, mix = (short.index.get_level_values(name) for name in ("sector", "mix"))
    leads = (sector == TOGETHER) | ((short["change"] == MORE) & ~mix.isin(several))
    short.loc[~leads, list(BRIEF[len(CHANGE) :])] = np.nan
    short.attrs.update(table.attrs)
    return short


def _nothing() -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([[], []], names=["mix", "sector"])
    return pd.DataFrame(index=index, columns=[*CHANGE, *RATIOS], dtype=float)


def _per_elder(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return hours per elder-month of the baseline, of the replications that a mix and the baseline both have."""
    rows = one.dropna().index.intersection(other.dropna().index)
    per = other.loc[rows, "elder_months"]
    per = per.where(per > 0.0)
    return one.loc[rows, list(SECTORS)].div(per, axis=0), other.loc[rows, list(SECTORS)].div(per, axis=0)


def _of_mix(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a mix from its hours and the baseline's, a row a replication and a column a sector."""
    changes = (one - other).where((one - other).abs() > ROUNDING * 1e3 * (one.abs() + other.abs()), 0.0)
    means = {sector: (other[sector].mean(), one[sector].mean()) for sector in SECTORS}
    told = {sector: (*means[sector], *_told(changes[sector])) for sector in SECTORS}
    grown = [sector for sector in SECTORS if told[sector][-1] == MORE]
    rows = {sector: (*told[sector], *_ratios(changes, [sector], told[sector][-1])) for sector in SECTORS}
    for name, some in ((TOGETHER, grown), (ALL, list(SECTORS))):
        if len(some) > 1:
            said = _told(changes[some].sum(axis=1))
            ratios = _ratios(changes, some, said[-1] if name == TOGETHER else "")
            rows[name] = (other[some].sum(axis=1).mean(), one[some].sum(axis=1).mean(), *said, *ratios)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*CHANGE, *RATIOS])
    return table.rename_axis("sector")


def _told(change: pd.Series) -> tuple[float, float, float, str]:
    """Return a mean change, its interval, and which way it goes if that is told from zero."""
    mean, lower, upper = t_interval(change.to_numpy())
    return mean, lower, upper, MORE if lower > 0.0 else LESS if upper < 0.0 else ""


def _ratios(changes: pd.DataFrame, some: list[str], way: str) -> list[float]:
    """Return what the other sectors give less, and elders receive more, for each hour that some sectors give more."""
    whole, found = changes[some].sum(axis=1).to_numpy(), [np.nan] * len(RATIOS)
    if not way:
        return found
    for number, sector in enumerate(SECTORS):
        if sector not in some:
            found[3 * number : 3 * number + 3] = ratio_interval(-changes[sector].to_numpy(), whole)
    found[-3:] = ratio_interval(changes.sum(axis=1).to_numpy(), whole)
    return found


def _months(run: RunFolder) -> pd.DataFrame:
    """Return a run's months, of a province those of its counties, since its shares are averages over elders."""
    return run.monthly if run.n_counties == 1 else run.counties
