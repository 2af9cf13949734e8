"""Read a place's sheet, `place.yaml`: what kind of territory it is and how it departs from the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from caresim.kernel.tables import TableError, closest

LARGEST = 100_000
"""Bytes of the largest sheet that is read."""
TERRITORIES = ("rural", "county", "province")
KEYS = ("title", "title_zh", "territory", "rural_share", "sources", "parameters")


@dataclass(frozen=True)
class Sheet:
    """What a place says of itself.

    Attributes:
        path: the file.
        territory: `rural`, `county` or `province`.
        rural_share: share of residents in rural settlements, by census year.
        parameters: deviations from declared parameters, by process.
    """

    path: Path
    territory: str
    rural_share: dict[int, float]
    parameters: dict[str, dict[str, Any]]

    def share_of(self, census_year: int) -> float:
        """Return the rural share at a census; a rural territory is rural throughout.

        Raises:
            TableError: the sheet does not say.
        """
        if census_year in self.rural_share:
            return self.rural_share[census_year]
        if self.territory == "rural":
            return 1.0
        raise TableError(self.path, 1, 1, f"rural_share lacks {census_year}", f"write {census_year}: 0.5 below it")


def read_sheet(path: Path) -> Sheet:
    """Read a place's sheet.

    Raises:
        TableError: the sheet is missing, not YAML, or says something undeclared.
    """
    root = _compose(path)
    entries = _entries(path, root, "a place")
    for name, (key, _) in entries.items():
        if name not in KEYS:
            _refuse(path, key, f"{name} is not known", closest(str(name), KEYS))
    if "territory" not in entries:
        _refuse(path, root, "territory is missing", f"write territory: {' | '.join(TERRITORIES)}")
    territory = entries["territory"][1]
    if territory.value not in TERRITORIES:
        _refuse(path, territory, "territory is not known", f"write one of {', '.join(TERRITORIES)}")
    return Sheet(path, territory.value, _shares(path, entries), _parameters(path, entries))


def _compose(path: Path) -> yaml.Node:
    """Return the sheet as nodes that know their line and column."""
    try:
        if path.stat().st_size > LARGEST:
            raise TableError(path, 1, 1, "the file is too large", f"keep it below {LARGEST // 1000} kB")
        text = path.read_text(encoding="utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise TableError(path, 1, 1, "aliases (*name) are not read", "write the value out")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError:
        raise TableError(path, 1, 1, "cannot be read", "a place needs this file") from None
    except UnicodeDecodeError:
        raise TableError(path, 1, 1, "not UTF-8 text", "save the file in UTF-8") from None
    except RecursionError:
        raise TableError(path, 1, 1, "nested too deep", "write plain keys and values") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "characters that YAML does not allow"
        row, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise TableError(path, row, column, f"not YAML: {problem}", "write key: value") from None
    if root is None:
        raise TableError(path, 1, 1, "the file is empty", "write at least territory: rural")
    return root


def _refuse(path: Path, node: yaml.Node, what: str, instead: str) -> NoReturn:
    """Raise the error of a node."""
    mark = node.start_mark
    raise TableError(path, mark.line + 1, mark.column + 1, what, instead)


def _entries(path: Path, node: yaml.Node, what: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Return a mapping's entries by key, each with the nodes of key and value."""
    if not isinstance(node, yaml.MappingNode):
        _refuse(path, node, f"{what} must be a mapping", "write key: value")
    entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            _refuse(path, key, "a key must be a word", "write key: value")
        if key.value in entries:
            _refuse(path, key, f"{key.value} occurs twice", "keep one of them")
        entries[key.value] = (key, value)
    return entries


def _shares(path: Path, entries: dict[str, tuple[yaml.Node, yaml.Node]]) -> dict[int, float]:
    """Return the rural shares by census year."""
    if "rural_share" not in entries:
        return {}
    shares = {}
    for year, (key, value) in _entries(path, entries["rural_share"][1], "rural_share").items():
        if not (len(year) == 4 and year.isascii() and year.isdigit()):
            _refuse(path, key, f"{year} is not a year", "write a census year such as 2020")
        share = _scalar(path, value)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            _refuse(path, value, "the rural share is not a share", "write a number from 0 to 1")
        shares[int(year)] = float(share)
    return shares


def _parameters(path: Path, entries: dict[str, tuple[yaml.Node, yaml.Node]]) -> dict[str, dict[str, Any]]:
    """Return the place's own parameter values by process; the scenario checks them against what is declared."""
    if "parameters" not in entries:
        return {}
    groups = _entries(path, entries["parameters"][1], "parameters")
    return {
        process: {name: _value(path, value) for name, (_, value) in _entries(path, node, process).items()}
        for process, (_, node) in groups.items()
    }


def _value(path: Path, node: yaml.Node) -> Any:
    """Return a parameter's value: a scalar, a list or a mapping such as a dated path."""
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {name: _value(path, value) for name, (_, value) in _entries(path, node, "a value").items()}
    return _scalar(path, node)


def _scalar(path: Path, node: yaml.Node) -> Any:
    """Return a scalar as number, truth value or text."""
    if not isinstance(node, yaml.ScalarNode):
        _refuse(path, node, "a single value is wanted", "write a number or a word")
    tag, text = node.tag.rpartition(":")[2], node.value
    try:
        if tag in ("int", "float"):
            return int(text) if tag == "int" else float(text)
    except ValueError:
        _refuse(path, node, f"{text} is not a plain number", "write it in decimal digits")
    if tag == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return None if tag == "null" else text
