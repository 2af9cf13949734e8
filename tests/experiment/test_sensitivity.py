"""Sensitivity: indices of functions whose indices are known, and of a model that is none."""

from __future__ import annotations

import itertools
import math
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from caresim.cli import main
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.sensitivity import Plan, differences, sensitivity, sensitivity_of
from caresim.experiment.statistics import t_interval
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, read_sweep, verify
from caresim.scenario.axes import Axis, axis_of
from tests.experiment.fakes import NAMES, outcome, small

ANGLES = tuple(Axis(f"x{number}", "float", -math.pi, math.pi) for number in range(1, 4))
ISHIGAMI_FIRST = np.array([0.3139, 0.4424, 0.0])
ISHIGAMI_TOTAL = np.array([0.5576, 0.4424, 0.2437])
"""Exact indices for a = 7, b = 0.1 (Ishigami and Homma 1990)."""


def ishigami(rows):
    x1, x2, x3 = np.array(rows).T
    return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def test_sobol_indices_of_the_ishigami_function_lie_within_their_stated_intervals():
    """With 1024 base points the intervals of 95 % are narrower than .1; six of them, at a fixed seed."""
    table = sensitivity_of(ishigami, Plan("sobol", ANGLES, 1024, 3)).set_index("axis").loc[["x1", "x2", "x3"]]
    for name, exact in (("first", ISHIGAMI_FIRST), ("total", ISHIGAMI_TOTAL)):
        assert (table[f"{name}_upper"] - table[f"{name}_lower"] < 0.2).all()
        assert (table[f"{name}_lower"] <= exact).all()
        assert (table[f"{name}_upper"] >= exact).all()
        assert table[name].to_numpy() == pytest.approx(exact, abs=0.05)


def test_intervals_of_sobol_indices_cover_as_often_as_they_say():
    """Eight seeds, six intervals of 95 %: fewer than 37 of 48 covering has a probability below 1e-5."""
    covered = 0
    for seed in range(8):
        table = sensitivity_of(ishigami, Plan("sobol", ANGLES, 128, seed)).set_index("axis").sort_index()
        for name, exact in (("first", ISHIGAMI_FIRST), ("total", ISHIGAMI_TOTAL)):
            covered += ((table[f"{name}_lower"] <= exact) & (table[f"{name}_upper"] >= exact)).sum()
    assert covered >= 37


def linear(rows):
    return np.array([3.0 * a - 2.0 * b + 0.0 * c for a, b, c in rows])


def test_morris_finds_the_slopes_of_a_linear_function():
    axes = (Axis("a", "float", 0.0, 2.0), Axis("b", "float", 1.0, 2.0), Axis("c", "float", 5.0, 6.0))
    table = sensitivity_of(linear, Plan("morris", axes, 4, 1)).set_index("axis")
    assert table["mu"].to_dict() == pytest.approx({"a": 6.0, "b": -2.0, "c": 0.0})
    assert table["mu_star"].to_dict() == pytest.approx({"a": 6.0, "b": 2.0, "c": 0.0})
    assert table["sigma"].max() < 1e-12
    assert table["rank"].to_dict() == {"a": 1, "b": 2, "c": 3}


GRID = np.arange(4) / 3.0
BENT = tuple(Axis(f"x{number}") for number in range(4))


def bent(rows):
    a, b, c, d = np.array(rows, dtype=float).T
    return 3.0 * a + 4.0 * (b - 0.45) * (c - 0.2) + 2.0 * np.sin(3.0 * d) * a + np.exp(1.5 * d)


def true_sizes():
    """Return the mean size of a step of two thirds along each axis, over all points of the grid."""
    corners = np.array(list(itertools.product(GRID, repeat=4)))
    found = []
    for axis in range(4):
        low = corners[corners[:, axis] < 0.5]
        found.append(np.abs(bent(low + 2.0 / 3.0 * np.eye(4)[axis]) - bent(low)).mean() * 1.5)
    return np.array(found)


def test_intervals_of_the_size_of_effects_cover_as_often_as_they_say():
    """200 plans of 10 trajectories, 800 intervals of 95 % of skewed sizes.

    If .94 cover, fewer than 731 do with p < 1e-3. What SALib tells (1.96 standard deviations of
    resampled means) covers in some 90 %.
    """
    truth, covered, resampled = true_sizes(), 0, 0
    for seed in range(200):
        plan = Plan("morris", BENT, 10, seed)
        table = plan.analyse(bent(plan.rows())).set_index("axis").sort_index()
        lower, upper, size = (table[f"mu_star{end}"].to_numpy() for end in ("_lower", "_upper", ""))
        covered += ((lower <= truth) & (upper >= truth)).sum()
        narrow = (upper - size) * 1.96 * math.sqrt(0.9) / stats.t.ppf(0.975, 9)
        resampled += (np.abs(size - truth) <= narrow).sum()
    assert covered >= 731
    assert resampled < 731


