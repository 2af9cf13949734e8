"""Mistakes of the user: where, what, and what instead; all of them, one line each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 100
"""Mistakes that are written out; the rest are counted."""
LONGEST_SHOWN = 60


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
        self.lines: list[str] = []
        self.untold = 0

    def add(self, mark: Mark, what: str) -> None:
        """Note a mistake; `what` says what is wrong and, after a semicolon, what to do instead."""
        if len(self.lines) < MOST:
            self.lines.append(f"{mark}: {what}")
        else:
            self.untold += 1

    def unknown(self, mark: Mark, path: str, word: str, known: Iterable[str], what: str = "unknown") -> None:
        """Note a word that is not among those known, with the nearest that is."""
        if len(self.lines) < MOST:
            self.add(mark, f"{path}: {what}; {suggestion(word, known)}")
        else:
            self.untold += 1

    def check(self) -> None:
        """Raise what was noted, if anything was.

        Raises:
            ConfigError: there were mistakes.
        """
        if self.lines:
            more = [f"and {self.untold} more mistakes; mend these first"] if self.untold else []
            raise ConfigError(self.lines + more)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or which words there are."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1) if len(word) <= LONGEST_SHOWN else []
    if near:
        return f"did you mean {near[0]}?"
    return f"one of {', '.join(words)}" if words else "there is none yet"


def shown(value: object) -> str:
    """Return a value as one short printable line."""
    text = value if isinstance(value, str) else repr(value)
    if not text.isprintable() or not text:
        text = ascii(text)
    return text if len(text) <= LONGEST_SHOWN * 4 else text[: LONGEST_SHOWN * 4 - 3] + "..."


def reason(error: BaseException) -> str:
    """Return why the system refused something, in its own words."""
    return getattr(error, "strerror", None) or str(error)
