"""Cost and effect: the plane with its frontier, and the acceptability curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.basis import basis
from caresim.report.comparison import Comparison
from caresim.report.courses import style_of
from caresim.report.drawing import GREY, TEXT, WIDTH, Drawing, key, key_height, tidy
from caresim.report.words import tick
from caresim.results import RunFolderError

ON_FRONTIER = ("frontier", "efficient", "reference", "baseline", "undominated")
"""What the status of a mix on the frontier may be called."""


def decided(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the decision analysis of a run; nothing where there is none, or nothing to decide."""
    try:
        from caresim.experiment.decision import decide  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return {}
    if not comparison.others:
        return {}
    try:
        found: dict[str, pd.DataFrame] = decide(comparison.run)
    except (RunFolderError, KeyError, ValueError, ZeroDivisionError):  # a run without costs or effects
        return {}
    return found


def plane(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> Drawing | None:
    """Draw the cost-effectiveness plane: replications as dots, means as markers, the frontier as a line."""
    dots, means = decision.get("plane"), decision.get("cost_effectiveness")
    if dots is None or means is None or not len(dots):
        return None
    mixes = [mix for mix in comparison.mixes if mix in means.index]
    titles = [comparison.title(mix) for mix in mixes]
    below = key_height(titles)
    high = 4.6 + below
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((0.1, (below + 0.55) / high, 0.87, 3.9 / high))
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for mix in mixes:
        style = style_of(comparison, mix) | {"linestyle": "none"}
        own = dots[dots["mix"] == mix]
        axes.plot(own["delta_effect"], own["delta_cost"], ".", color=style["color"], markersize=3, alpha=0.55)
        x, y = _delta(means, mix)
        axes.plot(x, y, **{**style, "markersize": 9, "markeredgewidth": 1.3})
    _draw_frontier(axes, means)
    tidy(axes, "both")
    _numbers_of(axes)
    words = comparison.words
    axes.set_xlabel(words.say("plane_x"), fontsize=TEXT)
    axes.set_ylabel(words.say("plane_y"), fontsize=TEXT)
    styles = [style_of(comparison, mix) | {"linestyle": "none", "markersize": 8} for mix in mixes]
    key(figure, list(zip(styles, titles, strict=True)), below - 0.08)
    return Drawing("plane", figure, dots, words.say("plane_title"),
                   words.say("plane_caption", baseline=comparison.title(comparison.baseline))
                   + basis(comparison, "none"), words.say("plane_alt", n=len(mixes)))  # fmt: skip


def acceptability(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> Drawing | None:
    """Draw how probable it is that each mix is worth its money, by what a unit of effect is worth."""
    curves = decision.get("acceptability")
    if curves is None or not len(curves) or comparison.replications == 1:
        return None
    mixes = [mix for mix in comparison.mixes if mix in curves.columns and (curves[mix] > 0.0).any()]
    if not mixes:
        return None
    titles = [comparison.title(mix) for mix in mixes]
    below = key_height(titles)
    high = 3.5 + below
    figure = Figure(figsize=(WIDTH, high))
    axes = figure.add_axes((0.08, (below + 0.55) / high, 0.89, 2.8 / high))
    thresholds = curves.index.to_numpy(dtype=float)
    for mix in mixes:
        every = max(1, len(thresholds) // 8)
        axes.plot(thresholds, curves[mix], **(style_of(comparison, mix) | {"markevery": every}))
    tidy(axes)
    axes.set_ylim(-0.02, 1.04)
    _numbers_of(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: comparison.words.tick(y, "share")))
    words = comparison.words
    axes.set_xlabel(words.say("acceptability_x"), fontsize=TEXT)
    key(figure, [(style_of(comparison, m), t) for m, t in zip(mixes, titles, strict=True)], below - 0.08)
    table = curves.rename_axis("threshold").reset_index()
    return Drawing("acceptability", figure, table, words.say("acceptability_title"),
                   words.say("acceptability_caption") + basis(comparison, "none"),
                   words.say("acceptability_alt", n=len(mixes)))  # fmt: skip


def _delta(means: pd.DataFrame, mix: str) -> tuple[float, float]:
    """Return difference of effect and of cost; nothing of the baseline, which may be written as NaN."""
    row = means.loc[mix, ["delta_effect", "delta_cost"]].astype(float)
    return float(np.nan_to_num(row.iloc[0])), float(np.nan_to_num(row.iloc[1]))


def _draw_frontier(axes: Any, means: pd.DataFrame) -> None:
    on = [mix for mix in means.index if str(means.loc[mix, "status"]).lower() in ON_FRONTIER]
    points = sorted(_delta(means, mix) for mix in on)
    if len(points) > 1:
        axes.plot(*zip(*points, strict=True), color="#000000", linewidth=1.2, zorder=1.5)


def _numbers_of(axes: Any) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))
        axis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
