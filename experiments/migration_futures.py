"""How do the mixes compare if more people leave the countryside, or fewer: which ranking survives?

    python experiments/migration_futures.py [--replications N] [--residents N] [--months N] [--jobs N] [--out FOLDER]

Runs the mixes of `configs/heilongjiang.yaml` in three futures that share their start and part in its second month: the
probability of leaving halved, as it is, and at the upper end of its range. Printed are the mixes' ranks in each future
by several indicators, and the orderings of two mixes that hold in every future with a probability of .95 or more, from
differences between replications that share their luck. Uncertain orderings are not evidence of equality.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caresim import load_scenario, run_experiment
from caresim.catalogue import indicators
from caresim.experiment.statistics import over_months, pairs, probability_better

HOME = Path(__file__).resolve().parent.parent
FUTURES = {"fewer_leave": 0.5, "as_now": None, "more_leave": 1.5}
"""Scale of the probabilities of leaving from the second month on; None leaves the place's own."""
FROM = "2020-02"
ASKED = ("unmet_share", "adequacy", "lonely_share", "burden", "qalys")
SURE = 0.95


def orderings(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return the probability that one mix is better than another, for each indicator and ordered pair of mixes."""
    known = [one for one in indicators() if one.name in ASKED]
    numbers, rows = over_months(monthly, known), []
    for indicator in known:
        values = pairs(numbers, indicator.name)
        for one, other in itertools.permutations(monthly["mix"].unique(), 2):
            rows.append(
                (
                    indicator.name,
                    one,
                    other,
                    probability_better(values[one] - values[other], indicator.better),
                )
            )
    return pd.DataFrame(rows, columns=["indicator", "mix", "than", "probability"])


def ranks(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return each mix's rank by each indicator, 1 for the best mean over replications."""
    known = [one for one in indicators() if one.name in ASKED]
    means = over_months(monthly, known).groupby("mix", sort=False).mean()
    better = {one.name: one.better == "lower" for one in known}
    return pd.DataFrame({name: means[name].rank(ascending=better[name]).astype(int) for name in ASKED})


def survivors(by_future: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the orderings that hold in every future, with the least probability of them."""
    known = pd.concat(by_future.values()).groupby(["indicator", "mix", "than"])["probability"]
    least = known.min(skipna=False)
    return least[least >= SURE].reset_index()


def main(arguments: Sequence[str] | None = None) -> pd.DataFrame:
    """Run all futures, print the ranks and what survives, and keep it."""
    parser = argparse.ArgumentParser(description="Ask which ranking of the mixes survives other migration.")
    parser.add_argument("--replications", type=int, default=8)
    parser.add_argument("--residents", type=int, default=6000)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--mix", action="append", help="only these mixes")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--out", type=Path, default=HOME / "results" / "migration_futures")
    asked = parser.parse_args(arguments)
    size = {"residents": asked.residents, "villages": max(2, asked.residents // 300),
            "townships": max(1, asked.residents // 3000)}  # fmt: skip
    found, told = {}, {}
    for future, scale in FUTURES.items():
        said = ["name=" + future, f"population={json.dumps(size)}", f"months={asked.months}",
                f"replications={asked.replications}"]  # fmt: skip
        said += [] if scale is None else [f"parameters.migration.out_scale={{{FROM}: {scale}}}"]
        scenario = load_scenario(HOME / "configs" / "heilongjiang.yaml", set=said)
        scenario = scenario.only(*asked.mix) if asked.mix else scenario
        monthly = run_experiment(scenario, out=asked.out / future, jobs=asked.jobs, resume=True).monthly
        found[future], told[future] = orderings(monthly), ranks(monthly)
        absent = (
            over_months(monthly, [one for one in indicators() if one.name == "absent_per_resident"])
            .mean()
            .item()
        )
        print(f"{future}: {absent:.2f} absent per resident at the end\n{told[future].to_string()}\n")
    kept = survivors(found)
    now = found["as_now"]
    print(
        f"Orderings of two mixes, and how many of those that are sure as now (>= {SURE}) are so in every future:"
    )
    for name in ASKED:
        sure = int((now[now["indicator"] == name]["probability"] >= SURE).sum())
        agree = min(told[future][name].corr(told["as_now"][name], method="kendall") for future in FUTURES)
        print(
            f"  {name}: {int((kept['indicator'] == name).sum())} of {sure}; ranks agree with now, tau >= {agree:.2f}"
        )
    kept.to_csv(asked.out / "survivors.csv", index=False, float_format="%.4g")
    return kept


if __name__ == "__main__":
    main()
