"""What resident elders, and programmes, claim from government this month, and what the budget grants.

Measures claim in the part `entitlement`, `benefit` or `top_up` of the month; the process `benefits` settles:
entitlements in full, then programmes, then other claims by priority, until the ceiling is reached. What is granted as
cash is paid at once, to the elder or to the family that cares. What is granted for services is a promise: the process
that delivers pays at most what was granted, and only for what was used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from caresim.agents.money import CHARITY, ELDERS
from caresim.agents.situations import look_up, look_up_some
from caresim.kernel.clock import month_text
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument

Kind = Literal["cash", "service", "programme"]
SPARE = 8
"""One in so many more elders could claim than do."""
NO_ROOM = np.empty(0, dtype=np.int64)
UNITS = np.arange(256, dtype=np.int32)
PRIORITIES = 10
"""Classes of priority, in halves of a point; the highest is served first."""


class BudgetTooLow(Exception):  # noqa: N818 - the name says what happened
    """The ceiling of the budget lies below what people are entitled to.

    Args:
        month: number of the month.
        ceiling: yuan per elder and month that may be spent.
        entitlements: yuan per elder and month that are due.
    """

    def __init__(self, month: int, ceiling: float, entitlements: float) -> None:
        super().__init__(month, ceiling, entitlements)
        self.month, self.ceiling, self.entitlements = month, ceiling, entitlements

    def __str__(self) -> str:
        return (
            f"{self.ceiling:g} yuan per elder-month is below the entitlements of {month_text(self.month)}, "
            f"{self.entitlements:.2f}; write more than that, or allow_deficit: true"
        )


class Claim:
    """One measure's claims of a month.

    What is due by situation stands in a table, and is written out elder by elder only for who asks.

    Args:
        instrument: the measure; it names purpose and payer of the payments.
        kind: cash for elders or their carers, a service for elders, or a programme.
        entitlement: whether it is paid whatever the budget.
        payee: who is paid; None for a service, which is paid by the process that delivers it.
        size: sums claimed: one for each resident elder, or one of a programme.
        fen: the sums, in the order of `world.elders`; None if they are looked up (`look_up_in`), or one total.
        total: all of them together; None if nobody has added them up.
    """

    __slots__ = (
        "_fen", "_granted", "_room", "_source", "_total", "discretionary", "entitlement",
        "instrument", "is_whole", "key", "kind", "payee", "private", "size",
    )  # fmt: skip

    def __init__(
        self, instrument: Instrument, kind: Kind, entitlement: bool, payee: str | None, size: int, *,
        fen: np.ndarray | None = None, total: int | None = None,
    ) -> None:  # fmt: skip
        self.key = instrument.name, kind
        self.instrument, self.kind, self.entitlement, self.payee = instrument, kind, entitlement, payee
        self.private = instrument.funder == CHARITY
        self.discretionary = not (entitlement or self.private)
        self.size, self._fen, self._total = size, fen, total
        self._source: tuple[np.ndarray, np.ndarray, int] | None = None
        self._granted: np.ndarray | None = None
        self._room, self.is_whole = NO_ROOM, False

    def look_up_in(self, numbers: np.ndarray, units_due: np.ndarray, fen_each: int, total: int) -> None:
        """Claim a new month's sums, which stand in a table."""
        self._source, self._total = (numbers, units_due, fen_each), total
        self._fen = self._granted = None
        self.is_whole, self.size = False, len(numbers)

    @property
    def is_by_situation(self) -> bool:
        """Tell whether it is what elders are owed by their situation."""
        return self._source is not None

    @property
    def fen(self) -> np.ndarray:
        """Return what each resident elder claims, shape (e,), or a programme, shape (1,)."""
        if self._fen is None:
            self._fen = np.array([self._total]) if self._source is None else self._looked_up(*self._source)
        return self._fen

    def _looked_up(self, numbers: np.ndarray, units_due: np.ndarray, fen_each: int) -> np.ndarray:
        """Return the sums that stand in a table, in an array that is kept for the months to come."""
        if len(self._room) < self.size:
            self._room = np.empty(self.size + self.size // SPARE, dtype=np.int64)
        fen = self._room[: self.size]
        look_up(numbers, units_due, fen_each, fen)
        return fen

    @property
    def granted(self) -> np.ndarray:
        """Return what the budget grants of it, zeros before claims are settled."""
        if self.is_whole:
            return self.fen
        if self._granted is None:
            self._granted = np.zeros(self.size, dtype=np.int64)
        return self._granted

    @granted.setter
    def granted(self, fen: np.ndarray) -> None:
        self._granted, self.is_whole = fen, False

    def granted_to(self, places: np.ndarray) -> Any:
        """Return what the budget grants to some of the elders, by their places among all."""
        source = self._source if self.is_whole and self._fen is None else None
        return self.granted[places] if source is None else look_up_some(*source, places)

    @property
    def total(self) -> int:
        """Return the fen of all that is claimed."""
        if self._total is None:
            self._total = int(self.fen.sum())
        return self._total

    @property
    def total_granted(self) -> int:
        """Return the fen of all that is granted."""
        if self.is_whole:
            return self.total
        return 0 if self._granted is None else int(self._granted.sum())


class Claims:
    """The claims of a month, by measure."""

    def __init__(self) -> None:
        self.open(0)

    def open(self, n_elders: int) -> None:
        """Open a new month."""
        self.n_elders = n_elders
        self.made: dict[tuple[str, Kind], Claim] = {}

    def cash(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False,
             payee: str = ELDERS) -> None:  # fmt: skip
        """Claim cash for resident elders, or on their account for their families, in the order of `world.elders`."""
        whole = _whole(fen)
        self.add(Claim(instrument, "cash", entitlement, payee, len(whole), fen=whole))

    def service(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False) -> None:
        """Claim the cost of a service for resident elders, whole fen in the order of `world.elders`."""
        whole = _whole(fen)
        self.add(Claim(instrument, "service", entitlement, None, len(whole), fen=whole))

    def units(self, instrument: Instrument, number: np.ndarray, fen_each: int, total: int) -> None:
        """Claim a service at one price.

        Args:
            instrument: the measure.
            number: how often each resident elder is due it, at most 255 times, in the order of `world.elders`.
            fen_each: the price.
            total: how often it is due to all of them.
        """
        claim = Claim(instrument, "service", False, None, 0)
        claim.look_up_in(number, UNITS, fen_each, total * fen_each)
        self.add(claim)

    def programme(self, instrument: Instrument, fen: int, entitlement: bool = False,
                  payee: str = "suppliers") -> None:  # fmt: skip
        """Claim the cost of a programme as one sum of whole fen, which is paid at once to whoever runs it."""
        self.add(Claim(instrument, "programme", entitlement, payee, 1, total=int(fen)))

    def add(self, claim: Claim) -> None:
        """Add a claim to those of the month.

        Raises:
            ValueError: it does not claim for all elders, or its measure has claimed of this kind already.
        """
        key = claim.key
        if claim.size != self.n_elders and claim.kind != "programme":
            raise ValueError(f"{key[0]}: {claim.size} claims of {self.n_elders} elders")
        if key in self.made:
            raise ValueError(f"{key[0]}: claims {claim.kind} twice in a month")
        self.made[key] = claim

    def claimed(self) -> np.ndarray:
        """Return the fen that each resident elder has claimed from government so far, in cash or as a service."""
        total = np.zeros(self.n_elders, dtype=np.int64)
        for claim in self.made.values():
            if not claim.private and (claim.kind == "service" or claim.payee == ELDERS):
                total += claim.fen
        return total

    @property
    def by_name(self) -> dict[str, Claim]:
        """Return the claims by measure; of a measure that makes several, the last."""
        return {name: claim for (name, _), claim in self.made.items()}

    def entitlements(self) -> int:
        """Return the fen of all claims that are paid whatever the budget."""
        return sum(claim.total for claim in self.made.values() if claim.entitlement and not claim.private)

    def spent(self) -> int:
        """Return the fen of all that government granted."""
        return sum(claim.total_granted for claim in self.made.values() if not claim.private)

    def granted(self, name: str) -> np.ndarray:
        """Return the fen granted to each resident elder under a measure: for services, else in cash, else zeros."""
        claim = self.made.get((name, "service")) or self.made.get((name, "cash"))
        return claim.granted if claim is not None else np.zeros(self.n_elders, dtype=np.int64)

    def granted_programme(self, name: str) -> int:
        """Return the fen granted to a programme; 0 if it claimed nothing."""
        claim = self.made.get((name, "programme"))
        return claim.total_granted if claim is not None else 0

    def settle(self, ceiling: int | None, priority: np.ndarray) -> tuple[int, int]:
        """Grant claims within the ceiling.

        Args:
            ceiling: fen that may be spent this month; None without a ceiling.
            priority: class of each resident elder, 0 to PRIORITIES - 1.

        Returns:
            The fen by which entitlements alone exceed the ceiling, and the fen of claims that are not granted.
        """
        for claim in self.made.values():
            claim.is_whole = ceiling is None or not claim.discretionary
        if ceiling is None:
            return 0, 0
        due = [self.made[key] for key in sorted(self.made)]
        left = ceiling - self.entitlements()
        deficit, left = max(0, -left), max(0, left)
        open_ended = [claim for claim in due if claim.discretionary]
        programmes = [claim for claim in open_ended if claim.kind == "programme"]
        left -= _share(programmes, [np.zeros(1, dtype=np.int64)] * len(programmes), left, 1)
        others = [claim for claim in open_ended if claim.kind != "programme"]
        _share(others, [priority.astype(np.int64)] * len(others), left, PRIORITIES)
        return deficit, sum(claim.total - claim.total_granted for claim in open_ended)


def _whole(fen: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(fen, dtype=np.int64)


def _share(claims: list[Claim], classes: list[np.ndarray], left: int, n_classes: int) -> int:
    """Grant claims class by class, the highest first; the class in which the money ends in proportion."""
    spent = 0
    sums = np.zeros(n_classes, dtype=np.int64)
    for claim, of in zip(claims, classes, strict=True):
        add_by_class(claim.fen, of, sums)
    part = np.zeros((n_classes, 2), dtype=np.int64)
    part[:, 1] = 1
    for k in reversed(range(n_classes)):
        whole = int(sums[k])
        given = min(whole, left - spent)
        part[k] = (given, whole) if whole else (0, 1)
        spent += given
    spent = 0
    for claim, of in zip(claims, classes, strict=True):
        claim.granted = np.zeros_like(claim.fen)
        spent += grant(claim.fen, of, part, claim.granted)
    return spent


@compiled
def add_by_class(fen, of, sums):
    """Add claims up by class, in place."""
    for j in range(len(fen)):
        sums[of[j]] += fen[j]


@compiled
def grant(fen, of, part, granted):
    """Write the granted part of each claim, rounded down to whole fen; return the sum."""
    total = 0
    for j in range(len(fen)):
        given, whole = part[of[j], 0], part[of[j], 1]
        granted[j] = fen[j] if given == whole else np.int64(np.float64(fen[j]) * (given / whole))
        total += granted[j]
    return total
