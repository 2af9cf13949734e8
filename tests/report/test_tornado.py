"""Sensitivities of real analyses on the page."""

import shutil

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from caresim import write_report
from caresim.cli import main
from caresim.experiment.sensitivity import TABLE, sensitivity
from caresim.report.comparison import Comparison
from caresim.report.drawing import BLUE, ORANGE
from caresim.report.tornado import axis_label, tornado
from caresim.report.words import MINUS, Words
from caresim.results import Outcome, RunFolderError
from caresim.scenario.axes import axis_of
from tests.experiment.fakes import NAMES, small
from tests.report.runs import answered
from tests.report.test_report import Page

GAINS = {"status_quo": 0.0, "time_bank": 50.0}


AXES = ("admission.base", "neighbour_care.hours", "homes.staffing")


def moved(scenario, mix, replication):
    """Return unmet need that rises with one axis and falls, half as fast, with another."""
    values = scenario.parameters_at(scenario.start, mix)
    first, second, _ = (axis_of(name, None, ()) for name in AXES)
    base = (values["admission"].base - first.low) / (first.high - first.low)
    hours = (values["neighbour_care"].hours - second.low) / (second.high - second.low)
    record = {
        "month": "2020-01",
        **dict.fromkeys(NAMES, np.nan),
        "unmet_share": 0.4 + 0.2 * base - 0.1 * hours,
    }
    return Outcome([record], {2020: np.full((2, 21, 2), 7)})


@pytest.fixture(scope="module", params=["morris", "sobol"])
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("sensitivity") / request.param
    axes = [axis_of(name, None, ()) for name in AXES]
    sensitivity(small(mixes=["status_quo"], replications=1, months=1), request.param, axes=axes, size=4, out=path,
                jobs=1, simulate=moved)  # fmt: skip
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return answered(tmp_path_factory.mktemp("tornado") / "run", GAINS, dict.fromkeys(GAINS, 40.0))


def test_a_real_analysis_is_drawn_the_most_important_axis_first(folder, run):
    drawing = tornado(Comparison(run, Words("en")), folder)
    (axes,) = drawing.figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Admission to care homes: Basic attraction of care homes",
        "Care by neighbours: Hours of a neighbour",
        "Care homes: Staffing over the standard",
    ]
    widths = [bar.get_width() for bar in axes.patches]
    if folder.name == "morris":
        assert widths == pytest.approx([20.0, 10.0, 0.0], abs=1e-9)  # percentage points
        assert [text.get_text() for text in axes.texts] == ["+", MINUS]
        assert "4 trajectories" in drawing.caption
    else:
        table = pd.read_csv(folder / TABLE)
        assert widths == pytest.approx(list(table["total"]))
        assert "4 base points" in drawing.caption
    points = 4 * (len(AXES) + 1 if folder.name == "morris" else len(AXES) + 2)
    assert f"{points} runs (points: {points}; mixes: 1; replications: 1)" in drawing.caption
    assert "Horizon of these runs, in months: 1." in drawing.caption
    marks = [row["evidence"] for _, row in pd.read_csv(folder / TABLE).iterrows()]
    colours = [to_hex(bar.get_facecolor()).upper() for bar in axes.patches]
    assert colours == [ORANGE if mark == "judgement" else BLUE for mark in marks]


def test_the_page_takes_a_folder_of_sensitivities(folder, run, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(
            [
                "report",
                str(run.path),
                "--lang",
                "zh",
                "--sensitivity",
                str(folder),
                "--out",
                str(tmp_path / "p.html"),
            ]
        )
    assert left.value.code == 0
    capsys.readouterr()
    page = Page((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert page.wrong == []
    assert "tornado" in page.ids
    assert "现状：照护缺口率" in page.text
    assert (tmp_path / "figures" / "tornado.csv").is_file()


def test_a_table_in_the_run_folder_is_shown_and_without_one_nothing(folder, run):
    comparison = Comparison(run, Words("en"))
    assert tornado(comparison) is None
    shutil.copy(folder / TABLE, run.path / TABLE)
    try:
        drawing = tornado(comparison)
        assert drawing.name == "tornado"
        assert "runs (points" not in drawing.caption  # the run folder's own manifest is of other runs
    finally:
        (run.path / TABLE).unlink()


def test_what_is_no_folder_of_sensitivities_is_told_in_one_line(folder, run, tmp_path):
    for wrong in (tmp_path, run.path):
        with pytest.raises(RunFolderError, match="name a folder of caresim sensitivity") as caught:
            write_report(run, out=tmp_path / "p.html", sensitivity=wrong)
        assert "\n" not in str(caught.value)
    (tmp_path / TABLE).write_text("not,such,a\ntable\n")
    with pytest.raises(RunFolderError, match="no table of sensitivities"):
        write_report(run, out=tmp_path / "p.html", sensitivity=tmp_path)
    with pytest.raises(RunFolderError, match="holds a sweep, no run"):
        write_report(folder, out=tmp_path / "p.html")


@pytest.mark.parametrize(("axis", "label"), [
    ("migration.out", "Migration: Leaving by age (factor)"),
    ("migration.out.0", "Migration: Leaving by age (number 1)"),
    ("instruments.carer_allowance.amount", "Carer allowance: Allowance of the main carer"),
    ("mixes.time_bank.instruments.carer_allowance.amount",
     "Carer allowance: Allowance of the main carer, in “Time bank”"),
])  # fmt: skip
def test_axes_have_names(run, axis, label):
    assert axis_label(Comparison(run, Words("en")), axis) == label