def test_the_interval_of_the_size_of_effects_is_that_of_the_steps_of_each_axis():
    plan = Plan("morris", BENT, 5, 2)
    values = np.random.default_rng(3).normal(size=25)
    table = plan.analyse(values).set_index("axis")
    corners = plan.positions().reshape(5, 5, 4)
    for number, axis in enumerate(BENT):
        turned = [(k, step) for k in range(5) for step in range(4)
                  if corners[k, step + 1, number] != corners[k, step, number]]  # fmt: skip
        sizes = [abs(values[5 * k + step + 1] - values[5 * k + step]) * 1.5 for k, step in turned]
        mean, lower, upper = t_interval(np.array(sizes))
        assert len(sizes) == 5
        assert table.loc[axis.name, ["mu_star", "mu_star_upper"]].tolist() == pytest.approx([mean, upper])
        assert table.loc[axis.name, "mu_star_lower"] == pytest.approx(max(lower, 0.0))


STEPWISE = (Axis("number"), Axis("switch", "bool"), Axis("two", "choice", 0.0, 1.0, (0.0, 1.0)),
            Axis("three", "choice", 0.0, 2.0, (0.0, 0.5, 1.0)), Axis("few", "int", 1.0, 2.0),
            Axis("some", "int", 0.0, 4.0))  # fmt: skip


def test_a_switch_counts_no_more_than_a_number_that_does_as_much():
    """Each axis moves the result by 10 from end to end; steps of two thirds turn a switch all the way."""

    def alike(rows):
        return np.array([10.0 * (a + b + c + d + (e - 1) + f / 4.0) for a, b, c, d, e, f in rows])

    plan = Plan("morris", STEPWISE, 20, 1)
    table = sensitivity_of(alike, plan).set_index("axis")
    assert table["mu"].to_numpy() == pytest.approx(np.full(6, 10.0))
    assert table["mu_star"].to_numpy() == pytest.approx(np.full(6, 10.0))
    assert table["sigma"].max() < 1e-9
    turned = np.array([[float(row[1])] for row in plan.rows()]) * np.array([10.0, 14.0, 18.0])
    told = plan.analyse(turned).set_index("axis")  # replications answer to the switch differently, by 4
    assert told.loc["switch", "mu"] == pytest.approx(14.0)
    assert told.loc["switch", "luck"] == pytest.approx(math.sqrt(2.0 / math.pi * 16.0 / 3.0))


def test_where_a_value_lies_between_its_ends():
    found = {axis.name: [axis.share(k / 3.0) for k in range(4)] for axis in STEPWISE}
    assert found == {"number": [0.0, 1 / 3, 2 / 3, 1.0], "switch": [0.0, 0.0, 1.0, 1.0], "two": [0.0, 0.0, 1.0, 1.0],
                     "three": [0.0, 0.5, 1.0, 1.0], "few": [0.0, 0.0, 1.0, 1.0],
                     "some": [0.0, 0.25, 0.75, 1.0]}  # fmt: skip
    assert Axis("one", "choice", 0.0, 0.0, ("a",)).share(1.0) == 0.0


def test_a_missing_value_costs_its_trajectory_only():
    axes = tuple(Axis(name) for name in "abc")
    plan = Plan("morris", axes, 6, 1)
    values = linear(plan.rows())
    values[5] = np.nan
    table = plan.analyse(values).set_index("axis")
    assert table["mu"].to_dict() == pytest.approx({"a": 3.0, "b": -2.0, "c": 0.0})
    assert set(table["blocks"]) == {5}
    with pytest.raises(ConfigError, match=r"1 of 6 blocks of points are complete"):
        plan.analyse(np.where(np.arange(24) < 20, np.nan, values))


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_what_nothing_moves_has_no_sensitivity(method):
    table = sensitivity_of(lambda rows: np.ones(len(rows)), Plan(method, ANGLES, 4, 1))
    assert (table.drop(columns=["axis", "rank", "blocks", "luck"]) == 0.0).all(axis=None)


def answering(scenario, mix, replication):
    """Return fake numbers: the first indicator follows one parameter, and under the second mix twice as steeply."""
    parameters = scenario.parameters_at(scenario.start, mix)
    found = outcome(scenario, mix, replication)
    slope = 2.0 if mix == "austerity" else 1.0
    value = slope * parameters["admission"].base + replication
    return Outcome([{**row, NAMES[0]: value} for row in found.records], found.population)


