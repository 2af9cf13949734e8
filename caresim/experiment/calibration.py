"""Fit parameters to the calibration targets: the best point, and what the targets leave open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from caresim.experiment.designs import POINT, Points, at_positions, check_axes
from caresim.experiment.executors import processors
from caresim.experiment.extras import need
from caresim.experiment.hindcast_runs import LEAST_POINTS, HindcastRuns
from caresim.experiment.points import Read
from caresim.experiment.posterior import laid_around, told
from caresim.experiment.replication import Simulate
from caresim.experiment.runner import RESULTS
from caresim.experiment.sweep import run_here
from caresim.experiment.targets import Target, figures, misses, read_targets, targets_of
from caresim.kernel.mistakes import ConfigError
from caresim.results.tables import safely
from caresim.scenario.axes import Axis, marks_of_axis
from caresim.scenario.deviations import written_by_mixes
from caresim.scenario.unknowns import fitted_axes

if TYPE_CHECKING:
    from caresim.scenario import Scenario

POSTERIOR, PARAMETERS, TARGETS = "posterior.csv", "parameters.csv", "targets.csv"
FIT, OPEN = "fit", "posterior"


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        path: its folder; `fit/` holds the search, `posterior/` the runs that the posterior rests on.
        trials: a row a point that was tried, with its distance and its figures; empty without a search.
        parameters: a row a parameter: prior, best trial, posterior, and whether the targets say anything of it.
        targets: a row a target: band, best trial, and how far the posterior's nearest points miss it.
        draws: draws from the posterior, which `caresim sweep --points` takes.
    """

    path: Path
    trials: pd.DataFrame
    parameters: pd.DataFrame
    targets: pd.DataFrame
    draws: pd.DataFrame


