"""The limits of parameters are real: no value within them stops a run, breaks a law or makes a number that is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.kernel.mistakes import ConfigError
from caresim.kernel.parameters import limits_of
from caresim.model import CareModel
from caresim.scenario import Scenario

INSIDE = 1 / 3
"""Part of the way from the lower to the upper limit at which each parameter is tried too."""
DECLARED = [
    (group, name)
    for group, declared in catalogue.parameter_groups().items()
    for name in declared.model_fields
]


def numbers(value) -> list:
    """Return the numbers of a default; none for yes and no, and for words."""
    found = value if isinstance(value, tuple) else (value,)
    return [number for number in found if not isinstance(number, bool | str)]


def tried(group: str, name: str) -> list:
    """Return the values to try of a parameter: its limits and one inside, for a list also one end in each place."""
    declared = catalogue.parameter_groups()[group]
    default = declared.model_fields[name].default
    if isinstance(default, bool):
        return [True, False]
    if not numbers(default):
        return [default[::-1], default[2:] + default[:2]]  # an order
    smallest, largest = limits_of(declared, name)
    kind = type(numbers(default)[0])
    points = [kind(point) for point in (smallest, largest, smallest + (largest - smallest) * INSIDE)]
    if not isinstance(default, tuple):
        return points
    alone = [(*default[:at], point, *default[at + 1 :]) for at in range(len(default)) for point in points[:2]]
    return [*(tuple(point for _ in default) for point in points), *alone]


def scenarios(group: str, name: str):
    """Yield the runs with each tried value that its group accepts."""
    for value in tried(group, name):
        try:
            yield Scenario.of(place="bayan", start="2010-01", months=13, residents=60, townships=1, villages=2,
                              parameters={group: {name: value}})  # fmt: skip
        except ConfigError as error:
            assert "make at most 1" in str(error) or "falls; write" in str(error)  # noqa: PT017


@pytest.mark.parametrize(("group", "name"), DECLARED)
def test_every_number_has_limits(group, name):
    declared = catalogue.parameter_groups()[group]
    default = declared.model_fields[name].default
    smallest, largest = limits_of(declared, name)
    if numbers(default):
        assert all(smallest <= number <= largest for number in numbers(default))
        assert math.isfinite(largest - smallest)


@pytest.mark.parametrize(("group", "name"), DECLARED)
def test_a_run_within_the_limits_ends_well(group, name):
    runs = 0
    for scenario in scenarios(group, name):
        with np.errstate(invalid="raise", divide="raise", over="raise"):
            records = CareModel(scenario, collect=False).run()
        residents = [record["residents"] for record in records]
        assert len(residents) == 13
        assert all(np.isfinite(residents))
        runs += 1
    assert runs


def test_a_county_whose_leavers_all_go_to_town_still_has_leavers():
    shares = {"town_share": 1.0, "province_share": 0.0}
    scenario = Scenario.of(place="bayan", start="2010-01", months=13, residents=300, townships=1, villages=2,
                           parameters={"migration": shares, "urbanisation": shares})  # fmt: skip
    model = CareModel(scenario, collect=False)
    assert model.world.away_shares(1.0, 0.0) == (0.0, 1.0)
    assert len(model.run()) == 13
