"""Measures with dates: they reach township after township, and what is lent for some months goes back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from caresim import CareModel, Scenario
from caresim.agents.money import FEN
from tests.policies.test_first_indicators import PLACE

MONTHS = 6
PAY = 4500.0
"""Yuan a month of a worker on loan."""


def model(measures, **parameters):
    mixes = {"dated": {"extends": "no_policy", "instruments": measures}}
    scenario = Scenario.of(**PLACE, months=MONTHS, mixes=mixes, parameters=parameters)
    return CareModel(scenario, "dated", collect=False)


def test_a_rollout_reaches_township_after_township_and_leaves_none_again():
    """Of three townships one is reached in January, another in March, the last in May."""
    rollout = {"2020-01": 0.34, "2020-03": 0.67, "2020-05": 1.0}
    made = model({"age_allowance": {"from_80": 500.0, "rollout": rollout}}, assessment={"take_up": 1.0})
    paid = []
    for _ in range(MONTHS):
        made.step()
        world = made.world
        elders = world.elders[world.people["benefits"][world.elders] > 0]
        paid.append({int(t) for t in world.territory.township[world.people["village"][elders]]})
    assert [len(townships) for townships in paid] == [1, 1, 2, 2, 3, 3]
    assert all(before <= after for before, after in pairwise(paid))


def test_workers_on_loan_go_back_after_their_months_in_each_village():
    """One township is lent workers from January to March, the other two from March to May."""
    rollout = {"2020-01": 0.34, "2020-03": 1.0}
    support = {"carers_per_village": 2.0, "months": 3, "cost": PAY, "rollout": rollout}
    made = model({"counterpart_support": support}, villages={"remote_share": 1.0})
    assert made.world.territory.remote.all()
    lent, paid = [], []
    for _ in range(MONTHS):
        made.step()
        lent.append(set(np.flatnonzero(made.world.workforce.loaned).tolist()))
        paid.append(made.world.money.paid("counterpart_support", ("central",)) / FEN)
    first, later = lent[0], lent[3]
    everywhere = set(range(len(made.world.territory)))
    assert first
    assert first | later == everywhere
    assert not first & later
    assert lent == [first, first, everywhere, later, later, set()]
    assert paid == [2.0 * PAY * len(villages) for villages in lent]
