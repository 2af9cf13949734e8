"""Run a hindcast where a calibration asks for it: at what Optuna proposes, and at points all over the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from caresim.experiment.designs import Points, Row, at_positions
from caresim.experiment.executors import processors
from caresim.experiment.joint_limits import within_limits
from caresim.experiment.points import RUNS, Read
from caresim.experiment.posterior import posterior, recovery
from caresim.experiment.replication import Simulate
from caresim.experiment.search import TRIALS, Search, Trial, close_search, look, open_search
from caresim.experiment.sweep import run_here, run_points
from caresim.experiment.targets import Target, distance, figures
from caresim.kernel.mistakes import ConfigError
from caresim.results import held
from caresim.scenario.axes import Axis

if TYPE_CHECKING:
    from caresim.scenario import Scenario

LEAST_POINTS = 5
"""Points below which nothing can be said of how truths are found again."""
ROUND = 8
"""Points that Optuna proposes together."""


@dataclass(frozen=True)
class HindcastRuns:
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
        positions = self._possible(sequence.random_base2(max(number - 1, 0).bit_length())[:number])
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
        given = positions, found[:, told], kept, self.scenario.seed
        drawn, near = posterior(*given)
        return self._possible(drawn), found[near], recovery(self.axes, *given, self._possible)

    def _possible(self, positions: np.ndarray) -> np.ndarray:
        """Return positions at which values go together: a posterior's density reaches beyond the prior's points."""
        return within_limits(self.scenario, self.axes, positions)

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
                           self.jobs or processors(), self.read, self.simulate, self.scheduler)  # fmt: skip
        if runs.empty:
            return [Trial(None) for _ in rows]
        found = figures(runs, self.targets, len(rows))
        far = distance(found, self.targets)
        names = [target.name for target in self.targets]
        return [
            Trial((float(d),) if np.isfinite(d) else None, dict(zip(names, map(float, figure), strict=True)))
            for d, figure in zip(far, found, strict=True)
        ]
