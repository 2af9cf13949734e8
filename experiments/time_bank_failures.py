"""Show the three ways in which a time bank fails, each beside a neighbouring setting that does not.

    python experiments/time_bank_failures.py [--replications N] [--residents N] [--months N] [--out FOLDER]

The bank opens a month after the start. Nothing in the model says that a bank fails: the ledger's rules alone do it. In
each replication all settings share their luck, so that they differ by the dial that is turned and nothing else. Prints
each mode's measure with its 95 % interval over replications and whether the mode appeared, and writes a figure a mode
and the numbers (`measures.csv`) to `results/time_bank_failures/`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim import CareModel, Scenario
from caresim.catalogue import indicators
from caresim.experiment.statistics import LEVEL, t_interval
from caresim.report.style import BLUE, GREY, ORANGE, bare

OUT = Path(__file__).resolve().parent.parent / "results" / "time_bank_failures"
START, OPENS, ISSUED_UNTIL = "2020-01", "2020-02", "2021-02"
YEAR = 12
GREEN, PINK = "#009E73", "#CC79A7"
COLOURS = (ORANGE, BLUE, GREEN, PINK)
"""The failing setting first; colours of Okabe and Ito's palette."""
RESIDENTS_A_VILLAGE, VILLAGES_A_TOWNSHIP = 300, 10


@dataclass(frozen=True)
class Setting:
    """Rules of a time bank, and what they are called in a figure."""

    label: str
    rules: dict[str, Any]


@dataclass(frozen=True)
class Mode:
    """A way to fail.

    Attributes:
        name: name of its figure.
        title: what happens.
        measured: the measure in words, with its unit; above zero the bank works.
        measure: reads it off the months of one replication.
        fails: the setting that fails.
        works: neighbouring settings that do not.
        panels: indicators that the figure shows.
    """

    name: str
    title: str
    measured: str
    measure: Callable[[pd.DataFrame], float]
    fails: Setting
    works: tuple[Setting, ...]
    panels: tuple[str, str]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Return all settings, the failing one first."""
        return (self.fails, *self.works)


def hours_served(months: pd.DataFrame) -> float:
    """Return the hours that members gave a month."""
    return float(months["hours_time_bank"].mean())


def confidence_gained(months: pd.DataFrame) -> float:
    """Return how far confidence in the last year lies above that of the first month in which the bank was open."""
    confidence = months["time_bank_confidence"].dropna()
    return float(confidence.iloc[-YEAR:].mean() - confidence.iloc[0])


def liability_shed(months: pd.DataFrame) -> float:
    """Return by how many hours a year the outstanding liability shrinks in the second half of the run."""
    later = months["time_bank_outstanding"].iloc[len(months) // 2 :]
    return float(later.iloc[0] - later.iloc[-1]) / (len(later) - 1) * YEAR


MODES = (
    Mode(
        "cold_start", "Cold start: without endowed coins nobody can spend, so nobody earns",
        "hours served by members a month", hours_served,
        Setting("no endowment", {"registration": 0.08, "endowment": 0.0}),
        (Setting("1 hour a month endowed", {"registration": 0.08, "endowment": 1.0}),),
        ("hours_time_bank", "time_bank_outstanding"),
    ),
    Mode(
        "fading_confidence", "Fading confidence: claims that too few helpers serve drive helpers away",
        "confidence gained since the opening", confidence_gained,
        Setting("1 hour a month endowed, 3 % registered", {"registration": 0.03, "endowment": 1.0}),
        (
            Setting("fewer claims: .1 hour", {"registration": 0.03, "endowment": 0.1}),
            Setting("more helpers: 15 %", {"registration": 0.15, "endowment": 1.0}),
            Setting("all unserved claims bought", {"registration": 0.03, "endowment": 1.0, "backstop": 1.0}),
        ),
        ("time_bank_confidence", "time_bank_fill_rate"),
    ),
    Mode(
        "growing_liability", "Growing liability: every claim is honoured and hours are issued month after month",
        "hours a year by which the liability shrinks in the second half", liability_shed,
        Setting("3 hours a month, for ever", {"registration": 0.08, "endowment": 3.0, "backstop": 1.0}),
        (Setting("3 hours a month, for a year",
                 {"registration": 0.08, "endowment": {OPENS: 3.0, ISSUED_UNTIL: 0.0}, "backstop": 1.0}),),
        ("time_bank_outstanding", "time_bank_hours_bought"),
    ),
)  # fmt: skip


def simulate(setting: Setting, residents: int, months: int, replication: int) -> pd.DataFrame:
    """Run one replication of a setting and return its months."""
    villages = max(2, residents // RESIDENTS_A_VILLAGE)
    scenario = Scenario.of(
        place="rural_heilongjiang", start=START, months=months, residents=residents, villages=villages,
        townships=max(1, villages // VILLAGES_A_TOWNSHIP),
        parameters={"time_bank": {"open": {OPENS: True}, **setting.rules}},
    )  # fmt: skip
    return pd.DataFrame(CareModel(scenario, replication=replication, collect=False).run())


def run_mode(mode: Mode, residents: int, months: int, replications: int) -> dict[str, list[pd.DataFrame]]:
    """Run all settings of a mode and return the months of each replication, by the setting's label."""
    return {
        setting.label: [simulate(setting, residents, months, r) for r in range(replications)]
        for setting in mode.settings
    }


