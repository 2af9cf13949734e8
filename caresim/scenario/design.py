"""Read the `design` of a config: which points of which axes an experiment visits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, complaint, shown
from caresim.kernel.nodes import Node
from caresim.kernel.yaml_nodes import compose
from caresim.scenario.axes import Axis, axis_of
from caresim.scenario.axis_targets import AxisError
from caresim.scenario.keys import Keys

Kind = Literal["one", "grid", "lhs", "sobol", "csv"]
POINTS = {"one": 5, "grid": 3, "lhs": 64, "sobol": 64, "csv": 0}
"""Points of a design that does not say how many; of `one` and `grid`, levels of each axis."""
MOST_POINTS = 1_000_000
CHOOSING = {"kind", "points", "axes"}
"""Keys of a design that say together which points there are."""


class DesignKeys(Keys):
    """The keys of a design."""

    kind: Kind | None = Field(
        None, description="One lever at a time, grid, Latin hypercube, Sobol sequence, or csv."
    )
    points: Any = Field(
        None, description="Number of points (of `one` and `grid`: levels of each axis), or a CSV file."
    )
    seed: int | None = Field(
        None, ge=0, le=2**63 - 1, description="Seed of the points; by default the scenario's."
    )
    axes: Any = Field(None, description="Parameters and levers to vary, with their ranges.")


@dataclass(frozen=True)
class Design:
    """Which points of which axes an experiment visits.

    Attributes:
        kind: how points are chosen.
        points: how many; of `one` and `grid`, levels of each axis.
        seed: seed of the points.
        axes: what varies; of own points, told by the header of their file.
        file: the file of own points.
    """

    kind: Kind
    points: int = 0
    seed: int = 1
    axes: tuple[Axis, ...] = ()
    file: str = ""


def read_design(node: Node | None, mixes: Iterable[str], seed: int, mistakes: Mistakes) -> Design | None:
    """Return the design of a config, or None if it has none, or a wrong one.

    Args:
        node: the key `design`.
        mixes: names of the scenario's mixes.
        seed: the scenario's seed.
        mistakes: where mistakes are noted.
    """
    if node is None or node.value is None:
        return None
    try:
        keys = DesignKeys.model_validate(node.plain())
    except ValidationError as error:
        for item in error.errors():
            _note(item, node, mistakes)
        return None
    axes = tuple(_axes(node.get("axes"), tuple(mixes), mistakes))
    known = keys.seed if keys.seed is not None else seed
    if isinstance(keys.points, str):
        return _own(keys, node, axes, known, mistakes)
    kind = keys.kind or "lhs"
    where = node.nearest(("points",)).mark
    if kind == "csv":
        mistakes.add(where, "design.points: names no file; write points: FILE.csv")
    elif not axes and (node.get("axes") is None or not node.nearest(("axes",)).value):
        mistakes.add(node.mark_of(("axes",)), "design.axes: none; name parameters or levers to vary")
    number = POINTS[kind] if keys.points is None else keys.points
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_POINTS:
        mistakes.add(where, f"design.points: {shown(number)} is no number of points; write one up to {MOST_POINTS}, "
                            "or the name of a CSV file")  # fmt: skip
        return None
    return Design(kind, number, known, axes)


def standing(below: Iterable[Node], above: Iterable[Node]) -> list[Node]:
    """Return layers of a config without what the design of later layers rules out: a file of points names its own axes.

    Args:
        below: the layers.
        above: what is laid over them, all at once.
    """
    said: dict[str, Any] = {}
    for layer in above:
        design = layer.get("design")
        said |= design.value if design is not None and design.is_mapping else {}
    given = {key: node.value for key, node in said.items() if node.value is not None}
    if isinstance(given.get("points"), str):
        return [_without(layer, lambda key, _: key in CHOOSING) for layer in below]
    if given.keys() & CHOOSING:
        return [_without(layer, _of_file) for layer in below]
    return list(below)


def _of_file(key: str, value: Any) -> bool:
    """Tell whether a key of a design speaks of a file of points."""
    return (key == "points" and isinstance(value, str)) or (key, value) == ("kind", "csv")


def _without(layer: Node, ruled_out: Callable[[str, Any], bool]) -> Node:
    """Return a layer without some keys of its design."""
    design = layer.get("design")
    if design is None or not design.is_mapping:
        return layer
    kept = {key: node for key, node in design.value.items() if not ruled_out(key, node.value)}
    return replace(layer, value={**layer.value, "design": replace(design, value=kept)})


def _own(
    keys: DesignKeys, node: Node, axes: tuple[Axis, ...], seed: int, mistakes: Mistakes
) -> Design | None:
    """Return a design of the user's own points, whose file lies beside the text that names it."""
    named = node.nearest(("points",))
    if keys.kind not in (None, "csv"):
        mistakes.add(
            named.mark,
            f"design.points: {shown(keys.points)} is a file; write kind: csv, or a number of points",
        )
        return None
    if axes:
        mistakes.add(
            node.mark_of(("axes",)), "design.axes: the header of the file names them; leave axes out"
        )
        return None
    folder = Path(named.mark.file).parent if named.mark.line else Path()
    return Design("csv", 0, seed, (), str(folder / keys.points))


