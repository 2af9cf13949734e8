"""The score: what is hit, what is compatible, what naive predictions say; refusals."""

import numpy as np
import pandas as pd
import pytest

from caresim import load_scenario, run_experiment
from caresim.cli import main
from caresim.experiment.naive import carried_forward, closed_cohort, kept, province_cohort
from caresim.experiment.score import score_run
from caresim.results import RunFolderError
from caresim.synthesis.places import read_place

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
    for row in score.itertuples():
        assert row.hit == (row.low <= row.mean <= row.high)
        assert row.compatible == (row.lower <= row.high and row.upper >= row.low)
        assert row.width == pytest.approx(row.upper - row.lower)
    assert (hindcast / "score.csv").exists()


def test_naive_predictions_come_from_the_census_and_the_rates():
    place = read_place("rural_heilongjiang", 2010)
    old, closed, province = carried_forward(place), closed_cohort(place), province_cohort(place)
    survivors = place.residents[1, 50:90].copy()
    for year in range(2010, 2020):
        survivors *= np.exp(-place.rates.death[place.rates.row(year), 1, 50 + year - 2010 : 90 + year - 2010])
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
