"""Net benefit, acceptability and information against problems whose answer is known."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim.experiment.decision import acceptability, net_benefit, perfect_information
from caresim.experiment.decision.benefit import parameter_information
from caresim.experiment.decision.tables import information_interval
from caresim.experiment.decision.thresholds import CURVE, THRESHOLDS, WORTH

ROOT = Path(__file__).resolve().parents[3]

COSTS = pd.DataFrame({"base": [0.0, 0.0, 0.0, 0.0], "new": [10.0, 10.0, 10.0, 10.0]})
EFFECTS = pd.DataFrame({"base": [1.0, 1.0, 1.0, 1.0], "new": [1.0, 2.0, 3.0, 6.0]})


def test_net_benefit_is_worth_less_cost():
    found = net_benefit(COSTS, EFFECTS, (5.0, 20.0))
    assert found.loc[5.0, "new"].tolist() == [-5.0, 0.0, 5.0, 20.0]
    assert found.loc[20.0, "base"].tolist() == [20.0] * 4
    assert found.index.names == ["threshold", "replication"]


def test_the_acceptability_curve_adds_up_and_shares_out_ties():
    found = acceptability(COSTS, EFFECTS, (5.0, 20.0, 0.0))
    # At 5 new has -5, 0, 5, 20 against 5: worse twice, equal once, better once.
    assert found.loc[5.0, "new"] == (0.5 + 1.0) / 4
    assert found[["base", "new"]].sum(axis=1).tolist() == [1.0] * 3
    # The mean of new at 5 is 5 as well; at 20 it is 50 against 20, and new is best in 3 of 4.
    assert found.loc[20.0, ["frontier", "frontier_probability"]].tolist() == ["new", 0.75]
    assert found.loc[0.0, ["frontier", "frontier_probability"]].tolist() == ["base", 1.0]


def test_the_frontier_is_of_the_highest_mean_not_of_the_most_often_best():
    effects = pd.DataFrame({"base": [1.0, 1.0, 1.0], "new": [0.0, 0.0, 10.0]})
    found = acceptability(effects * 0, effects, (1.0,))
    assert found["base"].tolist() == [pytest.approx(2 / 3)]
    assert found["frontier"].tolist() == ["new"]
    assert found["frontier_probability"].tolist() == [pytest.approx(1 / 3)]


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 2.0), (1.0, 2.0), (-3.0, 2.0)])
def test_information_of_a_normal_problem_is_the_normal_linear_loss(mean, spread):
    """Two mixes whose benefit differs by a normal number: EVPI is s (pdf(m/s) - m/s cdf(-m/s)), m the distance from 0.

    200,000 draws; the estimate may be off by 4 standard errors, which it is once in 16,000 times.
    """
    rows = 200_000
    differs = np.random.default_rng(7).normal(mean, spread, rows)
    effects = pd.DataFrame({"base": np.zeros(rows), "new": differs})
    found = perfect_information(effects * 0, effects, (1.0, 1000.0))
    u = abs(mean) / spread
    known = spread * (stats.norm.pdf(u) - u * stats.norm.cdf(-u))
    error = np.maximum(differs, 0).std() / np.sqrt(rows) + differs.std() / np.sqrt(rows)
    assert abs(found[1.0] - known) < 4 * error
    assert found[1000.0] == pytest.approx(1000 * found[1.0], abs=0.001)


@pytest.mark.parametrize("means", [(0.0, 0.0, 0.0), (0.0, 0.5, 1.0), (0.0, 0.2, 0.2, 0.2, 0.2)])
def test_the_interval_of_the_value_of_information_covers_it_where_mixes_lie_close(means):
    """500 runs of 20 replications: if .925 of intervals cover, fewer than 440 do with p < 1e-3; of a bootstrap .45."""
    luck, many = np.random.default_rng(4), np.random.default_rng(5).normal(size=(400_000, len(means))) + means
    truth, covered = many.max(axis=1).mean() - max(means), 0
    for _ in range(500):
        lower, upper = information_interval(pd.DataFrame(luck.normal(size=(20, len(means))) + means))
        covered += lower <= truth <= upper
    assert covered >= 440


def test_the_interval_of_the_value_of_information_by_hand():
    """Losses of a are 0, 0, 3, of b 1, 2, 0: both have the mean 1; the least ends are of a below and of b above."""
    benefit = pd.DataFrame({"a": [1.0, 2.0, 0.0], "b": [0.0, 0.0, 3.0]})
    lower, upper = information_interval(benefit)
    assert lower == 0.0  # 1 - 4.302653 * sqrt(3 / 3)
    assert upper == pytest.approx(1.0 + stats.t.ppf(1 - 0.05 / 4, 2) * 1.0 / np.sqrt(3), abs=1e-6)
    assert all(np.isnan(information_interval(benefit.iloc[:1])))


def test_nothing_is_to_be_learned_where_one_mix_is_always_best():
    assert perfect_information(COSTS, EFFECTS, (0.0,)).tolist() == [0.0]


def test_the_value_of_parameters_lies_between_its_two_estimates():
    """300 points with 6 replications: benefit of the new mix is normal by point and has much luck on top.

    Over 40 simulated sweeps the mean of the upper estimate lies above the truth, that of the lower below, and both
    within their theory; a single sweep errs by about .05, the mean of 40 by .008, and bounds are 4 of those away.
    """
    luck = np.random.default_rng(3)
    index = pd.MultiIndex.from_product([range(300), range(6)], names=["point", "replication"])
    found = []
    for _ in range(40):
        benefit = np.repeat(luck.normal(0.0, 1.0, 300), 6) + luck.normal(0.0, 3.0, 1800)
        found.append(parameter_information(pd.DataFrame({"base": 0.0, "new": benefit}, index=index)))
    above, below = np.mean(found, axis=0)
    # With n noisy replications a point the chooser sees a normal number of variance 1 + 9/n; who knows nothing takes
    # the better mean of the sweep, which by its luck lies `now` above the true one.
    pdf = 1 / np.sqrt(2 * np.pi)
    now = pdf * np.sqrt(1 / 300 + 9 / 1800)
    most, truth, least = pdf * np.sqrt(1 + 9 / 6) - now, pdf, pdf / np.sqrt(1 + 9 / 3) - now
    assert above == pytest.approx(most, abs=0.035)
    assert below == pytest.approx(least, abs=0.035)
    assert below < truth < above


def test_thresholds_tell_where_they_come_from():
    known = re.findall(
        r"^@\w+\{(\w+),", (ROOT / "docs" / "sources.bib").read_text(encoding="utf-8"), flags=re.M
    )
    assert {threshold.source for threshold in WORTH} <= {*known, "judgement"}
    assert set(THRESHOLDS) <= set(CURVE)
    assert list(CURVE) == sorted(CURVE)
