"""What a run was given: parameters and levers that differ from the defaults, and how much of it is judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caresim import catalogue
from caresim.kernel.clock import month_number, month_text
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.parameters import ALWAYS, Dated
from caresim.kernel.tables import TableError
from caresim.report.comparison import Comparison
from caresim.report.words import DECLARED_IN, Words
from caresim.scenario.dates import last_of
from caresim.synthesis.place_sheet import Sheet, read_sheet
from caresim.synthesis.places import place_folder

JUDGEMENT, CONFIG = "judgement", "config"
NAMED_IN = {"order": "sources", "tasks": "tasks"}
"""Section of the catalogue that names the words of a value, by its unit."""


@dataclass(frozen=True)
class Changed:
    """A value that differs from its default.

    Attributes:
        name: the parameter or lever, as `group.name`.
        label: what it is called.
        default: the declared value.
        value: the value of the run.
        unit: its unit.
        evidence: how well the value of the run is known, in words.
        source: where it comes from.
        meaning: what it stands for, empty in languages in which it is not declared.
    """

    name: str
    label: str
    default: str
    value: str
    unit: str
    evidence: str
    source: str
    meaning: str


def changed_parameters(comparison: Comparison) -> list[Changed]:
    """Return the parameters of the model that differ from the declared defaults, by place or by config."""
    scenario, words = comparison.run.manifest["scenario"], comparison.words
    in_force, sheet = scenario.get("parameters", {}), _sheet(str(scenario["place"]))
    found = []
    for row in catalogue.declared_parameters():
        group, _, name = row["name"].partition(".")
        if name not in in_force.get(group, {}) or _same(in_force[group][name], row["value"]):
            continue
        value = in_force[group][name]
        evidence, source = _rests_on(sheet, scenario, row, value)
        found.append(
            _changed(words, row, words.parameter(row["name"], row["meaning"]), value, evidence, source)
        )
    return found


def changed_levers(comparison: Comparison, mix: str) -> list[Changed]:
    """Return the levers of a mix that differ from the status quo as it is declared."""
    words = comparison.words
    written = comparison.run.manifest["scenario"].get("mixes", {}).get(mix, {}).get("instruments", {})
    found = []
    for row in catalogue.declared_levers():
        group, _, name = row["name"].partition(".")
        if name in written.get(group, {}) and not _same(written[group][name], row["value"]):
            label = words.lever(row["name"], row["meaning"])
            found.append(_changed(words, row, label, written[group][name], row["evidence"], row["source"]))
    return found


@dataclass(frozen=True)
class Judgements:
    """How much of what is in force is judgement.

    Attributes:
        parameters: parameters of the model whose value in force is judgement.
        n_parameters: parameters of the model.
        levers: levers and costs of instruments whose declared value is judgement.
        n_levers: levers and costs of instruments that replace no parameter of the same name, which is counted there.
    """

    parameters: int
    n_parameters: int
    levers: int
    n_levers: int


def judgements(comparison: Comparison) -> Judgements:
    """Count the judgements in force."""
    scenario = comparison.run.manifest["scenario"]
    in_force, sheet = scenario.get("parameters", {}), _sheet(str(scenario["place"]))
    marks = {}
    for row in catalogue.declared_parameters():
        group, _, name = row["name"].partition(".")
        value = in_force.get(group, {}).get(name, row["value"])
        same = _same(value, row["value"])
        marks[row["name"]] = row["evidence"] if same else _rests_on(sheet, scenario, row, value)[0]
    levers = [row["evidence"] for row in catalogue.declared_levers() if row["name"] not in marks]
    return Judgements(_judged(marks.values()), len(marks), _judged(levers), len(levers))


def _judged(marks: Iterable[str]) -> int:
    """Count judgements; what a config sets without saying why is one."""
    return sum(mark in (JUDGEMENT, CONFIG) for mark in marks)


def _sheet(place: str) -> Sheet | None:
    """Return the sheet of a place, if it is still there."""
    try:
        return read_sheet(Path(place_folder(place)) / "place.yaml")
    except (ConfigError, TableError, OSError, KeyError, ValueError):
        return None


def _rests_on(
    sheet: Sheet | None, scenario: dict[str, Any], row: dict[str, Any], value: Any
) -> tuple[str, str]:
    """Return evidence and source of a value that is not the default: the place's mark, or that the config says it."""
    if sheet is not None and _same(_of_place(sheet, scenario, row), value):
        mark = sheet.marks.get(row["name"], {})
        return mark.get("evidence", "place"), mark.get("source", "")
    return CONFIG, ""


def _of_place(sheet: Sheet, scenario: dict[str, Any], row: dict[str, Any]) -> Any:
    """Return what a place says of a parameter as a manifest writes it: of dated values those from the start on."""
    group, _, name = row["name"].partition(".")
    said = sheet.parameters.get(group, {}).get(name)
    if not isinstance(said, dict):
        return said
    start = month_number(scenario["start"])
    steps = sorted((month_number(month), value) for month, value in said.items())
    known = Dated(name, ((ALWAYS, row["value"]),)).then(tuple(steps))
    (_, first), *later = known.during(start, last_of(group, start, scenario["months"])).steps
    dated = {month_text(month): value for month, value in later}
    return {scenario["start"]: first} | dated if dated else first


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are one; a list of the manifest is a tuple of the program."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {month: _plain(each) for month, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _changed(
    words: Words, row: dict[str, Any], label: str, value: Any, evidence: str, source: str
) -> Changed:
    return Changed(
        name=row["name"],
        label=label,
        default=written(words, row["value"], row["unit"]),
        value=written(words, value, row["unit"]),
        unit="" if row["unit"] in ("yes or no", "0/1", "order", "share") else words.unit(row["unit"]),
        evidence=words.label("evidence", evidence),
        source="" if source == JUDGEMENT else source,
        meaning=row["meaning"] if words.language == DECLARED_IN else "",
    )


def written(words: Words, value: Any, unit: str) -> str:
    """Return a value as people write it; dated values with the month from which each holds."""
    if isinstance(value, dict):
        return "; ".join(
            words.say("from_month", month=month, value=written(words, each, unit))
            for month, each in value.items()
        )
    if isinstance(value, list | tuple):
        return words.say("comma").join(written(words, each, unit) for each in value)
    if isinstance(value, bool):
        return words.say("yes" if value else "no")
    if isinstance(value, str):
        return words.label(NAMED_IN[unit], value) if unit in NAMED_IN else value
    text = words.say("percent", number=f"{100.0 * value:,.6g}") if unit == "share" else _number(value, unit)
    return text.replace("-", "\N{MINUS SIGN}", 1) if value < 0 else text


def _number(value: float, unit: str) -> str:
    return f"{value:.6g}" if "year" in unit and "yuan" not in unit else f"{value:,.8g}"
