"""Which welfare mix does best, by how much, and what does each part of it carry? Compare, take apart, and disturb.

    python experiments/welfare_mix.py                         # some hours: a county of 30,000, 15 years
    python experiments/welfare_mix.py --residents 1200 --months 24 --replications 2 --jobs 1    # a minute, to see how

Three questions, same luck throughout. The mixes of `configs/heilongjiang.yaml` are compared (tables as `caresim decide`
writes them). One of them, the integrated mix, is taken apart by sector: family, community, volunteers, state, market.
Every subset runs, the status quo standing for what is left out, and the Shapley value shares out what all parts add in
hours of care, years of life and money. Then each sector gives half for a year, and the hours that stay are counted.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from caresim import decide, disturb, load_scenario, run_experiment, take_apart
from caresim.experiment.decision.displacing import brief
from caresim.experiment.decision.shocks import SECTORS
from caresim.experiment.decision.writing import write_decision

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "heilongjiang.yaml"


def compare(scenario, out, jobs):
    """Print which mix does best by hours and by net benefit, and how sure that is."""
    run = run_experiment(scenario, out / "mixes", jobs=jobs, resume=True)
    tables = decide(run)
    write_decision(run, tables)
    for name in ("cost_per_hour", "cost_effectiveness", "cost_effectiveness_unmet_zero", "pareto"):
        print(f"\n{tables[name].attrs['caption']}\n{tables[name].to_string(float_format='{:.5g}'.format)}")
    table = brief(tables["displacement"])
    print(f"\n{table.attrs['caption']}\n{table.to_string(float_format='{:.3g}'.format, na_rep='')}")


def apart(scenario, whole, out, jobs):
    """Print what each part of a mix carries, and which pairs do more together than alone."""
    tables = take_apart(scenario, whole, out=out / f"parts_{whole}", jobs=jobs, resume=True)
    for measure in ("hours", "qalys", "cost"):
        print(f"\nWhat each part adds per elder: {measure} (95 % intervals over replications)")
        print(tables["shapley"].loc[measure].to_string(float_format="{:.5g}".format))
        pairs = tables["synergy"].loc[measure]
        print(f"Together beyond alone: {measure}\n{pairs.to_string(float_format='{:.3g}'.format)}")


def halve(scenario, out, jobs, first):
    """Print what stays of the hours of care while one sector gives half for a year."""
    kept = disturb(scenario, first, out=out / "halved", jobs=jobs, resume=True)
    print(f"\n{kept.attrs['caption']}")
    print(kept["kept"].unstack("halved")[list(SECTORS)].to_string(float_format="{:.3f}".format))


def main(written: list[str] | None = None) -> None:
    """Answer the three questions."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--residents", type=int, default=30_000)
    arguments.add_argument("--months", type=int, default=180)
    arguments.add_argument("--replications", type=int, default=20)
    arguments.add_argument(
        "--shock", type=int, default=0, help="month of the shock; by default a year before the end"
    )
    arguments.add_argument("--mixes", nargs="+", help="mixes to compare and disturb; by default all twelve")
    arguments.add_argument("--whole", default="integrated_pluralism", help="mix to take apart")
    arguments.add_argument("--jobs", type=int)
    arguments.add_argument("--out", type=Path, default=Path("results") / "welfare_mix")
    given = arguments.parse_args(written)
    villages = max(1, given.residents // 300)
    size = {"residents": given.residents, "villages": villages, "townships": max(1, villages // 10),
            "months": given.months, "replications": given.replications}  # fmt: skip
    scenario = replace(load_scenario(CONFIG), **size)
    some = scenario.only(*given.mixes) if given.mixes else scenario
    compare(some, given.out, given.jobs)
    apart(scenario, given.whole, given.out, given.jobs)
    halve(some, given.out, given.jobs, scenario.start + (given.shock or max(0, given.months - 12)))


if __name__ == "__main__":
    main()
