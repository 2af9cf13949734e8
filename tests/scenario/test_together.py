"""Parameters and levers drawn all at once: no world within their plausible ranges breaks a law.

`test_limits.py` moves one parameter at a time as far as it goes; here all of them move, each within the range that its
declaration calls plausible, with every measure in force, most of them in some townships only. What a config refuses
stays as it is declared.
"""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest
from pydantic import ValidationError

from caresim import catalogue
from caresim.agents.entitled_laws import ELSEWHERE, _acting_fault, acting_of
from caresim.kernel.mistakes import ConfigError
from caresim.model import CareModel
from caresim.scenario import Scenario

MONTHS = 14
SEEDS = range(30)
PLACES = ("rural_china", "rural_heilongjiang", "rural_rugao", "rural_zhejiang")
LENIENT = {"allow_deficit": True}
"""Whether a run may begin with a ceiling below what people are entitled to is tested elsewhere."""
SHARES = [one.name for one in catalogue.indicators() if one.unit == "share"]


def drawn(luck: random.Random, declared, name: str):
    """Return a value in the plausible range of a parameter, one time in three an end of it; without a range its own."""
    field = declared.model_fields[name]
    default, said = field.default, field.json_schema_extra or {}
    if isinstance(default, bool):
        return luck.random() < 0.5
    low, high = said.get("low"), said.get("high")
    if low is None or high is None or isinstance(default, str | tuple):
        return default
    value = luck.choice((low, high)) if luck.random() < 1 / 3 else luck.uniform(low, high)
    return round(value) if isinstance(default, int) else float(value)


def group_of(luck: random.Random, declared, **fixed) -> dict:
    """Return drawn values of a group; none if they cannot be together."""
    values = {name: drawn(luck, declared, name) for name in declared.model_fields}
    values |= {name: value for name, value in fixed.items() if name in values}
    try:
        declared(**values)
    except ValidationError:
        return {}
    return values


def world_of(seed: int) -> Scenario:
    """Return a tiny world in which everything is drawn; measures that its parameters forbid are left out."""
    luck = random.Random(seed)
    parameters = {name: group_of(luck, group) for name, group in catalogue.parameter_groups().items()}
    measures = {
        name: group_of(luck, one.parameters, **LENIENT) for name, one in catalogue.instruments().items()
    }
    keys = {"place": luck.choice(PLACES), "start": luck.choice(("2010-01", "2020-01")), "seed": seed, "months": MONTHS,
            "residents": 240, "townships": 3, "villages": 4, "parameters": parameters}  # fmt: skip
    try:
        return Scenario.of(**keys, mixes={"drawn": {"instruments": measures}})
    except ConfigError:
        del measures["source_order"]  # cannot hold in some townships if it asks the time bank early
        return Scenario.of(**keys, mixes={"drawn": {"instruments": measures}})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_drawn_within_plausible_ranges_breaks_no_law(seed):
    with warnings.catch_warnings(), np.errstate(invalid="raise", divide="raise", over="raise"):
        warnings.simplefilter("error")
        model = CareModel(world_of(seed), "drawn", collect=False)
        for _ in range(MONTHS):
            model.step()
            for measure in acting_of(model.world)[0]:  # of which a month looks at one
                assert _acting_fault(model.world, *measure) is None, ELSEWHERE
    for record in model.records:
        assert np.isfinite(record["residents"])
        for name in SHARES:
            assert not record[name] < 0.0, name
            assert not record[name] > 1.0 + 1e-9, name
