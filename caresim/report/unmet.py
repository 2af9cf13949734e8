"""Unmet need: how much of it there is, month by month, and whom it falls on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.report.fans import BANDS, draw_fan, months_of, paths, scale
from caresim.report.fonts import all_characters
from caresim.report.style import BLUE, GREY, ORANGE, lately, mix_of, note, percent, place_of, span
from caresim.results import RunFolder

YEAR = 12
GREEN = "#009E73"
LINES = (
    ("unmet_prevalence", "ADL-disabled elders with more than 25 % unmet", ORANGE),
    ("severe_deprivation", "ADL-disabled elders with more than 50 % unmet", GREEN),
    ("unmet_share", "unmet, of all hours needed", BLUE),
)
GROUPS = (
    ("Sex", (("men", "men"), ("women", "women"))),
    ("Age", (("60_69", "60-69"), ("70_79", "70-79"), ("80_plus", "80 and over"))),
    ("Village", (("not_remote", "not remote"), ("remote", "remote"))),
    ("Household", (("not_alone", "with others"), ("alone", "alone"))),
    ("Children", (("not_left_behind", "in the township, or none"), ("left_behind", "left behind"))),
    ("Income", (("quintile_1", "lowest fifth"), ("quintile_2", "second"), ("quintile_3", "third"),
                ("quintile_4", "fourth"), ("quintile_5", "highest fifth"))),
)  # fmt: skip
GAP = 0.75
"""Empty lines between two kinds of groups."""


@all_characters()
def draw_unmet(run: RunFolder, mix: str) -> Figure | None:
    """Draw unmet need over time and by group; None if the run has no care."""
    monthly = run.monthly[run.monthly["mix"] == mix]
    if monthly["unmet_share"].isna().all():
        return None
    months, when = months_of(monthly)
    figure = Figure(figsize=(12.6, 7.2))
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
    figure.subplots_adjust(left=0.06, right=0.985, top=0.855, bottom=0.115, wspace=0.42)
    _draw_course(left, monthly, when)
    _draw_groups(right, monthly)
    figure.suptitle(_headline(run, monthly, months), y=0.97, fontsize=14)
    many = run.manifest["replications"] > 1
    bands = "Bands: middle 50 % and 90 % of replications; bars: middle 90 %." if many else ""
    note(figure, run, f"Mix {mix_of(run, mix)}. {bands}")
    return figure


def by_group(monthly: pd.DataFrame, name: str) -> np.ndarray:
    """Return a group's unmet share over the last year by replication, without those where nobody is of the group."""
    shares = paths(monthly, f"unmet_share_{name}")[-YEAR:]
    known = ~np.isnan(shares).all(axis=0)
    return np.nanmean(shares[:, known], axis=0)


def _draw_course(axes: Axes, monthly: pd.DataFrame, when: np.ndarray) -> None:
    for name, label, colour in LINES:
        numbers = paths(monthly, name)
        known = ~np.isnan(numbers).all(axis=1)
        if known.any():
            draw_fan(axes, when[known], numbers[known], colour, label)
    scale(axes, "share", "", when)
    ticks = [tick for tick in axes.get_yticks() if tick <= 1.0]
    axes.set_ylim(top=1.28 * axes.get_ylim()[1])  # room for the names of the lines
    axes.set_yticks(ticks)
    axes.set_title("Unmet need, month by month", fontsize=11.5, loc="left")
    axes.legend(loc="upper left", frameon=False, fontsize=10, handlelength=1.4)


def _draw_groups(axes: Axes, monthly: pd.DataFrame) -> None:
    """Draw each group's unmet share of the last year as a dot with an interval over replications."""
    place, names = 0.0, []
    for kind, groups in GROUPS:
        axes.annotate(kind, (-0.02, place - 0.62), xycoords=("axes fraction", "data"), ha="right", va="center",
                      fontsize=9.5, fontweight="bold", annotation_clip=False)  # fmt: skip
        for name, label in groups:
            _draw_group(axes, by_group(monthly, name), place)
            names.append((place, label))
            place += 1.0
        place += GAP + 0.3
    overall = float(np.nanmean(paths(monthly, "unmet_share")[-YEAR:]))
    axes.axvline(overall, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate("all elders", (overall, -1.45), ha="center", va="bottom", fontsize=9, color=GREY,
                  annotation_clip=False)  # fmt: skip
    axes.set_yticks([at for at, _ in names], [label for _, label in names], fontsize=9.5)
    axes.set_ylim(place - GAP - 0.5, -1.2)
    axes.set_xlim(left=0)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.3g} %"))
    axes.set_xlabel("unmet, of the group's hours needed", fontsize=10)
    axes.set_title(f"By group, {lately(monthly['month'].nunique())}", fontsize=11.5, loc="left", pad=22)


def _draw_group(axes: Axes, shares: np.ndarray, place: float) -> None:
    if not len(shares):
        axes.annotate(
            "nobody", (0.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=9, color=GREY
        )
        return
    if len(shares) > 1:
        axes.plot(np.percentile(shares, BANDS[0][:2]), (place, place), color=BLUE, linewidth=2.6, alpha=0.45)
    axes.plot(shares.mean(), place, "o", color=BLUE, markersize=6.5)


def _headline(run: RunFolder, monthly: pd.DataFrame, months: pd.PeriodIndex) -> str:
    """Say in one line how many of the most dependent lack care in the last year."""
    where = f"{place_of(run)}, {span(months[-YEAR:])}"
    shares = paths(monthly, "unmet_prevalence")[-YEAR:]
    if np.isnan(shares).all():
        return f"{where}: no elder is ADL-disabled"
    return (f"{where}: {percent(float(np.nanmean(shares)))} of ADL-disabled elders "
            "lack more than a quarter of the care they need")  # fmt: skip
