"""What resident elders, and programmes, claim from government this month, and what the budget grants.

Measures claim in the part `entitlement`, `benefit` or `top_up` of the month; the process `benefits` settles:
entitlements in full, then programmes, then other claims by priority, until the ceiling is reached. What is granted as
cash is paid at once, to the elder or to the family that cares. What is granted for services is a promise: the process
that delivers pays at most what was granted, and only for what was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from caresim.agents.money import CHARITY, ELDERS
from caresim.agents.people import age_in_years
from caresim.kernel.clock import month_text
from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.instrument import Instrument
    from caresim.agents.world import World

Kind = Literal["cash", "service", "programme"]
OLDEST_OLD_FROM = 80
NOTHING = np.zeros(1, dtype=np.int64)
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


@dataclass
class Claim:
    """One measure's claims of a month.

    Attributes:
        instrument: the measure; it names purpose and payer of the payments.
        fen: claimed by each resident elder in the order of `world.elders`, shape (e,); by a programme, shape (1,).
        kind: cash for elders or their carers, a service for elders, or a programme.
        entitlement: whether it is paid whatever the budget.
        payee: who is paid; None for a service, which is paid by the process that delivers it.
        granted: what the budget grants of it; after settling.
    """

    instrument: Instrument
    fen: np.ndarray
    kind: Kind
    entitlement: bool
    payee: str | None
    granted: np.ndarray

    @property
    def private(self) -> bool:
        """Tell whether charities pay it, so that no budget of government limits it."""
        return self.instrument.funder == CHARITY


class Claims:
    """The claims of a month, by measure."""

    def __init__(self) -> None:
        self.open(0)

    def open(self, n_elders: int) -> None:
        """Open a new month."""
        self.n_elders = n_elders
        self.made: dict[tuple[str, Kind], Claim] = {}
        self._applicants: tuple[np.ndarray, np.ndarray] | None = None
        self._nothing = np.zeros(n_elders, dtype=np.int64)

    def applicants(self, world: World) -> np.ndarray:
        """Return the places in `world.elders` of who can be due anything for age, ability or means, and takes it up.

        These are the elders of 80 and over, those assessed as limited, and the poor; measures for them look at nobody
        else.
        """
        if self._applicants is None or self._applicants[0] is not world.elders:
            columns = (world.people[name] for name in ("born", "assessed", "means", "takes_up"))
            self._applicants = world.elders, who_applies(world.elders, *columns, world.month)
        return self._applicants[1]

    def cash(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False,
             payee: str = ELDERS) -> None:  # fmt: skip
        """Claim cash for resident elders, or on their account for their families, in the order of `world.elders`."""
        self._add(Claim(instrument, _whole(fen), "cash", entitlement, payee, _whole(fen)))

    def service(self, instrument: Instrument, fen: np.ndarray, entitlement: bool = False) -> None:
        """Claim the cost of a service for resident elders, whole fen in the order of `world.elders`."""
        self._add(Claim(instrument, _whole(fen), "service", entitlement, None, _whole(fen)))

    def programme(self, instrument: Instrument, fen: int, entitlement: bool = False,
                  payee: str = "suppliers") -> None:  # fmt: skip
        """Claim the cost of a programme as one sum of whole fen, which is paid at once to whoever runs it."""
        whole = _whole(np.array([fen]))
        self._add(Claim(instrument, whole, "programme", entitlement, payee, whole))

    def _add(self, claim: Claim) -> None:
        name = claim.instrument.name
        if claim.kind != "programme" and len(claim.fen) != self.n_elders:
            raise ValueError(f"{name}: {len(claim.fen)} claims of {self.n_elders} elders")
        if (name, claim.kind) in self.made:
            raise ValueError(f"{name}: claims {claim.kind} twice in a month")
        claim.granted = NOTHING if claim.kind == "programme" else self._nothing
        self.made[name, claim.kind] = claim

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
        return sum(
            int(claim.fen.sum()) for claim in self.made.values() if claim.entitlement and not claim.private
        )

    def spent(self) -> int:
        """Return the fen of all that government granted."""
        return sum(int(claim.granted.sum()) for claim in self.made.values() if not claim.private)

    def granted(self, name: str) -> np.ndarray:
        """Return the fen granted to each resident elder under a measure: for services, else in cash, else zeros."""
        claim = self.made.get((name, "service")) or self.made.get((name, "cash"))
        return claim.granted if claim is not None else np.zeros(self.n_elders, dtype=np.int64)

    def granted_programme(self, name: str) -> int:
        """Return the fen granted to a programme; 0 if it claimed nothing."""
        claim = self.made.get((name, "programme"))
        return int(claim.granted[0]) if claim is not None else 0

    def settle(self, ceiling: int | None, priority: np.ndarray) -> tuple[int, int]:
        """Grant claims within the ceiling.

        Args:
            ceiling: fen that may be spent this month; None without a ceiling.
            priority: class of each resident elder, 0 to PRIORITIES - 1.

        Returns:
            The fen by which entitlements alone exceed the ceiling, and the fen of claims that are not granted.
        """
        due = [self.made[key] for key in sorted(self.made)]
        for claim in due:
            if claim.entitlement or claim.private or ceiling is None:
                claim.granted = claim.fen
        if ceiling is None:
            return 0, 0
        left = ceiling - self.entitlements()
        deficit, left = max(0, -left), max(0, left)
        open_ended = [claim for claim in due if not (claim.entitlement or claim.private)]
        programmes = [claim for claim in open_ended if claim.kind == "programme"]
        left -= _share(programmes, [np.zeros(1, dtype=np.int64)] * len(programmes), left, 1)
        others = [claim for claim in open_ended if claim.kind != "programme"]
        _share(others, [priority.astype(np.int64)] * len(others), left, PRIORITIES)
        return deficit, sum(int(claim.fen.sum() - claim.granted.sum()) for claim in open_ended)


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
def who_applies(elders, born, assessed, means, takes_up, month):
    """Return the places of elders who take up what is due and are old, limited or poor."""
    at, found = np.empty(len(elders) + 1, dtype=np.int64), 0
    for j in range(len(elders)):  # without a branch
        i = np.uint64(elders[j])
        at[found] = j
        in_need = (assessed[i] != 0) | (means[i] != 0) | (age_in_years(month, born[i]) >= OLDEST_OLD_FROM)
        found += in_need & (takes_up[i] != 0)
    return at[:found].copy()


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
