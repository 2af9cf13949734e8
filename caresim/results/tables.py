"""Write what replications measured as Parquet: same content, same bytes."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.agents.place import AGE_GROUPS
from caresim.recorder import SEXES
from caresim.records import MONTH, months_of, numbers_of

MONTHLY, POPULATION, SUMMARY = "monthly.parquet", "population.parquet", "summary.csv"
COUNTIES = "counties.parquet"
ROWS_PER_GROUP = 1 << 16
REPEATED = ["mix", "month", "sex", "age_group"]
"""Columns in which few values stand many times."""


@dataclass(frozen=True)
class Outcome:
    """What one replication of a mix measured.

    Attributes:
        records: a mapping a month, with `month` (as ``2020-01``) and every indicator.
        population: persons by sex, age group and (registered, resident) on 1 January, by year.
    """

    records: Sequence[Mapping[str, Any]]
    population: Mapping[int, np.ndarray] = field(default_factory=dict)


def monthly_table(mix: str, replication: int, outcome: Outcome) -> pa.Table:
    """Return a row a month, with a column an indicator."""
    records = outcome.records
    names = [name for name in records[0] if name != MONTH]
    columns = {**_names(mix, replication, len(records)), MONTH: pa.array(months_of(records))}
    numbers = np.ascontiguousarray(numbers_of(records, names).T)
    return pa.table(columns | dict(zip(names, map(pa.array, numbers), strict=True)))


def population_rows(mix: str, replication: int, outcome: Outcome) -> pa.Table:
    """Return a row a year, sex and age group."""
    years = sorted(outcome.population)
    n_groups = len(AGE_GROUPS)
    counts = np.array([outcome.population[year] for year in years], dtype=np.int64).reshape(-1, 2)
    sexes = [sex for _ in years for sex in SEXES for _ in range(n_groups)]
    return pa.table(
        {
            **_names(mix, replication, len(counts)),
            "year": pa.array(np.repeat(years, 2 * n_groups), pa.int32()),
            "sex": pa.array(sexes, pa.string()),
            "age_group": pa.array(list(AGE_GROUPS) * (2 * len(years)), pa.string()),
            "registered": pa.array(counts[:, 0]),
            "resident": pa.array(counts[:, 1]),
        }
    )


def _names(mix: str, replication: int, n: int) -> dict[str, pa.Array]:
    return {"mix": pa.array([mix] * n, pa.string()), "replication": pa.array([replication] * n, pa.int32())}


def packed(table: pa.Table) -> bytes:
    """Return a small table as a Parquet file that is quick to write and to read, and lives until the run ends."""
    file = io.BytesIO()
    pq.write_table(table, file, compression="lz4", use_dictionary=REPEATED, write_statistics=False)
    return file.getvalue()


def unpacked(source: bytes | Path) -> pa.Table:
    """Return the table of a small Parquet file."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with pq.ParquetFile(file) as parquet:
        return parquet.read(use_threads=False)


class TableWriter:
    """Write the rows of many tables, in order, as one; its bytes follow from its content alone.

    Args:
        path: the file; written aside, and renamed when the `with` block ends.
    """

    def __init__(self, path: Path) -> None:
        self._safely = safely(path)
        self._waiting: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> TableWriter:
        self._file = self._safely.__enter__()
        return self

    def add(self, table: pa.Table) -> None:
        """Add rows; they are written when a row group is full, so that memory holds no more than one."""
        self._waiting.append(table)
        while sum(len(one) for one in self._waiting) >= ROWS_PER_GROUP:
            rows = pa.concat_tables(self._waiting)
            self._write(rows.slice(0, ROWS_PER_GROUP))
            rest = rows.slice(ROWS_PER_GROUP)
            self._waiting = [rest] if len(rest) else []

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._file, rows.schema, compression="zstd", compression_level=3, version="2.6",
                data_page_version="1.0", use_dictionary=[name for name in REPEATED if name in rows.column_names],
            )  # fmt: skip
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROWS_PER_GROUP)

    def __exit__(self, failed: Any, *others: object) -> None:
        try:
            if failed is None:
                if self._waiting:
                    self._write(pa.concat_tables(self._waiting))
                if self._writer is not None:
                    self._writer.close()
        except BaseException as error:
            self._safely.__exit__(type(error), error, None)
            raise
        self._safely.__exit__(failed, *others)


class safely:  # noqa: N801 - reads as an adverb: with safely(path) as file
    """Write a file aside and rename it, so that a kill leaves the old file or the new one."""

    def __init__(self, path: Path, lasting: bool = True) -> None:
        self.path = path
        self.aside = path.with_name(path.name + ".tmp")
        self.lasting = lasting

    def __enter__(self) -> Any:
        self.file = self.aside.open("wb")
        return self.file

    def __exit__(self, failed: Any, *_: object) -> None:
        try:
            with self.file:
                if failed is None:
                    self.file.flush()
                    if self.lasting:
                        os.fsync(self.file.fileno())
            if failed is None:
                self.aside.replace(self.path)
        finally:
            self.aside.unlink(missing_ok=True)
