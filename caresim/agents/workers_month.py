"""The care workers' month: what was asked of them, what they did, and who stands in their queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

QUEUED, PLACE, TEAM, ASSESSED, WAITED, DUE, BY_CERTIFIED, BY_UNCERTIFIED, SHORT, UNPAID, KEPT = range(11)
"""What the queue knows of each: number of the case, its place among the resident elders, team, priority class, months
waited, minutes entitled to, minutes given by certified and by uncertified workers, minutes needed and not given, fen
not paid yet, and in two rows the minutes of personal care and of help in the house kept from the family."""
NOBODY_WAITS = np.zeros((12, 0), dtype=np.int32)


@dataclass
class Month:
    """What care workers were asked for and did in a month, in minutes if nothing else is said.

    Attributes:
        promised: entitled minutes of elders who have a need.
        waiting: elders who were given less than they are entitled to and need.
        short: minutes that they were not given.
        given: entitled minutes given.
        held_back: minutes that families left to entitled care.
        displaced: minutes of these that families could have given, at most.
        respite: minutes of respite.
        backstop: minutes bought for the time bank.
        wished: minutes that elders wished to buy, with vouchers and without.
        bought: minutes of them given.
        by_voucher: minutes of these paid by vouchers.
        by_ngo: minutes of those bought that NGOs gave.
        beds: minutes of nursing with family care beds.
        stays: minutes that short stays in stations met.
        stay_staff: minutes that care workers worked for them.
        beds_short: minutes of workers that family care beds and stays wanted and nobody could give.
        canteens: villages in which kitchens bring meals.
        meals: meals brought.
        meal_minutes: minutes of need that they met.
        meal_staff: minutes that kitchens worked for them.
    """

    promised: int = 0
    waiting: int = 0
    short: int = 0
    given: int = 0
    held_back: int = 0
    displaced: int = 0
    respite: int = 0
    backstop: int = 0
    wished: int = 0
    bought: int = 0
    by_voucher: int = 0
    by_ngo: int = 0
    beds: int = 0
    stays: int = 0
    stay_staff: int = 0
    beds_short: int = 0
    canteens: int = 0
    meals: int = 0
    meal_minutes: int = 0
    meal_staff: int = 0

    @property
    def missing(self) -> int:
        """Return the minutes that were asked of workers and that nobody gave."""
        return self.short + self.wished - self.bought + self.beds_short


class Queue:
    """Cases who are entitled to hours, in the order in which they are served.

    Attributes:
        table: a row for each of the quantities above, a column for each case, shape (12, q).
    """

    def __init__(self, table: np.ndarray = NOBODY_WAITS) -> None:
        self.table = table

    def __len__(self) -> int:
        return self.table.shape[1]

    @property
    def case(self) -> np.ndarray:
        """Return the numbers of the cases, shape (q,)."""
        return self.table[QUEUED]

    @property
    def team(self) -> np.ndarray:
        """Return the team of each."""
        return self.table[TEAM]

    @property
    def rank(self) -> np.ndarray:
        """Return priority class and months waited of each, shape (q, 2)."""
        return self.table[ASSESSED : WAITED + 1].T

    @property
    def given(self) -> np.ndarray:
        """Return the minutes given by certified and by uncertified workers, shape (q, 2)."""
        return self.table[BY_CERTIFIED : BY_UNCERTIFIED + 1].T

    @property
    def short(self) -> np.ndarray:
        """Return the minutes needed and not given."""
        return self.table[SHORT]
