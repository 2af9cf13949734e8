"""The care workers' month: what was asked of them, what they did, and who stands in their queue."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


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
        beds: minutes of nursing with family care beds.
        stays: minutes that short stays in stations met.
        stay_staff: minutes that care workers worked for them.
        beds_short: minutes of workers that family care beds and stays wanted and nobody could give.
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
    beds: int = 0
    stays: int = 0
    stay_staff: int = 0
    beds_short: int = 0
    meals: int = 0
    meal_minutes: int = 0
    meal_staff: int = 0


@dataclass
class Queue:
    """Cases who are entitled to hours, in the order in which they are served.

    Attributes:
        case: numbers of the cases, shape (q,).
        elder: their positions among the resident elders.
        team: team of each.
        rank: priority class and months waited of each, shape (q, 2).
        minutes: minutes that each is entitled to.
        given: minutes given by certified and by uncertified workers, shape (q, 2).
        short: minutes needed and not given.
        aside: minutes kept from the family, by task, shape (q, 2).
    """

    case: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    elder: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    team: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rank: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    minutes: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    given: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    short: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    aside: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
