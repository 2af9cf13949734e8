"""A small baseline of numbers: a change of results shows in the diff of `baseline.json`.

Refresh it on purpose with `CARESIM_REFRESH=1 python -m pytest tests/test_baseline.py`, and say in the changelog that
numbers change. It is the same on every supported Python, Mesa and NumPy.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest

from caresim import CareModel, load_scenario
from caresim.agents.people import LIVING_REGISTERED

HOME = Path(__file__).resolve().parent
BASELINE = HOME / "baseline.json"
SETTINGS = ["population.residents=2000", "population.villages=8", "population.townships=2", "months=72"]
CASES = {
    "rural_heilongjiang_2020": ("heilongjiang.yaml", []),
    "rural_china_2010": ("hindcast/rural_china.yaml", []),
    "baiquan_2010": ("hindcast/baiquan.yaml", []),
    "zhejiang_2020": ("heilongjiang.yaml", ["place=zhejiang"]),
}


def run(config, settings):
    model = CareModel(
        load_scenario(HOME.parent / "configs" / config, set=[*SETTINGS, *settings]), collect=False
    )
    model.run()
    return model


def digest(model):
    """Hash every living registered person, whatever the order of rows."""
    people = model.people
    rows = people.who(LIVING_REGISTERED)
    rows = rows[people["key"][rows].argsort()]
    found = hashlib.sha256()
    for name in ("key", "born", "state", "place", "village", "marital", "widowed", "parity", "disability", "dementia",
                 "transfers"):  # fmt: skip
        found.update(people.values(name, rows).tobytes())
    return found.hexdigest()[:16]


def measured(model):
    last = {name: float(f"{value:.9g}") for name, value in model.records[-1].items() if name != "month"}
    return {"people": digest(model), **last}


@pytest.mark.parametrize("case", CASES)
def test_numbers_are_those_of_the_baseline(case):
    found = json.loads(json.dumps(measured(run(*CASES[case]))))
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if os.environ.get("CARESIM_REFRESH"):
        BASELINE.write_text(json.dumps({**known, case: found}, indent=1, sort_keys=True) + "\n")
        known[case] = found
    assert json.dumps(found, sort_keys=True) == json.dumps(known[case], sort_keys=True)


def test_no_number_depends_on_when_rows_are_put_in_order(monkeypatch):
    config, settings = CASES["rural_heilongjiang_2020"]
    seldom = run(config, settings)
    monkeypatch.setattr("caresim.agents.world.COMPACTION_YEARS", 1)
    yearly = run(config, settings)
    assert seldom.people.generation < yearly.people.generation
    assert digest(seldom) == digest(yearly)
    for one, other in zip(seldom.records, yearly.records, strict=True):
        assert one.pop("month") == other.pop("month")
        assert one == pytest.approx(
            other, rel=1e-12, abs=0.0, nan_ok=True
        )  # sums of shares round in their order


def test_no_number_changes_by_a_bit_when_rows_are_dropped(monkeypatch):
    config, settings = CASES["rural_heilongjiang_2020"]
    monkeypatch.setattr("caresim.agents.world.DROP_FROM", 0)
    now_and_then = run(config, settings)
    monkeypatch.setattr("caresim.agents.world.DROP_FROM", 100_000)
    never = run(config, settings)
    assert now_and_then.people.generation > never.people.generation
    assert digest(now_and_then) == digest(never)
    for one, other in zip(now_and_then.records, never.records, strict=True):
        assert {name: value for name, value in one.items() if value == value} == {
            name: value for name, value in other.items() if value == value
        }
