"""The script on the welfare mix, at a size that says nothing but that it runs to its end."""

from __future__ import annotations

import importlib
from pathlib import Path

EXPERIMENTS = Path(__file__).parent.parent / "experiments"


def test_the_three_questions_are_answered(monkeypatch, tmp_path, capsys):
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    script = importlib.import_module("welfare_mix")
    size = "--residents 100 --months 1 --replications 1 --jobs 1"
    mixes = "--whole time_bank --mixes status_quo time_bank"
    script.main([*size.split(), *mixes.split(), "--out", str(tmp_path)])
    said = capsys.readouterr().out
    for text in ("Cost and hours of care received", "What each part adds per elder: hours", "Together beyond alone",
                 "while one sector's capacity is halved", "Hours by sector beyond status_quo"):  # fmt: skip
        assert text in said
    assert (tmp_path / "mixes" / "decision" / "cost_effectiveness.csv").exists()
