"""Paired differences: hand-computed, against scipy, and simulated with known answers."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import caresim
from caresim import catalogue
from caresim.experiment.paired import COLUMNS, MAIN, compare, compared, pairing
from caresim.experiment.runner import run_experiment
from caresim.experiment.statistics import difference, probability_better, summarise
from caresim.kernel.mistakes import ConfigError
from caresim.recorder import Indicator
from caresim.results import RunFolderError
from tests.experiment.fakes import outcome, small
from tests.scenario.test_broken_configs import complaints

THREE = {"mixes": ["status_quo", "no_policy", "austerity"], "replications": 5, "months": 2}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_experiment(small(**THREE), tmp_path_factory.mktemp("run") / "out", jobs=1, simulate=outcome)


def indicator(name, better=None, aggregate="mean"):
    return Indicator(name, "share", aggregate, name, name, "Meaning.", lambda world: 0.0, better=better)


def monthly(values):
    """Return a table of one month; `values` by mix, a number a replication."""
    rows = [(mix, k, "2020-01", value) for mix, known in values.items() for k, value in enumerate(known)]
    return pd.DataFrame(rows, columns=["mix", "replication", "month", "x"])


def test_a_hand_computed_difference():
    # differences 1, 2, 3, 2: mean 2, variance 2/3, standard error sqrt(1/6), t(.975, 3) = 3.182446
    table = compared(monthly({"a": [1, 5, 2, 8], "b": [2, 7, 5, 10]}), [indicator("x", "higher")], "a")
    row = table.iloc[0]
    half = 3.182446 * math.sqrt(1 / 6)
    assert table.columns.tolist() == list(COLUMNS)
    assert (row.mix, row.replications, row.baseline_mean, row["mean"]) == ("b", 4, 4.0, 6.0)
    assert (row.delta, row.delta_lower, row.delta_upper) == pytest.approx((2.0, 2 - half, 2 + half), rel=1e-6)
    # t = 2 / sqrt(1/6) = 4.898979 on 3 degrees of freedom
    assert row.probability_better == pytest.approx(1 - stats.t.sf(4.898979, 3), rel=1e-6)
    # variances 10 and 34/3 (deviations -3 1 -2 4 and -4 1 -1 4), so (10 + 34/3) / (2/3) = 32
    assert row.variance_saved == pytest.approx(32.0)
    assert row.correlation == pytest.approx((12 + 1 + 2 + 16) / math.sqrt(30 * 34))


def test_only_replications_that_both_mixes_have_are_compared():
    values = monthly({"a": [1, 5, 2, 8], "b": [2, 7, 5, 10]})
    values.loc[(values.mix == "b") & (values.replication == 1), "x"] = math.nan
    row = compared(values[~((values.mix == "a") & (values.replication == 3))], [indicator("x")], "a").iloc[0]
    assert (row.replications, row.baseline_mean, row["mean"], row.delta) == (2, 1.5, 3.5, 2.0)


@pytest.mark.parametrize(("better", "side"), [("higher", "greater"), ("lower", "less")])
def test_the_probability_is_that_of_the_one_sided_paired_t_test(better, side):
    luck = np.random.default_rng(4)
    one, other = luck.normal(0.2, 1.0, 12), luck.normal(0.0, 1.0, 12)
    expected = 1 - stats.ttest_rel(one, other, alternative=side).pvalue
    assert probability_better(one - other, better) == pytest.approx(expected)
    assert difference(one, other, better)[3] == pytest.approx(expected)


def test_the_probability_has_no_value_where_nothing_can_be_better():
    assert math.isnan(probability_better(np.array([1.0, 2.0]), None))
    assert math.isnan(probability_better(np.array([1.0]), "higher"))
    assert math.isnan(probability_better(np.zeros(4), "higher"))
    assert probability_better(np.full(4, 0.1), "higher") == 1.0
    assert probability_better(np.full(4, 0.1), "lower") == 0.0


def test_probabilities_are_uniform_where_the_mixes_do_not_differ():
    """Kolmogorov-Smirnov test of 2,000 simulated comparisons without a difference; error rate 1e-4."""
    luck = np.random.default_rng(21)
    found = [probability_better(deltas, "lower") for deltas in luck.normal(size=(2000, 8))]
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def simulated(luck, n, correlation, effect, runs):
    """Yield pairs of numbers of one luck, of standard deviations 1 and 1."""
    for _ in range(runs):
        base, own = luck.normal(size=(2, n))
        yield base, correlation * base + math.sqrt(1 - correlation**2) * own + effect


@pytest.mark.parametrize("correlation", [0.0, 0.95])
def test_intervals_of_differences_cover_the_truth_as_often_as_they_say(correlation):
    """Binomial test of 2,000 simulated comparisons with a true difference of .3; error rate 1e-4."""
    luck, covered = np.random.default_rng(12), 0
    for base, other in simulated(luck, 10, correlation, 0.3, 2000):
        _, lower, upper, _ = difference(other, base, None)
        covered += lower < 0.3 < upper
    assert stats.binomtest(covered, 2000, 0.95).pvalue > 1e-4


def test_variance_saved_is_that_of_pairs_with_a_known_correlation():
    """With equal spreads the variance saved is 1 / (1 - r): 20 at .95.

    With 200,000 pairs its logarithm has a standard error of about sqrt(4 / n) = .0045; five of them (error rate 1e-6).
    """
    base, other = next(simulated(np.random.default_rng(3), 200_000, 0.95, 1.0, 1))
    correlation, saved = pairing(base, other)
    assert correlation == pytest.approx(0.95, abs=5 * (1 - 0.95**2) / math.sqrt(200_000))
    assert abs(math.log(saved / 20.0)) < 5 * math.sqrt(4 / 200_000)
    shuffled = np.random.default_rng(5).permutation(other)
    assert pairing(base, shuffled)[1] == pytest.approx(1.0, abs=5 * math.sqrt(2 / 200_000))


def test_pairing_says_nothing_of_too_few_or_constant_numbers():
    some = np.array([1.0, 2.0, 4.0])
    assert all(math.isnan(value) for value in pairing(some[:2], some[:2]))
    assert all(math.isnan(value) for value in pairing(some, np.full(3, 0.1 + 0.2)))
    correlation, saved = pairing(some, some + 1.0)
    assert correlation == pytest.approx(1.0)
    assert saved == math.inf


def test_the_summary_and_the_comparison_say_the_same(run):
    summary = run.summary.set_index(["mix", "indicator"])
    table = caresim.compare(run.path).set_index(["mix", "indicator"])
    assert set(table.index.get_level_values("mix")) == {"no_policy", "austerity"}
    for column in ("mean", "delta", "delta_lower", "delta_upper", "probability_better"):
        pd.testing.assert_series_equal(
            summary.loc[["no_policy", "austerity"], column], table[column], check_names=False
        )
    ends = summary.loc["status_quo", ["delta", "delta_lower", "delta_upper", "probability_better"]]
    assert ends.isna().all(axis=None)
    assert summary.loc["no_policy", "delta"].notna().all()
    base = summary["mean"]["status_quo"].reindex(summary.index, level=1)
    assert (summary.delta - (summary["mean"] - base)).abs().max() < 1e-12


def test_any_mix_can_be_the_baseline_and_turns_the_sign(run):
    one = compare(run.path).set_index(["mix", "indicator"]).delta["no_policy"]
    other = compare(run.path, baseline="no_policy").set_index(["mix", "indicator"]).delta["status_quo"]
    pd.testing.assert_series_equal(one, -other)


def test_without_a_baseline_a_summary_has_no_differences():
    ends = summarise(monthly({"a": [1, 5], "b": [2, 7]}), [indicator("x", "higher")])
    assert ends[["delta", "delta_lower", "delta_upper", "probability_better"]].isna().all(axis=None)


def test_the_main_indicators_are_measured():
    assert set(MAIN) <= {known.name for known in catalogue.indicators()}


def test_the_manifest_says_which_way_is_better(run):
    said = {known["name"]: known["better"] for known in run.manifest["indicators"]}
    assert said == {known.name: known.better for known in catalogue.indicators()}
    expected = {"unmet_share": "lower", "adequacy": "higher", "qalys": "higher", "elder_deaths": "lower",
                "lonely_share": "lower", "burden": "lower", "public_spending": "lower", "unmet_gini": None,
                "met_hours": None, "need_hours": None, "living_alone_share": None, "unmet_share_quintile_1": "lower",
                "main_carer_nobody_share": "lower", "main_carer_child_share": None}  # fmt: skip
    assert {name: said[name] for name in expected} == expected


def test_the_command_prints_the_main_indicators(run):
    code, lines, out = complaints("compare", str(run.path), "--format", "csv")
    assert (code, lines) == (0, [])
    rows = [line.split(",") for line in out.splitlines()]
    assert rows[0] == [column for column in COLUMNS if column not in ("label", "better")]
    assert len(rows) == 1 + 2 * len(MAIN)
    assert {row[1] for row in rows[1:]} == set(MAIN)
    _, _, everything = complaints(
        "compare", str(run.path), "--format", "csv", "--all", "--baseline", "austerity"
    )
    assert len(everything.splitlines()) == 1 + 2 * len(catalogue.indicators())


def test_mistakes_are_one_line(run, tmp_path):
    with pytest.raises(ConfigError, match=r"--baseline austerit: not a mix of .*; did you mean austerity"):
        compare(run.path, "austerit")
    single = run_experiment(small(replications=2, months=1), tmp_path / "one", jobs=1, simulate=outcome)
    with pytest.raises(ConfigError, match="holds one mix only; run two or more"):
        compare(single.path)
    with pytest.raises(RunFolderError, match="holds no run"):
        compare(tmp_path)
    code, lines, _ = complaints("compare", str(run.path), "--baseline", "x")
    assert code == 2
    assert len(lines) == 1
