"""The care mix: who gives the hours that elders need, month by month, and what stays unmet."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.fans import months_of, on_years, paths
from caresim.report.fonts import all_characters
from caresim.report.style import GREY, bare, lately, mix_of, note, percent, place_of, span
from caresim.results import RunFolder

YEAR = 12
SOURCES = (
    ("hours_spouse", "spouse", "#0072B2"),
    ("hours_children", "children, in-laws", "#56B4E9"),
    ("hours_community", "community", "#009E73"),
    ("hours_volunteers", "volunteers", "#F0E442"),
    ("hours_time_bank", "time bank", "#CC79A7"),
    ("hours_bought", "respite, backstop", "#E69F00"),
    ("hours_formal", "entitled", "#D55E00"),
    ("hours_purchased", "purchased", "#8C510A"),
    ("hours_meals", "meals", "#999933"),
    ("hours_visits", "visits", "#332288"),
    ("unmet_hours", "unmet", "#C9C9C9"),
)
"""Indicator, name and colour, from the bottom to the top."""
TASKS = (("personal", "personal\ncare"), ("instrumental", "help in\nthe house"), ("company", "company"))
MET, UNMET = "#4D7EA8", "#C9C9C9"
SAID = (
    "Care at home; what care homes give is not in it. Means over replications, per resident of 60+. "
    "Community: neighbours, mutual-aid pairs, happiness homes."
)
APART = 0.055
"""Least distance of two names, as a share of the height."""


@all_characters()
def draw_care_mix(run: RunFolder, mix: str) -> Figure | None:
    """Draw the hours of care per elder and month by source; None if the run has no care."""
    monthly = run.monthly[run.monthly["mix"] == mix]
    if monthly["need_hours"].isna().all():
        return None
    months, when = months_of(monthly)
    figure = Figure(figsize=(12.6, 6.4))
    left, right = figure.subplots(1, 2, width_ratios=(2.7, 1.0))
    figure.subplots_adjust(left=0.055, right=0.985, top=0.835, bottom=0.125, wspace=0.62)
    _draw_sources(left, monthly, when)
    _draw_tasks(right, monthly)
    figure.suptitle(_headline(run, monthly, months), y=0.97, fontsize=14)
    note(figure, run, f"Mix {mix_of(run, mix)}. {SAID}")
    return figure


def per_elder(monthly: pd.DataFrame, name: str) -> np.ndarray:
    """Return an indicator's hours per resident elder by month, the mean over replications."""
    with np.errstate(invalid="ignore"):
        return np.nanmean(paths(monthly, name) / paths(monthly, "elders"), axis=1)


def _draw_sources(axes: Axes, monthly: pd.DataFrame, when: np.ndarray) -> None:
    hours = {name: per_elder(monthly, name) for name, _, _ in SOURCES}
    drawn = [source for source in SOURCES if np.nansum(hours[source[0]]) > 0]
    stack = np.nan_to_num([hours[name] for name, _, _ in drawn])
    # A month lasts from the end of the one before to its own.
    axes.stackplot(np.append(when[0] - 1 / YEAR, when), np.hstack([stack[:, :1], stack]),
                   colors=[colour for _, _, colour in drawn], linewidth=0.3, edgecolor="white")  # fmt: skip
    bare(axes)
    axes.set_ylim(0, 1.05 * max(1e-9, stack.sum(axis=0).max()))
    on_years(axes, when)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.set_ylabel("hours per elder and month", fontsize=10)
    axes.set_title("Hours of care needed at home, by who gives them", fontsize=11.5, loc="left")
    if drawn:
        _name_areas(axes, drawn, stack)


