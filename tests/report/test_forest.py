"""The forest plot says which way is better, and shows the better mix on that side."""

from __future__ import annotations

import pytest

from caresim.report.comparison import CARE_MET, Comparison
from caresim.report.forest import forest
from caresim.report.words import Words
from tests.report.runs import answered

QUO, STATE, BANK = "status_quo", "state_led", "time_bank"
COST = "public_spending_per_elder"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Leave a run in which the state-led mix meets more care and costs more, and the time bank less of both."""
    gains = {QUO: 0.0, STATE: 700.0, BANK: -100.0}
    return answered(tmp_path_factory.mktemp("forest") / "run", gains, {QUO: 40.0, STATE: 150.0, BANK: 30.0})


def panels(comparison):
    """Return each panel's side that is said to be better, and where the mixes' points lie, by outcome."""
    drawing = forest(comparison)
    names = list(dict.fromkeys(drawing.numbers["indicator"]))
    found = {}
    for name, axes in zip(names, drawing.figure.axes, strict=True):
        assert " ".join(axes.get_title(loc="left").split()) == comparison.label(name)
        points = [float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o"]
        found[name] = axes.get_xlabel().partition("\n")[2], points
    return found


@pytest.mark.parametrize(
    ("language", "left", "right"), [("en", "← better", "better →"), ("zh", "← 向左为优", "向右为优 →")]
)
def test_each_panel_says_which_side_is_better(run, language, left, right):
    comparison = Comparison(run, Words(language))
    assert (comparison.better(CARE_MET), comparison.better(COST)) == ("higher", "lower")
    drawn = panels(comparison)
    assert drawn[CARE_MET][0] == right
    assert drawn[COST][0] == left


def test_points_lie_on_the_side_of_their_difference(run):
    """Of 10,000 hours 700 more and 100 fewer, in points; 110 yuan more a month and 10 fewer."""
    drawn = panels(Comparison(run, Words("en")))
    assert drawn[CARE_MET][1] == pytest.approx([7.0, -1.0])
    assert drawn[COST][1] == pytest.approx([110.0, -10.0])