def _axes(node: Node | None, mixes: tuple[str, ...], mistakes: Mistakes) -> Iterator[Axis]:
    seen = set()
    for name, mark, given in _written(node, mistakes):
        try:
            axis = axis_of(name, _range(given), mixes)
        except AxisError as error:
            mistakes.add(mark, f"design.axes.{shown(name)}: {error}")
            continue
        except ConfigError as error:
            mistakes.take(error)
            continue
        if axis.target in seen:
            mistakes.add(mark, f"design.axes.{shown(name)}: is listed twice; keep one")
        seen.add(axis.target)
        yield axis


def _written(node: Node | None, mistakes: Mistakes) -> Iterator[tuple[str, Mark, Node | None]]:
    """Yield name, mark and range of each axis, of a mapping or of a list of `NAME` and `NAME=RANGE`."""
    if node is None or node.value is None:
        return
    if node.is_mapping:
        for name, mark, inner in node.items():
            yield name, mark if inner.is_mapping or inner.value is None else inner.mark, inner
        return
    for item in node.value if isinstance(node.value, list) else [node]:
        if not isinstance(item.value, str):
            mistakes.add(
                item.mark, f"design.axes: {shown(item.plain())} is no axis; write NAME or NAME=LOW:HIGH"
            )
            continue
        name, equals, text = item.value.partition("=")
        if equals and not text.strip():
            mistakes.add(
                item.mark, f"design.axes.{shown(name)}: no range; write NAME=LOW:HIGH or NAME=[a, b]"
            )
            continue
        try:
            yield name.strip(), item.mark, compose(text, item.mark.file, item.mark) if equals else None
        except ConfigError as error:
            mistakes.take(error)


def _range(node: Node | None) -> Any:
    """Return what is written of an axis: nothing, low and high, or a tuple of values."""
    given = None if node is None else node.plain()
    if given is None or isinstance(given, tuple):
        return given
    if isinstance(given, str):
        low, colon, high = given.partition(":")
        if colon:
            given = {"low": _number(low), "high": _number(high)}
    if not isinstance(given, dict) or set(given) != {"low", "high"}:
        raise AxisError(f"{shown(given)} is no range; write LOW:HIGH, {{low: LOW, high: HIGH}} or [a, b]")
    return given


def _number(text: str) -> float | int | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip()


def _note(item: Any, node: Node, mistakes: Mistakes) -> None:
    key = ".".join(["design", *(shown(str(step)) for step in item["loc"])])
    if item["type"] == "extra_forbidden":
        mistakes.unknown(node.mark_of(item["loc"]), key, str(item["loc"][-1]), DesignKeys.model_fields)
    else:
        mistakes.add(node.nearest(item["loc"]).mark, f"{key}: {complaint(item)}")
