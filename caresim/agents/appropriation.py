"""The yearly budget: a sum is appropriated for a year, its months draw on it, and what is left is kept or returned.

The sum is fixed when the year opens. Each month sets aside what this month's entitlements will take in the months that
are left of the year; the rest is free for everything else until it has run out.
"""

from __future__ import annotations

MONTHS = 12


class Appropriation:
    """The account of a budget that is settled by the year, in whole fen.

    Attributes:
        since: the first month of the year's budget.
        until: the last one, a December.
        granted: what was appropriated for the year.
        carried: what the year before left for this one.
        spent: what state and insurance spent of it until the month opened.
        deficit: deficits named in the year so far.
        opening: the balance of state and insurance when the first year opened.
        appropriated: what all years were granted.
        overdrawn: what the years before spent above what they had.
        returned: what they left and was not carried over.

    Args:
        balance: the balance of state and insurance.
    """

    def __init__(self, balance: int) -> None:
        self.opening = balance
        self.since = self.until = -1
        self.granted = self.carried = self.spent = self.deficit = 0
        self.appropriated = self.overdrawn = self.returned = 0

    def open_year(self, month: int, fen_month: float, carry_over: float) -> None:
        """Close the year before, and appropriate a sum for the months until December.

        Args:
            month: the month.
            fen_month: the ceiling of a month.
            carry_over: share of what is left that the new year may spend.
        """
        left = self.left
        self.overdrawn += max(0, self.spent - self.whole)
        self.carried = int(carry_over * left)
        self.returned += left - self.carried
        self.since, self.until = month, month + MONTHS - 1 - month % MONTHS
        self.granted = int(fen_month * self.months)
        self.appropriated += self.granted
        self.spent = self.deficit = 0

    @property
    def months(self) -> int:
        """Return the months of the year's budget."""
        return self.until - self.since + 1

    @property
    def whole(self) -> int:
        """Return what the year has."""
        return self.granted + self.carried

    @property
    def left(self) -> int:
        """Return what the year has left when the month opens."""
        return self.left_after(0)

    def left_after(self, fen: int) -> int:
        """Return what the year has left once a month has spent so much."""
        return max(0, self.whole - self.spent - fen)

    def allows(self, due: int, month: int) -> int:
        """Return what a month may spend: no less than its entitlements as far as there is money.

        Args:
            due: fen of the month's entitlements; as much is set aside for each later month of the year.
            month: the month.
        """
        left = self.left
        return max(left - due * (self.until - month), min(left, due))
