"""The split of variance on simulated sweeps whose parts are known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim.experiment.decision import variance_components
from caresim.experiment.decision.tables import resampled
from caresim.experiment.decision.variance import mean_interval, share_interval
from caresim.experiment.statistics import t_interval

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


def test_the_interval_of_a_sweeps_mean_holds_the_luck_that_all_points_share():
    """300 sweeps of 30 points, 6 replications: at least 270 intervals of 95 % cover; fewer have p < 1e-3.

    Intervals from the means of the points alone cover in about one of four.
    """
    luck, covered, by_points = np.random.default_rng(5), 0, 0
    for _ in range(300):
        values = sweep(luck, 0.5, 3.0, 0.5)
        _, lower, upper = mean_interval(values)
        covered += lower < 5.0 < upper
        _, lower, upper = t_interval(values.groupby(level="point").mean().to_numpy())
        by_points += lower < 5.0 < upper
    assert covered >= 270
    assert by_points < 150


def test_the_interval_of_a_mean_by_hand():
    """Of points 0, 2 and luck 0, 2 the mean 2 has the variance 2 / 2 + 2 / 2 with 2 degrees of freedom."""
    index = pd.MultiIndex.from_product([(0, 1), (0, 1)], names=["point", "replication"])
    mean, lower, upper = mean_interval(pd.Series([0.0, 2.0, 2.0, 4.0], index=index))
    assert (mean, upper - mean) == pytest.approx((2.0, stats.t.ppf(0.975, 2) * np.sqrt(2.0)))
    assert mean - lower == pytest.approx(upper - mean)
    one = pd.Series([1.0, 3.0, 8.0], index=pd.RangeIndex(3, name="replication"))
    assert mean_interval(one) == t_interval(one.to_numpy())
    alone = pd.Series([1.0, 3.0], index=pd.MultiIndex.from_tuples([(0, 0), (1, 0)], names=index.names))
    assert mean_interval(alone) == t_interval(np.array([1.0, 3.0]))


def test_points_and_replications_of_a_sweep_are_drawn_again_together():
    """The variance of 1,000 resampled means of a sweep whose points and replications differ equally much.

    That of t with k degrees of freedom is k / (k - 2): 29 / 27 of the points' part and 5 / 3 of the replications'.
    """
    values = sweep(np.random.default_rng(8), 2.0, 2.0, 0.0)
    weights = resampled(values.index, np.random.default_rng(1))
    assert weights.sum(axis=1) == pytest.approx(1.0)
    table = values.unstack("replication").to_numpy()
    of_points, of_luck = (
        table.mean(axis=1).var(ddof=1) / POINTS,
        table.mean(axis=0).var(ddof=1) / REPLICATIONS,
    )
    known = of_points * 29 / 27 + of_luck * 5 / 3
    assert (weights @ values.to_numpy()).var() == pytest.approx(known, rel=0.25)


def test_a_sweep_with_gaps_is_drawn_again_as_it_is():
    rows = pd.MultiIndex.from_product([range(3), range(4)], names=["point", "replication"])[:-1]
    weights = resampled(rows, np.random.default_rng(1))
    assert weights.min() >= 0.0
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert resampled(rows[:8], np.random.default_rng(1)).min() < 0.0  # no gap, and stretched
