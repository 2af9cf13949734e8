"""The ceiling binds whatever government pays for, claimed or not."""

from __future__ import annotations

import math
import pickle

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


def lived(budget, months):
    """Return a place of the status quo after some months under a budget; its laws are checked each month."""
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", seed=3, months=24, residents=1500, townships=1, villages=5,
        mixes={"tried": {"instruments": {"budget": budget}}},
    )  # fmt: skip
    model = CareModel(scenario, "tried", collect=False)
    for _ in range(months):
        model.step()
    return model


SHORT = {"ceiling": 20.0, "yearly": True, "carry_over": 0.5, "allow_deficit": True}


def test_the_money_of_a_year_runs_out_late_in_the_year():
    records = lived(SHORT, 24).records
    refused = [record["claims_refused"] > 0.0 for record in records]
    for year in (refused[:12], refused[12:]):
        assert not year[0]
        assert year[11]
        assert year == sorted(year), "once it has run out, claims are refused until December"
    monthly = lived(SHORT | {"yearly": False}, 12).records
    assert all(record["claims_refused"] > 0.0 for record in monthly[1:12])


def test_what_a_year_leaves_is_told_in_december_and_half_of_it_is_kept():
    model = lived(SHORT | {"ceiling": 60.0}, 12)
    told = [record["budget_unspent"] for record in model.records]
    assert told[0] == 0.0
    assert all(math.isnan(fen) for fen in told[1:11])
    assert told[11] > 0.0
    assert told[11] == pytest.approx(model.government.left)
    elders = len(model.world.elders)
    model.step()
    year = model.world.money.year
    assert year.carried == pytest.approx(50.0 * told[11], abs=1.0)
    assert year.granted == pytest.approx(6000 * 12 * elders, rel=0.02)


def test_a_year_that_has_begun_stays_as_it_is_until_december():
    dated = {
        name: {"2020-01": value, "2020-06": 0 if name == "ceiling" else value}
        for name, value in SHORT.items()
    }
    model, steady = lived(dated, 12), lived(SHORT, 12)
    assert repr(model.records) == repr(steady.records)
    model.step()
    assert model.world.money.year is None
    assert model.government.ceiling is None


def test_the_state_of_a_year_travels_with_the_model():
    model = lived(SHORT, 9)
    again = pickle.loads(pickle.dumps(model))
    assert repr(again.run()) == repr(model.run()) == repr(lived(SHORT, 24).records)


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
