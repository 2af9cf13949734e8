"""Time what the model is compared with: the same processes with an object a person, and Starsim's births and deaths."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from benchmark_timing import INFORMAL, PARTS, cpu_seconds, lived, scenario_of

from caresim.kernel import draws
from caresim.kernel.clock import year_of
from caresim.kernel.compiled import compiled
from caresim.model import CareModel
from caresim.synthesis.places import read_place

COUNTED = 3_000
"""Most residents among whom draws are counted, which takes plain Python."""
KINDS = ("uniform", "uniform_k", "child_key", "normal_quantile")
DRAWS_PER_LOOP = 1_000_000


# --- an object a person -------------------------------------------------------------------------------------


def against_objects(residents: int, months: int, repetitions: int) -> dict[str, float]:
    """Time the same processes over the same people, object by object on plain Mesa, draws apart on both sides."""
    from tests.reference import CountedLuck, Luck, ReferenceModel

    scenario = scenario_of(residents, months, INFORMAL)

    def world() -> Any:
        return CareModel(scenario, INFORMAL, collect=False).world

    def months_of(reference: Any) -> float:
        return cpu_seconds(lambda: [reference.step() for _ in range(months)])[0]

    ours, resident_months = [], 0
    for _ in range(repetitions):
        seconds, resident_months, _ = lived(CareModel(scenario, INFORMAL, collect=False), months)
        ours.append(sum(seconds[part] for part in PARTS[:-2]))
    counted = ReferenceModel.from_world(world(), scenario.parameters_at, CountedLuck)
    theirs_counted = months_of(counted)
    theirs = months_of(ReferenceModel.from_world(world(), scenario.parameters_at, Luck))
    drawn = draws_of(min(residents, COUNTED), months)
    one = seconds_of_a_draw()
    our_draws = sum(rate * resident_months * one[kind] for kind, rate in drawn.items())
    scale = 1e9 / resident_months
    numbers = {"ours": median(ours), "our_draws": our_draws, "theirs": theirs, "theirs_counted": theirs_counted,
               "their_draws": counted.luck.seconds()}  # fmt: skip
    apart = (theirs_counted - numbers["their_draws"]) / (numbers["ours"] - our_draws)
    return {**{name: value * scale for name, value in numbers.items()}, "residents": residents, "months": months,
            "our_draws_per_resident_month": sum(drawn.values()),
            "their_draws_per_resident_month": sum(counted.luck.calls.values()) / resident_months,
            "times": apart, "times_with_draws": theirs / numbers["ours"]}  # fmt: skip


def draws_of(residents: int, months: int) -> dict[str, float]:
    """Return the processes' draws per resident-month, by kind: counted in a Python of its own that compiles nothing."""
    command = [sys.executable, __file__, str(residents), str(months)]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def count_draws(residents: int, months: int) -> dict[str, float]:
    """Return how often the processes draw per resident-month, by kind; only where rules stay plain Python."""
    calls = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        rule = getattr(draws, kind)
        rule.dispatcher = _counting(kind, rule.rule, calls)
    with np.errstate(all="ignore"):
        model = CareModel(scenario_of(residents, months, INFORMAL), INFORMAL, collect=False)
        calls.update(dict.fromkeys(KINDS, 0))
        _, resident_months, _ = lived(model, months)
    return {kind: n / resident_months for kind, n in calls.items()}


def _counting(kind: str, rule: Callable[..., Any], calls: dict[str, int]) -> Callable[..., Any]:
    def drawn(*args: Any) -> Any:
        calls[kind] += 1
        return rule(*args)

    return drawn


@compiled
def draw_uniform(stream, keys):  # type: ignore[no-untyped-def]
    """Draw once for every key, as `drawn_below` does, and only count."""
    below = 0
    for i in range(len(keys)):
        below += draws_uniform(stream, keys[i]) < 0.5
    return below


@compiled
def draw_uniform_k(stream, keys):  # type: ignore[no-untyped-def]
    """Draw a further draw for every key, and only count."""
    below = 0
    for i in range(len(keys)):
        below += draws_uniform_k(stream, keys[i], 1) < 0.5
    return below


draws_uniform, draws_uniform_k = draws.uniform, draws.uniform_k


def seconds_of_a_draw(n: int = DRAWS_PER_LOOP) -> dict[str, float]:
    """Return the CPU seconds of one draw by kind, in a compiled loop that only draws; the least of many loops.

    Keys and quantiles are so few that they count as a further draw.
    """
    keys, stream = np.arange(1, n + 1, dtype=np.uint64) * draws.ODD_A, np.uint64(12345)
    loops = {"uniform": draw_uniform, "uniform_k": draw_uniform_k}
    for loop in loops.values():
        loop(stream, keys)
    took = {kind: min(cpu_seconds(lambda loop=loop: loop(stream, keys))[0] for _ in range(9)) / n  # type: ignore[misc]
            for kind, loop in loops.items()}  # fmt: skip
    return {kind: took.get(kind, took["uniform_k"]) for kind in KINDS}


# --- Starsim ------------------------------------------------------------------------------------------------


def against_starsim(residents: int, months: int, repetitions: int) -> dict[str, Any] | None:
    """Time Starsim's births and deaths (ageing included) for as many agents, at this model's rates of death.

    Returns:
        Nanoseconds per agent-month, or None where Starsim is not installed.
    """
    try:
        import starsim
    except ImportError:
        return None
    took = []
    _starsim_nanoseconds(starsim, 1_000, 3)
    for _ in range(repetitions):
        took.append(_starsim_nanoseconds(starsim, residents, months))
    return {"version": starsim.__version__, "residents": residents, "months": months, "nanoseconds": median(took),
            "common_random_numbers": bool(starsim.options.crn)}  # fmt: skip


def _starsim_nanoseconds(starsim: Any, agents: int, months: int) -> float:
    import pandas as pd

    scenario = scenario_of(1_000, 1)
    year = year_of(scenario.start)
    vital = read_place(scenario.place, year).rates
    rates = vital.death[vital.row(year)]
    table = [(year, sex, age, rate) for sex, row in zip(("Male", "Female"), rates, strict=True)
             for age, rate in enumerate(row)]  # fmt: skip
    deaths = starsim.Deaths(
        death_rate=pd.DataFrame(table, columns=["Time", "Sex", "AgeGrpStart", "mx"]), rate_units=1.0
    )
    demographics = [starsim.Births(birth_rate=starsim.peryear(8)), deaths]
    span = {"dur": starsim.months(months), "dt": starsim.month}
    sim = starsim.Sim(n_agents=agents, demographics=demographics, verbose=0, **span)
    sim.init()
    seconds, _ = cpu_seconds(sim.run)
    return seconds / float(np.sum(sim.results.n_alive)) * 1e9


if __name__ == "__main__":
    print(json.dumps(count_draws(*map(int, sys.argv[1:]))))
