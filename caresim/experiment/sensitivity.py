"""Tell which of the things that nobody knows move a result: Morris screening and Sobol indices."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim import catalogue
from caresim.experiment.designs import POINT, Points, at_positions, check_axes
from caresim.experiment.extras import need
from caresim.experiment.indices import METHODS, SIZE, Method, Plan, sensitivity_of
from caresim.experiment.joint_limits import within_limits
from caresim.experiment.replication import ReplicationFailed, Simulate
from caresim.experiment.runner import RESULTS
from caresim.experiment.sweep import run_points
from caresim.kernel.mistakes import ConfigError, shown, suggestion
from caresim.results.tables import safely
from caresim.scenario.axes import Axis, marks_of_axis
from caresim.scenario.deviations import written_by_mixes
from caresim.scenario.unknowns import uncertain_axes

if TYPE_CHECKING:
    from caresim.scenario import Scenario

__all__ = ["METHODS", "SIZE", "Method", "Plan", "sensitivity", "sensitivity_of"]
TABLE = "sensitivity.csv"


def sensitivity(
    scenario: Scenario,
    method: Method = "morris",
    indicators: Sequence[str] = ("unmet_share",),
    axes: Sequence[Axis] | None = None,
    size: int | None = None,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    resume: bool = False,
    scheduler: str | None = None,
    simulate: Simulate | None = None,
) -> pd.DataFrame:
    """Tell which parameters move indicators, and differences between mixes, and leave `sensitivity.csv`.

    Of the baseline mix the indicator itself is taken, of any other mix its difference from the baseline under the same
    luck; both are means over replications. `luck` says how large effects would seem if
    luck alone made them.

    Args:
        scenario: the scenario; its mixes and replications are run at every point.
        method: `morris` screens many parameters, `sobol` shares out the variance among some.
        indicators: what may be moved.
        axes: what varies; by default the axes of the scenario's design, or everything marked as uncertain.
        size: trajectories, or base points; by default 10 and 64.
        out: the folder to leave; by default the scenario's name and the method in `results/`.
        jobs: worker processes.
        resume: go on with what was interrupted.
        scheduler: address of a Dask scheduler.
        simulate: runs one replication; by default the model.

    Returns:
        A row per mix, indicator and axis, the most important axis first.

    Raises:
        ConfigError: an indicator or an axis cannot be, or SALib is not installed.
    """
    _check_indicators(indicators)
    need("SALib", "sensitivity")
    plan = Plan(method, tuple(axes or _default_axes(scenario)), size or SIZE[method], scenario.seed)
    check_axes(plan.axes, scenario)
    positions = within_limits(scenario, plan.axes, plan.positions())
    points = Points(plan.axes, at_positions(plan.axes, positions))
    described = {"kind": method, "size": plan.size, "seed": plan.seed}
    path = Path(out) if out is not None else RESULTS / f"{scenario.name}_{method}"
    folder = run_points(scenario, points, path, described, jobs=jobs, resume=resume, scheduler=scheduler,
                        simulate=simulate)  # fmt: skip
    if folder.runs.empty:
        first = folder.failed_runs["error"].iloc[0]
        raise ReplicationFailed(f"every run failed ({first}); see {folder.path / 'failures.csv'}")
    table = _analysed(plan, positions, _results(folder.runs, scenario, indicators, len(points)))
    with safely(folder.path / TABLE) as file:
        file.write(table.to_csv(index=False, lineterminator="\n").encode())
    folder.seal([folder.path / TABLE])
    return table


def _analysed(
    plan: Plan, ran: np.ndarray, results: Iterable[tuple[tuple[str, str, str], np.ndarray]]
) -> pd.DataFrame:
    """Return a row per mix, indicator and axis, with what is known of the axis, from the positions that were run."""
    keys = ["mix", "against", "indicator", "number"]
    tables = [pd.concat([plan.analyse(values, ran)], keys=[key], names=keys) for key, values in results]
    found = pd.concat(tables).reset_index().drop(columns="number")
    return found.merge(_about(plan.axes), on="axis", how="left")


def differences(runs: pd.DataFrame, baseline: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield mix, what it is set against, and its numbers by point and replication, beyond those of the baseline.

    A mix is set against the baseline replication by replication; replications that lack either have no number.

    Args:
        runs: runs of a sweep.
        baseline: the baseline mix.
    """
    numbers = runs.set_index(["mix", POINT, "replication"])
    mixes = list(dict.fromkeys(runs["mix"]))
    own = numbers.loc[baseline] if baseline in mixes else None
    for mix in mixes:
        alone = mix == baseline or own is None
        yield mix, "" if alone else baseline, numbers.loc[mix] if alone else numbers.loc[mix] - own


def _results(runs: pd.DataFrame, scenario: Scenario, indicators: Sequence[str],
             n_points: int) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:  # fmt: skip
    """Yield mix, what it is set against and indicator, with its numbers, shape (points, replications)."""
    for mix, against, numbers in differences(runs, scenario.baseline):
        for indicator in indicators:
            yield (mix, against, indicator), numbers[indicator].unstack().reindex(range(n_points)).to_numpy()


def _default_axes(scenario: Scenario) -> Sequence[Axis]:
    if scenario.design is not None and scenario.design.axes:
        return scenario.design.axes
    return [axis for axis in uncertain_axes() if not written_by_mixes(scenario, axis)[1]]


def _about(axes: Sequence[Axis]) -> pd.DataFrame:
    """Return what is known of each axis: its range, unit, evidence mark and source."""
    keys = ("unit", "evidence", "source")
    rows = [
        {"axis": axis.name, "kind": axis.kind, "low": axis.low, "high": axis.high}
        | {key: marks_of_axis(axis).get(key) for key in keys}
        for axis in axes
    ]
    return pd.DataFrame(rows)


def _check_indicators(names: Sequence[str]) -> None:
    known = [indicator.name for indicator in catalogue.indicators()]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ConfigError(
            [
                f"--indicator {shown(name)}: no indicator of that name; {suggestion(name, known)}"
                for name in wrong
            ]
        )
