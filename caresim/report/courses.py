"""Courses over time: a fan for each mix, and the mixes' means beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.basis import basis
from caresim.report.comparison import CARE_MET, Comparison
from caresim.report.drawing import (
    BLUE,
    TEXT,
    WIDTH,
    Drawing,
    key,
    key_height,
    look,
    means,
    percentiles,
    tidy,
    wrapped,
)

YEAR = 12
MAIN = (CARE_MET, "public_spending_per_elder", "lonely_share", "heavy_burden_share", "living_alone_share",
        "institution_residents_share")  # fmt: skip
HOMES = ("occupancy", "institution_residents_share", "queue_length", "home_quality", "beds_per_10000",
         "cash_negative_share")  # fmt: skip
BANK = ("time_bank_members", "hours_time_bank", "time_bank_fill_rate", "time_bank_confidence",
        "time_bank_outstanding", "time_bank_coverage")  # fmt: skip
FAN = CARE_MET


def fans(comparison: Comparison) -> Drawing | None:
    """Draw a fan of the share of care met for each mix, with the baseline's mean in each."""
    if not comparison.measured(FAN):
        return None
    when, paths = _paths(comparison, FAN)
    across = min(4, len(comparison.mixes))
    rows = -(-len(comparison.mixes) // across)
    figure = Figure(figsize=(WIDTH, 1.75 * rows + 0.35))
    grid = np.atleast_1d(figure.subplots(rows, across, sharex=True, sharey=True, squeeze=False)).ravel()
    high = 1.75 * rows + 0.35
    figure.subplots_adjust(
        left=0.06, right=0.99, top=1 - 0.3 / high, bottom=0.32 / high, wspace=0.17, hspace=0.3
    )
    for axes, mix in zip(grid, comparison.mixes, strict=False):
        _fan(axes, when, paths[mix], paths[comparison.baseline] if mix != comparison.baseline else None)
        axes.set_title(comparison.title(mix), loc="left", fontsize=TEXT)
    for axes in grid[len(comparison.mixes) :]:
        axes.set_visible(False)
    _scale(grid[0], comparison, FAN, when)
    words = comparison.words
    return Drawing(
        "fans", figure, _fan_numbers(comparison, paths), words.say("fans_title"),
        words.say("fans_caption" if len(comparison.mixes) > 1 else "fans_caption_one",
                  indicator=comparison.label(FAN), baseline=comparison.title(comparison.baseline))
        + basis(comparison, "band"),
        words.say("fans_alt", n=len(comparison.mixes), indicator=comparison.label(FAN)),
    )  # fmt: skip


def courses(
    comparison: Comparison, name: str, indicators: Sequence[str], mixes: Sequence[str]
) -> Drawing | None:
    """Draw the means of some indicators over time, a line for each of some mixes.

    Args:
        comparison: the run.
        name: name of the figure, whose title, caption and alternative text are in the catalogues.
        indicators: what is shown, a panel each; what was not measured is left out.
        mixes: the mixes shown.
    """
    shown = [indicator for indicator in indicators if comparison.measured(indicator)]
    if not shown or not mixes:
        return None
    titles = [comparison.title(mix) for mix in mixes]
    across = min(3, len(shown))
    rows, below = -(-len(shown) // across), key_height(titles)
    high = 2.25 * rows + below + 0.3
    figure = Figure(figsize=(WIDTH, high))
    grid = figure.subplots(rows, across, sharex=True, squeeze=False).ravel()
    figure.subplots_adjust(left=0.065, right=0.99, top=1 - 0.42 / high, bottom=(below + 0.32) / high, wspace=0.22,
                           hspace=0.38)  # fmt: skip
    frames = []
    for axes, indicator in zip(grid, shown, strict=False):
        frames.append(_lines(axes, comparison, indicator, mixes, WIDTH / across - 0.6))
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    styles = [style_of(comparison, mix) for mix in mixes]
    key(figure, list(zip(styles, titles, strict=True)), below - 0.08)
    words = comparison.words
    named = words.listed([comparison.label(indicator) for indicator in shown])
    titled = "courses_title_one" if name == "courses" and len(mixes) == 1 else f"{name}_title"
    return Drawing(
        name, figure, pd.concat(frames, ignore_index=True), words.say(titled),
        words.say(f"{name}_caption") + (words.say("smoothed") if _smooth(comparison) else "")
        + basis(comparison, "none"),
        words.say("courses_alt", indicators=named, n=len(mixes)),
    )  # fmt: skip


def _paths(comparison: Comparison, indicator: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the months in years, and an indicator by month and replication for each mix."""
    wide = comparison.monthly.pivot(index="month", columns=["mix", "replication"], values=indicator)
    when = np.array([int(month[:4]) + int(month[5:]) / YEAR for month in wide.index])
    present = set(wide.columns.get_level_values("mix"))
    return when, {
        mix: wide[mix].to_numpy(dtype=float) if mix in present else np.full((len(wide), 1), np.nan)
        for mix in comparison.mixes
    }


def _fan(axes: Axes, when: np.ndarray, numbers: np.ndarray, baseline: np.ndarray | None) -> None:
    if numbers.shape[1] > 1:
        low, first, third, high = percentiles(numbers, 5, 25, 75, 95)
        axes.fill_between(when, low, high, color=BLUE, alpha=0.22, linewidth=0)
        axes.fill_between(when, first, third, color=BLUE, alpha=0.38, linewidth=0)
    axes.plot(when, means(numbers), color=BLUE, linewidth=1.6, marker="o" if len(when) == 1 else "")
    if baseline is not None:
        axes.plot(when, means(baseline), color="#000000", linewidth=1.0, linestyle=(0, (4, 2)))
    tidy(axes)


def _lines(
    axes: Axes, comparison: Comparison, indicator: str, mixes: Sequence[str], inches: float
) -> pd.DataFrame:
    when, paths = _paths(comparison, indicator)
    frame, span = (
        {},
        YEAR if _smooth(comparison) else 1,
    )  # what is paid or built once a year would hide the rest
    for mix in mixes:
        course = pd.Series(means(paths[mix])).rolling(span, min_periods=1).mean().to_numpy()
        known = np.isfinite(course)
        style = style_of(comparison, mix) | {
            "markersize": 4,
            "markevery": _marks(comparison.mixes.index(mix), known),
        }
        axes.plot(when[known], course[known], **style)
        frame[mix] = course
    tidy(axes)
    _scale(axes, comparison, indicator, when)
    axes.set_title(wrapped(_headed(comparison, indicator), inches), loc="left", fontsize=TEXT)
    wide = pd.DataFrame(frame, index=sorted(comparison.monthly["month"].unique()))
    return wide.rename_axis("month").reset_index().melt("month", var_name="mix", value_name="mean").assign(
        indicator=indicator)  # fmt: skip


def style_of(comparison: Comparison, mix: str) -> dict[str, Any]:
    """Return the line and marker of a mix."""
    place = comparison.mixes.index(mix)
    seen = look(place)
    filled = (place - 1) // 6 % 2 == 0
    return {"color": seen.colour, "linestyle": seen.line, "marker": seen.marker, "linewidth": 2.0 if not place else 1.3,
            "markersize": 5, "markerfacecolor": seen.colour if filled or not place else "white"}  # fmt: skip


def _headed(comparison: Comparison, indicator: str) -> str:
    """Return the title of an indicator, with its unit unless its numbers tell it."""
    label, unit = comparison.label(indicator), comparison.unit(indicator)
    named = comparison.words.unit(unit)
    if unit in ("", "share", "ratio") or named in label.lower():
        return label
    return comparison.words.say("with_unit", label=label, unit=named)


def _smooth(comparison: Comparison) -> bool:
    """Tell whether a run is long enough for means of twelve months."""
    return comparison.monthly["month"].nunique() > 2 * YEAR


def _marks(place: int, known: np.ndarray) -> list[int]:
    """Return where a line has its markers, so that those of several lines seldom lie on one another."""
    n = int(known.sum())
    every = max(1, n // 4)
    return list(range((place * every // 5) % every, n, every))


def _scale(axes: Axes, comparison: Comparison, indicator: str, when: np.ndarray) -> None:
    words, unit = comparison.words, comparison.unit(indicator)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.tick(y, unit)))
    panels = [one for one in axes.get_shared_y_axes().get_siblings(axes) if one.has_data()]
    highest = max((one.dataLim.y1 for one in panels), default=0.0)
    lowest = min((one.dataLim.y0 for one in panels), default=0.0)
    axes.set_ylim(0, 1.06 * highest if np.isfinite(highest) and highest > 0 else 1)
    if lowest < 0:
        axes.set_ylim(1.06 * lowest)
    axes.set_xlim(when[0] - 1 / YEAR, when[-1] + 1 / YEAR)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))


def _fan_numbers(comparison: Comparison, paths: dict[str, np.ndarray]) -> pd.DataFrame:
    months = sorted(comparison.monthly["month"].unique())
    frames = []
    for mix, numbers in paths.items():
        low, first, third, high = percentiles(numbers, 5, 25, 75, 95)
        frames.append(pd.DataFrame({"mix": mix, "month": months, "indicator": FAN, "p5": low, "p25": first,
                                    "mean": means(numbers), "p75": third, "p95": high}))  # fmt: skip
    return pd.concat(frames, ignore_index=True)
