"""The ledger of money: who paid whom how many fen, under which measure or for what.

Every payment has a payer, a payee and a purpose (an instrument, or a private purpose such as `purchased_care`). All
are whole fen, so that what one pays another receives, exactly; and what is paid to or by a person stands in that
person's columns too, which the laws of money compare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.kernel.columns import Column
from caresim.kernel.compiled import compiled

CHARITY = "charity"
FUNDERS = ("central", "local", "lottery", "insurance", "collective", CHARITY)
"""Who can pay for a measure: budgets of the state, lottery funds, long-term-care insurance, village, charities."""
PUBLIC = ("central", "local", "lottery", "insurance")
PARTIES = (*FUNDERS, "pension_fund", "medical_insurance", "elders", "families", "employers", "homes", "care_workers",
           "providers", "hospitals", "social_workers", "suppliers", "owners", "donors")  # fmt: skip
"""Accounts. `suppliers` are builders, kitchens, shops and offices: money leaves the model there. `owners` are those of
private homes. What donors give waits in the account of charity until it is spent."""
GIFTS, OWNERS_BEAR, PROFITS = "gifts", "home_owners", "home_profits"
"""Purposes of private money: what donors give, what owners bear of a home's debts, what they draw."""
ELDERS = "elders"
SAVINGS, ESTATES, PENSION, EARNINGS, REMITTANCES, FAMILY_HELP, LIVING, BOARD = (
    "savings", "estates", "pension", "earnings", "remittances", "family_help", "living", "meals"
)  # fmt: skip
"""Purposes of the household: what elders bring along, what the dead and those who settle elsewhere leave, what comes in
each month, what families add to bills that elders cannot pay, what elders live on, and what they pay for meals that are
brought: food, which they would have bought anyway."""
LIVELIHOOD = (LIVING, ESTATES, BOARD)
"""What elders pay that is not care."""

WRITER = "money"
COLUMNS = (
    Column("benefits", np.int32, 0, "fen per month", "Cash that measures pay a resident elder this month.",
           WRITER, elder=True),
    Column("out_of_pocket", np.int32, 0, "fen per month", "What a resident elder pays for care this month.",
           WRITER, elder=True),
)  # fmt: skip
FEN = 100
"""Fen of a yuan."""
MOST = 2_000_000_000
"""Fen that fit a column."""
Key = tuple[str, str, str]


class Sums(NamedTuple):
    """What a month's payments add up to.

    Attributes:
        purposes: fen by purpose.
        due: what each balance is by the payments since the start.
        to_elders: fen that measures paid to elders in cash.
        for_care: fen that elders paid for care.
    """

    purposes: dict[str, int]
    due: dict[str, int]
    to_elders: int
    for_care: int


class Ledger:
    """Payments of the month and of the run.

    Attributes:
        month: fen by (purpose, payer, payee), this month.
        balance: fen received less fen paid since the start, by party; they add up to 0.
        ceiling: what the budget allows for discretionary spending this month, in fen; None without a ceiling.
        discretionary: purposes that are paid out of what the ceiling leaves.
        deficit: fen by which entitlements alone exceed the ceiling this month.
        refused: fen of discretionary claims that the ceiling left unpaid this month.
        left: fen that the ceiling leaves beyond all that was granted, for what is paid without a claim; None without a
            ceiling.
    """

    def __init__(self) -> None:
        self._past: list[dict[Key, int]] = []
        self.balance = dict.fromkeys(PARTIES, 0)
        self.month: dict[Key, int] = {}
        self._opening = dict(self.balance)
        self._sums: Sums | None = None
        self.open()

    def open(self) -> None:
        """Open a new month."""
        self._opening = self.sums.due
        if self.month:
            self._past.append(self.month)
        self.month = {}
        self._sums = None
        self.ceiling: int | None = None
        self.discretionary: set[str] = set()
        self.deficit = 0
        self.refused = 0
        self.left: int | None = None

    def pay(self, purpose: str, payer: str, payee: str, fen: int) -> None:
        """Note a payment.

        Raises:
            ValueError: a negative sum, or a party that has no account.
        """
        balance = self.balance
        if fen < 0 or payer not in balance or payee not in balance:
            raise ValueError(f"{purpose}: {payer} cannot pay {payee} {fen} fen")
        if fen == 0:
            return
        fen = int(fen)
        key = purpose, payer, payee
        self.month[key] = self.month.get(key, 0) + fen
        balance[payer] -= fen
        balance[payee] += fen
        self._sums = None

    @property
    def total(self) -> dict[Key, int]:
        """Return the fen by (purpose, payer, payee) since the start."""
        total: dict[Key, int] = {}
        for month in (*self._past, self.month):
            for key, fen in month.items():
                total[key] = total.get(key, 0) + fen
        return total

    def afford(self, fen: int) -> int:
        """Take what government is to pay without a claim out of what the ceiling leaves; return what there is of it."""
        if self.left is None:
            return fen
        given = min(fen, self.left)
        self.left -= given
        self.refused += fen - given
        return given

    def paid(self, purpose: str | None = None, payers: tuple[str, ...] | None = None,
             payees: tuple[str, ...] | None = None) -> int:  # fmt: skip
        """Return the fen of this month's payments of a purpose, payers and payees; all by default."""
        if purpose is not None and payers is None and payees is None:
            return self.sums.purposes.get(purpose, 0)
        total = 0
        for (why, payer, payee), fen in self.month.items():
            if (
                (purpose is None or why == purpose)
                and (payers is None or payer in payers)
                and (payees is None or payee in payees)
            ):
                total += fen
        return total

    @property
    def sums(self) -> Sums:
        """Return what the month's payments add up to; added up anew after each payment."""
        return self.add_up() if self._sums is None else self._sums

    def add_up(self) -> Sums:
        """Add up the month's payments."""
        purposes: dict[str, int] = {}
        due = self._opening.copy()
        to_elders = for_care = 0
        for (purpose, payer, payee), fen in self.month.items():
            purposes[purpose] = purposes.get(purpose, 0) + fen
            due[payer] -= fen
            due[payee] += fen
            if payer == ELDERS:
                if purpose not in LIVELIHOOD:
                    for_care += fen
            elif payee == ELDERS and payer in FUNDERS:
                to_elders += fen
        self._sums = Sums(purposes, due, to_elders, for_care)
        return self._sums

    def to_elders(self) -> int:
        """Return the fen that measures paid to elders in cash this month."""
        return self.sums.to_elders

    def for_care(self) -> int:
        """Return the fen that elders paid for care this month."""
        return self.sums.for_care

    def public(self, purpose: str | None = None) -> int:
        """Return the fen that the state and its insurance paid this month."""
        return self.paid(purpose, PUBLIC)


@compiled
def purse(savings, income, transfers, benefits, out_of_pocket, has_child):
    """Return the fen that an elder can still pay for care this month: with living children, who help, any bill.

    Whoever delivers care to be paid for asks here first, so that an elder alone goes without what nobody could pay.
    """
    if has_child:
        return np.int64(MOST)
    comes_in = max(np.int64(0), np.int64(income)) + transfers + benefits
    return max(np.int64(0), max(np.int64(0), np.int64(savings)) + comes_in - out_of_pocket)
