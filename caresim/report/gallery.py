"""All figures of a report, and their files beside the page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from caresim.report.answer import Answer
from caresim.report.comparison import Comparison
from caresim.report.courses import BANK, HOMES, MAIN, courses, fans
from caresim.report.drawing import Drawing, characters, png
from caresim.report.equity import equity
from caresim.report.fonts import shows
from caresim.report.forest import forest
from caresim.report.frontier import acceptability, plane
from caresim.report.stacks import care_hours, care_money
from caresim.report.targets import targets
from caresim.report.tornado import tornado
from caresim.report.words import LANGUAGES
from caresim.results.tables import safely

NAMES = ("care_hours", "care_money", "fans", "courses", "forest", "plane", "acceptability", "equity", "homes",
         "time_bank", "tornado", "targets")  # fmt: skip
"""The figures that a report may have."""


def drawings(
    comparison: Comparison, said: Answer, decision: dict[str, pd.DataFrame], sensitivity: Path | None = None
) -> list[Drawing]:
    """Draw what the run can show, in the order of the page; sensitivities are of a folder of their own."""
    best = [said.best] if said.best not in (None, comparison.baseline) else []
    banks = open_banks(comparison)
    found = (
        care_hours(comparison),
        care_money(comparison),
        fans(comparison),
        courses(comparison, "courses", MAIN, comparison.mixes),
        forest(comparison),
        plane(comparison, decision),
        acceptability(comparison, decision),
        equity(comparison, [comparison.baseline, *(mix for mix in best if mix)]),
        courses(comparison, "homes", HOMES, comparison.mixes),
        courses(comparison, "time_bank", BANK, banks),
        tornado(comparison, sensitivity),
        targets(comparison),
    )
    return [drawing for drawing in found if drawing is not None]


def open_banks(comparison: Comparison) -> list[str]:
    """Return the mixes whose time bank has members."""
    return [mix for mix in comparison.mixes if comparison.row(mix, "time_bank_members")["mean"] > 0.0]


def write_figures(drawn: Iterable[Drawing], folder: Path, language: str) -> list[Path]:
    """Write each figure as PNG and its numbers as CSV; no PNG where no installed font has the language's characters."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for drawing in drawn:
        written.append(folder / f"{drawing.name}.csv")
        with safely(written[-1]) as file:
            file.write(drawing.numbers.to_csv(index=False, lineterminator="\n").encode())
        if shows(drawing.title):
            written.append(folder / picture(drawing.name, language))
            with characters(), safely(written[-1]) as file:
                file.write(png(drawing))
    return written


def picture(name: str, language: str) -> str:
    """Return the name of a figure's PNG in a language."""
    return f"{name}.png" if language == LANGUAGES[0] else f"{name}.{language}.png"
