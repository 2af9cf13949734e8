"""Tasks are worked through wherever: results, failures and deaths come back one by one."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caresim.experiment import cluster, executors
from caresim.experiment.executors import Failure, WorkersLost, work_through
from caresim.experiment.replication import ReplicationFailed
from caresim.experiment.runner import run_experiment
from caresim.experiment.sweep import sweep
from caresim.kernel.mistakes import ConfigError
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design
from tests.experiment.fakes import contents, dies, outcome, small, unlawful
from tests.experiment.light import LONG, DiesOnce, dies_while_it_answers, slowly, squared
from tests.scenario.test_broken_configs import complaints

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = {0: 0, 1: 1, 2: 4, 4: 16, 5: Failure("ValueError: no square"), 6: 36, 7: b"x" * LONG, 8: 64}


def test_tasks_are_done_here_one_after_the_other():
    assert list(work_through(squared, list(EXPECTED), jobs=1)) == list(EXPECTED.items())


def test_processes_do_the_tasks_and_one_that_dies_fails_the_task_that_killed_it():
    found = dict(work_through(squared, range(9), jobs=2))
    assert found.pop(3) == Failure("its worker process died (killed, or out of memory)")
    assert found == EXPECTED


def test_a_worker_killed_while_it_answers_does_not_keep_anyone_waiting():
    found = dict(work_through(dies_while_it_answers, range(4), jobs=2))
    assert set(found) == set(range(4))
    assert {len(found[n]) for n in (0, 1, 3)} == {20_000_000}


@pytest.mark.parametrize("how_many", [1, 2])
def test_workers_killed_while_they_start_are_replaced(monkeypatch, how_many):
    hand_out, calls = executors._hand_out, []

    def kills(*given):
        found = hand_out(*given)
        calls.append(multiprocessing.active_children()[:how_many])
        for process in calls[-1] if len(calls) == 1 else ():
            process.kill()
        return found

    monkeypatch.setattr(executors, "_hand_out", kills)
    assert dict(work_through(squared, [0, 1, 2, 4], jobs=2)) == {0: 0, 1: 1, 2: 4, 4: 16}
    assert len(calls[0]) == how_many


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_leaving_early_ends_the_workers():
    work = work_through(time.sleep, [0.01, 60, 60, 60], jobs=2)
    next(work)
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = set(children.read_text().split())
    work.close()
    deadline = time.monotonic() + 20
    while len(left := set(children.read_text().split()) & before) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(left) <= 1  # the library's own tracker of semaphores


def test_workers_of_a_killed_process_take_their_letters_along(tmp_path):
    program = (
        "import os\nfrom caresim.experiment.executors import work_through\nfrom tests.experiment.light import slowly\n"
        "for _ in work_through(slowly, range(1000), jobs=2):\n    os.kill(os.getpid(), 9)\n"
    )
    script = tmp_path / "script.py"
    script.write_text(
        "if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in program.splitlines())
    )
    letters = tmp_path / "letters"
    letters.mkdir()
    died = subprocess.run([sys.executable, str(script)], check=False, capture_output=True, timeout=120,
                          env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(letters)})  # fmt: skip
    assert died.returncode == -9
    deadline = time.monotonic() + 20
    while list(letters.glob("caresim-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(letters.glob("caresim-*")) == []


def test_a_script_that_cannot_be_imported_by_workers_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from caresim.experiment.executors import work_through\nprint(list(work_through(abs, [1, 2, 3], 2)))\n"
    )
    run = subprocess.run([sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(ROOT)},
                         capture_output=True, text=True, check=False)  # fmt: skip
    assert run.returncode != 0
    assert "WorkersLost: worker processes cannot start; call from under" in run.stderr


# --- a real cluster ------------------------------------------------------------------------------------------------


class Cluster:
    """A scheduler and its workers, each a process, that talk over TCP."""

    def __init__(self, folder, blame="3"):
        self.folder = folder
        self.blame = blame  # how often a task's worker may die before the task is given up
        self.processes = []
        said = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show", "--no-dashboard",
                           "--scheduler-file", str(folder / "scheduler.json"))  # fmt: skip
        deadline = time.monotonic() + 60
        while not (folder / "scheduler.json").exists():
            assert said.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.address = json.loads((folder / "scheduler.json").read_text())["address"]

    def _start(self, *arguments, path=ROOT):
        environment = os.environ | {
            "PYTHONPATH": str(path),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": self.blame,
        }
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen([sys.executable, "-m", "dask", *arguments], env=environment, cwd=self.folder,
                                       stdout=log, stderr=log)  # fmt: skip
        self.processes.append(process)
        return process

    def add_worker(self, path=ROOT):
        """Start a worker that nobody starts again when it dies."""
        return self._start(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny", path=path
        )

    def stop(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    pytest.importorskip("distributed")
    started = Cluster(tmp_path_factory.mktemp("cluster"), blame="0")
    for _ in range(2):
        started.add_worker()
    yield started
    started.stop()


def test_a_cluster_gives_the_same_bytes_as_this_process(tmp_path, two_workers):
    here = run_experiment(small(), tmp_path / "here", jobs=1, simulate=outcome)
    there = run_experiment(small(), tmp_path / "there", simulate=outcome, scheduler=two_workers.address)
    assert contents(there.path) == contents(here.path)


def test_the_model_gives_the_same_bytes_on_a_cluster(tmp_path, two_workers):
    scenario = small(replications=2, months=3)
    here = run_experiment(scenario, tmp_path / "here", jobs=1)
    there = run_experiment(scenario, tmp_path / "there", scheduler=two_workers.address)
    assert contents(there.path) == contents(here.path)


def test_a_failure_on_a_cluster_is_told_and_the_rest_is_kept(tmp_path, two_workers):
    said = r"mix status_quo, replication 2: LawBroken: 2020-03: .*; 5 of 6 replications are kept"
    with pytest.raises(ReplicationFailed, match=said):
        run_experiment(small(), tmp_path / "out", simulate=unlawful, scheduler=two_workers.address)
    run = run_experiment(
        small(), tmp_path / "out", resume=True, simulate=outcome, scheduler=two_workers.address
    )
    assert run.complete


def test_tasks_of_a_worker_that_vanishes_are_done_elsewhere(tmp_path, two_workers):
    extra = two_workers.add_worker()
    work = work_through(slowly, range(30), 1, two_workers.address)
    found = dict([next(work)])
    _await_workers(two_workers.address, 3)
    extra.kill()
    found.update(work)
    assert found == {number: number for number in range(30)}


def _await_workers(address, n):
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(n, timeout=60)


def test_nobody_at_the_address_is_told_in_one_line(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.5)
    nobody, none = "nobody answers; start `dask scheduler`", "is no address; write one such as tcp://"
    for address, said in {"tcp://127.0.0.1:1": nobody, "nonsense": none, "tcp://": none}.items():
        with pytest.raises(ConfigError, match=rf"--scheduler .*: {said}") as caught:
            list(work_through(abs, [1, 2], 2, address))
        assert len(caught.value.lines) == 1
        assert "\n" not in caught.value.lines[0]


def test_a_run_that_found_no_cluster_leaves_no_folder(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.5)
    with pytest.raises(ConfigError, match="nobody answers"):
        run_experiment(small(), tmp_path / "out", simulate=outcome, scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "out").exists()


def test_a_missing_library_is_told_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'caresim\[cluster\]'"):
        list(work_through(abs, [1, 2], 2, "tcp://127.0.0.1:1"))


def test_a_cluster_without_workers_with_another_program_and_one_that_goes_away(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 1.0)
    started = Cluster(tmp_path)
    try:
        with pytest.raises(ConfigError, match=r"has no workers; start `dask worker"):
            list(work_through(abs, [1, 2], 2, started.address))
        monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 30.0)
        started.add_worker()
        with monkeypatch.context() as other:
            other.setattr(cluster, "program_hash", lambda: "0" * 16)
            with pytest.raises(ConfigError, match=r"runs another program \(caresim source \w{16}, here 0000"):
                list(work_through(abs, [1, 2], 2, started.address))
        work = work_through(time.sleep, [0.1] * 50, 2, started.address)
        next(work)
        started.processes[0].kill()
        with pytest.raises(WorkersLost, match=r"the scheduler at .* is gone"):
            list(work)
    finally:
        started.stop()


class Asked:
    """A cluster's client whose workers say what they run, or break the connection, and which the scheduler knows."""

    def __init__(self, known, **said):
        self.known, self.said = known, said
        self.asked = 0

    def wait_for_workers(self, *args, **options):
        pass

    def run(self, *args, **options):
        return self.said

    def scheduler_info(self, **options):
        self.asked += 1
        return {"workers": self.known[min(self.asked, len(self.known)) - 1]}


