"""The time bank's books: accounts in whole minutes that always add up to zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.agents.people import People


@dataclass
class TimeBank:
    """The bank of the territory; people's balances are the column `coins`.

    Attributes:
        pool: balance of the pool, minutes.
        government: balance of the government's account, minutes; below zero by what it has issued.
        lost: balance of the account of lost records, minutes.
        confidence: confidence of members in being served, 0-1.
        opened: month in which the bank opened last, or None while it is closed.
    """

    pool: int = 0
    government: int = 0
    lost: int = 0
    confidence: float = 0.0
    opened: int | None = None

    def outstanding(self, people: People) -> int:
        """Return the minutes on all personal accounts."""
        return int(people["coins"][: people.n].sum(dtype=np.int64))

    def total(self, people: People) -> int:
        """Return the sum of all accounts, which is zero."""
        return self.outstanding(people) + self.pool + self.government + self.lost
