"""Equity: whom unmet need falls on, under the baseline and under other mixes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.drawing import TEXT, WIDTH, Drawing, key, key_height, look, tidy, width_of
from caresim.report.words import Words

GROUPS = (
    ("men", "women"), ("60_69", "70_79", "80_plus"), ("not_remote", "remote"), ("not_alone", "alone"),
    ("not_left_behind", "left_behind"),
    ("quintile_1", "quintile_2", "quintile_3", "quintile_4", "quintile_5"),
)  # fmt: skip
INDICES = (
    "unmet_gini",
    "unmet_concentration",
    "unmet_erreygers",
    "catastrophic_share",
    "below_minimum_share",
)
"""What the table of equity shows."""


def equity(comparison: Comparison, chosen: list[str]) -> Drawing | None:
    """Draw the unmet share of each group under some mixes.

    Args:
        comparison: the run.
        chosen: the mixes, the baseline first.
    """
    rows = [(name, place) for place, name in _places() if comparison.measured(f"unmet_share_{name}")]
    if not rows:
        return None
    words, titles = comparison.words, [comparison.title(mix) for mix in chosen]
    below = key_height(titles) + 0.1
    figure, axes = _panel(words, rows, below)
    styles, numbers = [], []
    for k, mix in enumerate(chosen):
        style = _look(comparison, mix)
        numbers += _dots(axes, comparison, mix, rows, (k - (len(chosen) - 1) / 2) * 0.24, style)
        styles.append(style)
    axes.set_xlim(0, min(1.0, axes.get_xlim()[1]))
    key(figure, list(zip(styles, titles, strict=True)), below - 0.12)
    return Drawing("equity", figure, pd.DataFrame(numbers), words.say("equity_title"),
                   words.say("equity_caption", mixes=words.listed(titles)) + basis(comparison, "t"),
                   words.say("equity_alt", mixes=words.listed(titles)))  # fmt: skip


def _panel(words: Words, rows: list[tuple[str, float]], below: float) -> tuple[Figure, Axes]:
    """Return a figure with a row a group, and inches of room below it."""
    labels = [words.label("social_groups", name) for name, _ in rows]
    tall = 0.235 * (rows[-1][1] + 1)
    high = below + 0.55 + tall + 0.15
    left = 0.25 + max(map(width_of, labels))
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((left / WIDTH, (below + 0.5) / high, (WIDTH - left - 0.3) / WIDTH, tall / high))
    tidy(axes, "x")
    axes.set_yticks([place for _, place in rows], labels, fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(rows[-1][1] + 0.6, -0.6)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.tick(x, "share")))
    axes.set_xlabel(words.say("equity_axis"), fontsize=TEXT)
    return figure, axes


def _look(comparison: Comparison, mix: str) -> dict[str, Any]:
    """Return how the dots of a mix look."""
    seen = look(comparison.mixes.index(mix))
    return {"color": seen.colour, "marker": seen.marker, "linestyle": "none", "markersize": 6.5}


def _dots(axes: Axes, comparison: Comparison, mix: str, rows: list[tuple[str, float]], shift: float,
          style: dict[str, Any]) -> list[dict[str, Any]]:  # fmt: skip
    """Draw the groups of a mix with their intervals, and return their numbers."""
    numbers = []
    for name, place in rows:
        row = comparison.row(mix, f"unmet_share_{name}")
        numbers.append({"mix": mix, "group": name, **{end: row[end] for end in ("mean", "lower", "upper")}})
        if np.isfinite(row["lower"]):
            ends = (row["lower"], row["upper"])
            axes.plot(ends, (place + shift,) * 2, color=style["color"], linewidth=1.6)
        axes.plot(row["mean"], place + shift, **style)
    return numbers


def _places() -> list[tuple[float, str]]:
    """Return the groups with their heights, those of one kind together."""
    found, place = [], 0.0
    for kind in GROUPS:
        for name in kind:
            found.append((place, name))
            place += 1.0
        place += 0.6
    return found
