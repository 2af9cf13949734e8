"""What is told of care homes, on numbers set by hand."""

import numpy as np
import pytest

from caresim import CareModel, catalogue, load_scenario
from caresim.recorder import Recorder


@pytest.fixture(scope="module")
def model():
    size = ["population.residents=3000", "population.villages=10", "population.townships=1", "months=1"]
    one = CareModel(load_scenario("configs/heilongjiang.yaml", set=size), collect=False)
    one.run()
    return one


@pytest.mark.parametrize(("waits", "mean", "longest"), [([4, 1], 2.5, 4.0), ([], None, None)])
def test_who_only_changes_homes_has_not_waited(model, waits, mean, longest):
    homes = model.world.homes
    homes.admitted = np.zeros((3, 4), dtype=np.int64)  # three moved in, one of them from another home
    homes.waits = np.array(waits, dtype=np.int64)
    told = Recorder(catalogue.indicators()).measure(model.world)
    assert told["admissions"] == 3
    assert told["wait_mean"] == pytest.approx(mean, nan_ok=True) if waits else np.isnan(told["wait_mean"])
    assert told["wait_p90"] == longest if waits else np.isnan(told["wait_p90"])
