"""Designs: where points lie, what axes may be, what is refused with its line and column."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from dataclasses import replace

import numpy as np
import pytest

from caresim import load_scenario
from caresim.catalogue import declared_parameters
from caresim.cli import main
from caresim.experiment.designs import Points, at_positions, choose_points, read_points
from caresim.kernel.mistakes import ConfigError
from caresim.scenario import Scenario
from caresim.scenario.axes import Axis, axis_of
from caresim.scenario.axis_targets import AxisError
from caresim.scenario.design import Design
from caresim.scenario.deviations import deviate, impossible
from caresim.scenario.unknowns import uncertain_axes
from tests.experiment.fakes import small

NAMED = ("admission.base", "assessment.wait", "instruments.time_bank.open", "functional_decline.onset")


def axes(*names, mixes=()):
    return tuple(axis_of(name, None, mixes) for name in names)


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_points_fill_every_axis_evenly(kind):
    """Of n points in n (Sobol: a power of two) equal slices of each axis, each holds exactly one."""
    design = Design(kind, 32, 5, axes("admission.base", "homes.staffing"))
    points = choose_points(design, small())
    for number, axis in enumerate(design.axes):
        values = np.array([row[number] for row in points.rows])
        slices = np.floor((values - axis.low) / (axis.high - axis.low) * 32)
        assert sorted(slices) == list(range(32))
    assert choose_points(design, small()).rows == points.rows
    assert choose_points(replace(design, seed=6), small()).rows != points.rows


def test_more_points_of_a_sobol_sequence_keep_the_first():
    few, many = (choose_points(Design("sobol", n, 5, axes("admission.base")), small()).rows for n in (5, 9))
    assert len(few) == 5
    assert many[:5] == few


def test_a_grid_crosses_levels_and_one_at_a_time_leaves_the_others_alone():
    chosen = axes("admission.base", "instruments.time_bank.open")
    grid = choose_points(Design("grid", 3, 1, chosen), small()).rows
    assert grid == ((-1.9, False), (-1.9, True), (-0.95, False), (-0.95, True), (0.0, False), (0.0, True))
    one = choose_points(Design("one", 3, 1, chosen), small()).rows
    assert one == ((None, None), (-1.9, None), (-0.95, None), (0.0, None), (None, False), (None, True))


def test_whole_numbers_words_and_lists_have_positions_too():
    whole = Axis("n", "int", 1.0, 6.0)
    assert [whole.value(u) for u in (0.0, 0.16, 0.17, 0.99, 1.0)] == [1, 1, 2, 6, 6]
    choice = Axis("c", "choice", choices=("a", "b", "c"))
    assert [choice.value(u) for u in (0.0, 0.34, 0.99, 1.0)] == ["a", "b", "c", "c"]
    assert choice.levels(9) == ["a", "b", "c"]
    assert whole.levels(2) == [1, 6]
    assert whole.levels(99) == [1, 2, 3, 4, 5, 6]
    orders = tuple(tuple(order.split()) for order in ("children spouse neighbours volunteers time_bank",
                                                      "spouse children neighbours volunteers time_bank"))  # fmt: skip
    assert axis_of("needs.order", orders, ()).value(0.7) == orders[1]


def test_points_written_as_csv_read_back_to_the_same_values(tmp_path):
    scenario = small()
    for kind in ("lhs", "one"):
        points = choose_points(Design(kind, 4, 1, axes(*NAMED)), scenario)
        (tmp_path / "points.csv").write_text(points.text())
        assert read_points(tmp_path / "points.csv", scenario).rows == points.rows


def test_a_point_is_laid_over_the_scenario_as_a_config_would_say_it():
    plain = small(mixes=["status_quo", "austerity"])
    said = {"admission": {"base": -1.2}, "assessment": {"wait": 4}}
    expected = small(mixes=["status_quo", "austerity"], parameters=said)
    assert deviate(plain, axes("admission.base", "assessment.wait"), (-1.2, 4)) == expected
    assert deviate(plain, axes("admission.base"), (None,)) == plain


def test_a_lever_is_turned_in_one_mix_or_in_all():
    plain = small(mixes=["status_quo", "austerity"])
    name = "instruments.age_allowance.from_80"
    everywhere = deviate(plain, axes(name), (77.0,))
    one = deviate(plain, axes(f"mixes.austerity.{name}", mixes=["austerity"]), (77.0,))
    read = lambda scenario, mix: scenario.policy_at(scenario.start, mix).levers["age_allowance"].from_80  # noqa: E731
    assert [read(everywhere, mix) for mix in ("status_quo", "austerity")] == [77.0, 77.0]
    assert read(one, "austerity") == 77.0
    assert read(one, "status_quo") == read(plain, "status_quo") != 77.0


def test_a_lever_that_replaces_a_parameter_reaches_its_process():
    opened = deviate(small(), axes("instruments.time_bank.open"), (True,))
    assert opened.parameters_at(opened.start, "status_quo")["time_bank"].open
    assert not opened.parameters_at(opened.start)["time_bank"].open


def test_a_factor_scales_each_dated_list_within_its_limits():
    dated = small(parameters={"migration": {"out": {"2020-06": [0.01, 0.01, 0.3, 0.45]}}}, start="2020-01")
    found = deviate(dated, axes("migration.out"), (1.2,)).parameters_at(dated.start + 6)["migration"].out
    assert found == pytest.approx((0.012, 0.012, 0.36, 0.5))
    at = deviate(dated, (axis_of("migration.out.0", {"low": 0.0, "high": 0.1}, ()),), (0.02,))
    assert at.parameters_at(dated.start + 6)["migration"].out == (0.02, 0.01, 0.3, 0.45)


def test_values_that_do_not_go_together_are_told():
    shares = axes("urbanisation.town_share", "urbanisation.province_share")
    assert impossible(deviate(small(), shares, (0.7, 0.4)), shares).startswith(
        "town_share and province_share make 1.1"
    )
    assert impossible(deviate(small(), shares, (0.5, 0.4)), shares) == ""
    with pytest.raises(ConfigError, match=r"design: 1 of 4 points cannot be, first point 3: town_share and"):
        choose_points(Design("grid", 2, 1, shares), small())


BANK_SECOND = ["children", "time_bank", "spouse", "neighbours", "volunteers"]


@pytest.mark.parametrize(
    ("parameters", "levers", "axis"),
    [
        ({}, {"order": BANK_SECOND}, "needs.order_rollout"),
        ({"needs": {"order": BANK_SECOND}}, {}, "instruments.source_order.rollout"),
    ],
)
def test_levers_that_do_not_go_together_with_their_process_are_told(parameters, levers, axis):
    """The time bank comes before care workers everywhere or nowhere, whoever says so: config, mix or point."""
    mixes = {"plain": None, "first": {"extends": "status_quo", "instruments": {"source_order": levers}}}
    scenario = small(
        parameters=parameters, mixes=mixes | {"plain": {"extends": "status_quo"}}, baseline="plain"
    )
    shares = (axis_of(axis, {"low": 0.0, "high": 1.0}, ("plain", "first")),)
    assert impossible(deviate(scenario, shares, (1.0,)), shares) == ""
    assert "asks the time bank before care workers" in impossible(deviate(scenario, shares, (0.5,)), shares)
    with pytest.raises(
        ConfigError, match=r"design: 1 of 3 points cannot be, first point 1: children, time_bank"
    ):
        choose_points(Design("grid", 3, 1, shares), scenario)
    with pytest.raises(ConfigError, match=r"^needs: children, time_bank, .* name it third or later"):
        deviate(scenario, shares, (0.5,)).parameters_at(scenario.start, "first")


def test_everything_marked_uncertain_is_an_axis_unless_it_cannot_be():
    found = {axis.name for axis in uncertain_axes()}
    rows = {row["name"]: row for row in declared_parameters() if row["role"] == "uncertainty"}
    ranged = {name for name, row in rows.items() if row["low"] is not None}
    assert found >= {
        "functional_decline.unmet_effect",
        "mortality.relative_risks",
        "instruments.medical_care.severe",
    }
    assert not {"workforce.limited", "needs.order", "homes.grant"} & found
    assert len(ranged - found) < 0.2 * len(ranged)
    scenario = small()
    for axis in uncertain_axes():
        for end in (axis.low, axis.high):
            value = int(end) if axis.kind == "int" else end
            assert not impossible(deviate(scenario, [axis], [value]), [axis]), axis.name


BAD_NAMES = {
    "admission.bse": "unknown; did you mean admission.base?",
    "admision.base": "unknown; did you mean admission.base?",
    "base": "unknown; did you mean admission.base?",
    "instruments.time_bank.opn": "unknown; did you mean time_bank.open?",
    "mixes.nowhere.instruments.time_bank.open": "no mix nowhere in the scenario; one of austerity",
    "mixes.austerity.time_bank.open": "names no lever; write mixes.NAME.instruments.INSTRUMENT.LEVER",
    "admission.base.3": "admission.base is no list; leave .3 out",
    "functional_decline.onset.7": "functional_decline.onset has no number 7; it has 3, counted from 0",
    "needs.order": "is a list of words; list the values that it may take, each a list",
    "homes.standard.1": "has no declared range; write one such as homes.standard.1=7.5:22.5",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_an_axis_that_cannot_be_is_refused(name):
    with pytest.raises(AxisError) as told:
        axis_of(name, None, ["austerity"])
    assert str(told.value) == BAD_NAMES[name]


def test_a_parameter_that_a_mix_replaces_is_refused():
    scenario = Scenario.of(place="rural_heilongjiang", residents=600, townships=1, villages=2,
                           mixes=[{"name": "mine", "instruments": {"pension": {"pension": 300.0}}}])  # fmt: skip
    with pytest.raises(
        ConfigError, match=r"income.pension: set by mix mine; vary instruments.pension.pension"
    ):
        choose_points(Design("one", 2, 1, axes("income.pension")), scenario)


BAD_CSV = {
    "admission.bse\n1\n": "1:admission.bse: unknown; did you mean admission.base?",
    "admission.base\nx\n": "2:admission.base: x is not a number; write one such as 0.5 (log odds)",
    "point,admission.base\n0,-1\n1,\n": "3:admission.base: the cell is empty; write a text",
    "homes.near\n2\n": "2:homes.near: 2 is too large; write at most 1.0 (share)",
    "social_work.smallest\n7.5\n": "2:social_work.smallest: 7.5 is not a whole number; write one such as 12 (persons)",
    "instruments.time_bank.open\nyes\n": "2:instruments.time_bank.open: yes is neither true nor false; write one of "
    "them",
    "urbanisation.town_share,urbanisation.province_share\n0.7,0.4\n": "2:1: town_share and province_share make 1.1; "
    "write values that make at most 1; change the row",
    "point\n1\n": "1:1: no axis in the header; name parameters or levers",
    "admission.base,\n1,2\n": "1:2: a column without a name; name a parameter or a lever",
}


@pytest.mark.parametrize("text", BAD_CSV)
def test_own_points_are_refused_at_their_row_and_column(tmp_path, text):
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(ConfigError) as told:
        choose_points(Design("csv", file=str(file)), small())
    assert told.value.lines == [f"{file}:{BAD_CSV[text]}"]


CONFIG = """\
place: rural_heilongjiang
months: 12
population: {residents: 600, townships: 1, villages: 2}
design:
  kind: lhs
  points: 8
  axes:
    admission.base: -1.5:-0.5
    homes.staffing:
    instruments.time_bank.open: [true]
