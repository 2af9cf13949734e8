"""The front of an optimisation as a figure: what stands in it, in both languages, and one line where there is none."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from caresim.report.front import draw_front, drawing
from caresim.report.words import Words
from caresim.results import RunFolderError, read_run, verify
from tests.experiment.test_optimise import optimised


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return optimised(tmp_path_factory.mktemp("front") / "out")


def lines_of(axes):
    """Return the points of each kind of mix in a panel, by marker."""
    return {line.get_marker(): sorted(zip(*map(list, line.get_data()), strict=True)) for line in axes.lines}


def test_the_panels_hold_what_was_tried_and_the_front_again_under_other_luck(found):
    drawn = drawing(read_run(found.path).manifest, found.trials, found.front, Words("en"))
    own, again = drawn.figure.axes
    feasible = found.trials["feasible"]
    pair = ["unmet_share", "lonely_share"]

    def points(table, ending=""):
        return sorted(table[[f"{name}{ending}" for name in pair]].itertuples(index=False, name=None))

    assert lines_of(own) == {
        "x": points(found.trials[~feasible]),
        ".": points(found.trials[feasible]),
        "D": points(found.front),
    }
    assert lines_of(again) == {"D": points(found.front, "_again")}
    assert "Budget: 60 yuan" in drawn.caption
    assert drawn.title.startswith("2 of 64 mixes")


def test_ticks_that_lie_close_together_are_told_apart(found):
    close = found.front.assign(unmet_share=[0.44210, 0.44213])
    drawn = drawing(read_run(found.path).manifest, close[:0].assign(feasible=True), close, Words("en"))
    drawn.figure.draw_without_rendering()
    ticks = [label.get_text() for label in drawn.figure.axes[0].get_xticklabels()]
    assert len(set(ticks)) == len(ticks) > 2


def test_an_empty_front_is_drawn_too(found):
    drawn = drawing(
        read_run(found.path).manifest, found.trials.assign(feasible=False), found.front[:0], Words("zh")
    )
    assert drawn.title.startswith("试过64种组合，其中0种")


def test_each_language_has_a_file_of_real_text_that_is_sealed(found):
    paths = draw_front(found.path)
    assert [path.name for path in paths] == ["front.svg", "front.zh.svg"]
    verify(found.path)
    texts = []
    for path in paths:
        written = path.read_text(encoding="utf-8")
        said = "".join(ElementTree.fromstring(written).itertext())
        texts.append(re.sub(r"\s+", "", said))
    for said in ("underotherluck", "(lessisbetter)", "beyondthebudget"):
        assert said in texts[0]
    for said in ("另一组随机数", "（越低越好）", "超出预算"):
        assert said in texts[1]
    before = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in draw_front(found.path)] == before


def test_one_objective_is_drawn_against_what_is_spent(found, tmp_path):
    alone = optimised(tmp_path / "out", objectives={"unmet_share": "minimize"}, trials=8, budget=None)
    drawn = drawing(read_run(alone.path).manifest, alone.trials, alone.front, Words("en"))
    own, _ = drawn.figure.axes
    assert own.get_xlabel().startswith("public spending")
    assert "No budget was set." in drawn.caption
    assert lines_of(own)["D"] == [(alone.front["spending"][0], alone.front["unmet_share"][0])]


def test_three_objectives_are_drawn_pair_by_pair(tmp_path):
    aims = {"unmet_share": "minimize", "lonely_share": "minimize", "qalys": "maximize"}
    found = optimised(tmp_path / "out", objectives=aims, trials=8)
    drawn = drawing(read_run(found.path).manifest, found.trials, found.front, Words("en"))
    assert len(drawn.figure.axes) == 6
    assert "(more is better)" in " ".join(drawn.figure.axes[2].get_ylabel().split())


def test_a_folder_without_a_front_is_told_in_one_line(tmp_path):
    with pytest.raises(RunFolderError, match="holds no run"):
        draw_front(tmp_path)
