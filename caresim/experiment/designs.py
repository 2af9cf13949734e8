"""Choose the points of a design: one lever at a time, grid, Latin hypercube, Sobol sequence, or a user's own."""

from __future__ import annotations

import csv
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from caresim.kernel.mistakes import ConfigError, shown
from caresim.kernel.tables import Field, TableError, read_table
from caresim.kernel.yaml_nodes import compose
from caresim.scenario.axes import AS_CONFIGURED, Axis, axis_of, value_of
from caresim.scenario.axis_targets import AxisError
from caresim.scenario.design import MOST_POINTS, Design
from caresim.scenario.deviations import deviate, impossible, written_by_mixes

if TYPE_CHECKING:
    from caresim.scenario import Scenario

POINT = "point"
"""Column that numbers the points; a file of own points may have it, and it is not read."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Points:
    """Where a scenario is run.

    Attributes:
        axes: what varies.
        rows: values, one for each axis; None leaves what the config says.
        lines: of own points, the file's name and each point's line.
    """

    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    lines: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def frame(self) -> pd.DataFrame:
        """Return a row a point, with a column an axis; a missing value is as configured."""
        columns = {POINT: np.arange(len(self.rows))}
        for number, axis in enumerate(self.axes):
            columns[axis.name] = pd.Series([row[number] for row in self.rows])  # type: ignore[assignment]
        return pd.DataFrame(columns)

    def text(self) -> str:
        """Return the points as CSV that reads back to the very same values."""
        lines = [[POINT, *(axis.name for axis in self.axes)]]
        lines += [[str(number), *map(_cell, row)] for number, row in enumerate(self.rows)]
        return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def choose_points(design: Design, scenario: Scenario) -> Points:
    """Return the points of a design.

    Args:
        design: what varies, and how.
        scenario: the scenario that is varied.

    Raises:
        ConfigError: own points are wrong, an axis has no effect in some mix, or values do not go together.
    """
    if design.kind == "csv":
        points = read_points(design.file, scenario)
    else:
        points = Points(design.axes, tuple(_rows(design)))
    check_axes(points.axes, scenario)
    _check_points(points, scenario)
    return points


def at_positions(axes: Sequence[Axis], positions: np.ndarray) -> tuple[Row, ...]:
    """Return the points at positions in the unit cube, shape (points, axes)."""
    return tuple(tuple(axis.value(float(u)) for axis, u in zip(axes, row, strict=True)) for row in positions)


def read_points(file: Path | str, scenario: Scenario) -> Points:
    """Read a user's own points: the header names axes, and a row is a point; `-` leaves what the config says.

    Raises:
        TableError: a mistake, with file, row and column.
    """
    read_table(file, [])
    names = _header(file)
    axes = [_own_axis(file, name, scenario) for name in names]
    table = read_table(file, [Field(name) for name in names])
    lines = [int(line) for line in table["row"]]
    columns = [
        [_own_value(file, line, axis, cell) for line, cell in zip(lines, table[axis.name], strict=True)]
        for axis in axes
    ]
    return Points(tuple(axes), tuple(zip(*columns, strict=True)), tuple((str(file), line) for line in lines))


def check_axes(axes: Sequence[Axis], scenario: Scenario) -> None:
    """Refuse axes that turn a parameter which a mix replaces by a lever of its own.

    Raises:
        ConfigError: there are such.
    """
    wrong = []
    for axis in axes:
        instrument, mixes = written_by_mixes(scenario, axis)
        if mixes and axis.target is not None:
            told = f"{', '.join(mixes[:3])}{' and others' if len(mixes) > 3 else ''}"
            wrong.append(f"design.axes.{axis.name}: set by mix {told}; vary "
                         f"instruments.{instrument}.{axis.target.name} instead")  # fmt: skip
    if wrong:
        raise ConfigError(wrong)


def _rows(design: Design) -> Sequence[Row]:
    if design.kind == "one":
        return _one_at_a_time(design)
    if design.kind == "grid":
        levels = [axis.levels(design.points) for axis in design.axes]
        number = math.prod(map(len, levels))
        if number > MOST_POINTS:
            raise ConfigError(
                [f"design.points: a grid of {number} points; write fewer levels or axes, or use lhs"]
            )
        return list(itertools.product(*levels))
    return at_positions(design.axes, _unit_cube(design))


def _one_at_a_time(design: Design) -> list[Row]:
    """Return the config itself, then each axis at each of its levels, the others as the config has them."""
    nothing: list[Any] = [None] * len(design.axes)
    rows = [tuple(nothing)]
    for number, axis in enumerate(design.axes):
        rows += [(*nothing[:number], level, *nothing[number + 1 :]) for level in axis.levels(design.points)]
    return rows


def _unit_cube(design: Design) -> np.ndarray:
    """Return positions in the unit cube: a Latin hypercube, or the first points of a scrambled Sobol sequence."""
    from scipy.stats import qmc

    luck = np.random.default_rng(design.seed)
    if design.kind == "lhs":
        return qmc.LatinHypercube(len(design.axes), seed=luck).random(design.points)
    sequence = qmc.Sobol(len(design.axes), scramble=True, seed=luck)
    return sequence.random_base2(max(design.points - 1, 0).bit_length())[: design.points]


def _check_points(points: Points, scenario: Scenario) -> None:
    """Refuse points whose values do not go together, and say which are the first."""
    wrong = []
    for number, row in enumerate(points.rows):
        why = impossible(deviate(scenario, points.axes, row), points.axes)
        if why and points.lines:
            file, line = points.lines[number]
            raise TableError(file, line, 1, why, "change the row")
        if why:
            wrong.append(f"point {number}: {why}")
    if wrong:
        raise ConfigError(
            [f"design: {len(wrong)} of {len(points)} points cannot be, first {wrong[0]}, or narrow an axis"]
        )


def _header(file: Path | str) -> list[str]:
    with Path(file).open(encoding="utf-8-sig", newline="") as stream:
        rows = (row for row in csv.reader(stream) if any(cell.strip() for cell in row))
        names = [cell.strip() for cell in next(rows)]
    for number, name in enumerate(names, start=1):
        if not name:
            raise TableError(file, 1, number, "a column without a name", "name a parameter or a lever")
    axes = [name for name in names if name != POINT]
    if not axes:
        raise TableError(file, 1, 1, "no axis in the header", "name parameters or levers")
    return axes


def _own_axis(file: Path | str, name: str, scenario: Scenario) -> Axis:
    """Return the axis of a column; its range is not known, and any value that the parameter takes may stand below."""
    mixes = [mix.name for mix in scenario.mixes]
    try:
        return axis_of(name, None, mixes)
    except AxisError as error:
        if not str(error).startswith(("has no declared range", "is a list of words")):
            what, _, instead = str(error).partition("; ")
            raise TableError(file, 1, name, what, instead) from None
    return axis_of(name, (), mixes, own=True)


def _own_value(file: Path | str, line: int, axis: Axis, cell: str) -> Any:
    if cell == AS_CONFIGURED:
        return None
    try:
        return value_of(axis, compose(cell, "", None).plain())
    except AxisError as error:
        what, _, instead = str(error).partition("; ")
        raise TableError(file, line, axis.name, what, instead) from None
    except ConfigError:
        raise TableError(file, line, axis.name, f"{shown(cell)} is no value", "write a number") from None


def _cell(value: Any) -> str:
    if value is None:
        return AS_CONFIGURED
    return json.dumps(value, ensure_ascii=False)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell
