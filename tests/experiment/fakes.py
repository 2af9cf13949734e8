"""Replications that cost nothing, and some that go wrong; importable by worker processes."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np

from caresim import catalogue
from caresim.agents.checks import LawBroken
from caresim.kernel.clock import month_text
from caresim.results import Outcome, Part
from caresim.scenario import Scenario

NAMES = [indicator.name for indicator in catalogue.indicators()]


def small(**keys):
    said = {"name": "fake", "place": "rural_heilongjiang", "start": "2020-01", "months": 13, "seed": 5}
    said |= {"replications": 6, "residents": 600, "townships": 1, "villages": 2} | keys
    return Scenario.of(**said)


def outcome(scenario, mix, replication):
    """Return numbers that follow from the seed, the mix and the replication."""
    luck = np.random.default_rng([scenario.seed, replication, len(mix), scenario.county])
    records = [
        {
            "month": month_text(scenario.start + m),
            **dict(zip(NAMES, luck.normal(size=len(NAMES)), strict=True)),
        }
        for m in range(scenario.months)
    ]
    return Outcome(records, {2020 + year: luck.integers(0, 99, (2, 21, 2)) for year in range(2)})


def part_of(scenario, task):
    return Part.of(task, outcome(scenario.in_county(task.county), task.mix, task.replication))


def slow(scenario, mix, replication):
    time.sleep(0.15)
    return outcome(scenario, mix, replication)


def unlawful(scenario, mix, replication):
    if replication == 2:
        raise LawBroken("2020-03", "people balance", {"now": 7})
    return outcome(scenario, mix, replication)


def removes(scenario, mix, replication):
    """Take the run folder of this test away, wherever it is, when the third replication comes."""
    if replication == 2:
        for folder in Path(os.environ["FAKE_FOLDER"]).glob("*"):
            shutil.rmtree(folder, ignore_errors=True)
    return outcome(scenario, mix, replication)


def dies(scenario, mix, replication):
    if replication == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return outcome(scenario, mix, replication)


def contents(folder, names=("monthly.parquet", "population.parquet", "summary.csv")):
    """Return the bytes of the files that must not depend on the way they came about."""
    return {name: (Path(folder) / name).read_bytes() for name in names}
