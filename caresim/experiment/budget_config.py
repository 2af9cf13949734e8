"""Write a comparison on equal budgets as a config: the scaled mixes beside the baseline, frozen, with their factors."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim import catalogue
from caresim.experiment.equal_budget import pilot_seed, scaled
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError, shown
from caresim.kernel.parameters import ALWAYS
from caresim.results.tables import safely
from caresim.scenario.layers import Origin

if TYPE_CHECKING:
    from caresim.kernel.parameters import Dated, Settings
    from caresim.scenario import Mix, Scenario

KINDS = {"full": "at the same budget", "half": "at half the extra budget"}
WRITTEN_IN_FULL = {"name", "baseline", "mixes"}
"""Keys that the config states itself, whatever deviates."""
PLAIN = re.compile(r"[A-Za-z_][A-Za-z_]*")
"""Names that YAML takes as they are; others are quoted."""


def config_paths(config: Path, out: Path | None) -> dict[str, Path]:
    """Return where the configs of both budgets go, once it is known that they can stand there.

    Args:
        config: the config that they extend.
        out: their folder; by default the config's own.

    Raises:
        ConfigError: a file is there already, or the config cannot be extended from there.
    """
    folder = config.parent if out is None else out
    if folder.exists() and not folder.is_dir():
        raise ConfigError([f"--out {shown(str(folder))}: is a file; name a folder"])
    if not Origin.of_folder(folder).holds(config.resolve()):
        raise ConfigError(
            [f"--out {shown(str(folder))}: a config there cannot extend {config}; leave --out away"]
        )
    paths = {kind: folder / f"{config.stem}_{kind}_budget.yaml" for kind in KINDS}
    for path in paths.values():
        if path.exists():
            raise ConfigError([f"{path}: is there already; remove it, or name another folder with --out"])
    return paths


def write_config(
    scenario: Scenario,
    table: pd.DataFrame,
    kind: str,
    config: Path,
    path: Path,
    pilots: int,
    deviations: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write the config of one budget, ready to be run.

    Args:
        scenario: what `config` and the deviations say.
        table: the factors, as `equal_budget` returns them.
        kind: `full` or `half`.
        config: the config to extend.
        path: the file to write.
        pilots: pilot replications behind the factors.
        deviations: keys and values that deviate from `config`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = table[table["kind"] == kind]
    lines = [
        *_comments(scenario, rows, kind, config, pilots),
        f"extends: {json.dumps(os.path.relpath(config.resolve(), path.parent.resolve()))}",
        f"name: {_key(f'{scenario.name}_{kind}_budget')}",
        *(f"{key}: {_said(value)}" for key, value in deviations.items() if key not in WRITTEN_IN_FULL),
        *_mixes(scenario, rows, kind),
    ]
    with safely(path) as file:
        file.write(("\n".join(lines) + "\n").encode())


def _comments(scenario: Scenario, rows: pd.DataFrame, kind: str, config: Path, pilots: int) -> Iterator[str]:
    """Yield what the file says about itself."""
    budget = f"{rows['budget'].iloc[0]:.2f} yuan of present value per elder-month"
    yield f"# The mixes of {config.name} {KINDS[kind]}: {budget}."
    yield "#"
    yield f"# Written by `caresim equal-budget`; the factors come from {pilots} pilot replication(s) with the seed"
    yield f"# {pilot_seed(scenario)}, which must not be used again, and are frozen. Factor, and what the pilots spent:"
    for row in _records(rows):
        missed = f"{abs(row['unspent']):.2f} {'unspent' if row['unspent'] > 0.0 else 'too much'}"
        said = f"{row['factor']:.6g}, {row['spent']:.2f}"
        yield f"#   {row['mix']}: {said}{'' if row['comparable'] else f'; NOT COMPARABLE, {missed}'}"


def _mixes(scenario: Scenario, rows: pd.DataFrame, kind: str) -> Iterator[str]:
    """Yield the mixes: the baseline as it is, then each that can be compared, scaled, all of them in full."""
    yield f"baseline: {_key(scenario.baseline)}"
    yield "mixes:"
    yield from _mix(scenario.mix(scenario.baseline), scenario.start)
    for row in _records(rows[rows["comparable"]]):
        mix, factor = scenario.mix(row["mix"]), row["factor"]
        new = scaled(mix, factor, f"{mix.name}_{kind}")
        yield from _mix(replace(new, title=f"{mix.title or mix.name} (x {factor:.3g})"), scenario.start)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


def _mix(mix: Mix, start: int) -> Iterator[str]:
    """Yield a mix: every lever that is not as declared, so that no other file can change it later."""
    yield f"  {_key(mix.name)}:"
    yield f"    title: {_said(mix.title or mix.name)}"
    known = [(group.group, _levers(group, start)) for group in mix.instruments]
    if any(levers for _, levers in known):
        yield "    instruments:"
    for group, levers in known:
        if levers:
            yield f"      {group}: {{{', '.join(levers)}}}"


def _levers(group: Settings, start: int) -> list[str]:
    """Return what a mix says of an instrument; one that sets a process's parameters says all that the mix wrote."""
    instrument = catalogue.instruments()[group.group]
    fields = instrument.parameters.model_fields
    return [
        f"{value.name}: {_value(value, start)}"
        for value in group.values
        if instrument.sets is not None or value.steps != ((ALWAYS, fields[value.name].default),)
    ]


def _value(value: Dated, start: int) -> str:
    """Return a value as a config says it, or values by month."""
    if len(value.steps) == 1:
        return json.dumps(value.steps[0][1])
    dated = ", ".join(f"{month_text(max(month, start))}: {json.dumps(step)}" for month, step in value.steps)
    return f"{{{dated}}}"


def _said(value: Any) -> str:
    """Return a value as YAML says it on a line."""
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if PLAIN.fullmatch(name) and name not in ("null", "true", "false") else json.dumps(name)
