"""What one measure claims in a month: a sum for each resident elder, given or looked up in a table, or one in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from caresim.agents.money import CHARITY
from caresim.agents.situations import look_up, look_up_any, look_up_some

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument

Kind = Literal["cash", "service", "programme"]
Granted = tuple[np.ndarray, np.ndarray, np.ndarray, int]
"""Places of the elders to whom anything may be granted, ascending; the number of each elder, units granted by number,
and the fen that a unit is worth."""
NOT_GRANTED: Granted = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32), 0)
NO_NUMBERS = np.empty(0, dtype=np.int32)


class Table:
    """Sums that are looked up by a number of each elder.

    Attributes:
        numbers: number of each resident elder, shape (e,); another array every month.
        places: the places of the elders who can claim anything, ascending; None if nobody noted them.
        units: units due by claim and number.
        fen_each: what a unit is worth, by claim.
        total: fen due to all elders, by claim.
    """

    __slots__ = ("fen_each", "numbers", "places", "total", "units")

    def __init__(self, units: np.ndarray, fen_each: Any, total: Any) -> None:
        self.units, self.fen_each, self.total = units, fen_each, total
        self.numbers = NO_NUMBERS
        self.places: np.ndarray | None = None


class Claim:
    """One measure's claims of a month.

    What is due by situation stands in a table, and is written out elder by elder only for who asks.

    Args:
        instrument: the measure; it names purpose and payer of the payments.
        kind: cash for elders or their carers, a service for elders, or a programme.
        entitlement: whether it is paid whatever the budget.
        payee: who is paid; None for a service, which is paid by the process that delivers it.
        table: where the sums stand, in its row `row`; None if they are given (`of_elders`, `of_programme`).
        row: the row.
    """

    __slots__ = (
        "_fen",
        "_granted",
        "_row",
        "_table",
        "_total",
        "discretionary",
        "entitlement",
        "instrument",
        "key",
        "kind",
        "payee",
        "private",
    )  # fmt: skip

    def __init__(
        self, instrument: Instrument, kind: Kind, entitlement: bool, payee: str | None, table: Table | None = None,
        row: int = 0,
    ) -> None:  # fmt: skip
        self.key = instrument.name, kind
        self.instrument, self.kind, self.entitlement, self.payee = instrument, kind, entitlement, payee
        self.private = instrument.funder == CHARITY
        self.discretionary = not (entitlement or self.private)
        self._table, self._row = table, row
        self._fen: np.ndarray | None = None
        self._granted: np.ndarray | None = None
        self._total: int | None = 0

    def of_elders(self, fen: np.ndarray) -> Claim:
        """Claim a sum for each resident elder, in the order of `world.elders`; all of it is added up when asked for."""
        self._fen, self._total = np.ascontiguousarray(fen, dtype=np.int64), None
        return self

    def of_programme(self, fen: int) -> None:
        """Claim a new month's sum."""
        self._fen, self._granted, self._total = None, None, fen

    @property
    def size(self) -> int:
        """Return how many sums are claimed: one for each resident elder, or one of a programme."""
        return len(self.fen) if self._table is None else len(self._table.numbers)

    @property
    def fen(self) -> np.ndarray:
        """Return what each resident elder claims, shape (e,), or a programme, shape (1,); tables are looked up anew."""
        table = self._table
        if table is not None:
            fen: np.ndarray = look_up(table.numbers, table.units[self._row], table.fen_each[self._row])
            return fen
        if self._fen is None:
            self._fen = np.array([self._total])
        return self._fen

    def is_of(self, numbers: np.ndarray) -> bool:
        """Tell whether sums are claimed by these very numbers of the elders."""
        return self._table is not None and self._table.numbers is numbers

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it is granted, as long as no ceiling decides."""
        return self._granted is None

    @property
    def granted(self) -> np.ndarray:
        """Return what the budget grants of it."""
        return self.fen if self._granted is None else self._granted

    @granted.setter
    def granted(self, fen: np.ndarray) -> None:
        self._granted = fen

    def claimed_and_granted(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what each resident elder claims, and what the budget grants of it; where it is all, the same."""
        fen = self.fen
        return fen, fen if self._granted is None else self._granted

    def grant_all(self) -> None:
        """Grant all of it."""
        self._granted = None

    def granted_by_number(self) -> Granted:
        """Return what the budget grants of it, as rules look it up without writing out what each elder claims."""
        table = self._table
        if table is not None and table.places is not None and self._granted is None:
            return table.places, table.numbers, table.units[self._row], int(table.fen_each[self._row])
        granted = self.granted
        everybody = np.arange(len(granted), dtype=np.int32)
        return everybody, everybody, granted, 1

    def is_granted(self) -> np.ndarray:
        """Return whether the budget grants each resident elder anything of it, shape (e,)."""
        table = self._table
        if table is None or self._granted is not None:
            return self.granted > 0
        found: np.ndarray = look_up_any(table.numbers, table.units[self._row], table.fen_each[self._row])
        return found

    def granted_to(self, places: np.ndarray) -> Any:
        """Return what the budget grants to some of the elders, by their places among all."""
        table = self._table
        if table is None or self._granted is not None:
            return self.granted[places]
        return look_up_some(table.numbers, table.units[self._row], table.fen_each[self._row], places)

    @property
    def total(self) -> int:
        """Return the fen of all that is claimed."""
        if self._table is not None:
            return int(self._table.total[self._row])
        if self._total is None:
            self._total = int(self.fen.sum())
        return self._total

    @property
    def total_granted(self) -> int:
        """Return the fen of all that is granted."""
        return self.total if self._granted is None else int(self._granted.sum())
