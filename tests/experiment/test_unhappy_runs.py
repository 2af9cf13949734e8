"""Runs that fail, are killed, or have no room: what is finished stays, and what is missing is told."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim.cli import main
from caresim.experiment import runner
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.runner import run_experiment
from caresim.experiment.verification import sampled, verify_run
from caresim.results import IncompleteRun, RunFolderError, Unwritable, held, read_run, run_status, verify
from tests.experiment.fakes import contents, outcome, small, unlawful
from tests.experiment.test_runner import ROOT, start_child
from tests.scenario.test_broken_configs import complaints

MIXES = {"status_quo": {}, "other": {}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    run = run_experiment(
        small(replications=12), tmp_path_factory.mktemp("run") / "out", jobs=1, simulate=outcome
    )
    return contents(run.path)


def only_other_is_unlawful(scenario, mix, replication):
    return (unlawful if mix == "other" else outcome)(scenario, mix, replication)


def never_lawful(scenario, mix, replication):
    return unlawful(scenario, mix, 2)


@pytest.fixture
def incomplete(tmp_path):
    scenario = small(mixes=MIXES, replications=4)
    with pytest.raises(
        ReplicationFailed, match=r"^mix other, replication 2: LawBroken: 2020-03: .*; 7 of 8 rep"
    ):
        run_experiment(scenario, tmp_path / "out", jobs=1, simulate=only_other_is_unlawful)
    return read_run(tmp_path / "out")


def test_a_failed_replication_is_recorded_and_the_rest_goes_on(incomplete):
    assert incomplete.manifest["status"] == "incomplete"
    failures = pd.read_csv(incomplete.path / "failures.csv")
    assert failures.drop(columns="message").values.tolist() == [["other", 2, 0, "2020-03"]]
    assert failures.message[0].startswith("LawBroken: 2020-03: broken law: people balance")
    verify(incomplete.path)
    assert run_status(incomplete.path).loc[0, ["status", "total", "done", "failed"]].tolist() == [
        "incomplete",
        8,
        7,
        1,
    ]


def test_tables_of_an_incomplete_run_say_what_is_missing(incomplete):
    assert incomplete.manifest["missing"] == {"other": [2]}
    with pytest.warns(IncompleteRun, match="mix other lacks replication 2; compare mixes by the rep"):
        monthly = incomplete.monthly
    assert monthly.groupby("mix").replication.unique().map(list).to_dict() == {
        "status_quo": [0, 1, 2, 3], "other": [0, 1, 3],
    }  # fmt: skip
    with pytest.warns(IncompleteRun):
        summary = incomplete.summary
    assert summary.groupby("mix").missing.unique().map(list).to_dict() == {"status_quo": [0], "other": [1]}


def test_what_failed_is_tried_again_and_gives_the_same_bytes(incomplete, tmp_path):
    scenario = small(mixes=MIXES, replications=4)
    uninterrupted = run_experiment(scenario, tmp_path / "whole", jobs=1, simulate=outcome)
    resumed = run_experiment(scenario, incomplete.path, jobs=1, resume=True, simulate=outcome)
    assert contents(resumed.path) == contents(uninterrupted.path)
    assert sorted(os.listdir(resumed.path)) == sorted(os.listdir(uninterrupted.path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(read_run(resumed.path).monthly) == 8 * 13


def test_a_run_of_which_nothing_came_is_failed(tmp_path):
    with pytest.raises(
        ReplicationFailed, match=r"\(and 5 more in failures.csv\); 0 of 6 replications are kept"
    ):
        run_experiment(small(), tmp_path / "out", jobs=1, simulate=never_lawful)
    run = read_run(tmp_path / "out")
    assert run.manifest["status"] == "failed"
    assert len(run.failures) == 6
    with pytest.raises(RunFolderError, match="add --resume"):
        _ = run.monthly
    assert run_experiment(small(), run.path, jobs=1, resume=True, simulate=outcome).complete


def test_a_month_that_cannot_be_simulated_is_named(monkeypatch, tmp_path):
    from caresim.model import CareModel

    def step(model):
        if len(model.records) == 2:
            raise ZeroDivisionError("no elders")
        model.records.note(np.zeros(len(model.records.names)))

    monkeypatch.setattr(CareModel, "step", step)
    with pytest.raises(ReplicationFailed, match="StepFailed: 2020-03: ZeroDivisionError: no elders"):
        run_experiment(small(replications=1), tmp_path / "out", jobs=1)
    assert read_run(tmp_path / "out").failures[0].month == "2020-03"


def test_the_command_ends_with_one_line_and_code_1(tmp_path, monkeypatch, capsys):
    config = tmp_path / "a.yaml"
    config.write_text(
        "{place: rural_heilongjiang, months: 13, replications: 3, "
        "population: {residents: 600, townships: 1, villages: 2}}"
    )
    monkeypatch.setattr(runner, "replicate", unlawful)
    with pytest.raises(SystemExit) as left:
        main(["run", str(config), "--out", str(tmp_path / "out"), "--jobs", "1"])
    assert left.value.code == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "2 of 3 replications are kept" in said.err


# --- killed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_it_is_resumed_to_the_same_bytes(tmp_path, whole, seed):
    luck = random.Random(seed)
    child = start_child(tmp_path, 1 + seed % 2)
    time.sleep(luck.uniform(0.0, 0.8))
    if seed % 2 and Path("/proc").exists():  # a worker dies first; the run goes on, or is killed over it
        for worker in Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()[-1:]:
            os.kill(int(worker), signal.SIGKILL)
        time.sleep(luck.uniform(0.0, 0.3))
    child.kill()
    child.wait()
    resumed = run_experiment(small(replications=12), tmp_path / "out", jobs=1, resume=True, simulate=outcome)
    assert contents(resumed.path) == whole
    assert sorted(os.listdir(resumed.path)) == ["manifest.json", *sorted(whole)]


def test_killed_while_the_tables_are_joined_it_is_resumed_to_the_same_bytes(tmp_path, whole):
    program = (
        "import os, sys\nfrom caresim.experiment import runner\nfrom tests.experiment.fakes import outcome, small\n"
        "calls = 0\ndef dies(numbers, scenario):\n    os.kill(os.getpid(), 9)\n"
        "runner.summary_of = dies\n"
        "runner.run_experiment(small(replications=12), sys.argv[1], jobs=1, simulate=outcome)\n"
    )
    died = subprocess.run([sys.executable, "-c", program, str(tmp_path / "out")],
                          env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    assert died.returncode == -signal.SIGKILL
    assert run_status(tmp_path / "out").loc[0, ["status", "done"]].tolist() == ["interrupted", 12]
    resumed = run_experiment(small(replications=12), tmp_path / "out", jobs=1, resume=True, simulate=outcome)
    assert contents(resumed.path) == whole
    assert sorted(os.listdir(resumed.path)) == ["manifest.json", *sorted(whole)]


def test_a_part_that_lost_its_end_is_made_again(tmp_path, whole):
    child = start_child(tmp_path, 1)
    child.kill()
    child.wait()
    run = read_run(tmp_path / "out")
    damaged = run.part(next(task for task in run.tasks if task not in run.unfinished())) / "monthly.parquet"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with pytest.raises(RunFolderError, match=r"was damaged .* make it again with --resume"):
        run_experiment(small(replications=12), run.path, jobs=1, resume=True, simulate=outcome)
    resumed = run_experiment(small(replications=12), run.path, jobs=1, resume=True, simulate=outcome)
    assert contents(resumed.path) == whole


def test_a_running_run_tells_how_far_it_is(tmp_path):
    child = start_child(tmp_path, 1)
    try:
        found = run_status(tmp_path / "out").loc[0]
        assert found["status"] == "running"
        assert found["running"] == 1
        assert 0 < found["done"] < found["total"] == 12
    finally:
        child.kill()
        child.wait()
    assert run_status(tmp_path / "out").loc[0, "status"] == "interrupted"


# --- no room ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of half a megabyte, where this user may."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not shutil.which("mount") or mounted(disk, "size=512k") != 0:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def mounted(disk, *options):
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_gives_one_line_and_loses_nothing(small_disk, whole, jobs):
    said = (
        r"cannot be written \(No space left on device\); what is finished is kept: make room, then .*--resume"
    )
    with pytest.raises(Unwritable, match=said) as caught:
        run_experiment(small(replications=12), small_disk / "out", jobs=jobs, simulate=outcome)
    assert "\n" not in str(caught.value)
    kept = 12 - len(read_run(small_disk / "out").unfinished())
    assert 0 < kept < 12
    assert mounted(small_disk, "remount", "size=20m") == 0
    resumed = run_experiment(
        small(replications=12), small_disk / "out", jobs=1, resume=True, simulate=outcome
    )
    assert contents(resumed.path) == whole


def test_a_disk_that_fills_while_tables_are_joined_loses_nothing(small_disk, whole):
    assert mounted(small_disk, "remount", "size=1800k") == 0
    with pytest.raises(Unwritable, match="No space left"):
        run_experiment(small(replications=12), small_disk / "out", jobs=1, simulate=outcome)
    assert read_run(small_disk / "out").unfinished() == []
    assert mounted(small_disk, "remount", "size=20m") == 0
    resumed = run_experiment(
        small(replications=12), small_disk / "out", jobs=1, resume=True, simulate=outcome
    )
    assert contents(resumed.path) == whole


def test_a_disk_that_fills_while_figures_are_drawn_tells_how_to_go_on(small_disk, tmp_path):
    config = tmp_path / "tiny.yaml"
    config.write_text(
        "place: rural_heilongjiang\nstart: 2020-01\nmonths: 2\nreplications: 1\nseed: 5\n"
        "population: {residents: 600, villages: 2, townships: 1}\n"
    )
    command = ["run", str(config), "--out", str(small_disk / "out"), "--jobs", "1"]
    code, lines, _ = complaints(*command)
    assert (code, len(lines)) == (1, 1)
    assert (
        "No space left on device); what is finished is kept: make room, then go on with --resume" in lines[0]
    )
    assert mounted(small_disk, "remount", "size=20m") == 0
    assert complaints(*command, "--resume")[0] == 0
    assert (small_disk / "out" / "report.html").exists()


def test_a_disk_that_becomes_read_only_gives_one_line(small_disk, monkeypatch):
    def protects(scenario, mix, replication):
        if replication == 2:
            assert mounted(small_disk, "remount", "ro") == 0
        return outcome(scenario, mix, replication)

    with pytest.raises(Unwritable, match="Read-only file system"):
        run_experiment(small(), small_disk / "out", jobs=1, simulate=protects)
    assert len(read_run(small_disk / "out").unfinished()) == 4
    with pytest.raises(RunFolderError, match="cannot be written"):
        run_experiment(small(), small_disk / "new", jobs=1, simulate=outcome)


# --- verified ---------------------------------------------------------------------------------------------------


@pytest.fixture
def finished(tmp_path):
    return run_experiment(small(mixes=MIXES, replications=3), tmp_path / "out", jobs=1, simulate=outcome)


def alter(run, file, change):
    """Change a table, and the checksum with it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(run.path / file).to_pandas()
    change(table)
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), run.path / file)
    run.seal([run.path / file])


