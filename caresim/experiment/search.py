"""Search for good points with Optuna, round after round; an interrupted search goes on as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from caresim import catalogue
from caresim.experiment.designs import Row
from caresim.experiment.extras import need
from caresim.kernel.mistakes import ConfigError
from caresim.results import RunFolder
from caresim.results.claims import take
from caresim.results.manifest import COMPLETE, new_manifest, now
from caresim.results.tables import safely
from caresim.scenario.axes import Axis

if TYPE_CHECKING:
    import optuna

    from caresim.scenario import Scenario

STUDY, TRIALS = "study.db", "trials.csv"
NAME = "search"
CONSTRAINTS = "limits"


@dataclass(frozen=True)
class Trial:
    """What came of a point.

    Attributes:
        values: one for each objective; None if its runs failed.
        told: further numbers.
        limits: constraints, each met if not above zero.
    """

    values: tuple[float, ...] | None
    told: Mapping[str, float] = field(default_factory=dict)
    limits: tuple[float, ...] = ()


Direction = Literal["minimize", "maximize"]
Evaluate = Callable[[Sequence[Row]], Sequence[Trial]]
Sampler = Callable[[int], "optuna.samplers.BaseSampler"]
"""Makes the sampler of a trial from its number: the luck of a proposal belongs to it, not to the order of calls."""


@dataclass(frozen=True)
class Search:
    """How points are looked for.

    Attributes:
        axes: what varies.
        objectives: name and direction (`minimize`, `maximize`) of each.
        trials: how many points are tried.
        size: points of a round, which are proposed together and run side by side.
        sampler: proposes them.
    """

    axes: tuple[Axis, ...]
    objectives: Mapping[str, Direction]
    trials: int
    size: int
    sampler: Sampler


def open_search(path: Path, scenario: Scenario, described: Mapping[str, Any], resume: bool) -> RunFolder:
    """Take a folder for a search, or take it up; the caller holds it.

    Raises:
        RunFolderError: it holds something else, or this search without `resume`.
    """
    planned = {**new_manifest(scenario, catalogue.indicators()), "kind": NAME, NAME: dict(described)}
    said = f"{planned['digest']}\n{json.dumps(dict(described), sort_keys=True)}"
    planned["digest"] = hashlib.sha256(said.encode()).hexdigest()
    folder = take(path, planned, RunFolder, resume)
    if folder.notice:
        (folder.path / STUDY).unlink(missing_ok=True)
    return folder


def look(folder: RunFolder, search: Search, evaluate: Evaluate) -> pd.DataFrame:
    """Try points round by round, keep each trial in the folder's study, and return the trials.

    The search is played again from its start in memory, and what the study knows already is not run again: the
    proposals of a round rest on the rounds before it alone, so that an interrupted search and an uninterrupted one
    try the same points.

    Args:
        folder: an open folder.
        search: how points are looked for.
        evaluate: runs points.
    """
    need("optuna", "calibration")
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    kept = optuna.create_study(storage=f"sqlite:///{folder.path / STUDY}", study_name=NAME, load_if_exists=True,
                               directions=list(search.objectives.values()))  # fmt: skip
    known = [_trial_of(trial) for trial in kept.trials]
    played = optuna.create_study(directions=list(search.objectives.values()))
    while len(played.trials) < search.trials:
        asked = _propose(played, search)
        rows = [tuple(_value(axis, trial.params[axis.name]) for axis in search.axes) for trial in asked]
        first = asked[0].number
        old = known[first : first + len(asked)]
        for trial, result in zip(
            asked, [*old, *_evaluated(rows[len(old) :], evaluate, folder, first)], strict=True
        ):
            _settle(played, trial, result, search.sampler)
        for done in played.trials[first + len(old) :]:
            kept.add_trial(done)
    return _table(played, search)


def _evaluated(rows: Sequence[Row], evaluate: Evaluate, folder: RunFolder, before: int) -> Sequence[Trial]:
    """Run points; if they cannot be run and none was before, give the folder up."""
    try:
        return evaluate(rows)
    except ConfigError:
        if before == 0:
            (folder.path / STUDY).unlink(missing_ok=True)
            folder.withdraw()
        raise


def close_search(folder: RunFolder, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables into a search's folder, and close it with checksums."""
    files = []
    for name, table in tables.items():
        files.append(folder.path / name)
        with safely(files[-1]) as file:
            file.write(table.to_csv(index=False, lineterminator="\n").encode())
    folder.manifest.update(status=COMPLETE, finished=now())
    folder.seal(files)
    folder.sweep()


def _propose(played: optuna.Study, search: Search) -> list[optuna.Trial]:
    first = len(played.trials)
    asked = []
    for number in range(first, min(first + search.size, search.trials)):
        played.sampler = search.sampler(number)
        asked.append(played.ask({axis.name: _distribution(axis) for axis in search.axes}))
    return asked


def _settle(played: optuna.Study, trial: optuna.Trial, result: Trial, sampler: Sampler) -> None:
    import optuna

    for name, number in result.told.items():
        trial.set_user_attr(name, number)
    trial.set_user_attr(CONSTRAINTS, list(result.limits))
    if hasattr(trial, "set_constraint"):
        for number, limit in enumerate(result.limits):
            trial.set_constraint(str(number), limit)
    played.sampler = sampler(trial.number)
    if result.values is None:
        played.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        played.tell(trial, list(result.values))


def _trial_of(trial: optuna.trial.FrozenTrial) -> Trial:
    told = {name: number for name, number in trial.user_attrs.items() if name != CONSTRAINTS}
    limits = tuple(trial.user_attrs.get(CONSTRAINTS, ()))
    return Trial(tuple(trial.values) if trial.values is not None else None, told, limits)


def asking_for_limits() -> dict[str, Any]:
    """Return what a sampler is told so that it minds constraints: nothing where trials carry them themselves."""
    import optuna

    if hasattr(optuna.trial.Trial, "set_constraint"):  # from Optuna 5 on
        return {}
    return {"constraints_func": lambda trial: list(trial.user_attrs[CONSTRAINTS])}


def _distribution(axis: Axis) -> optuna.distributions.BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if axis.kind == "bool":
        return CategoricalDistribution([False, True])
    if axis.kind == "choice":
        return CategoricalDistribution(list(range(len(axis.choices))))
    if axis.kind == "int":
        return IntDistribution(round(axis.low), round(axis.high))
    return FloatDistribution(axis.low, axis.high)


def _value(axis: Axis, param: Any) -> Any:
    return axis.choices[param] if axis.kind == "choice" else param


def _table(played: optuna.Study, search: Search) -> pd.DataFrame:
    rows = []
    for trial in played.trials:
        row: dict[str, Any] = {"trial": trial.number}
        row |= {axis.name: _value(axis, trial.params[axis.name]) for axis in search.axes}
        values = trial.values if trial.values is not None else [float("nan")] * len(search.objectives)
        row |= dict(zip(search.objectives, values, strict=True))
        row |= {name: number for name, number in trial.user_attrs.items() if name != CONSTRAINTS}
        limits = trial.user_attrs[CONSTRAINTS]
        rows.append(row | {"feasible": trial.values is not None and all(limit <= 0.0 for limit in limits)})
    return pd.DataFrame(rows)
