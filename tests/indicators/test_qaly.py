"""The parts of the quality of life, worked out on paper."""

import math

import numpy as np
import pytest

from caresim.agents.care import LONELY
from caresim.agents.people import COLUMNS
from caresim.indicators import hospital, life, local_services, qaly
from caresim.kernel.columns import Column
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet
from tests.indicators.books import Village

WEIGHTS = 0.95 + 0.788 + 0.591 + 0.347


def village():
    """One elder in each state; one is lonely, one left with half of the need."""
    v = Village()
    for state, more in enumerate(({"mood": LONELY}, {}, {"unmet": 125}, {})):
        v.elder(70, disability=state, **more)
    return v


def test_the_parts_add_up_to_the_whole():
    v = village()
    v.world.start -= 12
    found = v.measure((*qaly.INDICATORS, *life.INDICATORS))
    assert found["qalys_by_function"] == pytest.approx(WEIGHTS / 12 / 1.05)
    assert found["qalys_lost_to_loneliness"] == pytest.approx(0.043 / 12 / 1.05)
    assert found["qalys_lost_to_unmet"] == pytest.approx(0.025 / 12 / 1.05)
    whole = found["qalys_by_function"] - found["qalys_lost_to_loneliness"] - found["qalys_lost_to_unmet"]
    assert found["qalys"] == pytest.approx(whole)
    assert found["quality_of_life"] == pytest.approx((WEIGHTS - 0.043 - 0.025) / 4)
    assert found["healthy_years"] == pytest.approx(1 / 12)


def test_elders_who_died_are_counted():
    v = Village()
    old, young = v.elder(70), v.add(40, "f", v.household())
    v.elder(80)
    v.write()
    v.people.die(np.array([old, young]))
    assert Recorder(qaly.INDICATORS).measure(v.world)["elder_deaths"] == 1


def test_without_care_in_the_run_there_is_nothing_to_tell():
    h = Hamlet(COLUMNS)
    h.add(70, "f", h.household())
    found = Recorder((*qaly.INDICATORS, *hospital.INDICATORS, *local_services.INDICATORS)).measure(h.world)
    assert found.pop("elder_deaths") == 0
    assert all(math.isnan(value) for value in found.values())


def test_patients_beds_and_safe_homes_are_counted():
    names = ("in_hospital", "modified", "care_bed", "digital_skill")
    h = Hamlet((*COLUMNS, *HEALTH, *(Column(name, np.uint8, 0, "", name, "test") for name in names)))
    values = [(1, 1, 2, 2), (0, 2, 10, 1), (1, 0, 5, 3), (0, 1, 1, 3)]
    for row in [h.add(70, "f", h.household()) for _ in values]:
        for name, value in zip(names, values[row], strict=True):
            h.people[name][row] = value
    young = h.add(30, "f", h.household())
    h.people["in_hospital"][young] = 1
    h.world.elders = np.arange(4)
    h.world.money.pay("hospital", "elders", "hospitals", 12_345)
    h.world.money.pay("hospital", "medical_insurance", "hospitals", 20_000)
    h.world.money.pay("other", "elders", "hospitals", 9)
    assert Recorder((*hospital.INDICATORS, *local_services.INDICATORS)).measure(h.world) == {
        "hospital_admissions": 2.0, "hospital_admission_rate": 6.0, "hospital_own_payments": 123.45,
        "hospital_insured_payments": 200.0, "modified_homes_share": 0.5, "home_beds_in_use": 2.0, "station_stays": 1.0,
        "digital_skill_share": 0.75,
    }  # fmt: skip
