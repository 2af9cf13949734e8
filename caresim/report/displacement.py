"""Who gives more hours under each mix, and how many hours less the family then gives, ready for the template."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caresim.experiment.decision.displacing import MORE, SECTORS, TOGETHER
from caresim.report.comparison import Comparison
from caresim.report.decision_tables import Decision
from caresim.report.words import NOTHING, Words, decimals_of

Row = dict[str, str | tuple[str, str]]


def displacement_rows(comparison: Comparison, decision: Decision) -> list[Row]:
    """Return of each mix which sectors give more, and what comes of each of these hours; none if no mix tells."""
    table: Any = decision.get("displacement")
    if table is None or not (table["change"] == MORE).any():
        return []
    there = set(table.index.get_level_values("mix"))
    return [_row(comparison, mix, table.xs(mix, level="mix")) for mix in comparison.others if mix in there]


def _row(comparison: Comparison, mix: str, table: Any) -> Row:
    """Return the row of a mix: of all sectors that give more taken together, since no one of them acts alone."""
    words = comparison.words
    grown = [sector for sector in SECTORS if table.loc[sector, "change"] == MORE]
    named = [f"{words.label('sectors', name)} {_more(words, table.xs(name))}" for name in grown]
    said: Row = {"title": comparison.title(mix), "givers": words.say("comma").join(named) or NOTHING}
    one = table.xs(TOGETHER if len(grown) > 1 else grown[0]) if grown else None
    for name in ("delta", "less_family", "net"):
        said[name] = (NOTHING, "") if one is None else _with_ends(words, one, name)
    return said


def _more(words: Words, row: pd.Series) -> str:
    return words.change(float(row["delta"]), decimals=2)


def _with_ends(words: Words, row: pd.Series, name: str) -> tuple[str, str]:
    """Return a number and its interval, with as many decimals as the interval is wide."""
    value, lower, upper = (float(row[f"{name}{end}"]) for end in ("", "_lower", "_upper"))
    if not np.isfinite((value, lower, upper)).all():
        return words.number(value), ""
    decimals = decimals_of(lower, upper, "", figures=1)
    ends = (words.number(end, decimals=decimals) for end in (lower, upper))
    return words.number(value, decimals=decimals), f"[{', '.join(ends)}]"
