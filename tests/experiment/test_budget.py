"""A ceiling below what people are entitled to is told in one line, with its key, and exit 2."""

from __future__ import annotations

import re

import pytest

from caresim.cli import main

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
    ("more", "key", "jobs"),
    [(MIX % "", "mixes.tight.instruments.budget.ceiling", 1),
     (MIX % "", "mixes.tight.instruments.budget.ceiling", 2),
     (FIXED, "parameters.benefits.ceiling", 1)],
)  # fmt: skip
def test_one_line_names_the_key(tmp_path, capsys, more, key, jobs):
    code, said = run(tmp_path, capsys, CONFIG.format(replications=jobs) + more, jobs)
    assert code == 2
    assert re.fullmatch(f"{re.escape(key)}: {TOLD}", said), said


def test_a_deficit_may_be_allowed(tmp_path, capsys):
    code, said = run(tmp_path, capsys, CONFIG.format(replications=1) + MIX % ", allow_deficit: true")
    assert (code, said) == (0, "")
