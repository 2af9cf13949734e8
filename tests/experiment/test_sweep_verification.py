"""A sweep's runs are made again at their points and compared, bit by bit."""

from dataclasses import replace

import pandas as pd
import pytest

import caresim
from caresim.experiment.designs import Points
from caresim.experiment.optimise import read_spending
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.sweep import run_points
from caresim.experiment.sweep_verification import sampled_runs
from caresim.experiment.verification import AGAIN, verify_run
from caresim.results import RunFolderError
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design
from tests.experiment.fakes import outcome, small
from tests.experiment.test_unhappy_runs import alter

BASE = axis_of("admission.base", None, ())


def told_by(scenario, mix, replication):
    """Return months that tell of the axis."""
    found = outcome(scenario, mix, replication)
    base = scenario.parameters_at(scenario.start, mix)["admission"].base
    return replace(found, records=[record | {"unmet_share": base / 10.0} for record in found.records])


@pytest.fixture
def swept(tmp_path):
    return caresim.sweep(
        small(replications=2), Design("lhs", 3, 1, (BASE,)), tmp_path / "out", jobs=1, simulate=told_by, monthly=True
    )  # fmt: skip


def test_a_sweep_as_it_was_left_is_verified(swept):
    found = verify_run(swept.path, sample=50, simulate=told_by)
    assert (len(found), found.attrs[AGAIN]) == (0, 6)


def test_the_sample_of_a_sweep_follows_from_its_digest(swept):
    two, three = (set(sampled_runs(swept, n)) for n in (2, 3))
    assert two < three
    assert sampled_runs(swept, 9) == [(point, "status_quo", k) for point in range(3) for k in range(2)]


@pytest.mark.parametrize("file", ["runs", "years", "months"])
def test_an_altered_cell_of_a_sweep_is_found_although_the_checksum_was_altered_too(swept, file):
    def change(table):
        row = table.index[(table.point == 1) & (table.replication == 1)][0]
        table.loc[row, "unmet_share"] += 1e-12

    alter(swept, f"{file}.parquet", change)
    found = verify_run(swept.path, sample=6, simulate=told_by)
    assert found[["file", "mix", "replication", "column"]].values.tolist() == [
        [f"{file}.parquet", "status_quo", 1, "unmet_share"]
    ]
    assert found["where"][0].startswith("point 1")


def test_an_altered_point_is_found_by_what_comes_out_there(swept):
    design = pd.read_csv(swept.path / "design.csv")
    design.loc[2, "admission.base"] += 0.125
    design.to_csv(swept.path / "design.csv", index=False)
    swept.seal([swept.path / "design.csv"])
    found = verify_run(swept.path, sample=6, simulate=told_by)
    assert set(found["where"].str.split().str[1]) == {"2"}
    assert set(found["column"]) == {"unmet_share"}


def test_a_point_that_is_gone_is_found(swept):
    design = pd.read_csv(swept.path / "design.csv")
    design[:2].to_csv(swept.path / "design.csv", index=False)
    swept.seal([swept.path / "design.csv"])
    found = verify_run(swept.path, sample=6, simulate=told_by)
    assert (
        found[["where", "column", "stored", "again"]].values.tolist()
        == [["point 2", "point", 2, "2 points"]] * 2
    )


def test_a_run_that_cannot_be_made_again_is_one_line(swept):
    def failing(scenario, mix, replication):
        raise ValueError("no\nharvest")

    with pytest.raises(
        ReplicationFailed, match=r"^point \d, mix status_quo, replication \d: ValueError: no harvest$"
    ):
        verify_run(swept.path, sample=1, simulate=failing)


def test_what_was_read_off_the_runs_is_compared_too(tmp_path):
    points, scenario = Points((BASE,), ((-2.0,), (-1.0,))), small(replications=1)
    kept = run_points(
        scenario, points, tmp_path / "read", {"kind": "own"}, jobs=1, simulate=told_by, read=read_spending
    )
    more = set(kept.runs.columns) - set(caresim.sweep(scenario, Design("one", 2, 1, (BASE,)), tmp_path / "plain",
                                                      jobs=1, simulate=told_by).runs.columns)  # fmt: skip
    assert more
    assert len(verify_run(kept.path, sample=2, simulate=told_by)) == 0
    name = sorted(more)[0]

    def change(table):
        table.loc[0, name] = 0.5

    alter(kept, "runs.parquet", change)
    assert set(verify_run(kept.path, sample=2, simulate=told_by)["column"]) == {name}


def test_what_read_the_runs_has_to_be_a_part_of_the_package(tmp_path):
    def mine(scenario, outcome):
        return {"mine": 1.0}

    points = Points((BASE,), ((-2.0,),))
    kept = run_points(
        small(), points, tmp_path / "mine", {"kind": "own"}, jobs=1, simulate=told_by, read=mine
    )
    with pytest.raises(RunFolderError, match="is not to be found; verify it with --sample 0"):
        verify_run(kept.path, simulate=told_by)
    assert verify_run(kept.path, sample=0).attrs[AGAIN] == 0


def test_runs_of_the_model_with_words_and_switches_among_the_axes_come_out_the_same(tmp_path):
    known = ("spouse", "children", "neighbours", "volunteers", "time_bank")
    orders = (known, known[::-1])
    axes = (axis_of("needs.order", orders, ()), axis_of("instruments.time_bank.open", None, ()), BASE)
    design = Design("lhs", 3, 1, axes)
    kept = caresim.sweep(
        small(months=2, residents=120, villages=1, replications=1), design, tmp_path / "model", jobs=1
    )
    found = verify_run(kept.path, sample=3)
    assert (len(found), found.attrs[AGAIN]) == (0, 3)
