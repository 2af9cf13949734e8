"""Measure what a resident-month costs and how many bytes a resident takes, and compare with other ways to do it.

CPU time of one core (`time.process_time`), never the clock on the wall: sizes one after the other in one process,
after a warm-up that compiles everything; each size is run several times with different luck, and the median and the
least are printed. The model is the one of `configs/heilongjiang.yaml` at other sizes.

    python experiments/benchmark.py
    python experiments/benchmark.py --quick --sizes 1000 30000 --json benchmark.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmark_rivals import against_objects, against_starsim
from benchmark_timing import CONFIG, IDLE, INFORMAL, cpu_seconds, measure, scenario_of, start_seconds

from caresim.model import CareModel

SIZES = (1_000, 30_000, 100_000, 1_000_000)
MONTHS = 60
"""Months of a run, from January on: rows are put in order once in so many."""
MOST_ROWS = 1_000_000
"""From this size on a run is repeated at most thrice."""
OBJECTS = 30_000
"""Residents at which the object-by-object version is timed."""
SHORT = {"--help": ("--help",), "validate": ("validate", str(CONFIG))}
"""Commands that have to answer in a blink."""
DEMOGRAPHY = ("fertility", "ageing", "mortality")
TARGETS = {"nanoseconds": 100.0, "informal": 60.0, "elder_months": 15.0, "times_objects": 30.0, "bytes": 160.0,
           "flat": 1.5, "start": 0.3}  # fmt: skip


AT_LEAST = ("times_objects", "elder_months")
"""Targets that are reached from above."""
SHOWN = 12
"""Blocks of memory that are printed."""
AT = 100_000
"""Residents at which most targets are set."""


def run(sizes: list[int], months: int, repetitions: int, objects: tuple[int, int]) -> dict[str, Any]:
    """Measure everything; `objects` holds residents and months of the comparison with objects."""
    results: dict[str, Any] = {"machine": machine(), "sizes": []}
    results["start_seconds"] = starts()
    results["warm_up"] = warm_up()
    for residents in sizes:
        times = min(3, repetitions) if residents >= MOST_ROWS else repetitions
        results["sizes"].append(measure(residents, months, times))
        print_size(results["sizes"][-1])
    print_sizes(results["sizes"])
    print_kept(results["sizes"][-1])
    results["informal"] = measure(min(AT, max(sizes)), months, repetitions, INFORMAL)
    print_informal(results["informal"])
    results["objects"] = against_objects(*objects, repetitions)
    print_objects(results["objects"])
    compared = next((size for size in results["sizes"] if size["residents"] == AT), results["sizes"][-1])
    results["starsim"] = against_starsim(compared["residents"], min(12, compared["months"]), repetitions)
    print_starsim(results["starsim"], compared)
    return results


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides the program."""
    return {"python": platform.python_version(), "processor": platform.machine(), "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2)}  # fmt: skip


def starts() -> dict[str, float]:
    """Start the short commands of the command line, and print the least CPU seconds of each."""
    spent = {name: start_seconds(line) for name, line in SHORT.items()}
    for name, seconds in spent.items():
        print(f"caresim {name}: {seconds:.3f} s{verdict(seconds, 'start', True, ' s')}")
    return spent


def warm_up() -> dict[str, float]:
    """Build and run a small county twice: what the first took more than the second is compilation."""
    scenario = scenario_of(600, 25)
    first, second = (
        cpu_seconds(lambda: CareModel(scenario, scenario.mixes[0].name).run())[0] for _ in range(2)
    )
    print(f"compilation {first - second:.1f} s (a county of 600 for 25 months: {second:.2f} s once compiled)")
    return {"compile_seconds": first - second, "run_seconds": second}


def print_size(size: dict[str, Any]) -> None:
    print(f"\n{size['residents']:,} residents, {size['months']} months, {size['repetitions']} repetitions: built in "
          f"{size['build_seconds']:.2f} s, {size['rows']:.2f} rows per resident")  # fmt: skip
    print(f"{'ns per resident-month':>22} {'median':>9} {'least':>9}")
    for part, values in size["nanoseconds"].items():
        print(f"{part:>22} {median(values):9.2f} {min(values):9.2f}")
    cascade = median(size["elder_months_per_second"])
    print(
        f"care cascade, paid care and the time bank in it: {cascade / 1e6:.1f} million elder-months per CPU-second"
    )


def print_sizes(sizes: list[dict[str, Any]]) -> None:
    """Print the sizes side by side, and the targets beside them."""
    print(f"\n{'residents':>10} {'processes':>10} {'least':>7} {'everything':>11} {'bytes, start':>13} {'end':>6} "
          f"{'all kept':>8} {'rows':>6}")  # fmt: skip
    flat = []
    for size in sizes:
        processes, everything = (size["nanoseconds"][name] for name in ("processes", "everything"))
        flat += [median(processes)] if 30_000 <= size["residents"] <= 1_000_000 else []
        told = "".join([
            verdict(median(everything), "nanoseconds", size["residents"] == AT, " ns"),
            verdict(size["bytes_kept"], "bytes", True, " bytes"),
        ])  # fmt: skip
        print(f"{size['residents']:10,} {median(processes):10.2f} {min(processes):7.2f} {median(everything):11.2f} "
              f"{size['bytes']:13.1f} {size['bytes_end']:6.1f} {size['bytes_kept']:8.1f} "
              f"{size['rows']:6.2f}{told}")  # fmt: skip
    if len(flat) > 1:
        ratio = max(flat) / min(flat)
        print(
            f"dearest size over cheapest, 30,000 to 1,000,000: {ratio:.2f}{verdict(ratio, 'flat', True, '')}"
        )


def print_kept(size: dict[str, Any]) -> None:
    """Print the largest blocks of memory that stay from month to month: that of the columns first."""
    print(f"\nkept at the end, {size['residents']:,} residents, bytes a resident:")
    for path, number in list(size["kept"].items())[:SHOWN]:
        print(f"{number:10.2f} {path}")


def print_informal(size: dict[str, Any]) -> None:
    """Print what informal care alone costs, and what of it goes into asking where nobody is paid."""
    parts = size["nanoseconds"]
    everything, idle = median(parts["everything"]), sum(median(parts[name]) for name in IDLE)
    cascade = median(size["elder_months_per_second"]) / 1e6
    told = verdict(everything - idle, "informal", size["residents"] == AT, " ns")
    print(f"\ninformal care alone, {size['residents']:,} residents: everything {everything:.1f} ns, of it "
          f"{idle:.1f} by processes of paid care and money, {everything - idle:.1f} by the rest{told}")  # fmt: skip
    told = verdict(cascade, "elder_months", size["residents"] == AT, " million")
    print(f"its cascade: {cascade:.1f} million elder-months per CPU-second{told}")


def verdict(value: float, target: str, applies: bool, unit: str) -> str:
    """Return a target and whether a value reaches it; at least that for ratios, at most that for costs."""
    if not applies:
        return ""
    goal, at_least = TARGETS[target], target in AT_LEAST
    reached = value >= goal if at_least else value <= goal
    relation = "at least" if at_least else "at most"
    return f"  [{relation} {goal:g}{unit}: {'reached' if reached else 'missed'}]"


def print_objects(objects: dict[str, float]) -> None:
    print(
        f"\nplain Mesa, {objects['residents']:,} residents, {objects['months']} months, ns per resident-month:"
    )
    print(f"  objects {objects['theirs']:,.0f}, of it draws {objects['their_draws']:,.0f} "
          f"({objects['their_draws_per_resident_month']:.1f} draws)")  # fmt: skip
    print(f"  columns {objects['ours']:.1f}, of it draws {objects['our_draws']:.1f} "
          f"({objects['our_draws_per_resident_month']:.1f} draws)")  # fmt: skip
    told = verdict(objects["times"], "times_objects", True, "")
    print(f"  columns are {objects['times']:,.0f} times as fast, draws apart on both sides{told}; "
          f"{objects['times_with_draws']:,.0f} times with them")  # fmt: skip


def print_starsim(starsim: dict[str, Any] | None, size: dict[str, Any]) -> None:
    if starsim is None:
        print("\nStarsim is not installed: not compared (pip install caresim[benchmark])")
        return
    ours = sum(median(size["nanoseconds"][name]) for name in DEMOGRAPHY)
    shared = "on" if starsim["common_random_numbers"] else "off"
    print(f"\nStarsim {starsim['version']} (common random numbers {shared}), births and deaths of "
          f"{starsim['residents']:,} agents: "
          f"{starsim['nanoseconds']:.0f} ns per agent-month; here {' + '.join(DEMOGRAPHY)}: {ours:.1f} "
          f"({starsim['nanoseconds'] / ours:.0f} times)")  # fmt: skip


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="fewer repetitions, no million, compiled code kept"
    )
    parser.add_argument("--sizes", nargs="+", type=int, metavar="RESIDENTS", help="residents (600 at least)")
    parser.add_argument("--repetitions", type=int, help="runs of each size")
    parser.add_argument(
        "--objects", nargs=2, type=int, metavar=("RESIDENTS", "MONTHS"), help="size of the object version"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here too")
    options = parser.parse_args(arguments)
    sizes = options.sizes or list(SIZES[: 3 if options.quick else None])
    months = 12 if options.quick else MONTHS
    objects = tuple(options.objects or (OBJECTS, 3 if options.quick else 12))
    if not options.quick:
        os.environ["CARESIM_CACHE"] = tempfile.mkdtemp()  # else machine code is read from disk, not compiled
    results = run(sizes, months, options.repetitions or (2 if options.quick else 5), objects)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return results


if __name__ == "__main__":
    main()
