"""Read small CSV tables with declared columns, and say file, row and column of a mistake in one line."""

from __future__ import annotations

import csv
import difflib
import io
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from caresim.kernel.mistakes import ConfigError, reason, shown, suggestion

LARGEST = 10_000_000
"""Bytes of the largest table that is read."""

Kind = Literal["str", "int", "float"]
Columns: TypeAlias = dict[str, "np.ndarray | list[str]"]

_INT = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class TableError(ConfigError):
    """A mistake in a table; its text is `path:row:column: what; what instead`.

    Attributes:
        path: the file.
        row: line of the file, the header being line 1.
        column: name of the column, or its number from 1 where it has no name.
        what: what is wrong.
        instead: what would be right.
    """

    def __init__(self, path: Path | str, row: int, column: str | int, what: str, instead: str) -> None:
        super().__init__([f"{shown(str(path))}:{row}:{shown(str(column))}: {what}; {instead}"])
        self.path, self.row, self.column = path, row, column
        self.what, self.instead = what, instead

    def __reduce__(self) -> tuple[type[TableError], tuple[Path | str, int, str | int, str, str]]:
        return TableError, (self.path, self.row, self.column, self.what, self.instead)


@dataclass(frozen=True)
class Field:
    """A column that a table must have.

    Attributes:
        name: its header.
        kind: `str`, `int` or `float`.
        unit: unit of the numbers, for messages and documentation.
        choices: the only values allowed, if any.
        low: smallest value allowed.
        high: largest value allowed.
    """

    name: str
    kind: Kind = "str"
    unit: str = ""
    choices: tuple[str | int, ...] | None = None
    low: float | None = None
    high: float | None = None


def read_table(
    path: Path | str,
    fields: Sequence[Field],
    *,
    key: Sequence[str] = (),
    complete: Sequence[str] = (),
) -> Columns:
    """Read a CSV table into one NumPy array a number column and one list a text column.

    Columns that are not declared are passed over, so that a table may carry notes. The array `row` tells on
    which line of the file each row stands.

    Args:
        path: the file, UTF-8, comma-separated, with a header.
        fields: the declared columns.
        key: columns that name a row; two rows with the same values are refused.
        complete: key columns of which every declared choice must occur together with every combination of
            the other key columns' values; those without choices must show all values found.

    Raises:
        TableError: the file is missing, too large, not text, truncated or says something undeclared.
    """
    rows = _rows(path, _text(path))
    places = _header(path, rows, fields)
    cells: dict[str, list[str | int | float]] = {field.name: [] for field in fields}
    lines: list[int] = []
    width = len(rows[0][1])
    for line, row in rows[1:]:
        _check_width(path, line, row, width, rows[0][1])
        for field in fields:
            cells[field.name].append(_value(path, line, field, row[places[field.name]].strip()))
        lines.append(line)
    if not lines:
        raise TableError(path, 2, 1, "no rows below the header", "write one row a case")
    _check_key(path, lines, cells, key)
    _check_complete(path, lines[-1], cells, key, complete, {field.name: field for field in fields})
    columns: Columns = {"row": np.array(lines)}
    columns.update((field.name, _column(field, cells[field.name])) for field in fields)
    return columns


