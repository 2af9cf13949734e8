"""The tables of the decision analysis, ready for the templates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caresim.report.comparison import Comparison
from caresim.report.words import NOTHING

Decision = dict[str, pd.DataFrame]


def frontier_rows(comparison: Comparison, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return cost, effect, what each adds and the ratio of the mixes, in the order of the table."""
    words, rows = comparison.words, []
    for mix, row in table.iterrows():
        compared, icer, effect = mix != comparison.baseline, float(row["icer"]), float(row["effect"])
        rows.append(
            {
                "title": comparison.title(str(mix)),
                "cost": words.number(float(row["cost"]), "yuan"),
                "effect": words.number(effect, decimals=0 if abs(effect) >= 100 else 3),
                "delta_cost": _added(comparison, row, "delta_cost", "yuan") if compared else ("", ""),
                "delta_effect": _added(comparison, row, "delta_effect", "") if compared else ("", ""),
                "icer": words.number(icer, "yuan" if abs(icer) >= 1000 else ""),
                "often": words.number(float(row.get("frontier_probability", np.nan)), "share", 0),
                "status": words.label("status", str(row["status"])),
                "on_frontier": bool(row["on_frontier"]),
            }
        )
    return rows


def _added(comparison: Comparison, row: pd.Series, name: str, unit: str) -> tuple[str, str]:
    """Return a difference and its interval, if the table has one."""
    value, lower, upper = (float(row.get(f"{name}{end}", np.nan)) for end in ("", "_lower", "_upper"))
    return comparison.words.interval(value, lower, upper, unit)


def information_rows(comparison: Comparison, decision: Decision) -> list[dict[str, str]]:
    """Return what it would be worth to know the outcome beforehand, by threshold."""
    table, words = decision.get("information"), comparison.words
    if table is None or "evpi" not in table.columns:
        return []
    rows = []
    for threshold, row in table.iterrows():
        lower, upper = (float(row.get(end, np.nan)) for end in ("lower", "upper"))
        ends = {"lower": words.number(lower, "yuan"), "upper": words.number(upper, "yuan")}
        rows.append(
            {
                "threshold": words.number(float(str(threshold)), "yuan"),
                "best": comparison.title(str(row.get("best", ""))),
                "evpi": words.number(float(row["evpi"]), "yuan"),
                "interval": words.say("between", **ends) if np.isfinite((lower, upper)).all() else NOTHING,
            }
        )
    return rows


def rank_rows(comparison: Comparison, decision: Decision) -> list[tuple[str, list[str]]]:
    """Return how often each mix takes each rank by the hours of care received, the best on average first."""
    table: Any = decision.get("ranks")
    if table is None or comparison.single:
        return []
    if isinstance(table.index, pd.MultiIndex):
        asked = table.index.get_level_values(0)
        table = table.xs("hours" if "hours" in asked else asked[0], level=0)
    often = table.to_numpy(dtype=float)
    order = np.argsort(often @ np.arange(1, often.shape[1] + 1), kind="stable")
    return [
        (
            comparison.title(str(table.index[k])),
            [f"{100 * share:.0f}" if share > 0 else "" for share in often[k]],
        )
        for k in order
    ]


def pareto_rows(comparison: Comparison, decision: Decision) -> list[dict[str, str]]:
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
