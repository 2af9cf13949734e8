"""Write what replications measured as Parquet: same content, same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.agents.place import AGE_GROUPS
from caresim.recorder import SEXES

MONTHLY, POPULATION, SUMMARY = "monthly.parquet", "population.parquet", "summary.csv"
ROWS_PER_GROUP = 1 << 16


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
    n = len(outcome.records)
    columns = {**_names(mix, replication, n), "month": pa.array([row["month"] for row in outcome.records])}
    for name in outcome.records[0]:
        if name != "month":
            columns[name] = pa.array([float(row[name]) for row in outcome.records], pa.float64())
    return pa.table(columns)


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


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table so that its bytes follow from its content alone."""
    with safely(path) as file:
        pq.write_table(table.combine_chunks(), file, row_group_size=ROWS_PER_GROUP, compression="zstd",
                       compression_level=3, version="2.6", data_page_version="1.0")  # fmt: skip


def join_tables(paths: Iterable[Path], path: Path) -> pa.Table:
    """Write the rows of several tables, in order, as one; return it."""
    table = pa.concat_tables([pq.read_table(part) for part in paths])
    write_table(table, path)
    return table


class safely:  # noqa: N801 - reads as an adverb: with safely(path) as file
    """Write a file aside and rename it, so that a kill leaves the old file or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.aside = path.with_name(path.name + ".tmp")

    def __enter__(self) -> Any:
        self.file = self.aside.open("wb")
        return self.file

    def __exit__(self, failed: Any, *_: object) -> None:
        with self.file:
            self.file.flush()
            os.fsync(self.file.fileno())
        if failed is None:
            self.aside.replace(self.path)
        else:
            self.aside.unlink()
