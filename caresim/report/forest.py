"""The forest plot: how each mix differs from the baseline, with the interval of the paired differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.basis import basis
from caresim.report.comparison import CARE_MET, Comparison, contains_zero
from caresim.report.drawing import BLUE, GREY, LIGHT, SMALL, TEXT, WIDTH, Drawing, tidy, width_of, wrapped
from caresim.report.words import tick

OUTCOMES = (
    CARE_MET, "unmet_prevalence", "lonely_share", "depressed_share", "heavy_burden_share", "qalys",
    "public_spending_per_elder", "out_of_pocket_per_elder",
)  # fmt: skip
ACROSS = 4
"""Panels beside one another."""


def forest(comparison: Comparison) -> Drawing | None:
    """Draw the paired differences of the main outcomes; None if there is nothing to compare."""
    outcomes = [name for name in OUTCOMES if comparison.measured(name)]
    if not comparison.others or not outcomes:
        return None
    words, mixes = comparison.words, comparison.others
    rows = -(-len(outcomes) // ACROSS)
    tall = 0.24 * len(mixes) + 0.1
    high = rows * (tall + 1.12) + 0.1
    left = 0.25 + max(width_of(comparison.title(mix)) for mix in mixes)
    wide = (WIDTH - left - 0.15) / ACROSS
    figure = Figure(figsize=(WIDTH, high))
    for k, name in enumerate(outcomes):
        x, y = left + (k % ACROSS) * wide, high - (k // ACROSS + 1) * (tall + 1.12) + 0.55
        axes = figure.add_axes((x / WIDTH, y / high, (wide - 0.22) / WIDTH, tall / high))
        _panel(axes, comparison, name, wide - 0.22, named=k % ACROSS == 0)
    return Drawing(
        "forest",
        figure,
        _numbers(comparison, outcomes),
        words.say("forest_title"),
        words.say("forest_caption", baseline=comparison.title(comparison.baseline))
        + basis(comparison, "paired"),
        words.say("forest_alt", n=len(mixes), outcomes=words.listed([comparison.label(o) for o in outcomes])),
    )


def _panel(axes: Axes, comparison: Comparison, name: str, inches: float, named: bool) -> None:
    scale = 100.0 if comparison.unit(name) == "share" else 1.0
    rows = [comparison.row(mix, name) for mix in comparison.others]
    axes.axvline(0.0, color=GREY, linewidth=1.0)
    for place, row in enumerate(rows):
        if place % 2:
            axes.axhspan(place - 0.5, place + 0.5, color="#f4f4f4", zorder=0, linewidth=0)
        if np.isfinite(row["delta_lower"]):
            ends = [scale * row["delta_lower"], scale * row["delta_upper"]]
            axes.plot(ends, (place, place), color=BLUE, linewidth=2.0, solid_capstyle="butt")
        unsure = contains_zero(row)
        axes.plot(scale * row["delta"], place, "o", markersize=5.5, color=BLUE,
                  markerfacecolor="white" if unsure else BLUE, markeredgewidth=1.2)  # fmt: skip
    tidy(axes, "x")
    axes.spines["left"].set_visible(False)
    labels = [comparison.title(mix) for mix in comparison.others] if named else [""] * len(rows)
    axes.set_yticks(range(len(rows)), labels, fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
    axes.set_title(wrapped(comparison.label(name), inches, TEXT), loc="left", fontsize=TEXT)
    unit = comparison.over_run(name, comparison.words.say("points"))
    better = comparison.better(name)
    side = comparison.words.say("better_left" if better == "lower" else "better_right") if better else ""
    axes.set_xlabel(f"{unit}\n{side}" if side else unit, fontsize=SMALL, color="#333333")
    axes.grid(axis="x", color=LIGHT, linewidth=0.6)


def _numbers(comparison: Comparison, outcomes: list[str]) -> pd.DataFrame:
    rows = [
        {"mix": mix, "indicator": name, "unit": comparison.unit(name), **comparison.row(mix, name)}
        for name in outcomes
        for mix in comparison.others
    ]
    return pd.DataFrame(rows)
