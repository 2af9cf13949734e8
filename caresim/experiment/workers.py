"""Run the replications of a run folder, here or in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING

from caresim.agents.entitlements import BudgetTooLow
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, RunFolder, RunFolderError
from caresim.results.folder import Task

if TYPE_CHECKING:
    from caresim.scenario import Scenario

Done = Generator[Task, None, None]
"""Tasks as they are finished."""
CEILING = "ceiling"
Simulate = Callable[["Scenario", str, int], Outcome]


class ReplicationFailed(RuntimeError):  # noqa: N818 - the name says what happened
    """A replication stopped; the message is one line."""


def run_here(run: RunFolder, scenario: Scenario, simulate: Simulate, tasks: list[Task]) -> Done:
    """Run tasks one after the other in this process; yield each when its part is kept."""
    for task in tasks:
        try:
            _run_task(run, scenario, simulate, task)
        except (RunFolderError, ConfigError):
            raise
        except Exception as error:
            raise failure(task, error) from error
        yield task


def run_in_workers(run: RunFolder, scenario: Scenario, simulate: Simulate, tasks: list[Task],
                   jobs: int) -> Done:  # fmt: skip
    """Run tasks in worker processes; yield each when its part is kept. Leaving early ends the workers."""
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_begin_worker)
    try:
        with _interrupts_held():
            futures = {pool.submit(_run_task, run, scenario, simulate, task): task for task in tasks}
        for future in as_completed(futures):
            _result(future, futures[future])
            yield futures[future]
        pool.shutdown()
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


def _run_task(run: RunFolder, scenario: Scenario, simulate: Simulate, task: Task) -> None:
    """Run a task and keep its part.

    Raises:
        ConfigError: the mix sets a ceiling below what people are entitled to, which only its run can tell.
    """
    try:
        outcome = simulate(scenario, *task)
    except BudgetTooLow as error:
        raise ConfigError([_at_ceiling(scenario, task[0], str(error))]) from None
    run.write_part(task, outcome)


def _at_ceiling(scenario: Scenario, mix: str, what: str) -> str:
    """Return a mistake at the place that sets a mix's ceiling: in the mix, else among the parameters."""
    for group in scenario.mix(mix).instruments:
        if group.group == "budget" and any(value.name == CEILING for value in group.values):
            return group.says(CEILING, f"mixes.{mix}.instruments.budget.{CEILING}", what)
    benefits = next(group for group in scenario.parameters if group.group == "benefits")
    return benefits.says(CEILING, f"parameters.benefits.{CEILING}", what)


def _result(future: Future[None], task: Task) -> None:
    try:
        future.result()
    except BrokenProcessPool:
        raise ReplicationFailed(
            "a worker process died (killed, or out of memory); finished replications are kept: "
            "go on with --resume, perhaps with fewer --jobs"
        ) from None
    except (RunFolderError, ConfigError):
        raise
    except Exception as error:
        raise failure(task, error) from error


def failure(task: Task, error: Exception) -> ReplicationFailed:
    """Return a failure that names the replication and says in one line what went wrong."""
    told = " ".join(str(error).split())
    return ReplicationFailed(f"mix {task[0]}, replication {task[1]}: {type(error).__name__}: {told}")


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers start; they inherit that, so that none dies of it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
