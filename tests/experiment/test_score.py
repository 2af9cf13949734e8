"""The score: what is hit, what is compatible, what naive predictions say; refusals."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from caresim import load_scenario, run_experiment
from caresim.cli import main
from caresim.experiment.comparisons import COMPARISONS, PREDICTIONS, Run
from caresim.experiment.naive import carried_forward, closed_cohort, kept, province_cohort
from caresim.experiment.score import _known, score_run
from caresim.results import RunFolderError
from caresim.synthesis.places import place_folder, read_place

SMALL = ["population.residents=900", "population.villages=3", "population.townships=1", "replications=2"]


@pytest.fixture(scope="module")
def hindcast(tmp_path_factory):
    folder = tmp_path_factory.mktemp("score") / "run"
    run_experiment(load_scenario("configs/hindcast/rural_heilongjiang.yaml", set=SMALL), out=folder, jobs=1)
    return folder


def test_a_score_reads_its_figures_off_the_run(hindcast):
    score = score_run(hindcast).set_index("id")
    months = pd.read_parquet(hindcast / "monthly.parquet")
    last = months[months["month"] == "2019-12"]
    scale = read_place("rural_heilongjiang", 2010).residents.sum() / 900
    assert score.at["C05", "mean"] == pytest.approx(float(last["rural_residents"].mean()) * scale)
    assert score.at["C08", "mean"] == pytest.approx(float(last["rural_elders_share"].mean()))
    assert score.at["C08", "lower"] == pytest.approx(np.quantile(last["rural_elders_share"], 0.05))
    wide = last["living_alone_share_standard"]
    assert score.at["C29", "upper"] == pytest.approx(np.quantile(wide, 0.95) + 0.02)
    year = months[months["month"].str.startswith("2018")].groupby("replication")["depressed_share_standard"]
    assert score.at["C25", "mean"] == pytest.approx(float(year.mean().mean()))
    assert score.at["C25", "lower"] == pytest.approx(np.quantile(year.mean(), 0.05) - 0.03)
    year = months[months["month"].str.startswith("2012")].groupby("replication")[
        "family_main_carer_share_oldest"
    ]
    assert score.at["C23", "mean"] == pytest.approx(float(year.mean().mean()), nan_ok=True)
    for row in score.itertuples():
        assert row.hit == (row.low <= row.mean <= row.high)
        assert row.compatible == (row.lower <= row.high and row.upper >= row.low)
        assert row.width == pytest.approx(row.upper - row.lower, nan_ok=True)
    assert (hindcast / "score.csv").exists()


def test_fits_and_inputs_are_told_from_predictions(hindcast):
    kinds = score_run(hindcast).set_index("id")["kind"]
    assert set(kinds[["C05", "S03", "C20", "C29"]]) == {"fit"}
    assert {c.target: c.kind for c in COMPARISONS}["C30"] == "input"
    assert set(kinds[["C23", "C24"]]) == {"prediction"}
    assert kinds["C25"] == "fit"
    assert {c.kind for c in PREDICTIONS} == {"prediction"}


def renamed(hindcast, folder, place, name):
    """Return a copy of a hindcast that says that it is of a user's own folder."""
    own = folder / name
    shutil.copytree(place_folder(place), own)
    shutil.copytree(hindcast, folder / "run")
    manifest = json.loads((hindcast / "manifest.json").read_text())
    manifest["scenario"]["place"] = str(own)
    (folder / "run" / "manifest.json").write_text(json.dumps(manifest))
    return folder / "run"


def test_a_users_folder_with_a_shipping_name_is_not_scored(hindcast, tmp_path):
    run = renamed(hindcast, tmp_path, "rural_heilongjiang", "rural_china")
    score = score_run(run)
    assert score["id"].tolist() == [c.target for c in PREDICTIONS]
    assert score[["low", "high", "hit", "compatible"]].isna().all(axis=None)
    assert score.set_index("id").loc[["60+ count", "60+ share"], "province_cohort"].isna().all()


def test_the_absent_of_nobody_are_no_number():
    rows = [(2020, "15-19", 0, 0), (2020, "100+", 0, 0)]
    people = pd.DataFrame(rows, columns=["year", "age_group", "registered", "resident"])
    assert np.isnan(Run(pd.DataFrame(), people, 1.0).away()).all()
    people[["registered", "resident"]] = [[5, 5], [2, 2]]
    per_resident, mean_age = Run(pd.DataFrame(), people, 1.0).away()
    assert per_resident == 0.0
    assert np.isnan(mean_age)
    people["registered"] = [9, 2]
    assert Run(pd.DataFrame(), people, 1.0).away() == (4 / 7, 17.5)


