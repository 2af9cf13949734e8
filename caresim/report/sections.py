"""What the tables of the report show, ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.report.comparison import CARE_MET, Comparison, contains_zero
from caresim.report.equity import INDICES
from caresim.report.targets import scored

HEADLINE = (
    CARE_MET, "unmet_prevalence", "lonely_share", "heavy_burden_share", "qalys", "public_spending_per_elder",
    "out_of_pocket_per_elder", "institution_residents_share",
)  # fmt: skip
HOMES = ("beds_per_10000", "occupancy", "institution_residents_share", "queue_length", "home_quality", "home_fee",
         "home_exits", "cash_negative_share")  # fmt: skip
BANK = ("time_bank_members", "time_bank_active", "hours_time_bank", "time_bank_fill_rate", "time_bank_confidence",
        "time_bank_outstanding", "time_bank_coverage", "time_bank_gini")  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A number of a mix, and how it differs from the baseline.

    Attributes:
        value: the number, written.
        change: the paired difference, written; empty for the baseline.
        interval: its interval, written.
        sure: whether the interval does not contain zero.
        mean: the number itself.
        delta: the difference itself.
        better: probability that it is better, in words; empty where that has no meaning.
    """

    value: str
    change: str
    interval: str
    sure: bool
    mean: float
    delta: float
    better: str


@dataclass(frozen=True)
class Table:
    """A table with a row a mix.

    Attributes:
        heads: title and unit of each column.
        names: the indicators, column by column.
        rows: for each mix its name, title and cells.
    """

    heads: list[tuple[str, str]]
    names: list[str]
    rows: list[tuple[str, str, list[Cell]]]


def beside(
    comparison: Comparison, indicators: tuple[str, ...], mixes: list[str] | None = None
) -> Table | None:
    """Return indicators of mixes beside one another, with paired differences; None if nothing was measured."""
    shown = [name for name in indicators if comparison.measured(name)]
    if not shown:
        return None
    heads = [(comparison.label(name), comparison.over_run(name, "%")) for name in shown]
    rows = [
        (mix, comparison.title(mix), [_cell(comparison, mix, name) for name in shown])
        for mix in (mixes if mixes is not None else comparison.mixes)
    ]
    return Table(heads, shown, rows)


def equity_table(comparison: Comparison) -> Table | None:
    """Return the indices of equity."""
    return beside(comparison, INDICES)


def _cell(comparison: Comparison, mix: str, name: str) -> Cell:
    words, row, unit = comparison.words, comparison.row(mix, name), comparison.unit(name)
    compared = mix != comparison.baseline
    change, interval = "", ""
    if compared:
        change, interval = words.interval(row["delta"], row["delta_lower"], row["delta_upper"], unit)
    better = row["probability_better"] if compared else np.nan
    return Cell(
        words.number(row["mean"], unit).rstrip("% "),
        change,
        interval,
        compared and not contains_zero(row),
        row["mean"],
        row["delta"],
        "" if not np.isfinite(better) else words.number(better, "share", 0),
    )


def target_rows(comparison: Comparison) -> list[dict[str, str]]:
    """Return targets beside what the model gives."""
    table, words = scored(comparison), comparison.words
    if table is None:
        return []
    return [
        {
            "id": str(row["id"]),
            "what": str(row["what"]),
            "kind": str(row.get("kind", "")),
            "band": f"{words.number(float(row['low']))} – {words.number(float(row['high']))}",
            "model": f"{words.number(float(row['mean']))} [{words.number(float(row['lower']))}, "
            f"{words.number(float(row['upper']))}]",
            "hit": words.say("yes" if str(row["hit"]).lower() in ("true", "1", "1.0") else "no"),
        }
        for _, row in table.iterrows()
    ]
