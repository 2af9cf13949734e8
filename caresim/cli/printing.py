"""Print tables for people and for other programs."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import typer


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def print_rows(rows: list[dict[str, Any]], format: Format, names: Sequence[str] = ()) -> None:
    """Print rows as an aligned table, as CSV or as JSON; of a table without rows the columns that `names` names."""
    if format is Format.json:
        import json

        plain = [{key: _finite(value) for key, value in row.items()} for row in rows]
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    cells = [list(rows[0] if rows else names), *([_cell(value) for value in row.values()] for row in rows)]
    if format is Format.csv:
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows(cells)
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _finite(value: Any) -> Any:
    """Return a number that JSON can say; it has no word for infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cell(value: Any) -> str:
    return "" if value is None else str(list(value) if isinstance(value, tuple) else value)
