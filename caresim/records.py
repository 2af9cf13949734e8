"""Keep what is measured of each month as a row of numbers; who reads a month gets a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, overload

import numpy as np

from caresim.kernel.clock import month_text

MONTH = "month"
"""The key under which a record tells its month, as ``2020-01``."""


class Records(Sequence[dict[str, Any]]):
    """The months of a run that have passed, each a dict of `month` and every indicator.

    A month is kept as an array. Its dict is made anew each time it is read, so what is written into one is lost.

    Args:
        names: the indicators, in the order of a row.
        start: number of the first month.
    """

    def __init__(self, names: Iterable[str], start: int) -> None:
        self.names = tuple(names)
        self.start = start
        self._rows: list[np.ndarray] = []

    def note(self, row: np.ndarray) -> None:
        """Keep the numbers of the month that has passed, shape (indicators,)."""
        self._rows.append(row)

    def latest(self, place: int) -> float:
        """Return one number of the last month, by its place in the row."""
        return float(self._rows[-1][place])

    def numbers(self) -> np.ndarray:
        """Return all numbers, shape (months, indicators)."""
        return np.array(self._rows, dtype=np.float64).reshape(len(self._rows), len(self.names))

    def months(self) -> list[str]:
        """Return the months that have passed, as ``2020-01``."""
        return [month_text(self.start + number) for number in range(len(self._rows))]

    @overload
    def __getitem__(self, number: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, number: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, number: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        which = range(len(self._rows))[number]
        values = zip(self.names, self._rows[which].tolist(), strict=True)
        return {MONTH: month_text(self.start + which), **dict(values)}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[number] for number in range(len(self)))

    def __repr__(self) -> str:
        return repr([*self])


def months_of(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the months of some records, as ``2020-01``."""
    return records.months() if isinstance(records, Records) else [record[MONTH] for record in records]


def numbers_of(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> np.ndarray:
    """Return numbers of all months by their names, shape (months, names)."""
    if isinstance(records, Records):
        return _chosen(records, tuple(names))
    if not names:
        return np.empty((len(records), 0))
    read = itemgetter(*names)
    rows = map(read, records) if len(names) > 1 else ((read(record),) for record in records)
    return np.fromiter(chain.from_iterable(rows), np.float64).reshape(len(records), len(names))


def _chosen(records: Records, names: tuple[str, ...]) -> np.ndarray:
    """Return the columns of these names; all of them, as they are, if these are the names of a row."""
    if names == records.names:
        return records.numbers()
    place = {name: number for number, name in enumerate(records.names)}
    return records.numbers()[:, [place[name] for name in names]]
