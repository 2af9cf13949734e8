"""Compile scalar rules with Numba on first use, so that importing a rule costs nothing.

A rule is a plain function; `@compiled` keeps it plain until someone calls it. The first call imports
Numba, compiles the rule and every compiled rule that it names, and keeps the machine code on disk in a
folder named by a fingerprint of all that the code is made of: the rule, the rules that it names, and the constants
that it reads. Numba alone notices no edited rule or constant in another file; an edit elsewhere compiles
nothing anew. They lie in `CARESIM_CACHE`, `XDG_CACHE_HOME` or `~/.cache`; where nothing can be written there, in a
folder of the user's own among the temporary files; where not even there, nothing is kept. They never lie beside the
rules, where machine code would outlive an edit.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from opcode import opmap
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, cast

import numpy as np

from caresim.kernel.old_code import used

PACKAGE = Path(__file__).resolve().parent.parent
KEPT_SINCE = "0.12.0"
"""Version from which on kept machine code can be trusted; that of earlier ones could mix up names."""
interpreter: Callable[[Callable[..., Any], tuple[Any, ...]], Any] | None = None
"""What calls a rule that is not compiled yet with its arguments, instead of its machine code; None compiles it."""


class Compiled:
    """A rule that waits to be compiled; calling it compiles it and everything that it calls.

    From then on the modules that name the rule name its machine code, so that calls pass through nothing else.
    """

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.rule = rule
        self.dispatcher: Any = None
        functools.update_wrapper(self, rule)

    def __call__(self, *args: Any) -> Any:
        """Compile the rule if it is not yet, and call it."""
        if self.dispatcher is None:
            if interpreter is not None:
                return interpreter(self.rule, args)
            self.resolve()
        return self.dispatcher(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return _find, (self.rule.__module__, self.rule.__qualname__)

    def resolve(self) -> Any:
        """Return the Numba dispatcher, after those of the rules that this one names."""
        if self.dispatcher is None:
            import numba

            _name_code_apart()
            scope = self.rule.__globals__
            for name in _names(self.rule.__code__):
                if isinstance(scope.get(name), Compiled):
                    scope[name] = scope[name].resolve()
            folder = _cache_folder()
            if folder is not None:
                numba.config.CACHE_DIR = str(used(folder / fingerprint(self.rule)))  # type: ignore[attr-defined]
            options: Any = {"error_model": "numpy", "no_cfunc_wrapper": True}  # nothing calls rules from C
            if self.rule in _parts(len(_rules)):
                options["inline"] = "always"
            self.dispatcher = numba.njit(cache=folder is not None, **options)(self.rule)
            self._step_aside()
        return self.dispatcher

    def _step_aside(self) -> None:
        """Let each module of the package in which the rule's name stands for this object name the machine code."""
        name = self.rule.__name__
        for known, module in list(sys.modules.items()):
            if known.startswith(PACKAGE.name) and vars(module).get(name) is self:
                setattr(module, name, self.dispatcher)


@functools.cache
def _name_code_apart() -> None:
    """Let nothing that this process compiles be called like what another one compiled.

    Numba numbers functions from 1 in each process and makes the number part of their names in machine code. Two of its
    own inner functions (a sort and an argsort of the same type of array, say) then may have one name in what two
    processes kept, and a process that loads both uses the first for either.
    """
    _number_anew()
    os.register_at_fork(after_in_child=_number_anew)


def _number_anew() -> None:
    """Let Numba number the functions of this process from a number that no other process comes near."""
    from numba.core.bytecode import FunctionIdentity

    FunctionIdentity._unique_ids = itertools.count(int.from_bytes(os.urandom(6), "little") + 1)  # type: ignore[attr-defined]


_rules: list[Callable[..., Any]] = []


def compiled(rule: Callable[..., Any]) -> Any:
    """Mark a scalar rule or a loop over columns for compilation on first use."""
    _rules.append(rule)
    return Compiled(rule)


def share_kept() -> float:
    """Return for which share of the rules that were imported machine code is kept; 1 where none can be kept."""
    folder = _cache_folder()
    if folder is None:
        return 1.0
    return sum((folder / fingerprint(rule)).is_dir() for rule in _rules) / max(len(_rules), 1)


@functools.cache
def _parts(rules: int) -> set[Callable[..., Any]]:
    """Return, of so many rules, those that one rule alone names: they are compiled as a part of it.

    That saves an eighth of the time that compiling takes. Numba writes out no call that hands over `*args`.
    """
    named: Counter[Callable[..., Any]] = Counter()
    apart = set()
    for rule in _rules[:rules]:
        others = {rule_of(rule.__globals__.get(name)) for name in _names(rule.__code__)} - {None}
        named.update(cast(set[Callable[..., Any]], others))
        if opmap["CALL_FUNCTION_EX"] in rule.__code__.co_code[::2]:
            apart |= others
    return {rule for rule, times in named.items() if times == 1} - apart


def rule_of(value: Any) -> Callable[..., Any] | None:
    """Return the plain function of a rule, compiled or not yet; None of anything else."""
    return value.rule if isinstance(value, Compiled) else getattr(value, "py_func", None)


@functools.cache
def fingerprint(rule: Callable[..., Any]) -> str:
    """Return a hash of all that a rule's machine code is made of: its code, what it names, where the package lies."""
    digest = hashlib.sha256(
        f"{KEPT_SINCE};{PACKAGE};{sys.implementation.cache_tag};{_code(rule.__code__)}".encode()
    )
    for name in _names(rule.__code__):
        if name in rule.__globals__:
            digest.update(f"{name}={_told(rule.__globals__[name])};".encode())
    return digest.hexdigest()[:16]


def _names(code: CodeType) -> list[str]:
    """Return the names that a rule reads, those in its comprehensions too, which are code of their own up to 3.11."""
    inner = [name for one in code.co_consts if isinstance(one, CodeType) for name in _names(one)]
    return list(dict.fromkeys([*code.co_names, *inner]))


def _code(code: CodeType) -> str:
    """Return what a rule's code says, wherever it stands in its file."""
    constants = [_code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return repr((code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars))


def _told(value: Any) -> str:
    """Return what machine code takes over from a name: a rule, a constant, a library's module or function."""
    rule = rule_of(value)
    if rule is not None:
        return fingerprint(rule)
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{value.tobytes().hex()}"
    if isinstance(value, (int, float, str, np.generic, tuple)):
        return repr(value)
    if isinstance(value, ModuleType):
        return value.__name__
    module = str(getattr(value, "__module__", ""))
    return source_hash() if module.startswith(PACKAGE.name) else f"{module}.{value!r}"


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
    """Return a hash of every Python file of the package."""
    return package_hash(".py")


@functools.cache
def _cache_folder() -> Path | None:
    """Return where machine code is kept, the same in every process of a user; None where nothing can be."""
    folder = _cache_base() / "caresim"
    if _writable(folder):
        return folder
    try:
        private = Path(tempfile.gettempdir()) / f"caresim-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    except FileNotFoundError:  # no folder for temporary files either
        return None
    return private if _make_private(private) and _writable(private) else None


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