def test_the_model_is_analysed_mix_by_mix_and_as_paired_differences(tmp_path):
    scenario = small(mixes=["status_quo", "austerity"], replications=2, months=1)
    axes = [axis_of("admission.base", None, ()), axis_of("homes.staffing", None, ())]
    table = sensitivity(scenario, "morris", [NAMES[0]], axes, 3, tmp_path / "out", 1, simulate=answering)
    table = table.set_index(["mix", "axis"])
    width = axes[0].high - axes[0].low
    assert table.loc[("status_quo", "admission.base"), "mu"] == pytest.approx(width)
    assert table.loc[("austerity", "admission.base"), "mu"] == pytest.approx(
        width
    )  # the difference of 2 x and x
    assert table.loc[("austerity", "homes.staffing"), "mu_star"] == pytest.approx(0.0, abs=1e-12)
    assert table.loc[("austerity", "admission.base"), "against"] == "status_quo"
    assert table.loc[("austerity", "admission.base"), "evidence"] == "fitted"
    again = pd.read_csv(tmp_path / "out" / "sensitivity.csv", keep_default_na=False)
    assert again["mu"].tolist() == pytest.approx(table["mu"].tolist())
    verify(tmp_path / "out")
    assert read_sweep(tmp_path / "out").manifest["sweep"]["kind"] == "morris"


def test_differences_pair_replications_and_leave_out_those_that_failed():
    runs = pd.DataFrame(
        {"point": 0, "mix": ["a", "a", "b", "b"], "replication": [0, 1, 1, 2], "y": [1.0, 10.0, 13.0, 99.0]}
    )
    found = {mix: (against, each["y"].dropna().to_dict()) for mix, against, each in differences(runs, "a")}
    assert found == {"a": ("", {(0, 0): 1.0, (0, 1): 10.0}), "b": ("a", {(0, 1): 3.0})}


def test_a_run_that_failed_does_not_let_luck_pass_for_an_effect():
    """Replications lie 100 apart; one that is missing at one point is left out at the others of its trajectory."""
    axes = tuple(Axis(name) for name in "abc")
    plan = Plan("morris", axes, 6, 1)
    values = linear(plan.rows())[:, None] + np.array([0.0, 100.0, 200.0])
    values[5, 1] = values[9, 0] = np.nan
    table = plan.analyse(values).set_index("axis")
    assert table["mu"].to_dict() == pytest.approx({"a": 3.0, "b": -2.0, "c": 0.0})
    assert set(table["blocks"]) == {6}
    assert table["luck"].max() < 1e-12  # luck that every point shares moves nothing


def test_luck_is_told_of_the_axis_whose_steps_it_meets():
    axes = tuple(Axis(name) for name in "abc")
    plan = Plan("morris", axes, 40, 1)
    slopes = np.array([1.0, 5.0, 3.0])  # replications answer to b differently, by more or less
    values = linear(plan.rows())[:, None] + np.array([row[1] for row in plan.rows()])[:, None] * slopes
    luck = plan.analyse(values).set_index("axis")["luck"]
    assert luck["b"] == pytest.approx(math.sqrt(2.0 / math.pi * 4.0 / 3.0))
    assert luck[["a", "c"]].max() < 1e-12


@pytest.mark.parametrize("replications", [2, 5])
def test_what_luck_alone_would_move_is_told(replications):
    """Pure noise of 4 axes over 100 trajectories: means lie within 12 %, single axes within 30 %, at p < 1e-3."""
    axes = tuple(Axis(name) for name in "abcd")
    plan = Plan("morris", axes, 100, 1)
    noise = np.random.default_rng(replications).normal(size=(500, replications))
    table = plan.analyse(noise)
    expected = math.sqrt(2.0 / math.pi * 2.0 / replications) * 1.5  # over steps of two thirds
    assert table["luck"].to_numpy() == pytest.approx(np.full(4, expected), rel=0.3)
    assert table["luck"].mean() == pytest.approx(expected, rel=0.12)
    assert table["mu_star"].mean() == pytest.approx(expected, rel=0.12)
    sobol = Plan("sobol", axes, 64, 1)
    noise = np.random.default_rng(3).normal(size=(384, replications))
    assert sobol.analyse(noise)["luck"].to_numpy() == pytest.approx(np.ones(4), rel=0.12)
    assert plan.analyse(np.random.default_rng(4).normal(size=500))["luck"].isna().all()


def test_an_unknown_indicator_and_a_missing_library_are_one_line(monkeypatch, capsys, tmp_path):
    with pytest.raises(ConfigError, match=r"--indicator unmet_shar: no indicator.*did you mean unmet_share"):
        sensitivity(small(), indicators=["unmet_shar"])
    monkeypatch.setitem(sys.modules, "SALib", None)  # importing it fails
    with pytest.raises(SystemExit) as left:
        main(["sensitivity", "configs/lesson_village.yaml", "--out", str(tmp_path / "out")])
    assert left.value.code == 2
    assert capsys.readouterr().err == "SALib is not installed; pip install 'caresim[sensitivity]'\n"


def failing(scenario, mix, replication):
    raise ZeroDivisionError("nobody there")


def test_when_every_run_failed_that_is_said_in_one_line(tmp_path):
    axes = [axis_of("admission.base", None, ()), axis_of("homes.staffing", None, ())]
    said = r"^every run failed \(ZeroDivisionError: nobody there\); see .*failures.csv$"
    with pytest.raises(ReplicationFailed, match=said):
        sensitivity(small(months=1), "morris", [NAMES[0]], axes, 2, tmp_path / "out", 1, simulate=failing)
