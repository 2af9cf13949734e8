"""Cost and effect: the plane with its frontier, and the acceptability curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.experiment.decision import decide
from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.courses import style_of
from caresim.report.drawing import GREY, TEXT, WIDTH, Drawing, key, key_height, tidy
from caresim.report.words import tick
from caresim.results import RunFolderError

HOURS, QALYS = "cost_per_hour", "cost_effectiveness"
"""The tables whose frontiers are drawn: hours of care lead, years of life stand beside them."""
DOTS = {HOURS: "plane_per_hour", QALYS: "plane"}
"""The tables whose replications stand beside them."""
EFFECTS = {HOURS: "hours", QALYS: "qalys"}
FRONTIER: dict[str, Any] = {
    "color": "#bbbbbb",
    "linewidth": 6.0,
    "linestyle": "-",
    "marker": "o",
    "markersize": 11.0,
}
"""How the curve of the mix with the highest mean net benefit looks, under the others."""


def decided(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the decision analysis of a run; nothing where there is nothing to decide, or the run cannot tell."""
    if not comparison.others:
        return {}
    try:
        return decide(comparison.run)
    except RunFolderError:  # incomplete, or made before costs and effects were measured
        return {}


def plane(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> Drawing | None:
    """Draw cost against hours and against QALYs: replications as dots, means as markers, the frontier as a line."""
    if not {HOURS, QALYS, *DOTS.values()} <= set(decision) or not len(decision[DOTS[QALYS]]):
        return None
    mixes = [mix for mix in comparison.mixes if mix in decision[QALYS].index]
    titles = [comparison.title(mix) for mix in mixes]
    below = key_height(titles)
    high = 4.3 + below
    figure = Figure(figsize=(WIDTH, high))
    words = comparison.words
    for k, (name, axis) in enumerate(((HOURS, "plane_hours"), (QALYS, "plane_qalys"))):
        axes = figure.add_axes((0.085 + 0.485 * k, (below + 0.6) / high, 0.4, 3.55 / high))
        _panel(axes, comparison, decision[name], mixes, decision[DOTS[name]])
        axes.set_xlabel(words.say(axis), fontsize=TEXT)
        if not k:
            axes.set_ylabel(words.say("plane_y"), fontsize=TEXT)
    styles = [style_of(comparison, mix) | {"linestyle": "none", "markersize": 8} for mix in mixes]
    key(figure, list(zip(styles, titles, strict=True)), below - 0.08)
    return Drawing("plane", figure, _plane_numbers(decision), words.say("plane_title"),
                   words.say("plane_caption", baseline=comparison.title(comparison.baseline))
                   + basis(comparison, "paired"), words.say("plane_alt", n=len(mixes)))  # fmt: skip


def _panel(
    axes: Axes, comparison: Comparison, means: pd.DataFrame, mixes: list[str], dots: pd.DataFrame
) -> None:
    """Draw what the mixes cost and do beyond the baseline: crosses are intervals, dots replications."""
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for mix in mixes:
        style = style_of(comparison, mix) | {"linestyle": "none"}
        x, y = _delta(means, mix)
        own = dots[dots["mix"] == mix]
        axes.plot(own["delta_effect"], own["delta_cost"], ".", color=style["color"], markersize=3, alpha=0.55)
        if mix != comparison.baseline:
            _cross(axes, means.loc[mix].to_dict(), x, y, style["color"])
        axes.plot(x, y, **{**style, "markersize": 9, "markeredgewidth": 1.3})
    points = sorted(_delta(means, str(mix)) for mix in means.index[means["on_frontier"].astype(bool)])
    if len(points) > 1:
        axes.plot(*zip(*points, strict=True), color="#000000", linewidth=1.2, zorder=1.5)
    tidy(axes, "both")
    _numbers_of(axes)


def _cross(axes: Axes, row: dict[Any, Any], x: float, y: float, colour: str) -> None:
    """Draw the intervals of both differences, where there are any."""
    for name, line in (
        ("delta_effect", lambda ends: (ends, (y, y))),
        ("delta_cost", lambda ends: ((x, x), ends)),
    ):
        ends = [float(row.get(f"{name}_{end}", np.nan)) for end in ("lower", "upper")]
        if np.isfinite(ends).all():
            axes.plot(*line(ends), color=colour, linewidth=1.0, alpha=0.75)


def _plane_numbers(decision: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return means with their intervals, then the replications, of which no number is written in the means' rows."""
    columns = ["delta_cost", "delta_cost_lower", "delta_cost_upper", "delta_effect", "delta_effect_lower",
               "delta_effect_upper", "on_frontier"]  # fmt: skip
    frames = [
        decision[name].reindex(columns=columns).reset_index().assign(effect=effect)
        for name, effect in EFFECTS.items()
    ]
    dots = [decision[DOTS[name]].assign(effect=effect) for name, effect in EFFECTS.items()]
    table = pd.concat([*frames, *dots], ignore_index=True)
    table["replication"] = table["replication"].astype("Int64")
    return table[["effect", "mix", "replication", *columns]]


def acceptability(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> Drawing | None:
    """Draw how probable it is that each mix is worth its money, by what a unit of effect is worth."""
    curves = decision.get("acceptability")
    if curves is None or not len(curves) or comparison.single:
        return None
    mixes = [mix for mix in comparison.mixes if mix in curves.columns and (curves[mix] > 0.0).any()]
    if not mixes:
        return None
    words = comparison.words
    entries = [(style_of(comparison, mix), comparison.title(mix)) for mix in mixes]
    if "frontier_probability" in curves.columns:
        entries.append((FRONTIER, words.say("acceptability_frontier")))
    below = key_height([title for _, title in entries])
    high = 3.5 + below
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((0.08, (below + 0.55) / high, 0.89, 2.8 / high))
    thresholds = curves.index.to_numpy(dtype=float)
    for mix in mixes:
        every = max(1, len(thresholds) // 8)
        axes.plot(thresholds, curves[mix], **(style_of(comparison, mix) | {"markevery": every}))
    if "frontier_probability" in curves.columns:
        for mix in curves["frontier"].unique():  # from one mix to the next there is no line
            often = curves["frontier_probability"].astype(float).where(curves["frontier"] == mix)
            axes.plot(thresholds, often, zorder=1.5, **FRONTIER)
    tidy(axes)
    axes.set_ylim(-0.02, 1.04)
    _numbers_of(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: comparison.words.tick(y, "share")))
    axes.set_xlabel(words.say("acceptability_x"), fontsize=TEXT)
    key(figure, entries, below - 0.08)
    table = curves.rename_axis("threshold").reset_index()
    return Drawing("acceptability", figure, table, words.say("acceptability_title"),
                   words.say("acceptability_caption") + basis(comparison, "none"),
                   words.say("acceptability_alt", n=len(mixes)))  # fmt: skip


def _delta(means: pd.DataFrame, mix: str) -> tuple[float, float]:
    """Return difference of effect and of cost; nothing of the baseline, which may be written as NaN."""
    row = means.loc[mix, ["delta_effect", "delta_cost"]].astype(float)
    return float(np.nan_to_num(row.iloc[0])), float(np.nan_to_num(row.iloc[1]))


def _numbers_of(axes: Any) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))
        axis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
