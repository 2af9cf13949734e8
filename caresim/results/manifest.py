"""The manifest: which program, which scenario, which luck, when, and what the files should be."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

import caresim
from caresim.kernel.compiled import package_hash
from caresim.kernel.mistakes import shown
from caresim.kernel.yaml_nodes import read
from caresim.recorder import Indicator
from caresim.results.errors import RunFolderError
from caresim.results.tables import safely
from caresim.synthesis.places import place_folder

if TYPE_CHECKING:
    from caresim.scenario import Scenario

MANIFEST = "manifest.json"
RUNNING, COMPLETE, INCOMPLETE, FAILED = "running", "complete", "incomplete", "failed"
DESCRIPTION = ("name", "unit", "aggregate", "label", "label_zh", "meaning", "better")
PACKAGES = ("mesa", "numpy", "numba", "pandas", "scipy", "pyarrow", "pydantic", "PyYAML", "matplotlib")
TITLES = ("title", "title_zh")


class _Described(BaseModel):
    name: str
    unit: str
    label: str


class _Population(BaseModel):
    counties: PositiveInt = 1


class _Scenario(BaseModel):
    place: str
    start: str
    months: NonNegativeInt
    population: _Population


class _Manifest(BaseModel):
    """What is read of a manifest, by whoever reads a run."""

    status: Literal["running", "complete", "incomplete", "failed"]
    name: str
    digest: str
    caresim: str
    source: str
    started: str
    seed: int
    replications: NonNegativeInt
    mixes: Annotated[list[str], Field(min_length=1)]
    scenario: _Scenario
    indicators: list[_Described]
    files: dict[str, str]
    missing: dict[str, list[NonNegativeInt]] = {}
    failed: NonNegativeInt = 0
    kind: Literal["", "sweep", "search"] = ""
    sweep: dict[str, Any] = {}
    search: dict[str, Any] = {}
    place_title: str | None = None
    place_title_zh: str | None = None

    @model_validator(mode="after")
    def _holds(self) -> Self:
        if self.kind and not getattr(self, self.kind):
            raise PydanticCustomError("holds", "a {kind} that is not described", {"kind": self.kind})
        return self

    @field_validator("mixes")
    @classmethod
    def _once(cls, names: list[str]) -> list[str]:
        if len(set(names)) < len(names):
            raise PydanticCustomError("once", "a mix is named twice")
        return names


def program_hash() -> str:
    """Return a hash of all that results depend on: the package's code, tables and sheets."""
    return package_hash(".py", ".csv", ".yaml")


def new_manifest(scenario: Scenario, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """Return the manifest of a run that starts now."""
    return {
        "status": RUNNING,
        "name": scenario.name,
        "digest": scenario.digest(),
        "caresim": caresim.__version__,
        "source": program_hash(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {package: _version(package) for package in PACKAGES},
        "seed": scenario.seed,
        "replications": scenario.replications,
        "mixes": [mix.name for mix in scenario.mixes],
        **_titles(scenario.place),
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
    except NotADirectoryError:
        raise RunFolderError(f"{folder}: is a file; name a folder that a run has left") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(f"{path}: not readable ({error}); run again into another folder") from None
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"{shown(str(step))}: " for step in first["loc"])
        raise RunFolderError(
            f"{path}: not the manifest of a run ({where}{first['msg'].lower()}); run again into another folder"
        ) from None
    known: dict[str, Any] = manifest
    return known


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _titles(place: str) -> dict[str, str | None]:
    """Return what a place is called in its sheet, in English and in Chinese."""
    sheet = read(place_folder(place) / "place.yaml").plain()
    said = {name: sheet.get(name) for name in TITLES}
    return {f"place_{name}": title if isinstance(title, str) else None for name, title in said.items()}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
