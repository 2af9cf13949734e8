"""How sure is the ranking of the mixes, if everything that nobody knows may be otherwise?

    python experiments/doubts.py                                              # some minutes: 200 worlds
    python experiments/doubts.py --worlds 4 --residents 600 --months 24       # to see how

A run of the mixes holds luck only. Here each of many worlds draws every parameter that is marked uncertain from its
declared range (a Latin hypercube, each value as likely as the next), but for those that were fitted to targets; all
mixes live through each world with the same luck. Told are, for hours unmet, adequacy, lonely elders and QALYs: what
each mix changes against the status quo, in the middle world and in nine of ten; in how many worlds it is better; its
ranks; whether the spread is the parameters' or luck's; and which parameters the effect of one mix hangs on. The ranges
are mostly judgements, and so is that parameters are independent.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from scipy.stats import norm, qmc

from caresim import load_scenario
from caresim.experiment.decision.readings import QALYS, read
from caresim.experiment.decision.variance import variance_components
from caresim.experiment.designs import POINT, Points, at_positions
from caresim.experiment.joint_limits import within_limits
from caresim.experiment.sweep import run_points
from caresim.scenario.axes import marks_of_axis
from caresim.scenario.deviations import written_by_mixes
from caresim.scenario.unknowns import uncertain_axes

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "heilongjiang.yaml"
MEASURES = {"unmet_share_all": -1.0, "adequacy": 1.0, "lonely_share": -1.0, QALYS: 1.0}
"""What is told, and whether more of it is better (1) or worse (-1)."""
ASKED = {"unmet_share_all": "integrated_pluralism", "lonely_share": "social_work_plus"}
"""The mix of which it is told, by measure, what its effect hangs on."""


def worlds(scenario, number):
    """Return points that draw everything uncertain that no target was fitted with."""
    axes = tuple(axis for axis in uncertain_axes() if marks_of_axis(axis)["evidence"] != "fitted"
                 and not written_by_mixes(scenario, axis)[1])  # fmt: skip
    cube = qmc.LatinHypercube(len(axes), seed=scenario.seed).random(number)
    return Points(axes, at_positions(axes, within_limits(scenario, axes, cube)))


def summed_up(gains, better):
    """Return a row a mix: its gain over worlds, in how many it is better, its ranks, and whose the spread is."""
    of_worlds = gains.groupby(level=POINT).mean()
    ranks = (better * of_worlds).rank(axis=1, ascending=False)
    shares = {mix: variance_components(gains[mix])["parameter_share"] for mix in gains}
    return pd.DataFrame({
        "median": of_worlds.median(), "5 %": of_worlds.quantile(0.05), "95 %": of_worlds.quantile(0.95),
        "better than status quo": (better * of_worlds > 0.0).mean(), "first": (ranks == 1.0).mean(),
        "rank, median": ranks.median(), "rank, 5 %": ranks.quantile(0.05), "rank, 95 %": ranks.quantile(0.95),
        "parameters' share of spread": pd.Series(shares),
    })  # fmt: skip


def leaders(gain, points):
    """Return the axes that the gain of a mix follows over worlds, by rank correlation.

    Left out is what chance could make: of so many axes it leads none beyond that in nineteen of twenty tries.
    """
    values = points.frame().set_index(POINT).select_dtypes("number")
    found = values.corrwith(gain.groupby(level=POINT).mean(), method="spearman").rename("rank correlation")
    chance = norm.isf(0.025 / len(points.axes)) / (len(points) - 1) ** 0.5
    found = found[found.abs() > chance].sort_values(key=abs, ascending=False).to_frame()
    marks = {axis.name: marks_of_axis(axis).get("evidence") for axis in points.axes}
    return found.assign(evidence=[marks[name] for name in found.index])


def main(line=None) -> None:
    """Run the mixes in many worlds, and tell how sure their ranks are."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--worlds", type=int, default=200)
    arguments.add_argument("--residents", type=int, default=6000)
    arguments.add_argument("--months", type=int, default=180)
    arguments.add_argument("--replications", type=int, default=2)
    arguments.add_argument(
        "--mix", action="append", help="beside the status quo; may be repeated; by default all"
    )
    arguments.add_argument("--jobs", type=int, default=None)
    arguments.add_argument("--out", type=Path, default=Path("results/doubts"))
    arguments.add_argument("--resume", action="store_true")
    given = arguments.parse_args(line)
    size = (f"population.residents={given.residents}", f"population.villages={max(given.residents // 300, 1)}",
            f"population.townships={max(given.residents // 3000, 1)}", f"months={given.months}",
            f"replications={given.replications}")  # fmt: skip
    scenario = load_scenario(CONFIG, set=size)
    scenario = scenario.only(scenario.baseline, *given.mix) if given.mix else scenario
    points = worlds(scenario, given.worlds)
    folder = run_points(scenario, points, given.out, {"kind": "lhs", "seed": scenario.seed}, jobs=given.jobs,
                        resume=given.resume)  # fmt: skip
    of_runs = folder.runs.set_index([POINT, "replication", "mix"])
    qalys = read(folder.path).effects(QALYS)
    print(f"{len(points)} worlds, {len(points.axes)} parameters drawn, {len(folder.failed_runs)} runs failed")
    for name, better in MEASURES.items():
        numbers = (qalys if name == QALYS else of_runs[name].unstack("mix")).dropna()
        gains = numbers.drop(columns=scenario.baseline).sub(numbers[scenario.baseline], axis=0)
        table = summed_up(gains, better)
        table.to_csv(given.out / f"{name}_by_mix.csv")
        print(f"\n{name} beyond the status quo\n{table.to_string(float_format='{:.3g}'.format)}")
        if (mix := ASKED.get(name)) in gains:
            hangs = leaders(gains[mix], points)
            hangs.to_csv(given.out / f"{name}_{mix}_hangs_on.csv")
            print(f"\nWhat the effect of {mix} hangs on\n{hangs.to_string(float_format='{:.2f}'.format)}")


if __name__ == "__main__":
    main()
