"""The frontier of cost-effectiveness against an example worked out by hand."""

import math

import pandas as pd
import pytest

from caresim.experiment.decision import cost_effectiveness, plane

EXAMPLE = {  # cost, effect
    "nothing": (1000.0, 10.0),
    "a": (3000.0, 11.0),  # 2000 a unit against nothing, but the step to c is cheaper: extendedly dominated
    "b": (5000.0, 11.5),  # c costs less and does more: dominated
    "c": (4000.0, 12.0),  # (4000 - 1000) / (12 - 10) = 1500
    "d": (8000.0, 12.5),  # 8000 a unit against c; e is a cheaper step: extendedly dominated
    "e": (10000.0, 14.0),  # (10000 - 4000) / (14 - 12) = 3000
}


def once(numbers):
    """Return costs and effects of one replication."""
    return (pd.DataFrame({mix: [pair[k]] for mix, pair in numbers.items()}) for k in (0, 1))


def test_steps_along_the_frontier_are_those_worked_out_by_hand():
    table = cost_effectiveness(*once(EXAMPLE), "nothing")
    assert table["status"].to_dict() == {"nothing": "baseline", "a": "extendedly dominated", "b": "dominated",
                                         "c": "frontier", "d": "extendedly dominated", "e": "frontier"}  # fmt: skip
    assert table["icer"].dropna().to_dict() == {"c": 1500.0, "e": 3000.0}
    assert table["compared_with"].to_dict()["e"] == "c"
    assert table.loc["b", ["delta_cost", "delta_effect"]].tolist() == [4000.0, 1.5]
    assert table["cost"].is_monotonic_increasing


def test_a_beaten_baseline_keeps_its_name_and_is_left_out_of_the_steps():
    table = cost_effectiveness(*once(EXAMPLE), "b")
    assert table.loc["b", "status"] == "baseline"
    assert not table.loc["b", "on_frontier"]
    assert table.loc["nothing", "status"] == "frontier"
    assert math.isnan(table.loc["nothing", "icer"])
    assert table.loc["c", "icer"] == 1500.0


def test_dropping_one_option_can_leave_another_dominated_only_by_a_blend():
    """After d falls, c lies above the line from b to e: it falls too, though no neighbour dominates it at first."""
    numbers = {"a": (0.0, 0.0), "b": (10.0, 10.0), "c": (30.0, 15.0), "d": (45.0, 18.0), "e": (50.0, 30.0)}
    table = cost_effectiveness(*once(numbers), "a")
    assert table.index[table["status"] == "extendedly dominated"].tolist() == ["c", "d"]
    assert table.loc["e", "icer"] == pytest.approx(40.0 / 20.0)


def test_of_equals_the_baseline_stays_and_an_option_on_the_line_stays():
    table = cost_effectiveness(*once({"twin": (1.0, 1.0), "base": (1.0, 1.0), "mid": (2.0, 2.0), "far": (3.0, 3.0)}),
                               "base")  # fmt: skip
    assert table.loc["twin", "status"] == "dominated"
    assert table.loc["base", "on_frontier"]
    assert table.loc[["mid", "far"], "status"].tolist() == ["frontier", "frontier"]


def test_means_are_over_complete_replications_and_points_of_the_plane_are_paired():
    costs = pd.DataFrame({"base": [1.0, 3.0, 9.0], "new": [4.0, 5.0, float("nan")]}, index=[0, 1, 2])
    effects = pd.DataFrame({"base": [1.0, 1.0, 9.0], "new": [2.0, 4.0, 9.0]}, index=[0, 1, 2])
    table = cost_effectiveness(costs, effects, "base")
    assert table.loc["new", ["delta_cost", "delta_effect", "icer"]].tolist() == [2.5, 2.0, 1.25]
    points = plane(costs, effects, "base")
    assert points.columns.tolist() == ["mix", "replication", "delta_cost", "delta_effect"]
    assert points[["replication", "delta_cost", "delta_effect"]].values.tolist() == [[0, 3, 1], [1, 2, 3]]


def test_other_mixes_and_nothing_complete_are_refused():
    costs, effects = once(EXAMPLE)
    with pytest.raises(ValueError, match="costs are of"):
        cost_effectiveness(costs, effects.drop(columns="a"), "nothing")
    with pytest.raises(ValueError, match="no replication"):
        plane(costs * float("nan"), effects, "nothing")
    with pytest.raises(ValueError, match="baseline z: not among"):
        plane(costs, effects, "z")
