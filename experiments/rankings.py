"""Which mix does best, and what does that rest on? Rank the mixes with every effect, with none, and without each loop.

    python experiments/rankings.py

The mixes of `configs/heilongjiang.yaml` run in a smaller county: as the model is, as the null model of
`configs/null_model.yaml` (every judged effect at zero), and with one feedback switched off at a time. Printed are, for
each variant, the mixes from the best to the worst by the share of hours that stay unmet, and how the order agrees with
that of the model as it is and with that of public spending (Spearman's rank correlation). Same luck throughout.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from caresim import CareModel, load_scenario

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
LOOPS = {
    "unmet need -> decline": ("functional_decline.unmet_effect", 0.0),
    "unmet need -> death": ("mortality.unmet_effect", 0.0),
    "loneliness -> death": ("mortality.lonely_risk", 1.0),
    "unmet need -> return": ("migration.unmet_return", 0.0),
    "burden -> family care": ("burden.capacity_effect", 0.0),
    "formal care -> family care": ("entitled_care.crowd_out", 0.0),
    "confidence -> time bank": ("time_bank.confidence_weight", 0.0),
    "unmet need -> loneliness": ("loneliness.from_unmet", 0.0),
    "ties -> loneliness": ("loneliness.from_ties", 0.0),
    "quality -> choice of a home": ("admission.quality", 0.0),
}
OUTCOMES = {"unmet": "unmet_hours", "need": "need_hours", "yuan": "public_spending", "elders": "elders"}


def simulate(task: tuple[str, tuple[str, ...], str, int]) -> dict[str, object]:
    """Run one mix of one variant, and return the sums that rankings rest on."""
    config, settings, mix, replication = task
    records = CareModel(load_scenario(CONFIGS / config, set=settings), mix, replication, collect=False).run()
    sums = {name: sum(month[indicator] for month in records) for name, indicator in OUTCOMES.items()}
    lonely = [month["lonely_share"] for month in records if month["lonely_share"] == month["lonely_share"]]
    return {"mix": mix, "replication": replication, "lonely": sum(lonely) / len(lonely), **sums}


def rank(runs: pd.DataFrame) -> pd.DataFrame:
    """Return unmet share, lonely share and yuan per elder-month of each mix, over its replications."""
    sums = runs.groupby("mix", sort=False)[[*OUTCOMES, "lonely"]].sum()
    n = runs.groupby("mix", sort=False).size()
    return pd.DataFrame(
        {
            "unmet": sums["unmet"] / sums["need"],
            "lonely": sums["lonely"] / n,
            "yuan": sums["yuan"] / sums["elders"],
        }
    )


def main() -> None:
    """Print the rankings."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--residents", type=int, default=6000)
    arguments.add_argument("--months", type=int, default=96)
    arguments.add_argument("--replications", type=int, default=2)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()
    size = (f"population.residents={given.residents}", f"population.villages={given.residents // 300}",
            "population.townships=4", f"months={given.months}")  # fmt: skip
    variants = {"as it is": ("heilongjiang.yaml", size), "null model": ("null_model.yaml", size)}
    for loop, (name, off) in LOOPS.items():
        variants[f"without {loop}"] = ("heilongjiang.yaml", (*size, f"parameters.{name}={off}"))
    mixes = [mix.name for mix in load_scenario(CONFIGS / "heilongjiang.yaml").mixes]
    reference = None
    with ProcessPoolExecutor(given.jobs) as pool:
        for variant, (config, settings) in variants.items():
            tasks = [(config, settings, mix, k) for mix in mixes for k in range(given.replications)]
            found = rank(pd.DataFrame(pool.map(simulate, tasks)))
            reference = found if reference is None else reference
            told = found["unmet"].corr(reference["unmet"], method="spearman")
            spent = (-found["unmet"]).corr(found["yuan"], method="spearman")
            print(f"{variant}: {' < '.join(found['unmet'].sort_values().index)}")
            print(f"    unmet {found['unmet'].mean():.3f} ({found['unmet'].min():.3f}-{found['unmet'].max():.3f}), "
                  f"lonely {found['lonely'].mean():.3f} ({found['lonely'].min():.3f}-{found['lonely'].max():.3f}); "
                  f"agrees with the model {told:.2f}, with spending {spent:.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
