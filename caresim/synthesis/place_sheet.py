"""Read a place's sheet, `place.yaml`: what kind of territory it is and how it departs from the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from caresim.kernel.mistakes import ConfigError, Mistakes, shown
from caresim.kernel.parameters import Evidence
from caresim.kernel.yaml_nodes import Node, read

TERRITORIES = ("rural", "county", "province")
KEYS = ("title", "title_zh", "territory", "rural_share", "sources", "parameters", "marks")
MARK = ("evidence", "source")


@dataclass(frozen=True)
class Sheet:
    """What a place says of itself.

    Attributes:
        path: the file.
        territory: `rural`, `county` or `province`.
        rural_share: share of residents in rural settlements, by census year.
        parameters: deviations from declared parameters, by process.
        marks: evidence and source of deviations, by `process.parameter`; not every one need have them.
    """

    path: Path
    territory: str
    rural_share: dict[int, float]
    parameters: dict[str, dict[str, Any]]
    marks: dict[str, dict[str, str]]

    def share_of(self, census_year: int) -> float:
        """Return the rural share at a census; a rural territory is rural unless it says otherwise.

        Raises:
            ConfigError: the sheet does not say.
        """
        if census_year in self.rural_share:
            return self.rural_share[census_year]
        if self.territory == "rural":
            return 1.0
        path = shown(str(self.path))
        raise ConfigError(
            [f"{path}:1:1: rural_share lacks {census_year}; write `{census_year}: 0.5` below it"]
        )


def read_sheet(path: Path) -> Sheet:
    """Read a place's sheet.

    Raises:
        ConfigError: the sheet is missing, not YAML, or says something undeclared; all of it at once.
    """
    root = read(path)
    mistakes = Mistakes()
    if not root.is_mapping:
        mistakes.add(root.mark, "the sheet has no keys; write `territory: rural`")
        mistakes.check()
    for key, mark, _ in root.items():
        if key not in KEYS:
            mistakes.unknown(mark, shown(key), key, KEYS)
    territory = _territory(root, mistakes)
    shares = _shares(root.get("rural_share"), mistakes)
    parameters = _parameters(root.get("parameters"), mistakes)
    marks = _marks(root.get("marks"), parameters, mistakes)
    mistakes.check()
    return Sheet(path, territory, shares, parameters, marks)


def _territory(root: Node, mistakes: Mistakes) -> str:
    """Return what kind of territory the place is."""
    node = root.get("territory")
    if node is None:
        mistakes.add(root.mark, f"territory: missing; write one of {', '.join(TERRITORIES)}")
        return ""
    if node.value not in TERRITORIES:
        given = node.value if isinstance(node.value, str) else ""
        mistakes.unknown(node.mark, "territory", given, TERRITORIES, "not a kind of territory")
    return str(node.value)


def _shares(node: Node | None, mistakes: Mistakes) -> dict[int, float]:
    """Return the rural shares by census year."""
    shares: dict[int, float] = {}
    if node is None:
        return shares
    if not node.is_mapping:
        mistakes.add(node.mark, "rural_share: not by census year; write `2020: 0.5` below it")
        return shares
    for year, mark, share in node.items():
        if not (len(year) == 4 and year.isascii() and year.isdigit()):
            mistakes.add(mark, f"rural_share: {shown(year)} is not a year; write a census year such as 2020")
        elif type(share.value) not in (int, float) or not 0 <= share.value <= 1:
            mistakes.add(share.mark, f"rural_share.{year}: not a share; write a number from 0 to 1")
        else:
            shares[int(year)] = float(share.value)
    return shares


def _parameters(node: Node | None, mistakes: Mistakes) -> dict[str, dict[str, Any]]:
    """Return the place's own parameter values by process; the scenario checks them further."""
    parameters: dict[str, dict[str, Any]] = {}
    if node is None or node.value is None:
        return parameters
    if not node.is_mapping:
        mistakes.add(
            node.mark, "parameters: not by process; write `mortality: {rural_multiplier: 1.05}` below it"
        )
        return parameters
    for process, _, group in node.items():
        if group.is_mapping:
            parameters[process] = group.plain()
        else:
            mistakes.add(
                group.mark, f"parameters.{shown(process)}: has no keys; write `name: value` lines below"
            )
    return parameters


def _marks(
    node: Node | None, parameters: dict[str, dict[str, Any]], mistakes: Mistakes
) -> dict[str, dict[str, str]]:
    """Return evidence and source of the place's own values, by `process.parameter`."""
    marks: dict[str, dict[str, str]] = {}
    if node is None or node.value is None:
        return marks
    if not node.is_mapping:
        example = "`mortality.rural_multiplier: {evidence: judgement, source: judgement}`"
        mistakes.add(node.mark, f"marks: not by parameter; write {example} below it")
        return marks
    own = {f"{process}.{name}" for process, group in parameters.items() for name in group}
    for name, mark, said in node.items():
        if name not in own:
            mistakes.unknown(mark, f"marks.{shown(name)}", name, own, "the place sets no such value")
        elif _is_marked(said, f"marks.{name}", mistakes):
            marks[name] = said.plain()
    return marks


def _is_marked(node: Node, path: str, mistakes: Mistakes) -> bool:
    """Tell whether a mark says evidence and source and nothing else, and note what it says wrongly."""
    if not node.is_mapping or set(MARK) - set(node.value):
        mistakes.add(node.mark, f"{path}: not marked; write {{evidence: judgement, source: judgement}}")
        return False
    for key, mark, _ in node.items():
        if key not in MARK:
            mistakes.unknown(mark, f"{path}.{shown(key)}", key, MARK)
    evidence, source = node.value["evidence"], node.value["source"]
    if evidence.value not in get_args(Evidence):
        given = evidence.value if isinstance(evidence.value, str) else ""
        mistakes.unknown(evidence.mark, f"{path}.evidence", given, get_args(Evidence), "no kind of evidence")
    if not isinstance(source.value, str) or not source.value.strip():
        mistakes.add(source.mark, f"{path}.source: not a name; write a key of the sources, or judgement")
    return True
