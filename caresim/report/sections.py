"""What the tables of the report show, ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caresim.report.comparison import Comparison, contains_zero
from caresim.report.equity import INDICES
from caresim.report.targets import scored
from caresim.report.words import NOTHING

HEADLINE = (
    "unmet_share", "unmet_prevalence", "lonely_share", "heavy_burden_share", "qalys", "public_spending_per_elder",
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
        change: the paired difference with its interval, written; empty for the baseline.
        sure: whether the interval does not contain zero.
        mean: the number itself.
        delta: the difference itself.
        better: share of replications that do better, in words; empty where that has no meaning.
    """

    value: str
    change: str
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


def beside(comparison: Comparison, indicators: tuple[str, ...], mixes: list[str] | None = None) -> Table | None:
    """Return indicators of mixes beside one another, with paired differences; None if nothing was measured."""
    shown = [name for name in indicators if comparison.measured(name)]
    if not shown:
        return None
    heads = [(comparison.label(name), _unit(comparison, name)) for name in shown]
    rows = [
        (mix, comparison.title(mix), [_cell(comparison, mix, name) for name in shown])
        for mix in (mixes if mixes is not None else comparison.mixes)
    ]
    return Table(heads, shown, rows)


def equity_table(comparison: Comparison) -> Table | None:
    """Return the indices of equity."""
    return beside(comparison, INDICES)


def _unit(comparison: Comparison, name: str) -> str:
    unit = comparison.unit(name)
    return "%" if unit == "share" else comparison.words.unit(unit)


def _cell(comparison: Comparison, mix: str, name: str) -> Cell:
    words, row, unit = comparison.words, comparison.row(mix, name), comparison.unit(name)
    compared = mix != comparison.baseline
    change = words.interval(row["delta"], row["delta_lower"], row["delta_upper"], unit) if compared else ""
    better = row["probability_better"] if compared and comparison.replications > 1 else np.nan
    return Cell(
        words.number(row["mean"], unit).removesuffix(" %"),
        "" if change == NOTHING else change,
        compared and not contains_zero(row),
        row["mean"],
        row["delta"],
        "" if not np.isfinite(better) else words.number(better, "share", 0),
    )


def frontier_rows(comparison: Comparison, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return cost, effect, what each adds and the ratio of the mixes, in the order of the table."""
    words, rows = comparison.words, []
    for mix, row in table.iterrows():
        deltas = {
            what: words.interval(*(float(row.get(f"delta_{what}{end}", np.nan)) for end in ("", "_lower", "_upper")),
                                 "yuan" if what == "cost" else "")
            for what in ("cost", "effect")
        }  # fmt: skip
        rows.append(
            {
                "title": comparison.title(str(mix)),
                "cost": words.number(float(row["cost"]), "yuan"),
                "effect": words.number(float(row["effect"])),
                "delta_cost": deltas["cost"] if mix != comparison.baseline else "",
                "delta_effect": deltas["effect"] if mix != comparison.baseline else "",
                "icer": words.number(float(row["icer"]), "" if abs(row["icer"]) < 1000 else "yuan"),
                "status": words.label("status", str(row["status"])),
                "on_frontier": bool(row.get("on_frontier", row["status"] == "frontier")),
            }
        )
    return rows


def information_rows(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> list[dict[str, str]]:
    """Return what it would be worth to know the outcome beforehand, by threshold."""
    table, words = decision.get("information"), comparison.words
    if table is None or "evpi" not in table.columns:
        return []
    rows = []
    for threshold, row in table.iterrows():
        ends = [float(row.get(end, np.nan)) for end in ("lower", "upper")]
        rows.append(
            {
                "threshold": words.number(float(str(threshold)), "yuan"),
                "best": comparison.title(str(row.get("best", ""))),
                "evpi": words.number(float(row["evpi"]), "yuan"),
                "interval": words.say("span", lower=words.number(ends[0], "yuan"), upper=words.number(ends[1], "yuan"))
                if np.isfinite(ends).all()
                else NOTHING,
            }
        )
    return rows


def rank_rows(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> list[tuple[str, list[str]]]:
    """Return how often each mix takes each rank by the hours of care received."""
    table = decision.get("ranks")
    if table is None or comparison.replications == 1:
        return []
    if isinstance(table.index, pd.MultiIndex):
        asked = table.index.get_level_values(0)
        table = table.xs("hours" if "hours" in asked else asked[0], level=0)
    ordered = table.assign(mean=table.to_numpy(dtype=float) @ np.arange(1, table.shape[1] + 1)).sort_values("mean")
    return [
        (comparison.title(str(mix)), [f"{100 * share:.0f}" if share > 0 else "" for share in row[:-1]])
        for mix, row in zip(ordered.index, ordered.to_numpy(dtype=float), strict=True)
    ]


def pareto_rows(comparison: Comparison, decision: dict[str, pd.DataFrame]) -> list[dict[str, str]]:
    """Return which mixes no other beats in every criterion."""
    table, words = decision.get("pareto"), comparison.words
    if table is None or "in_set" not in table.columns:
        return []
    rows = []
    for mix, row in table.iterrows():
        beaters = [comparison.title(name) for name in str(row.get("beaten_by") or "").split(", ") if name]
        rows.append(
            {
                "title": comparison.title(str(mix)),
                "in_set": words.say("yes" if row["in_set"] else "no"),
                "often": words.number(float(row.get("in_set_probability", np.nan)), "share", 0),
                "beaten_by": words.listed(beaters),
            }
        )
    return rows


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
