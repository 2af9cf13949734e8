"""The ledger of money: who paid whom how many fen, under which measure or for what.

Every payment has a payer, a payee and a purpose (an instrument, or a private purpose such as `purchased_care`). All
are whole fen, so that what one pays another receives, exactly; and what is paid to or by a person stands in that
person's columns too, which the laws of money compare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.agents.appropriation import Appropriation
from caresim.agents.payments import CARE, CASH, OTHER, Balances, Key, Payments, books, enter, turn
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
           WRITER, elder=True, least=0),
    Column("out_of_pocket", np.int32, 0, "fen per month", "What a resident elder pays for care this month.",
           WRITER, elder=True, least=0),
)  # fmt: skip
FEN = 100
"""Fen of a yuan."""
MOST = 2_000_000_000
"""Fen that fit a column."""
PLACES = {party: place for place, party in enumerate(PARTIES)}
OF_INTEREST = PLACES[ELDERS], PLACES["homes"], PLACES[CHARITY]
"""Whose balances are compared with what else is known of them."""
HOUSEHOLD = (
    (ESTATES, ELDERS, "families"), (SAVINGS, "families", ELDERS), (PENSION, "pension_fund", ELDERS),
    (EARNINGS, "employers", ELDERS), (REMITTANCES, "families", ELDERS), (FAMILY_HELP, "families", ELDERS),
    (LIVING, ELDERS, "suppliers"),
)  # fmt: skip
"""What is paid when the accounts of elders are settled: the first payments of every ledger, in this order."""
ROOM = 64
"""Payments that a ledger has room for at first."""


class Books(NamedTuple):
    """What the laws of accounts compare.

    Attributes:
        lowest: slot of the smallest payment.
        balances: the sum of all balances.
        wrong: the first party whose balance is not what it received less what it paid, -1 if there is none.
        to_elders: fen that measures paid to elders in cash.
        for_care: fen that elders paid for care.
        of_elders: the balance of the elders.
        of_homes: that of care homes.
        of_charity: that of charities.
        broken: whether a law of accounts is broken.
    """

    lowest: int
    balances: int
    wrong: int
    to_elders: int
    for_care: int
    of_elders: int
    of_homes: int
    of_charity: int
    broken: bool


class Ledger:
    """Payments of the month and of the run.

    Attributes:
        slots: the place of each payment among the arrays, by (purpose, payer, payee); the household's come first.
        fen: what was paid this month, by slot; rules may add to it.
        due: what each party's balance is by the payments, as `add_up` found it.
        ceiling: what the budget allows for discretionary spending this month, in fen; None without a ceiling.
        discretionary: purposes that are paid out of what the ceiling leaves; known under a ceiling.
        deficit: fen by which entitlements alone exceed the ceiling this month.
        refused: fen of discretionary claims that the ceiling left unpaid this month.
        left: fen that a ceiling leaves after all grants for what is paid without a claim; None without a ceiling.
        unclaimed: fen paid this month without a claim under measures that claim for something else, by purpose.
        year: the account of the year's budget; None where a budget holds by the month, or there is none.
    """

    def __init__(self) -> None:
        self.slots: dict[Key, int] = {}
        self.fen, self._entered, self._past = (np.zeros(0, dtype=np.int64) for _ in range(3))
        self._lines = np.zeros((0, 3), dtype=np.int64)
        self._balances, self._opening, self.due = (np.zeros(len(PARTIES), dtype=np.int64) for _ in range(3))
        self.year: Appropriation | None = None
        for payment in HOUSEHOLD:
            self.slot(*payment)
        self.open()

    def open(self) -> None:
        """Open a new month."""
        if self.year is not None:
            self.year.spent += self.public()
        turn(self.fen, self._entered, self._past, self._lines, self._balances, self._opening)
        self.ceiling: int | None = None
        self.discretionary: set[str] = set()
        self.deficit = 0
        self.refused = 0
        self.left: int | None = None
        self.unclaimed: dict[str, int] = {}

    def slot(self, purpose: str, payer: str, payee: str) -> int:
        """Return the place of a payment among the arrays.

        Raises:
            ValueError: a party that has no account.
        """
        key = purpose, payer, payee
        if key not in self.slots:
            if payer not in PLACES or payee not in PLACES:
                raise ValueError(f"{purpose}: {payer} cannot pay {payee}")
            self._make_room(len(self.slots) + 1)
            self._lines[len(self.slots)] = PLACES[payer], PLACES[payee], _kind(*key)
            self.slots[key] = len(self.slots)
        return self.slots[key]

    def _make_room(self, number: int) -> None:
        """Make room for so many payments, and for some that come later."""
        if number > len(self.fen):
            more = max(ROOM, number) - len(self.fen) if len(self.fen) == 0 else len(self.fen)
            self.fen, self._entered, self._past = (
                np.append(known, np.zeros(more, dtype=np.int64))
                for known in (self.fen, self._entered, self._past)
            )
            self._lines = np.append(self._lines, np.zeros((more, 3), dtype=np.int64), axis=0)

    def pay(self, purpose: str, payer: str, payee: str, fen: int) -> None:
        """Note a payment.

        Raises:
            ValueError: a negative sum, or a party that has no account.
        """
        slot = self.slots.get((purpose, payer, payee))
        if fen < 0 or slot is None:
            if fen < 0 or payer not in PLACES or payee not in PLACES:
                raise ValueError(f"{purpose}: {payer} cannot pay {payee} {fen} fen")
            slot = self.slot(purpose, payer, payee)
        self.fen[slot] += fen

    @property
    def month(self) -> Payments:
        """Return the fen by (purpose, payer, payee), this month."""
        return Payments(self)

    @property
    def balance(self) -> Balances:
        """Return the fen received less the fen paid since the start, by party; they add up to 0."""
        enter(self.fen, self._entered, self._lines, self._balances)
        return Balances(PLACES, self._balances)

    @property
    def total(self) -> dict[Key, int]:
        """Return the fen by (purpose, payer, payee) since the start."""
        total = (self._past + self.fen).tolist()
        return {key: fen for key, fen in zip(self.slots, total, strict=False) if fen}

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
        return sum(
            fen
            for (why, payer, payee), fen in self.month.items()
            if (purpose is None or why == purpose)
            and (payers is None or payer in payers)
            and (payees is None or payee in payees)
        )

    def by_purpose(self) -> dict[str, int]:
        """Return the fen of this month's payments by purpose."""
        purposes: dict[str, int] = {}
        for (purpose, _, _), fen in zip(self.slots, self.fen.tolist(), strict=False):
            if fen:
                purposes[purpose] = purposes.get(purpose, 0) + fen
        return purposes

    def add_up(self) -> Books:
        """Add up the month's payments, and compare them with the balances."""
        return Books(
            *books(
                self.fen, self._entered, self._lines, self._balances, self._opening, self.due, *OF_INTEREST
            )
        )

    def to_elders(self) -> int:
        """Return the fen that measures paid to elders in cash this month."""
        return self.add_up().to_elders

    def for_care(self) -> int:
        """Return the fen that elders paid for care this month."""
        return self.add_up().for_care

    def public(self, purpose: str | None = None) -> int:
        """Return the fen that the state and its insurance paid this month."""
        return self.paid(purpose, PUBLIC)

    def public_balance(self) -> int:
        """Return the fen that the state and its insurance received less those they paid since the start."""
        return sum(self.balance[payer] for payer in PUBLIC)


def _kind(purpose: str, payer: str, payee: str) -> int:
    """Return whether a payment is cash of measures to elders, care that elders pay for, or another."""
    if payer == ELDERS:
        return OTHER if purpose in LIVELIHOOD else CARE
    return CASH if payee == ELDERS and payer in FUNDERS else OTHER


@compiled
def purse(savings, income, transfers, benefits, out_of_pocket, has_child):
    """Return the fen that an elder can still pay for care this month: with living children, who help, any bill.

    Whoever delivers care to be paid for asks here first, so that an elder alone goes without what nobody could pay.
    """
    if has_child:
        return np.int64(MOST)
    comes_in = max(np.int64(0), np.int64(income)) + transfers + benefits
    return max(np.int64(0), max(np.int64(0), np.int64(savings)) + comes_in - out_of_pocket)
