"""Fan charts: the main indicators' means over replications, and bands around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.fonts import all_characters
from caresim.report.style import BLUE, GREY, ORANGE, bare, mix_of, note, percent, place_of, span
from caresim.results import RunFolder

YEAR = 12
TITLE = 11.5
MOVES = (("births", "arrivals"), ("deaths", "departures"))
"""Indicators of who came and of who went in a month."""
BANDS = ((5, 95, 0.22), (25, 75, 0.32))
"""Percentiles over replications, and how dark the band between them is."""


@dataclass(frozen=True)
class Panel:
    """One small chart.

    Attributes:
        indicators: what it shows, at most two.
        yearly: sums of the last twelve months instead of the month's number.
    """

    indicators: tuple[str, ...]
    yearly: bool = False


PANELS = (
    Panel(("residents",)),
    Panel(("elders",)),
    Panel(("births", "deaths"), yearly=True),
    Panel(("elders_share",)),
    Panel(("oldest_share",)),
    Panel(("arrivals", "departures"), yearly=True),
    Panel(("living_alone_share",)),
    Panel(("with_child_share",)),
    Panel(("disabled_share",)),
)


@all_characters()
def draw_fans(run: RunFolder, mix: str) -> Figure:
    """Draw the main indicators of a mix, month by month."""
    monthly = run.monthly[run.monthly["mix"] == mix]
    months, when = months_of(monthly)
    figure = Figure(figsize=(12.6, 9.4))
    grid = figure.subplots(3, 3)
    figure.subplots_adjust(left=0.06, right=0.985, top=0.885, bottom=0.075, wspace=0.24, hspace=0.36)
    for axes, panel in zip(grid.flat, PANELS, strict=True):
        _draw_panel(axes, panel, run, monthly, when)
    figure.suptitle(_headline(run, monthly, months), y=0.972, fontsize=14)
    bands = (
        "Line: mean; bands: middle 50 % and 90 % of replications." if run.manifest["replications"] > 1 else ""
    )
    note(figure, run, f"Mix {mix_of(run, mix)}. {bands}")
    return figure


def months_of(monthly: pd.DataFrame) -> tuple[pd.PeriodIndex, np.ndarray]:
    """Return the months of a run, and their ends in years."""
    months = pd.PeriodIndex(monthly["month"].unique(), freq="M")
    return months, np.array([month.year + month.month / 12 for month in months])


def paths(monthly: pd.DataFrame, name: str, yearly: bool = False) -> np.ndarray:
    """Return an indicator by month and replication; `yearly` gives sums of the last twelve months."""
    wide = monthly.pivot(index="month", columns="replication", values=name)
    return (wide.rolling(YEAR).sum() if yearly else wide).to_numpy()


def _draw_panel(axes: Axes, panel: Panel, run: RunFolder, monthly: pd.DataFrame, when: np.ndarray) -> None:
    described = {indicator["name"]: indicator for indicator in run.manifest["indicators"]}
    yearly = panel.yearly and len(when) > YEAR
    for name, colour in zip(panel.indicators, (BLUE, ORANGE), strict=False):
        numbers = paths(monthly, name, yearly)
        known = ~np.isnan(numbers).all(axis=1)
        if known.any():
            draw_fan(axes, when[known], numbers[known], colour, described[name]["label"])
        else:
            axes.text(0.5, 0.5, "not measured in this run", transform=axes.transAxes, ha="center", color=GREY)
    first = described[panel.indicators[0]]
    if len(panel.indicators) > 1:
        _name_lines(axes)
    else:
        axes.set_title(first["label"], fontsize=TITLE, loc="left")
    scale(axes, first["unit"], "in 12 months" if yearly else "in the month" if panel.yearly else "", when)


def draw_fan(axes: Axes, when: np.ndarray, numbers: np.ndarray, colour: str, label: str) -> None:
    """Draw the mean over replications, and the bands around it if there are several."""
    if numbers.shape[1] > 1:
        for low, high, shade in BANDS:
            ends = np.nanpercentile(numbers, (low, high), axis=1)
            axes.fill_between(when, *ends, color=colour, alpha=shade, linewidth=0)
    axes.plot(when, np.nanmean(numbers, axis=1), color=colour, linewidth=1.6, label=label)
    if len(when) == 1:  # no line joins a single month
        axes.lines[-1].set(marker="o", clip_on=False)


def _name_lines(axes: Axes) -> None:
    """Name the lines of a panel where others have their title."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.975), ncols=2, frameon=False, fontsize=TITLE,
                handlelength=1.2, columnspacing=1.2, handletextpad=0.4, borderaxespad=0.2)  # fmt: skip


def scale(axes: Axes, unit: str, period: str, when: np.ndarray) -> None:
    """Put units on the axes; counts begin at zero, shares are in percent."""
    bare(axes)
    share = unit == "share"
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=unit == "persons"))
    text = (lambda y, _: f"{100 * y:.3g} %") if share else (lambda y, _: f"{y:,.0f}")
    axes.yaxis.set_major_formatter(FuncFormatter(text))
    highest = axes.dataLim.y1
    axes.set_ylim(0, 1.05 * highest if np.isfinite(highest) and highest > 0 else 1)
    on_years(axes, when)
    axes.set_ylabel("share" if share else f"{unit} {period}".strip(), fontsize=9.5)


def on_years(axes: Axes, when: np.ndarray) -> None:
    """Let an axes run over the months of a run, with ticks at years."""
    axes.set_xlim(when[0] - 1 / YEAR, when[-1])
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
    axes.tick_params(labelsize=9)


def _headline(run: RunFolder, monthly: pd.DataFrame, months: pd.PeriodIndex) -> str:
    """Say in one line what happened to residents and elders."""
    residents, elders = (paths(monthly, name).mean(axis=1) for name in ("residents", "elders_share"))
    came, went = (sum(paths(monthly, name)[0] for name in names) for names in MOVES)
    change = residents[-1] / (residents[0] - np.mean(came - went)) - 1
    first, last = percent(elders[0]), percent(elders[-1])
    course = f"{'fall' if change < 0 else 'grow'} by {percent(abs(change))}" if change else "stay as many"
    if len(months) == 1:
        course = "number " + f"{residents[0]:,.0f}"
    share = f"are {first}" if first == last else f"go from {first} to {last}"
    return f"{place_of(run)} {span(months)}: residents {course}, and elders {share} of them"