def _text(path: Path | str) -> str:
    """Return the text of a file."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise TableError(path, 1, 1, "not a file", "give a CSV file")
        if Path(path).stat().st_size > LARGEST:
            limit = f"tables of up to {LARGEST // 1_000_000} MB are read"
            raise TableError(path, 1, 1, "the file is too large", limit)
        raw = Path(path).read_bytes()
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read ({reason(error)})"
        raise TableError(path, 1, 1, what, "give a CSV file that can be read") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise TableError(path, row, 1, "not UTF-8 text", "save the table as CSV in UTF-8") from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise TableError(path, row, 1, "binary, not text", "save the table as CSV in UTF-8")
    if not text.strip():
        raise TableError(path, 1, 1, "the file is empty", "write a header and one row a case")
    return text


def _rows(path: Path | str, text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(path, line, 1, f"not CSV ({error})", "look for a quotation mark left open") from None
    return rows


def _header(path: Path | str, rows: list[tuple[int, list[str]]], fields: Sequence[Field]) -> dict[str, int]:
    """Return where each declared column stands."""
    line, row = rows[0]
    header = [cell.strip() for cell in row]
    places: dict[str, int] = {}
    for field in fields:
        found = [place for place, name in enumerate(header) if name == field.name]
        if len(found) > 1:
            raise TableError(path, line, field.name, "the column occurs twice", "keep one of them")
        if not found:
            near = difflib.get_close_matches(field.name, header, n=1)
            instead = f"did you mean it by {near[0]}?" if near else f"the header must name {field.name}"
            raise TableError(path, line, field.name, "the column is missing", instead)
        places[field.name] = found[0]
    return places


def _check_width(path: Path | str, line: int, row: list[str], width: int, header: list[str]) -> None:
    """Refuse a row with fewer or more cells than the header."""
    if len(row) < width:
        column = header[len(row)].strip() or len(row) + 1
        raise TableError(path, line, column, f"the row ends after {len(row)} cells", f"write {width}")
    if len(row) > width:
        instead = f"write {width}, with quotation marks around a cell that holds a comma"
        raise TableError(path, line, width + 1, f"the row has {len(row)} cells", instead)


def _value(path: Path | str, line: int, field: Field, cell: str) -> str | int | float:
    """Return a cell as the declared kind of value."""
    value = _parsed(path, line, field, cell)
    if field.choices is not None and value not in field.choices:
        instead = suggestion(cell, map(str, field.choices))
        raise TableError(path, line, field.name, f"{shown(cell)} is not known", instead)
    if isinstance(value, str):
        return value
    if (field.low is not None and value < field.low) or (field.high is not None and value > field.high):
        raise TableError(path, line, field.name, f"{shown(cell)} is out of range", f"write {_range(field)}")
    return value


def _parsed(path: Path | str, line: int, field: Field, cell: str) -> str | int | float:
    """Return a cell as text, whole number or finite number."""
    if not cell:
        raise TableError(path, line, field.name, "the cell is empty", f"write {_range(field)}")
    if field.kind == "str":
        return cell
    if field.kind == "int" and _INT.fullmatch(cell):
        return int(cell)
    if field.kind == "float" and _FLOAT.fullmatch(cell) and math.isfinite(float(cell)):
        return float(cell)
    boundless = _FLOAT.fullmatch(cell) or cell.lower().lstrip("+-") in ("nan", "inf", "infinity")
    kind = "whole" if field.kind == "int" else "finite" if boundless else ""
    what = f"{shown(cell)} is not a {kind} number".replace("  ", " ")
    raise TableError(path, line, field.name, what, f"write {_range(field)}")


def _range(field: Field) -> str:
    """Return in words what a column takes."""
    if field.kind == "str":
        return "a text"
    noun = "a whole number" if field.kind == "int" else "a number"
    unit = f" ({field.unit})" if field.unit else ""
    if field.low is not None and field.high is not None:
        return f"{noun} from {field.low:g} to {field.high:g}{unit}"
    if field.low is not None:
        return f"{noun} of at least {field.low:g}{unit}"
    if field.high is not None:
        return f"{noun} of at most {field.high:g}{unit}"
    return noun + unit


def _check_key(
    path: Path | str, lines: list[int], cells: dict[str, list[str | int | float]], key: Sequence[str]
) -> None:
    """Refuse two rows that name the same case."""
    if not key:
        return
    first: dict[tuple[str | int | float, ...], int] = {}
    for line, case in zip(lines, zip(*(cells[name] for name in key), strict=True), strict=True):
        if case in first:
            what = f"{', '.join(map(str, case))} stands in row {first[case]} already"
            raise TableError(path, line, key[-1], what, "keep one row a case")
        first[case] = line


def _check_complete(
    path: Path | str,
    last: int,
    cells: dict[str, list[str | int | float]],
    key: Sequence[str],
    complete: Sequence[str],
    fields: dict[str, Field],
) -> None:
    """Refuse a table in which a combination of the key columns' values is missing."""
    if not complete:
        return
    levels = [
        fields[name].choices
        if name in complete and fields[name].choices
        else list(dict.fromkeys(cells[name]))
        for name in key
    ]
    present = set(zip(*(cells[name] for name in key), strict=True))
    for case in itertools.product(*(level or () for level in levels)):
        if case not in present:
            named = ", ".join(f"{name} {value}" for name, value in zip(key, case, strict=True))
            raise TableError(
                path, last, key[-1], f"no row for {named}", "write one row for every combination"
            )


def _column(field: Field, values: list[str | int | float]) -> np.ndarray | list[str]:
    """Return the values of a column as an array, or as a list of texts."""
    if field.kind == "str":
        return [str(value) for value in values]
    return np.array(values, dtype=np.int64 if field.kind == "int" else np.float64)
