"""Take a folder for a run: new, or the run that it holds already; and hold it against other runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from caresim.recorder import Indicator
from caresim.results.errors import RunFolderError
from caresim.results.failures import FAILURES
from caresim.results.folder import RunFolder, verify
from caresim.results.manifest import (
    COMPLETE,
    MANIFEST,
    new_manifest,
    program_hash,
    read_manifest,
    write_manifest,
)
from caresim.results.parts import PARTS
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION, SUMMARY

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: nobody guards the folder
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from caresim.scenario import Scenario


Folder = TypeVar("Folder", bound=RunFolder)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Make a folder if need be, and hold it against other processes; it is free again when this one ends, or dies.

    Raises:
        RunFolderError: another process holds the folder, or it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise RunFolderError(f"{path}: is a file; name a folder with --out") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    if fcntl is None:
        yield
        return
    lock = os.open(path, os.O_RDONLY)
    try:
        _lock(lock, path)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RunFolderError(
            f"{path}: another process is writing it; wait for it, or name another folder with --out"
        ) from None
    except OSError:  # a file system that cannot lock a folder
        return


def is_held(path: Path) -> bool:
    """Tell whether a process is writing a folder."""
    if fcntl is None:
        return False
    try:
        lock = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(lock)
    return False


def _unwritable(path: Path, error: OSError) -> RunFolderError:
    return RunFolderError(f"{path}: cannot be written ({error.strerror}); name another folder with --out")


def claim(path: Path, scenario: Scenario, indicators: Iterable[Indicator], resume: bool = False) -> RunFolder:
    """Take a folder for a run, or take up the unfinished run that it holds.

    Raises:
        RunFolderError: the folder holds something else, this run without `resume`, or this run finished, with files
            that changed since or by another version of the program.
    """
    return take(path, new_manifest(scenario, indicators), RunFolder, resume)


def take(path: Path, planned: dict[str, Any], kind: type[Folder], resume: bool = False) -> Folder:
    """Take a folder for whatever a manifest plans, or take it up, on the terms of `claim`.

    Args:
        path: the folder.
        planned: the manifest of a run that starts now.
        kind: what the folder becomes.
        resume: take up the unfinished run that it holds.
    """
    path = path.absolute()
    if path.exists() and not path.is_dir():
        raise RunFolderError(f"{path}: is a file; name a folder with --out")
    if not (path / MANIFEST).exists():
        if path.exists() and any(path.iterdir()):
            raise RunFolderError(f"{path}: is not empty and holds no run; name another folder with --out")
        return _new(path, planned, kind)
    manifest = read_manifest(path)
    if manifest["digest"] != planned["digest"]:
        raise RunFolderError(
            f"{path}: holds another run ({manifest.get('name')}, {manifest['digest'][:12]}); "
            "name another folder with --out"
        )
    if not resume:
        advice = (
            "add --resume to finish it"
            if manifest["status"] != COMPLETE
            else "read it, or delete it to run again"
        )
        raise RunFolderError(f"{path}: holds this run already; {advice}, or name another folder with --out")
    if manifest["status"] == COMPLETE:
        return _finished(path, manifest, kind)
    if manifest["source"] != program_hash():
        shutil.rmtree(path / PARTS, ignore_errors=True)
        for name in (MONTHLY, POPULATION, COUNTIES, SUMMARY, FAILURES):
            (path / name).unlink(missing_ok=True)
        notice = f"{path}: was begun by another version of caresim; its replications are made again"
        return _new(path, planned, kind, notice)
    try:
        (path / PARTS).mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None
    return kind(path, manifest)


def _finished(path: Path, manifest: dict[str, Any], kind: type[Folder]) -> Folder:
    """Return a finished run whose files are as it left them."""
    verify(path)
    if manifest["source"] != program_hash():
        raise RunFolderError(
            f"{path}: holds this run from another version of caresim (source {manifest['source']}, now "
            f"{program_hash()}); read it, delete it to run again, or name another folder with --out"
        )
    return kind(path, manifest)


def _new(path: Path, planned: dict[str, Any], kind: type[Folder], notice: str = "") -> Folder:
    try:
        (path / PARTS).mkdir(parents=True, exist_ok=True)
        run = kind(path, planned, notice)
        write_manifest(path, run.manifest)
    except OSError as error:
        raise _unwritable(path, error) from None
    return run
