"""The month's accounts: the sums of payments that indicators read, from one look at the ledger."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.agents.money import (
    CHARITY,
    ELDERS,
    FAMILY_HELP,
    OWNERS_BEAR,
    PUBLIC,
    REMITTANCES,
    Ledger,
)
from caresim.kernel.compiled import compiled

BELONGS: dict[str, Callable[[str, str, str], bool]] = {
    "public": lambda why, payer, payee: payer in PUBLIC,
    "central": lambda why, payer, payee: payer == "central",
    "local": lambda why, payer, payee: payer == "local",
    "lottery": lambda why, payer, payee: payer == "lottery",
    "insurance": lambda why, payer, payee: payer == "insurance",
    "collective": lambda why, payer, payee: payer == "collective",
    "charity": lambda why, payer, payee: payer == CHARITY,
    "cash": lambda why, payer, payee: payer in (*PUBLIC, CHARITY) and payee in (ELDERS, "families"),
    "family_help": lambda why, payer, payee: why == FAMILY_HELP,
    "remittances": lambda why, payer, payee: why == REMITTANCES,
    "to_carers": lambda why, payer, payee: payer in (*PUBLIC, CHARITY) and payee == "families",
    "hospital_own": lambda why, payer, payee: why == "hospital" and payer == ELDERS,
    "hospital_insured": lambda why, payer, payee: why == "hospital" and payer == "medical_insurance",
    "home_fees": lambda why, payer, payee: why == "home_fees",
    "to_homes": lambda why, payer, payee: payee == "homes" and why != OWNERS_BEAR,
    "owners_bear": lambda why, payer, payee: why == OWNERS_BEAR,
}
"""Which payments belong to each account: by purpose, payer and payee.

    public: by the state and its insurance.
    central: by each funder, from this one to `charity`.
    cash: by the state and charities to elders and families.
    family_help: by families for bills that elders could not pay.
    remittances: by families to elders, to live on.
    to_carers: by the state and charities to families.
    hospital_own: by elders to hospitals.
    hospital_insured: by medical insurance to hospitals.
    home_fees: in fees of care homes.
    to_homes: to care homes, but for what owners bear.
    owners_bear: by owners of private homes for their debts.
"""
ACCOUNTS = tuple(BELONGS)
(BY_PUBLIC, _, _, _, _, BY_COLLECTIVE, BY_CHARITY, CASH, HELP, SENT, TO_CARERS, HOSPITAL_OWN, HOSPITAL_INSURED,
 HOME_FEES, TO_HOMES, OWNERS) = range(len(ACCOUNTS))  # fmt: skip


def marks_of(ledger: Ledger) -> np.ndarray:
    """Return a word for each payment of a ledger, by slot, with a bit for each account to which it belongs."""
    return np.array([_marks(*key) for key in ledger.slots], dtype=np.int64)


def _marks(why: str, payer: str, payee: str) -> int:
    """Return a bit for each account to which a payment belongs."""
    return sum(1 << number for number, belongs in enumerate(BELONGS.values()) if belongs(why, payer, payee))


@compiled
def add_up(fen, marks, sums):
    """Add up the fen of the month's payments by account."""
    sums[:] = 0.0
    for slot in range(len(marks)):
        if fen[slot] != 0:
            for number in range(len(sums)):
                sums[number] += fen[slot] * (marks[slot] >> number & 1)
