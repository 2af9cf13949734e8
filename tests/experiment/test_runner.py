import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caresim.agents.place import AGE_GROUPS
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.runner import Interrupted, run_experiment
from caresim.results import RunFolderError, read_run, verify
from tests.experiment.fakes import contents, dies, outcome, slow, small, unlawful

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from caresim.experiment.runner import run_experiment
from tests.experiment.fakes import slow, small
if __name__ == "__main__":
    run_experiment(small(replications=12), sys.argv[1], jobs=int(sys.argv[2]), simulate=slow)
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    run_experiment(small(replications=12), folder, jobs=1, simulate=outcome)
    return contents(folder)


def test_any_number_of_workers_gives_the_same_bytes(tmp_path, expected):
    run = run_experiment(small(replications=12), tmp_path / "out", jobs=2, simulate=outcome)
    assert contents(run.path) == expected
    assert run.complete
    verify(run)


def test_rows_are_ordered_by_mix_replication_and_month(tmp_path):
    run = run_experiment(small(mixes=["status_quo"]), tmp_path / "out", jobs=2, simulate=outcome)
    monthly = run.monthly
    assert len(monthly) == 6 * 13
    assert monthly.month.tolist()[:13] == [f"2020-{m:02d}" for m in range(1, 13)] + ["2021-01"]
    assert monthly.replication.is_monotonic_increasing
    population = run.population
    assert len(population) == 6 * 2 * 2 * 21
    first = population[(population.replication == 0) & (population.year == 2020)]
    assert first.sex.tolist() == ["male"] * 21 + ["female"] * 21
    assert first.age_group.tolist()[20] == "100+"
    assert (
        first.resident.tolist()
        == outcome(small(), "status_quo", 0).population[2020][:, :, 1].ravel().tolist()
    )


def stopped_in_a_callback(scenario, mix, replication):
    """Be interrupted where exceptions are only reported, as in the compiler's callbacks; then go on for long."""

    def interrupted():
        raise KeyboardInterrupt

    ctypes.CFUNCTYPE(None)(interrupted)()
    for _ in range(600):
        time.sleep(0.05)
    return outcome(scenario, mix, replication)


def test_an_interrupt_that_the_compiler_swallows_is_sent_again(tmp_path, capfd):
    hook = sys.unraisablehook
    with pytest.raises(Interrupted):
        run_experiment(small(replications=1), tmp_path / "out", jobs=1, simulate=stopped_in_a_callback)
    assert "Traceback" not in capfd.readouterr().err
    assert sys.unraisablehook is hook


