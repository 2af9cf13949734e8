"""Work through tasks here or in processes of this machine: same results wherever."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, TypeVar

from caresim.experiment.workers import _begin_worker, _interrupts_held

Task = TypeVar("Task")
Result = TypeVar("Result")
_doing: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Failure:
    """A task that came to nothing; the message is one line."""

    message: str


def work_through(
    do: Callable[[Task], Result], tasks: Sequence[Task], jobs: int, scheduler: str | None = None
) -> Iterator[tuple[Task, Result | Failure]]:
    """Do every task and yield each with its result, or with its failure, as they are finished.

    Args:
        do: does one task; pickled for workers, and sent to each once.
        tasks: what is to be done.
        jobs: processes; with 1, or one task, all is done in this process.
        scheduler: address of a cluster.
    """
    if jobs == 1 or len(tasks) <= 1:
        for task in tasks:
            yield task, _outcome(lambda task=task: do(task))  # type: ignore[misc]
        return
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), context, initializer=_begin, initargs=(do,))
    try:
        with _interrupts_held():
            futures = {pool.submit(_do, task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], _outcome(future.result)
        pool.shutdown()
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


def _outcome(result: Callable[[], Result]) -> Result | Failure:
    try:
        return result()
    except Exception as error:
        return Failure(f"{type(error).__name__}: {' '.join(str(error).split())}")


def _begin(do: Callable[[Any], Any]) -> None:
    global _doing
    _begin_worker()
    _doing = do


def _do(task: Any) -> Any:
    assert _doing is not None
    return _doing(task)
