"""What the mixes of a run did, and how each differs from the baseline under the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.statistics import DIFFERENCE, over_months, pairs, summarise
from caresim.recorder import Better, Indicator
from caresim.report.words import Words
from caresim.results import RunFolder

CARE_MET = "care_met_share"
"""Share of the hours of care needed that is met, at home and in care homes; made here from four indicators, since a
mix that moves the neediest into care homes changes what is needed at home."""
OWN = Indicator(
    CARE_MET, "share", "mean", "Care needed that is met, care homes included", "照护需求满足率（含机构）",
    "Share of the hours of care needed that elders receive, at home and in care homes.", lambda world: np.nan,
    better="higher",
)  # fmt: skip
NUMBERS = ["mean", "lower", "upper", *DIFFERENCE]


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

    @property
    def baseline(self) -> str:
        """Return the mix that others are compared with; another one if no replication of it came to its end."""
        named = self.run.manifest["scenario"].get("baseline")
        return named if named in self._finished else self._finished[0]

    @property
    def others(self) -> list[str]:
        """Return the mixes without the baseline."""
        return self.mixes[1:]

    @property
    def replications(self) -> int:
        """Return how many replications each mix was to have."""
        return int(self.run.manifest["replications"])

    @cached_property
    def missing(self) -> dict[str, list[int]]:
        """Return the replications that failed, by mix."""
        return self.run.missing

    @cached_property
    def single(self) -> bool:
        """Tell whether there is one replication only, or one pair of them, so that nothing has an interval."""
        there = {str(mix): set(part["replication"]) for mix, part in self.run.monthly.groupby("mix")}
        shared = [there[mix] & there[self.baseline] for mix in self.others] or [there[self.baseline]]
        return max(map(len, shared)) <= 1

    @cached_property
    def lacking(self) -> str:
        """Return in words which replications failed; empty if none did."""
        say, named = self.words.say, []
        for mix, numbers in self.missing.items():
            listed = self.words.listed([str(number) for number in numbers])
            named.append(
                say("lacking_one", mix=self.title(mix), numbers=listed, k=len(numbers), n=self.replications)
            )
        return say("comma").join(named)

    @cached_property
    def described(self) -> dict[str, dict[str, Any]]:
        """Return the indicators of the run by name."""
        own = {
            name: getattr(OWN, name) for name in ("name", "unit", "aggregate", "label", "label_zh", "better")
        }
        return {each["name"]: each for each in [*self.run.manifest["indicators"], own]}

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Return the run's months, with the share of care that is met."""
        return self.run.monthly.assign(**{CARE_MET: care_met(self.run.monthly)})

    @cached_property
    def care(self) -> pd.DataFrame:
        """Return one row per mix and replication: the share of care that is met, the mean of its months."""
        return over_months(self.monthly, [OWN])

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Return one row per mix and replication, with one number an indicator for all months."""
        return over_months(self.run.monthly, self._known).join(self.care)

    @cached_property
    def _known(self) -> list[Indicator]:
        return [i for i in catalogue.indicators() if i.name in self.run.monthly.columns]

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the summary with paired differences, by mix and indicator."""
        summary = self.run.summary
        named = self.run.manifest["scenario"].get("baseline")
        if named != self.baseline or not set(DIFFERENCE) <= set(summary.columns):
            summary = summarise(self.run.monthly, self._known, self.baseline)
        own = summarise(self.care.reset_index(), [OWN], self.baseline)
        return pd.concat([summary, own]).set_index(["mix", "indicator"])

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

    def over_run(self, indicator: str, shares: str) -> str:
        """Return the unit of an indicator's number for all months, with what it is of them unless it is their mean.

        Args:
            indicator: its name.
            shares: what shares are written in.
        """
        unit = shares if self.unit(indicator) == "share" else self.words.unit(self.unit(indicator))
        how = self.described.get(indicator, {}).get("aggregate", "mean")
        return self.words.say(f"over_run_{how}", unit=unit)

    def better(self, indicator: str) -> Better | None:
        """Return which way an indicator is better, as it is declared; None if neither."""
        found: Better | None = self.described.get(indicator, {}).get("better")
        return found

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
        known = pairs(self.care if indicator == CARE_MET else self.numbers, indicator)
        found: np.ndarray = known[mix] - known[other]
        return found[~np.isnan(found)]


HOURS = ("need_hours", "met_hours", "need_hours_institution", "hours_institution")


def care_met(hours: pd.DataFrame) -> pd.Series:
    """Return the share of the hours needed that is met, at home and in care homes, which may be none."""
    if not {"need_hours", "met_hours"} <= set(hours.columns):
        return pd.Series(np.nan, index=hours.index)
    found = hours.reindex(columns=list(HOURS))
    in_homes = found[["need_hours_institution", "hours_institution"]].fillna(0.0)
    needed = found["need_hours"] + in_homes["need_hours_institution"]
    return (found["met_hours"] + in_homes["hours_institution"]) / needed.where(needed > 0.0)


def contains_zero(row: dict[str, float]) -> bool:
    """Tell whether the interval of a difference contains zero, or is not known."""
    return not (row["delta_lower"] > 0.0 or row["delta_upper"] < 0.0)
