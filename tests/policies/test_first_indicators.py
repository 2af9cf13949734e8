"""Each measure moves the indicator that it declares, in the direction that it declares, and nothing where it is not.

The same small place lives through the same luck twice: all other measures are as they are in the status quo, the one
that is tested is off, or as strong as its declaration says and free of cost (a measure that acts through its cost
alone is none).
"""

from __future__ import annotations

import math
from functools import cache

import pytest

from caresim import CareModel, catalogue
from caresim.agents.instrument import Levers
from caresim.scenario import Scenario

INSTRUMENTS = catalogue.instruments()
GROUND = {
    "time_bank_inheritance": {"time_bank": {"open": True, "registration": 0.15}},
    "siting": {"public_homes": {"least": 0}},
    "chains": {"public_homes": {"least": 0}},
    "idle_buildings": {"public_homes": {"least": 0}, "bed_target": {"per_10000": 600.0}},
    "free_entry": {
        "institution_subsidy": {"amount": 2000.0, "severe": 1.0, "moderate": 1.0, "oldest": 1.0},
        "integration": {"level": 1.0},  # more elders take up what is due, and can pay
        "operating_subsidy": {"amount": 800.0},  # a home pays
    },
}
"""What must be in force besides, where a measure has nothing to act on in the status quo."""
PLACE = {
    "place": "rural_heilongjiang",
    "start": "2020-01",
    "seed": 11,
    "residents": 3000,
    "townships": 3,
    "villages": 10,
}
FEW = 3
"""Months after which a measure that acts nowhere would have shown."""
UNITS = {indicator.name: indicator for indicator in catalogue.indicators()}
RUNS: dict[tuple[str, int], list[dict]] = {}


def scenario_of(measures, months):
    """Return the small place under one mix: what is said of the measures, and else the status quo."""
    return Scenario.of(**PLACE, months=months, mixes={"tried": {"instruments": measures}})


def run(measures, months):
    """Return the records of a run; one that has been made is not made again."""
    scenario = scenario_of(measures, months)
    key = scenario.digest()
    if key not in RUNS:
        RUNS[key] = CareModel(scenario, "tried", collect=False).run()
    return RUNS[key]


def free(name):
    """Return the costs of a measure at zero."""
    return {cost: 0.0 for cost in INSTRUMENTS[name].parameters.model_fields if "cost" in cost}


def off(name):
    """Return the measures with one of them off; levers that are off anyway need not be said."""
    declared = INSTRUMENTS[name].parameters.model_fields
    said = {
        lever: value for lever, value in INSTRUMENTS[name].off().items() if value != declared[lever].default
    }
    return GROUND.get(name, {}) | ({name: said} if said else {})


def strong(name, **more):
    """Return the measures with one of them as strong as it declares, for nothing."""
    return GROUND.get(name, {}) | {
        name: INSTRUMENTS[name].off() | INSTRUMENTS[name].moves.levers | free(name) | more
    }


def whole_run(records, name):
    """Return an indicator's value over the months in which it was measured."""
    found = [record[name] for record in records if not math.isnan(record[name])]
    assert found, f"{name} is never measured"
    if UNITS[name].aggregate == "last":
        return found[-1]
    return sum(found) / (len(found) if UNITS[name].aggregate == "mean" else 1)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_the_declared_indicator_moves_at_no_cost(name):
    move = INSTRUMENTS[name].moves
    before = whole_run(run(off(name), move.months), move.indicator)
    after = whole_run(run(strong(name), move.months), move.indicator)
    assert (after - before) * move.sign > 0, (move.indicator, before, after)


@pytest.mark.parametrize(
    "name", [name for name, one in INSTRUMENTS.items() if issubclass(one.parameters, Levers)]
)
def test_a_measure_that_is_rolled_out_nowhere_changes_nothing(name):
    nowhere, without = run(strong(name, rollout=0.0), FEW), run(off(name), FEW)
    assert repr(nowhere) == repr(without)


@cache
def all_off(names):
    """Return the records of a run in which every lever of these measures does nothing, and there is no other."""
    scenario = Scenario.of(**PLACE, months=FEW, mixes=["no_policy"])
    assert {settings.group for settings in scenario.mix("no_policy").instruments} == set(names)
    return CareModel(scenario, "no_policy", collect=False).run()


def test_measures_that_are_off_are_as_good_as_none(monkeypatch):
    """Those that set the parameters of a process stay: without them these have values of their own."""
    off_records = all_off(frozenset(INSTRUMENTS))
    kept = {name: one for name, one in INSTRUMENTS.items() if one.sets is not None}
    monkeypatch.setattr(catalogue, "instruments", lambda: kept)
    assert repr(all_off(frozenset(kept))) == repr(off_records)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_what_is_declared_exists(name):
    one = INSTRUMENTS[name]
    assert one.moves.indicator in UNITS
    assert one.moves.sign in (-1, 1)
    assert one.moves.indicator != "public_spending", "spending is its cost, no effect"
    if one.off():  # a pension is never switched off
        assert set(one.moves.levers) <= set(one.off()), "a lever that moves has a value at which it is off"
    assert one.moves.levers != {
        lever: value for lever, value in one.off().items() if lever in one.moves.levers
    }
    groups = catalogue.parameter_groups()
    for effect in one.effects:
        group, parameter = effect.quantity.split(".")
        assert parameter in groups[group].model_fields
    if one.sets is not None:
        declared = groups[one.sets].model_fields
        for name, field in one.parameters.model_fields.items():
            assert field.default == declared[one.replaced(name)].default, (
                f"{one.sets}.{name} has two defaults"
            )