CLOSED = OSError("in <TCP (closed)>: Stream is closed")


def test_a_worker_that_vanishes_while_it_is_asked_what_it_runs_is_passed_over():
    ours = cluster.program()
    cluster._check_workers(Asked([["b"]], a=CLOSED, b=ours), "tcp://here:1")
    noticed_late = Asked([["a", "b"], ["a", "b"], ["b"]], a=CLOSED, b=ours)
    cluster._check_workers(noticed_late, "tcp://here:1")
    assert noticed_late.asked == 3
    everywhere_sound = Asked([["a", "b"]], a=ours, b=ours)
    cluster._check_workers(everywhere_sound, "tcp://here:1")
    assert everywhere_sound.asked == 0


def test_workers_that_all_vanish_while_they_are_asked_are_told_in_one_line():
    said = r"^--scheduler tcp://here:1: its workers went away while they were asked what they run; start `dask worker"
    with pytest.raises(ConfigError, match=said):
        cluster._check_workers(Asked([[]], a=CLOSED, b=CLOSED), "tcp://here:1")


def test_a_worker_that_stays_and_cannot_say_what_it_runs_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "LOOK_AFTER", 0.1)
    with pytest.raises(
        ConfigError, match=r"worker a runs another program \(caresim cannot be imported there: OSError"
    ):
        cluster._check_workers(Asked([["a", "b"]], a=CLOSED, b=cluster.program()), "tcp://here:1")


