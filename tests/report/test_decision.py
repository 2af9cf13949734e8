"""The decision analysis as the report shows it: tables made by hand, with a known answer."""

import re

import numpy as np
import pandas as pd
import pytest

from caresim import write_report
from caresim.experiment.decision import decide
from caresim.experiment.decision.displacing import SECTORS, displaced
from caresim.report.comparison import Comparison
from caresim.report.decision_tables import frontier_rows, information_rows, pareto_rows, rank_rows
from caresim.report.displacement import displacement_rows
from caresim.report.drawing import characters, svg
from caresim.report.frontier import acceptability, decided, plane
from caresim.report.words import Words
from tests.report.runs import answered

INTERVAL = re.compile("Intervals: 95 %|No intervals|区间为|未列出")
LOSSES = re.compile(r"settling for a mix loses|选定某一方案所致损失")
MIXES = ["status_quo", "state_led", "time_bank"]
MEANS = pd.DataFrame(
    {
        "cost": [1000.0, 1200.0, 1500.0], "effect": [7.0, 7.01, 7.02], "delta_cost": [0.0, 200.0, 500.0],
        "delta_effect": [0.0, 0.01, 0.02], "icer": [np.nan, 20000.0, 30000.0],
        "status": ["baseline", "frontier", "frontier"], "on_frontier": True,
        "delta_cost_lower": [0.0, 190.0, 480.0], "delta_cost_upper": [0.0, 210.0, 520.0],
    },
    index=pd.Index(["status_quo", "time_bank", "state_led"], name="mix"),
)  # fmt: skip
DOTS = pd.DataFrame({"mix": ["time_bank", "time_bank", "state_led", "state_led"], "replication": [0, 1, 0, 1],
                     "delta_cost": [190.0, 210.0, 480.0, 520.0], "delta_effect": [0.01, 0.01, 0.02, 0.02]})  # fmt: skip
