"""Load a scenario: read the layers, check every key, report every mistake, resolve every parameter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caresim import catalogue
from caresim.kernel.clock import month_number, year_of
from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, complaint, shown
from caresim.kernel.nodes import Node, of_python
from caresim.scenario.dates import check_dates, check_mix_dates
from caresim.scenario.design import read_design, standing
from caresim.scenario.keys import Config, Population
from caresim.scenario.layers import Origin, config_chain, merged, set_layers
from caresim.scenario.levers import check_levers
from caresim.scenario.mixes import Mix, MixReader
from caresim.scenario.places import find_place
from caresim.scenario.settings import check_groups, marks_of, overlay, placed, read_settings

START = Config.model_fields["start"].default
CROWD = 10
"""Fewest residents a village, on average."""


def keys_from_file(path: str | os.PathLike[str], deviations: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read a config and return the checked fields of its scenario.

    Args:
        path: the config.
        deviations: option and text of each deviation, such as `("--set", "months=12")`.

    Raises:
        ConfigError: anything wrong, all of it at once.
    """
    mistakes = Mistakes()
    file = Path(path)
    try:
        origin = Origin.of_folder(file.parent)
    except (OSError, ValueError, RuntimeError):
        raise ConfigError([f"{shown(str(path))}: is not a path; name a YAML file"]) from None
    layers: list[Node] = []
    for config in config_chain(file, str(path), origin, mistakes):
        layers = [*standing(layers, [config]), config]
    if not layers:
        mistakes.check()
    tree_mark = layers[-1].mark
    asked = set_layers(deviations, mistakes)
    layers = [*standing(layers, asked), *asked]
    return _built(layers, origin, (file.stem, tree_mark), mistakes)


def keys_from_python(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checked fields of a scenario whose keys are given in Python."""
    inside = {key: value for key, value in keys.items() if key in Population.model_fields}
    nested = {key: value for key, value in keys.items() if key not in inside}
    if inside and isinstance(nested.setdefault("population", {}), Mapping):
        nested["population"] = {**nested["population"], **inside}
    layer = of_python(nested, Mark("Scenario.of"))
    return _built([layer], Origin.of_folder(Path.cwd()), ("scenario", layer.mark), Mistakes())


def _built(layers: list[Node], origin: Origin, named: tuple[str, Mark], mistakes: Mistakes) -> dict[str, Any]:
    """Check merged layers and return the fields of the scenario; its default name and mark are given."""
    complete = not mistakes
    name, mark = named
    tree = merged(layers, mark)
    config = _checked_keys(tree, name, complete, mistakes)
    groups = catalogue.parameter_groups()
    settings = [read_settings(layer.get("parameters"), "parameters", groups, mistakes) for layer in layers]
    if not complete:  # what a parent would have said is not known: no more can be checked
        mistakes.check()
    start = month_number(config.get("start", START))
    census = year_of(start) if "start" in config else None
    place, place_settings = find_place(tree.get("place"), origin, census, groups, mistakes)
    months = config.get("months", Config.model_fields["months"].default)
    parameters = overlay([place_settings, *settings], groups, start, months)
    if "months" in config:
        check_dates(layers, start, months, mistakes)
        check_mix_dates(tree.get("mixes"), start + months - 1, mistakes)
    where = {group: (mark, f"parameters.{group}") for group in place_settings}
    marks = _marks(layers)
    parameters = placed(parameters, marks)
    check_groups(parameters, groups, where | marks, mistakes)
    reader = _reader(origin, (start, months), mistakes)
    mixes = reader.read(tree.get("mixes"))
    baseline = _baseline(tree, [mix.name for mix in mixes], mistakes)
    past = _past(tree, reader, mixes, baseline)
    seed = config.get("seed", Config.model_fields["seed"].default)
    design = read_design(tree.get("design"), [mix.name for mix in mixes], seed, mistakes)
    if not mistakes:
        check_levers(parameters, dict.fromkeys((*mixes, past or mixes[0])), mistakes)
    mistakes.check()
    kept = ("name", "months", "seed", "replications")
    return {
        **{key: config[key] for key in kept}, **dict(config["population"]),
        "place": place, "start": start, "baseline": baseline, "mixes": mixes, "past": past,
        "parameters": parameters, "design": design,
    }  # fmt: skip


def _reader(origin: Origin, run: tuple[int, int], mistakes: Mistakes) -> MixReader:
    """Return what reads mixes of a run's first month and months; files lie beside the config, at its top, or ship."""
    folders = dict.fromkeys(folder / "mixes" for folder in (origin.folder, *origin.top))
    return MixReader(list(folders), catalogue.instruments(), *run, mistakes)


def _baseline(tree: Node, mixes: list[str], mistakes: Mistakes) -> str:
    """Return the name of the mix that the others are compared with."""
    node = tree.get("baseline")
    if node is None or not isinstance(node.value, str):
        return mixes[0] if mixes else ""
    if mixes and node.value not in mixes:
        mistakes.unknown(node.mark, f"baseline: {shown(node.value)}", node.value, mixes, "not in mixes")
    return node.value


def _past(tree: Node, reader: MixReader, mixes: Iterable[Mix], baseline: str) -> Mix | None:
    """Return the mix of the time before the run: one of its own, by default the baseline, or one that is not run."""
    node = tree.get("past")
    known = {mix.name: mix for mix in mixes}
    if node is None or node.value is None:
        return known.get(baseline)
    if isinstance(node.value, str) and node.value in known:
        return known[node.value]
    return next(iter(replace(reader, key="past").read(Node([node], node.mark))), None)


def _checked_keys(tree: Node, name: str, complete: bool, mistakes: Mistakes) -> dict[str, Any]:
    """Return the values of the keys that are right, and note those that are wrong."""
    given = {key: value for key, value in tree.plain().items() if not (key == "population" and value is None)}
    given = {"name": name, **given} if _is_name(name) else given
    try:
        config = Config.model_validate(given)
    except ValidationError as error:
        for item in error.errors():
            if complete or item["type"] != "missing":
                _note(item, tree, mistakes)
        wrong = {item["loc"][0] for item in error.errors()}
        return {} if "start" in wrong else {"start": given.get("start", START)}
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
    loc, last = item["loc"], str(item["loc"][-1])
    key = ".".join(shown(str(step)) for step in loc)
    if item["type"] != "extra_forbidden":
        mistakes.add(tree.nearest(loc).mark, f"{key}: {complaint(item)}")
    elif len(loc) == 1 and last in Population.model_fields:
        mistakes.add(tree.mark_of(loc), f"{key}: unknown; did you mean population.{last}?")
    else:
        known = Population.model_fields if len(loc) > 1 else Config.model_fields
        mistakes.unknown(tree.mark_of(loc), key, last, known)


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


def _marks(layers: list[Node]) -> dict[str, tuple[Mark, str]]:
    """Return where each group and each value of the parameters was last written, the last written last."""
    marks: dict[str, tuple[Mark, str]] = {}
    for layer in layers:
        for key, where in marks_of(layer.get("parameters"), "parameters").items():
            marks.pop(key, None)
            marks[key] = where
    return marks
