"""Run every replication of every mix of a scenario and leave a run folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from tqdm import tqdm

from caresim import catalogue
from caresim.agents.entitlements import BudgetTooLow
from caresim.experiment.compilation import compile_rules
from caresim.experiment.executors import Failure, WorkersLost, processors, work_through
from caresim.experiment.interrupts import terminable
from caresim.experiment.replication import ReplicationFailed, Simulate, replicate
from caresim.experiment.statistics import over_months, summarise
from caresim.kernel.mistakes import ConfigError
from caresim.results import FailedTask, Part, Progress, RunFolder, Task, claim, held

if TYPE_CHECKING:
    from caresim.experiment.sequential import Until
    from caresim.scenario import Scenario

RESULTS = Path("results")
CEILING = "ceiling"


class Interrupted(KeyboardInterrupt):
    """Somebody stopped the experiment; the message is one line that says how to go on.

    Attributes:
        run: the unfinished run folder.
    """

    def __init__(self, run: RunFolder) -> None:
        super().__init__(f"stopped; {_kept(run)}")
        self.run = run


@dataclass(frozen=True)
class _Halt:
    """What only a run can tell of a mix, and what concerns all its replications: the config has to be changed."""

    line: str


@dataclass(frozen=True)
class _Simulation:
    """Does a task wherever it is sent: runs the model, and packs what it measured."""

    scenario: Scenario
    simulate: Simulate

    def __call__(self, task: Task) -> Part | _Halt:
        scenario = self.scenario.in_county(task.county)
        try:
            return Part.of(task, self.simulate(scenario, task.mix, task.replication))
        except BudgetTooLow as error:
            return _Halt(_at_ceiling(scenario, task.mix, str(error)))
        except ConfigError as error:
            return _Halt(str(error))


def run_experiment(
    scenario: Scenario,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    mix: str | None = None,
    resume: bool = False,
    progress: bool | None = None,
    simulate: Simulate | None = None,
    until: Until | None = None,
    scheduler: str | None = None,
) -> RunFolder:
    """Run a scenario's replications and return the run folder.

    Args:
        scenario: what to run.
        out: the folder to leave; by default the scenario's name in `results/`.
        jobs: worker processes; by default one a processor. Results do not depend on it.
        mix: run this mix only.
        resume: take up an unfinished run of the same scenario; what failed is tried again.
        progress: show a progress bar; by default only on a terminal.
        simulate: runs one replication; by default `CareModel`.
        until: add replications until an interval is narrow enough.
        scheduler: address of a Dask scheduler whose workers run the replications, instead of this machine.

    Raises:
        RunFolderError: the folder is taken, changed since, or changes while the run goes on, or cannot be written.
        ReplicationFailed: replications failed, which the folder tells of; or there were no workers to go on with.
        ConfigError: a mix sets a ceiling below what people are entitled to, or the scheduler cannot be used.
        Interrupted: Ctrl-C or SIGTERM; finished replications are kept.
    """
    scenario = _at_first(scenario if mix is None else scenario.only(mix), until)
    indicators = catalogue.indicators()
    path = Path(out) if out is not None else RESULTS / scenario.name
    with held(path.absolute()):
        run = claim(path, scenario, indicators, resume)
        if run.notice:
            print(run.notice, file=sys.stderr)
        if run.complete:
            run.sweep()
            return run
        try:
            with terminable():
                run_all = partial(
                    _run_all, run, scenario, simulate or replicate, jobs or processors(), scheduler, progress
                )
                failures = _to_the_end(run, scenario, run_all, until)
        except KeyboardInterrupt:
            raise Interrupted(run) from None
        except ConfigError:
            if len(run.unfinished()) == len(run.tasks):
                run.withdraw()
            raise
        except WorkersLost as error:
            raise ReplicationFailed(f"{error}; {_kept(run)}") from None
    if failures:
        raise ReplicationFailed(_told(run, failures))
    return run


def _to_the_end(
    run: RunFolder, scenario: Scenario, run_all: Callable[[], list[FailedTask]], until: Until | None
) -> list[FailedTask]:
    """Run what is unfinished, and more as long as `until` asks for it; close the folder and return what failed."""
    failures = run_all()
    while until is not None and not failures and run.extend(until.more(run)):
        failures = run_all()
    run.write_failures(failures)
    run.finish(run_numbers, lambda numbers: summary_of(numbers, scenario))
    return failures


def _at_first(scenario: Scenario, until: Until | None) -> Scenario:
    """Return the scenario with the replications to begin with."""
    if until is None:
        return scenario
    if scenario.counties > 1:
        raise ConfigError(
            ["--until: a province is run with a number of replications; write --replications N"]
        )
    return replace(scenario, replications=until.first(scenario.replications))


def simulation(scenario: Scenario, simulate: Simulate) -> Callable[[Task], Part | _Halt]:
    """Return what does a scenario's tasks wherever they are sent."""
    return _Simulation(scenario, simulate)


def run_numbers(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return a row per mix and replication with each indicator's number over the months."""
    return over_months(monthly, catalogue.indicators())


def summary_of(numbers: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the summary of runs from their numbers, each of which stands for a run of one month."""
    return summarise(numbers.reset_index(), catalogue.indicators(), scenario.baseline)


def _told(run: RunFolder, failures: list[FailedTask]) -> str:
    """Return in one line what failed."""
    others = f" (and {len(failures) - 1} more in failures.csv)" if len(failures) > 1 else ""
    return f"{failures[0]}{others}; {_kept(run)}"


def _kept(run: RunFolder) -> str:
    """Return how much is kept, and how to go on."""
    done = len(run.tasks) - len(run.unfinished())
    return f"{done} of {len(run.tasks)} replications are kept in {run.path}: go on with --resume"


def _at_ceiling(scenario: Scenario, mix: str, what: str) -> str:
    """Return a mistake at the place that sets a mix's ceiling: in the mix, else among the parameters."""
    for group in scenario.mix(mix).instruments:
        if group.group == "budget" and any(value.name == CEILING for value in group.values):
            return group.says(CEILING, f"mixes.{mix}.instruments.budget.{CEILING}", what)
    benefits = next(group for group in scenario.parameters if group.group == "benefits")
    return benefits.says(CEILING, f"parameters.benefits.{CEILING}", what)


def _run_all(
    run: RunFolder,
    scenario: Scenario,
    simulate: Simulate,
    jobs: int,
    scheduler: str | None,
    progress: bool | None,
) -> list[FailedTask]:
    """Run what is unfinished and keep it as it comes; return what failed."""
    tasks, total = run.unfinished(), len(run.tasks)
    at_once = None if scheduler else min(jobs, max(len(tasks), 1))
    if tasks and jobs > 1 and scheduler is None and simulate is replicate:
        compile_rules(scenario, (task.mix for task in tasks), jobs, progress)
    status = Progress(run, at_once)
    failures: list[FailedTask] = []
    work = work_through(_Simulation(scenario, simulate), tasks, jobs, scheduler)
    shown = progress if progress is not None else sys.stderr.isatty()
    with closing(cast(Any, work)), tqdm(total=total, initial=total - len(tasks), desc=scenario.name, unit="run",
                                        disable=not shown) as bar:  # fmt: skip
        for task, result in work:
            if isinstance(result, _Halt):
                raise ConfigError([result.line])
            if isinstance(result, Failure):
                failures.append(FailedTask.of(task, result.message))
                run.write_failures(failures)
            else:
                run.write_part(task, result)
            status.note(task, isinstance(result, Failure))
            bar.update()
    return sorted(failures, key=lambda one: tasks.index(one.task))
