"""Calibration: known parameters are found again, what targets do not tell is said to be open, and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim import load_scenario
from caresim.cli import main
from caresim.experiment import search as searching
from caresim.experiment.calibration import calibrate, recover
from caresim.experiment.designs import choose_points
from caresim.experiment.posterior import laid_around, posterior, recovery, told
from caresim.experiment.score import comparisons_of
from caresim.experiment.targets import Target, distance, read_targets, targets_of
from caresim.kernel.mistakes import ConfigError
from caresim.results import RunFolderError, read_sweep
from caresim.scenario.axes import Axis, axis_of, marks_of_axis
from caresim.scenario.design import Design
from caresim.scenario.unknowns import fitted_axes, uncertain_axes
from caresim.synthesis.places import read_place
from tests.experiment.fakes import outcome, small

TRUTH = {"admission.base": -0.6, "depression.level": -1.5}
AXES = [axis_of(name, None, ()) for name in (*TRUTH, "homes.staffing")]
TARGETS = [Target("a", -0.7, -0.5), Target("b", -2.2, -2.0)]
"""Bands of .2 around what the truth says of two figures, `a` = base and `b` = base + level."""


def figures_of(scenario, result):
    """Return two figures that two parameters make, with noise of the replication's own."""
    at = scenario.parameters_at(scenario.start)
    noise = 0.01 * result.records[0]["unmet_share"]
    base, level = at["admission"].base, at["depression"].level
    return {"target.a": base + noise, "target.b": base + level - noise}


def calibrated(folder, resume=False, **given):
    return calibrate(small(months=1, replications=2), AXES, out=folder, jobs=1, resume=resume, targets=TARGETS,
                     read=figures_of, simulate=outcome, **{"trials": 24, "points": 256, **given})  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return calibrated(tmp_path_factory.mktemp("calibration") / "out")


def test_a_known_parameter_is_found_again_within_its_interval(found):
    """Intervals of 90 % whose targets lie at the truth: either misses it in one of ten seeds at most; this is one."""
    table = found.parameters.set_index("axis")
    for name, value in TRUTH.items():
        row = table.loc[name]
        assert row["recovered"]
        assert row["lower"] <= value <= row["upper"]
        assert row["upper"] - row["lower"] < 0.5 * (row["prior_high"] - row["prior_low"])


def test_truths_of_its_own_points_are_found_again_as_often_as_intervals_say(found):
    """A hundred worlds, intervals of 90 %: fewer than 80 cover with a probability below 1e-3."""
    table = found.parameters.set_index("axis")
    assert set(table["worlds"]) == {100}
    assert (table["covered"] >= 0.8).all()
    assert (table.loc[list(TRUTH), "correlation"] > 0.8).all()
    # Of what the targets leave open, each truth is guessed by the mean of the others, so that it may well lie below 0.
    assert table.loc["homes.staffing", "correlation"] < 0.5


def test_a_parameter_of_which_targets_say_nothing_is_reported_as_open(found):
    row = found.parameters.set_index("axis").loc["homes.staffing"]
    assert not row["recovered"]
    assert row["upper"] - row["lower"] > 0.7 * (row["prior_high"] - row["prior_low"])


def test_optuna_comes_nearer_than_its_first_round(found):
    far = found.trials["distance"]
    assert far.min() == found.trials.at[far.idxmin(), "distance"]
    assert far.iloc[8:].min() < far.iloc[:8].min()
    met = found.targets.set_index("target")
    assert met.loc["a", "best"] == pytest.approx(found.trials.at[far.idxmin(), "a"])


@pytest.mark.parametrize(("points", "said"), [(0, "leave nothing to do"), (4, "too few for a posterior")])
def test_too_few_points_are_told_before_anything_runs(points, said, tmp_path):
    with pytest.raises(ConfigError, match=said):
        calibrate(
            small(), AXES, trials=0, points=points, out=tmp_path / "out", targets=TARGETS, simulate=outcome
        )
    assert not (tmp_path / "out").exists()


def test_a_posterior_is_taken_as_points_of_a_sweep(found):
    points = choose_points(Design("csv", file=str(found.path / "posterior.csv")), small())
    assert len(points) == 200
    drawn = points.frame()["admission.base"].astype(float)
    assert drawn.mean() == pytest.approx(found.parameters.set_index("axis").loc["admission.base", "mean"])


