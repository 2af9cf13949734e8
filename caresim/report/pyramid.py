"""The population pyramid at the start and at the end of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from caresim.agents.place import AGE_GROUPS
from caresim.recorder import SEXES
from caresim.report.fonts import all_characters
from caresim.report.style import BLUE, ORANGE, mix_of, note, percent, place_of
from caresim.results import RunFolder

FIRST_ELDER_GROUP = AGE_GROUPS.index("60-64")
HEIGHT = 0.84


@all_characters()
def draw_pyramid(run: RunFolder, mix: str) -> Figure | None:
    """Draw residents by sex and age on the first and last 1 January; None if the run saw fewer than two."""
    population = run.population[run.population["mix"] == mix]
    years = sorted(population["year"].unique())
    if len(years) < 2:
        return None
    then, now = (residents(population, year) for year in (years[0], years[-1]))
    figure = Figure(figsize=(9.6, 7.4))
    left, right = figure.subplots(1, 2, sharey=True)
    figure.subplots_adjust(left=0.04, right=0.96, top=0.84, bottom=0.12, wspace=0.16)
    widest = 100 * max((count / count.sum()).max() for count in (then, now)) * 1.06
    for axes, sex, side in ((left, 0, -1), (right, 1, 1)):
        _draw_side(axes, 100 * then[sex] / then.sum(), 100 * now[sex] / now.sum())
        axes.set_xlim((widest, 0) if side < 0 else (0, widest))
        axes.set_title(("Men", "Women")[sex], fontsize=12)
    _label_ages(left, right)
    old = [count[:, FIRST_ELDER_GROUP:].sum() / count.sum() for count in (then, now)]
    verb = "rises" if old[1] > old[0] else "falls"
    what = f"{place_of(run)}: the share of residents aged 60 and over {verb}"
    change = f"from {percent(old[0])} in {years[0]} to {percent(old[1])} in {years[-1]}"
    if percent(old[0]) == percent(old[1]):
        verb, change = "is", f"{percent(old[0])} in {years[0]} as in {years[-1]}"
    figure.suptitle(f"{what} {change}", y=0.975, fontsize=13)
    said = [
        f"1 January {y}: {count.sum():,.0f} residents" for y, count in ((years[0], then), (years[-1], now))
    ]
    keys = [Patch(facecolor="none", edgecolor=BLUE, linewidth=2, label=said[0]),
            Patch(facecolor=ORANGE, alpha=0.75, label=said[1])]  # fmt: skip
    figure.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.5, 0.945), ncols=2, frameon=False)
    note(figure, run, f"Mix {mix_of(run, mix)}, mean over replications.")
    return figure


def residents(population: pd.DataFrame, year: int) -> np.ndarray:
    """Return mean residents over replications on 1 January of a year, by sex and age group."""
    rows = population[population["year"] == year]
    mean = rows.groupby(["sex", "age_group"])["resident"].mean()
    return np.array([[mean.get((sex, group), 0.0) for group in AGE_GROUPS] for sex in SEXES])


def _draw_side(axes: Axes, then: np.ndarray, now: np.ndarray) -> None:
    """Draw one sex: now as bars, then as an outline, in percent of all residents."""
    ages = np.arange(len(AGE_GROUPS))
    axes.barh(ages, now, height=HEIGHT, color=ORANGE, alpha=0.75, linewidth=0)
    axes.stairs(then, np.arange(len(AGE_GROUPS) + 1) - 0.5, orientation="horizontal", color=BLUE, linewidth=2)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylim(-0.6, len(AGE_GROUPS) - 0.4)
    axes.set_xlabel("% of all residents")
    axes.spines[["top", "left", "right"]].set_visible(False)


def _label_ages(left: Axes, right: Axes) -> None:
    """Write the age groups once, between the sexes."""
    left.yaxis.tick_right()
    left.set_yticks(range(len(AGE_GROUPS)), [""] * len(AGE_GROUPS))
    right.tick_params(axis="y", length=0, labelleft=False)
    left.tick_params(axis="y", length=0)
    for position, group in enumerate(AGE_GROUPS):
        left.annotate(group, (1.08, position), xycoords=("axes fraction", "data"), ha="center", va="center",
                      fontsize=9.5, annotation_clip=False)  # fmt: skip
    left.annotate("Age", (1.08, len(AGE_GROUPS) - 0.1), xycoords=("axes fraction", "data"), ha="center",
                  va="bottom", fontsize=9.5, annotation_clip=False)  # fmt: skip
