"""Government as an ordinary Mesa agent, over the ledger of money and the measures in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa import Agent

from caresim.agents.money import FEN, FUNDERS, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caresim.model import CareModel


class Government(Agent):
    """Who decides on measures, sets the budget and pays.

    Args:
        model: the model that it belongs to.
    """

    model: CareModel

    def __repr__(self) -> str:
        return "<Government>"

    @classmethod
    def of(cls, model: CareModel) -> Government:
        """Make the government of a model."""
        return cls(model)

    @property
    def measures(self) -> list[str]:
        """Return the measures that are not off today, by name."""
        policy = self.model.world.policy
        return sorted(
            name for name, levers in policy.levers.items() if not policy.instruments[name].is_off(levers)
        )

    def accounts(self, since_start: bool = False) -> dict[str, dict[str, float]]:
        """Return what each funder paid for each purpose, in yuan: this month, or since the start.

        The village collective and charities have accounts beside those of government (`funders`).
        """
        ledger = self.model.world.money
        payments: Mapping[tuple[str, str, str], int] = ledger.total if since_start else ledger.month
        found: dict[str, dict[str, float]] = {funder: {} for funder in FUNDERS}
        for (purpose, payer, _), fen in sorted(payments.items()):
            if payer in found:
                found[payer][purpose] = found[payer].get(purpose, 0.0) + fen / FEN
        return found

    def paid(self, measure: str | None = None, funder: str | None = None, since_start: bool = False) -> float:
        """Return the yuan that state and insurance paid, for one measure and by one funder if they are named.

        Raises:
            ValueError: no such funder.
        """
        if funder is not None and funder not in FUNDERS:
            raise ValueError(f"{funder}: no funder; one of {', '.join(FUNDERS)}")
        accounts = self.accounts(since_start)
        return sum(
            yuan
            for payer in ((funder,) if funder is not None else PUBLIC)
            for purpose, yuan in accounts[payer].items()
            if measure is None or purpose == measure
        )

    def granted(self, measure: str) -> float:
        """Return the yuan that this month's budget grants a measure, used or not."""
        made = self.model.world.claims.made
        return sum(float(claim.granted.sum()) for (name, _), claim in made.items() if name == measure) / FEN

    @property
    def ceiling(self) -> float | None:
        """Return the yuan that may be spent this month; None without a ceiling."""
        fen = self.model.world.money.ceiling
        return None if fen is None else fen / FEN

    @property
    def left(self) -> float | None:
        """Return the yuan that the year's budget has left after this month; None without a yearly budget."""
        ledger = self.model.world.money
        return None if ledger.year is None else ledger.year.left_after(ledger.public()) / FEN

    @property
    def deficit(self) -> float:
        """Return the yuan by which entitlements exceed the ceiling this month."""
        return self.model.world.money.deficit / FEN

    @property
    def refused(self) -> float:
        """Return the yuan that the ceiling left unpaid this month."""
        return self.model.world.money.refused / FEN
