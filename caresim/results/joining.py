"""Join the parts of a run into its tables, a few at a time, so that memory does not grow with the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from caresim.results.counties import province_months, province_population, with_county
from caresim.results.parts import read_part
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION, ROWS_PER_GROUP, TableWriter

Reduce = Callable[[pd.DataFrame], pd.DataFrame]


def join_parts(
    runs: Iterable[list[Path]], folder: Path, indicators: list[dict[str, Any]], reduce: Reduce
) -> pd.DataFrame:
    """Write a run's tables and return what `reduce` makes of its months.

    Args:
        runs: parts of each mix and replication, a part a county, in the order of the tables.
        folder: where the tables go.
        indicators: what is measured, as the manifest describes it.
        reduce: turns months into a row per mix and replication; called with the months of some runs at a time.
    """
    runs = list(runs)
    with ExitStack() as stack:
        monthly, population = (
            stack.enter_context(TableWriter(folder / name)) for name in (MONTHLY, POPULATION)
        )
        counties = stack.enter_context(TableWriter(folder / COUNTIES)) if len(runs[0]) > 1 else None

        def months() -> Iterator[pa.Table]:
            for parts in runs:
                found = [read_part(part, MONTHLY) for part in parts]
                if counties is not None:
                    for number, table in enumerate(found):
                        counties.add(with_county(table, number))
                table = found[0] if counties is None else province_months(found, indicators)
                monthly.add(table)
                people = [read_part(part, POPULATION) for part in parts]
                population.add(people[0] if counties is None else province_population(people))
                yield table

        return reduced(months(), reduce)


def reduced(runs: Iterable[pa.Table], reduce: Reduce) -> pd.DataFrame:
    """Return what `reduce` makes of the months of runs, given one run after the other.

    Runs are put together as they come: the last bit of a mean depends on which others it is computed with.
    """
    return pd.concat([reduce(table.to_pandas()) for table in _in_batches(runs)])


def stored_runs(path: Path) -> Iterator[pa.Table]:
    """Yield the months of each run that a table holds, in its order; a row group is in memory at a time."""
    waiting: pa.Table | None = None
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            waiting = rows if waiting is None else pa.concat_tables([waiting, rows])
            starts = _starts(waiting)
            for first, end in pairwise(starts):
                yield waiting.slice(first, end - first)
            waiting = waiting.slice(starts[-1])
    if waiting is not None:
        yield waiting


def _starts(rows: pa.Table) -> list[int]:
    """Return the rows with which runs begin."""
    mix, replication = rows["mix"].to_numpy(), rows["replication"].to_numpy()
    return [0, *(1 + np.flatnonzero((mix[1:] != mix[:-1]) | (replication[1:] != replication[:-1])))]


def _in_batches(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Put tables together into ones that fill a row group."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(len(one) for one in waiting) >= ROWS_PER_GROUP:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)
