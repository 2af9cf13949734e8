"""Find out what rules are called with before any of them is compiled.

A rehearsal runs them as plain Python, some hundred times slower, and notes which rule is called from Python with which
types. That is what machine code will be needed for; several processes can then compile it at once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import parent_process
from typing import Any, NamedTuple

import numpy as np

from caresim.kernel import compiled

SELDOM = 1_000_000
"""Objects that Numba makes until garbage is looked for; to look as often as Python does takes a sixth of the time."""


class Call(NamedTuple):
    """A rule that Python calls: where it stands, its name, and Numba's types of what it takes."""

    module: str
    rule: str
    types: tuple[Any, ...]

    def compile(self) -> None:
        """Compile the rule for these types, and keep the machine code; a worker seldom collects garbage meanwhile."""
        if parent_process() is not None:
            gc.set_threshold(SELDOM)
        rule = getattr(import_module(self.module), self.rule)
        machine_code = rule.resolve() if isinstance(rule, compiled.Compiled) else rule
        machine_code.compile(self.types)


@contextmanager
def rehearsed() -> Iterator[dict[Call, None]]:
    """Interpret rules in this process instead of compiling them, and gather the calls in the order of their first.

    Rules that are compiled already stay so, and their calls are not gathered.
    """
    from numba import typeof

    calls: dict[Call, None] = {}
    inside = False

    def interpret(rule: Any, args: tuple[Any, ...]) -> Any:
        nonlocal inside
        if inside:
            return rule(*args)
        calls[Call(rule.__module__, rule.__qualname__, tuple(typeof(one) for one in args))] = None
        inside = True
        try:
            return _plain(rule(*(_shown(one) for one in args)))
        finally:
            inside = False

    compiled.interpreter = interpret
    try:
        with np.errstate(all="ignore"):
            yield calls
    finally:
        compiled.interpreter = None


class _Record(np.record):  # type: ignore[misc]
    """A record whose fields are attributes, as in compiled rules, also where NumPy's own have the name of one."""

    def __getattribute__(self, name: str) -> Any:
        get = super().__getattribute__
        return self[name] if name in (get("dtype").names or ()) else get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


def _shown(value: Any) -> Any:
    """Return an argument as a rule sees it once compiled."""
    if isinstance(value, (np.void, np.ndarray)) and value.dtype.names:
        return value.view(np.dtype((_Record, value.dtype)))
    return _each(_shown, value) if isinstance(value, tuple) else value


def _plain(result: Any) -> Any:
    """Return a result as Python gets it from machine code: numbers as Python's own."""
    if isinstance(result, tuple):
        return _each(_plain, result)
    return result.item() if isinstance(result, np.generic) else result


def _each(do: Callable[[Any], Any], values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a tuple of the same kind, named or not, of what comes of each value."""
    done = [do(one) for one in values]
    return type(values)(*done) if hasattr(values, "_fields") else tuple(done)
