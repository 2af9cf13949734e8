"""The ceiling binds whatever government pays for, claimed or not."""

from __future__ import annotations

import pytest

from caresim import CareModel, Scenario, catalogue
from caresim.agents.instrument import Instrument
from caresim.agents.money import PUBLIC, Ledger

UNCLAIMED = {
    "carer_respite": {"hours": 40.0},
    "time_bank": {"open": True, "registration": 0.3, "endowment": 20.0, "backstop": 1.0},
    "happiness_homes": {"home_share": 1.0},
}
"""Measures that pay for what was given, without a claim before."""
WORKERS = {"care_workers": {"certified_target": 200.0, "cost_certificate": 0.0}}
MONTHS = 6


def run(ceiling):
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", seed=3, months=MONTHS, residents=1500, townships=1, villages=5,
        mixes={"tried": {"extends": "no_policy",
                         "instruments": UNCLAIMED | WORKERS | {"budget": {"ceiling": ceiling, "allow_deficit": True}}}},
    )  # fmt: skip
    model = CareModel(scenario, "tried", collect=False)
    spent = []
    for _ in range(MONTHS):
        model.step()
        money = model.world.money
        spent.append({name: money.paid(name, PUBLIC) for name in UNCLAIMED})
        assert money.ceiling is None or money.public() <= money.ceiling
    return model, spent


def test_without_a_ceiling_all_is_paid_for():
    model, spent = run(0.0)
    assert model.world.money.left is None
    assert all(sum(month[name] for month in spent) > 0 for name in UNCLAIMED)


def test_a_ceiling_limits_what_is_paid_without_a_claim():
    """The law of the budget is checked each month of this run; here it binds, and less is given."""
    (free, without), (bound, within) = run(0.0), run(3.0)
    assert sum(sum(month.values()) for month in without) > 1.5 * sum(sum(month.values()) for month in within)
    hours = [sum(record["hours_bought"] for record in model.records) for model in (free, bound)]
    assert hours[0] > hours[1]


def test_what_the_ceiling_leaves_is_spent_once():
    ledger = Ledger()
    ledger.left = 100
    assert [ledger.afford(70), ledger.afford(70), ledger.afford(70)] == [70, 30, 0]
    assert (ledger.left, ledger.refused) == (0, 110)
    ledger.left = None
    assert ledger.afford(70) == 70


def test_a_measure_acts_where_somebody_calls_it():
    known = catalogue.instruments()["inspection"]
    with pytest.raises(ValueError, match="no slot yearly; one of entitlement, benefit, top_up"):
        Instrument(
            name="late", meaning="Too late.", parameters=known.parameters, moves=known.moves, slot="yearly"
        )
