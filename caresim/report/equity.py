"""Equity: whom unmet need falls on, under the baseline and under other mixes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.drawing import TEXT, WIDTH, Drawing, key, key_height, look, tidy, width_of

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
    tall = 0.235 * (rows[-1][1] + 1)
    high = below + 0.55 + tall + 0.15
    labels = [words.label("social_groups", name) for name, _ in rows]
    left = 0.25 + max(map(width_of, labels))
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((left / WIDTH, (below + 0.5) / high, (WIDTH - left - 0.3) / WIDTH, tall / high))
    entries, numbers = [], []
    for k, mix in enumerate(chosen):
        seen = look(comparison.mixes.index(mix))
        style: dict[str, Any] = {
            "color": seen.colour,
            "marker": seen.marker,
            "linestyle": "none",
            "markersize": 6.5,
        }
        shift = (k - (len(chosen) - 1) / 2) * 0.24
        for name, place in rows:
            row = comparison.row(mix, f"unmet_share_{name}")
            numbers.append(
                {"mix": mix, "group": name, **{end: row[end] for end in ("mean", "lower", "upper")}}
            )
            if np.isfinite(row["lower"]):
                axes.plot(
                    (row["lower"], row["upper"]), (place + shift,) * 2, color=seen.colour, linewidth=1.6
                )
            axes.plot(row["mean"], place + shift, **style)
        entries.append((style, comparison.title(mix)))
    tidy(axes, "x")
    axes.set_yticks([place for _, place in rows], labels, fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(rows[-1][1] + 0.6, -0.6)
    axes.set_xlim(0, min(1.0, axes.get_xlim()[1]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.tick(x, "share")))
    axes.set_xlabel(words.say("equity_axis"), fontsize=TEXT)
    key(figure, entries, below - 0.12)
    return Drawing("equity", figure, pd.DataFrame(numbers), words.say("equity_title"),
                   words.say("equity_caption", mixes=words.listed(titles)) + basis(comparison, "t"),
                   words.say("equity_alt", mixes=words.listed(titles)))  # fmt: skip


def _places() -> list[tuple[float, str]]:
    """Return the groups with their heights, those of one kind together."""
    found, place = [], 0.0
    for kind in GROUPS:
        for name in kind:
            found.append((place, name))
            place += 1.0
        place += 0.6
    return found
