"""What is measured of the time bank, worked out on paper."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.agents.people import COLUMNS
from caresim.agents.place import OLDEST, Rates, VitalRates
from caresim.indicators import time_bank
from caresim.processes import inheritance
from caresim.processes.mortality import Mortality
from caresim.recorder import Recorder
from tests.bank import Bank
from tests.hamlet import Hamlet

RECORDER = Recorder(time_bank.INDICATORS)
HAZARD = 0.1


def measured(b):
    """Measure a bank in a place where everybody dies at a rate of .1 a year."""
    rates = VitalRates(
        2020, Rates.constant(np.full((2, OLDEST), HAZARD)), Rates.constant(np.zeros(OLDEST)), np.full(1, 1.05)
    )
    b.world.place = SimpleNamespace(rates=rates)
    b.world.parameters["mortality"] = Mortality()
    found = RECORDER.measure(b.world)
    return {name.removeprefix("time_bank_"): value for name, value in found.items()}


def test_a_closed_bank_serves_nobody_and_the_rest_has_no_meaning():
    b = Bank(open=False)
    b.elder(instrumental=100)
    b.run()
    found = measured(b)
    empty = {name for name, value in found.items() if math.isnan(value)}
    assert empty == {"fill_rate", "velocity", "coverage", "gini", "confidence"}
    assert {value for name, value in found.items() if name not in empty} == {0.0}


def test_a_world_that_knows_no_bank_is_measured_too():
    found = RECORDER.measure(Hamlet(COLUMNS).world)
    assert found["time_bank_hours_bought"] == found["time_bank_outstanding"] == 0.0


def test_a_month_of_service_on_paper():
    b = Bank(backstop=0.5, most_hours=3.0, hours=1.0)
    b.set("volunteering", propensity_a=0.05, propensity_b=0.05)  # each is active always or never
    elder, helper = b.elder(coins=6000, instrumental=150, company=300), b.helper()
    idle = b.person(60, "f", b.household(), luck={"volunteering.propensity": 0.00001})
    b.run()
    served = b.offered(helper)
    bought = (180 - served) // 2
    found = measured(b)
    assert b.coins(elder, helper, idle) == [6000 - served - bought, served, 0]
    assert found["fill_rate"] == pytest.approx((served + bought) / 180)
    assert found["velocity"] == pytest.approx(12 * (served + bought) / (6000 - bought))
    assert found["outstanding"] == found["issued"] == pytest.approx((6000 - bought) / 60)
    assert found["members"] == 2
    assert found["active"] == 1
    assert found["hours_bought"] == pytest.approx(bought / 60)
    assert found["gini"] == pytest.approx(1 / 2)
    assert found["confidence"] == b.world.bank.confidence
    b.needs.clear()
    b.next()
    b.run()
    later = measured(b)
    assert later["hours_bought"] == later["velocity"] == 0.0
    assert math.isnan(later["fill_rate"])


def test_what_is_lost_at_death_and_with_records():
    b = Bank(loss_year=1.0, loss_part=1.0)
    rows = [b.elder(coins=60) for _ in range(200)]
    b.run()
    gone = 200 - sum(b.coins(*rows)) / 60
    assert gone > 0
    assert measured(b)["records_lost"] == gone
    b.next()
    alive = [row for row, coins in zip(rows, b.coins(*rows), strict=True) if coins]
    b.people.die(np.array(alive[:3]))
    inheritance.inherit(b.world)
    found = measured(b)
    assert found["lost_at_death"] == 3.0
    assert found["records_lost"] == 0.0


def test_claims_are_expected_of_those_who_live_to_make_them():
    b = Bank(claims_from=75.0)
    old, young = b.elder(coins=600, age=80), b.elder(coins=1200, age=70)
    found = measured(b)
    assert b.coins(old, young) == [600, 1200]
    assert found["actuarial"] == pytest.approx(10 + 20 * math.exp(-5 * HAZARD))
    assert found["outstanding"] == 30.0


def test_survival_to_the_age_of_claims():
    found = time_bank.survival(np.full((2, OLDEST), HAZARD), 2.0, 75.5)
    assert found[:, 74] == pytest.approx(math.exp(-1.5 * 2 * HAZARD))
    assert found[:, 75] == pytest.approx(math.exp(-0.5 * 2 * HAZARD))
    assert found[:, 76:] == pytest.approx(1.0)


def test_coverage_is_a_year_of_expected_help_per_hour_of_expected_claims():
    b = Bank(confidence_weight=0.8, confidence_start=0.5, confidence_speed=0.0, hours=5.0)
    b.elder(coins=6000, age=90)
    for _ in range(4):
        b.helper()
    resting = b.helper()
    b.people["dementia"][resting] = 1
    b.run()
    assert measured(b)["coverage"] == pytest.approx(12 * 4 * 5.0 * (0.2 + 0.8 * 0.5) / 100, rel=1e-5)


@given(st.lists(st.integers(0, 90_000), min_size=1, max_size=30))
def test_gini_is_half_the_relative_mean_difference(balances):
    found = time_bank.gini_of(np.array(balances, dtype=np.int32), 0)
    if sum(balances) == 0:
        assert math.isnan(found)
    else:
        apart = sum(abs(a - b) for a in balances for b in balances)
        assert found == pytest.approx(apart / (2 * len(balances) * sum(balances)))
