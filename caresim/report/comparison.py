"""What the mixes of a run did, and how each differs from the baseline under the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.statistics import over_months, t_interval
from caresim.report.words import Words
from caresim.results import RunFolder

CARE_MET = "care_met_share"
"""Share of the hours of care needed that is met, at home and in care homes; made here from four indicators, since a
mix that moves the neediest into care homes changes what is needed at home."""
BETTER = {
    CARE_MET: 1, "unmet_share": -1, "unmet_prevalence": -1, "severe_deprivation": -1, "lonely_share": -1,
    "depressed_share": -1, "heavy_burden_share": -1, "qalys": 1, "public_spending_per_elder": -1,
    "out_of_pocket_per_elder": -1,
    "catastrophic_share": -1, "unmet_gini": -1, "unmet_concentration": 0, "institution_residents_share": 0,
    "met_hours": 1,
}  # fmt: skip
"""Which way is better: more (1), less (-1), neither (0)."""
DELTAS = ["delta", "delta_lower", "delta_upper", "probability_better"]
NUMBERS = ["mean", "lower", "upper", *DELTAS]


@dataclass(frozen=True)
class Comparison:
    """The mixes of a run beside one another.

    Attributes:
        run: the finished run.
        words: the language in which things are named.
    """

    run: RunFolder
    words: Words

    @cached_property
    def mixes(self) -> list[str]:
        """Return the mixes, the baseline first."""
        return sorted(self._finished, key=lambda name: name != self.baseline)

    @cached_property
    def _finished(self) -> list[str]:
        """Return the mixes of which some replication is in the tables."""
        there = set(self.run.monthly["mix"].unique())
        return [name for name in self.run.manifest["mixes"] if name in there]

    @cached_property
    def baseline(self) -> str:
        """Return the mix that others are compared with."""
        named = self.run.manifest["scenario"].get("baseline")
        return named if named in self._finished else self._finished[0]

    @property
    def others(self) -> list[str]:
        """Return the mixes without the baseline."""
        return self.mixes[1:]

    @property
    def replications(self) -> int:
        """Return how many replications each mix has."""
        return int(self.run.manifest["replications"])

    @cached_property
    def described(self) -> dict[str, dict[str, Any]]:
        """Return the indicators of the run by name."""
        own = {
            "name": CARE_MET,
            "unit": "share",
            "label": self.words.say(CARE_MET),
            "label_zh": self.words.say(CARE_MET),
        }
        return {each["name"]: each for each in [*self.run.manifest["indicators"], own]}

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Return the run's months, with the share of care that is met."""
        return self.run.monthly.assign(**{CARE_MET: care_met(self.run.monthly)})

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Return one row per mix and replication, with one number an indicator for all months."""
        known = [i for i in catalogue.indicators() if i.name in self.run.monthly.columns]
        sums = self.run.monthly.groupby(["mix", "replication"], sort=False)[[*_hours(self.run.monthly)]]
        return over_months(self.run.monthly, known).assign(**{CARE_MET: care_met(sums.sum(min_count=1))})

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the summary with paired differences, by mix and indicator."""
        summary = self.run.summary.set_index(["mix", "indicator"])
        own = self._row_of_care_met()
        if set(DELTAS) <= set(summary.columns):
            return pd.concat([summary, own])
        return pd.concat([summary.join(paired(self.numbers, self.baseline)), own])

    def _row_of_care_met(self) -> pd.DataFrame:
        """Return the rows that the summary would have of the share of care that is met."""
        numbers = self.numbers[[CARE_MET]]
        means = {
            (mix, CARE_MET): t_interval(numbers.loc[mix, CARE_MET].to_numpy())
            for mix in numbers.index.unique("mix")
        }
        own = pd.DataFrame.from_dict(means, orient="index", columns=["mean", "lower", "upper"])
        return own.set_axis(pd.MultiIndex.from_tuples(means, names=["mix", "indicator"])).join(
            paired(numbers, self.baseline)
        )

    def title(self, mix: str) -> str:
        """Return what a mix is called."""
        said = self.run.manifest["scenario"].get("mixes", {}).get(mix, {})
        return self.words.mix(mix, said.get("title"))

    def label(self, indicator: str) -> str:
        """Return what an indicator is called."""
        return self.words.indicator(self.described.get(indicator, {"label": indicator}))

    def unit(self, indicator: str) -> str:
        """Return the unit of an indicator as it is declared."""
        return str(self.described.get(indicator, {}).get("unit", ""))

    def measured(self, indicator: str) -> bool:
        """Tell whether some mix has a number of an indicator."""
        if indicator not in self.described:
            return False
        return bool(self.table.xs(indicator, level="indicator")["mean"].notna().any())

    def row(self, mix: str, indicator: str) -> dict[str, float]:
        """Return the numbers of an indicator in a mix; NaN of what is not known."""
        return dict(self._rows.get((mix, indicator)) or dict.fromkeys(NUMBERS, np.nan))

    @cached_property
    def _rows(self) -> dict[Any, dict[str, float]]:
        values = self.table[NUMBERS].to_numpy(dtype=float).tolist()
        return {
            key: dict(zip(NUMBERS, row, strict=True))
            for key, row in zip(self.table.index.to_list(), values, strict=True)
        }

    def differences(self, mix: str, other: str, indicator: str) -> np.ndarray:
        """Return the replications' differences of two mixes, where both have a number."""
        return _differences(self.numbers[indicator], mix, other)


HOURS = ("need_hours", "met_hours", "need_hours_institution", "hours_institution")


def _hours(monthly: pd.DataFrame) -> list[str]:
    return [name for name in HOURS if name in monthly.columns]


def care_met(hours: pd.DataFrame) -> pd.Series:
    """Return the share of the hours needed that is met, at home and in care homes, which may be none."""
    if not {"need_hours", "met_hours"} <= set(hours.columns):
        return pd.Series(np.nan, index=hours.index)
    found = hours.reindex(columns=list(HOURS))
    in_homes = found[["need_hours_institution", "hours_institution"]].fillna(0.0)
    needed = found["need_hours"] + in_homes["need_hours_institution"]
    return (found["met_hours"] + in_homes["hours_institution"]) / needed.where(needed > 0.0)


def paired(numbers: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return paired differences from the baseline: mean, 95 % t-interval, share of replications that do better."""
    rows = {}
    for mix in numbers.index.unique("mix"):
        deltas = numbers.loc[mix] - numbers.loc[baseline]
        for name in numbers.columns:
            delta, sign = deltas[name].dropna().to_numpy(dtype=float), BETTER.get(name, 0)
            better = float((sign * delta > 0).mean()) if sign and len(delta) and mix != baseline else np.nan
            rows[mix, name] = (*t_interval(delta), better)
    return pd.DataFrame.from_dict(rows, orient="index", columns=DELTAS).set_axis(
        pd.MultiIndex.from_tuples(rows, names=["mix", "indicator"])
    )


def _differences(numbers: pd.Series, mix: str, other: str) -> np.ndarray:
    if mix not in numbers.index.unique("mix") or other not in numbers.index.unique("mix"):
        return np.array([])
    delta = numbers.xs(mix, level="mix") - numbers.xs(other, level="mix")
    return delta.dropna().to_numpy(dtype=float)


def contains_zero(row: dict[str, float]) -> bool:
    """Tell whether the interval of a difference contains zero, or is not known."""
    return not (row["delta_lower"] > 0.0 or row["delta_upper"] < 0.0)
