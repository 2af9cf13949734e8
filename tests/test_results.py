import json
import math

import pandas as pd
import pytest

from caresim.experiment.runner import run_experiment
from caresim.results import RunFolderError, claim, folder, manifest, read_run, seal, verify
from tests.experiment.fakes import outcome, small


@pytest.fixture
def run(tmp_path):
    return run_experiment(small(replications=1), tmp_path / "out", jobs=1, simulate=outcome)


def test_the_manifest_says_what_was_run(run):
    said = json.loads((run.path / "manifest.json").read_text())
    assert said["status"] == "complete"
    assert said["digest"] == small(replications=1).digest()
    assert said["scenario"] == json.loads(json.dumps(small(replications=1).resolved()))
    assert said["seed"] == 5
    assert said["packages"]["mesa"].startswith("3.")
    assert said["started"] <= said["finished"]
    assert said["wall_seconds"] > 0
    assert sorted(said["files"]) == ["monthly.parquet", "population.parquet", "summary.csv"]


def test_the_folder_holds_what_it_should_and_nothing_else(run):
    names = sorted(path.name for path in run.path.iterdir())
    assert names == ["manifest.json", "monthly.parquet", "population.parquet", "summary.csv"]
    verify(run.path)


def test_the_summary_of_one_replication_has_empty_ends(run):
    summary = pd.read_csv(run.path / "summary.csv")
    assert summary.columns.tolist() == ["mix", "indicator", "unit", "aggregate", "mean", "lower", "upper"]
    assert summary[["lower", "upper"]].isna().all(axis=None)
    assert (run.path / "summary.csv").read_text().splitlines()[1].endswith(",,")
    residents = run.monthly.residents.iloc[-1]
    assert summary.set_index("indicator").loc["residents", "mean"] == residents


def test_a_changed_and_a_missing_file_are_found(run):
    (run.path / "summary.csv").write_text("mix\n")
    (run.path / "population.parquet").unlink()
    with pytest.raises(RunFolderError, match=r"population\.parquet is missing, summary\.csv has changed"):
        verify(run.path)


def test_figures_are_sealed_with_the_rest(run):
    (run.path / "figures").mkdir()
    (run.path / "figures" / "a.png").write_bytes(b"1")
    seal(run)
    verify(run.path)
    (run.path / "figures" / "a.png").write_bytes(b"2")
    with pytest.raises(RunFolderError, match=r"figures/a\.png has changed"):
        verify(run.path)


def test_a_folder_of_another_run_is_refused(run):
    with pytest.raises(RunFolderError, match=r"holds another run \(fake, .*; name another folder with --out"):
        claim(run.path, small(seed=6), (), resume=True)


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(RunFolderError, match="is not empty and holds no run"):
        claim(tmp_path, small(), ())
    with pytest.raises(RunFolderError, match="is a file"):
        claim(tmp_path / "letter.txt", small(), ())


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"status": "complete"}', "\x00\x01"])
def test_a_broken_manifest_gives_one_line(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    for act in (read_run, verify, lambda path: claim(path, small(), (), resume=True)):
        with pytest.raises(RunFolderError) as caught:
            act(tmp_path)
        assert "\n" not in str(caught.value)
        assert "manifest.json" in str(caught.value)


def test_an_unfinished_run_says_so(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    with pytest.raises(RunFolderError, match="add --resume"):
        verify(run.path)
    with pytest.raises(RunFolderError, match="add --resume"):
        _ = read_run(run.path).monthly
    with pytest.raises(RunFolderError, match="holds this run already; add --resume"):
        claim(run.path, small(), ())


def test_a_half_written_part_does_not_count(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    task = run.tasks[0]
    part = run.part(task)
    part.with_name(part.name + ".123.tmp").mkdir(parents=True)
    assert task in run.unfinished()
    run.write_part(task, outcome(small(), *task))
    assert task not in run.unfinished()


def test_parts_of_another_program_are_run_again(tmp_path, monkeypatch):
    run = claim(tmp_path / "out", small(), ())
    run.write_part(run.tasks[0], outcome(small(), *run.tasks[0]))
    assert len(claim(run.path, small(), (), resume=True).unfinished()) == 5
    for module in (folder, manifest):
        monkeypatch.setattr(module, "source_hash", lambda: "0" * 16)
    assert len(claim(run.path, small(), (), resume=True).unfinished()) == 6


def test_numbers_survive_to_the_last_bit(run):
    records = outcome(small(replications=1), "status_quo", 0).records
    for name, value in records[3].items():
        found = run.monthly[name].iloc[3]
        assert found == value or (math.isnan(found) and math.isnan(value))
