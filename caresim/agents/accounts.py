"""The month's accounts: the sums of payments that indicators read, from one look at the ledger."""

from __future__ import annotations

from collections.abc import Callable

from caresim.agents.money import (
    BOARD,
    CHARITY,
    ELDERS,
    FAMILY_HELP,
    LIVING,
    OWNERS_BEAR,
    PUBLIC,
    Key,
    Ledger,
)

CARERS = ("homes", "care_workers", "providers", "suppliers", "collective")
"""Whom elders pay for care; `suppliers` stands for kitchens, so what they live on is left out."""


BELONGS: dict[str, Callable[[str, str, str], bool]] = {
    "public": lambda why, payer, payee: payer in PUBLIC,
    "central": lambda why, payer, payee: payer == "central",
    "local": lambda why, payer, payee: payer == "local",
    "lottery": lambda why, payer, payee: payer == "lottery",
    "insurance": lambda why, payer, payee: payer == "insurance",
    "collective": lambda why, payer, payee: payer == "collective",
    "charity": lambda why, payer, payee: payer == CHARITY,
    "cash": lambda why, payer, payee: payer in (*PUBLIC, CHARITY) and payee in (ELDERS, "families"),
    "bills": lambda why, payer, payee: payer == ELDERS and payee in CARERS and why not in (LIVING, BOARD),
    "family_help": lambda why, payer, payee: why == FAMILY_HELP,
    "hospital_own": lambda why, payer, payee: why == "hospital" and payer == ELDERS,
    "hospital_insured": lambda why, payer, payee: why == "hospital" and payer == "medical_insurance",
    "home_fees": lambda why, payer, payee: why == "home_fees",
    "to_homes": lambda why, payer, payee: payee == "homes",
    "owners_bear": lambda why, payer, payee: why == OWNERS_BEAR,
}
"""Which payments belong to each account: by purpose, payer and payee.

    public: by the state and its insurance.
    central: by each funder, from this one to `charity`.
    cash: by the state and charities to elders and families.
    bills: by elders for care.
    family_help: by families for bills that elders could not pay.
    hospital_own: by elders to hospitals.
    hospital_insured: by medical insurance to hospitals.
    home_fees: in fees of care homes.
    to_homes: to care homes.
    owners_bear: by owners of private homes for their debts.
"""
ACCOUNTS = tuple(BELONGS)
(BY_PUBLIC, _, _, _, _, BY_COLLECTIVE, BY_CHARITY, CASH, BILLS, _, HOSPITAL_OWN, HOSPITAL_INSURED, HOME_FEES, TO_HOMES,
 OWNERS) = range(len(ACCOUNTS))  # fmt: skip


class _Places(dict[Key, tuple[int, ...]]):
    """The numbers of the accounts to which each payment belongs that somebody has asked for."""

    def __missing__(self, key: Key) -> tuple[int, ...]:
        found = tuple(number for number, name in enumerate(ACCOUNTS) if BELONGS[name](*key))
        return self.setdefault(key, found)


PLACES = _Places()


def add_up(ledger: Ledger) -> list[int]:
    """Add up the fen of the month's payments by account."""
    sums, places = [0] * len(ACCOUNTS), PLACES
    for key, fen in ledger.month.items():
        if fen:
            for number in places[key]:
                sums[number] += fen
    return sums
