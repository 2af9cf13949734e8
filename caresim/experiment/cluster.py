"""Work through tasks on the workers of a Dask cluster, if they run the same program as we do."""

from __future__ import annotations

import pickle
import platform
import queue
import re
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from typing import Any, TypeVar, cast

from caresim.experiment.failure import AHEAD, Failure, WorkersLost, failure_of
from caresim.kernel.mistakes import ConfigError, shown
from caresim.results.manifest import program_hash

Task = TypeVar("Task")
Result = TypeVar("Result")
ADDRESS = re.compile(r"(\w+://)?(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d+/?")
"""HOST:PORT, with a protocol or without."""
ANSWERS_WITHIN = 10.0
"""Seconds in which a scheduler has to answer, and a first worker to be there."""
WITHOUT_WORKERS = 60.0
"""Seconds that a cluster may be without any worker before it is given up."""
LOOK_AFTER = 1.0
"""Seconds after which we look whether the cluster is still there."""
DIED = Failure("its worker died again and again (killed, or out of memory)")
COMPUTING = ("mesa", "numpy", "numba", "scipy")
"""Packages that results may depend on."""


def work_on_cluster(
    do: Callable[[Task], Result], tasks: Sequence[Task], address: str
) -> Iterator[tuple[Task, Result | Failure]]:
    """Do tasks on a cluster's workers, one at a time a worker; those of a vanished worker are done elsewhere.

    Raises:
        ConfigError: no cluster answers, it has no workers, or these run another program.
        WorkersLost: the scheduler or all workers went away.
    """
    distributed = _library()
    with _connected(distributed, address) as client:
        _check_workers(client, address)
        yield from _work(client, _Alone(do, program()), tasks, address)


def program() -> dict[str, str]:
    """Return what has to be the same wherever a part of a run is computed."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"caresim source": program_hash(), "python": python, **{one: version(one) for one in COMPUTING}}


class _Alone:
    """Does a task when no other is under way in its process, after a look whether the program is the same."""

    lock = threading.Lock()

    def __init__(self, do: Callable[[Any], Any], expected: dict[str, str]) -> None:
        self.do = do
        self.expected = expected

    def __call__(self, task: Any) -> Any:
        other = _difference(self.expected, program())
        if other:
            return Failure(f"a worker that joined late runs another program ({other})")
        with self.lock:
            try:
                return self.do(task)
            except Exception as error:
                return failure_of(error)


def _library() -> Any:
    try:
        import distributed
    except ImportError:
        raise ConfigError(
            ["--scheduler: needs Dask, which is not installed; pip install 'caresim[cluster]'"]
        ) from None
    return distributed


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    """Talk to a scheduler; quietly, for what goes wrong is said in one line."""
    import logging

    if not ADDRESS.fullmatch(address):  # Dask would look for it a while, and complain of its own client
        raise ConfigError(
            [f"--scheduler {shown(address)}: is no address; write one such as tcp://10.0.0.1:8786"]
        )
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, which are compared below
            client = distributed.Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
    except (TimeoutError, OSError, ValueError, TypeError):
        raise ConfigError(
            [f"--scheduler {shown(address)}: nobody answers; start `dask scheduler` there, or write its address as "
             "tcp://HOST:8786"]
        ) from None  # fmt: skip
    try:
        yield client
    finally:
        client.close(timeout=1)


def _check_workers(client: Any, address: str) -> None:
    """See that there are workers, and that they run what we run."""
    try:
        client.wait_for_workers(1, timeout=ANSWERS_WITHIN)
    except (TimeoutError, OSError):
        raise ConfigError(
            [f"--scheduler {shown(address)}: has no workers; start `dask worker {address} --nworkers auto "
             "--nthreads 1`"]
        ) from None  # fmt: skip
    here = program()
    for worker, there in sorted(_programs(client, address).items()):
        if isinstance(there, dict):
            other = _difference(here, there)
        else:
            other = f"caresim cannot be imported there: {failure_of(there).message}"
        if other:
            raise ConfigError(
                [f"--scheduler {shown(address)}: worker {worker} runs another program ({other}); install the same "
                 "there"]
            )  # fmt: skip


def _programs(client: Any, address: str) -> dict[str, Any]:
    """Return what each worker runs, or why it cannot say so; without those that vanish while they are asked."""
    try:
        found = client.run(program, on_error="return")
        lost = {worker for worker, there in found.items() if isinstance(there, OSError)}
        gone = _gone(client, lost)
    except OSError:
        raise WorkersLost(f"the scheduler at {address} is gone") from None
    except Exception as error:
        return {address: error}
    if gone == set(found):
        raise ConfigError(
            [f"--scheduler {shown(address)}: its workers went away while they were asked what they run; start "
             f"`dask worker {address} --nworkers auto --nthreads 1`"]
        )  # fmt: skip
    return {worker: there for worker, there in found.items() if worker not in gone}


def _gone(client: Any, lost: set[str]) -> set[str]:
    """Return which of the workers whose connection broke the scheduler no longer knows; it may learn so a bit later."""
    until, there = time.monotonic() + LOOK_AFTER, lost
    while there:
        there = lost & set(client.scheduler_info(n_workers=-1)["workers"])
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    return lost - there


def _difference(here: dict[str, str], there: dict[str, str]) -> str:
    """Return what differs between two programs, or nothing."""
    return ", ".join(
        f"{what} {there.get(what)}, here {one}" for what, one in here.items() if there.get(what) != one
    )


def _work(
    client: Any, do: _Alone, tasks: Sequence[Task], address: str
) -> Iterator[tuple[Task, Result | Failure]]:
    """Do tasks; those whose workers died under them are done again one by one, to tell which of them it was."""
    suspects = []
    for task, result in _hand_out(client, do, tasks, address):
        if result is DIED:
            suspects.append(task)
        else:
            yield task, result
    for suspect in suspects:
        yield from _hand_out(client, do, [suspect], address)


def _hand_out(client: Any, do: _Alone, tasks: Sequence[Any], address: str) -> Iterator[tuple[Any, Any]]:
    """Hand out a few tasks a worker at a time; yield them as they come back."""
    import cloudpickle

    packed = cloudpickle.dumps(do)
    waiting = deque(tasks)
    at_hand: dict[Any, Any] = {}
    back: queue.Queue[Any] = queue.Queue()
    seen = time.monotonic()
    while waiting or at_hand:
        workers = _workers(client, address)
        while waiting and len(at_hand) < AHEAD * max(workers, 1):
            future = client.submit(_do_packed, packed, waiting[0], pure=False)
            at_hand[future] = waiting.popleft()
            future.add_done_callback(back.put)
        if workers:
            seen = time.monotonic()
        try:
            future = back.get(timeout=LOOK_AFTER)
        except queue.Empty:
            if time.monotonic() - seen > WITHOUT_WORKERS:
                raise WorkersLost(f"the cluster at {address} has lost all its workers") from None
            continue
        yield at_hand.pop(future), _result(future, address)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> _Alone:
    """Return what to do with each task; a worker unpacks it once."""
    return cast(_Alone, pickle.loads(packed))


def _do_packed(packed: bytes, task: Any) -> Any:
    return _unpacked(packed)(task)


def _workers(client: Any, address: str) -> int:
    """Return how many workers there are now."""
    if client.status != "running":
        raise WorkersLost(f"the scheduler at {address} is gone")
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _result(future: Any, address: str) -> Any:
    """Return what a task came to."""
    if future.status == "finished":
        return future.result()
    if future.status != "error":
        raise WorkersLost(f"the scheduler at {address} is gone")
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        return DIED
    return failure_of(error)
