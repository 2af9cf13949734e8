"""Fit parameters to the calibration targets: the best point, and what the targets leave open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from caresim.experiment.designs import POINT, Points, Row, at_positions, check_axes
from caresim.experiment.extras import need
from caresim.experiment.points import RUNS, Read
from caresim.experiment.posterior import laid_around, posterior, recovery, told
from caresim.experiment.runner import RESULTS, Simulate, _processors
from caresim.experiment.search import TRIALS, Search, Trial, close_search, look, open_search
from caresim.experiment.sweep import run_here, run_points
from caresim.experiment.targets import Target, distance, figures, misses, read_targets, targets_of
from caresim.kernel.mistakes import ConfigError
from caresim.results import held
from caresim.results.tables import safely
from caresim.scenario.axes import Axis, fitted_axes, marks_of_axis
from caresim.scenario.deviations import written_by_mixes

if TYPE_CHECKING:
    from caresim.scenario import Scenario

POSTERIOR, PARAMETERS, TARGETS = "posterior.csv", "parameters.csv", "targets.csv"
FIT, OPEN = "fit", "posterior"
ROUND = 8
LEAST_POINTS = 5
"""Points below which nothing can be said of how truths are found again."""
"""Points that Optuna proposes together."""


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
            parameter whose default comes from a fit.
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
    if not (trials or points):
        raise ConfigError(["--trials 0 and --points 0: leave nothing to do; write one of them"])
    if 0 < points < LEAST_POINTS:
        raise ConfigError(
            [f"--points {points}: too few for a posterior; write at least {LEAST_POINTS}, or 0 for none"]
        )
    if trials:
        need("optuna", "calibration")
    wanted = tuple(targets if targets is not None else targets_of(scenario))
    chosen = tuple(axes or _default_axes(scenario))
    check_axes(chosen, scenario)
    plain = replace(scenario.only(scenario.mixes[0].name), design=None)
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_calibration"
    run = _Runs(plain, chosen, wanted, read, jobs, scheduler, simulate)
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
    runs, _ = run_here(plain, world, other, jobs or _processors(), read, simulate, scheduler)
    shown = figures(runs, wanted, 1)[0]
    around = laid_around(shown, wanted, np.random.default_rng([plain.seed, 2]))
    found = calibrate(
        scenario, axes, 0, points, out, jobs, resume, around, read, scheduler, simulate
    ).parameters
    numbers = np.array([float(value) for value in truth])
    return found.assign(truth=numbers, inside=(found["lower"] <= numbers) & (numbers <= found["upper"]))


@dataclass(frozen=True)
class _Runs:
    """Runs of a hindcast that a calibration asks for."""

    scenario: Scenario
    axes: tuple[Axis, ...]
    targets: tuple[Target, ...]
    read: Read
    jobs: int | None
    scheduler: str | None
    simulate: Simulate | None

    def search(self, path: Path, trials: int, resume: bool) -> pd.DataFrame:
        """Return Optuna's trials."""
        described = {**self._described(), "trials": trials, "objective": "distance"}
        search = Search(self.axes, {"distance": "minimize"}, trials, ROUND, self._sampler)
        with held(path.absolute()):
            folder = open_search(path, self.scenario, described, resume)
            table = look(folder, search, self._evaluate)
            close_search(folder, {TRIALS: table})
        return table

    def posterior(self, path: Path, number: int, resume: bool) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
        """Return draws in the unit cube, the figures of the nearest points, and how truths are found again.

        Each point meets luck of its own: under shared luck all figures would be off by the same, and a posterior that
        knows nothing of it too narrow.
        """
        from scipy.stats import qmc

        luck = np.random.default_rng(self.scenario.seed)
        sequence = qmc.Sobol(len(self.axes), scramble=True, seed=luck)
        positions = sequence.random_base2(max(number - 1, 0).bit_length())[:number]
        points = Points(self.axes, at_positions(self.axes, positions))
        folder = run_points(self.scenario, points, path, {"kind": "calibration", **self._described()}, jobs=self.jobs,
                            resume=resume, tables=(RUNS,), read=self.read, scheduler=self.scheduler,
                            simulate=self.simulate, own_luck=True)  # fmt: skip
        found = figures(folder.runs, self.targets, len(points))
        told = ~np.isnan(found).all(axis=0)  # a small place may hold nobody of whom a target speaks
        kept = [target for target, known in zip(self.targets, told, strict=True) if known]
        complete = int((~np.isnan(found[:, told]).any(axis=1)).sum())
        if complete < LEAST_POINTS:
            raise ConfigError([f"{path}: {complete} of {len(points)} points tell every target, too few; "
                               "ask for more residents, replications or points"])  # fmt: skip
        drawn, near = posterior(self.axes, positions, found[:, told], kept, self.scenario.seed)
        return drawn, found[near], recovery(self.axes, positions, found[:, told], kept, self.scenario.seed)

    def _described(self) -> dict[str, Any]:
        return {
            "axes": [f"{axis.name} {axis.low} {axis.high} {axis.choices}" for axis in self.axes],
            "targets": {target.name: [target.low, target.high] for target in self.targets},
        }

    def _sampler(self, number: int) -> Any:
        from optuna.samplers import TPESampler

        return TPESampler(seed=(self.scenario.seed * 1_000_003 + number) % 2**32)

    def _evaluate(self, rows: Sequence[Row]) -> list[Trial]:
        if not rows:
            return []
        runs, _ = run_here(self.scenario, Points(self.axes, tuple(rows)), range(self.scenario.replications),
                           self.jobs or _processors(), self.read, self.simulate, self.scheduler)  # fmt: skip
        if runs.empty:
            return [Trial(None) for _ in rows]
        found = figures(runs, self.targets, len(rows))
        far = distance(found, self.targets)
        names = [target.name for target in self.targets]
        return [
            Trial((float(d),) if np.isfinite(d) else None, dict(zip(names, map(float, figure), strict=True)))
            for d, figure in zip(far, found, strict=True)
        ]


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