def test_replications_without_anybody_of_the_kind_do_not_enter():
    assert _known([0.5, np.nan, 0.7]).tolist() == [0.5, 0.7]
    assert np.isnan(_known([np.nan, np.nan])).all()


def test_a_quarterly_indicator_is_averaged_over_the_months_that_have_it():
    months = pd.DataFrame(
        {"depressed_share_standard": [np.nan, np.nan, 0.3, 0.5]},
        index=["2018-01", "2018-02", "2018-03", "2018-06"],
    )
    read = {c.target: c.read for c in COMPARISONS}["C25"]
    assert read(Run(months, pd.DataFrame(), 1.0)) == pytest.approx(0.4)


def test_the_ratio_of_deaths_to_none_is_no_number():
    months = pd.DataFrame({"adl_deaths_weighted": [2.0], "other_deaths_weighted": [0.0]}, index=["2015-01"])
    ratio = {c.target: c.read for c in COMPARISONS}["C22"]
    assert np.isnan(ratio(Run(months, pd.DataFrame(), 1.0)))
    assert ratio(Run(months.assign(other_deaths_weighted=1.0), pd.DataFrame(), 1.0)) == 2.0


def test_a_province_is_set_against_its_own_census(tmp_path):
    settings = [*SMALL, "place=heilongjiang"]
    scenario = load_scenario("configs/hindcast/rural_heilongjiang.yaml", set=settings)
    run = run_experiment(scenario, out=tmp_path / "run", jobs=1)
    score = score_run(run.path).set_index("id")
    census = read_place("heilongjiang", 2020)
    assert score.index.tolist() == ["C06", "C07", "residents", "60+ count", "65+ count", "60+ share", "65+ share",
                                    "household size", "one-person", "one-generation", "with elders"]  # fmt: skip
    assert score.at["residents", "low"] == pytest.approx(0.9 * census.residents.sum())
    assert score.at["65+ share", "high"] == pytest.approx(
        census.residents[:, 65:].sum() / census.residents.sum() + 0.02
    )
    assert score.at["household size", "low"] == pytest.approx(2.22 - 0.15)
    assert score.at["one-generation", "high"] == pytest.approx(0.5965 + 0.02)
    last = run.monthly[run.monthly["month"] == "2019-12"]
    scale = read_place("heilongjiang", 2010).residents.sum() / 900
    assert score.at["residents", "mean"] == pytest.approx(float(last["residents"].mean()) * scale)
    assert score.at["60+ count", "mean"] == pytest.approx(float(last["elders"].mean()) * scale)
    assert score.at["C06", "mean"] == pytest.approx(float(last["elders_share"].mean()))
    assert score["what"].str.contains("without the account of the cities").all()
    assert score["kind"].tolist() == ["fit"] * 7 + ["prediction"] * 4
    assert (score["hit"] == ((score["low"] <= score["mean"]) & (score["mean"] <= score["high"]))).all()


def test_naive_predictions_come_from_the_census_and_the_rates():
    place = read_place("rural_heilongjiang", 2010)
    old, closed, province = carried_forward(place), closed_cohort(place), province_cohort(place)
    survivors = place.residents[1, 50:90].copy()
    for year in range(2010, 2020):
        survivors *= np.exp(-place.rates.deaths(year)[1, 50 + year - 2010 : 90 + year - 2010])
    assert old.sum() == pytest.approx(16.99e6, rel=0.001)
    assert closed[1, 60:100] == pytest.approx(survivors)
    assert closed[:, 60:].sum() == pytest.approx(3.99e6, rel=0.01)
    assert province[:, 30].sum() == pytest.approx((closed * kept("heilongjiang"))[:, 30].sum())
    assert province_cohort(read_place("rural_china", 2010)) is None


def test_a_province_keeps_what_its_censuses_say():
    expected, observed = (
        closed_cohort(read_place("heilongjiang", 2010)),
        read_place("heilongjiang", 2020).residents,
    )
    again = expected * kept("heilongjiang")
    assert again[:, :85].sum() == pytest.approx(observed[:, :85].sum())
    # Aged 25-29 in 2020: 29.3 % fewer than the survivors of the closed cohort.
    assert kept("heilongjiang")[:, 27].mean() - 1 == pytest.approx(-0.293, abs=0.02)


def test_a_run_that_is_no_hindcast_is_refused_in_one_line(tmp_path, capsys):
    scenario = load_scenario("configs/heilongjiang.yaml", set=[*SMALL, "months=1", "replications=1"])
    run_experiment(scenario, out=tmp_path / "run", jobs=1)
    with pytest.raises(RunFolderError, match="a score needs a run of 120 months from 2010-01"):
        score_run(tmp_path / "run")
    with pytest.raises(SystemExit) as left:
        main(["score", str(tmp_path / "run")])
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
