"""Run every replication of every mix of a scenario and leave a run folder."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from caresim import catalogue
from caresim.agents.entitlements import BudgetTooLow
from caresim.experiment.statistics import summarise
from caresim.experiment.workers import ReplicationFailed, Simulate, failure, run_here, run_in_workers
from caresim.kernel.clock import is_january, year_of
from caresim.recorder import population_table
from caresim.results import Outcome, RunFolder, claim, held

if TYPE_CHECKING:
    from caresim.experiment.sequential import Until
    from caresim.model import CareModel
    from caresim.scenario import Scenario

RESULTS = Path("results")
SEND_AGAIN_AFTER = 0.05
"""Seconds after which a lost interrupt is sent again."""
__all__ = ["Interrupted", "ReplicationFailed", "replicate", "run_experiment"]


class Interrupted(KeyboardInterrupt):
    """Somebody stopped the experiment; the message is one line that says how to go on.

    Attributes:
        run: the unfinished run folder.
    """

    def __init__(self, run: RunFolder) -> None:
        done = len(run.tasks) - len(run.unfinished())
        super().__init__(
            f"stopped; {done} of {len(run.tasks)} replications are kept in {run.path}: go on with --resume"
        )
        self.run = run


def run_experiment(
    scenario: Scenario,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    mix: str | None = None,
    resume: bool = False,
    progress: bool | None = None,
    simulate: Simulate | None = None,
    until: Until | None = None,
) -> RunFolder:
    """Run a scenario's replications and return the run folder.

    Args:
        scenario: what to run.
        out: the folder to leave; by default the scenario's name in `results/`.
        jobs: worker processes; by default one a processor. Results do not depend on it.
        mix: run this mix only.
        resume: take up an unfinished run of the same scenario.
        progress: show a progress bar; by default only on a terminal.
        simulate: runs one replication; by default `CareModel`.
        until: add replications until an interval is narrow enough.

    Raises:
        RunFolderError: the folder is taken, changed since, or changes while the run goes on.
        ReplicationFailed: a replication stopped, or a worker died.
        ConfigError: a mix sets a ceiling below what people are entitled to.
        Interrupted: Ctrl-C or SIGTERM; finished replications are kept.
    """
    if mix is not None:
        scenario = scenario.only(mix)
    if until is not None:
        scenario = replace(scenario, replications=until.first(scenario.replications))
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
            with _terminable():
                _run_all(run, scenario, simulate or replicate, jobs or _processors(), progress)
                while until is not None and run.extend(until.more(run)):
                    _run_all(run, scenario, simulate or replicate, jobs or _processors(), progress)
                run.finish(lambda monthly: summarise(monthly, indicators, scenario.baseline))
        except KeyboardInterrupt:
            raise Interrupted(run) from None
    return run


def replicate(scenario: Scenario, mix: str, replication: int) -> Outcome:
    """Run one replication of one mix with the model."""
    from caresim.model import CareModel

    model = CareModel(scenario, mix=mix, replication=replication, collect=False)
    population: dict[int, np.ndarray] = {}
    while model.running:
        _count_in_january(model, population)
        model.step()
    _count_in_january(model, population)
    return Outcome(model.records, population)


def compile_rules(scenario: Scenario) -> None:
    """Run a small place for a year and a month: every rule is called, and workers find it compiled.

    Raises:
        ReplicationFailed: the model stopped.
    """
    mix = scenario.mixes[0].name
    small = replace(scenario, residents=600, townships=1, villages=2, months=13, replications=1)
    try:
        replicate(small, mix, 0)
    except BudgetTooLow:  # of the small place, not of the scenario's
        return
    except Exception as error:
        raise failure((mix, 0), error) from error


def _count_in_january(model: CareModel, population: dict[int, np.ndarray]) -> None:
    """Count the people by age if the month to come opens a year."""
    coming = model.scenario.start + len(model.records)
    if is_january(coming):
        population[year_of(coming)] = population_table(model.people, coming)


def _run_all(
    run: RunFolder, scenario: Scenario, simulate: Simulate, jobs: int, progress: bool | None
) -> None:
    tasks = run.unfinished()
    if jobs > 1 and len(tasks) > 1:
        if simulate is replicate:
            compile_rules(scenario)
        done = run_in_workers(run, scenario, simulate, tasks, jobs)
    else:
        done = run_here(run, scenario, simulate, tasks)
    total = len(run.tasks)
    shown = progress if progress is not None else sys.stderr.isatty()
    with closing(done), tqdm(total=total, initial=total - len(tasks), desc=scenario.name, unit="run",
                             disable=not shown) as bar:  # fmt: skip
        for _ in done:
            bar.update()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM stop the experiment as Ctrl-C does, and let neither get lost.

    An interrupt that arrives inside a callback of the compiler is only reported there; it is sent again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    def send_again(lost: Any) -> None:
        if isinstance(lost.exc_value, KeyboardInterrupt):
            threading.Timer(SEND_AGAIN_AFTER, _thread.interrupt_main).start()
        else:
            reported(lost)

    before, reported = signal.signal(signal.SIGTERM, stop), sys.unraisablehook
    sys.unraisablehook = send_again
    try:
        yield
    finally:
        sys.unraisablehook = reported
        signal.signal(signal.SIGTERM, before)
