"""What all figures share: colours that the colour-blind tell apart, axes without clutter, the source note."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.report.fonts import printable
from caresim.results import RunFolder

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#555555"
"""Blue and vermilion of Okabe and Ito's palette, and a grey for notes."""


def bare(axes: Axes) -> None:
    """Leave an axes its left and lower line and a light grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def note(figure: Figure, run: RunFolder, said: str) -> None:
    """Write under a figure where its numbers come from."""
    manifest: dict[str, Any] = run.manifest
    name = printable(manifest["name"], "of that digest")
    source = f"Source: caresim {manifest['caresim']}, scenario {name} ({manifest['digest'][:8]}), "
    source += f"seed {manifest['seed']}, {replications(run)}. {said}"
    figure.text(0.01, 0.008, source, fontsize=7.5, color=GREY, ha="left", va="bottom")


def replications(run: RunFolder) -> str:
    """Return the number of replications in words."""
    n = run.manifest["replications"]
    if run.missing:
        return (
            f"{n} replications, of which {sum(map(len, run.missing.values()))} failed in one mix or another"
        )
    return "1 replication" if n == 1 else f"{n} replications"


def place_of(run: RunFolder) -> str:
    """Return the name of the place that was simulated, for a title: its sheet's, else its folder's."""
    folder = str(run.manifest["scenario"]["place"]).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = folder.replace("_", " ").title() if folder.islower() else folder.replace("_", " ")
    titles = (run.manifest.get("place_title"), run.manifest.get("place_title_zh"))
    return printable(*filter(None, titles), name, "The place")


def mix_of(run: RunFolder, mix: str) -> str:
    """Return the name of a mix, for a note, or its number where the name cannot be shown."""
    return printable(mix, f"number {run.manifest['mixes'].index(mix) + 1}")


def span(months: pd.PeriodIndex) -> str:
    """Return the first and the last of some months in words."""
    return f"{months[0]}" if len(months) == 1 else f"{months[0]} to {months[-1]}"


def lately(n_months: int) -> str:
    """Return what a run's last year is called, which may be shorter than a year."""
    return "last 12 months" if n_months > 12 else "all months" if n_months > 1 else "the only month"


def percent(share: float) -> str:
    """Return a share as a percentage, with a decimal where it is small."""
    if 0.0 < share < 0.0005:
        return "under 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.095 else f"{100 * share:.1f} %"
