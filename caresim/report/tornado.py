"""The tornado: which uncertain parameters and levers move a result, from the table that a sensitivity run leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim import catalogue
from caresim.experiment.sensitivity import TABLE
from caresim.kernel.mistakes import reason
from caresim.report.comparison import Comparison
from caresim.report.drawing import BLUE, ORANGE, SMALL, TEXT, WIDTH, Drawing, key, tidy, width_of, wrapped
from caresim.report.words import MINUS, tick
from caresim.results import RunFolderError, read_sweep
from caresim.results.manifest import read_manifest
from caresim.results.sweep_folder import SWEEP

MOST, PANELS = 15, 4
"""Most bars of a panel, and most panels."""
LEADING = {"morris": "mu_star", "sobol": "total"}
"""What orders the axes, by method."""
NEEDED = {"mix", "against", "indicator", "axis", "rank", "evidence", "blocks"}
JUDGEMENT = "judgement"
ONE_WAY = 0.9
"""Part of the mean size of effects that their mean has at least where they go one way."""
NOTHING = 1e-9
"""Part of the greatest effect below which an effect is rounding."""


def tornado(comparison: Comparison, folder: Path | None = None) -> Drawing | None:
    """Draw the sensitivities of a folder, by default the run's own; None where that holds none.

    Raises:
        RunFolderError: the folder that was named holds no table of sensitivities.
    """
    path = (comparison.run.path if folder is None else folder) / TABLE
    if folder is None and not path.is_file():
        return None
    table = read_sensitivity(path)
    if not table[LEADING[_method(table)]].gt(0.0).any():
        return None
    return _drawn(comparison, table, path.parent)


def read_sensitivity(path: Path) -> pd.DataFrame:
    """Return the table of a sensitivity run.

    Raises:
        RunFolderError: there is none, or it is not one.
    """
    try:
        table = pd.read_csv(path, keep_default_na=False, na_values=["nan", "NaN"])
        numbers = [name for name in table.columns if name not in (*NEEDED, "kind", "unit", "source")]
        table[numbers] = table[numbers].apply(pd.to_numeric, errors="coerce")
    except (OSError, ValueError) as error:
        raise RunFolderError(
            f"{path}: not readable ({reason(error)}); name a folder of caresim sensitivity"
        ) from None
    if not set(table.columns) >= NEEDED or not set(LEADING.values()) & set(table.columns) or not len(table):
        raise RunFolderError(f"{path}: no table of sensitivities; name a folder of caresim sensitivity")
    return table


def _method(table: pd.DataFrame) -> str:
    return "morris" if LEADING["morris"] in table.columns else "sobol"


def _drawn(comparison: Comparison, table: pd.DataFrame, folder: Path) -> Drawing:
    words, method = comparison.words, _method(table)
    parts = [part for _, part in table.groupby(["mix", "against", "indicator"], sort=False)][:PANELS]
    parts = [part.sort_values("rank", kind="stable").head(MOST) for part in parts]
    labels = [[axis_label(comparison, str(axis)) for axis in part["axis"]] for part in parts]
    left = min(4.6, 0.3 + max(width_of(label) for names in labels for label in names))
    high = sum(0.25 * len(part) + 0.95 for part in parts) + 0.4
    figure, top = Figure(figsize=(WIDTH, high)), high
    for part, names in zip(parts, labels, strict=True):
        tall = 0.25 * len(part)
        axes = figure.add_axes(
            (left / WIDTH, (top - 0.35 - tall) / high, (WIDTH - left - 0.3) / WIDTH, tall / high)
        )
        _panel(axes, comparison, part, [wrapped(name, left - 0.2) for name in names])
        top -= tall + 0.95
    styles = [{"color": colour, "linewidth": 8, "solid_capstyle": "butt"} for colour in (ORANGE, BLUE)]
    key(figure, list(zip(styles, (words.say("judged"), words.say("not_judged")), strict=True)), 0.2)
    caption = words.say(f"tornado_{method}_caption", blocks=int(table["blocks"].max()))
    caption += words.say("tornado_from", folder=folder.name, k=len(parts[0]), n=table["axis"].nunique())
    caption += _basis(comparison, folder)
    return Drawing("tornado", figure, table, words.say("tornado_title"), caption,
                   words.say("tornado_alt", first=labels[0][0]))  # fmt: skip


def _basis(comparison: Comparison, folder: Path) -> str:
    """Return how many runs of how many months the sensitivities come from; nothing where the folder does not tell."""
    try:
        manifest = read_manifest(folder)
    except RunFolderError:
        return ""
    if SWEEP not in manifest:  # a table that was put into the folder of a run
        return ""
    points, mixes, n = len(read_sweep(folder).design), len(manifest["mixes"]), manifest["replications"]
    return comparison.words.say("tornado_basis", runs=points * mixes * n, points=points, mixes=mixes, n=n,
                                months=manifest["scenario"]["months"])  # fmt: skip


def _panel(axes: Axes, comparison: Comparison, part: pd.DataFrame, labels: list[str]) -> None:
    words, method = comparison.words, _method(part)
    first = part.iloc[0]
    unit = comparison.unit(first["indicator"])
    scale = 100.0 if method == "morris" and unit == "share" else 1.0
    lead = LEADING[method]
    least = NOTHING * float(part[lead].max())
    for place, (_, row) in enumerate(part.iterrows()):
        colour = ORANGE if row["evidence"] == JUDGEMENT else BLUE
        axes.barh(place, scale * row[lead], height=0.6, color=colour)
        ends = [scale * row[f"{lead}_{end}"] for end in ("lower", "upper")]
        axes.plot(ends, (place, place), color="#000000", linewidth=1.2)
        if method == "sobol":
            axes.plot([scale * row["first"]] * 2, (place - 0.3, place + 0.3), color="#000000", linewidth=2.0)
        elif row[lead] > least:
            axes.annotate(
                _way(row),
                (max(*ends, scale * row[lead]), place),
                (6, 0),
                va="center",
                fontsize=TEXT,
                textcoords="offset points",
            )
    tidy(axes, "x")
    axes.set_yticks(range(len(part)), labels, fontsize=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(part) - 0.4, -0.6)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]) if method == "sobol" else 0.0)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick(x)))
    named = comparison.over_run(first["indicator"], words.say("points"))
    axes.set_xlabel(words.say(f"tornado_{method}_axis", unit=named), fontsize=SMALL)
    axes.set_title(_headed(comparison, first), loc="left", fontsize=TEXT, fontweight="bold")


def _headed(comparison: Comparison, row: pd.Series) -> str:
    said = {"indicator": comparison.label(row["indicator"]), "mix": comparison.title(row["mix"])}
    if not row["against"]:
        return comparison.words.say("tornado_level", **said)
    return comparison.words.say("tornado_against", against=comparison.title(row["against"]), **said)


def _way(row: pd.Series) -> str:
    """Return which way the result goes when an axis is raised."""
    if abs(row["mu"]) < ONE_WAY * row["mu_star"]:
        return "\N{PLUS-MINUS SIGN}"
    return "+" if row["mu"] > 0.0 else MINUS


def axis_label(comparison: Comparison, axis: str) -> str:
    """Return what an axis is called.

    Args:
        comparison: the run.
        axis: `group.name`, `instruments.X.Y` or `mixes.M.instruments.X.Y`; of one number of a list with `.K` behind.
    """
    words, steps, mix = comparison.words, axis.split("."), ""
    if steps[0] == "mixes" and len(steps) > 3:
        mix, steps = steps[1], steps[2:]
    lever = steps[0] == "instruments"
    group, name, *rest = steps[1:] if lever else steps
    full = f"{group}.{name}"
    label = words.lever(full) if lever else words.parameter(full)
    if rest:
        label = words.say("number_of", label=label, k=int(rest[0]) + 1 if rest[0].isdigit() else rest[0])
    elif isinstance(_declared(lever).get(full), list | tuple):
        label = words.say("factor_of", label=label)
    return words.say("of_mix", label=label, mix=comparison.title(mix)) if mix else label


def _declared(lever: bool) -> dict[str, Any]:
    rows = catalogue.declared_levers() if lever else catalogue.declared_parameters()
    return {row["name"]: row["value"] for row in rows}
