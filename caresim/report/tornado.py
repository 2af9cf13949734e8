"""The tornado: which uncertain parameters move the result, where a sensitivity run left its table."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim import catalogue
from caresim.report.comparison import Comparison
from caresim.report.drawing import BLUE, GREY, ORANGE, SMALL, TEXT, WIDTH, Drawing, key, tidy, width_of
from caresim.report.words import tick

SENSITIVITY = "sensitivity.csv"
MOST = 20
"""Most bars drawn."""
SWINGS, INDICES = ("output_low", "output_high"), ("index", "lower", "upper")


def tornado(comparison: Comparison) -> Drawing | None:
    """Draw the swings or indices of a sensitivity run; None where the folder holds none that can be read."""
    path = comparison.run.path / SENSITIVITY
    if not path.is_file():
        return None
    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError):
        return None
    columns = set(table.columns)
    kind = "swings" if set(SWINGS) <= columns else "indices" if INDICES[0] in columns else ""
    if "parameter" not in columns or not kind or not len(table):
        return None
    size = (table["output_high"] - table["output_low"]).abs() if kind == "swings" else table["index"].abs()
    table = (
        table.assign(size=size).dropna(subset=["size"]).sort_values("size", ascending=False, kind="stable")
    )
    table = table.head(MOST).drop(columns="size").reset_index(drop=True)
    return _drawn(comparison, table, kind) if len(table) else None


def _drawn(comparison: Comparison, table: pd.DataFrame, kind: str) -> Drawing:
    words = comparison.words
    labels = [_label(comparison, str(name)) for name in table["parameter"]]
    tall = 0.27 * len(table)
    high, left = tall + 1.25, min(4.6, 0.25 + max(width_of(label) for label in labels))
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((left / WIDTH, 0.95 / high, (WIDTH - left - 0.3) / WIDTH, tall / high))
    _bars(axes, table, kind)
    tidy(axes, "x")
    axes.set_yticks(range(len(table)), labels, fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
    axes.set_xlabel(words.say(f"tornado_{kind}_axis"), fontsize=SMALL)
    if kind == "swings":
        styles = [{"color": colour, "linewidth": 8, "solid_capstyle": "butt"} for colour in (BLUE, ORANGE)]
        key(figure, list(zip(styles, (words.say("low"), words.say("high")), strict=True)), 0.2)
    return Drawing("tornado", figure, table, words.say("tornado_title"), words.say(f"tornado_{kind}_caption"),
                   words.say("tornado_alt", first=labels[0]))  # fmt: skip


def _bars(axes: Any, table: pd.DataFrame, kind: str) -> None:
    if kind == "indices":
        axes.barh(range(len(table)), table["index"], height=0.6, color=BLUE)
        for place, row in enumerate(table.itertuples()):
            if {"lower", "upper"} <= set(table.columns):
                axes.plot((row.lower, row.upper), (place, place), color="#000000", linewidth=1.2)
        return
    middle = float((table["output_low"] + table["output_high"]).mean() / 2.0)
    for name, colour, hatch in (("output_low", BLUE, ""), ("output_high", ORANGE, "///")):
        axes.barh(range(len(table)), table[name] - middle, left=middle, height=0.6, color=colour, hatch=hatch,
                  edgecolor="white", linewidth=0.5)  # fmt: skip
    axes.axvline(middle, color=GREY, linewidth=1)


def _label(comparison: Comparison, name: str) -> str:
    """Return what a parameter or lever of a sensitivity run is called."""
    known = {row["name"] for row in catalogue.declared_parameters()}
    return comparison.words.parameter(name) if name in known else comparison.words.lever(name)
