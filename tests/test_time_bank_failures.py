"""Time banks fail in three ways, by the ledger's rules alone, and neighbouring ones do not.

Intervals hold 99.9 % over ten replications whose seeds are fixed: were a measure zero in truth, an interval would lie
on one given side of zero with a probability of .0005.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
RESIDENTS, MONTHS, REPLICATIONS, LEVEL = 2400, 48, 10, 0.999
MODES = ("cold_start", "fading_confidence", "growing_liability")


@pytest.fixture
def failures(monkeypatch):
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    return importlib.import_module("time_bank_failures")


@pytest.mark.parametrize("name", MODES)
def test_each_mode_appears_beside_neighbours_that_work(failures, name, tmp_path):
    assert tuple(mode.name for mode in failures.MODES) == MODES
    mode = next(mode for mode in failures.MODES if mode.name == name)
    runs = failures.run_mode(mode, RESIDENTS, MONTHS, REPLICATIONS)
    table = failures.measures(mode, runs, LEVEL)
    assert failures.appeared(table), table.to_string()
    swapped = replace(mode, fails=mode.works[0], works=(mode.fails,))
    assert not failures.appeared(failures.measures(swapped, runs, LEVEL))
    failures.draw(mode, runs).savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 10_000


def test_numbers_are_printed_and_kept(failures, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(failures, "MODES", failures.MODES[:1])
    found = failures.main(
        ["--replications", "2", "--residents", "600", "--months", "36", "--out", str(tmp_path)]
    )
    printed = capsys.readouterr().out
    assert list(found["setting"]) == [setting.label for setting in failures.MODES[0].settings]
    assert all(f"{row.mean:.3f}" in printed and row.setting in printed for row in found.itertuples())
    assert ("DID NOT APPEAR" in printed) != found["appeared"].all()
    assert {path.name for path in tmp_path.iterdir()} == {"cold_start.png", "measures.csv"}


def test_too_few_replications_are_refused_in_one_line(failures, capsys):
    with pytest.raises(SystemExit) as stopped:
        failures.main(["--replications", "1"])
    assert stopped.value.code == 2
    assert "at least 2 replications" in capsys.readouterr().err
