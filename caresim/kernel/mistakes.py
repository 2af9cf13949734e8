"""Mistakes of the user: where, what, and what instead; all of them, one line each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST = 100
"""Mistakes that are written out; the rest are counted."""
LONGEST_SHOWN = 60
MOST_WORDS = 24
"""Words that are listed; longer lists are printed by `caresim params`, `levers` and their like."""


class ConfigError(Exception):
    """Input that cannot be used.

    Attributes:
        lines: one line a mistake, `file:line:column: what; what instead`.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__(self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Mark:
    """A place in a text: line and column from 1; 0 where there is none (`--set months`)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}:{self.column}" if self.line else shown(self.file)

    def says(self, what: str) -> str:
        """Return a mistake here as one line; `--set months` need not name the key again."""
        return f"{self}: {what.removeprefix(self.file.removeprefix('--set ') + ': ')}"

    def after(self, text: str) -> Mark:
        """Return the mark behind some text that begins here."""
        if not self.line:
            return self
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        column = len(lines[-1]) + (self.column if len(lines) == 1 else 1)
        return Mark(self.file, self.line + len(lines) - 1, column)


class Mistakes:
    """A list of mistakes that grows while a text is read."""

    def __init__(self) -> None:
        self.found: list[tuple[Mark, str]] = []
        self.inherited: list[str] = []
        self.untold = 0

    def add(self, mark: Mark, what: str) -> None:
        """Note a mistake; `what` says what is wrong and, after a semicolon, what to do instead."""
        if self.full:
            self.untold += 1
        else:
            self.found.append((mark, what))

    def take(self, error: ConfigError) -> None:
        """Note the mistakes of another text, as they are."""
        self.inherited.extend(error.lines)

    @property
    def full(self) -> bool:
        """Tell whether further mistakes are only counted."""
        return len(self.found) >= MOST

    def unknown(self, mark: Mark, path: str, word: str, known: Iterable[str], what: str = "unknown") -> None:
        """Note a word that is not among those known, with the nearest that is."""
        self.add(mark, "" if self.full else f"{path}: {what}; {suggestion(word, known)}")

    def __bool__(self) -> bool:
        return bool(self.found or self.inherited)

    def check(self) -> None:
        """Raise what was noted, if anything was, in the order of the text.

        Raises:
            ConfigError: there were mistakes.
        """
        if self:
            files = list(dict.fromkeys(mark.file for mark, _ in self.found))
            self.found.sort(key=lambda found: (files.index(found[0].file), found[0].line, found[0].column))
            told = list(dict.fromkeys(mark.says(what) for mark, what in self.found))
            more = [f"and {self.untold} more mistakes; mend these first"] if self.untold else []
            raise ConfigError(self.inherited + told + more)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or which words there are."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1) if len(word) <= LONGEST_SHOWN else []
    if near:
        return f"did you mean {near[0]}?"
    if not words:
        return "there is none yet"
    more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
    return f"one of {', '.join(words[:MOST_WORDS])}{more}"


def shown(value: object) -> str:
    """Return a value as one short printable line, as a config would write it."""
    text = _written(value)
    if not text.isprintable() or not text:
        text = ascii(text)
    return text if len(text) <= LONGEST_SHOWN * 4 else text[: LONGEST_SHOWN * 4 - 3] + "..."


def _written(value: object) -> str:
    """Return a value in the form of a config where it has one."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return f"{{{', '.join(f'{_written(key)}: {_written(item)}' for key, item in value.items())}}}"
    return repr(value)


def reason(error: BaseException) -> str:
    """Return why the system refused something, in its own words."""
    return getattr(error, "strerror", None) or str(error)


def complaint(error: Mapping[str, Any], unit: str = "", length: int = 0) -> str:
    """Return a pydantic error as `what; what instead`; `length` is how many values a list must have, if known."""
    given, context = shown(error["input"]), error.get("ctx", {})
    of_unit = f" ({unit})" if unit else ""
    match error["type"]:
        case "int_type" | "int_from_float" | "int_parsing":
            return f"{given} is not a whole number; write one such as 12{of_unit}"
        case "float_type" | "float_parsing":
            return f"{given} is not a number; write one such as 0.5{of_unit}"
        case "finite_number":
            return f"{given} is not a finite number; write one{of_unit}"
        case "bool_type":
            return f"{given} is neither true nor false; write one of them"
        case "string_type":
            return f"{given} is not a text; write a word, in quotes if it looks like a number"
        case "greater_than_equal":
            return f"{given} is too small; write at least {context['ge']}{of_unit}"
        case "less_than_equal":
            return f"{given} is too large; write at most {context['le']}{of_unit}"
        case "literal_error":
            return f"{given} is not possible; write {context['expected']}"
        case "string_pattern_mismatch" | "string_too_long" | "string_too_short":
            return (
                f"{given} is not a name; write letters, digits, - and _ (at most 80), a letter or digit first"
            )
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{given} has no keys; write `key: value` lines below"
        case "tuple_type" | "list_type":
            return f"{given} is not a list; write [a, b]"
        case "missing":
            inside = isinstance(error["loc"][-1], int)
            return f"too few values; write {length or 'all of them'}" if inside else "missing; write it"
        case "too_long":
            return f"{given} has too many values; write {context['max_length']}"
    return f"{given}: {error['msg']}; see `caresim params` and `caresim schema`"
