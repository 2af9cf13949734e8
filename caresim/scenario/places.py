"""Find the place of a scenario, and what it says of parameters."""

from __future__ import annotations

from pathlib import Path

from caresim.kernel.mistakes import ConfigError, Mistakes, shown, suggestion
from caresim.kernel.nodes import Node
from caresim.kernel.tables import TableError
from caresim.kernel.yaml_nodes import read
from caresim.scenario.layers import Origin
from caresim.scenario.settings import Groups, Layer, read_settings
from caresim.synthesis.places import place_folder, places, read_place


def find_place(
    node: Node | None, origin: Origin, census: int | None, groups: Groups, mistakes: Mistakes
) -> tuple[str, Layer]:
    """Return a place that ships by name or a folder by its absolute path, and the place's own parameters.

    Args:
        node: what the config says.
        origin: where the config stands.
        census: year of the census to start from; None where the config does not say a right one.
        groups: declared parameters by group.
        mistakes: where it is noted that there is no such place, that its tables are wrong, or that it lacks
            the census.
    """
    if node is None or not isinstance(node.value, str):
        return "", {}
    shipped = places()
    if node.value in shipped:
        sheet = read(place_folder(node.value) / "place.yaml")
        if census is not None:
            _check_census(node, sheet, census, mistakes)
        return node.value, _parameters(sheet, groups, mistakes)
    folder = _folder(node.value, origin)
    if folder is None:
        what = f"place: no place {shown(node.value)} ships and no such folder is here"
        mistakes.add(node.mark, f"{what}; {suggestion(node.value, shipped)}")
        return "", {}
    try:
        if census is not None:
            read_place(folder, census)
        return str(folder), _parameters(read(folder / "place.yaml"), groups, mistakes)
    except TableError as error:
        mistakes.take(ConfigError([str(error)]))
    except ConfigError as error:
        mistakes.take(error)
    return str(folder), {}


def _folder(text: str, origin: Origin) -> Path | None:
    """Return the folder that a text names, if there is one."""
    try:
        folder = (origin.folder / text).resolve()
        return folder if text.strip() and folder.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _parameters(sheet: Node, groups: Groups, mistakes: Mistakes) -> Layer:
    return read_settings(sheet.get("parameters"), "parameters", groups, mistakes)


def _check_census(node: Node, sheet: Node, year: int, mistakes: Mistakes) -> None:
    """Note that a place lacks the census of the start."""
    shares = sheet.get("rural_share")
    years = sorted(shares.value) if shares is not None and shares.is_mapping else []
    if str(year) not in years:
        starts = " or ".join(f"start: {known}-01" for known in years)
        mistakes.add(node.mark, f"place: {node.value} has no census of {year}; write {starts}")
