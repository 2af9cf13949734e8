"""A ceiling below what people are entitled to is told in one line, with its place and key, and exit 2."""

from __future__ import annotations

import re

import pytest

from caresim import Scenario, run_experiment
from caresim.cli import main
from caresim.kernel.mistakes import ConfigError

CONFIG = """\
name: low
place: rural_heilongjiang
start: 2020-01
months: 1
replications: {replications}
population: {{residents: 300, townships: 1, villages: 1}}
"""
MIX = """\
mixes:
  tight: {instruments: {budget: {ceiling: 1.0%s}}}
"""
FIXED = """\
parameters: {benefits: {ceiling: 1.0}}
"""
TOLD = (
    r"1 yuan per elder-month is below the entitlements of 2020-01, \d+\.\d\d; "
    r"write more than that, or allow_deficit: true"
)


def run(tmp_path, capsys, text, jobs=1):
    """Run a config and return the exit code and what was said."""
    path = tmp_path / "low.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["run", str(path), "--out", str(tmp_path / "out"), "--jobs", str(jobs)])
    return left.value.code, capsys.readouterr().err.strip()


@pytest.mark.parametrize(
    ("more", "at", "key", "jobs"),
    [(MIX % "", "8:43", "mixes.tight.instruments.budget.ceiling", 1),
     (MIX % "", "8:43", "mixes.tight.instruments.budget.ceiling", 2),
     (MIX % ", yearly: true", "8:43", "mixes.tight.instruments.budget.ceiling", 1),
     (FIXED, "7:34", "parameters.benefits.ceiling", 1)],
)  # fmt: skip
def test_one_line_names_place_and_key(tmp_path, capsys, more, at, key, jobs):
    code, said = run(tmp_path, capsys, CONFIG.format(replications=jobs) + more, jobs)
    assert code == 2
    assert re.fullmatch(f"{re.escape(str(tmp_path / 'low.yaml'))}:{at}: {re.escape(key)}: {TOLD}", said), said


def test_a_ceiling_of_a_parent_is_told_where_the_parent_writes_it(tmp_path, capsys):
    folder = tmp_path / "mixes"
    folder.mkdir()
    (folder / "poor.yaml").write_text("instruments:\n  budget:\n    ceiling: 1.0\n", encoding="utf-8")
    mix = "mixes:\n  tight: {extends: poor, instruments: {age_allowance: {from_80: 30.0}}}\n"
    code, said = run(tmp_path, capsys, CONFIG.format(replications=1) + mix)
    assert code == 2
    place = f"{folder / 'poor.yaml'}:3:14: mixes.tight.instruments.budget.ceiling"
    assert re.fullmatch(f"{re.escape(place)}: {TOLD}", said), said


def test_a_ceiling_that_python_sets_is_told_with_its_key(tmp_path):
    keys = {"place": "rural_heilongjiang", "start": "2020-01", "months": 1, "replications": 1, "residents": 300,
            "townships": 1, "villages": 1, "parameters": {"benefits": {"ceiling": 1.0}}}  # fmt: skip
    with pytest.raises(ConfigError) as told:
        run_experiment(Scenario.of(**keys), tmp_path / "out", jobs=1)
    assert re.fullmatch(f"Scenario.of: parameters.benefits.ceiling: {TOLD}", str(told.value))


def test_a_deficit_may_be_allowed(tmp_path, capsys):
    code, said = run(tmp_path, capsys, CONFIG.format(replications=1) + MIX % ", allow_deficit: true")
    assert (code, said) == (0, "")
