"""The page on the mind: its table is measured, and it says of each parameter's evidence what the declaration says."""

from __future__ import annotations

import functools
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.care import ALONE, COUPLE_ONLY, DEPRESSED, LONELY
from caresim.agents.people import FEMALE
from caresim.indicators.mind import ULS6_MEAN, ULS6_SPREAD
from tests.test_docs import CASES, start

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mind.md"
MARK, END = "<!-- mind -->\n", "<!-- end -->"
BESIDE = 2
"""Columns of the table that are not measured: the figure's name and the survey's value."""


def odds_ratio(has, group, strata=0):
    """Return the odds ratio of Mantel and Haenszel of a condition, one group against the rest."""
    above = below = 0.0
    for stratum in np.unique(strata + np.zeros(len(has), dtype=int)):
        here = strata + np.zeros(len(has), dtype=int) == stratum
        cells = np.array(
            [
                [np.count_nonzero(here & (group == g) & (has == h)) for h in (True, False)]
                for g in (True, False)
            ]
        )
        above += cells[0, 0] * cells[1, 1] / cells.sum()
        below += cells[0, 1] * cells[1, 0] / cells.sum()
    return above / below


@functools.cache
def figures(place, year):
    """Measure what the page prints of a starting population."""
    model, indicator = start(place, year)
    people, rows = model.people, model.world.elders
    column = {
        name: people[name][rows] for name in ("mood", "arrangement", "loneliness", "disability", "state")
    }
    lonely, depressed = column["mood"] & LONELY != 0, column["mood"] & DEPRESSED != 0
    alone, empty = column["arrangement"] & ALONE != 0, column["arrangement"] & (ALONE | COUPLE_ONLY) != 0
    women = column["state"] & FEMALE != 0
    age = (model.world.month - people["born"][rows].astype(int)) // 120
    strata = women * 100 + age * 10 + column["disability"]
    points = ULS6_MEAN + ULS6_SPREAD * column["loneliness"] / 1000
    burden = main_carers(people, rows[column["disability"] >= 2])
    difference = math.log(odds_ratio(depressed, alone)) * math.sqrt(3) / math.pi
    return {
        "lonely, of those living alone": f"{indicator['lonely_alone_share']:.3f}",
        "lonely, of others": f"{indicator['lonely_not_alone_share']:.3f}",
        "odds ratio of lonely, alone against others": f"{odds_ratio(lonely, alone):.2f}",
        "the same, by sex, age and state": f"{odds_ratio(lonely, alone, strata):.2f}",
        "lonely, of all": f"{indicator['lonely_share']:.3f}",
        "ULS-6 in empty nests, mean": f"{points[empty].mean():.2f}",
        "ULS-6 in empty nests, standard deviation": f"{points[empty].std():.2f}",
        "ULS-6 of others, mean": f"{points[~empty].mean():.2f}",
        "ULS-6 of others, standard deviation": f"{points[~empty].std():.2f}",
        "depressed, at national ages": f"{indicator['depressed_share_standard']:.3f}",
        "depressed, women": f"{depressed[women].mean():.3f}",
        "depressed, men": f"{depressed[~women].mean():.3f}",
        "depression, alone against others, standard deviations": f"{difference:.2f}",
        "burden of all carers, mean": f"{indicator['burden']:.1f}",
        "burden of main carers in states 2-3, mean": f"{burden.mean():.1f}",
        "burden of main carers in states 2-3, standard deviation": f"{burden.std():.1f}",
    }  # fmt: skip


def main_carers(people, rows):
    """Return the burden, in points, of the family members on the register who are these elders' main carers."""
    carers, relation = people["main_carer"][rows], people["main_relation"][rows]
    known = (carers >= 0) & (carers < people.n) & (relation >= 1) & (relation <= 6)
    return people["burden"][np.unique(carers[known])] / 100


def table():
    """Return the page before its table, the table's rows of cells, and the page behind it."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    body, _, tail = rest.partition(END)
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in body.splitlines()]
    return head, rows, tail


def refresh():
    """Write the measured figures into the page; the surveys' stay."""
    head, rows, tail = table()
    measured = [figures(*case) for case in CASES]
    filled = [
        row[:BESIDE] + [found[row[0]] for found in measured] if row[0] in measured[0] else row for row in rows
    ]
    lines = "".join("| " + " | ".join(row) + " |\n" for row in filled)
    PAGE.write_text(head + MARK + re.sub(r" *(-{3}) *", r"\1", lines) + END + tail, encoding="utf-8")


def test_the_table_is_as_measured():
    """Compare cell by cell; `CARESIM_REFRESH=1` writes what is measured into the page first."""
    if os.environ.get("CARESIM_REFRESH"):
        refresh()
    _, rows, _ = table()
    assert rows[0][BESIDE:] == [f"{place} {year}" for place, year in CASES]
    measured = [figures(*case) for case in CASES]
    assert {row[0]: row[BESIDE:] for row in rows[2:]} == {
        name: [found[name] for found in measured] for name in measured[0]
    }


def judged():
    text = PAGE.read_text(encoding="utf-8").split("| parameter | evidence | why |\n")[1].split("\n\n")[0]
    for line in text.splitlines()[1:]:
        names, evidence, _ = (cell.strip() for cell in line.strip("|").split("|"))
        yield from ((name, evidence) for name in re.findall(r"`([\w.]+)`", names))


def test_the_table_of_parameters_has_rows():
    assert len(list(judged())) >= 15


@pytest.mark.parametrize(("name", "evidence"), list(judged()))
def test_evidence_is_the_declared_one(name, evidence):
    group, parameter = name.split(".")
    declared = catalogue.parameter_groups()[group].model_fields[parameter].json_schema_extra
    assert declared["evidence"] == evidence
