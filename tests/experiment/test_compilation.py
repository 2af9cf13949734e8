"""A rehearsal says what a run will call, and changes no number; what it says is compiled in processes."""

import math
import os
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from numba import typeof
from numba.core.dispatcher import Dispatcher

from caresim import load_scenario
from caresim.experiment import compilation
from caresim.experiment.compilation import compile_rules, small_place
from caresim.experiment.failure import Failure
from caresim.experiment.replication import replicate
from caresim.kernel.compiled import PACKAGE
from caresim.kernel.rehearsal import Call

ROOT = PACKAGE.parent
ALL_ON = "integrated_pluralism"
REHEARSE = """
import pickle, sys
from caresim.experiment.replication import replicate
from caresim.kernel.rehearsal import rehearsed
from tests.experiment.test_compilation import ALL_ON, place

with rehearsed() as calls:
    outcome = replicate(place(), ALL_ON, 0)
sys.stdout.buffer.write(pickle.dumps((list(calls), outcome.records)))
"""
COMPILE = """
from numba import types
from caresim.experiment.compilation import _all_done
from caresim.kernel.rehearsal import Call

word, text = types.uint64, types.unicode_type
calls = [Call("caresim.kernel.draws", "uniform", pair) for pair in ((word, word), (text, text))]
calls.append(Call("caresim.kernel.draws", "uniform_k", (word, word, types.int64)))
print(len(_all_done(Call.compile, calls, 2, "compiling", False)))
"""


def place():
    return small_place(load_scenario(ROOT / "configs" / "heilongjiang.yaml"))


@pytest.fixture(scope="module")
def rehearsal():
    """The calls and the records of a rehearsal in a process of its own, in which nothing is compiled."""
    done = subprocess.run([sys.executable, "-c", REHEARSE], cwd=ROOT, capture_output=True, check=True)
    return pickle.loads(done.stdout)


def test_rules_count_the_same_whether_interpreted_or_compiled(rehearsal):
    _, rehearsed_records = rehearsal
    for told, ran in zip(rehearsed_records, replicate(place(), ALL_ON, 0).records, strict=True):
        assert told.keys() == ran.keys()
        for name, value in ran.items():
            other = told[name]
            same = (
                other == value
                or (value != value and other != other)
                or math.isclose(other, value, rel_tol=1e-9)
            )
            assert same, (ran["month"], name, value, other)


def test_a_rehearsal_says_what_a_larger_run_calls(rehearsal, monkeypatch):
    calls, _ = rehearsal
    called = set()
    compile_for = Dispatcher._compile_for_args

    def noted(self, *args, **kwargs):
        called.add(
            Call(self.py_func.__module__, self.py_func.__qualname__, tuple(typeof(one) for one in args))
        )
        return compile_for(self, *args, **kwargs)

    monkeypatch.setattr(Dispatcher, "_compile_for_args", noted)
    replicate(replace(place(), residents=9000, months=24), ALL_ON, 0)
    assert called <= set(calls)


def test_what_can_be_compiled_is_compiled_in_processes_and_kept(tmp_path):
    environment = os.environ | {"CARESIM_CACHE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", COMPILE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "2\n", done.stderr
    assert {path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")} >= {
        "draws.uniform",
        "draws.uniform_k",
    }


@pytest.fixture
def worked(monkeypatch):
    """What processes are asked to do, and with how many of them; a rehearsal hears two calls, or fails."""
    asked = []
    one, other = (Call("caresim.kernel.draws", name, ()) for name in ("mixed", "uniform_k"))

    def work_through(do, tasks, jobs):
        asked.append((list(tasks), jobs))
        for task in tasks:
            yield task, Failure("lost") if task == "status_quo" else [one, other]

    monkeypatch.setattr(compilation, "work_through", work_through)
    return asked, one, other


def test_what_any_mix_calls_is_compiled_once(worked, monkeypatch):
    asked, one, other = worked
    monkeypatch.setattr(compilation, "share_kept", lambda: 0.0)
    scenario = load_scenario(ROOT / "configs" / "heilongjiang.yaml")
    compile_rules(scenario, ["status_quo", "time_bank", "cash_only", "time_bank"], 3, False)
    assert asked == [(["status_quo", "time_bank", "cash_only"], 3), ([one, other], 3)]


def test_nothing_is_rehearsed_where_most_rules_are_compiled(worked, monkeypatch):
    monkeypatch.setattr(compilation, "share_kept", lambda: 0.9)
    compile_rules(load_scenario(ROOT / "configs" / "heilongjiang.yaml"), ["status_quo"], 2, False)
    assert worked[0] == []


def test_what_stops_a_rehearsal_is_left_to_the_run(monkeypatch):
    def broken(*_):
        raise ValueError("no such hamlet")

    monkeypatch.setattr(compilation, "replicate", broken)
    assert compilation._calls_of(place(), ALL_ON) == []
