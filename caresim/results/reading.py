"""Read the tables of a run folder; one that is damaged is told in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.results.errors import RunFolderError


def parquet_table(path: Path, needed: Collection[str] = ()) -> pa.Table:
    """Return a Parquet table.

    Raises:
        RunFolderError: it cannot be read, or lacks a column that is needed.
    """
    with _legible(path):
        table = pq.read_table(path)
    _need_columns(path, table.column_names, needed)
    return table


def csv_table(path: Path, needed: Collection[str] = (), **how: Any) -> pd.DataFrame:
    """Return a CSV table, read as pandas is told.

    Raises:
        RunFolderError: it cannot be read, or lacks a column that is needed.
    """
    with _legible(path):
        table = pd.read_csv(path, **how)
    _need_columns(path, table.columns, needed)
    return table


def read_through(path: Path, needed: Collection[str] = ()) -> None:
    """Read a Parquet table from end to end, a few rows at a time, and keep nothing.

    Raises:
        RunFolderError: it cannot be read, or lacks a column that is needed.
    """
    with _legible(path), pq.ParquetFile(path) as file:
        _need_columns(path, file.schema_arrow.names, needed)
        for _ in file.iter_batches():
            pass


def n_rows(path: Path) -> int:
    """Return how many rows a Parquet table has.

    Raises:
        RunFolderError: it cannot be read.
    """
    with _legible(path):
        return int(pq.read_metadata(path).num_rows)


@contextmanager
def _legible(path: Path) -> Iterator[None]:
    """Tell in one line of a table that cannot be read."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        said = " ".join(str(error).split(". ")[0].split()).rstrip(".")
        raise RunFolderError(f"{path}: damaged ({said}); run again into another folder") from None


def _need_columns(path: Path, names: Collection[str], needed: Collection[str]) -> None:
    lacking = [name for name in needed if name not in names]
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        raise RunFolderError(
            f"{path}: lacks the column {lacking[0]}{more}, by damage or as another version wrote it; "
            "run again into another folder"
        )
