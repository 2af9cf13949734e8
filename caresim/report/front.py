"""The front of an optimisation: what was tried, which mixes within the budget nothing beats, and how they do again."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.experiment.optimise import AGAIN, FRONT, SPENDING
from caresim.experiment.search import NAME, TRIALS
from caresim.report.drawing import (
    BLUE,
    GREY,
    ORANGE,
    SMALL,
    TEXT,
    WIDTH,
    Drawing,
    characters,
    key,
    key_height,
    tidy,
    wrapped,
)
from caresim.report.words import LANGUAGES, Words
from caresim.results import RunFolderError, read_run
from caresim.results.folder import FIGURES
from caresim.results.tables import safely

PAIRS = 3
"""Most pairs of objectives that are drawn."""
HIGH = 3.1
MARKS: tuple[dict[str, Any], ...] = (
    {"color": GREY, "marker": "x", "markersize": 5, "linestyle": "none", "alpha": 0.6},
    {"color": ORANGE, "marker": ".", "markersize": 7, "linestyle": "none"},
    {"color": BLUE, "marker": "D", "markersize": 6, "linestyle": "none"},
)
"""How mixes look: beyond the budget, within it, on the front."""


def draw_front(folder: str | os.PathLike[str]) -> list[Path]:
    """Draw the front of an optimisation into its folder, an SVG with real text in each language.

    Args:
        folder: what `optimise` left.

    Raises:
        RunFolderError: it is no finished optimisation.
    """
    run = read_run(folder)
    if run.manifest.get("kind") != NAME or not (run.path / FRONT).exists():
        raise RunFolderError(f"{run.path}: holds no front; name a folder of caresim optimise")
    trials, front = (pd.read_csv(run.path / name) for name in (TRIALS, FRONT))
    (run.path / FIGURES).mkdir(exist_ok=True)
    paths = []
    for language in LANGUAGES:
        ending = "" if language == LANGUAGES[0] else f".{language}"
        with characters():
            drawn = drawing(run.manifest, trials, front, Words(language))
            paths.append(run.path / FIGURES / f"front{ending}.svg")
            with safely(paths[-1]) as file:
                file.write(_svg(drawn))
    run.seal(paths)
    return paths


def drawing(manifest: dict[str, Any], trials: pd.DataFrame, front: pd.DataFrame, words: Words) -> Drawing:
    """Draw each pair of objectives; one objective alone against what is spent.

    Args:
        manifest: what the optimisation says of itself.
        trials: every mix that was tried.
        front: those within the budget that none beats.
        words: the language.
    """
    aims, budget = list(manifest[NAME]["objectives"]), manifest[NAME]["budget"]
    pairs = list(_pairs(aims))[:PAIRS]
    names = [words.say("front_beyond"), words.say("front_tried"), words.say("front_unbeaten")]
    below, tall = key_height(names) + 0.15, HIGH + 0.95
    high = len(pairs) * tall + below + 0.3
    figure = Figure(figsize=(WIDTH, high))
    for row, pair in enumerate(pairs):
        bottom = below + (len(pairs) - 1 - row) * tall + 0.6
        for column, ending in enumerate(("", AGAIN)):
            axes = figure.add_axes((0.09 + 0.5 * column, bottom / high, 0.4, HIGH / high))
            _panel(axes, trials, front, pair, ending)
            _name(axes, manifest, pair, words)
            head = words.say("front_other_luck") if ending else words.say("front_own_luck")
            axes.set_title(head, loc="left", fontsize=TEXT, fontweight="bold")
    key(figure, list(zip(MARKS, names, strict=True)), key_height(names))
    limit = (
        words.say("front_no_budget")
        if budget is None
        else words.say("front_budget", yuan=words.number(budget))
    )
    title = words.say("front_title", n=len(front), tried=len(trials))
    caption = words.say("front_caption", runs=manifest["replications"]) + limit
    figure.text(0.012, 1.0 - 0.16 / high, f"{title} {limit}", fontsize=SMALL, va="center")
    return Drawing("front", figure, front, title, caption, f"{title} {caption}")


def _pairs(aims: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is drawn across and up."""
    if len(aims) == 1:
        yield SPENDING, aims[0]
    for k, across in enumerate(aims):
        for up in aims[k + 1 :]:
            yield across, up


def _panel(axes: Axes, trials: pd.DataFrame, front: pd.DataFrame, pair: tuple[str, str], ending: str) -> None:
    """Draw mixes by two numbers: all under the luck of the search, or those of the front under other luck."""
    feasible = trials["feasible"].to_numpy(dtype=bool)
    nothing = trials[:0]
    tables = (nothing, nothing, front) if ending else (trials[~feasible], trials[feasible], front)
    for table, style in zip(tables, MARKS, strict=True):
        if len(table):
            axes.plot(*(table[f"{name}{ending}"] for name in pair), **style)
    tidy(axes, "both")


def _name(axes: Axes, manifest: dict[str, Any], pair: tuple[str, str], words: Words) -> None:
    """Write at both axes what they show and which way is better, and numbers as people write them."""
    for name, way, room in zip(pair, (axes.xaxis, axes.yaxis), (0.4 * WIDTH, HIGH), strict=True):
        way.set_label_text(wrapped(_label(manifest, name, words), room), fontsize=TEXT)
        way.set_major_locator(MaxNLocator(5))
        unit = _described(manifest, name).get("unit", "")
        low, high = (
            float(end) * (100.0 if unit == "share" else 1.0) for end in sorted(way.get_view_interval())
        )
        decimals = max(0, 1 - math.floor(math.log10(high - low)))  # enough to tell five ticks apart
        way.set_major_formatter(FuncFormatter(lambda x, _, unit=unit, d=decimals: words.number(x, unit, d)))


def _described(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what the manifest says of an indicator; nothing of what is spent."""
    return next((known for known in manifest["indicators"] if known["name"] == name), {})


def _label(manifest: dict[str, Any], name: str, words: Words) -> str:
    described = _described(manifest, name)
    if not described:
        return words.say("front_spending")
    label = words.indicator(described)
    if manifest[NAME]["objectives"][name] == "minimize":
        return words.say("front_less", label=label)
    return words.say("front_more", label=label)


def _svg(drawn: Drawing) -> bytes:
    """Return a figure as a file of its own with real text; the same picture gives the same bytes."""
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": drawn.name}):
        drawn.figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Title": drawn.title, "Description": drawn.caption}
        )
    return buffer.getvalue()
