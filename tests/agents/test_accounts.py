"""The month's accounts: each payment counts in the accounts to which it belongs."""

from __future__ import annotations

import numpy as np

from caresim.agents.accounts import ACCOUNTS, BELONGS, add_up, marks_of
from caresim.agents.money import OWNERS_BEAR, Ledger


def test_each_payment_counts_where_it_belongs():
    ledger = Ledger()
    ledger.pay("cash", "central", "elders", 5)
    ledger.pay("hospital", "elders", "hospitals", 7)
    ledger.pay("home_fees", "elders", "homes", 11)
    ledger.pay("operating_subsidy", "local", "homes", 13)
    ledger.pay(OWNERS_BEAR, "owners", "homes", 17)
    sums = np.full(len(ACCOUNTS), np.nan)
    add_up(ledger.fen, marks_of(ledger), sums)
    plain = [sum(fen for key, fen in ledger.month.items() if belongs(*key)) for belongs in BELONGS.values()]
    assert sums.tolist() == plain
    assert sums[ACCOUNTS.index("home_fees")] == 11
    assert sums[ACCOUNTS.index("to_homes")] == 11 + 13
    assert sums[ACCOUNTS.index("owners_bear")] == 17
