"""Stop when it is known well enough: add replications until an interval is as narrow as asked.

How many replications come next follows from the results so far and from nothing else, so that the same question always
ends at the same number, whatever the number of processes and however often the run was interrupted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from caresim import catalogue
from caresim.experiment.statistics import over_months, pairs, t_interval
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.results.parts import intact
from caresim.results.tables import MONTHLY

if TYPE_CHECKING:
    from caresim.results import RunFolder

FEWEST = 4
"""Replications that a run begins with, whatever the config says: a spread of fewer is hardly known."""
MOST = 200
GROWTH = 2.0
"""At most so many times the replications there are come next: a spread of few replications is easily misjudged."""


@dataclass(frozen=True)
class Until:
    """When a run has enough replications.

    Attributes:
        indicator: the indicator that should be known.
        half_width: half the width that its 95 % interval may have: of the paired difference of every mix from the
            baseline, or of the mean where there is one mix.
        most: replications that are not exceeded.
    """

    indicator: str
    half_width: float
    most: int = MOST

    @classmethod
    def of(cls, text: str, most: int = MOST) -> Until:
        """Read what somebody typed as `INDICATOR=HALF_WIDTH`.

        Raises:
            ConfigError: no such indicator, or a width that is none.
        """
        name, _, width = text.partition("=")
        known = {indicator.name for indicator in catalogue.indicators()}
        if name not in known:
            raise ConfigError(
                [f"--until {shown(text)}: no indicator of that name; {suggestion(name, known)}"]
            )
        try:
            wanted = float(width)
        except ValueError:
            wanted = math.nan
        if not 0.0 < wanted < math.inf:
            what = "write the half-width after the name, above 0, as unmet_share=0.005"
            raise ConfigError([f"--until {shown(text)}: {shown(width)} is no width; {what}"])
        if most < FEWEST:
            raise ConfigError([f"--most {most}: too few to know a spread; write {FEWEST} or more"])
        return cls(name, wanted, most)

    def first(self, replications: int) -> int:
        """Return how many replications to begin with."""
        return min(max(replications, FEWEST), self.most)

    def reached(self, run: RunFolder) -> float:
        """Return the widest half-width of the mixes of a run so far; NaN where no mix has a number.

        Args:
            run: an unfinished run, all of whose replications are in.
        """
        return widest(_numbers(run, self.indicator), self.indicator, run.manifest["scenario"]["baseline"])

    def more(self, run: RunFolder) -> int:
        """Return how many replications of each mix there should be next; as many as there are when it is enough."""
        return self.after(int(run.manifest["replications"]), self.reached(run))

    def after(self, n: int, reached: float) -> int:
        """Return how many replications there should be after so many that reached a half-width."""
        if math.isnan(reached) or reached <= self.half_width or n >= self.most:
            return n
        foreseen = n * min((reached / self.half_width) ** 2, GROWTH)
        return min(max(math.ceil(foreseen), n + 1), self.most)

    def told(self, run: RunFolder) -> str:
        """Return in one line how narrow the intervals of a finished run are."""
        numbers = over_months(
            run.monthly, [one for one in catalogue.indicators() if one.name == self.indicator]
        )
        reached = widest(numbers, self.indicator, run.manifest["scenario"]["baseline"])
        so_many = f"after {run.manifest['replications']} replications"
        if math.isnan(reached):
            return f"{self.indicator}: no mix has a number {so_many}; ask for another indicator"
        short = "" if reached <= self.half_width else f", wider than {self.half_width:g}; raise --most"
        return f"{self.indicator}: half-width {reached:.4g} {so_many}{short}"


def widest(numbers: pd.DataFrame, indicator: str, baseline: str) -> float:
    """Return the half-width of the least known mix: of its paired difference, or of the mean of the only one.

    Args:
        numbers: a row per mix and replication.
        indicator: the indicator.
        baseline: the mix that the others are compared with.

    Returns:
        Infinite where a mix has one number only; mixes without any are left out, and NaN is returned where all are.
    """
    known = pairs(numbers, indicator)
    others = [values - known[baseline] for mix, values in known.items() if mix != baseline]
    widths = [_half(values) for values in others or [known[baseline]] if not np.isnan(values).all()]
    return max(widths, default=math.nan)


def _half(values: np.ndarray) -> float:
    """Return half the width of the mean's interval; infinite with one value."""
    mean, _, upper = t_interval(values)
    return math.inf if math.isnan(upper) else upper - mean


def _numbers(run: RunFolder, name: str) -> pd.DataFrame:
    """Read the indicator's horizon numbers off the parts of an unfinished run."""
    columns = ["mix", "replication", name]
    parts = [part for part in map(run.part, run.tasks) if part.exists()]
    months = pd.concat([_read(part, columns) for part in parts], ignore_index=True)
    return over_months(months, [one for one in catalogue.indicators() if one.name == name])


def _read(part: Path, columns: list[str]) -> pd.DataFrame:
    """Return some columns of a part's months."""
    with intact(part):
        months: pd.DataFrame = pq.read_table(part / MONTHLY, columns=columns).to_pandas()
    return months
