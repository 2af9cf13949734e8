"""Every lever changes a run: with all measures strongly on, turning one of them off leaves other numbers behind."""

import math
from functools import cache

import pytest

from caresim import CareModel, Scenario, catalogue

MONTHS = 14


def on():
    """Return every lever at the upper end of its range, or at the status quo's value if that is not a number."""
    found = {}
    for row in catalogue.declared_levers():
        if row["role"] == "lever" and not row["name"].endswith(".rollout"):
            value = row["high"] if isinstance(row["value"], float) and row["high"] is not None else row["value"]
            found.setdefault(row["group"], {})[row["name"].partition(".")[2]] = STRONG.get(row["name"], value)
    return found


STRONG = {
    "time_bank.open": True, "time_bank.gifts": True, "time_bank.ceiling": 20.0, "budget.ceiling": 900.0, "budget.allow_deficit": True,
    "cash_stack.stack": 5000.0,
}  # fmt: skip
"""Where the upper end would leave another lever nothing to do."""


def records(instruments):
    mix = {"extends": "no_policy", "instruments": instruments}
    scenario = Scenario.of(
        place="rural_heilongjiang", seed=5, months=MONTHS, residents=2500, townships=2, villages=8, mixes={"a": mix}
    )
    return CareModel(scenario, mix="a", collect=False).run()


@cache
def reference():
    return records(on())


def same(one, other):
    return all(
        mine[name] == value or (isinstance(value, float) and math.isnan(value) and math.isnan(mine[name]))
        for mine, its in zip(one, other, strict=True)
        for name, value in its.items()
    )


LEVERS = [
    row["name"]
    for row in catalogue.declared_levers()
    if row["role"] == "lever" and row["off"] is not None and not row["name"].endswith(".rollout")
]


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_changes_a_run(lever):
    group, _, name = lever.partition(".")
    levers = on()
    off = catalogue.instruments()[group].off()[name]
    assert levers[group][name] != off, "the range is empty"
    levers[group][name] = off
    assert not same(reference(), records(levers))


def test_the_same_levers_leave_the_same_numbers():
    assert same(reference(), records(on()))
