"""`caresim decide`: tables on the screen and in the folder, one line for a mistake."""

import pytest

from caresim.results import verify
from tests.experiment.decision.test_decide import folder
from tests.scenario.test_broken_configs import complaints


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("deciding") / "out", replications=2)


def test_tables_are_printed_and_left_in_the_folder(run):
    code, lines, out = complaints("decide", str(run.path), "--structure", f"again={run.path}")
    assert (code, lines) == (0, [])
    for said in ("Cost and hours of care", "Expected value of perfect information", "uncertainty shown: structural",
                 str(run.path / "decision")):  # fmt: skip
        assert said in out
    verify(run.path)
    assert (run.path / "decision" / "structures.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--perspective", "socital"], "--perspective socital: not a perspective; did you mean societal?"),
        (["--structure", "null"], "--structure null: names no folder; write NAME=FOLDER"),
        (["--structure", "a=x", "--structure", "a=y"], "--structure a: is named twice; keep one"),
        (
            ["--structure", "a=nowhere"],
            "nowhere: holds no run (no manifest.json); name a folder that a run has left",
        ),
    ],
)
def test_a_mistake_is_one_line(run, arguments, told):
    code, lines, _ = complaints("decide", str(run.path), *arguments)
    assert (code, lines) == (2, [told])