def _name_areas(axes: Axes, drawn: list[tuple[str, str, str]], stack: np.ndarray) -> None:
    """Write each area's name and its share of the last year's hours beside its right end."""
    top = axes.get_ylim()[1]
    hours, middles = stack[:, -YEAR:].mean(axis=1), (np.cumsum(stack[:, -1]) - stack[:, -1] / 2.0) / top
    places = _spaced(middles)
    for at, middle, share, (_, name, colour) in zip(places, middles, hours / hours.sum(), drawn, strict=True):
        axes.plot(
            (1.0, 1.022),
            (middle, at),
            color="#999999",
            linewidth=0.7,
            transform=axes.transAxes,
            clip_on=False,
        )
        axes.plot(1.03, at, "s", color=colour, markersize=8, transform=axes.transAxes, clip_on=False)
        axes.text(1.05, at, f"{name}  {percent(share)}", transform=axes.transAxes, va="center",
                  fontsize=9.5)  # fmt: skip
    axes.text(1.05, places[-1] + APART, f"{lately(stack.shape[1])}:", transform=axes.transAxes, va="center",
              fontsize=8.5, color=GREY)  # fmt: skip


def _spaced(middles: np.ndarray) -> np.ndarray:
    """Return heights near the given rising ones that leave room for a line of text each."""
    places = middles.copy()
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + APART)
    places -= max(0.0, places[-1] - 1.0)
    for k in range(len(places) - 2, -1, -1):
        places[k] = min(places[k], places[k + 1] - APART)
    return places


def _draw_tasks(axes: Axes, monthly: pd.DataFrame) -> None:
    """Draw what was needed and met of each task in the last year."""
    met, unmet = (
        np.array([per_elder(monthly, f"{what}_hours_{task}")[-YEAR:].mean() for task, _ in TASKS])
        for what in ("met", "unmet")
    )
    places = np.arange(len(TASKS))
    axes.bar(places, met, color=MET, width=0.66, label="met")
    axes.bar(places, unmet, bottom=met, color=UNMET, width=0.66, label="unmet")
    for place, got, lost in zip(places, met, unmet, strict=True):
        if got + lost > 0:
            axes.annotate(f"{percent(lost / (got + lost))}\nunmet", (place, got + lost), (0, 3), ha="center",
                          textcoords="offset points", fontsize=9)  # fmt: skip
    bare(axes)
    axes.set_xticks(places, [name for _, name in TASKS], fontsize=9.5)
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, 1.18 * max(1e-9, (met + unmet).max()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    axes.set_ylabel("hours per elder and month", fontsize=10)
    axes.set_title(f"By task, {lately(monthly['month'].nunique())}", fontsize=11.5, loc="left")
    axes.legend(frameon=False, fontsize=9, loc="upper right", handlelength=1.0)


def _headline(run: RunFolder, monthly: pd.DataFrame, months: pd.PeriodIndex) -> str:
    """Say in two lines what the family gives and how the unmet share went."""
    family, given = (np.nansum(paths(monthly, name)) for name in ("hours_family", "met_hours"))
    unmet, needed = (per_elder(monthly, name) for name in ("unmet_hours", "need_hours"))
    if not np.nansum(needed):
        return f"{place_of(run)} {span(months)}: no elder needs care at home"
    what = f"{place_of(run)} {span(months)}: the family gives "
    what += (
        f"{percent(family / given)} of the care that elders receive at home;\n"
        if given
        else "nobody gives any care at home;\n"
    )
    years = slice(YEAR), slice(-YEAR, None)
    if len(unmet) < 2 * YEAR or not all(np.nansum(needed[year]) for year in years):
        return f"{what}{percent(np.nansum(unmet) / np.nansum(needed))} of the hours needed stay unmet"
    shares = [np.nansum(unmet[year]) / np.nansum(needed[year]) for year in years]
    (first, last), verb = map(percent, shares), "falls" if shares[1] < shares[0] else "rises"
    if first == last:
        return f"{what}{first} of the hours needed stay unmet, in the last year as in the first"
    return f"{what}what stays unmet {verb} from {first} of the hours needed in the first year to {last} in the last"
