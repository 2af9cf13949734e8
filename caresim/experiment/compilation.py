"""Compile what a scenario calls in several processes, before its first run."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from tqdm import tqdm

from caresim.experiment.executors import Failure, work_through
from caresim.experiment.replication import replicate
from caresim.kernel.compiled import share_kept
from caresim.kernel.rehearsal import Call, rehearsed

if TYPE_CHECKING:
    from caresim.scenario import Scenario

MOST = 0.6
"""Share of rules whose machine code is kept from which the rest is compiled as it is called."""


def compile_rules(scenario: Scenario, mixes: Iterable[str], jobs: int, progress: bool | None = None) -> None:
    """Compile the rules that mixes of a scenario call, unless machine code of most is kept from earlier runs.

    Each mix is rehearsed in a small place for a year and a month to learn what it calls. What that misses is compiled
    when it is called first, and what goes wrong here is told by the run that meets it.

    Args:
        scenario: the scenario that is about to run.
        mixes: names of the mixes that will run; named twice, a mix is rehearsed once.
        jobs: processes that share the work.
        progress: show a bar; by default where standard error is a terminal.
    """
    from caresim.model import CareModel  # noqa: F401 - so that all rules are known

    if share_kept() >= MOST:
        return
    rehearse = partial(_calls_of, small_place(scenario))
    heard = _all_done(rehearse, list(dict.fromkeys(mixes)), jobs, "rehearsing", progress)
    calls = list(dict.fromkeys(call for known in heard for call in known))
    _all_done(Call.compile, calls, jobs, "compiling, once", progress)


def small_place(scenario: Scenario) -> Scenario:
    """Return a scenario in a place so small that a rehearsal takes seconds, with more than one of all there is.

    NumPy takes a single row of a wider table for an array without gaps, for which other machine code is needed.
    """
    return replace(scenario, residents=800, townships=3, villages=6, months=13, replications=1, counties=1)


def _calls_of(scenario: Scenario, mix: str) -> list[Call]:
    """Return the calls that a mix makes in a worker, where all arrays can be written, up to where it stops."""
    sent = pickle.loads(pickle.dumps(scenario))
    with rehearsed() as calls, suppress(Exception):
        replicate(sent, mix, 0)
    return list(calls)


def _all_done(
    do: Callable[[Any], Any], tasks: list[Any], jobs: int, what: str, progress: bool | None
) -> list[Any]:
    """Do tasks in processes, and return what did not fail."""
    shown = progress if progress is not None else sys.stderr.isatty()
    with closing(cast(Any, work_through(do, tasks, jobs))) as work:
        done = tqdm(
            work, total=len(tasks), desc=what, unit="rule" if do is Call.compile else "mix", disable=not shown
        )
        return [result for _, result in done if not isinstance(result, Failure)]
