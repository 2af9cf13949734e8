"""Load a scenario: read the layers, check every key, report every mistake, resolve every parameter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caresim import catalogue
from caresim.kernel.clock import month_number, year_of
from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, complaint, shown
from caresim.kernel.nodes import Node, of_python
from caresim.scenario.keys import Config, Population
from caresim.scenario.layers import SHIPPED, Origin, config_chain, merged, set_layers
from caresim.scenario.mixes import MixReader
from caresim.scenario.places import find_place
from caresim.scenario.scenario import Scenario
from caresim.scenario.settings import Layer, check_groups, overlay, read_settings

CROWD = 10
"""Fewest residents a village, on average."""


def load_scenario(
    path: str | os.PathLike[str], set: Iterable[str] = (), options: Iterable[tuple[str, str]] = ()
) -> Scenario:
    """Read a scenario config.

    Args:
        path: the config, a YAML file.
        set: deviations from it, each `key=value`, as `population.residents=3000`.
        options: more of them, each with the option's name for messages, as `("--seed", "seed=5")`.

    Raises:
        ConfigError: anything wrong in the config, its parents, its mixes, its place or the deviations; all
            of it at once, one line a mistake.
    """
    mistakes = Mistakes()
    file = Path(path)
    try:
        origin = Origin.of_folder(file.parent)
    except (OSError, ValueError, RuntimeError):
        raise ConfigError([f"{shown(str(path))}: is not a path; name a YAML file"]) from None
    layers = config_chain(file, str(path), origin, mistakes)
    if not layers:
        mistakes.check()
    layers += set_layers([*(("--set", text) for text in set), *options], mistakes)
    return _built(layers, origin, file.stem, mistakes)


def from_keys(keys: Mapping[str, Any]) -> Scenario:
    """Build a scenario from the keys of a config, given in Python."""
    inside = {key: value for key, value in keys.items() if key in Population.model_fields}
    nested = {key: value for key, value in keys.items() if key not in inside}
    if inside:
        nested["population"] = {**(nested.get("population") or {}), **inside}
    layer = of_python(nested, Mark("Scenario.of"))
    return _built([layer], Origin.of_folder(Path.cwd()), "scenario", Mistakes())


def _built(layers: list[Node], origin: Origin, name: str, mistakes: Mistakes) -> Scenario:
    """Check merged layers and return the scenario."""
    tree = merged(layers)
    config = _checked_keys(tree, name, mistakes)
    census = year_of(month_number(config["start"])) if "start" in config else None
    start = month_number(config.get("start", "2020-01"))
    groups = catalogue.parameter_groups()
    place, place_layer = find_place(tree.get("place"), origin, census, groups, mistakes)
    settings = [place_layer, *_parameter_layers(layers, mistakes)]
    resolved = overlay(settings, groups, start)
    check_groups(resolved, groups, _marks(layers, tree), mistakes)
    folders = list(dict.fromkeys(folder / "mixes" for folder in (origin.folder, origin.top[0], SHIPPED)))
    instruments = {key: instrument.parameters for key, instrument in catalogue.instruments().items()}
    mixes = MixReader(folders, instruments, start, mistakes).read(tree.get("mixes"))
    baseline = config.get("baseline") or (mixes[0].name if mixes else "")
    if mixes and baseline not in [mix.name for mix in mixes]:
        known = [mix.name for mix in mixes]
        mistakes.unknown(
            tree.mark_of(("baseline",)), f"baseline: {shown(baseline)}", baseline, known, "not in mixes"
        )
    mistakes.check()
    population: Population = config["population"]
    return Scenario(
        name=config["name"], place=place, start=start, months=config["months"], seed=config["seed"],
        replications=config["replications"], baseline=baseline, residents=population.residents,
        townships=population.townships, villages=population.villages, mixes=mixes, parameters=resolved,
    )  # fmt: skip


def _checked_keys(tree: Node, name: str, mistakes: Mistakes) -> dict[str, Any]:
    """Return the values of the keys that are right, and note those that are wrong."""
    given = {key: value for key, value in tree.plain().items() if not (key == "population" and value is None)}
    given = {"name": name, **given} if _is_name(name) else given
    try:
        config = Config.model_validate(given)
    except ValidationError as error:
        for item in error.errors():
            _note(item, tree, mistakes)
        wrong = {item["loc"][0] for item in error.errors()}
        return {} if "start" in wrong else {"start": given.get("start", Config.model_fields["start"].default)}
    _check_settlements(config.population, tree, mistakes)
    return {key: getattr(config, key) for key in Config.model_fields}


def _is_name(text: str) -> bool:
    """Tell whether a file's name can name the scenario."""
    try:
        Config.model_validate({"name": text, "place": ""})
    except ValidationError:
        return False
    return True


def _note(item: Any, tree: Node, mistakes: Mistakes) -> None:
    """Note one wrong key at its place in the text."""
    loc = item["loc"]
    mark, key = tree.mark_of(loc), ".".join(shown(str(step)) for step in loc)
    if item["type"] == "extra_forbidden":
        known = Population.model_fields if len(loc) > 1 else Config.model_fields
        home = " or population." + str(loc[-1]) if loc[-1] in Population.model_fields else ""
        if home:
            mistakes.add(mark, f"{key}: unknown; did you mean{home[3:]}?")
        else:
            mistakes.unknown(mark, key, str(loc[-1]), known)
        return
    node = tree
    for step in loc:
        node = node.get(str(step)) or node
    mistakes.add(node.mark if item["type"] != "missing" else tree.mark, f"{key}: {complaint(item)}")


def _check_settlements(population: Population, tree: Node, mistakes: Mistakes) -> None:
    """Note populations that do not fit their villages, or villages that do not fit their townships."""
    if population.townships > population.villages:
        where = tree.mark_of(("population", "townships"))
        what = f"{population.townships} townships for {population.villages} villages"
        mistakes.add(where, f"population.townships: {what}; write at most as many townships as villages")
    if population.residents < CROWD * population.villages:
        where = tree.mark_of(("population", "villages"))
        what = f"{population.villages} villages for {population.residents} residents"
        mistakes.add(where, f"population.villages: {what}; leave at least {CROWD} residents a village")


def _parameter_layers(layers: list[Node], mistakes: Mistakes) -> list[Layer]:
    groups = catalogue.parameter_groups()
    return [read_settings(layer.get("parameters"), "parameters", groups, mistakes) for layer in layers]


def _marks(layers: list[Node], tree: Node) -> dict[str, tuple[Mark, str]]:
    """Return where each group's parameters were last written."""
    marks = {group: (tree.mark, f"parameters.{group}") for group in catalogue.parameter_groups()}
    for layer in layers:
        below = layer.get("parameters")
        if below is not None and below.is_mapping:
            marks.update({group: (mark, f"parameters.{group}") for group, mark, _ in below.items()})
    return marks
