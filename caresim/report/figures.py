"""Draw one mix of a finished run closely: the pyramid then and now, the main indicators, the care mix, unmet need.

The report compares the mixes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from caresim.report.care_mix import draw_care_mix
from caresim.report.fans import draw_fans
from caresim.report.pyramid import draw_pyramid
from caresim.report.unmet import draw_unmet
from caresim.results import RunFolder, held, read_run
from caresim.results.folder import FIGURES

DOTS_PER_INCH = 150
DRAWN: tuple[tuple[str, Callable[[RunFolder, str], Figure | None]], ...] = (
    ("pyramid", draw_pyramid),
    ("indicators", draw_fans),
    ("care_mix", draw_care_mix),
    ("unmet_need", draw_unmet),
)
"""Name of the file, and what draws it for a mix."""


def draw_figures(
    folder: str | os.PathLike[str] | RunFolder, mixes: Iterable[str] | None = None
) -> list[Path]:
    """Draw the figures of a finished run into its folder, add their checksums, and return their paths.

    Args:
        folder: the run folder.
        mixes: the mixes to draw, each with its name in that of its files; by default the baseline alone, without.

    Raises:
        RunFolderError: the folder holds no finished run, or another process is writing it.
    """
    run = folder if isinstance(folder, RunFolder) else read_run(folder)
    named = {mix: f"_{mix}" for mix in mixes} if mixes is not None else {_baseline(run): ""}
    with held(run.path):
        paths = _draw_all(run, named)
        run.seal(paths)
    return paths


def _baseline(run: RunFolder) -> str:
    """Return the mix that others are compared with."""
    names: list[str] = list(run.monthly["mix"].unique())
    baseline = run.manifest["scenario"].get("baseline")
    return baseline if baseline in names else names[0]


def _draw_all(run: RunFolder, named: dict[str, str]) -> list[Path]:
    (run.path / FIGURES).mkdir(exist_ok=True)
    paths = []
    for mix, ending in named.items():
        for name, draw in DRAWN:
            figure = draw(run, mix)
            if figure is not None:
                paths.append(_save(figure, run.path / FIGURES / f"{name}{ending}.png"))
    return paths


def _save(figure: Figure, path: Path) -> Path:
    """Save a figure; the same picture gives the same bytes."""
    unsigned: dict[str, Any] = {"Software": None}
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata=unsigned)
    return path
