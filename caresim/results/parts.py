"""Parts: what one task of a run leaves, packed where it was computed and kept until the run is finished."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from caresim.results.errors import RunFolderError
from caresim.results.tables import (
    MONTHLY,
    POPULATION,
    Outcome,
    monthly_table,
    packed,
    population_rows,
    unpacked,
)

PARTS = "parts"


class Task(NamedTuple):
    """One run of the model: a mix, a replication and, in a province, a county."""

    mix: str
    replication: int
    county: int = 0

    def __str__(self) -> str:
        county = f", county {self.county}" if self.county else ""
        return f"mix {self.mix}, replication {self.replication}{county}"


@dataclass(frozen=True)
class Part:
    """What a task measured, as Parquet files in memory."""

    monthly: bytes
    population: bytes

    @classmethod
    def of(cls, task: Task, outcome: Outcome) -> Part:
        """Pack what a task measured."""
        names = task.mix, task.replication
        return cls(packed(monthly_table(*names, outcome)), packed(population_rows(*names, outcome)))

    def write(self, folder: Path) -> None:
        """Keep a part in a folder: written aside, then renamed; a part that is there already stays."""
        aside = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
        try:
            aside.mkdir(exist_ok=True)
            (aside / MONTHLY).write_bytes(self.monthly)
            (aside / POPULATION).write_bytes(self.population)
            if not folder.exists():
                aside.replace(folder)
        finally:
            if aside.exists():
                shutil.rmtree(aside, ignore_errors=True)


def read_part(folder: Path, table: str) -> pa.Table:
    """Return a table of a part.

    Raises:
        RunFolderError: the part is damaged; it is removed, to be made again.
    """
    with intact(folder):
        return unpacked(folder / table)


@contextmanager
def intact(folder: Path) -> Iterator[None]:
    """Remove a part that is damaged, as by a loss of power, while it is read, so that it is made again.

    Raises:
        RunFolderError: it was damaged.
    """
    try:
        yield
    except (pa.ArrowException, FileNotFoundError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RunFolderError(
            f"{folder}: was damaged ({type(error).__name__}) and is removed; make it again with --resume"
        ) from None
