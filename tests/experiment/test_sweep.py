"""Sweeps: same luck at each point, same bytes however they come about, failures that stop nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim import catalogue, sweep
from caresim.cli import main
from caresim.experiment.numbers import months_of, over_run, over_years
from caresim.experiment.points import batch_size, batches
from caresim.experiment.replication import ReplicationFailed, replicate
from caresim.experiment.statistics import over_months
from caresim.experiment.sweep import SweepStopped
from caresim.kernel.mistakes import ConfigError
from caresim.results import RunFolderError, SweepFolder, read_sweep, verify
from caresim.results.tables import monthly_table
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design
from tests.experiment.fakes import NAMES, dies, outcome, small, unlawful

ROOT = Path(__file__).resolve().parents[2]
DESIGN = Design(
    "lhs", 6, 1, (axis_of("admission.base", None, ()), axis_of("instruments.time_bank.open", None, ()))
)
FILES = ("design.csv", "runs.parquet", "years.parquet", "months.parquet", "failures.csv")
CHILD = """
import sys
from caresim import sweep
from tests.experiment.test_sweep import DESIGN, big
from tests.experiment.fakes import slow
if __name__ == "__main__":
    sweep(big(), DESIGN, sys.argv[1], jobs=int(sys.argv[2]), monthly=True, simulate=slow)