def test_a_known_world_is_fitted_under_other_luck(tmp_path):
    truth = (-0.6, -1.5, 0.8)
    wide = [Target("a", 0.0, 0.2), Target("b", 5.0, 5.2)]
    table = recover(small(months=1, replications=2), AXES, truth, 128, tmp_path / "out", 1, False, wide, figures_of,
                    simulate=outcome).set_index("axis")  # fmt: skip
    assert table["truth"].tolist() == list(truth)
    assert table["recovered"].tolist() == [True, True, False]
    assert table["inside"].all()
    assert table.loc["admission.base", "mean"] == pytest.approx(-0.6, abs=0.15)


def test_an_interrupted_search_tries_the_same_points(found, tmp_path, monkeypatch):
    calls = []

    def interrupted(scenario, mix, replication):
        calls.append(replication)
        if len(calls) > 20:
            raise KeyboardInterrupt
        return outcome(scenario, mix, replication)

    given = {"targets": TARGETS, "read": figures_of, "trials": 24, "points": 0}
    with pytest.raises(KeyboardInterrupt):
        calibrate(
            small(months=1, replications=2), AXES, out=tmp_path / "out", jobs=1, simulate=interrupted, **given
        )
    with pytest.raises(RunFolderError, match="holds this run already; add --resume"):
        calibrated(tmp_path / "out", points=0)
    calibrated(tmp_path / "out", resume=True, points=0)
    same = [(folder / "fit" / searching.TRIALS).read_bytes() for folder in (tmp_path / "out", found.path)]
    assert same[0] == same[1]


def test_intervals_of_the_posterior_cover_as_often_as_they_say():
    """Forty worlds with a truth drawn from the prior: of 80 intervals of 90 %, fewer than 60 cover with p < 1e-4."""
    axes = (Axis("x"), Axis("y"))
    luck = np.random.default_rng(1)
    covered = 0
    for world in range(40):
        truth, positions = luck.uniform(0.1, 0.9, 2), luck.uniform(size=(300, 2))
        mixing = np.array([[1.0, 0.5, 0.0, 0.2], [0.0, 0.5, 1.0, -0.3]])
        seen = truth @ mixing + luck.normal(0.0, 0.05, 4)
        targets = [Target(str(k), value - 0.1, value + 0.1) for k, value in enumerate(seen)]
        figures = positions @ mixing + luck.normal(0.0, 0.05, (300, 4))
        drawn, _ = posterior(positions, figures, targets, world)
        table = told(axes, drawn)
        covered += int(((table["lower"] <= truth) & (table["upper"] >= truth)).sum())
        assert table["recovered"].all()
    assert covered >= 60


def test_intervals_from_few_points_and_many_targets_are_not_too_narrow():
    """200 worlds, 128 points, 16 targets: 600 intervals of 90 %; fewer than 500 (.83) cover with p < 1e-4.

    The worlds of a posterior whose regression has seen the points that it moves, and whose ends are those of the kept
    points, are covered in four of five cases.
    """
    axes, covered = (Axis("x"), Axis("y"), Axis("z")), 0
    for world in range(200):
        luck = np.random.default_rng([world, 7])
        mixing = luck.normal(size=(3, 16)) * np.array([[0.5], [0.25], [0.0]])
        truth, positions = luck.uniform(size=3), luck.uniform(size=(128, 3))
        seen = truth @ mixing + luck.normal(0.0, 0.3, 16)
        figures = positions @ mixing + luck.normal(0.0, 0.3, (128, 16))
        shown = laid_around(seen, [Target(str(k), -0.1, 0.1) for k in range(16)], luck)
        table = told(axes, posterior(positions, figures, shown, world)[0])
        covered += int(((table["lower"] <= truth) & (table["upper"] >= truth)).sum())
        assert not table.at[2, "recovered"]  # no figure knows anything of it
    assert 500 <= covered <= 575


