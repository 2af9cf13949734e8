"""The scripts that ask a question answer it from what was run, at any size."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim.experiment.designs import Points
from caresim.results import read_run, read_sweep
from caresim.scenario.axes import Axis

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
TINY = ["--replications", "2", "--residents", "600", "--months", "6", "--jobs", "1"]


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    return importlib.import_module


def test_the_time_bank_is_judged_by_the_hours_that_elders_receive(script, tmp_path, monkeypatch, capsys):
    asks = script("time_bank")
    monkeypatch.setattr(asks, "SIZES", (0.15,))
    monkeypatch.setattr(asks, "BACKSTOPS", (1.0,))
    table = asks.main([*TINY, "--out", str(tmp_path / "run")])
    monthly = read_run(tmp_path / "run").monthly
    sums = monthly.groupby(["mix", "replication"])[["met_hours", "elders", "public_spending"]].sum()
    hours = sums.met_hours / sums.elders
    assert table.more.item() == pytest.approx((hours["bank_0.15_1"] - hours["status_quo"]).mean())
    assert table.lower.item() <= table.more.item() <= table.upper.item()
    assert f"{table.more.item():.3f}" in capsys.readouterr().out
    assert (tmp_path / "run.csv").exists()
    given = monthly[monthly.mix == "status_quo"].hours_time_bank
    assert (given == 0).all()
    assert table.given.item() > 0


def test_an_hour_that_replaces_another_is_no_hour_more(script):
    asks = script("time_bank")
    rows = [
        {"mix": mix, "replication": k, "met_hours": 1000.0 + k, "hours_time_bank": 50.0 * (mix != "status_quo"),
         "time_bank_hours_bought": 0.0, "public_spending": 400.0 + 20.0 * (mix != "status_quo"), "elders": 10.0}
        for mix in asks.banks() for k in range(3)
    ]  # fmt: skip
    table = asks.answer(pd.DataFrame(rows))
    assert len(table) == 9
    assert (table.given == 5.0).all()
    assert (table.more == 0.0).all()
    assert (table.yuan == 2.0).all()
    assert table.yuan_per_hour.isna().all()


def test_futures_part_in_their_second_month(script, tmp_path, capsys):
    asks = script("migration_futures")
    mixes = ["--mix", "status_quo", "--mix", "mutual_aid"]
    kept = asks.main([*TINY, *mixes, "--out", str(tmp_path)])
    runs = {future: read_run(tmp_path / future).monthly for future in asks.FUTURES}
    first = {future: months[months.month == "2020-01"].dropna(axis=1) for future, months in runs.items()}
    pd.testing.assert_frame_equal(first["fewer_leave"], first["as_now"])
    pd.testing.assert_frame_equal(first["more_leave"], first["as_now"])
    left = {future: months.groupby("replication").departures.sum().sum() for future, months in runs.items()}
    assert left["fewer_leave"] < left["as_now"] < left["more_leave"]
    assert (kept.probability >= asks.SURE).all()
    assert "more_leave: " in capsys.readouterr().out
    assert (tmp_path / "survivors.csv").exists()


def test_only_orderings_that_are_sure_in_every_future_survive(script):
    asks = script("migration_futures")
    columns = ["indicator", "mix", "than", "probability"]
    rows = [
        ("unmet_share", "a", "b"),
        ("unmet_share", "a", "c"),
        ("unmet_share", "b", "c"),
        ("unmet_share", "c", "b"),
    ]

    def future(*probabilities):
        return pd.DataFrame([(*row, p) for row, p in zip(rows, probabilities, strict=True)], columns=columns)

    kept = asks.survivors({"x": future(0.99, 0.99, 1.0, 0.0), "y": future(0.97, 0.6, math.nan, math.nan)})
    assert kept.values.tolist() == [["unmet_share", "a", "b", 0.97]]


def test_an_ordering_and_its_reverse_are_sure_together(script):
    asks = script("migration_futures")
    monthly = pd.DataFrame(
        [{"mix": mix, "replication": k, "month": "2020-01", **dict.fromkeys(asks.ASKED, value + 0.1 * k * value)}
         for mix, value in (("a", 0.3), ("b", 0.5)) for k in range(4)]
    )  # fmt: skip
    known = asks.orderings(monthly).set_index(["indicator", "mix", "than"]).probability
    for name in asks.ASKED:
        assert known[name, "a", "b"] + known[name, "b", "a"] == pytest.approx(1.0)
    assert known["unmet_share", "a", "b"] > 0.99
    assert known["qalys", "a", "b"] < 0.01
    assert asks.ranks(monthly).loc["a", ["unmet_share", "qalys"]].tolist() == [1, 2]


def test_doubts_run_every_mix_in_the_same_worlds(script, tmp_path, capsys):
    asks = script("doubts")
    mixes = ["--mix", "mutual_aid", "--mix", "integrated_pluralism"]
    asks.main([*TINY, *mixes, "--worlds", "3", "--out", str(tmp_path / "doubts")])
    folder = read_sweep(tmp_path / "doubts")
    assert len(folder.runs) == 3 * 3 * 2
    drawn = folder.design.drop(columns="point")
    assert drawn.shape[1] > 300
    assert "depression.level" not in drawn  # fitted to targets
    assert (drawn.select_dtypes("float").nunique() == 3).mean() > 0.95
    runs = folder.runs.set_index(["mix", "point", "replication"]).unmet_share_all
    gain = (runs["mutual_aid"] - runs["status_quo"]).groupby("point").mean()
    told = pd.read_csv(tmp_path / "doubts" / "unmet_share_all_by_mix.csv", index_col=0)
    assert told.loc["mutual_aid", "median"] == pytest.approx(gain.median())
    assert told.loc["mutual_aid", "better than status quo"] == (gain < 0).mean()
    assert "0 runs failed" in capsys.readouterr().out


def test_a_mix_that_is_always_best_is_first_and_what_moves_it_leads(script):
    asks = script("doubts")
    number = 60
    axes = tuple(Axis(name) for name in ("moves", "idle"))
    luck = np.random.default_rng(3)
    points = Points(axes, tuple(map(tuple, luck.random((number, 2)))))
    moved = np.repeat([row[0] for row in points.rows], 2)
    index = pd.MultiIndex.from_product([range(number), range(2)], names=["point", "replication"])
    gains = pd.DataFrame({"best": -1.0 - moved, "worse": -0.5 * luck.random(2 * number)}, index)
    table = asks.summed_up(gains, -1.0)
    assert table["first"].to_dict() == {"best": 1.0, "worse": 0.0}
    assert table["better than status quo"].to_dict() == {"best": 1.0, "worse": 1.0}
    assert table.loc["best", "parameters' share of spread"] == pytest.approx(1.0)
    assert table.loc["worse", "parameters' share of spread"] < 0.4
    found = asks.leaders(gains["best"], points)
    assert found["rank correlation"].round(6).to_dict() == {"moves": -1.0}


def test_pairing_tells_shared_luck_from_a_shared_start(script, tmp_path, capsys):
    asks = script("pairing")
    arguments = [
        "--replications",
        "5",
        "--residents",
        "600",
        "--months",
        "6",
        "--jobs",
        "1",
        "--mix",
        "mutual_aid",
    ]
    table = asks.main([*arguments, "--out", str(tmp_path / "pairing.csv")]).set_index("indicator")
    assert table.index.tolist() == list(asks.MAIN)
    assert table.loc["lonely_share", "correlation_one_start"] > 0.9
    assert table.loc["lonely_share", "correlation"] > 0.9
    assert (
        (tmp_path / "pairing.csv")
        .read_text()
        .startswith("indicator,correlation,variance_saved,lower,other_luck,")
    )
    assert "not above 0.9 with one start: " in capsys.readouterr().out
    assert asks.lower_end(0.9, 20) == pytest.approx(0.7603, abs=1e-4)  # tanh(artanh .9 - 1.96 / sqrt 17)
