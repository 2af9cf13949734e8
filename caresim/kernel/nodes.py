"""Values of a config that know where they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caresim.kernel.mistakes import ConfigError, Mark, shown

DEEPEST = 20
"""Levels of nesting that are followed."""


@dataclass
class Node:
    """A value with its place in the text.

    Attributes:
        value: a scalar, a list of nodes, or a dict of nodes by key.
        mark: where the value begins.
        keys: where each key of a mapping begins.
    """

    value: Any
    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)

    @property
    def is_mapping(self) -> bool:
        """Tell whether the value has keys."""
        return isinstance(self.value, dict)

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None for an absent key or a value without keys."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, Mark, Node]]:
        """Yield key, mark of the key and value of a mapping."""
        for key, node in self.value.items():
            yield key, self.keys.get(key, node.mark), node

    def plain(self) -> Any:
        """Return the value without marks; sequences become tuples, as declared parameters are frozen."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return tuple(node.plain() for node in self.value)
        return self.value

    def nearest(self, path: tuple[Any, ...]) -> Node:
        """Return the node at a path of keys and positions, or the last one on the way there."""
        node = self
        for step in path:
            inner = node.value
            has_key = isinstance(inner, dict) and step in inner
            has_position = isinstance(inner, list) and isinstance(step, int) and step < len(inner)
            if not has_key and not has_position:
                break
            node = inner[step]
        return node

    def mark_of(self, path: tuple[Any, ...]) -> Mark:
        """Return the mark nearest to a path of keys and positions: a key's own mark where it exists."""
        node = self.nearest(path[:-1])
        if path and isinstance(node.value, dict) and path[-1] in node.value:
            return node.keys.get(path[-1], node.value[path[-1]].mark)
        return self.nearest(path).mark


def of_python(value: Any, mark: Mark, depth: int = 0) -> Node:
    """Turn Python values into nodes that all bear one mark.

    Raises:
        ConfigError: a value that YAML could not have said.
    """
    if depth > DEEPEST:
        raise ConfigError([f"{mark}: nested deeper than {DEEPEST} levels; flatten it"])
    if isinstance(value, dict):
        nodes = {str(key): of_python(inner, mark, depth + 1) for key, inner in value.items()}
        return Node(nodes, mark, dict.fromkeys(nodes, mark))
    if isinstance(value, list | tuple):
        return Node([of_python(inner, mark, depth + 1) for inner in value], mark)
    if isinstance(value, Path):
        return Node(str(value), mark)
    if value is None or isinstance(value, bool | int | float | str):
        return Node(value, mark)
    if hasattr(value, "item"):  # a NumPy scalar
        return of_python(value.item(), mark, depth + 1)
    raise ConfigError([f"{mark}: {shown(value)} has no YAML form; give numbers, texts, lists and dicts"])
