"""Targets against the model, where a hindcast has been scored."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.drawing import (
    BLUE,
    GREY,
    LIGHT,
    SMALL,
    TEXT,
    VERMILION,
    WIDTH,
    Drawing,
    key,
    tidy,
    width_of,
)

SCORE = "score.csv"
NEEDED = {"id", "what", "low", "high", "mean", "lower", "upper", "hit"}


def scored(comparison: Comparison) -> pd.DataFrame | None:
    """Return the score table of the baseline mix; None where the folder holds none that can be read."""
    path = comparison.run.path / SCORE
    if not path.is_file():
        return None
    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError):
        return None
    if not set(table.columns) >= NEEDED:
        return None
    if "mix" in table.columns:
        table = table[table["mix"] == comparison.baseline]
    table = table[np.isfinite(table["low"]) & np.isfinite(table["mean"])].reset_index(drop=True)
    return table if len(table) else None


def targets(comparison: Comparison) -> Drawing | None:
    """Draw each target's band as 0 to 1, with the model's mean and interval on that scale."""
    table = scored(comparison)
    if table is None:
        return None
    words = comparison.words
    # A band without width, a plain number, is drawn as a tenth of its value.
    width = (table["high"] - table["low"]).where(
        table["high"] > table["low"], table["low"].abs() * 0.1 + 1e-12
    )
    placed = {end: (table[end] - table["low"]) / width for end in ("mean", "lower", "upper")}
    labels = [f"{row.id}  {row.what}" for row in table.itertuples()]
    tall = 0.25 * len(table)
    high, left = tall + 1.15, min(5.6, 0.25 + max(width_of(label) for label in labels))
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((left / WIDTH, 0.9 / high, (WIDTH - left - 0.3) / WIDTH, tall / high))
    axes.axvspan(0, 1, color=LIGHT, zorder=0)
    hit = table["hit"].astype(str).str.lower().isin(("true", "1", "1.0"))
    for place in range(len(table)):
        colour = BLUE if hit[place] else VERMILION
        ends = np.clip([placed["lower"][place], placed["upper"][place]], -2.0, 3.0)
        axes.plot(ends, (place, place), color=colour, linewidth=1.6)
        axes.plot(np.clip(placed["mean"][place], -2.0, 3.0), place, "o" if hit[place] else "X", color=colour,
                  markersize=6.5)  # fmt: skip
    tidy(axes, "x")
    axes.set_yticks(range(len(table)), labels, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(-2.1, 3.1)
    axes.set_xticks([0, 1], [words.say("band_low"), words.say("band_high")], fontsize=TEXT, color=GREY)
    dots = [{"color": BLUE, "marker": "o", "linestyle": "none"},
            {"color": VERMILION, "marker": "X", "linestyle": "none"}]  # fmt: skip
    key(figure, list(zip(dots, (words.say("hit"), words.say("missed")), strict=True)), 0.2)
    return Drawing("targets", figure, table, words.say("targets_title"),
                   words.say("targets_caption", hits=int(hit.sum()), n=len(table)) + basis(comparison, None),
                   words.say("targets_alt", hits=int(hit.sum()), n=len(table)))  # fmt: skip
