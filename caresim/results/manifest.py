"""The manifest: which program, which scenario, which luck, when, and what the files should be."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import caresim
from caresim.kernel.compiled import source_hash
from caresim.recorder import Indicator
from caresim.results.errors import RunFolderError
from caresim.results.tables import safely

if TYPE_CHECKING:
    from caresim.scenario import Scenario

MANIFEST = "manifest.json"
RUNNING, COMPLETE = "running", "complete"
DESCRIPTION = ("name", "unit", "aggregate", "label", "label_zh", "meaning")
PACKAGES = ("mesa", "numpy", "numba", "pandas", "scipy", "pyarrow", "pydantic", "PyYAML", "matplotlib")


def new_manifest(scenario: Scenario, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """Return the manifest of a run that starts now."""
    return {
        "status": RUNNING,
        "name": scenario.name,
        "digest": scenario.digest(),
        "caresim": caresim.__version__,
        "source": source_hash(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {package: _version(package) for package in PACKAGES},
        "seed": scenario.seed,
        "replications": scenario.replications,
        "mixes": [mix.name for mix in scenario.mixes],
        "scenario": scenario.resolved(),
        "indicators": [{name: getattr(indicator, name) for name in DESCRIPTION} for indicator in indicators],
        "started": now(),
        "finished": None,
        "wall_seconds": None,
        "files": {},
    }


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest into a folder."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    with safely(folder / MANIFEST) as file:
        file.write(text.encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest.

    Raises:
        RunFolderError: there is none, or it is not one.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunFolderError(
            f"{folder}: holds no run (no {MANIFEST}); name a folder that a run has left"
        ) from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{path}: not readable ({error}); run again into another folder") from None
    if not isinstance(manifest, dict) or not {"status", "digest", "files"} <= manifest.keys():
        raise RunFolderError(f"{path}: not the manifest of a run; run again into another folder")
    return manifest


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