def test_a_known_world_is_measured_with_the_error_of_targets():
    """2,000 errors of half a half-width: their spread lies within 6 % of it but in one of a thousand seeds."""
    targets = [Target(str(k), 10.0, 14.0) for k in range(2000)]
    shown = laid_around(np.append(np.full(1999, 3.0), np.nan), targets, np.random.default_rng(1))
    off = np.array([target.centre - 3.0 for target in shown])
    assert len(shown) == 1999
    assert {round(target.half, 9) for target in shown} == {2.0}
    assert off.std() == pytest.approx(1.0, rel=0.06)


def test_predictions_and_inputs_are_not_fitted():
    scenario = load_scenario("configs/hindcast/rural_heilongjiang.yaml")
    fitted = {target.name for target in targets_of(scenario)}
    kinds = {one.target: one.kind for one in comparisons_of(read_place("rural_heilongjiang", 2010))}
    assert {"C20", "C29", "S05"} <= fitted
    assert not {"C23", "C24", "C30"} & fitted
    assert fitted == {name for name, kind in kinds.items() if kind == "fit"} - {"C08"}
    with pytest.raises(
        ConfigError, match=r"starts 2020-01 and lasts 120 months; a calibration needs 120 months"
    ):
        targets_of(load_scenario("configs/lesson_village.yaml"))


@pytest.mark.parametrize(
    ("place", "made", "of"),
    [("rural_heilongjiang", "C08", {"S01", "C05"}), ("rural_china", "S06", {"C15", "C01"})],
)
def test_a_figure_that_is_made_of_others_is_scored_but_not_fitted_once_more(place, made, of):
    scored = {one.target for one in comparisons_of(read_place(place, 2010))}
    fitted = {one.name for one in targets_of(load_scenario(f"configs/hindcast/{place}.yaml"))}
    assert scored >= {made, *of}
    assert fitted >= of
    assert made not in fitted
    table = pd.read_csv(
        "caresim/data/targets.csv", index_col="id"
    )  # of S06 the table says so, C08 is as its bands are
    figures = table.loc[sorted(of, reverse=True), "value"].to_numpy()
    assert figures[0] / figures[1] == pytest.approx(table.at[made, "value"], abs=0.001)


def test_a_figure_that_is_made_of_what_a_place_does_not_have_is_fitted():
    fitted = {one.name for one in targets_of(load_scenario("configs/hindcast/rural_heilongjiang.yaml"))}
    assert "S06" in fitted
    assert not {"C15", "C01"} & fitted


@pytest.mark.parametrize(
    ("target", "low", "high"),
    [
        ("C18", 0.38 - 0.03, 0.44 + 0.03),  # of the nation: the countryside may lie .03 from it
        ("C20", 0.16 - 0.02, 0.21 + 0.02),
        ("C21", 22.0, 56.0),  # no offset
        ("S05", 0.22, 0.28),  # of this countryside
    ],
)
def test_a_band_that_speaks_of_the_nation_is_widened_on_both_sides(target, low, high):
    fitted = {one.name: one for one in targets_of(load_scenario("configs/hindcast/rural_heilongjiang.yaml"))}
    assert (fitted[target].low, fitted[target].high) == (pytest.approx(low), pytest.approx(high))


def test_distance_is_in_half_widths_of_bands_and_skips_what_is_not_told():
    targets = [Target("a", 0.0, 2.0), Target("b", 10.0, 14.0)]
    far = distance(np.array([[1.0, 12.0], [2.0, 14.0], [np.nan, 16.0], [np.nan, np.nan]]), targets)
    assert far.tolist() == [0.0, 1.0, 2.0, np.inf]


def test_targets_are_read_off_a_run_as_the_score_reads_them():
    from caresim.experiment.replication import replicate

    size = ["population.residents=400", "population.villages=1", "population.townships=1"]
    scenario = load_scenario("configs/hindcast/rural_heilongjiang.yaml", set=size)
    result = replicate(scenario, "status_quo", 0)
    figures = read_targets(scenario, result)
    last = result.records[-1]
    assert figures["target.C08"] == last["rural_elders_share"]
    assert figures["target.C29"] == last["living_alone_share_standard"]
    year = [row["disabled_share_standard"] for row in result.records if row["month"].startswith("2015")]
    assert figures["target.C20"] == pytest.approx(np.nanmean(year))


