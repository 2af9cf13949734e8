"""Run the hindcast from January 2010 to January 2020 for all places, score it, and refresh `docs/hindcast.md`.

    python experiments/hindcast.py [--replications N] [--jobs N]

Run folders go to `results/hindcast/`, the score tables (small) to `results/reference/hindcast/`, and the tables of
`docs/hindcast.md` are written anew between their marks; the prose there is written by hand.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

import pandas as pd

from caresim import load_scenario, run_experiment
from caresim.experiment.score import score_run

HOME = Path(__file__).resolve().parent.parent
RUNS = HOME / "results" / "hindcast"
KEPT = HOME / "results" / "reference" / "hindcast"
PAGE = HOME / "docs" / "hindcast.md"
PLACES = ("rural_heilongjiang", "rural_china", "baiquan", "suiling", "bayan", "rugao")
NAIVE = {
    "carried_forward": "2010 kept",
    "closed_cohort": "closed cohort",
    "province_cohort": "province's rates",
}


def hindcast(place: str, settings: list[str], jobs: int | None) -> pd.DataFrame:
    """Run and score one place."""
    folder = RUNS / place
    shutil.rmtree(folder, ignore_errors=True)
    run_experiment(
        load_scenario(HOME / "configs" / "hindcast" / f"{place}.yaml", set=settings), out=folder, jobs=jobs
    )
    return score_run(folder)


def markdown(table: pd.DataFrame) -> str:
    """Return a score table as Markdown; a prediction without target has no band and no verdict."""
    scored = table["low"].notna().any()
    head = ["", "what", "kind", *(["band"] if scored else []), "model", "90 % interval", "width",
            *(["hit", "compatible"] if scored else []), *NAIVE.values()]  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in table.to_dict("records"):
        band = [f"{_figure(row['low'])} to {_figure(row['high'])}"] if scored else []
        verdict = ["yes" if row[name] else "**no**" for name in ("hit", "compatible")] if scored else []
        interval = f"{_figure(row['lower'])} to {_figure(row['upper'])}"
        cells = [row["id"], row["what"], row["kind"], *band, _figure(row["mean"]), interval,
                 _figure(row["width"]), *verdict, *(_figure(row[name]) for name in NAIVE)]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(value: float) -> str:
    if pd.isna(value):
        return ""
    return (
        f"{value / 1e6:.2f} m"
        if abs(value) >= 1e6
        else f"{value:,.0f}"
        if abs(value) >= 1000
        else f"{value:.3g}"
    )


def main() -> None:
    """Run all places."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--replications", type=int, help="instead of the configs'")
    arguments.add_argument("--jobs", type=int)
    chosen = arguments.parse_args()
    settings = [] if chosen.replications is None else [f"replications={chosen.replications}"]
    page = PAGE.read_text(encoding="utf-8")
    KEPT.mkdir(parents=True, exist_ok=True)
    for place in PLACES:
        table = hindcast(place, settings, chosen.jobs)
        table.drop(columns="mix").to_csv(KEPT / f"{place}.csv", index=False, float_format="%.6g")
        shutil.copyfile(RUNS / place / "manifest.json", KEPT / f"{place}.manifest.json")
        block = f"<!-- {place} -->\n{markdown(table)}\n<!-- end -->"
        page = re.sub(
            rf"<!-- {place} -->.*?<!-- end -->", lambda _, block=block: block, page, flags=re.DOTALL
        )
        print(f"{place}\n{table.to_string(index=False)}\n")
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
