"""Payments as numbers: rules that enter and add them up, and views that name purpose, payer and payee.

A payment's *line* says its payer, its payee and its kind (`CASH` from measures to elders, `CARE` that elders pay for,
`OTHER`), as whole numbers; its *slot* is the place of its fen in the arrays of the ledger, known for the whole run.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import TYPE_CHECKING

import numpy as np

from caresim.kernel.compiled import compiled

if TYPE_CHECKING:
    from caresim.agents.money import Ledger

PAYER, PAYEE, KIND = range(3)
OTHER, CASH, CARE = range(3)
Key = tuple[str, str, str]


class Payments(Mapping[Key, int]):
    """The fen of a month's payments by (purpose, payer, payee), those of nothing left out."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getitem__(self, key: Key) -> int:
        return self.known()[key]

    def __setitem__(self, key: Key, fen: int) -> None:
        """Write over what the ledger says, whatever the balances are."""
        self._ledger.fen[self._ledger.slot(*key)] = fen

    def __iter__(self) -> Iterator[Key]:
        return iter(self.known())

    def __len__(self) -> int:
        return len(self.known())

    def known(self) -> dict[Key, int]:
        """Return them as they are now."""
        ledger = self._ledger
        return {key: fen for key, fen in zip(ledger.slots, ledger.fen.tolist(), strict=False) if fen}

    def items(self) -> ItemsView[Key, int]:
        """Return the payments and their fen."""
        return self.known().items()

    def values(self) -> ValuesView[int]:
        """Return the fen."""
        return self.known().values()


class Balances(Mapping[str, int]):
    """Fen by party, over an array in the order of the parties."""

    def __init__(self, places: dict[str, int], fen: np.ndarray) -> None:
        self._places, self._fen = places, fen

    def __getitem__(self, party: str) -> int:
        return int(self._fen[self._places[party]])

    def __setitem__(self, party: str, fen: int) -> None:
        """Write over what a party has, whatever was paid."""
        self._fen[self._places[party]] = fen

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@compiled
def enter(fen, entered, lines, balances):
    """Enter into the balances what has been paid since they were last brought up to date."""
    for slot in range(len(fen)):
        new = fen[slot] - entered[slot]
        if new != 0:
            balances[lines[slot, PAYER]] -= new
            balances[lines[slot, PAYEE]] += new
            entered[slot] = fen[slot]


@compiled
def add_up(fen, lines, due):
    """Add the month's payments to what each party had at its opening, in place.

    Returns:
        The fen that measures paid elders in cash, and those that elders paid for care.
    """
    cash = care = 0
    for slot in range(len(fen)):
        due[lines[slot, PAYER]] -= fen[slot]
        due[lines[slot, PAYEE]] += fen[slot]
        cash += fen[slot] * (lines[slot, KIND] == CASH)
        care += fen[slot] * (lines[slot, KIND] == CARE)
    return cash, care


@compiled
def turn(fen, entered, past, lines, balances, opening):
    """Close a month: bring balances and past payments up to date, and begin again with nothing paid."""
    enter(fen, entered, lines, balances)
    add_up(fen, lines, opening)
    for slot in range(len(fen)):
        past[slot] += fen[slot]
        fen[slot] = entered[slot] = 0


@compiled
def books(fen, entered, lines, balances, opening, due, one, another, third):
    """Bring balances up to date and `due`, what they are by the payments.

    Returns:
        The slot of the smallest payment, the sum of all balances, the first party whose balance is another than what
        is due, -1 if there is none, the fen that measures paid elders in cash and elders paid for care, what three
        parties have, and whether a law of accounts is broken: also if the third has less than nothing.
    """
    enter(fen, entered, lines, balances)
    due[:] = opening
    cash, care = add_up(fen, lines, due)
    lowest, total, wrong = 0, 0, -1
    for slot in range(len(fen)):
        if fen[slot] < fen[lowest]:
            lowest = slot
    for party in range(len(balances) - 1, -1, -1):
        total += balances[party]
        if balances[party] != due[party]:
            wrong = party
    broken = (fen[lowest] < 0) | (total != 0) | (wrong >= 0) | (balances[third] < 0)
    return lowest, total, wrong, cash, care, balances[one], balances[another], balances[third], broken