def test_the_command_line_refuses_what_is_no_hindcast(capsys, tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["calibrate", "configs/lesson_village.yaml", "--out", str(tmp_path / "out")])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(
        "lesson_village: starts 2020-01 and lasts 120 months; a calibration"
    )


def test_without_axes_everything_fitted_is_varied(tmp_path):
    made = calibrate(small(months=1, replications=1), None, 0, 16, tmp_path / "out", 1, targets=TARGETS,
                     read=figures_of, simulate=outcome)  # fmt: skip
    named = made.parameters["axis"].tolist()
    assert {"depression.level", "admission.base", "migration.out_scale"} <= set(named)
    assert "homes.staffing" not in named
    assert {marks_of_axis(axis_of(name, None, ()))["evidence"] for name in named} == {"fitted"}


def test_the_page_names_what_is_fitted_by_default_and_what_is_not():
    named = {axis.name for axis in fitted_axes()}
    lists = {axis.name for axis in uncertain_axes() if marks_of_axis(axis)["evidence"] == "fitted"} - named
    assert len(named) == 17
    assert "marriage.own_household_share" in named
    assert {"functional_decline.onset", "functional_decline.onset_slope"} < lists
    page = Path("docs/designs.md").read_text(encoding="utf-8")
    said = re.search(r"declared range is varied: seventeen\. Four lists were fitted, too\s+\(([^)]*)\)", page)
    assert set(re.findall(r"`([^`]+)`", said[1])) == lists


def test_tables_are_written(found):
    assert sorted(path.name for path in found.path.iterdir()) == [
        "fit", "parameters.csv", "posterior", "posterior.csv", "targets.csv",
    ]  # fmt: skip
    assert pd.read_csv(found.path / "parameters.csv")["axis"].tolist() == [axis.name for axis in AXES]


def test_targets_that_nothing_reaches_do_not_carry_draws_beyond_what_is_known():
    luck = np.random.default_rng(1)
    positions = luck.uniform(size=(200, 1))
    drawn, _ = posterior(positions, positions + luck.normal(0.0, 0.02, (200, 1)), [Target("y", 2.9, 3.1)], 1)
    assert drawn.min() > 0.7
    assert np.ptp(drawn) > 0.02


def test_every_point_of_a_posterior_meets_luck_of_its_own(found):
    runs = read_sweep(found.path / "posterior").runs
    assert runs["replication"].tolist() == list(range(512))


SHARES = [axis_of(f"urbanisation.{name}_share", None, ()) for name in ("town", "province")]


def share_of(scenario, result):
    """Return a figure that says of one share that it is large, with noise of the replication's own."""
    town = scenario.parameters_at(scenario.start)["urbanisation"].town_share
    return {"target.town": town + 0.05 * result.records[0]["unmet_share"]}


@pytest.fixture(scope="module")
def shares(tmp_path_factory):
    out = tmp_path_factory.mktemp("shares") / "out"
    return calibrate(small(months=1, replications=1), SHARES, 0, 64, out, 1,
                     targets=[Target("town", 0.6, 0.7)], read=share_of, simulate=outcome)  # fmt: skip


def test_draws_of_a_posterior_whose_values_limit_one_another_are_taken_by_a_sweep(shares):
    """The density's tails reach beyond shares of one whole; a sweep refuses a table with such a point."""
    points = choose_points(Design("csv", file=str(shares.path / "posterior.csv")), small())
    town, province = (points.frame()[axis.name].astype(float) for axis in SHARES)
    assert (town + province).max() <= 1.0 + 1e-9
    assert (town + province > 1.0 - 1e-5).any()  # some were drawn in
    told_again = shares.parameters.set_index("axis")["mean"]
    assert told_again[SHARES[0].name] == pytest.approx(town.mean())


def test_truths_are_found_again_with_draws_that_can_be():
    """Draws that are all drawn in to one point have no width, and cover no truth."""
    luck = np.random.default_rng(1)
    positions = luck.uniform(size=(60, 1))
    given = [Axis("x")], positions, positions + luck.normal(0.0, 0.05, (60, 1)), [Target("y", 0.4, 0.6)], 1
    assert recovery(*given)["covered"][0] > 0.6
    assert recovery(*given, lambda drawn: np.full_like(drawn, 0.5))["covered"][0] == 0.0
