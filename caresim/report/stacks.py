"""The care mix of each policy: who gives the hours, and who bears the yuan, as stacked bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    TEXT,
    VERMILION,
    WIDTH,
    YELLOW,
    Drawing,
    tidy,
    width_of,
)

UNMET = "#C9C9C9"


@dataclass(frozen=True)
class Part:
    """A part of the bars.

    Attributes:
        name: its key in the catalogues.
        colour: its colour.
        hatch: its hatching, so that neighbours differ in more than colour.
    """

    name: str
    colour: str
    hatch: str = ""


HOURS = (
    Part("hours_spouse", BLUE), Part("hours_children", SKY), Part("hours_community", GREEN),
    Part("hours_volunteers", YELLOW), Part("hours_time_bank", PURPLE, "///"), Part("hours_bought", ORANGE),
    Part("hours_formal", VERMILION, "..."), Part("hours_purchased", "#8C510A"), Part("hours_meals", "#999933", "///"),
    Part("hours_visits", "#332288"), Part("hours_institution", "#882255", "..."), Part("unmet_hours", UNMET),
)  # fmt: skip
MONEY = (
    Part("informal_value", SKY, "///"), Part("own_payments", BLUE), Part("paid_by_central", VERMILION),
    Part("paid_by_local", ORANGE, "..."), Part("paid_by_lottery", YELLOW), Part("paid_by_insurance", PURPLE, "///"),
    Part("hospital_insured_payments", "#44AA99", "..."), Part("paid_by_collective", GREEN),
    Part("paid_by_charity", "#332288"), Part("paid_by_owners", "#8C510A"),
)  # fmt: skip


def care_hours(comparison: Comparison) -> Drawing | None:
    """Draw the hours of care per elder and month by who gives them, for each mix."""
    monthly = comparison.run.monthly
    if {"need_hours_institution", "hours_institution", "unmet_hours"} <= set(monthly.columns):
        inside = (monthly["need_hours_institution"] - monthly["hours_institution"]).fillna(0.0)
        monthly = monthly.assign(unmet_hours=monthly["unmet_hours"] + inside)
    return _stacked(comparison, "care_hours", HOURS, monthly)


def care_money(comparison: Comparison) -> Drawing | None:
    """Draw the yuan per elder and month by who bears them, for each mix."""
    return _stacked(comparison, "care_money", MONEY, comparison.run.monthly)


def per_elder_month(monthly: pd.DataFrame, parts: tuple[Part, ...], mixes: list[str]) -> pd.DataFrame:
    """Return each part per elder-month of all months and replications, by mix; NaN where it was not measured."""
    names = [part.name for part in parts if part.name in monthly.columns]
    sums = monthly.groupby("mix")[[*names, "elders"]].sum(min_count=1)
    return sums[names].div(sums["elders"].where(sums["elders"] > 0.0), axis=0).reindex(mixes)


def _stacked(
    comparison: Comparison, name: str, parts: tuple[Part, ...], monthly: pd.DataFrame
) -> Drawing | None:
    numbers = per_elder_month(monthly, parts, comparison.mixes)
    drawn = [part for part in parts if part.name in numbers and (numbers[part.name].abs() > 0.0).any()]
    if not drawn:
        return None
    words = comparison.words
    names = [words.label("parts", part.name) for part in drawn]
    rows, columns = len(numbers), max(1, int(WIDTH // (0.5 + max(map(width_of, names)))))
    lines = -(-len(names) // columns)
    bottom, high = 0.62 + 0.22 * lines, 0.62 + 0.22 * lines + 0.3 * rows + 0.08
    figure = Figure(figsize=(WIDTH, high))
    left = 0.25 + max(width_of(comparison.title(mix)) for mix in numbers.index)
    axes = figure.add_axes((left / WIDTH, bottom / high, (WIDTH - left - 0.75) / WIDTH, 0.3 * rows / high))
    _bars(axes, comparison, numbers, drawn)
    axes.set_xlabel(words.say(f"{name}_axis"), fontsize=TEXT)
    _patches(figure, drawn, names, columns)
    return Drawing(
        name,
        figure,
        numbers[[part.name for part in drawn]].rename_axis("mix").reset_index(),
        words.say(f"{name}_title"),
        words.say(f"{name}_caption") + basis(comparison, "none"),
        words.say(f"{name}_alt", n=rows, largest=words.label("parts", str(numbers.mean().idxmax()))),
    )


def _bars(axes: Axes, comparison: Comparison, numbers: pd.DataFrame, drawn: list[Part]) -> None:
    places = np.arange(len(numbers))
    bottom = np.zeros(len(numbers))
    for part in drawn:
        wide = np.nan_to_num(numbers[part.name].to_numpy())
        axes.barh(places, wide, left=bottom, height=0.74, color=part.colour, hatch=part.hatch, linewidth=0.5,
                  edgecolor="white")  # fmt: skip
        bottom += wide
    for place, total in enumerate(bottom.tolist()):
        axes.text(total, place, f"  {total:,.1f}" if total < 100 else f"  {total:,.0f}", va="center",
                  fontsize=SMALL, color=GREY)  # fmt: skip
    tidy(axes, "x")
    axes.set_yticks(places, [comparison.title(mix) for mix in numbers.index], fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(numbers) - 0.45, -0.55)
    axes.set_xlim(0, max(bottom.max(), 1e-9) * 1.01)


def _patches(figure: Figure, drawn: list[Part], names: list[str], columns: int) -> None:
    """Write the key, the parts in the order of the bars."""
    wide, high = figure.get_size_inches()
    step = 0.5 + max(map(width_of, names))
    for k, (part, name) in enumerate(zip(drawn, names, strict=True)):
        lines = -(-len(names) // columns)
        x, y = 0.12 + (k % columns) * step, 0.12 + (lines - 1 - k // columns) * 0.22
        corner = (x / wide, (y - 0.06) / high)
        figure.add_artist(
            Rectangle(corner, 0.2 / wide, 0.12 / high, transform=figure.transFigure, facecolor=part.colour,
                      hatch=part.hatch, edgecolor="white", linewidth=0.5)
        )  # fmt: skip
        figure.text((x + 0.28) / wide, y / high, name, va="center", fontsize=TEXT)