def test_a_scheduler_that_goes_away_while_workers_are_asked_is_told(monkeypatch):
    asked = Asked([[]])
    monkeypatch.setattr(asked, "run", lambda *args, **options: (_ for _ in ()).throw(CLOSED))
    with pytest.raises(WorkersLost, match="the scheduler at tcp://here:1 is gone"):
        cluster._check_workers(asked, "tcp://here:1")


def test_a_real_worker_that_dies_while_it_is_asked_is_passed_over(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "program", DiesOnce(tmp_path / "died"))
    started = Cluster(tmp_path)
    try:
        for _ in range(2):
            started.add_worker()
        _await_workers(started.address, 2)
        with distributed.Client(started.address, set_as_default=False) as client:
            cluster._check_workers(client, started.address)
            assert len(client.scheduler_info(n_workers=-1)["workers"]) == 1
    finally:
        started.stop()


def test_a_task_that_kills_its_workers_fails_alone(tmp_path, two_workers):
    two_workers.add_worker()
    _await_workers(two_workers.address, 3)
    said = r"mix status_quo, replication 2: its worker died again and again .*; 5 of 6 replications are kept"
    with pytest.raises(ReplicationFailed, match=said):
        run_experiment(small(), tmp_path / "out", simulate=dies, scheduler=two_workers.address)
    assert run_experiment(small(), tmp_path / "out", jobs=1, resume=True, simulate=outcome).complete


VERBS = {
    "run": (),
    "sweep": ("--design", "one", "--axis", "burden.base"),
    "sensitivity": ("--axis", "burden.base", "--size", "2"),
    "optimise": ("--axis", "instruments.age_allowance.from_80", "--trials", "2", "--generation", "2"),
    "equal-budget": ("--pilots", "1"),
    "calibrate": ("--axis", "burden.base", "--trials", "1", "--points", "0", "--set", "start=2010-01",
                  "--set", "months=120"),
}  # fmt: skip
TINY = """\
place: rural_heilongjiang
months: 1
population: {residents: 200, townships: 1, villages: 1}
mixes: [status_quo, integrated_pluralism]
"""


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_that_runs_much_takes_a_scheduler_and_leaves_nothing_when_nobody_answers(
    tmp_path, monkeypatch, verb
):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.5)
    config = tmp_path / "tiny.yaml"
    config.write_text(TINY)
    out = tmp_path / ("." if verb == "equal-budget" else "out")
    nobody = "tcp://127.0.0.1:1"
    code, lines, _ = complaints(verb, str(config), *VERBS[verb], "--out", str(out), "--scheduler", nobody)
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith(f"--scheduler {nobody}: nobody answers")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [config]


def test_a_sweep_on_a_cluster_gives_the_same_bytes_as_this_process(tmp_path, two_workers):
    scenario = small(replications=2, months=1)
    design = Design("one", 2, 5, (axis_of("burden.base", None, ()),))
    here = sweep(scenario, design, tmp_path / "here", jobs=1)
    there = sweep(scenario, design, tmp_path / "there", scheduler=two_workers.address)
    names = ("runs.parquet", "years.parquet", "design.csv")
    assert contents(there.path, names) == contents(here.path, names)
