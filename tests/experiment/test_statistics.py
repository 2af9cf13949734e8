import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim import catalogue
from caresim.experiment.numbers import over_run
from caresim.experiment.runner import run_experiment
from caresim.experiment.statistics import DIFFERENCE, over_months, summarise, t_interval
from caresim.recorder import Indicator
from tests.experiment.fakes import small


def indicator(name, aggregate, quarterly=False):
    return Indicator(name, "persons", aggregate, name, name, "Meaning.", lambda world: 0.0, quarterly)


INDICATORS = [indicator("stock", "last"), indicator("flow", "sum"), indicator("level", "mean")]


def months(n_replications=3, mixes=("a", "b")):
    luck = np.random.default_rng(3)
    return pd.DataFrame(
        [
            {
                "mix": mix,
                "replication": r,
                "month": f"2020-{m:02d}",
                **dict(zip(("stock", "flow", "level"), luck.random(3), strict=True)),
            }
            for mix in mixes
            for r in range(n_replications)
            for m in range(1, 5)
        ]
    )


def test_the_interval_is_that_of_scipy():
    values = np.random.default_rng(1).normal(10, 3, 20)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert t_interval(values) == pytest.approx((values.mean(), expected.low, expected.high), rel=1e-12)


def test_the_interval_of_one_replication_has_no_ends():
    mean, lower, upper = t_interval(np.array([4.0, math.nan]))
    assert mean == 4
    assert math.isnan(lower)
    assert math.isnan(upper)
    assert all(math.isnan(number) for number in t_interval(np.array([math.nan])))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    luck = np.random.default_rng(11)
    covered = 0
    for values in luck.normal(size=(2000, 8)):
        _, lower, upper = t_interval(values)
        covered += lower < 0 < upper
    assert stats.binomtest(covered, 2000, 0.95).pvalue > 1e-4


def test_months_become_one_number_by_aggregate():
    monthly = months()
    numbers = over_months(monthly, INDICATORS)
    run = monthly[(monthly.mix == "b") & (monthly.replication == 1)]
    expected = [run.stock.iloc[-1], run.flow.sum(), run.level.mean()]
    assert numbers.loc[("b", 1)].to_numpy() == pytest.approx(expected)


def test_runs_whose_months_lie_between_those_of_others_are_told_apart():
    monthly = months()
    woven = monthly.sort_values("month", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(over_months(woven, INDICATORS), over_months(monthly, INDICATORS))


def test_a_run_over_its_months_is_the_same_number_in_a_run_folder_and_in_a_sweep():
    monthly = months()
    run = monthly[(monthly.mix == "b") & (monthly.replication == 2)]
    swept = over_run(run[["stock", "flow", "level"]].to_numpy(), INDICATORS)
    assert over_months(monthly, INDICATORS).loc[("b", 2)].tolist() == swept.tolist()


def test_a_last_month_without_meaning_stays_without():
    monthly = months()
    monthly.loc[3, ["stock", "flow", "level"]] = math.nan
    row = over_months(monthly, INDICATORS).loc[("a", 0)]
    assert math.isnan(row["stock"])
    assert row["flow"] == pytest.approx(monthly.flow[:3].sum())
    assert row["level"] == pytest.approx(monthly.level[:3].mean())


def test_the_last_of_a_quarterly_indicator_is_the_last_that_was_measured():
    monthly = months()
    monthly.loc[[1, 3], "stock"] = math.nan
    quarterly = [indicator("stock", "last", quarterly=True)]
    assert over_months(monthly, quarterly).loc[("a", 0), "stock"] == monthly.stock[2]
    monthly["stock"] = math.nan
    assert over_months(monthly, quarterly).stock.isna().all()


def test_the_summary_of_a_run_that_ends_within_a_quarter_is_filled(tmp_path):
    run = run_experiment(small(months=4, replications=2), tmp_path / "out", jobs=1)
    summary = run.summary.set_index("indicator")
    quarterly = [
        known.name for known in catalogue.indicators() if known.is_due(2, 0) and not known.is_due(1, 0)
    ]
    quarterly = [name for name in quarterly if name.endswith("_standard") or name.startswith("rural")]
    assert quarterly
    assert summary.loc[quarterly, "mean"].notna().all()


def test_the_summary_has_a_row_per_mix_and_indicator():
    summary = summarise(months(), INDICATORS)
    assert summary.columns.tolist() == [
        "mix",
        "indicator",
        "unit",
        "aggregate",
        "mean",
        "lower",
        "upper",
        *DIFFERENCE,
    ]
    assert summary[["mix", "indicator"]].values.tolist() == [[m, i.name] for m in "ab" for i in INDICATORS]
    ends = over_months(months(), INDICATORS).loc["a", "flow"].to_numpy()
    row = summary[(summary.mix == "a") & (summary.indicator == "flow")]
    assert row[["mean", "lower", "upper"]].to_numpy()[0] == pytest.approx(t_interval(ends))
