"""The targets that a calibration fits: which figures, their bands, and how far a run misses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.experiment.comparisons import Run
from caresim.experiment.score import bands, comparisons_of
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome
from caresim.results.tables import monthly_table, population_rows
from caresim.synthesis.places import read_place

if TYPE_CHECKING:
    from caresim.scenario import Scenario

HINDCAST_START, HINDCAST_MONTHS = "2010-01", 120
PREFIX = "target."
"""Of columns that hold what a run says of a target."""


@dataclass(frozen=True)
class Target:
    """A figure to be met.

    Attributes:
        name: its id.
        low: lower end of its band.
        high: upper end; half the band's width is the unit of misses.
    """

    name: str
    low: float
    high: float

    @property
    def centre(self) -> float:
        """Return the middle of the band."""
        return 0.5 * (self.low + self.high)

    @property
    def half(self) -> float:
        """Return half the width of the band."""
        return 0.5 * (self.high - self.low)


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """Return what a hindcast is fitted to: targets of its place that are neither predicted nor made the start from.

    A target that is made of others, to which the hindcast is fitted too, is left out: see `Comparison.made_of`.
    A band that speaks of the nation is widened by how far the countryside may lie from it.

    Raises:
        ConfigError: the scenario is no hindcast, or nothing speaks of its place.
    """
    start = month_text(scenario.start)
    if start != HINDCAST_START or scenario.months < HINDCAST_MONTHS:
        raise ConfigError([f"{scenario.name}: starts {start} and lasts {scenario.months} months; a calibration needs "
                           f"{HINDCAST_MONTHS} months from {HINDCAST_START}, as configs/hindcast has"])  # fmt: skip
    known, compared = bands(), comparisons_of(read_place(scenario.place, 2010))
    fitted = {comparison.target for comparison in compared if comparison.kind == "fit"}
    found = []
    for comparison in compared:
        if comparison.made_of and fitted.issuperset(comparison.made_of):
            continue
        band = comparison.band if comparison.target not in known else known[comparison.target][1:]
        if comparison.kind == "fit" and band is not None:
            found.append(Target(comparison.target, band[0] - comparison.offset, band[1] + comparison.offset))
    if not found:
        raise ConfigError([f"{scenario.name}: no target speaks of this place; see docs/hindcast.md"])
    return tuple(found)


def read_targets(scenario: Scenario, outcome: Outcome) -> Mapping[str, float]:
    """Return what a run of a hindcast says of each figure that it can be set against, by `target.ID`."""
    place = read_place(scenario.place, 2010)
    months = monthly_table("", 0, outcome).to_pandas().set_index("month")
    people = population_rows("", 0, outcome).to_pandas()
    people = people[people["year"] <= 2020]
    at_start = people.loc[people["year"] == 2010, "resident"].sum()
    run = Run(months, people, float(place.residents.sum() / at_start))
    return {PREFIX + comparison.target: comparison.read(run) for comparison in comparisons_of(place)}


def figures(runs: pd.DataFrame, targets: Sequence[Target], n_points: int) -> np.ndarray:
    """Return each target's mean over replications, shape (points, targets); NaN where no run tells it."""
    named = runs.groupby("point")[[PREFIX + target.name for target in targets]].mean()
    return named.reindex(range(n_points)).to_numpy()


def misses(found: np.ndarray, targets: Sequence[Target]) -> np.ndarray:
    """Return how far figures lie from the middle of their bands, in half-widths: beyond 1 is outside."""
    centre = np.array([target.centre for target in targets])
    half = np.array([target.half for target in targets])
    return (found - centre) / half


def distance(found: np.ndarray, targets: Sequence[Target]) -> np.ndarray:
    """Return the root mean square miss of points, over the targets that they tell; infinite if they tell none."""
    missed = misses(np.atleast_2d(found), targets)
    known = ~np.isnan(missed)
    total = np.where(known, missed, 0.0) ** 2
    n = known.sum(axis=1)
    return np.where(n > 0, np.sqrt(total.sum(axis=1) / np.maximum(n, 1)), np.inf)
