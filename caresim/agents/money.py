"""The ledger of money: who paid whom how many fen, under which measure or for what.

Every payment has a payer, a payee and a purpose (an instrument, or a private purpose such as `purchased_care`). All
are whole fen, so that what one pays another receives, exactly; and what is paid to or by a person stands in that
person's columns too, which the laws of money compare.
"""

from __future__ import annotations

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
Parties = tuple[str, str]


class Flows:
    """The sums of some payments.

    Attributes:
        purpose: fen by purpose.
        between: fen by (payer, payee).
        spent: fen by payer.
        received: fen by payee.
    """

    def __init__(self, payments: dict[Key, int]) -> None:
        purpose: dict[str, int] = {}
        between: dict[Parties, int] = {}
        spent: dict[str, int] = {}
        received: dict[str, int] = {}
        for (why, payer, payee), fen in payments.items():
            purpose[why] = purpose.get(why, 0) + fen
            parties = payer, payee
            between[parties] = between.get(parties, 0) + fen
        for (payer, payee), fen in between.items():
            spent[payer] = spent.get(payer, 0) + fen
            received[payee] = received.get(payee, 0) + fen
        self.purpose, self.between, self.spent, self.received = purpose, between, spent, received


class Ledger:
    """Payments of the month and of the run.

    Attributes:
        month: fen by (purpose, payer, payee), this month.
        total: the same since the start.
        balance: fen received less fen paid since the start, by party; they add up to 0.
        ceiling: what the budget allows for discretionary spending this month, in fen; None without a ceiling.
        discretionary: purposes that are paid out of what the ceiling leaves.
        deficit: fen by which entitlements alone exceed the ceiling this month.
        refused: fen of discretionary claims that the ceiling left unpaid this month.
        left: fen that the ceiling leaves beyond all that was granted, for what is paid without a claim; None without a
            ceiling.
    """

    def __init__(self) -> None:
        self.total: dict[Key, int] = {}
        self.balance = dict.fromkeys(PARTIES, 0)
        self.month: dict[Key, int] = {}
        self._opening = dict(self.balance)
        self._flows: Flows | None = None
        self.open()

    def open(self) -> None:
        """Open a new month."""
        self._opening = self.due()
        self.month = {}
        self._flows = None
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
        self.total[key] = self.total.get(key, 0) + fen
        balance[payer] -= fen
        balance[payee] += fen
        self._flows = None

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
        if purpose is None or (payers is None and payees is None):
            return self._without_details(purpose, payers, payees)
        total = 0
        for (why, payer, payee), fen in self.month.items():
            if why == purpose and (payers is None or payer in payers) and (payees is None or payee in payees):
                total += fen
        return total

    def _without_details(self, purpose: str | None, payers: tuple[str, ...] | None,
                         payees: tuple[str, ...] | None) -> int:  # fmt: skip
        """Return the fen of a purpose, or between payers and payees, from the month's sums."""
        flows = self.flows()
        if purpose is not None:
            return flows.purpose.get(purpose, 0)
        payers = tuple(flows.spent) if payers is None else payers
        if payees is None:
            return sum([flows.spent.get(payer, 0) for payer in payers])
        return sum([flows.between.get((payer, payee), 0) for payer in payers for payee in payees])

    def flows(self) -> Flows:
        """Return the sums of the month's payments, made anew after each payment."""
        return self.add_up() if self._flows is None else self._flows

    def add_up(self) -> Flows:
        """Make the sums of the month's payments."""
        self._flows = Flows(self.month)
        return self._flows

    def due(self) -> dict[str, int]:
        """Return what each balance is by the payments since the start."""
        due, flows = self._opening.copy(), self.flows()
        for party, fen in flows.spent.items():
            due[party] -= fen
        for party, fen in flows.received.items():
            due[party] += fen
        return due

    def to_elders(self) -> int:
        """Return the fen that measures paid to elders in cash this month."""
        return self.paid(payers=FUNDERS, payees=(ELDERS,))

    def for_care(self) -> int:
        """Return the fen that elders paid for care this month."""
        return sum(
            [fen for (why, payer, _), fen in self.month.items() if payer == ELDERS and why not in LIVELIHOOD]
        )

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
