"""What the page of findings prints stands in the kept tables, and each mix says what its numbers rest on."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments import cash_only

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
KEPT = ROOT / "results" / "reference"
MIXES = sorted((ROOT / "configs" / "mixes").glob("*.yaml"))
MEASURED = (
    "unmet_share_all", "unmet_share", "unmet_prevalence", "adequacy", "lonely_share", "public_spending_per_elder",
    "provision_family", "finance_state", "effective_sectors", "institution_residents_share",
)  # fmt: skip
"""Indicators of the first table, in the order of its columns."""
NAMES = {"Beijing-like": "beijing_like", "Zhejiang-like": "zhejiang_like"}
MARKS = re.compile(r"seed|verified|derived|recalled|judged|judgement")


def rows(after: str) -> dict[str, list[str]]:
    """Return the cells of the first table after a text, by the mix that a row is of."""
    table = re.search(r"^\|.*\n\|[-:| ]+\n((?:\|.*\n)+)", PAGE[PAGE.index(after) :], flags=re.M)
    assert table
    found = {}
    for line in table[1].splitlines():
        name, *cells = (cell.strip(" `") for cell in line.strip("|").split("|"))
        found[NAMES.get(name, name.replace(" ", "_"))] = cells
    return found


def assert_printed(value: float, cell: str, what: str) -> None:
    """Check that a cell is a value, rounded either way where it lies in the middle."""
    unit = 10.0 ** -len(cell.partition(".")[2])
    assert abs(value - float(cell)) <= 0.501 * unit, f"{what}: {cell}, but {value}"


def test_the_first_table_is_that_of_the_kept_run():
    summary = pd.read_csv(KEPT / "heilongjiang" / "summary.csv")
    means = summary.set_index(["mix", "indicator"])["mean"]
    printed = rows("# Findings")
    assert set(printed) == {path.stem for path in MIXES} == set(summary["mix"])
    for mix, cells in printed.items():
        for indicator, cell in zip(MEASURED, cells, strict=True):
            assert_printed(means[mix, indicator], cell, f"{mix} {indicator}")


@pytest.mark.parametrize(
    ("kind", "after"), [("full", "at the full budget"), ("half", "at half the extra budget")]
)
def test_the_tables_for_the_same_money_are_those_of_the_kept_runs(kind, after):
    """The column of what is less than the status quo is the difference of two that are kept."""
    kept = pd.read_csv(KEPT / "heilongjiang" / "equal_budget" / f"{kind}.csv")
    means = kept.set_index(["mix", "indicator"])["mean"]
    factors = pd.read_csv(KEPT / "heilongjiang" / "equal_budget" / "factors.csv")
    factors = factors[(factors["kind"] == kind) & factors["comparable"]].set_index("mix")["factor"]
    printed = rows(f"| {after}")
    assert set(printed) == set(factors.index)
    for mix, cells in printed.items():
        assert_printed(factors[mix], cells[0], f"{mix} factor")
        named = ("unmet_share_all", "unmet_prevalence", "adequacy", "lonely_share", "finance_state")
        for indicator, cell in zip(named, (cells[1], *cells[3:7]), strict=True):
            assert_printed(means[f"{mix}_{kind}", indicator], cell, f"{mix} {indicator}")


@pytest.mark.parametrize(("table", "column"), [("unmet_share_all", 0), ("lonely_share", 3)])
def test_the_table_of_two_hundred_worlds_is_the_kept_one(table, column):
    """Differences are printed as what is less, with the nine worlds of ten."""
    kept = pd.read_csv(KEPT / "doubts" / f"{table}_by_mix.csv", index_col=0)
    for mix, cells in rows("## How sure is that?").items():
        numbers = re.findall(r"(?:(?<!\d)-)?\.\d+", cells[column])
        less = -kept.loc[mix, ["median", "95 %", "5 %"]].to_numpy(dtype=float)
        for value, cell in zip(less, numbers, strict=True):
            assert_printed(value, cell, f"{mix} {table}")


@pytest.mark.parametrize("path", MIXES, ids=lambda path: path.stem)
def test_each_mix_says_what_it_stands_for_and_what_its_numbers_rest_on(path):
    text = path.read_text(encoding="utf-8")
    comments = [line[1:].strip() for line in text.partition("\ntitle:")[0].splitlines()]
    assert text.startswith(f"# {yaml.safe_load(text)['title']}: ")
    assert MARKS.search(" ".join(comments))


def test_the_sums_of_cash_only_can_be_computed_anew(monkeypatch, capsys):
    """In a small county for two months the sums are others, their proportions are those of the file."""
    size = ["--replications", "1", "--residents", "1000", "--months", "2"]
    monkeypatch.setattr(sys, "argv", ["cash_only.py", *size])
    cash_only.main()
    printed = dict(re.findall(r"^    (\w+): ([\d.]+)$", capsys.readouterr().out, flags=re.M))
    frozen = yaml.safe_load((ROOT / "configs" / "mixes" / "cash_only.yaml").read_text(encoding="utf-8"))
    levers = frozen["instruments"]["cash_benefit"]
    assert set(printed) == set(levers)
    found, kept = (np.array([float(sums[name]) for name in sorted(levers)]) for sums in (printed, levers))
    assert (found > 0.0).all()
    assert found / found.sum() == pytest.approx(kept / kept.sum(), abs=2e-3)