def measures(mode: Mode, runs: dict[str, list[pd.DataFrame]], level: float = LEVEL) -> pd.DataFrame:
    """Return the mode's measure by setting: mean over replications with its t-interval.

    `gain` is the least by which a setting lies above the failing one, the lower end of the interval of the differences
    between replications that share their luck.
    """
    values = {
        label: np.array([mode.measure(months) for months in replications])
        for label, replications in runs.items()
    }
    rows = []
    for setting in mode.settings:
        found = values[setting.label]
        gain = t_interval(found - values[mode.fails.label], level)[1]
        rows.append((mode.name, setting.label, setting is mode.fails, *t_interval(found, level), gain))
    return pd.DataFrame(rows, columns=["mode", "setting", "fails", "mean", "lower", "upper", "gain"])


def appeared(table: pd.DataFrame) -> bool:
    """Tell whether a mode appeared.

    It did if the measure of the failing setting lies not above zero, with its whole interval, and those of all others
    have means above zero and lie above the failing one's.
    """
    fails, works = table[table["fails"]], table[~table["fails"]]
    return bool((fails["upper"] <= 0.0).all() and (works["mean"] > 0.0).all() and (works["gain"] > 0.0).all())


def draw(mode: Mode, runs: dict[str, list[pd.DataFrame]]) -> Figure:
    """Draw the settings of a mode side by side: means over replications and their 95 % intervals."""
    figure = Figure(figsize=(11.0, 4.6))
    for axes, name in zip(figure.subplots(1, 2), mode.panels, strict=True):
        for setting, colour in zip(mode.settings, COLOURS, strict=False):
            _draw_path(axes, name, runs[setting.label], setting.label, colour)
        described = next(indicator for indicator in indicators() if indicator.name == name)
        axes.set_title(described.label, loc="left", fontsize=11)
        axes.set_ylabel(described.unit)
        axes.set_ylim(bottom=0.0, top=1.03 if described.unit == "share" else None)
        bare(axes)
    figure.axes[0].legend(frameon=False, fontsize=9)
    figure.suptitle(mode.title, fontsize=13)
    n = len(next(iter(runs.values())))
    said = f"Line: yearly mean of {n} replications, which share their luck; band: 95 % interval."
    figure.text(0.01, 0.01, said, fontsize=8, color=GREY)
    figure.subplots_adjust(left=0.07, right=0.985, top=0.84, bottom=0.13, wspace=0.2)
    return figure


def _draw_path(axes: Axes, name: str, runs: Sequence[pd.DataFrame], label: str, colour: str) -> None:
    """Draw an indicator's mean over the last twelve months, where the bank had been open for so long."""
    paths = np.array([months[name].rolling(YEAR, min_periods=1).mean() for months in runs])
    when = pd.PeriodIndex(runs[0]["month"], freq="M")
    years = when.year + when.month / YEAR
    known = ~np.isnan(paths).any(axis=0)
    ends = np.array([t_interval(values) for values in paths.T[known]]).T
    axes.plot(years[known], ends[0], color=colour, linewidth=1.8, label=label)
    if len(runs) > 1:
        axes.fill_between(years[known], ends[1], ends[2], color=colour, alpha=0.2, linewidth=0)


def main(arguments: Sequence[str] | None = None) -> pd.DataFrame:
    """Run, print and draw all modes."""
    parser = argparse.ArgumentParser(description="Show how time banks fail.")
    parser.add_argument("--replications", type=int, default=10, help="runs of each setting, two or more")
    parser.add_argument("--residents", type=int, default=6000)
    parser.add_argument("--months", type=int, default=96, help="at least 36")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the figures")
    asked = parser.parse_args(arguments)
    if asked.replications < 2 or asked.months < 3 * YEAR or asked.residents < RESIDENTS_A_VILLAGE:
        parser.error(
            f"at least 2 replications, {3 * YEAR} months and {RESIDENTS_A_VILLAGE} residents are needed"
        )
    asked.out.mkdir(parents=True, exist_ok=True)
    tables = []
    for mode in MODES:
        runs = run_mode(mode, asked.residents, asked.months, asked.replications)
        table = measures(mode, runs)
        draw(mode, runs).savefig(asked.out / f"{mode.name}.png", dpi=120)
        print(
            f"{mode.title}\n  {mode.measured}, mean and 95 % interval over {asked.replications} replications"
        )
        for row in table.itertuples():
            print(f"  {row.setting:<42} {row.mean:10.3f}  ({row.lower:.3f} to {row.upper:.3f})")
        print(f"  {'appeared' if appeared(table) else 'DID NOT APPEAR'}: {asked.out / mode.name}.png\n")
        tables.append(table.assign(appeared=appeared(table)))
    found = pd.concat(tables, ignore_index=True)
    found.to_csv(asked.out / "measures.csv", index=False)
    return found


if __name__ == "__main__":
    main()