def test_a_run_as_it_was_left_is_verified(finished):
    assert len(verify_run(finished.path, sample=6, simulate=outcome)) == 0


def test_an_altered_cell_is_found_although_the_checksum_was_altered_too(finished):
    def change(monthly):
        monthly.loc[20, "unmet_share"] += 1e-12

    alter(finished, "monthly.parquet", change)
    verify(finished.path)
    found = verify_run(finished.path, sample=6, simulate=outcome)
    cells = found[found.file == "monthly.parquet"]
    assert cells[["mix", "replication", "where", "column"]].values.tolist() == [
        ["status_quo", 1, "2020-08", "unmet_share"]
    ]
    assert abs(cells.stored.iloc[0] - cells.again.iloc[0]) == pytest.approx(1e-12, rel=1e-2)
    assert set(found[found.file == "summary.csv"]["where"]) == {"unmet_share"}


def test_an_altered_person_is_found(finished):
    def change(population):
        population.loc[3, "resident"] += 1

    alter(finished, "population.parquet", change)
    found = verify_run(finished.path, sample=6, simulate=outcome)
    assert found[["file", "where", "column"]].values.tolist() == [
        ["population.parquet", "2020 male 15-19", "resident"]
    ]


def test_a_changed_file_and_another_program_are_told(finished, monkeypatch, capfd):
    with (finished.path / "summary.csv").open("a") as file:
        file.write("\n")
    monkeypatch.setattr("caresim.experiment.verification.program_hash", lambda: "0" * 16)
    found = verify_run(finished.path, sample=1, simulate=outcome)
    assert found[["file", "column"]].values.tolist() == [["summary.csv", "checksum"]]
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1
    assert "is of another version of caresim (source " in said[0]


def test_the_sample_follows_from_the_digest(finished):
    assert sampled(finished, 2) == sampled(read_run(finished.path), 2)
    assert sampled(finished, 6) == finished.tasks
    assert set(sampled(finished, 2)) < set(sampled(finished, 3))


def test_a_manifest_of_another_scenario_is_refused(finished):
    finished.manifest["scenario"]["months"] = 14
    from caresim.results.manifest import write_manifest

    write_manifest(finished.path, finished.manifest)
    with pytest.raises(RunFolderError, match="its scenario has changed since the run"):
        verify_run(finished.path)
    finished.manifest["scenario"]["place"] = "nowhere"
    write_manifest(finished.path, finished.manifest)
    with pytest.raises(RunFolderError, match="its scenario cannot be rebuilt") as caught:
        verify_run(finished.path)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_names_another_seed_is_refused(finished):
    from caresim.results.manifest import write_manifest

    write_manifest(finished.path, finished.manifest | {"seed": finished.manifest["seed"] + 1})
    with pytest.raises(RunFolderError, match="its manifest names seed"):
        verify_run(finished.path)


def test_a_held_folder_can_be_read(finished):
    with held(finished.path):
        assert run_status(finished.path).loc[0, "status"] == "complete"