def calibrate(
    scenario: Scenario,
    axes: Sequence[Axis] | None = None,
    trials: int = 64,
    points: int = 256,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    targets: Sequence[Target] | None = None,
    read: Read = read_targets,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> Calibration:
    """Fit parameters of a hindcast to its targets, tell what the targets leave open, and leave a folder.

    Args:
        scenario: the hindcast; its first mix is run.
        axes: parameters to fit, each evenly likely over its range; by default those of the scenario's design, or every
            parameter whose default comes from a fit and that has a range.
        trials: points that Optuna tries, to come near the targets; 0 for none.
        points: points of a Sobol sequence, from which the posterior is made; 0 for none.
        out: the folder to leave; by default the scenario's name and `_calibration` in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        targets: what is to be met; by default the targets of the place, without those that are predictions or inputs.
        read: reads them off a run, each as `target.NAME`.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.

    Raises:
        ConfigError: the scenario is no hindcast, an axis cannot be, or Optuna is not installed.
    """
    _check_numbers(trials, points)
    if trials:
        need("optuna", "calibration")
    wanted = tuple(targets if targets is not None else targets_of(scenario))
    chosen = tuple(axes or _default_axes(scenario))
    check_axes(chosen, scenario)
    plain = replace(scenario.only(scenario.mixes[0].name), design=None)
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_calibration"
    run = HindcastRuns(plain, chosen, wanted, read, jobs, scheduler, simulate)
    tried = run.search(path / FIT, trials, resume) if trials else pd.DataFrame()
    nothing = None, np.empty((0, len(wanted))), pd.DataFrame({"axis": []})
    drawn, near, again = run.posterior(path / OPEN, points, resume) if points else nothing
    found = _Findings(chosen, wanted, tried, drawn, near, again)
    draws = found.draws()
    result = Calibration(
        path, tried, found.parameters(), found.targets_met(), draws.frame().drop(columns=POINT)
    )
    _write(path, {PARAMETERS: _csv(result.parameters), TARGETS: _csv(result.targets)}
           | ({POSTERIOR: draws.text()} if points else {}))  # fmt: skip
    return result


def recover(
    scenario: Scenario,
    axes: Sequence[Axis],
    truth: Sequence[Any],
    points: int = 256,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    targets: Sequence[Target] | None = None,
    read: Read = read_targets,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> pd.DataFrame:
    """Fit to a world whose parameters are known, and return a row a parameter: is it found again?

    The known world runs under as many replications as each point of the fit, with other luck than any; the targets'
    bands, of their own width, are laid around what it shows, off by an error such as measured targets have.

    Args:
        scenario: as of `calibrate`.
        axes: parameters to find again.
        truth: the known value of each.
        points: as of `calibrate`.
        out: as of `calibrate`.
        jobs: as of `calibrate`.
        resume: as of `calibrate`.
        targets: whose bands are laid around what the known world shows.
        read: as of `calibrate`.
        scheduler: as of `calibrate`.
        simulate: as of `calibrate`.

    Returns:
        The parameters as `calibrate` tells them, with the `truth`, and whether it lies `inside` the interval of 90 %.
    """
    wanted = tuple(targets if targets is not None else targets_of(scenario))
    plain = replace(scenario.only(scenario.mixes[0].name), design=None)
    known = plain.replications
    world = Points(tuple(axes), (tuple(truth),))
    other = range(known * points, known * points + known)
    runs, _ = run_here(plain, world, other, jobs or processors(), read, simulate, scheduler)
    shown = figures(runs, wanted, 1)[0]
    around = laid_around(shown, wanted, np.random.default_rng([plain.seed, 2]))
    found = calibrate(
        scenario, axes, 0, points, out, jobs, resume, around, read, scheduler, simulate
    ).parameters
    numbers = np.array([float(value) for value in truth])
    return found.assign(truth=numbers, inside=(found["lower"] <= numbers) & (numbers <= found["upper"]))


@dataclass(frozen=True)
class _Findings:
    """Tables of a calibration."""

    axes: tuple[Axis, ...]
    wanted: tuple[Target, ...]
    trials: pd.DataFrame
    drawn: np.ndarray | None
    near: np.ndarray
    again: pd.DataFrame

    def draws(self) -> Points:
        """Return the draws as points."""
        return Points(self.axes, at_positions(self.axes, self.drawn) if self.drawn is not None else ())

    def parameters(self) -> pd.DataFrame:
        """Return a row a parameter."""
        names = [axis.name for axis in self.axes]
        table = pd.DataFrame({"axis": names, "unit": [marks_of_axis(axis).get("unit") for axis in self.axes]})
        if self.drawn is not None:
            table = table.merge(told(self.axes, self.drawn), on="axis").merge(self.again, on="axis")
        if self._best() is not None:
            table["best"] = pd.Series([self.trials.at[self._best(), name] for name in names], dtype=object)
        return table

    def targets_met(self) -> pd.DataFrame:
        """Return a row a target: its band, what the best trial says, and the nearest points' interval of 90 %."""
        table = pd.DataFrame(
            {"target": [t.name for t in self.wanted], "low": [t.low for t in self.wanted],
             "high": [t.high for t in self.wanted]}
        )  # fmt: skip
        if self._best() is not None:
            table["best"] = self.trials.loc[self._best(), [t.name for t in self.wanted]].to_numpy(dtype=float)
            table["best_miss"] = misses(table["best"].to_numpy(), self.wanted)
        if len(self.near):
            table["near_lower"], table["near_upper"] = np.quantile(self.near, [0.05, 0.95], axis=0)
        return table

    def _best(self) -> Any:
        known = self.trials["distance"].dropna() if len(self.trials) else pd.Series(dtype=float)
        return known.idxmin() if len(known) else None


def _check_numbers(trials: int, points: int) -> None:
    """Refuse a calibration that has nothing to do, or too few points to tell anything from."""
    if not (trials or points):
        raise ConfigError(["--trials 0 and --points 0: leave nothing to do; write one of them"])
    if 0 < points < LEAST_POINTS:
        raise ConfigError(
            [f"--points {points}: too few for a posterior; write at least {LEAST_POINTS}, or 0 for none"]
        )


def _default_axes(scenario: Scenario) -> Sequence[Axis]:
    if scenario.design is not None and scenario.design.axes:
        return scenario.design.axes
    return [axis for axis in fitted_axes() if not written_by_mixes(scenario, axis)[1]]


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


def _write(path: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        with safely(path / name) as file:
            file.write(text.encode())
