"""Refuse dated values that could never come into force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from caresim.kernel.clock import month_number, month_text
from caresim.kernel.mistakes import Mark, Mistakes, shown
from caresim.kernel.nodes import Node
from caresim.synthesis.parameters import GROUPS

START_ONLY = frozenset(GROUPS)
"""Groups that only the starting population reads."""
START_ONLY_VALUES = frozenset({("mutual_aid", "trust_low"), ("mutual_aid", "trust_high")})
"""Values of other groups that only the start reads."""


def last_of(group: str, start: int, months: int) -> int:
    """Return the last month in which a change of a group's values makes a difference."""
    return start if group in START_ONLY else start + months - 1


def check_dates(layers: Iterable[Node], start: int, months: int, mistakes: Mistakes) -> None:
    """Note dates of values after the last month, or after the start where only the start counts."""
    last = start + months - 1
    for layer in layers:
        for group, name, path, mark, month in _dates(layer.get("parameters"), "parameters"):
            whole = group in START_ONLY
            if (whole or (group, name) in START_ONLY_VALUES) and month > start:
                what = group if whole else f"{group}.{name}"
                what = f"{what} shapes the starting population only; write a date up to {month_text(start)}"
                mistakes.add(mark, f"{path}: after the start {month_text(start)}; {what}")
            elif month > last:
                _too_late(path, mark, last, mistakes)


def check_mix_dates(mixes: Node | None, last: int, mistakes: Mistakes) -> None:
    """Note dates of levers after the last month, in mixes that the config itself writes: files serve any length."""
    if mixes is None or not mixes.is_mapping:
        return
    for name, _, mix in mixes.items():
        instruments = mix.get("instruments") if mix.is_mapping else None
        for _, _, path, mark, month in _dates(instruments, f"mixes.{shown(name)}.instruments"):
            if month > last:
                _too_late(path, mark, last, mistakes)


def _too_late(path: str, mark: Mark, last: int, mistakes: Mistakes) -> None:
    what = "write an earlier date, or more months"
    mistakes.add(mark, f"{path}: after the last month {month_text(last)}; {what}")


def _dates(node: Node | None, path: str) -> Iterator[tuple[str, str, str, Mark, int]]:
    """Yield group, name, key, mark and month of every date of a layer that is one."""
    for group, _, inner in node.items() if node is not None and node.is_mapping else ():
        for name, _, value in inner.items() if inner.is_mapping else ():
            for text, mark, _ in value.items() if value.is_mapping else ():
                try:
                    yield group, name, f"{path}.{group}.{name}.{text}", mark, month_number(text)
                except ValueError:
                    continue  # told where the value is read
