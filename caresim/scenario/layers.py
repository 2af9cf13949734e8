"""Follow `extends` from a config to its parents, and lay what each states over what its parent states."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from caresim.kernel.clock import month_text
from caresim.kernel.compiled import PACKAGE
from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, shown
from caresim.kernel.nodes import DEEPEST, Node
from caresim.kernel.yaml_nodes import compose, read

SHIPPED = PACKAGE.parent / "configs"
"""The configs of the project, where it is run from its source."""
APART = ("extends", "parameters")
"""Keys that are not merged: `extends` is followed, values of parameters are laid over one another by date."""


@dataclass(frozen=True)
class Origin:
    """Where a config stands.

    Attributes:
        folder: its folder, absolute.
        top: folders within which `extends` may reach.
    """

    folder: Path
    top: tuple[Path, ...]

    @classmethod
    def of_folder(cls, folder: Path) -> Origin:
        """Return the origin of a folder: its top is the nearest folder `configs` around it, or itself."""
        folder = folder.resolve()
        above = [parent for parent in (folder, *folder.parents) if parent.name == "configs"]
        return cls(folder, (above[0] if above else folder, SHIPPED))

    def holds(self, path: Path) -> bool:
        """Tell whether `extends` may reach a file."""
        return any(path.is_relative_to(folder) for folder in self.top)


def config_chain(path: Path, file: str, origin: Origin, mistakes: Mistakes) -> list[Node]:
    """Read a config and its parents, the eldest first.

    Args:
        path: the config.
        file: its name in messages.
        origin: where it stands.
        mistakes: where mistakes in any of the files are noted.
    """
    chain: list[Node] = []
    seen: set[Path] = set()
    while True:
        seen.add(path.resolve())
        node = _read_mapping(path, file, mistakes)
        if node is None:
            return chain
        chain.insert(0, node)
        parent = node.get("extends")
        if parent is None or parent.value is None:
            return chain
        if not isinstance(parent.value, str):
            mistakes.add(
                parent.mark, f"extends: {shown(parent.plain())} is not a file; write one such as base.yaml"
            )
            return chain
        path, file = (
            path.parent / parent.value,
            os.path.normpath(os.path.join(os.path.dirname(file), parent.value)),
        )
        if not _may_extend(path, parent, origin, seen, mistakes):
            return chain


def set_layers(settings: Iterable[tuple[str, str]], mistakes: Mistakes) -> list[Node]:
    """Return one layer for each `key=value` of the command line.

    Args:
        settings: the option (`--set`) and its text.
        mistakes: where wrong ones are noted.
    """
    layers = []
    for option, text in settings:
        key, equals, value = text.partition("=")
        key = key.strip()
        mark = Mark(f"{option} {shown(key)}" if option == "--set" else option)
        if not equals or not all(key.split(".")):
            mistakes.add(mark, "no value; write --set key=value, such as --set population.residents=3000")
        elif key.count(".") >= DEEPEST:
            mistakes.add(mark, f"nested deeper than {DEEPEST} levels; no key of a config is")
        elif key.split(".")[0] == "extends":
            mistakes.add(mark, "cannot be set here; write it in the config")
        elif not value.strip():
            mistakes.add(mark, f"{shown(key)}: no value; write --set {shown(key)}=value")
        else:
            try:
                layers.append(_nested(key.split("."), compose(value, option, mark), mark))
            except ConfigError as error:
                mistakes.take(error)
    return layers


def said_together(settings: Iterable[tuple[str, str]], start: int) -> dict[str, Any]:
    """Return the keys that deviations of the command line write, as one config would write them.

    Args:
        settings: as of `set_layers`.
        start: first month of the run, from which a value without a date holds.

    Raises:
        ConfigError: one of them is wrong.
    """
    mistakes = Mistakes()
    layers = set_layers(settings, mistakes)
    mistakes.check()
    keys: dict[str, Any] = reduce(_over, layers, Node({}, Mark("the command line"))).plain()
    parameters: dict[str, dict[str, Any]] = {}
    for layer in layers:
        said = layer.get("parameters")
        for group, values in said.plain().items() if said is not None else ():
            known = parameters.setdefault(group, {})
            known |= {
                name: _then(known.get(name), value, month_text(start)) for name, value in values.items()
            }
    return keys | ({"parameters": parameters} if parameters else {})


def _then(before: Any, value: Any, start: str) -> Any:
    """Return a value until the first date of a later one, and that one from there on: dates in the order of time."""
    if before is None or not isinstance(value, dict):
        return value
    dated = before if isinstance(before, dict) else {start: before}
    return {month: dated[month] for month in sorted(dated) if month < min(value)} | value


def merged(layers: Iterable[Node], mark: Mark) -> Node:
    """Lay layers over one another: mappings key by key, everything else replaced; the later wins."""
    result = Node({}, mark)
    for node in layers:
        kept = {key: inner for key, inner in node.value.items() if key not in APART}
        result = _over(result, Node(kept, mark, node.keys))
    return result


def _over(below: Node | None, above: Node) -> Node:
    if below is None or not below.is_mapping:
        return above
    if above.value is None:
        return below
    if not above.is_mapping:
        return above
    value = {**below.value, **{key: _over(below.get(key), inner) for key, inner in above.value.items()}}
    return Node(value, above.mark, {**below.keys, **above.keys})


def _nested(keys: list[str], node: Node, mark: Mark) -> Node:
    for key in reversed(keys):
        node = Node({key: node}, mark, {key: mark})
    return node


def _read_mapping(path: Path, file: str, mistakes: Mistakes) -> Node | None:
    try:
        node = read(path, file)
    except ConfigError as error:
        mistakes.take(error)
        return None
    if not node.is_mapping:
        mistakes.add(node.mark, "no keys; write `key: value` lines such as `place: rural_heilongjiang`")
        return None
    return node


def _may_extend(path: Path, node: Node, origin: Origin, seen: set[Path], mistakes: Mistakes) -> bool:
    """Note why a config may not be a parent, if it may not."""
    name = shown(node.value)
    try:
        target = path.resolve()
        exists = target.is_file()
    except (OSError, ValueError, RuntimeError):
        mistakes.add(node.mark, f"extends: {name} is not a path; write one such as base.yaml")
        return False
    if target in seen:
        mistakes.add(node.mark, f"extends: {name} comes back to itself; let the eldest parent extend nothing")
    elif not origin.holds(target):
        mistakes.add(node.mark, f"extends: {name} lies outside {origin.top[0]}; copy it there")
    elif not exists:
        mistakes.add(node.mark, f"extends: {name} is not there; write a path relative to this file")
    else:
        return True
    return False
