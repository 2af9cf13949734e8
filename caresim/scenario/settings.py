"""Read values of declared parameters, dated or not, and lay them over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from caresim.kernel.clock import month_number
from caresim.kernel.mistakes import Mark, Mistakes, complaint, shown
from caresim.kernel.nodes import Node
from caresim.kernel.parameters import ALWAYS, Dated, Parameters, Settings
from caresim.scenario.dates import last_of

Groups = Mapping[str, type[Parameters]]
Steps = tuple[tuple[int, Any], ...]
Layer = dict[str, dict[str, Steps]]


def read_settings(
    node: Node | None, path: str, groups: Groups, mistakes: Mistakes, unknown: str = "unknown"
) -> Layer:
    """Read one layer of settings, `group: {name: value}`.

    Args:
        node: the mapping; None is an empty one.
        path: its key in messages.
        groups: declared parameters by group.
        mistakes: where wrong ones are noted; they are left out of the result.
        unknown: what to say of a group that nobody declared.
    """
    layer: Layer = {}
    for group, mark, inner in _items(node, path, mistakes):
        if group not in groups:
            homes = [home for home, declared in groups.items() if group in declared.model_fields]
            hint = f"it belongs below {homes[0]}" if homes else ""
            _unknown(mistakes, mark, f"{path}.{shown(group)}", group, groups, unknown, hint)
            continue
        layer[group] = _read_group(inner, f"{path}.{group}", groups[group], mistakes)
    return layer


def overlay(layers: Iterable[Layer], groups: Groups, start: int, months: int) -> tuple[Settings, ...]:
    """Lay layers over the declared defaults, later ones above, and return what holds during the run."""
    layers = list(layers)
    return tuple(
        _resolved(group, declared, layers, start, last_of(group, start, months))
        for group, declared in groups.items()
    )


def check_groups(
    settings: Iterable[Settings], groups: Groups, where: Mapping[str, tuple[Mark, str]], mistakes: Mistakes
) -> None:
    """Note values that are possible each alone, but not together, in any month.

    Args:
        settings: resolved groups.
        groups: declared parameters by group.
        where: mark and key in messages, by group and by `group.name`, in the order in which they were written;
            groups that nobody wrote are as declared.
        mistakes: where they are noted.
    """
    for group in settings:
        if group.group not in where:
            continue
        for month in (ALWAYS, *sorted(group.breakpoints)):
            try:
                group.at(month, groups[group.group])
            except ValidationError as error:
                told = error.errors()[0]
                names = {f"{group.group}.{name}" for name in told.get("ctx", {}).get("names", ())}
                mark, path = [where[group.group], *(where[key] for key in where if key in names)][-1]
                more = "" if names else "; see `caresim params`"
                mistakes.add(mark, f"{path}: {told['msg']}{more}")
                break


def marks_of(node: Node | None, path: str) -> dict[str, tuple[Mark, str]]:
    """Return where a layer writes each group and each value, with its key: by group and by `group.name`."""
    marks: dict[str, tuple[Mark, str]] = {}
    for group, mark, inner in node.items() if node is not None and node.is_mapping else ():
        marks[group] = (mark, f"{path}.{group}")
        for name, _, value in inner.items() if inner.is_mapping else ():
            marks[f"{group}.{name}"] = (value.mark, f"{path}.{group}.{name}")
    return marks


def placed(settings: Iterable[Settings], marks: Mapping[str, tuple[Mark, str]]) -> tuple[Settings, ...]:
    """Return settings that know where their values are written; `marks` by `group.name`."""
    return tuple(
        replace(group, where={
            value.name: marks[f"{group.group}.{value.name}"]
            for value in group.values
            if f"{group.group}.{value.name}" in marks
        })
        for group in settings
    )  # fmt: skip


def _resolved(group: str, declared: type[Parameters], layers: list[Layer], first: int, last: int) -> Settings:
    values = []
    for name, declaration in declared.model_fields.items():
        value = Dated(name, ((ALWAYS, declaration.default),))
        for layer in layers:
            steps = layer.get(group, {}).get(name)
            if steps:
                value = value.then(steps)
        values.append(value.during(first, last))
    return Settings(group, tuple(values))


def _read_group(node: Node, path: str, declared: type[Parameters], mistakes: Mistakes) -> dict[str, Steps]:
    found = {}
    for name, mark, inner in _items(node, path, mistakes):
        if name not in declared.model_fields:
            _unknown(mistakes, mark, f"{path}.{shown(name)}", name, declared.model_fields, "unknown")
            continue
        steps = _read_value(inner, f"{path}.{name}", name, declared, mistakes)
        if steps:
            found[name] = steps
    return found


def _read_value(node: Node, path: str, name: str, declared: type[Parameters], mistakes: Mistakes) -> Steps:
    """Return the steps of a value: one from always on, or one for each date.

    A text has to write them in the order of time; a parent's and a child's may alternate.
    """
    if not node.is_mapping:
        return _checked(ALWAYS, node, path, name, declared, mistakes)
    if not node.value:
        mistakes.add(node.mark, f"{path}: no dates; write a value, or {{2020-01: value}}")
    steps: Steps = ()
    latest: dict[str, str] = {}
    for text, mark, inner in node.items():
        try:
            month = month_number(text)
        except ValueError:
            mistakes.add(mark, f"{path}: {shown(text)} is not a month; write it as 2020-01")
            continue
        if mark.line and month < month_number(before := latest.get(mark.file, text)):
            mistakes.add(mark, f"{path}.{text}: written after {before}; write dates in the order of time")
        latest[mark.file] = text
        steps += _checked(month, inner, f"{path}.{text}", name, declared, mistakes)
    return tuple(sorted(steps, key=lambda step: step[0]))


def _checked(
    month: int, node: Node, path: str, name: str, declared: type[Parameters], mistakes: Mistakes
) -> Steps:
    """Return one validated step, or nothing and a note of what is wrong."""
    try:
        return ((month, getattr(declared(**{name: node.plain()}), name)),)
    except ValidationError as error:
        wrong = [item for item in error.errors() if item["loc"][:1] == (name,)]
        field = declared.model_fields[name]
        unit = str((field.json_schema_extra or {}).get("unit", ""))  # type: ignore[union-attr]
        length = len(field.default) if isinstance(field.default, tuple) else 0
        for item in wrong:
            mistakes.add(node.nearest(item["loc"][1:]).mark, f"{path}: {complaint(item, unit, length)}")
        return () if wrong else ((month, node.plain()),)


def _items(node: Node | None, path: str, mistakes: Mistakes) -> Iterable[tuple[str, Mark, Node]]:
    """Return the entries of a mapping; nothing written is an empty one."""
    if node is None or node.value is None:
        return ()
    if not node.is_mapping:
        mistakes.add(node.mark, f"{path}: {shown(node.plain())} has no keys; write `key: value` lines below")
        return ()
    return node.items()


def _unknown(
    mistakes: Mistakes, mark: Mark, path: str, word: str, known: Iterable[str], what: str, hint: str = ""
) -> None:
    if hint:
        mistakes.add(mark, f"{path}: {what}; {hint}")
    else:
        mistakes.unknown(mark, path, word, known, what)
