"""Time the model's parts: CPU seconds of one core, month by month."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmark_bytes import bytes_kept  # noqa: E402

from caresim import catalogue  # noqa: E402
from caresim.agents.checks import check_month  # noqa: E402
from caresim.agents.people import LIVING_RESIDENT  # noqa: E402
from caresim.model import CareModel  # noqa: E402
from caresim.recorder import Recorder  # noqa: E402
from caresim.scenario import Scenario, load_scenario  # noqa: E402
from caresim.schedule import MONTH  # noqa: E402

CONFIG = ROOT / "configs" / "heilongjiang.yaml"
OPEN, CHECKS, INDICATORS = "opening the month", "checks", "indicators"
PARTS = (OPEN, *(process.name for process in MONTH), CHECKS, INDICATORS)
CASCADE = tuple(
    process.name for process in MONTH if process.source or process.name in ("needs", "respite", "unmet_need")
)
"""The processes that find out who needs care, hand it over, and close the book."""


IDLE = ("admission", "grandchild_care", "assessment", "benefits", "social_work", "care_schemes", "digital_skill",
        "home_modification", "meals", "entitled_care", "visits", "care_beds", "formal_care", "purchased_care",
        "home_upkeep", "hospital", "homes", "workforce", "household_money")  # fmt: skip
"""The processes that are no part of informal care: where nobody is paid they have little to do."""
ALL_ON, INFORMAL = "integrated_pluralism", "no_policy"
"""The mix in which every sector acts, and the one for comparisons with plain objects, which know informal care only."""
NOBODY_PAYS = ("parameters.workforce.limited=false", "parameters.purchased_care.hours=0.0")


def scenario_of(residents: int, months: int, mix: str = ALL_ON) -> Scenario:
    """Return the main scenario with so many people, in villages of 300 and townships of 3,000, under one mix."""
    villages, townships = max(1, residents // 300), max(1, residents // 3_000)
    population = f"population={{residents: {residents}, villages: {villages}, townships: {townships}}}"
    paid = NOBODY_PAYS if mix == INFORMAL else ()
    said = [population, f"months={months}", f"mixes=[{mix}]", f"baseline={mix}", *paid]
    return load_scenario(CONFIG, set=said)


def cpu_seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds of an act, and what it returns."""
    began = time.process_time()
    result = act()
    return time.process_time() - began, result


def start_seconds(arguments: Sequence[str], times: int = 10) -> float:
    """Return the least CPU seconds, of some starts, in which the command line answers."""
    line = [sys.executable, "-m", "caresim.cli", *arguments]
    spent = []
    for _ in range(times):
        before = _of_children()
        subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
        spent.append(_of_children() - before)
    return min(spent)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lived(model: CareModel, months: int) -> tuple[dict[str, float], int, int]:
    """Let months pass as `CareModel.step` does; return CPU seconds by part, resident-months and elder-months."""
    world, scenario, mix = model.world, model.scenario, model.mix.name
    seconds, resident_months, elder_months = dict.fromkeys(PARTS, 0.0), 0, 0
    recorder = Recorder(catalogue.indicators())
    for month in range(world.start, world.start + months):
        steps = [
            lambda month=month: world.open_month(
                month, scenario.parameters_at(month, mix), scenario.policy_at(month, mix)
            ),
            *(lambda process=process: process.run(world) for process in MONTH),
            lambda: check_month(world),
            lambda: recorder.row(world),
        ]
        for part, step in zip(PARTS, steps, strict=True):
            seconds[part] += cpu_seconds(step)[0]
        resident_months += world.people.count(LIVING_RESIDENT)
        elder_months += len(world.elders)
    return seconds, resident_months, elder_months


def measure(residents: int, months: int, repetitions: int, mix: str = ALL_ON) -> dict[str, Any]:
    """Run a size several times; return nanoseconds per resident-month by part, one a repetition, and its bytes."""
    scenario = scenario_of(residents, months, mix)
    nanoseconds: dict[str, list[float]] = {part: [] for part in PARTS}
    builds, sizes, cascade = [], [], []
    for replication in range(repetitions):
        seconds, model = cpu_seconds(lambda r=replication: CareModel(scenario, mix, r, collect=False))  # type: ignore[misc]
        builds.append(seconds)
        before = _size(model)
        parts, resident_months, elder_months = lived(model, months)
        cascade.append(elder_months / sum(parts[name] for name in CASCADE))
        for part, value in parts.items():
            nanoseconds[part].append(value / resident_months * 1e9)
        kept = bytes_kept(model.world)
        sizes.append({**before, "bytes_end": _size(model)["bytes"], "bytes_kept": sum(kept.values())})
    sums = {"processes": PARTS[:-2], "everything": PARTS}
    totals = {name: [sum(column) for column in zip(*(nanoseconds[p] for p in parts), strict=True)]
              for name, parts in sums.items()}  # fmt: skip
    return {"residents": residents, "months": months, "repetitions": repetitions, "build_seconds": median(builds),
            **{name: median(size[name] for size in sizes) for name in sizes[0]},
            "nanoseconds": {**nanoseconds, **totals}, "elder_months_per_second": cascade, "kept": kept}  # fmt: skip


def _size(model: CareModel) -> dict[str, float]:
    people = model.people
    residents = people.count(LIVING_RESIDENT)
    return {"rows": (people.n + people.n_kin) / residents, "bytes": people.nbytes / residents}
