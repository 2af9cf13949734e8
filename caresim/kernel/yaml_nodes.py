"""Read YAML to nodes that know their line and column, so that a mistake is reported where it was made.

Scalars are JSON's: `true`, `false`, `null`, numbers; everything else stays the text that was typed, so `no`,
`010`, `1:30` and `2020-01` are texts. Aliases, tags, duplicate keys, several documents, deep nesting and
large files are refused: a config has no use for them, and some of them are traps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caresim.kernel.mistakes import ConfigError, Mark, Mistakes, reason, shown
from caresim.kernel.nodes import DEEPEST, Node

LARGEST = 1 << 20
LONGEST_NUMBER = 400
"""More digits than any number of a config has; Python refuses to read very long ones."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_WORDS = {"": None, "null": None, "true": True, "false": False}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ufeff\ue000-\ufffd\U00010000-\U0010ffff]")

Scalar = None | bool | int | float | str


def read(path: Path, file: str | None = None) -> Node:
    """Read a YAML file.

    Args:
        path: the file.
        file: its name in messages; the path by default.

    Raises:
        ConfigError: the file cannot be read, or its text breaks a rule of this module; all of them at once
            as far as the text can be followed.
    """
    file = str(path) if file is None else file
    try:
        if path.exists() and not path.is_file():
            raise ConfigError([f"{shown(file)}: is not a file; name a YAML file"])
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(
            [f"{shown(file)}: cannot be read ({reason(error)}); name a readable YAML file"]
        ) from None
    return compose(content, file)


def compose(content: bytes | str, file: str, fixed: Mark | None = None) -> Node:
    """Turn YAML text into nodes.

    Args:
        content: the text, at most a megabyte of UTF-8.
        file: its name in messages.
        fixed: a mark for every node, for texts that are no file (`--set`).

    Raises:
        ConfigError: as `read`.
    """
    origin = fixed or Mark(file, 1, 1)
    text = _text(content, origin)
    mistakes = Mistakes()
    composer = _Composer(file, fixed, mistakes)
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = composer.document(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        mistakes.add(
            composer.mark(_where(error)),
            f"{getattr(error, 'problem', None) or 'not YAML'}; check brackets, quotes, colons and indentation",
        )
    except RecursionError:  # only the parser written in Python, on deeply nested brackets
        mistakes.add(origin, f"nested deeper than {DEEPEST} levels; flatten it")
    mistakes.check()
    if node is None:
        raise ConfigError([f"{origin}: empty; write keys and values such as `place: rural_heilongjiang`"])
    return node


def scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means: JSON's words and numbers, otherwise the text itself.

    Raises:
        ValueError: a number that no computer number holds.
    """
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    if match[1] is None and match[2] is None:
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("number too large")
    return number


def _where(error: Any) -> Any:
    """Return the parser's mark of a mistake: for something never closed, where it was opened."""
    problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if "end of stream" in str(getattr(error, "problem", "")):
        return context or problem
    return problem or context


def _text(content: bytes | str, origin: Mark) -> str:
    """Return the text of a file, or say why it is none."""
    if len(content) > LARGEST:
        raise ConfigError([f"{origin}: larger than {LARGEST} bytes; keep tables in CSV files"])
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        assert isinstance(content, bytes)
        before = content[: error.start].decode("utf-8")
        raise ConfigError([f"{origin.after(before)}: not UTF-8 text; save the file as UTF-8"]) from None
    found = _UNPRINTABLE.search(text)
    if found is not None:
        where = origin.after(text[: found.start()])
        raise ConfigError([f"{where}: unprintable character {found[0]!a}; write plain text"])
    return text


class _StopError(Exception):
    """The text cannot be followed further."""


class _Composer:
    """Builds nodes from the parser's events and notes what is refused."""

    def __init__(self, file: str, fixed: Mark | None, mistakes: Mistakes) -> None:
        self.file = file
        self.fixed = fixed
        self.mistakes = mistakes
        self.events: Iterator[Any] = iter(())

    def mark(self, mark: Any) -> Mark:
        if self.fixed is not None:
            return self.fixed
        return Mark(self.file, 1, 1) if mark is None else Mark(self.file, mark.line + 1, mark.column + 1)

    def document(self, events: Iterator[Any]) -> Node | None:
        self.events = events
        root: Node | None = None
        started = False
        try:
            for event in events:
                kind = type(event).__name__
                if kind == "DocumentStartEvent":
                    if started:
                        self._refuse(event, "a second document; keep one document in a file")
                        raise _StopError
                    started = True
                    if event.tags:
                        self._refuse(event, "tag directives are not allowed; write plain values")
                elif kind not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                    root = self._node(event, 1)
        except _StopError:
            pass
        if root is not None and root.value is None:
            return None
        return root

    def _refuse(self, event: Any, what: str) -> None:
        self.mistakes.add(self.mark(event.start_mark), what)

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event).__name__
        mark = self.mark(event.start_mark)
        if depth > DEEPEST:
            self._refuse(event, f"nested deeper than {DEEPEST} levels; flatten it")
            raise _StopError
        if kind == "AliasEvent":
            self._refuse(event, f"alias *{shown(event.anchor)} is not allowed; write the value itself")
            return Node(None, mark)
        if event.anchor is not None:
            self._refuse(
                event, f"anchor &{shown(event.anchor)} is not allowed; write the value where it is needed"
            )
        if event.tag is not None:
            self._refuse(event, f"tag {shown(event.tag)} is not allowed; write a plain value")
        if kind == "ScalarEvent":
            return Node(self._scalar(event), mark)
        if kind == "SequenceStartEvent":
            return Node([self._node(inner, depth + 1) for inner in self._until("SequenceEndEvent")], mark)
        return self._mapping(mark, depth)

    def _scalar(self, event: Any) -> Scalar:
        if event.style:
            return str(event.value)
        try:
            return scalar(event.value)
        except ValueError as error:
            self._refuse(event, f"{error}; no quantity of the model needs it")
            return None

    def _mapping(self, mark: Mark, depth: int) -> Node:
        node = Node({}, mark)
        for event in self._until("MappingEndEvent"):
            key = self._key(event, depth)
            value = self._node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in node.value:
                first = node.keys[key].line
                self._refuse(event, f"{shown(key)}: written twice, first in line {first}; keep one")
                continue
            node.value[key] = value
            node.keys[key] = self.mark(event.start_mark)
        return node

    def _key(self, event: Any, depth: int) -> str | None:
        """Return a key as typed, whatever it looks like."""
        self._node(event, depth + 1)
        if type(event).__name__ == "ScalarEvent":
            return str(event.value)
        if type(event).__name__ != "AliasEvent":
            self._refuse(event, "a key must be a word; put lists and mappings after the colon")
        return None

    def _until(self, end: str) -> Iterator[Any]:
        for event in self.events:
            if type(event).__name__ == end:
                return
            yield event
