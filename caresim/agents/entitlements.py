"""What resident elders, and programmes, claim from government this month, and what the budget grants.

Measures claim in the part `entitlement`, `benefit` or `top_up` of the month; the process `benefits` settles:
entitlements in full, then programmes, then other claims by priority, until the ceiling is reached. What is granted as
cash is paid at once, to the elder or to the family that cares. What is granted for services is a promise: the process
that delivers pays at most what was granted, and only for what was used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.agents.money import ELDERS
from caresim.agents.sums_claimed import Claim, Kind, Table
from caresim.kernel.clock import month_text
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument

UNITS = np.arange(256, dtype=np.int32)[None]
PRIORITIES = 10
"""Classes of priority, in halves of a point, as long as the law gives no further points; the highest is served first.
"""


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


class Claims:
    """The claims of a month, by measure.

    Attributes:
        made: the claims by measure and kind.
        n_elders: how many resident elders there are.
        limited: whether a ceiling decides what is granted.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Claim] = {}
        self._priced: dict[str, tuple[Claim, Table]] = {}
        self._cut: list[Claim] = []
        self.open(0)

    def open(self, n_elders: int, limited: bool = False) -> None:
        """Open a new month."""
        self.n_elders, self.limited = n_elders, limited
        self.made: dict[tuple[str, Kind], Claim] = {}
        for claim in self._cut:
            claim.grant_all()
        self._cut = []

    def cash(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False,
             payee: str = ELDERS) -> None:  # fmt: skip
        """Claim cash for resident elders, or on their account for their families, in the order of `world.elders`."""
        self.add(Claim(instrument, "cash", entitlement, payee).of_elders(fen))

    def service(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False) -> None:
        """Claim the cost of a service for resident elders, whole fen in the order of `world.elders`."""
        self.add(Claim(instrument, "service", entitlement, None).of_elders(fen))

    def units(self, instrument: Instrument, number: np.ndarray, fen_each: int, total: int) -> None:
        """Claim a service at one price.

        Args:
            instrument: the measure.
            number: how often each resident elder is due it, at most 255 times, in the order of `world.elders`.
            fen_each: the price.
            total: how often it is due to all of them.
        """
        claim, table = self._priced.get(instrument.name, (None, None))
        if claim is None or table is None or claim.instrument is not instrument:
            table = Table(UNITS, [fen_each], [0])
            claim = Claim(instrument, "service", False, None, table)
            self._priced[instrument.name] = claim, table
        claim.grant_all()
        table.numbers, table.fen_each[0], table.total[0] = number, fen_each, total * fen_each
        self.add(claim)

    def programme(self, instrument: Instrument, fen: int, entitlement: bool = False,
                  payee: str = "suppliers") -> None:  # fmt: skip
        """Claim the cost of a programme as one sum of whole fen, which is paid at once to whoever runs it.

        Raises:
            ValueError: its measure has claimed the cost of one already.
        """
        name = instrument.name
        claim = self._kept.get(name)
        if claim is None or (claim.instrument, claim.entitlement, claim.payee) != (
            instrument,
            entitlement,
            payee,
        ):
            claim = self._kept[name] = Claim(instrument, "programme", entitlement, payee)
        if claim.key in self.made:
            raise ValueError(f"{name}: claims programme twice in a month")
        claim.of_programme(int(fen))
        self.made[claim.key] = claim

    def add(self, claim: Claim) -> None:
        """Add a claim for all resident elders to those of the month.

        Raises:
            ValueError: it does not claim for all elders, or its measure has claimed of this kind already.
        """
        key = claim.key
        if claim.size != self.n_elders:
            raise ValueError(f"{key[0]}: {claim.size} claims of {self.n_elders} elders")
        if key in self.made:
            raise ValueError(f"{key[0]}: claims {claim.kind} twice in a month")
        self.made[key] = claim

    def claimed(self, sure: bool = False) -> np.ndarray:
        """Return the fen that each resident elder has claimed from government so far, in cash or as a service.

        Args:
            sure: count only what is paid whatever the budget.
        """
        total = np.zeros(self.n_elders, dtype=np.int64)
        for claim in self.made.values():
            if claim.private or (sure and not claim.entitlement):
                continue
            if claim.kind == "service" or claim.payee == ELDERS:
                total += claim.fen
        return total

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

    def is_granted(self, name: str) -> np.ndarray:
        """Return whether each resident elder is granted anything under a measure, as `granted` has it."""
        claim = self.made.get((name, "service")) or self.made.get((name, "cash"))
        return claim.is_granted() if claim is not None else np.zeros(self.n_elders, dtype=np.bool_)

    def granted_programme(self, name: str) -> int:
        """Return the fen granted to a programme; 0 if it claimed nothing."""
        claim = self.made.get((name, "programme"))
        return claim.total_granted if claim is not None else 0

    def parts_granted(self) -> dict[str, float]:
        """Return which part of its claims each measure was granted that lives on them, if it claimed anything."""
        sums: dict[str, tuple[int, int]] = {}
        for (name, _), claim in self.made.items():
            if claim.instrument.needs_money:
                claimed, granted = sums.get(name, (0, 0))
                sums[name] = claimed + claim.total, granted + claim.total_granted
        return {name: granted / claimed for name, (claimed, granted) in sums.items() if claimed > 0}

    def settle(
        self, ceiling: int | None, priority: np.ndarray, n_classes: int = PRIORITIES
    ) -> tuple[int, int]:
        """Grant claims within the ceiling.

        Args:
            ceiling: fen that may be spent this month; None without a ceiling.
            priority: class of each resident elder, from 0.
            n_classes: how many classes there are.

        Returns:
            The fen by which entitlements alone exceed the ceiling, and the fen of claims that are not granted.
        """
        if ceiling is None:
            return 0, 0
        due = [self.made[key] for key in sorted(self.made)]
        left = ceiling - self.entitlements()
        deficit, left = max(0, -left), max(0, left)
        open_ended = self._cut = [claim for claim in due if claim.discretionary]
        programmes = [claim for claim in open_ended if claim.kind == "programme"]
        left -= _share(programmes, [np.zeros(1, dtype=np.int64)] * len(programmes), left, 1)
        others = [claim for claim in open_ended if claim.kind != "programme"]
        _share(others, [priority.astype(np.int64)] * len(others), left, n_classes)
        return deficit, sum(claim.total - claim.total_granted for claim in open_ended)


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
        fen = claim.fen
        granted = np.zeros_like(fen)
        spent += grant(fen, of, part, granted)
        claim.granted = granted
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
