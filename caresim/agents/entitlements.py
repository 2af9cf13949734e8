"""What resident elders, and programmes, claim from government this month, and what the budget grants.

Measures claim in the part `entitlement` or `benefit` of the month; the process `benefits` settles: entitlements in
full, then programmes, then other claims by priority, until the ceiling is reached. What is granted as cash is paid
at once. What is granted for services is a promise: the process that delivers pays at most what was granted, and only
for what was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument

PRIORITIES = 10
"""Classes of priority, in halves of a point; the highest is served first."""


@dataclass
class Claim:
    """One measure's claims of a month.

    Attributes:
        instrument: the measure; it names purpose and payer of the payments.
        fen: claimed by each resident elder in the order of `world.elders`, shape (e,); by a programme, shape (1,).
        cash: whether it is paid to the elder at once.
        entitlement: whether it is paid whatever the budget.
        payee: who is paid a programme's sum; None if elders claim.
        granted: what the budget grants of it; after settling.
    """

    instrument: Instrument
    fen: np.ndarray
    cash: bool
    entitlement: bool
    payee: str | None
    granted: np.ndarray


class Claims:
    """The claims of a month, by measure."""

    def __init__(self) -> None:
        self.open(0)

    def open(self, n_elders: int) -> None:
        """Open a new month."""
        self.n_elders = n_elders
        self.by_name: dict[str, Claim] = {}

    def cash(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False) -> None:
        """Claim cash for resident elders, whole fen in the order of `world.elders`."""
        self._add(instrument, fen, cash=True, entitlement=entitlement)

    def service(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False) -> None:
        """Claim the cost of a service for resident elders, whole fen in the order of `world.elders`."""
        self._add(instrument, fen, cash=False, entitlement=entitlement)

    def programme(self, instrument: Instrument, fen: int, entitlement: bool = False,
                  payee: str = "suppliers") -> None:  # fmt: skip
        """Claim the cost of a programme as one sum of whole fen, which is paid at once to whoever runs it."""
        self._add(instrument, np.array([fen]), cash=False, entitlement=entitlement, payee=payee)

    def _add(self, instrument: Instrument, fen: np.ndarray, cash: bool, entitlement: bool,
             payee: str | None = None) -> None:  # fmt: skip
        fen = np.ascontiguousarray(fen, dtype=np.int64)
        if payee is None and len(fen) != self.n_elders:
            raise ValueError(f"{instrument.name}: {len(fen)} claims of {self.n_elders} elders")
        self.by_name[instrument.name] = Claim(instrument, fen, cash, entitlement, payee, np.zeros_like(fen))

    def granted(self, name: str) -> np.ndarray:
        """Return the fen granted to each resident elder under a measure; zeros if it claimed nothing."""
        if name not in self.by_name:
            return np.zeros(self.n_elders, dtype=np.int64)
        return self.by_name[name].granted

    def granted_programme(self, name: str) -> int:
        """Return the fen granted to a programme; 0 if it claimed nothing."""
        return int(self.by_name[name].granted[0]) if name in self.by_name else 0

    def settle(self, ceiling: int | None, priority: np.ndarray) -> tuple[int, int]:
        """Grant claims within the ceiling.

        Args:
            ceiling: fen that may be spent this month; None without a ceiling.
            priority: class of each resident elder, 0 to PRIORITIES - 1.

        Returns:
            The fen by which entitlements alone exceed the ceiling, and the fen of claims that are not granted.
        """
        due = [self.by_name[name] for name in sorted(self.by_name)]
        for claim in due:
            if claim.entitlement or ceiling is None:
                claim.granted = claim.fen.copy()
        if ceiling is None:
            return 0, 0
        left = ceiling - sum(int(claim.fen.sum()) for claim in due if claim.entitlement)
        deficit, left = max(0, -left), max(0, left)
        open_ended = [claim for claim in due if not claim.entitlement]
        programmes = [claim for claim in open_ended if claim.payee is not None]
        left -= _share(programmes, [np.zeros(1, dtype=np.int64)] * len(programmes), left, 1)
        others = [claim for claim in open_ended if claim.payee is None]
        _share(others, [priority.astype(np.int64)] * len(others), left, PRIORITIES)
        return deficit, sum(int(claim.fen.sum() - claim.granted.sum()) for claim in open_ended)


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
