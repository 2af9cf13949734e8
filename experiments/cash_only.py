"""How much cash would cost as much as the integrated mix? Recompute the sums of `configs/mixes/cash_only.yaml`.

    python experiments/cash_only.py

Pilot replications, with a seed that no comparison uses, give what the integrated mix spends beyond the status quo, per
elder and month over fifteen years. The cash benefit is paid by need: one part in assessed state 2, two in state 3,
half a part to those below the local minimum. What one part costs follows from the same pilots.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from caresim import CareModel, Scenario, load_scenario

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "heilongjiang.yaml"
SEED = 777
PARTS = {"moderate": 1.0, "severe": 2.0, "poor": 0.5}
PART = 100.0
"""Yuan of a part in the pilots."""


def spending(scenario: Scenario, mix: str, replications: int) -> np.ndarray:
    """Return public yuan per elder-month of each replication."""
    found = []
    for replication in range(replications):
        records = CareModel(scenario, mix, replication, collect=False).run()
        found.append(
            sum(month["public_spending"] for month in records) / sum(month["elders"] for month in records)
        )
    return np.array(found)


def main() -> None:
    """Print the sums that cost as much as the integrated mix."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--replications", type=int, default=4)
    arguments.add_argument("--residents", type=int, default=30_000)
    arguments.add_argument("--months", type=int, default=180)
    given = arguments.parse_args()
    cash = ", ".join(f"{name}: {part * PART}" for name, part in PARTS.items())
    scenario = load_scenario(
        CONFIG,
        set=[
            f"seed={SEED}", f"months={given.months}", f"population.residents={given.residents}",
            f"mixes={{status_quo: , integrated_pluralism: , pilot: {{instruments: {{cash_benefit: {{{cash}}}}}}}}}",
        ],
    )  # fmt: skip
    base, integrated, pilot = (spending(scenario, mix.name, given.replications) for mix in scenario.mixes)
    extra, of_parts = (integrated - base).mean(), (pilot - base).mean()
    print(f"beyond the status quo the integrated mix spends {extra:.2f} yuan per elder-month,")
    print(f"a cash benefit with parts of {PART:.0f} yuan {of_parts:.2f}; so for equal spending:")
    for name, part in PARTS.items():
        print(f"    {name}: {part * PART * extra / of_parts:.1f}")


if __name__ == "__main__":
    main()