"""
BROKEN = {
    "unknown kind": (
        5,
        "  kind: lsh",
        "5:9: design.kind: lsh is not possible; write 'one', 'grid', 'lhs', 'sobol'",
    ),
    "unknown key": (5, "  kynd: lhs", "5:3: design.kynd: unknown; did you mean kind?"),
    "no number": (6, "  points: 0", "6:11: design.points: 0 is no number of points"),
    "no file": (6, "  points: mine.csv", "6:11: design.points: mine.csv is a file; write kind: csv"),
    "unknown axis": (
        9,
        "    homes.stafing:",
        "9:5: design.axes.homes.stafing: unknown; did you mean homes.staffing?",
    ),
    "wrong way": (
        8,
        "    admission.base: -0.5:-1.5",
        "8:21: design.axes.admission.base: from -0.5 to -1.5 is no",
    ),
    "no range": (
        8,
        "    admission.base: 3",
        "8:21: design.axes.admission.base: 3 is no range; write LOW:HIGH",
    ),
    "half a range": (
        8,
        "    admission.base: {low: 3}",
        "8:5: design.axes.admission.base: {low: 3} is no range",
    ),
    "beyond limits": (
        9,
        "    homes.near: 0:2",
        "9:17: design.axes.homes.near: 2 is too large; write at most 1",
    ),
    "wrong choice": (
        10,
        "    instruments.time_bank.open: [yes]",
        "10:33: design.axes.instruments.time_bank.open: yes",
    ),
    "twice": (
        9,
        "    parameters.admission.base:",
        "9:5: design.axes.parameters.admission.base: is listed twice",
    ),
    "no axes": (7, "  axes: {}", "7:3: design.axes: none; name parameters or levers to vary"),
}


def test_a_design_in_a_config_is_read(tmp_path):
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "b.yaml").write_text("extends: a.yaml\ndesign: {points: 4}\n")
    scenario = load_scenario(tmp_path / "b.yaml")
    assert scenario.design == Design("lhs", 4, 1, (
        axis_of("admission.base", {"low": -1.5, "high": -0.5}, ()),
        *axes("homes.staffing"),
        axis_of("instruments.time_bank.open", (True,), ()),
    ))  # fmt: skip
    assert scenario.digest() == replace(scenario, design=None).digest()


def test_options_win_over_the_design_of_a_config_a_file_of_points_too(tmp_path):
    file, mine = tmp_path / "a.yaml", tmp_path / "mine.csv"
    file.write_text(CONFIG)
    mine.write_text("homes.staffing\n0.8\n")

    def asked(path, **options):
        return load_scenario(
            path, options=[(f"--{key}", f"design.{key}={text}") for key, text in options.items()]
        )

    assert asked(file, points=mine).design == Design("csv", 0, 1, (), str(mine))
    assert asked(file, kind="csv", points=mine).design == Design("csv", 0, 1, (), str(mine))
    assert asked(file, axes='["admission.base"]').design == Design("lhs", 8, 1, axes("admission.base"))
    (tmp_path / "b.yaml").write_text("extends: a.yaml\ndesign: {points: mine.csv}\n")
    child = tmp_path / "b.yaml"
    assert asked(child).design == Design("csv", 0, 1, (), str(mine))
    assert asked(child, kind="grid", axes='["homes.staffing"]').design == Design(
        "grid", 3, 1, axes("homes.staffing")
    )
    assert asked(child, points=4, axes='["homes.staffing"]').design == Design(
        "lhs", 4, 1, axes("homes.staffing")
    )
    with pytest.raises(
        ConfigError, match=r"--axes: design.axes: the header of the file names them; leave axes out"
    ):
        asked(file, points=mine, axes='["homes.staffing"]')
    with pytest.raises(ConfigError, match="is a file; write kind: csv"):
        asked(file, kind="grid", points=mine)


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_design_is_refused_at_its_line_and_column(tmp_path, case):
    line, text, expected = BROKEN[case]
    lines = CONFIG.splitlines()
    lines[line - 1] = text
    if case == "no axes":
        del lines[7:]
    file = tmp_path / "a.yaml"
    file.write_text("\n".join(lines) + "\n")
    said = io.StringIO()
    with redirect_stderr(said), pytest.raises(SystemExit) as left:
        main(["validate", str(file)])
    assert left.value.code == 2
    told = said.getvalue().splitlines()
    assert len(told) == 1
    assert told[0].startswith(f"{file}:{expected}")


def test_positions_and_frames_agree():
    points = Points(axes("admission.base"), at_positions(axes("admission.base"), np.array([[0.0], [0.5]])))
    assert points.frame()["admission.base"].tolist() == [-1.9, -0.95]