"""


def big(**keys):
    """Return a scenario whose runs are a batch each, as those of a county would be."""
    return small(residents=400_000, villages=100, townships=2, months=14, **{"replications": 2} | keys)


def contents(folder):
    return {name: (Path(folder) / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "out"
    sweep(big(), DESIGN, folder, jobs=1, monthly=True, simulate=outcome)
    return folder


def test_a_sweep_holds_every_run_once_and_says_what_it_was(expected):
    folder = read_sweep(expected)
    assert folder.complete
    verify(expected)
    keys = folder.runs[["point", "mix", "replication"]].values.tolist()
    assert keys == [[point, "status_quo", k] for point in range(6) for k in range(2)]
    assert folder.design["admission.base"].between(-1.9, 0.0).all()
    assert folder.years["year"].tolist() == [2020, 2021] * 12
    assert len(folder.months) == 12 * 14
    assert folder.failed_runs.empty
    told = folder.manifest["sweep"]
    assert (told["kind"], told["points"], told["axes"][0]["evidence"]) == ("lhs", 6, "fitted")


def test_two_workers_give_the_same_bytes(expected, tmp_path):
    found = sweep(big(), DESIGN, tmp_path / "out", jobs=2, monthly=True, simulate=outcome)
    assert contents(found.path) == contents(expected)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_sweep_killed_in_the_middle_is_resumed_to_the_same_bytes(expected, tmp_path, jobs):
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    child = subprocess.Popen([sys.executable, str(script), str(tmp_path / "out"), str(jobs)],
                             env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True)  # fmt: skip
    until = time.monotonic() + 60
    while not list(tmp_path.glob("out/parts/*00[0-9]")) and time.monotonic() < until:
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.02)
    child.kill()
    child.wait()
    assert 0 < len(read_sweep(tmp_path / "out").batches_left(12)) < 12
    with pytest.raises(RunFolderError, match="holds this run already; add --resume to finish it"):
        sweep(big(), DESIGN, tmp_path / "out", jobs=1, monthly=True, simulate=outcome)
    found = sweep(big(), DESIGN, tmp_path / "out", jobs=2, resume=True, monthly=True, simulate=outcome)
    assert contents(found.path) == contents(expected)
    assert not (found.path / "parts").exists()


@pytest.mark.parametrize("name", ["runs", "months"])
def test_a_batch_that_lost_its_end_is_made_again(expected, tmp_path, monkeypatch, name):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(SweepFolder, "close", stopped)
    with pytest.raises(KeyboardInterrupt):
        sweep(big(), DESIGN, tmp_path / "out", jobs=1, monthly=True, simulate=outcome)
    monkeypatch.undo()
    damaged = read_sweep(tmp_path / "out").batch(3) / f"{name}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with pytest.raises(RunFolderError, match=r"was damaged .* make it again with --resume"):
        sweep(big(), DESIGN, tmp_path / "out", jobs=1, resume=True, monthly=True, simulate=outcome)
    found = sweep(big(), DESIGN, tmp_path / "out", jobs=1, resume=True, monthly=True, simulate=outcome)
    assert contents(found.path) == contents(expected)


def test_other_points_do_not_go_into_the_same_folder(expected):
    with pytest.raises(RunFolderError, match="holds another run"):
        sweep(big(), replace(DESIGN, seed=2), expected, jobs=1, resume=True, monthly=True, simulate=outcome)


def test_a_run_that_fails_is_told_and_stops_nothing(tmp_path):
    found = sweep(small(months=1), DESIGN, tmp_path / "out", jobs=1, simulate=unlawful)
    assert found.complete
    assert len(found.runs) == 6 * 5
    assert found.failed_runs["replication"].tolist() == [2] * 6
    assert found.failed_runs["error"].str.startswith("LawBroken: 2020-03: broken law").all()


def test_a_dead_worker_costs_its_batches_only(tmp_path):
    with pytest.raises(ReplicationFailed, match=r"batches were lost.*go on with --resume"):
        sweep(big(replications=3), DESIGN, tmp_path / "out", jobs=2, simulate=dies)
    assert sweep(
        big(replications=3), DESIGN, tmp_path / "out", jobs=1, resume=True, simulate=outcome
    ).complete


def interrupted(scenario, mix, replication):
    if replication == 1:
        raise KeyboardInterrupt
    return outcome(scenario, mix, replication)


def test_an_interrupt_says_how_to_go_on(tmp_path):
    with pytest.raises(SweepStopped, match=r"stopped; 1 of 12 batches are kept in .*: go on with --resume"):
        sweep(big(), DESIGN, tmp_path / "out", jobs=1, simulate=interrupted)


def test_every_point_meets_the_same_luck(tmp_path):
    """With the real model: the price of unpaid hours moves nothing but what unpaid hours are worth."""
    design = Design("one", 2, 1, (axis_of("outcomes.informal_hour_price", None, ()),))
    scenario = small(months=2, replications=2)
    runs = sweep(scenario, design, tmp_path / "out", jobs=1).runs.set_index(["point", "replication"])
    plain = replicate(scenario, "status_quo", 1)
    for name in ("unmet_share", "lonely_share", "elders"):
        assert runs.loc[(0, 1), name] == runs.loc[(1, 1), name] == runs.loc[(2, 1), name]
        assert runs.loc[(0, 0), name] != runs.loc[(0, 1), name]
    months = months_of(plain, catalogue.indicators())
    expected = over_run(months, catalogue.indicators())
    assert np.array_equal(runs.loc[(0, 1), NAMES].to_numpy(dtype=float), expected, equal_nan=True)
    apart = [name for name in NAMES if not _equal(runs.loc[(1, 1), name], runs.loc[(2, 1), name])]
    assert apart
    assert all(name.startswith(("informal_", "finance_", "societal_")) for name in apart), apart


def _equal(a, b):
    return a == b or (np.isnan(a) and np.isnan(b))


def test_numbers_of_a_run_are_those_of_the_summary():
    scenario = small(months=26)
    result = replicate(scenario, "status_quo", 0)
    indicators = catalogue.indicators()
    months = months_of(result, indicators)
    expected = over_months(monthly_table("m", 0, result).to_pandas(), indicators).iloc[0]
    assert over_run(months, indicators) == pytest.approx(expected.to_numpy(), rel=1e-12, nan_ok=True)
    years, found = over_years(months, scenario.start, indicators)
    assert years.tolist() == [2020, 2021, 2022]
    for number, cut in enumerate((slice(0, 12), slice(12, 24), slice(24, 26))):
        assert found[number] == pytest.approx(over_run(months[cut], indicators), rel=1e-12, nan_ok=True)


def test_batches_hold_every_run_and_small_places_share_them():
    scenario = small()
    from caresim.experiment.designs import choose_points

    points = choose_points(DESIGN, scenario)
    work = batches(points, scenario, range(6))
    assert [run for batch in work for run in batch.runs] == [
        (p, "status_quo", k) for p in range(6) for k in range(6)
    ]
    assert batch_size(10_000, replace(scenario, residents=1100, months=360)) == 40
    assert batch_size(10_000, replace(scenario, residents=300_000, months=180)) == 1


def test_the_command_line_sweeps_and_reads_own_points(tmp_path, capsys):
    base = ["sweep", "configs/lesson_village.yaml", "--set", "months=2", "--jobs", "1"]
    with pytest.raises(SystemExit) as left:
        main([*base, "--design", "sobol", "--points", "2", "--axis", "admission.base", "--axis", "homes.staffing=0.7:1",
              "--out", str(tmp_path / "a")])  # fmt: skip
    assert left.value.code == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a'}\n"
    with pytest.raises(SystemExit):
        main([*base, "--points", str(tmp_path / "a" / "design.csv"), "--out", str(tmp_path / "b")])
    first, second = (read_sweep(tmp_path / name) for name in "ab")
    pd.testing.assert_frame_equal(first.runs, second.runs)
    for wrong, told in (
        (
            ["--axis", "admission.bse"],
            "--axis: design.axes.admission.bse: unknown; did you mean admission.base?",
        ),
        ([], "design: the scenario has none; write design: in the config, or --design and --axis"),
        (
            ["--points", str(tmp_path / "none.csv")],
            f"{tmp_path / 'none.csv'}:1:1: no such file; give a CSV file",
        ),
        (
            ["--design", "lsh", "--axis", "admission.base"],
            "--design: design.kind: lsh is not possible; write 'one'",
        ),
    ):
        with pytest.raises(SystemExit) as left:
            main([*base, *wrong, "--out", str(tmp_path / "c")])
        assert left.value.code == 2
        assert capsys.readouterr().err.startswith(told)


def test_a_scenario_without_a_design_is_refused():
    with pytest.raises(ConfigError, match="design: the scenario has none"):
        sweep(small())
