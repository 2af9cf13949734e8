"""The folder that a sweep leaves: its points, its runs' numbers, filled batch by batch, closed with checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.recorder import Indicator
from caresim.results.claims import take
from caresim.results.errors import RunFolderError
from caresim.results.folder import RunFolder
from caresim.results.manifest import COMPLETE, new_manifest, now, read_manifest
from caresim.results.parts import PARTS, intact
from caresim.results.reading import csv_table
from caresim.results.tables import safely, unpacked

if TYPE_CHECKING:
    from caresim.scenario import Scenario

DESIGN, FAILED_RUNS = "design.csv", "failures.csv"

FAILURES = "failures"
SWEEP = "sweep"
ROWS_PER_GROUP = 1 << 14
"""Rows of a group; there are hundreds of columns."""


class SweepFolder(RunFolder):
    """A folder that holds a sweep, finished or not."""

    @cached_property
    def design(self) -> pd.DataFrame:
        """Return the points: a row a point, a column an axis; a missing value is as configured."""
        self._need(DESIGN)
        return csv_table(self.path / DESIGN, na_values=["-"], keep_default_na=False)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return a row a run: point, mix, replication, and each indicator over the whole run."""
        return self._table("runs.parquet")

    @cached_property
    def years(self) -> pd.DataFrame:
        """Return a row a run and calendar year, with each indicator over the year."""
        return self._table("years.parquet")

    @cached_property
    def months(self) -> pd.DataFrame:
        """Return a row a run and month, where the sweep was asked to keep them."""
        return self._table("months.parquet")

    @cached_property
    def failed_runs(self) -> pd.DataFrame:
        """Return the runs that failed, each with the reason."""
        self._need(FAILED_RUNS)
        return csv_table(self.path / FAILED_RUNS)

    def withdraw(self) -> None:
        """Give up a sweep that has nothing yet, so that its folder can be taken again."""
        (self.path / DESIGN).unlink(missing_ok=True)
        super().withdraw()

    def batch(self, number: int) -> Path:
        """Return the folder of a batch's part."""
        digest = f"{self.manifest['digest'][:12]}.{self.manifest['source'][:12]}"
        return self.path / PARTS / f"{digest}.{number:06d}"

    def batches_left(self, n_batches: int) -> list[int]:
        """Return the batches that left no part yet."""
        parts = self.path / PARTS
        there = {path.name for path in parts.iterdir()} if parts.exists() else set()
        return [number for number in range(n_batches) if self.batch(number).name not in there]

    def write_batch(self, number: int, tables: Mapping[str, pa.Table]) -> None:
        """Keep what a batch measured: written aside, then renamed.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        part = self.batch(number)
        aside = part.with_name(f"{part.name}.{os.getpid()}.tmp")
        with self.unchanged():
            aside.mkdir(exist_ok=True)
            for name, table in tables.items():
                if name == FAILURES and not table.num_rows:
                    continue
                with safely(aside / f"{name}.parquet") as file:
                    pq.write_table(
                        table, file, compression="none", use_dictionary=False, write_statistics=False
                    )
            if part.exists():
                shutil.rmtree(aside)
            else:
                aside.replace(part)

    def close(self, n_batches: int, tables: Iterable[str]) -> None:
        """Join the parts into the sweep's tables, and close the folder.

        Args:
            n_batches: how many parts there are.
            tables: names of the tables that were kept.

        Raises:
            RunFolderError: the folder is gone, or somebody else's now.
        """
        parts = [self.batch(number) for number in range(n_batches)]
        with self.unchanged():
            files = [self.path / DESIGN]
            for name in tables:
                files.append(self.path / f"{name}.parquet")
                _join([part / f"{name}.parquet" for part in parts], files[-1])
            failed = _failed([part / f"{FAILURES}.parquet" for part in parts])
            with safely(self.path / FAILED_RUNS) as file:
                file.write(failed.to_csv(index=False, lineterminator="\n").encode())
            self.manifest.update(
                status=COMPLETE, finished=now(), wall_seconds=round(time.monotonic() - self._opened, 3),
                failed=len(failed),
            )  # fmt: skip
            self.seal([*files, self.path / FAILED_RUNS])
        self.sweep()


def claim_sweep(path: Path, scenario: Scenario, indicators: Iterable[Indicator], design: str,
                described: Mapping[str, Any], resume: bool = False) -> SweepFolder:  # fmt: skip
    """Take a folder for a sweep, or take up the unfinished sweep that it holds.

    Args:
        path: the folder.
        scenario: the scenario that is varied.
        indicators: what is measured.
        design: the points as CSV.
        described: what else the manifest says of the sweep; with scenario and points it tells one from another.
        resume: take up an unfinished sweep.

    Raises:
        RunFolderError: as `claim` does.
    """
    planned = {**new_manifest(scenario, indicators), "kind": SWEEP, SWEEP: dict(described)}
    said = f"{planned['digest']}\n{sorted(described.items())}\n{design}"
    planned["digest"] = hashlib.sha256(said.encode()).hexdigest()
    folder = take(path, planned, SweepFolder, resume)
    if not (folder.path / DESIGN).exists():
        with safely(folder.path / DESIGN) as file:
            file.write(design.encode())
    return folder


def read_sweep(folder: str | os.PathLike[str]) -> SweepFolder:
    """Return the sweep that a folder holds.

    Raises:
        RunFolderError: the folder holds no sweep.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest.get("kind") != SWEEP:
        raise RunFolderError(f"{path}: holds a run, no sweep; name a folder that caresim sweep has left")
    return SweepFolder(path, manifest)


def _failed(parts: list[Path]) -> pd.DataFrame:
    """Return the runs that failed; a batch without any has left no file of them."""
    tables = [_read(part, unpacked).to_pandas() for part in parts if part.exists()]
    return pd.concat(tables) if tables else pd.DataFrame(columns=["point", "mix", "replication", "error"])


def _join(parts: list[Path], path: Path) -> None:
    """Write the rows of several tables, in order, as one; memory holds one group of rows at a time."""
    schema = pa.unify_schemas([_read(part, pq.read_schema) for part in parts])
    with (
        safely(path) as file,
        pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            compression_level=1,
            version="2.6",
            data_page_version="1.0",
            use_dictionary=["mix"],
        ) as writer,
    ):
        waiting: list[pa.Table] = []
        for part in parts:
            waiting.append(filled(_read(part, unpacked), schema))
            if sum(table.num_rows for table in waiting) >= ROWS_PER_GROUP:
                writer.write_table(pa.concat_tables(waiting).combine_chunks())
                waiting = []
        writer.write_table(pa.concat_tables(waiting or [schema.empty_table()]).combine_chunks())


def _read(file: Path, reader: Callable[[Path], Any]) -> Any:
    """Return what a reader finds in a file of a batch."""
    with intact(file.parent):
        return reader(file)


def filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with the columns of a schema; those that it lacks say nothing."""
    if table.schema.equals(schema):
        return table
    has = set(table.column_names)
    columns = [
        table[field.name] if field.name in has else pa.nulls(table.num_rows, field.type) for field in schema
    ]
    return pa.table(columns, schema=schema)
