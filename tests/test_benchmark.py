"""The benchmark measures every part of the month; how long it takes is nothing that a test can say."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from caresim.agents.people import LIVING_RESIDENT
from caresim.model import CareModel
from caresim.schedule import MONTH

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
SUMS = ("processes", "everything")


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    return importlib.import_module("benchmark")


def test_small_table_is_complete(benchmark, tmp_path, capsys):
    timing = importlib.import_module("benchmark_timing")
    told = benchmark.main(["--quick", "--sizes", "600", "900", "--objects", "600", "2",
                           "--json", str(tmp_path / "figures.json")])  # fmt: skip
    assert json.loads((tmp_path / "figures.json").read_text()) == told
    printed = capsys.readouterr().out
    assert [size["residents"] for size in told["sizes"]] == [600, 900]
    for size in told["sizes"]:
        parts = size["nanoseconds"]
        assert [name for name in parts if name not in SUMS][1:-2] == [process.name for process in MONTH]
        assert all(len(values) == size["repetitions"] and min(values) > 0 for values in parts.values())
        for j in range(size["repetitions"]):
            whole = sum(values[j] for name, values in parts.items() if name not in SUMS)
            assert parts["everything"][j] == pytest.approx(whole)
            assert parts["processes"][j] == pytest.approx(whole - parts["checks"][j] - parts["indicators"][j])
        assert all(name in printed for name in parts)
        assert size["rows"] > 1.0
        assert len(size["elder_months_per_second"]) == size["repetitions"]
        cascade = [name for name in parts if name in timing.CASCADE]
        assert len(cascade) == 8  # who needs, respite, five sources, what stays unmet
        for per_second in size["elder_months_per_second"]:
            assert per_second > 0
        assert 40.0 < size["bytes"] < 400.0
        assert size["bytes_kept"] > size["bytes_end"]
    assert told["informal"]["residents"] == 900
    assert set(timing.IDLE) < {process.name for process in MONTH}
    assert not set(timing.IDLE) & {"needs", "spouse_care", "children_care", "neighbour_care", "time_bank"}
    assert "informal care alone, 900 residents: everything" in printed
    assert set(told["start_seconds"]) == {"--help", "validate"}
    assert "plain Mesa, 600 residents" in printed
    assert "at least 30" in printed
    assert "at most 160 bytes" in printed
    assert "Starsim" in printed


@pytest.mark.parametrize(("months", "most"), [(14, 142.5), (60, 156.5)])
def test_each_further_resident_takes_few_bytes_everything_counted(benchmark, months, most):
    """What a county keeps besides, however large it is (rates, tables of what is due), is left out."""
    counting, timing = importlib.import_module("benchmark_bytes"), importlib.import_module("benchmark_timing")
    residents, kept = [], []
    for size in (6_000, 12_000):
        model = CareModel(timing.scenario_of(size, months, timing.ALL_ON), timing.ALL_ON, collect=False)
        model.run()
        residents.append(model.people.count(LIVING_RESIDENT))
        kept.append(sum(counting.bytes_kept(model.world).values()) * residents[-1])
    assert (kept[1] - kept[0]) / (residents[1] - residents[0]) <= most


def test_what_is_kept_is_counted_once_and_whole(benchmark):
    counting, timing = importlib.import_module("benchmark_bytes"), importlib.import_module("benchmark_timing")
    world = CareModel(timing.scenario_of(600, 2), timing.ALL_ON, collect=False).world
    before = sum(block.nbytes for block in counting.blocks(world).values())
    part = np.zeros(1000, dtype=np.int16)[:10]
    world.memory["part"] = None, [part]
    world.memory["the same"] = None, {"again": part[3:], "columns": world.people["key"][3:]}
    assert sum(block.nbytes for block in counting.blocks(world).values()) == before + 2000


def test_draws_are_counted(benchmark):
    rivals = importlib.import_module("benchmark_rivals")
    drawn = rivals.draws_of(600, 2)
    assert set(drawn) == set(rivals.KINDS)
    assert 2.0 < sum(drawn.values()) < 20.0


@pytest.mark.parametrize(
    ("target", "least", "most"),
    [("times_objects", 30.0, 29.9), ("elder_months", 15.0, 14.9), ("bytes", 160.0, 160.1)],
)
def test_verdicts(benchmark, target, least, most):
    assert benchmark.verdict(least, target, True, "").endswith("reached]")
    assert benchmark.verdict(most, target, True, "").endswith("missed]")
    assert benchmark.verdict(least, target, False, "") == ""


def test_village_runs_are_counted_and_their_storing_and_a_second_process_measured(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    runs = importlib.import_module("benchmark_runs")
    for name, value in {"RESIDENTS": 300, "MONTHS": 2, "BURNT": 1_000}.items():
        monkeypatch.setattr(runs, name, value)
    found = runs.main(["--runs", "2", "--rounds", "1", "--json", str(tmp_path / "runs.json")])
    assert json.loads((tmp_path / "runs.json").read_text()) == found
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(
        ("runs_per_core_second", "storing_share", "control", "sweep", "efficiency"), 1
    )
    assert found["efficiency"][0] == pytest.approx(found["sweep"][0] / found["control"][0])
    assert 0.0 < found["storing_share"][0] < 1.0
    printed = capsys.readouterr().out
    assert "at least 15: " in printed
    assert "at most 0.05: " in printed