CURVES = pd.DataFrame(
    {"status_quo": [1.0, 0.0, 0.0], "time_bank": [0.0, 1.0, 0.25], "state_led": [0.0, 0.0, 0.75],
     "frontier": ["status_quo", "time_bank", "state_led"], "frontier_probability": [1.0, 1.0, 0.75]},
    index=pd.Index([0.0, 25000.0, 50000.0], name="threshold"),
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    gains = {"status_quo": 0.0, "state_led": 700.0, "time_bank": 100.0}
    costs = {"status_quo": 40.0, "state_led": 100.0, "time_bank": 90.0}
    return answered(tmp_path_factory.mktemp("decision") / "run", gains, costs)


@pytest.fixture(params=["en", "zh"])
def comparison(run, request):
    return Comparison(run, Words(request.param))


def test_the_plane_has_the_means_the_replications_and_the_frontier(comparison):
    hours = MEANS.assign(
        delta_effect=[0.0, 5.0, 12.0], on_frontier=[False, True, True]
    )  # the baseline is beaten
    dots_of_hours = DOTS.assign(delta_effect=[4.0, 6.0, 11.0, 13.0])
    with characters():
        drawing = plane(comparison, {"plane": DOTS, "plane_per_hour": dots_of_hours, "cost_effectiveness": MEANS,
                                     "cost_per_hour": hours})  # fmt: skip
        text = svg(drawing)
    by_hours, by_qalys = drawing.figure.axes
    for axes, points in (
        (by_hours, [(5.0, 200.0), (12.0, 500.0)]),
        (by_qalys, [(0.0, 0.0), (0.01, 200.0), (0.02, 500.0)]),
    ):
        frontier = [
            line for line in axes.lines if line.get_color() == "#000000" and len(line.get_xdata()) > 1
        ]
        assert [[tuple(point) for point in line.get_xydata()] for line in frontier] == [points]
    for axes, effects in ((by_hours, [11.0, 13.0, 4.0, 6.0]), (by_qalys, [0.02, 0.02, 0.01, 0.01])):
        replications = [line for line in axes.lines if line.get_marker() == "." and len(line.get_xdata())]
        assert [x for line in replications for x in line.get_xdata()] == effects
        assert [y for line in replications for y in line.get_ydata()] == [480.0, 520.0, 190.0, 210.0]
    markers = [tuple(line.get_xydata()[0]) for line in by_qalys.lines if len(line.get_xdata()) == 1]
    assert markers == [(0.0, 0.0), (0.02, 500.0), (0.01, 200.0)]
    assert f">{comparison.title('time_bank')}</text>" in text
    means, dots = drawing.numbers[:6], drawing.numbers[6:]
    assert list(means["effect"]) == ["hours"] * 3 + ["qalys"] * 3
    assert list(dots["delta_cost"]) == list(DOTS["delta_cost"]) * 2
    assert list(dots["delta_effect"]) == [4.0, 6.0, 11.0, 13.0, 0.01, 0.01, 0.02, 0.02]


def test_acceptability_curves_are_of_mixes_and_of_the_best_of_them(comparison):
    with characters():
        drawing = acceptability(comparison, {"acceptability": CURVES})
    drawn = [list(line.get_ydata()) for line in drawing.figure.axes[0].lines]
    assert drawn[:3] == [[1.0, 0.0, 0.0], [0.0, 0.0, 0.75], [0.0, 1.0, 0.25]]
    best = [[value for value in curve if value == value] for curve in drawn[3:]]
    assert best == [[1.0], [1.0], [0.75]]  # a piece for each mix that is best somewhere


def test_the_page_says_what_the_real_analysis_says(comparison, run, tmp_path):
    tables = decide(run)
    found = decided(comparison)
    for name in (
        "cost_per_hour",
        "cost_effectiveness",
        "plane",
        "acceptability",
        "information",
        "ranks",
        "pareto",
    ):
        pd.testing.assert_frame_equal(found[name], tables[name])
    # 700 hours for 60 yuan and 100 for 50: the time bank does less for a yuan, so a blend of the others beats it.
    assert list(tables["cost_per_hour"]["on_frontier"]) == [True, False, True]
    rows = {row["title"]: row for row in frontier_rows(comparison, found["cost_per_hour"])}
    title = comparison.title
    assert [rows[title(mix)]["on_frontier"] for mix in MIXES] == [True, True, False]
    assert rows[title("time_bank")]["status"] == comparison.words.label("status", "extendedly dominated")
    page = write_report(run, comparison.words.language, tmp_path / "page.html").read_text(encoding="utf-8")
    for kind in ("hours", "qalys", "unmet_zero"):
        assert comparison.words.say(f"frontier_{kind}") in page
    assert page.index(comparison.words.say("frontier_hours")) < page.index(
        comparison.words.say("frontier_qalys")
    )
    assert 'id="plane"' in page
    below_tables = re.findall(r'<p class="caption">(.*?)</p>', page, flags=re.S)
    assert len(below_tables) >= 5
    assert all(INTERVAL.search(caption) for caption in below_tables)
    assert sum(LOSSES.search(caption) is not None for caption in below_tables) == 1  # what certainty is worth
    assert 'id="acceptability"' in page


def test_rows_of_the_frontier_say_what_the_table_says(run):
    rows = frontier_rows(Comparison(run, Words("en")), MEANS)
    assert [row["title"] for row in rows] == ["Status quo", "Time bank", "State led"]
    assert [row["icer"] for row in rows] == ["–", "20,000", "30,000"]
    assert [row["delta_cost"] for row in rows] == [
        ("", ""),
        ("+200", "[+190, +210]"),
        ("+500", "[+480, +520]"),
    ]
    assert [row["status"] for row in rows] == ["baseline", "on the frontier", "on the frontier"]
    assert rows[1]["effect"] == "7.010"


def test_ranks_information_and_pareto_are_in_words(comparison):
    chances = pd.DataFrame(
        [[0.0, 0.0, 1.0], [0.75, 0.25, 0.0], [0.25, 0.75, 0.0]], index=MIXES, columns=[1, 2, 3]
    )
    ranks = pd.concat({"hours": chances, "qalys": 1 - chances}, names=["measure", "mix"])
    title = comparison.title
    assert rank_rows(comparison, {"ranks": ranks}) == [
        (title("state_led"), ["75", "25", ""]), (title("time_bank"), ["25", "75", ""]),
        (title("status_quo"), ["", "", "100"]),
    ]  # fmt: skip
    known = pd.DataFrame(
        {"best": ["time_bank"], "evpi": [12.4], "lower": [3.0], "upper": [20.0]}, index=[25000.0]
    )
    (row,) = information_rows(comparison, {"information": known})
    assert (row["threshold"], row["best"], row["evpi"]) == ("25,000", title("time_bank"), "12")
    best = pd.DataFrame({"in_set": [True, False], "beaten_by": ["", "state_led, time_bank"],
                         "in_set_probability": [1.0, 0.05]}, index=["state_led", "status_quo"])  # fmt: skip
    first, second = pareto_rows(comparison, {"pareto": best})
    assert first["beaten_by"] == ""
    assert second["beaten_by"] == comparison.words.listed([title("state_led"), title("time_bank")])


def test_who_displaces_whom_is_told_of_the_sectors_that_give_more(comparison):
    added = {"status_quo": {}, "time_bank": {"volunteers": 1.0}, "state_led": {"state": 2.0, "market": 2.0}}
    rows = {
        (mix, k): {sector: 10.0 + k + turn * more.get(sector, 0.0) for sector in SECTORS} | {"elder_months": 10.0}
        for mix, more in added.items() for k, turn in enumerate((1.0, 0.9, 1.1))
    }  # fmt: skip
    for k, turn in enumerate((1.0, 0.9, 1.1)):
        rows["state_led", k]["family"] -= 1.0 * turn
    index = pd.MultiIndex.from_tuples(rows, names=["mix", "replication"])
    table = displaced(pd.DataFrame(rows.values(), index=index), "status_quo", MIXES)
    say, label, title = comparison.words.say, comparison.words.label, comparison.title
    found = {row["title"]: row for row in displacement_rows(comparison, {"displacement": table})}
    both = found[title("state_led")]
    assert both["givers"] == say("comma").join(
        f"{label('sectors', name)} +0.20" for name in ("state", "market")
    )
    assert [both[name][0] for name in ("delta", "less_family", "net")] == ["0.40", "0.25", "0.75"]
    alone = found[title("time_bank")]
    assert alone["givers"] == f"{label('sectors', 'volunteers')} +0.10"
    assert [alone[name][0] for name in ("delta", "net")] == ["0.10", "1.00"]
    nobody = table.assign(change="")
    assert displacement_rows(comparison, {"displacement": nobody}) == []
    assert displacement_rows(comparison, {}) == []


def test_without_an_analysis_there_is_nothing_to_draw(comparison):
    assert plane(comparison, {}) is None
    assert acceptability(comparison, {}) is None
    assert rank_rows(comparison, {}) == information_rows(comparison, {}) == pareto_rows(comparison, {}) == []


def test_one_mix_is_not_decided_between(tmp_path):
    run = answered(tmp_path / "run", {"status_quo": 0.0}, {"status_quo": 40.0})
    assert decided(Comparison(run, Words("en"))) == {}
