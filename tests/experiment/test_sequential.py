"""Replications are added until an interval is narrow enough; the bytes do not tell how it came about."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim.experiment.runner import Interrupted, run_experiment
from caresim.experiment.sequential import Until, widest
from caresim.experiment.statistics import t_interval
from caresim.results import Outcome, RunFolderError, read_run, verify
from tests.experiment.fakes import contents, outcome, small
from tests.scenario.test_broken_configs import complaints

ROOT = Path(__file__).resolve().parents[2]
TWO = {"mixes": ["status_quo", "no_policy"], "baseline": "status_quo", "replications": 4, "months": 1}
NARROW = Until("unmet_share", 1.1)


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    folder = tmp_path_factory.mktemp("narrow") / "out"
    return run_experiment(small(**TWO), folder, jobs=1, simulate=outcome, until=NARROW)


def half(run, mix="no_policy"):
    row = run.summary.set_index(["mix", "indicator"]).loc[(mix, "unmet_share")]
    return row.delta_upper - row.delta if mix != "status_quo" else row.upper - row["mean"]


def test_a_run_ends_when_the_paired_difference_is_known_well_enough_and_not_before(narrow):
    run = narrow
    n = run.manifest["replications"]
    assert 4 < n < NARROW.most
    assert half(run) <= NARROW.half_width
    verify(run)
    before = [k for k in range(4, n) if half_after(run, k) <= NARROW.half_width]
    assert (
        not before or min(before) > n / 2
    )  # it did not pass by the bound at an earlier look, which lay above n / 2


def half_after(run, n):
    means = run.monthly[run.monthly.replication < n].groupby(["mix", "replication"]).unmet_share.mean()
    deltas = means["no_policy"] - means["status_quo"]
    mean, _, upper = t_interval(deltas.to_numpy())
    return upper - mean


def test_the_bytes_are_those_of_a_run_that_asked_for_so_many_from_the_start(tmp_path, narrow):
    n = narrow.manifest["replications"]
    straight = run_experiment(small(**TWO | {"replications": n}), tmp_path / "a", jobs=1, simulate=outcome)
    in_workers = run_experiment(small(**TWO), tmp_path / "b", jobs=2, simulate=outcome, until=NARROW)
    assert contents(narrow.path) == contents(straight.path) == contents(in_workers.path)
    assert not (narrow.path / "parts").exists()


def test_an_interrupted_run_is_resumed_to_the_same_bytes(tmp_path, narrow):
    n = narrow.manifest["replications"]
    for stop_at in (2, n - 1):

        def stops(scenario, mix, replication, stop_at=stop_at):
            if replication == stop_at and mix == "no_policy":
                raise KeyboardInterrupt
            return outcome(scenario, mix, replication)

        path = tmp_path / f"out{stop_at}"
        with pytest.raises(Interrupted):
            run_experiment(small(**TWO), path, jobs=1, simulate=stops, until=NARROW)
        unfinished = read_run(path)
        assert not unfinished.complete
        damaged = unfinished.part(unfinished.tasks[0]) / "monthly.parquet"
        damaged.write_bytes(damaged.read_bytes()[:1000])
        with pytest.raises(RunFolderError, match="make it again with --resume"):
            run_experiment(small(**TWO), path, jobs=1, simulate=outcome, until=NARROW, resume=True)
        run = run_experiment(small(**TWO), path, jobs=1, simulate=outcome, until=NARROW, resume=True)
        assert contents(run.path) == contents(narrow.path)


def test_with_one_mix_the_interval_is_that_of_its_mean(tmp_path):
    until = Until("unmet_share", 0.4)
    scenario = small(mixes=["status_quo"], replications=4, months=1)
    run = run_experiment(scenario, tmp_path / "out", jobs=1, simulate=outcome, until=until)
    assert half(run, "status_quo") <= 0.4
    assert run.manifest["replications"] > 4


def test_the_most_is_not_exceeded_and_that_is_said(tmp_path):
    until = Until("unmet_share", 1e-6, most=7)
    run = run_experiment(small(**TWO), tmp_path / "out", jobs=1, simulate=outcome, until=until)
    assert run.manifest["replications"] == 7
    assert until.told(run).endswith("after 7 replications, wider than 1e-06; raise --most")
    assert NARROW.told(run).startswith(f"unmet_share: half-width {half(run):.4g} after 7")


def without(scenario, mix, replication):
    return Outcome([{**row, "unmet_share": math.nan} for row in outcome(scenario, mix, replication).records],
                   outcome(scenario, mix, replication).population)  # fmt: skip


def test_an_indicator_without_numbers_does_not_go_on_for_ever(tmp_path):
    run = run_experiment(small(**TWO), tmp_path / "out", jobs=1, simulate=without, until=NARROW)
    assert run.manifest["replications"] == 4
    assert "no mix has a number after 4 replications" in NARROW.told(run)


@pytest.mark.parametrize(
    ("n", "reached", "next_look"),
    [
        (10, 0.6, 15),  # 1.2 times too wide: 1.44 times as many, rounded up
        (20, 0.55, 25),  # 1.21 times
        (10, 0.70, 20),  # 1.96 times
        (10, 5.0, 20),  # a hundred times: at most twice as many
        (10, 0.5001, 11),  # one more at least
        (10, 0.5, 10),
        (10, 0.4, 10),
        (10, math.nan, 10),
        (10, math.inf, 20),
        (30, 0.7, 50),  # at most so many
        (50, 5.0, 50),
    ],
)
def test_replications_grow_with_the_square_of_what_is_too_wide(n, reached, next_look):
    assert Until("unmet_share", 0.5, most=50).after(n, reached) == next_look


def test_the_least_known_mix_counts():
    luck = np.random.default_rng(2)
    rows = [
        (mix, k, luck.normal(scale=scale)) for mix, scale in (("a", 0), ("b", 1), ("c", 3)) for k in range(9)
    ]
    numbers = pd.DataFrame(rows, columns=["mix", "replication", "x"]).set_index(["mix", "replication"])
    deltas = (numbers.loc["c"] - numbers.loc["a"]).x
    expected = stats.t.ppf(0.975, 8) * deltas.std() / 3
    assert widest(numbers, "x", "a") == pytest.approx(expected)


def test_intervals_at_the_end_cover_the_truth_nearly_as_often_as_they_say():
    """Looking again and again costs coverage; from four replications on it stays above .92.

    Error rate 1e-4 on either side; the true mean is nought.
    """
    luck, covered, runs = np.random.default_rng(8), 0, 1500
    until = Until("x", 0.3)
    for values in luck.normal(size=(runs, until.most)):
        n = 0
        more = until.first(1)
        while more > n:
            n = more
            mean, lower, upper = t_interval(values[:n])
            more = until.after(n, upper - mean)
        assert upper - mean <= 0.3
        covered += lower <= 0.0 <= upper
    assert stats.binomtest(covered, runs, 0.92, alternative="less").pvalue > 1e-4
    assert stats.binomtest(covered, runs, 0.97, alternative="greater").pvalue > 1e-4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--until", "unmet_shar=0.1"],
            "--until unmet_shar=0.1: no indicator of that name; did you mean unmet_share?",
        ),
        (
            ["--until", "unmet_share"],
            "--until unmet_share: '' is no width; write the half-width after the name",
        ),
        (["--until", "unmet_share=-1"], "--until unmet_share=-1: -1 is no width; write"),
        (["--until", "unmet_share=nan"], "--until unmet_share=nan: nan is no width; write"),
        (
            ["--until", "unmet_share=0.1", "--most", "2"],
            "--most 2: too few to know a spread; write 4 or more",
        ),
        (["--most", "9"], "--most: says nothing without an interval; write --until INDICATOR=HALF_WIDTH too"),
    ],
)
def test_mistakes_are_one_line(tmp_path, options, said):
    config = str(ROOT / "configs" / "lesson_village.yaml")
    code, lines, _ = complaints("run", config, "--out", str(tmp_path / "out"), *options)
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(said)
    assert not (tmp_path / "out").exists()
