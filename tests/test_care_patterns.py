"""Who cares for whom comes out as surveys say in outline, and the page prints what is measured.

Everything follows from the seed, so that a test passes or fails for ever; the bounds lie far from the figures.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "care.md"
MARK, END = "<!-- care -->\n", "<!-- end -->"
SMALL = ("--residents", "6000", "--months", "6")


@pytest.fixture
def experiment(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "experiments"))
    return importlib.import_module("care_patterns")


def figures(printed):
    """Return the model's figures by what they are of."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines()[2:]]
    return {what: float(model.removesuffix(" %")) for what, _, model in rows}


def test_care_comes_from_the_family_spouses_first_then_children(experiment, capsys):
    experiment.main(SMALL)
    found = figures(capsys.readouterr().out)
    assert found["hours of care by the family"] > 90
    assert found["couples, states 1-3: spouse is main carer"] > 50
    assert found["no spouse, a child in the house, states 1-3: child is main carer"] > 50
    younger, older = (
        found["60-79, states 1-2: spouse is main carer"],
        found["80+, states 1-3: spouse is main carer"],
    )
    assert younger > older
    assert found["80+, states 1-3: child or child-in-law is main carer"] > 50


def test_time_banks_and_volunteers_are_small_and_the_bank_grows_with_its_members(experiment, capsys):
    experiment.main(SMALL)
    found = figures(capsys.readouterr().out)
    few, many = (found[f"hours of care by time bank, {share} % registered"] for share in (3, 15))
    assert 0 < few < many < 10
    assert 0 < found["hours of care by volunteers"] < 3


def test_unmet_need_rises_with_disability_and_with_being_alone(experiment, capsys):
    experiment.main(SMALL)
    found = figures(capsys.readouterr().out)
    unmet = {
        what.removeprefix("unmet share of hours: "): share for what, share in found.items() if "unmet" in what
    }
    assert unmet["state 1"] < unmet["state 2"] < unmet["state 3"]
    assert unmet["alone"] > max(unmet["with a spouse"], unmet["no spouse, with a child"])


def test_small_shares_are_written_more_exactly(experiment):
    assert [experiment.percent(share) for share in (0.0015, 0.123)] == ["0.15 %", "12.3 %"]


def test_the_page_prints_what_is_measured(experiment, capsys):
    """Compare the page's table; `CARESIM_REFRESH=1` writes what is measured into the page first."""
    experiment.main(())
    measured = capsys.readouterr().out
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    body, _, tail = rest.partition(END)
    if os.environ.get("CARESIM_REFRESH"):
        PAGE.write_text(head + MARK + measured + END + tail, encoding="utf-8")
        body = measured
    assert body == measured
