"""The split of variance on simulated sweeps whose parts are known."""

import numpy as np
import pandas as pd
import pytest

from caresim.experiment.decision import variance_components
from caresim.experiment.decision.variance import share_interval

POINTS, REPLICATIONS = 30, 6


def sweep(luck, parameter, paired, residual, points=POINTS):
    index = pd.MultiIndex.from_product([range(points), range(REPLICATIONS)], names=["point", "replication"])
    table = luck.normal(0, parameter, (points, 1)) + luck.normal(0, paired, (1, REPLICATIONS))
    return pd.Series((5.0 + table + luck.normal(0, residual, (points, REPLICATIONS))).ravel(), index=index)


def test_a_sweep_by_hand():
    """Points mean 1 and 3; replications differ by 2 everywhere: 2 between points, 2 within, nothing left."""
    index = pd.MultiIndex.from_product([(0, 1), (0, 1)], names=["point", "replication"])
    found = variance_components(pd.Series([0.0, 2.0, 2.0, 4.0], index=index))
    assert found[["stochastic", "parameter", "parameter_share", "mean"]].tolist() == [2.0, 2.0, 0.5, 2.0]
    assert found[["points", "replications"]].tolist() == [2, 2]


@pytest.mark.parametrize("crossed", [True, False])
def test_parts_are_found_without_bias(crossed):
    """Mean estimates of 300 sweeps against the truth; 4 standard errors of that mean, once in 16,000 times beyond."""
    luck = np.random.default_rng(12)
    paired, residual = (1.5, 1.0) if crossed else (0.0, 1.8)
    found = pd.DataFrame(
        [variance_components(sweep(luck, 2.0, paired, residual), crossed) for _ in range(300)]
    )
    for part, truth in (("parameter", 4.0), ("stochastic", paired**2 + residual**2)):
        assert abs(found[part].mean() - truth) < 4 * found[part].std() / np.sqrt(300)


def test_luck_that_all_points_share_is_no_parameter():
    found = [variance_components(sweep(np.random.default_rng(k), 0.0, 3.0, 0.1)) for k in range(20)]
    assert max(part["parameter_share"] for part in found) < 0.05


def test_unequal_points_and_gaps():
    values = sweep(np.random.default_rng(4), 2.0, 0.0, 1.0)
    gaps = values.drop(values.index[:3])
    assert variance_components(gaps)["replications"] == REPLICATIONS - 3
    assert variance_components(gaps, crossed=False)["parameter"] == pytest.approx(
        variance_components(values, crossed=False)["parameter"], rel=0.3
    )
    assert np.isnan(variance_components(values.loc[[0]])["parameter"])


def test_the_interval_of_the_share_covers_it():
    """60 sweeps of 30 points: the interval that says 95 % misses in at most 13 (bootstraps of 30 cover some 90 %)."""
    truth, missed = 4.0 / (4.0 + 2.25), 0
    for k in range(60):
        luck = np.random.default_rng(100 + k)
        values = sweep(luck, 2.0, 0.0, 1.5)
        lower, upper = share_interval(values, luck.integers(0, POINTS, (200, POINTS)))
        missed += not lower < truth < upper
    assert missed <= 13
