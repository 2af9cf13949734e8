"""Two orders of the sources of care in one month: whose turn it is on paper, and that neither touches the other's."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import CareModel, Scenario, schedule
from caresim.agents.care_order import USUAL
from caresim.agents.instrument import reached
from caresim.agents.two_orders import in_two_orders
from caresim.kernel.mistakes import ConfigError
from tests.policies.test_first_indicators import PLACE
from tests.policies.test_reach import ONE_OF_THREE, changed

FAMILY_LAST = ("children", "neighbours", "volunteers", "time_bank", "spouse")
OTHERS_FIRST = ("volunteers", "neighbours", "time_bank", "children", "spouse")
NO_CHILDREN = {"main_hours": 0.0, "near_hours": 0.0, "town_hours": 0.0, "away_hours": 0.0}
BY_NAME = {process.source: process for process in schedule.MONTH if process.source is not None}


def turns(order):
    """Return who is asked in a month, and for the cases of which of two villages, in turn."""
    seen = []
    month = in_two_orders(schedule.MONTH, [BY_NAME[name] for name in order], np.array([True, False]))
    known = {id(process) for process in schedule.MONTH}
    for process in month:
        if process.source is not None or process.name == "formal_care":
            where = "all" if id(process) in known else process.run.__closure__
            where = where if where == "all" else next(
                "here" if cell.cell_contents[0] else "there"
                for cell in where if isinstance(cell.cell_contents, np.ndarray)
            )  # fmt: skip
            seen.append(f"{process.source or 'workers'} {where}")
    return seen


def test_whose_turn_it_is():
    assert turns(FAMILY_LAST) == [
        "children here", "spouse there", "neighbours here", "children there", "workers all", "volunteers here",
        "neighbours there", "volunteers there", "time_bank all", "spouse here",
    ]  # fmt: skip
    assert turns(("spouse", "neighbours", "children", "volunteers", "time_bank")) == [
        "spouse all", "neighbours here", "children there", "workers all", "children here", "neighbours there",
        "volunteers all", "time_bank all",
    ]  # fmt: skip


def model(order, rollout=1.0, **parameters):
    levers = {"order": order, "rollout": rollout}
    instruments = {
        "source_order": levers,
        "time_bank": {"open": True, "registration": 0.15, "endowment": 5.0},
    }
    scenario = Scenario.of(
        **PLACE, months=4, mixes={"m": {"instruments": instruments}}, parameters=parameters
    )
    return CareModel(scenario, "m", collect=False)


@pytest.mark.parametrize(("everywhere", "order"), [(True, OTHERS_FIRST), (False, USUAL)])
def test_an_order_that_holds_in_all_villages_or_in_none_is_that_order(monkeypatch, everywhere, order):
    """Each source is asked in two turns, of which one is for nobody."""
    usual = model(order)
    plain = repr(usual.run())
    month = in_two_orders(schedule.MONTH, [BY_NAME[name] for name in OTHERS_FIRST], np.full(10, everywhere))
    monkeypatch.setattr(schedule, "in_order", lambda _: month)
    monkeypatch.setattr("caresim.model.in_order", lambda _: month)
    twice = model(order)
    assert repr(twice.run()) == plain
    assert (capacities(twice) == capacities(usual)).all()


def capacities(run):
    """Return what each registered person could have given."""
    return run.world.care.capacity(run.people.n)


def test_without_children_in_several_townships_an_order_leaves_the_other_townships_alone():
    one = model(FAMILY_LAST, ONE_OF_THREE, children_care=NO_CHILDREN)
    other = model(USUAL, children_care=NO_CHILDREN)
    for run in (one, other):
        run.step()
    where = reached(ONE_OF_THREE, one.world.territory, one.world.draws)
    here = where[one.world.people["village"][: one.world.people.n]]
    assert changed(one, other, here)
    assert not changed(one, other, ~here)
    assert (capacities(one)[~here] == capacities(other)[~here]).all()
    assert capacities(one)[~here].any()


def test_the_bank_before_care_workers_cannot_hold_in_some_townships_only():
    with pytest.raises(ConfigError, match="asks the time bank before care workers"):
        model(("time_bank", "spouse", "children", "neighbours", "volunteers"), 0.5)


def test_a_source_is_not_asked_a_third_time():
    run = model(FAMILY_LAST, 0.5)
    run.step()
    BY_NAME["neighbours"].run(run.world)
    with pytest.raises(RuntimeError, match="drawn twice"):
        BY_NAME["neighbours"].run(run.world)
