"""Which of the things that nobody knows decide what more public care does to unmet need?

    python experiments/sensitivity.py

A village of rural Heilongjiang runs for ten years under the status quo and a state-led mix, at the points of a Morris
screening over everything that is marked uncertain. Told are the parameters that move unmet need itself, and those that
move what the mix changes of it, under the same luck; and how many of the first are judgements. Sobol indices of the few
at the top then say how much of the spread is theirs alone, and how much comes from their working together. `luck` is
how large effects would seem if luck alone made them: what is not well above it says nothing.

    python experiments/sensitivity.py --group needs --group children_care

asks the same of the parameters of some processes only, for those who have minutes, not hours.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from caresim import load_scenario, sensitivity
from caresim.scenario.axes import axis_of
from caresim.scenario.unknowns import uncertain_axes

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "heilongjiang.yaml"
MIX, INDICATOR = "state_led", "unmet_share"


def told(table: pd.DataFrame, mix: str, n: int) -> pd.DataFrame:
    """Print and return the axes that lead for one mix."""
    rows = table[(table["mix"] == mix) & (table["rank"] <= n)]
    against = rows["against"].iloc[0]
    print(f"\n{INDICATOR}, {mix}{f' less {against}' if against else ''}")
    size = [name for name in ("mu_star", "mu_star_lower", "mu_star_upper", "first", "total", "total_lower",
                              "total_upper", "luck") if name in rows]  # fmt: skip
    print(rows[["rank", "axis", *size, "evidence"]].to_string(index=False, float_format="{:.4f}".format))
    return rows


def main() -> None:
    """Screen, then share out the variance among the leaders."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--residents", type=int, default=1100)
    arguments.add_argument("--months", type=int, default=120)
    arguments.add_argument("--replications", type=int, default=4)
    arguments.add_argument("--trajectories", type=int, default=10)
    arguments.add_argument("--base-points", type=int, default=64)
    arguments.add_argument("--leaders", type=int, default=6)
    arguments.add_argument(
        "--group", action="append", help="vary parameters of this process only; may be repeated"
    )
    arguments.add_argument("--jobs", type=int, default=None)
    arguments.add_argument("--out", type=Path, default=Path("results"))
    arguments.add_argument("--resume", action="store_true")
    given = arguments.parse_args()
    size = (f"population.residents={given.residents}", "population.villages=3", "population.townships=1",
            f"months={given.months}", f"replications={given.replications}")  # fmt: skip
    scenario = load_scenario(CONFIG, set=size).only("status_quo", MIX)
    axes = [axis for axis in uncertain_axes() if not given.group or axis.name.split(".")[0] in given.group]
    if not axes:
        arguments.error("--group: no uncertain parameter is of these; see caresim params")
    screened = sensitivity(scenario, "morris", [INDICATOR], axes if given.group else None, given.trajectories,
                           given.out / "morris", given.jobs, given.resume)  # fmt: skip
    told(screened, "status_quo", given.leaders)
    leaders = told(screened, MIX, given.leaders)
    judged = int((leaders["evidence"] == "judgement").sum())
    axes = [axis_of(name, None, ()) for name in leaders["axis"]]
    shared = sensitivity(scenario, "sobol", [INDICATOR], axes, given.base_points, given.out / "sobol", given.jobs,
                         given.resume)  # fmt: skip
    rows = told(shared, MIX, len(axes))
    first = rows.iloc[0]
    clear = screened[(screened["mix"] == MIX) & (screened["mu_star"] > 2.0 * screened["luck"])]
    varied = screened["axis"].nunique()
    print(
        f"\n{len(clear)} of {varied} move the effect of {MIX} by more than twice what luck alone makes of it."
    )
    print(f"Of the {len(leaders)} that move the effect of {MIX} most, {judged} are judgements. {first['axis']} has a "
          f"hand in {first['total']:.0%} ({max(first['total_lower'], 0.0):.0%} to {first['total_upper']:.0%}) of the "
          f"spread that they make; luck makes {first['luck']:.0%}.")  # fmt: skip


if __name__ == "__main__":
    main()
