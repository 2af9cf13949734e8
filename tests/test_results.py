import json
import math
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from caresim.experiment.runner import run_experiment
from caresim.experiment.score import score_run
from caresim.kernel import compiled
from caresim.report.figures import draw_figures
from caresim.results import RunFolderError, claim, claims, held, manifest, read_run, verify
from tests.experiment.fakes import outcome, part_of, removes, small


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
    ends = ["lower", "upper", "delta", "delta_lower", "delta_upper", "probability_better"]
    assert summary.columns.tolist() == ["mix", "indicator", "unit", "aggregate", "mean", *ends]
    assert summary[ends].isna().all(axis=None)
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
    run.seal([run.path / "figures" / "a.png"])
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


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"status": "complete"}', "\x00\x01",
                                  '{"status": "complete", "digest": "x", "files": {}}'])  # fmt: skip
def test_a_broken_manifest_gives_one_line(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    for act in (read_run, verify, lambda path: claim(path, small(), (), resume=True)):
        with pytest.raises(RunFolderError) as caught:
            act(tmp_path)
        assert "\n" not in str(caught.value)
        assert "manifest.json" in str(caught.value)


@pytest.mark.parametrize("key", ["status", "digest", "files", "name", "source", "scenario", "mixes", "seed",
                                 "replications", "indicators", "caresim", "started"])  # fmt: skip
def test_a_manifest_without_a_key_is_refused_by_its_name(run, key):
    said = json.loads((run.path / "manifest.json").read_text())
    for damaged in ({**said, key: {"x": [None]}}, {name: said[name] for name in said if name != key}):
        (run.path / "manifest.json").write_text(json.dumps(damaged))
        with pytest.raises(RunFolderError, match=f"not the manifest of a run \\({key}: ") as caught:
            score_run(run.path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mixes", []), ("mixes", ["status_quo", "status_quo"]), ("missing", [3]), ("kind", 5),
        ("kind", "province"), ("kind", "sweep"), ("kind", "search"), ("sweep", 3), ("failed", -1),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_is_told_in_one_line(run, key, value):
    path = run.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(RunFolderError, match="not the manifest of a run") as caught:
        read_run(run.path)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_is_nested_without_end_is_told_in_one_line(run):
    (run.path / "manifest.json").write_text('{"a":' * 100_000)
    with pytest.raises(RunFolderError, match="not readable") as caught:
        read_run(run.path)
    assert "\n" not in str(caught.value)


def test_a_damaged_manifest_is_told_in_one_line_whatever_it_says(run):
    said = json.loads((run.path / "manifest.json").read_text())
    (run.path / "manifest.json").write_text(json.dumps({**said, "files": {"a\nb": 1}}))
    with pytest.raises(RunFolderError, match=r"files: .*: input should be a valid string") as caught:
        read_run(run.path)
    assert "\n" not in str(caught.value)


def test_the_manifest_says_what_the_place_is_called(run):
    assert run.manifest["place_title"] == "Rural Heilongjiang"
    assert run.manifest["place_title_zh"] == "黑龙江省乡村"


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
    run.write_part(task, part_of(small(), task))
    assert task not in run.unfinished()


def test_parts_of_another_program_are_run_again(tmp_path, monkeypatch):
    run = claim(tmp_path / "out", small(), ())
    run.write_part(run.tasks[0], part_of(small(), run.tasks[0]))
    assert len(claim(run.path, small(), (), resume=True).unfinished()) == 5
    another_version(monkeypatch)
    again = claim(run.path, small(), (), resume=True)
    assert len(again.unfinished()) == 6
    assert (
        again.notice
        == f"{run.path}: was begun by another version of caresim; its replications are made again"
    )


def another_version(monkeypatch):
    for module in (claims, manifest):
        monkeypatch.setattr(module, "program_hash", lambda: "0" * 16)


def test_a_finished_run_of_another_program_is_refused(run, monkeypatch):
    assert claim(run.path, small(replications=1), (), resume=True).complete
    another_version(monkeypatch)
    with pytest.raises(RunFolderError, match=r"from another version of caresim .*; read it, delete it"):
        claim(run.path, small(replications=1), (), resume=True)


def test_a_version_is_told_by_code_and_by_tables(tmp_path, monkeypatch):
    for name in ("rule.py", "rates.csv", "place.yaml", "README.md"):
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    hashes = []
    for name in ("README.md", "rule.py", "rates.csv", "place.yaml"):
        compiled.package_hash.cache_clear()
        hashes.append(manifest.program_hash())
        (tmp_path / name).write_text("2")
    compiled.package_hash.cache_clear()
    hashes.append(manifest.program_hash())
    compiled.package_hash.cache_clear()
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4


def test_a_forged_file_is_not_taken_up_and_figures_do_not_bless_it(run):
    forged = run.path / "summary.csv"
    forged.write_text(forged.read_text().replace("residents", "robots"))
    with pytest.raises(
        RunFolderError, match=r"summary\.csv has changed since the run; delete the folder and run again"
    ):
        run_experiment(small(replications=1), run.path, jobs=1, simulate=outcome, resume=True)
    draw_figures(run.path)
    with pytest.raises(RunFolderError, match=r"summary\.csv has changed"):
        verify(run.path)
    assert "figures/indicators.png" in read_run(run.path).manifest["files"]


def test_a_folder_is_held_by_one_process_until_that_ends(tmp_path):
    folder = tmp_path / "out"
    program = (
        "import sys, time, pathlib; from caresim.results import held\n"
        "with held(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunFolderError, match="another process is writing it; wait for it") as caught:
            run_experiment(small(), folder, jobs=1, simulate=outcome, resume=True)
        assert "\n" not in str(caught.value)
    finally:
        holder.kill()
        holder.wait()
    assert run_experiment(small(), folder, jobs=1, simulate=outcome, resume=True).complete
    with held(folder):
        verify(folder)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_that_goes_away_is_said_and_leaves_nothing(tmp_path, monkeypatch, jobs):
    monkeypatch.setenv("FAKE_FOLDER", str(tmp_path))
    with pytest.raises(RunFolderError, match="the folder changed while the run went on; run again"):
        run_experiment(small(), tmp_path / "out", jobs=jobs, simulate=removes)
    assert not (tmp_path / "out").exists()
    assert run_experiment(small(), tmp_path / "out", jobs=jobs, simulate=outcome).complete


def test_a_folder_that_another_run_took_over_is_left_alone(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    shutil.rmtree(run.path)
    other = claim(run.path, small(seed=6), ())
    with pytest.raises(RunFolderError, match="the folder changed"):
        run.write_part(run.tasks[0], part_of(small(), run.tasks[0]))
    other.write_part(other.tasks[0], part_of(small(seed=6), other.tasks[0]))
    assert len(other.unfinished()) == 5


def test_numbers_survive_to_the_last_bit(run):
    records = outcome(small(replications=1), "status_quo", 0).records
    for name, value in records[3].items():
        found = run.monthly[name].iloc[3]
        assert found == value or (math.isnan(found) and math.isnan(value))
