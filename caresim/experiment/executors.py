"""Work through tasks here, in processes of this machine, or on a Dask cluster: same results wherever."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from caresim.experiment.failure import AHEAD, Failure, WorkersLost, failure_of

__all__ = ["Failure", "WorkersLost", "failure_of", "processors", "work_through"]
Task = TypeVar("Task")
Result = TypeVar("Result")
CANNOT_START = (
    'worker processes cannot start; call from under `if __name__ == "__main__":`, or work with one process'
)
STARTS = 2
"""How often in a row processes may die before any began: one may be killed, but what cannot start never does."""
AT_ONCE = 4000
"""Bytes that a pipe takes whole or not at all, less what surrounds them."""


def work_through(
    do: Callable[[Task], Result], tasks: Sequence[Task], jobs: int, scheduler: str | None = None
) -> Iterator[tuple[Task, Result | Failure]]:
    """Do every task and yield each with its result, or with its failure, as they are finished.

    An exception or the death of a worker fails the task that it met; the others go on. Leaving the iterator early
    (`close`, or an exception in the loop) ends the workers.

    Args:
        do: does one task; pickled for workers, and sent to each once.
        tasks: what is to be done.
        jobs: processes; with 1, or one task, all is done in this process. Not used with a scheduler.
        scheduler: address of a Dask scheduler, such as `tcp://10.0.0.1:8786`, whose workers do the tasks.

    Raises:
        ConfigError: there is no cluster at the address, or it runs another program.
        WorkersLost: workers cannot be started, or the whole cluster went away.
    """
    if scheduler is not None:
        from caresim.experiment.cluster import work_on_cluster

        return work_on_cluster(do, tasks, scheduler)
    if jobs > 1 and len(tasks) > 1:
        return _work_in_processes(do, tasks, min(jobs, len(tasks)))
    return _work_here(do, tasks)


def _work_here(
    do: Callable[[Task], Result], tasks: Sequence[Task]
) -> Iterator[tuple[Task, Result | Failure]]:
    for task in tasks:
        try:
            result: Result | Failure = do(task)
        except Exception as error:
            result = failure_of(error)
        yield task, result


# --- processes of this machine ----------------------------------------------------------------------------------


def _work_in_processes(
    do: Callable[[Task], Result], tasks: Sequence[Task], jobs: int
) -> Iterator[tuple[Task, Result | Failure]]:
    """Share tasks out over processes; those at hand when one died are done again one by one, to tell which it was.

    Where no process came as far as to take a task, none of the tasks is to blame, and all is tried once more.
    """
    waiting, refused = deque(tasks), 0
    while waiting:
        begun, suspects = yield from _until_one_dies(do, waiting, jobs)
        if not begun:
            refused += 1
            if refused == STARTS:
                raise WorkersLost(CANNOT_START)
            waiting.extendleft(reversed(suspects))
            continue
        refused = 0
        for suspect in suspects:
            begun, left = yield from _until_one_dies(do, deque([suspect]), 1)
            if left and begun:
                yield suspect, Failure("its worker process died (killed, or out of memory)")
            elif left:
                waiting.append(suspect)


def _until_one_dies(
    do: Callable[[Task], Result], waiting: deque[Task], jobs: int
) -> Generator[tuple[Task, Result | Failure], None, tuple[bool, list[Task]]]:
    """Do the waiting tasks in new processes; return whether any began, and what was at hand when one of them died."""
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    begun = context.Event()
    letters = tempfile.mkdtemp(prefix="caresim-")
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin_worker, initargs=(do, letters, begun)
    )
    at_hand: dict[Future[Any], Task] = {}
    try:
        while _hand_out(pool, waiting, at_hand, AHEAD * jobs):
            finished, _ = wait(at_hand, return_when=FIRST_COMPLETED)
            for future in finished:
                if (result := _result(future)) is not None:
                    yield at_hand.pop(future), result[0]
        if not at_hand and not waiting:
            pool.shutdown()
        return begun.is_set(), list(at_hand.values())
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.kill()  # a starting one would not heed anything milder
        pool.shutdown(wait=False, cancel_futures=True)
        shutil.rmtree(letters, ignore_errors=True)


def _hand_out(
    pool: ProcessPoolExecutor, waiting: deque[Any], at_hand: dict[Future[Any], Any], most: int
) -> bool:
    """Hand tasks to the processes up to a number; tell whether there is something to wait for, and nobody died."""
    if any(future.done() and isinstance(future.exception(), BrokenProcessPool) for future in at_hand):
        return False
    with _interrupts_held():
        while waiting and len(at_hand) < most:
            try:
                at_hand[pool.submit(_do_here, waiting[0])] = waiting[0]
            except BrokenProcessPool:
                break
            waiting.popleft()
    return bool(at_hand)


def _result(future: Future[Any]) -> tuple[Any] | None:
    """Return what a task came to, in a tuple of one; None if its worker died."""
    error = future.exception()
    if isinstance(error, BrokenProcessPool):
        return None
    return (_opened(future.result()) if error is None else failure_of(error),)


def _opened(letter: bytes | str) -> Any:
    """Return a result from the pipe, or from the file that the pipe told of."""
    if isinstance(letter, bytes):
        return pickle.loads(letter)
    file = Path(letter)
    result = pickle.loads(file.read_bytes())
    file.unlink()
    return result


_do: Callable[[Any], Any]
"""What this worker process does with each task."""
_letters: str
"""Where it leaves long results."""


def _do_here(task: Any) -> bytes | str:
    """Do a task and return its result; a long one goes through a file.

    A process that is killed while it writes a long message into the pipe would leave the reader waiting for its end.
    """
    packed = pickle.dumps(_do(task))
    if len(packed) <= AT_ONCE:
        return packed
    handle, path = tempfile.mkstemp(dir=_letters)
    with os.fdopen(handle, "wb") as file:
        file.write(packed)
    return path


def _begin_worker(do: Callable[[Any], Any], letters: str, begun: Any) -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends."""
    global _do, _letters
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _do, _letters = do, letters
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begun.set()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(_letters, ignore_errors=True)
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back while workers start; they inherit that, so that none dies of Ctrl-C with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
