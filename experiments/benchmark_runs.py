"""Measure how many village-runs a core does in a second, what storing them costs, and what a second process gains.

A village-run is 1,100 people for 30 years with every measure on, at a point of a Latin hypercube over two parameters.
Throughput and storing are CPU time of one core. What two processes gain is time on the wall, which other work on the
machine spoils: a plain loop that burns CPU, once alone and once beside a copy of itself, is the measure of what the
machine gives, in the same rounds.

    python experiments/benchmark_runs.py
    python experiments/benchmark_runs.py --runs 20 --rounds 1 --json runs.json
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmark_timing import ROOT, cpu_seconds, scenario_of

from caresim.experiment.replication import replicate
from caresim.experiment.sweep import sweep
from caresim.results import Outcome
from caresim.scenario import Scenario
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design

RESIDENTS, MONTHS = 1_100, 360
AXES = ("burden.base", "loneliness.alone")
TARGETS = {"runs_per_core_second": 15.0, "storing_share": 0.05, "efficiency": 0.93}
BURN = "total = 0\nfor number in range({steps}): total += number * number"
BURNT = 200_000_000
"""Steps of the loop that burns CPU: some seconds."""


def village(runs: int) -> tuple[Scenario, Design]:
    """Return a village of 1,100 for 30 years, and a design of so many points."""
    scenario = replace(scenario_of(RESIDENTS, MONTHS), replications=1)
    return scenario, Design("lhs", runs, scenario.seed, tuple(axis_of(name, None, ()) for name in AXES))


def throughput(runs: int) -> dict[str, float]:
    """Sweep in this process, warm; return runs a CPU-second, and the share of its time that is not the model's."""
    scenario, design = village(runs)
    replicate(replace(scenario, months=13), scenario.baseline, 0)
    inside = 0.0

    def timed(scenario: Scenario, mix: str, replication: int) -> Outcome:
        nonlocal inside
        seconds, outcome = cpu_seconds(lambda: replicate(scenario, mix, replication))
        inside += seconds
        return outcome

    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = cpu_seconds(
            lambda: sweep(scenario, design, Path(folder) / "sweep", jobs=1, simulate=timed)
        )
    return {"runs_per_core_second": runs / seconds, "storing_share": 1.0 - inside / seconds}


def gains(runs: int) -> dict[str, float]:
    """Return how many times as much is done with two processes as with one: by plain loops, and by a sweep."""
    burning = [sys.executable, "-c", BURN.format(steps=BURNT)]
    control = 2.0 * wall([burning]) / wall([burning, burning])
    ours = wall([sweeping(runs, 1)]) / wall([sweeping(runs, 2)])
    return {"control": control, "sweep": ours, "efficiency": ours / control}


def sweeping(runs: int, jobs: int) -> list[str]:
    """Return the command line that sweeps in so many processes, from its start to its end."""
    asked = {"population": f"{{residents: {RESIDENTS}, villages: {RESIDENTS // 300}, townships: 1}}",
             "months": MONTHS, "replications": 1}  # fmt: skip
    line = [sys.executable, "-m", "caresim.cli", "sweep", "configs/heilongjiang.yaml", "--mix", "integrated_pluralism",
            "--design", "lhs", "--points", str(runs), "--jobs", str(jobs)]  # fmt: skip
    return [*line, *(part for name in AXES for part in ("--axis", name)),
            *(part for name, value in asked.items() for part in ("--set", f"{name}={value}"))]  # fmt: skip


def wall(lines: Sequence[Sequence[str]]) -> float:
    """Run commands side by side, each sweep into a folder that is thrown away; return the seconds on the wall."""
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "out")]
        began = time.perf_counter()
        started = [
            subprocess.Popen([*line, *(out if "sweep" in line else [])], cwd=ROOT, stdout=subprocess.DEVNULL)
            for line in lines
        ]
        if any(process.wait() for process in started):
            raise SystemExit(f"{' '.join(lines[0])} failed")
        return time.perf_counter() - began


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=100, help="village-runs of each sweep")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--alone", action="store_true", help="one process only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here too")
    options = parser.parse_args(arguments)
    measures = [throughput] if options.alone else [throughput, gains]
    rounds = [
        {k: v for measure in measures for k, v in measure(options.runs).items()}
        for _ in range(options.rounds)
    ]
    found = {name: [one[name] for one in rounds] for name in rounds[0]}
    for name, values in found.items():
        print(f"{name:>22}: median {median(values):.3f}, {', '.join(f'{value:.3f}' for value in values)}"
              f"{verdict(name, median(values))}")  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    return found


def verdict(name: str, value: float) -> str:
    """Return what was to be reached, and whether it is."""
    if name not in TARGETS:
        return ""
    at_most = name == "storing_share"
    reached = value <= TARGETS[name] if at_most else value >= TARGETS[name]
    return f"  [at {'most' if at_most else 'least'} {TARGETS[name]:g}: {'reached' if reached else 'missed'}]"


if __name__ == "__main__":
    main()
