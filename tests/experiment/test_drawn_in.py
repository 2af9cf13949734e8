"""Sensitivity where points were drawn in to where values go together: what does nothing has no effect."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.experiment.indices import Plan
from caresim.experiment.joint_limits import within_limits
from caresim.experiment.sensitivity import sensitivity
from caresim.results import Outcome
from caresim.scenario.axes import Axis, axis_of
from caresim.scenario.unknowns import uncertain_axes
from tests.experiment.fakes import NAMES, outcome, small

SETTLING = tuple(axis for axis in uncertain_axes() if axis.name.startswith("urbanisation."))
SHARES = "urbanisation.town_share", "urbanisation.province_share"


def planned(size=40):
    """Return a plan of five axes of which limits bind two, and the positions that are run."""
    plan = Plan("morris", SETTLING, size, 5)
    return plan, within_limits(small(), SETTLING, plan.positions())


@pytest.mark.parametrize("mover", range(len(SETTLING)))
def test_a_result_that_follows_one_axis_is_moved_by_that_axis_only(mover):
    plan, ran = planned()
    assert (ran != plan.positions()).any(axis=1).mean() > 0.1
    table = plan.analyse(10.0 * ran[:, mover], ran).set_index("axis")
    expected = {axis.name: 10.0 if number == mover else 0.0 for number, axis in enumerate(SETTLING)}
    for name in ("mu", "mu_star", "mu_star_lower", "mu_star_upper"):
        assert table[name].to_dict() == pytest.approx(expected, abs=1e-9)
    assert table["sigma"].max() < 1e-9


def test_only_trajectories_that_tell_of_an_axis_are_counted_for_it():
    plan, ran = planned()
    counted = plan.analyse(ran.sum(axis=1), ran).set_index("axis")["blocks"]
    assert {name for name, number in counted.items() if number < 40} == set(SHARES)
    assert counted.min() > 15


def test_luck_is_that_of_steps_which_tell_of_their_axis():
    """Replications answer to one share differently; the other, which was drawn in with it, met none of that."""
    plan, ran = planned()
    number = [axis.name for axis in SETTLING].index(SHARES[0])
    values = ran[:, [number]] * np.array([1.0, 5.0, 3.0])
    luck = plan.analyse(values, ran).set_index("axis")["luck"]
    assert luck[SHARES[0]] == pytest.approx(np.sqrt(2.0 / np.pi * 4.0 / 3.0))
    assert luck.drop(SHARES[0]).max() < 1e-12


def test_positions_as_planned_change_nothing():
    plan = Plan("morris", (Axis("a"), Axis("b", "int", 0.0, 4.0), Axis("c")), 6, 1)
    values = np.random.default_rng(1).normal(size=(24, 2))
    assert plan.analyse(values, plan.positions()).equals(plan.analyse(values))


def test_a_step_that_was_drawn_in_alone_counts_over_the_way_it_went():
    """Two axes from 0 to 1; the first is drawn in to a half, so that its step of two thirds is one of half or less."""
    plan = Plan("morris", (Axis("a"), Axis("b")), 12, 1)
    ran = plan.positions()
    ran[:, 0] = np.minimum(ran[:, 0], 0.5)
    table = plan.analyse(ran @ np.array([6.0, 2.0]), ran).set_index("axis")
    assert table["mu"].to_dict() == pytest.approx({"a": 6.0, "b": 2.0})
    assert table["sigma"].max() < 1e-9


def test_an_axis_that_could_not_move_has_no_number():
    plan = Plan("morris", (Axis("a"), Axis("b")), 6, 1)
    ran = plan.positions()
    ran[:, 0] = 0.2
    table = plan.analyse(ran @ np.array([6.0, 2.0]), ran).set_index("axis")
    assert table.loc["a", ["mu", "mu_star", "sigma"]].isna().all()
    assert table.loc["a", ["rank", "blocks"]].tolist() == [2, 0]
    assert table.loc["b", "mu"] == pytest.approx(2.0)


def settled(scenario, mix, replication):
    """Return fake numbers of which the first follows one share."""
    found = outcome(scenario, mix, replication)
    value = scenario.parameters_at(scenario.start)["urbanisation"].town_share
    return Outcome([{**row, NAMES[0]: value} for row in found.records], found.population)


def test_a_screening_of_the_model_is_analysed_where_it_ran(tmp_path):
    axes = [axis_of(name, None, ()) for name in SHARES]
    table = sensitivity(small(months=1, replications=1), "morris", [NAMES[0]], axes, 20, tmp_path / "out", 1,
                        simulate=settled).set_index("axis")  # fmt: skip
    assert table.loc[SHARES[0], "mu_star"] == pytest.approx(axes[0].high - axes[0].low)
    assert table.loc[SHARES[1], "mu_star_upper"] == pytest.approx(0.0, abs=1e-12)
