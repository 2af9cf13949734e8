"""Points whose values do not go together are drawn towards the config, no farther than they must."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.experiment.designs import at_positions
from caresim.experiment.indices import Plan
from caresim.experiment.joint_limits import within_limits
from caresim.kernel.parameters import LIMITED
from caresim.scenario.axes import axis_of
from caresim.scenario.deviations import deviate, impossible, value_at_start
from caresim.scenario.unknowns import uncertain_axes
from tests.experiment.fakes import small

TOWN, PROVINCE, OTHER = "urbanisation.town_share", "urbanisation.province_share", "admission.base"


def axes(*names):
    return [axis_of(name, {"low": 0.0, "high": 1.0} if name != OTHER else None, ()) for name in names]


def test_shares_that_make_more_than_one_go_towards_the_config_as_far_as_they_must():
    scenario = small(parameters={"urbanisation": {"town_share": 0.4, "province_share": 0.2}})
    asked = np.array([[0.9, 0.3, 0.7], [0.5, 0.25, 0.4]])
    town, other, province = within_limits(scenario, axes(TOWN, OTHER, PROVINCE), asked)[0]
    assert town + province == pytest.approx(1.0, abs=1e-5)
    assert town + province <= 1.0 + 1e-9
    assert (0.9 - town) / (0.9 - 0.4) == pytest.approx((0.7 - province) / (0.7 - 0.2))
    assert other == 0.3


def test_points_that_can_be_stay_to_the_last_bit():
    asked = np.random.default_rng(1).random((40, 2)) * 0.5
    assert np.array_equal(within_limits(small(), axes(TOWN, PROVINCE), asked), asked)


def test_a_parameter_that_does_not_vary_limits_one_that_does():
    scenario = small(parameters={"urbanisation": {"town_share": 0.4, "province_share": 0.2}})
    ((town,),) = within_limits(scenario, axes(TOWN), np.array([[0.95]]))
    assert town == pytest.approx(0.8, abs=1e-5)


def test_a_lowest_above_the_highest_meets_it():
    both = [axis_of(f"children_care.norm_{end}", {"low": 0.0, "high": 1.0}, ()) for end in ("low", "high")]
    ((low, high),) = within_limits(small(), both, np.array([[0.9, 0.2]]))
    assert 0.2 < low <= high < 0.9
    assert high - low < 1e-5


def test_a_lever_goes_towards_what_the_baseline_mix_says():
    amount = axis_of("instruments.carer_allowance.amount", None, ())
    assert value_at_start(small(), amount) == 0.0
    paid = deviate(small(), [amount], [70.0])
    assert value_at_start(paid, amount) == 70.0


def test_values_that_cannot_go_together_on_the_way_stay():
    asked = np.array([[0.9, 0.9]])
    fixed = [axis_of(TOWN, (0.9,), ()), *axes(PROVINCE)]
    found = within_limits(
        small(parameters={"urbanisation": {"province_share": 0.6, "town_share": 0.3}}), fixed, asked
    )
    assert np.array_equal(found, asked)


def test_no_point_of_a_screening_of_everything_uncertain_is_impossible():
    scenario = small()
    chosen = tuple(uncertain_axes())
    plan = Plan("morris", chosen, 3, 7)
    positions = plan.positions()
    before = [impossible(deviate(scenario, chosen, row), chosen) for row in at_positions(chosen, positions)]
    assert any(before)
    moved = within_limits(scenario, chosen, positions)
    assert not any(impossible(deviate(scenario, chosen, row), chosen) for row in at_positions(chosen, moved))
    assert (moved != positions).any(axis=1).sum() == sum(map(bool, before))


def test_only_the_axes_that_one_limit_binds_together_are_drawn_in():
    """Of the five axes of where people settle, two are shares of one whole; rates are bound by no limit with them."""
    scenario = small(parameters={"urbanisation": {"town_share": 0.4, "province_share": 0.2}})
    chosen = [axis for axis in uncertain_axes() if axis.name.startswith("urbanisation.")]
    asked = np.ones((1, len(chosen)))
    moved = within_limits(scenario, chosen, asked) != asked
    assert {axis.name for axis, away in zip(chosen, moved[0], strict=True) if away} == {TOWN, PROVINCE}


def test_two_limits_of_one_group_are_kept_apart():
    """A whole that is too large leaves alone what a chance of leaving is made of."""
    where = [
        axis_of(f"migration.{name}_share", {"low": 0.0, "high": 1.0}, ()) for name in ("town", "province")
    ]
    leaving = axis_of("migration.out_scale", None, ())
    asked = np.array([[0.9, 0.9, 0.9]])
    town, province, scale = within_limits(small(), [*where, leaving], asked)[0]
    assert town < 0.9
    assert province < 0.9
    assert scale == 0.9


def test_every_check_of_a_whole_group_names_what_it_limits():
    declared = [
        *catalogue.parameter_groups().values(),
        *(one.parameters for one in catalogue.instruments().values()),
    ]
    checks = [
        check.func for group in declared for check in group.__pydantic_decorators__.model_validators.values()
    ]
    assert len(checks) > 10
    assert all(hasattr(check, LIMITED) for check in checks)
