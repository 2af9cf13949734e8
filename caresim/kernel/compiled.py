"""Compile scalar rules with Numba on first use, so that importing a rule costs nothing.

A rule is a plain function; `@compiled` keeps it plain until someone calls it. The first call imports
Numba, compiles the rule and every compiled rule that it names, and keeps the machine code on disk in a
folder named by a hash of the package's source: Numba alone does not notice an edited rule in another file.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


class Compiled:
    """A rule that waits to be compiled; calling it compiles it and everything that it calls."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.rule = rule
        self.dispatcher: Any = None
        functools.update_wrapper(self, rule)

    def __call__(self, *args: Any) -> Any:
        """Compile the rule if it is not yet, and call it."""
        if self.dispatcher is None:
            self.resolve()
        return self.dispatcher(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return _find, (self.rule.__module__, self.rule.__qualname__)

    def resolve(self) -> Any:
        """Return the Numba dispatcher, after those of the rules that this one names."""
        if self.dispatcher is None:
            numba = _numba()
            scope = self.rule.__globals__
            for name in self.rule.__code__.co_names:
                if isinstance(scope.get(name), Compiled):
                    scope[name] = scope[name].resolve()
            self.dispatcher = numba.njit(cache=True, error_model="numpy")(self.rule)
        return self.dispatcher


def compiled(rule: Callable[..., Any]) -> Any:
    """Mark a scalar rule or a loop over columns for compilation on first use."""
    return Compiled(rule)


def _find(module: str, name: str) -> Any:
    import importlib

    return getattr(importlib.import_module(module), name)


@functools.cache
def source_hash() -> str:
    """Return a hash of every Python file of the package."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _numba() -> Any:
    """Import Numba with its cache in a folder of this version of the package."""
    base = os.environ.get("CARESIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "caresim" / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    import numba

    if writable:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return numba
