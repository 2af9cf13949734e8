"""Compile scalar rules with Numba on first use, so that importing a rule costs nothing.

A rule is a plain function; `@compiled` keeps it plain until someone calls it. The first call imports
Numba, compiles the rule and every compiled rule that it names, and keeps the machine code on disk in a
folder named by a hash of the package's source: Numba alone does not notice an edited rule in another file. That
folder lies in `CARESIM_CACHE`, `XDG_CACHE_HOME` or `~/.cache`; where nothing can be written there, in a folder of
the user's own among the temporary files; where not even there, nothing is kept. It never lies beside the rules, where
machine code would outlive an edit.
"""

from __future__ import annotations

import functools
import hashlib
import os
import stat
import tempfile
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
            keep = _cache_folder() is not None
            self.dispatcher = numba.njit(cache=keep, error_model="numpy")(self.rule)
        return self.dispatcher


def compiled(rule: Callable[..., Any]) -> Any:
    """Mark a scalar rule or a loop over columns for compilation on first use."""
    return Compiled(rule)


def _find(module: str, name: str) -> Any:
    import importlib

    return getattr(importlib.import_module(module), name)


@functools.cache
def package_hash(*endings: str) -> str:
    """Return a hash of the package's files with these endings: names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in endings):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def source_hash() -> str:
    """Return a hash of every Python file of the package: machine code depends on nothing else of it."""
    return package_hash(".py")


@functools.cache
def _numba() -> Any:
    """Import Numba with its cache in a folder of this version of the package."""
    import numba

    folder = _cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return numba


@functools.cache
def _cache_folder() -> Path | None:
    """Return where machine code is kept, the same in every process of a user; None where nothing can be."""
    folder = _cache_base() / "caresim" / source_hash()
    if _writable(folder):
        return folder
    try:
        private = Path(tempfile.gettempdir()) / f"caresim-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    except FileNotFoundError:  # no folder for temporary files either
        return None
    folder = private / source_hash()
    return folder if _make_private(private) and _writable(folder) else None


def _cache_base() -> Path:
    said = os.environ.get("CARESIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(said) if said else Path(os.path.expanduser("~")) / ".cache"


def _writable(folder: Path) -> bool:
    """Make a folder and tell whether files can be written in it; permission bits alone do not say."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False


def _make_private(folder: Path) -> bool:
    """Make a folder that only this user can write: who writes machine code there runs it as this user."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return stat.S_ISDIR(found.st_mode) and mine