def start_child(tmp_path, jobs, program=CHILD):
    script = tmp_path / "child.py"
    script.write_text(program)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path / "out"), str(jobs)]
    child = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not list(tmp_path.glob("out/parts/*00[0-9]")) and time.monotonic() < until:
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.02)
    return child


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_killed_in_the_middle_is_resumed_to_the_same_bytes(tmp_path, expected, jobs):
    child = start_child(tmp_path, jobs)
    child.kill()
    child.wait()
    run = read_run(tmp_path / "out")
    assert not run.complete
    assert 0 < len(run.unfinished()) < 12
    resumed = run_experiment(small(replications=12), run.path, jobs=2, resume=True, simulate=outcome)
    assert contents(resumed.path) == expected
    assert not (run.path / "parts").exists()


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path):
    child = start_child(tmp_path, 2)
    workers = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    assert workers
    child.kill()
    child.wait()
    until = time.monotonic() + 20
    while any(alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_signal_keeps_finished_parts_and_says_how_to_go_on(tmp_path, sent, jobs):
    child = start_child(tmp_path, jobs)
    child.send_signal(sent)
    _, said = child.communicate(timeout=30)
    assert child.returncode != 0
    assert said.strip().splitlines()[-1].startswith("caresim.experiment.runner.Interrupted: stopped; ")
    assert "go on with --resume" in said
    assert 0 < len(read_run(tmp_path / "out").unfinished()) < 12


def test_interrupted_is_a_keyboard_interrupt():
    assert issubclass(Interrupted, KeyboardInterrupt)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_broken_law_names_the_replication(tmp_path, jobs):
    said = "mix status_quo, replication 2: LawBroken: 2020-03: broken law: people balance .now 7."
    with pytest.raises(ReplicationFailed, match=said):
        run_experiment(small(), tmp_path / "out", jobs=jobs, simulate=unlawful)
    run = run_experiment(small(), tmp_path / "out", jobs=jobs, resume=True, simulate=outcome)
    assert run.complete


def test_a_run_begun_by_another_version_says_so(tmp_path, monkeypatch, capfd):
    with pytest.raises(ReplicationFailed):
        run_experiment(small(), tmp_path / "out", jobs=1, simulate=unlawful)
    for module in ("claims", "manifest"):
        monkeypatch.setattr(f"caresim.results.{module}.program_hash", lambda: "0" * 16)
    assert run_experiment(small(), tmp_path / "out", jobs=1, resume=True, simulate=outcome).complete
    said = capfd.readouterr().err.splitlines()
    assert said == [
        f"{tmp_path / 'out'}: was begun by another version of caresim; its replications are made again"
    ]


def test_a_dead_worker_gives_one_line_and_the_rest_can_be_resumed(tmp_path):
    said = r"mix status_quo, replication 2: its worker process died .*; 5 of 6 .*--resume"
    with pytest.raises(ReplicationFailed, match=said):
        run_experiment(small(), tmp_path / "out", jobs=2, simulate=dies)
    assert run_experiment(small(), tmp_path / "out", jobs=1, resume=True, simulate=outcome).complete


def test_a_finished_run_is_not_run_again(tmp_path):
    run_experiment(small(), tmp_path / "out", jobs=1, simulate=outcome)
    run = run_experiment(small(), tmp_path / "out", jobs=1, resume=True, simulate=unlawful)
    assert run.complete
    with pytest.raises(RunFolderError, match="holds this run already"):
        run_experiment(small(), tmp_path / "out", jobs=1, simulate=outcome)


def test_it_is_quiet_when_nobody_watches(tmp_path, capfd):
    run_experiment(small(), tmp_path / "out", jobs=2, simulate=slow)
    assert capfd.readouterr() == ("", "")


def test_the_bar_counts_resumed_replications(tmp_path, capfd):
    with pytest.raises(ReplicationFailed):
        run_experiment(small(), tmp_path / "out", jobs=1, simulate=unlawful)
    run_experiment(small(), tmp_path / "out", jobs=1, resume=True, simulate=outcome, progress=True)
    assert "6/6" in capfd.readouterr().err


REAL = """
import sys
from caresim.experiment.runner import run_experiment
from tests.experiment.fakes import small
if __name__ == "__main__":
    run_experiment(small(replications=4), sys.argv[1], jobs=int(sys.argv[2]))
"""


def test_the_model_gives_the_same_bytes_in_workers_in_another_process_and_after_a_kill(tmp_path):
    scenario = small(replications=4)
    here = contents(run_experiment(scenario, tmp_path / "here", jobs=1).path)
    workers = contents(run_experiment(scenario, tmp_path / "workers", jobs=2).path)
    assert workers == here
    child = start_child(tmp_path, 1, REAL)
    child.kill()
    child.wait()
    resumed = run_experiment(scenario, tmp_path / "out", jobs=2, resume=True)
    assert contents(resumed.path) == here


def test_the_model_counts_the_population_each_january(tmp_path):
    run = run_experiment(small(replications=1, months=24), tmp_path / "out", jobs=1)
    ends = run.monthly.set_index("month").loc[["2020-12", "2021-12"]]
    by_year = run.population.groupby("year")[["registered", "resident"]].sum()
    assert by_year.index.tolist() == [2020, 2021, 2022]
    assert by_year.resident.tolist() == [600, *ends.residents]
    assert by_year.registered.tolist()[1:] == ends.registered.tolist()
    old = run.population[run.population.age_group.isin(AGE_GROUPS[12:])].groupby("year").resident.sum()
    assert old.tolist()[1:] == ends.elders.tolist()
