"""Does a time bank raise the hours of care that elders receive, and at what size and backstop?

    python experiments/time_bank.py [--replications N] [--residents N] [--months N] [--jobs N] [--out FOLDER]

Opens a bank beside the status quo, in three sizes (share of the healthy of 45-77 who register), with nothing, half or
all of the unserved requests bought by government, and compares each with the status quo without a bank, replication by
replication. An hour that a member gives need not be an hour more: it may stand in for what would be bought. Printed is,
per elder and month, what the bank gave, by how much the hours received rose, and what an added hour cost the public.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caresim import load_scenario, run_experiment
from caresim.experiment.statistics import difference

HOME = Path(__file__).resolve().parent.parent
SIZES, BACKSTOPS, ENDOWMENT = (0.03, 0.08, 0.15), (0.0, 0.5, 1.0), 3.0
FLOWS = ("met_hours", "hours_time_bank", "time_bank_hours_bought", "public_spending", "elders")


def banks() -> dict[str, object]:
    """Return the mixes: the status quo, and a bank of each size and backstop."""
    rules = {(r, b): {"open": True, "registration": r, "endowment": ENDOWMENT, "backstop": b}
             for r in SIZES for b in BACKSTOPS}  # fmt: skip
    return {"status_quo": None} | {
        f"bank_{r:g}_{b:g}": {"extends": "status_quo", "instruments": {"time_bank": rule}}
        for (r, b), rule in rules.items()
    }


def per_elder(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return hours and yuan per elder-month of each mix and replication."""
    sums = monthly.groupby(["mix", "replication"], sort=False)[list(FLOWS)].sum()
    return sums.div(sums["elders"], axis=0).drop(columns="elders")


def answer(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return a row per bank: hours given and bought, and paired differences of hours received and of spending."""
    numbers, rows = per_elder(monthly), []
    base = numbers.loc["status_quo"]
    for name in banks():
        if name != "status_quo":
            bank = numbers.loc[name]
            met = difference(bank["met_hours"].to_numpy(), base["met_hours"].to_numpy(), "higher")
            yuan = float((bank["public_spending"] - base["public_spending"]).mean())
            hours = (float(bank[key].mean()) for key in FLOWS[1:3])
            rows.append(
                (
                    *map(float, name.split("_")[1:]),
                    *hours,
                    *met,
                    yuan,
                    yuan / met[0] if met[1] > 0.0 else None,
                )
            )
    columns = ["registration", "backstop", "given", "bought", "more", "lower", "upper", "probability", "yuan",
               "yuan_per_hour"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def main(arguments: Sequence[str] | None = None) -> pd.DataFrame:
    """Run, print and keep the answer."""
    parser = argparse.ArgumentParser(description="Ask whether a time bank raises the hours of care received.")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--residents", type=int, default=6000)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--out", type=Path, default=HOME / "results" / "time_bank")
    asked = parser.parse_args(arguments)
    size = {"residents": asked.residents, "villages": max(2, asked.residents // 300),
            "townships": max(1, asked.residents // 3000)}  # fmt: skip
    scenario = load_scenario(HOME / "configs" / "heilongjiang.yaml", set=[
        "name=time_bank", f"population={json.dumps(size)}", f"months={asked.months}", f"mixes={json.dumps(banks())}",
        f"replications={asked.replications}"])  # fmt: skip
    table = answer(run_experiment(scenario, out=asked.out, jobs=asked.jobs, resume=True).monthly)
    print(
        "Hours per elder and month: given by members, bought, and more received than without a bank (95 % interval)"
    )
    print(table.to_string(index=False, float_format="{:.3f}".format))
    sure = table[table["lower"] > 0.0]
    print(f"{len(sure)} of {len(table)} banks raise the hours received beyond doubt of luck; ", end="")
    best = table.loc[table["more"].idxmax()]
    print(
        f"the most, {best['more']:.3f}, at {best['registration']:.0%} registered and backstop {best['backstop']:g}."
    )
    table.to_csv(asked.out.with_suffix(".csv"), index=False, float_format="%.6g")
    return table


if __name__ == "__main__":
    main()
