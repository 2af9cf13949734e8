"""What measures leave of an assumption is known by village, and follows what comes into force."""

import pytest

from caresim import catalogue
from caresim.agents.founding import found
from caresim.agents.policy import Policy, is_share
from caresim.kernel.parameters import limits_of
from tests.hamlet import Hamlet


def groups(**homes):
    made = {name: group() for name, group in catalogue.parameter_groups().items()}
    return made | {"homes": made["homes"].model_copy(update=homes)}


def test_a_quantity_by_village_follows_assumptions_and_measures():
    world = Hamlet(catalogue.columns()).world
    measures = catalogue.instruments()
    world.enact(groups(fixed=300.0), Policy())
    assert world.by_village("homes.fixed").tolist() == [300.0, 300.0]
    assert world.by_village("homes.fixed") is world.by_village("homes.fixed")
    world.enact(groups(fixed=310.0), Policy())
    assert world.by_village("homes.fixed").tolist() == [310.0, 310.0]
    world.parameters = groups(fixed=320.0)
    assert world.by_village("homes.fixed").tolist() == [320.0, 320.0]
    levers = {"inspection": measures["inspection"].parameters(rate=2.0)}
    world.enact(groups(), Policy(levers, measures))
    assert world.by_village("homes.inspection_rate").tolist() == [2.0, 2.0]
    assert world.enacted == 3


@pytest.mark.parametrize(
    ("measure", "quantity"), [("nursing_beds", "nursing_share"), ("reserved_beds", "reserved_share")]
)
def test_a_share_stays_a_share_whatever_measures_add(measure, quantity):
    world = Hamlet(catalogue.columns()).world
    measures = catalogue.instruments()
    levers = {measure: measures[measure].parameters(share=1.0, rollout=0.5)}
    world.enact(groups(**{quantity: 0.6}), Policy(levers, measures))
    shares = world.by_village(f"homes.{quantity}")
    assert sorted(shares.tolist()) == [0.6, 1.0]
    for _ in range(2):
        found(
            world,
            world.parameters["homes"],
            40,
            world.month,
            idle=int(world.territory.township[shares.argmax()]),
        )
    homes = world.homes
    assert homes["village"].tolist() == [shares.argmax()] * 2
    assert (homes["nursing"] <= homes["beds"]).all()


def test_all_measures_together_at_their_limits_leave_every_share_a_share():
    world = Hamlet(catalogue.columns()).world
    measures = catalogue.instruments()
    declared = {name: one.parameters for name, one in measures.items()}
    most = {
        name: {
            lever: limits_of(group, lever)[1]
            for lever, field in group.model_fields.items()
            if isinstance(field.default, float) and limits_of(group, lever)[1] is not None
        }
        for name, group in declared.items()
    }
    levers = {name: group.model_construct(**most[name]) for name, group in declared.items()}
    world.enact(groups(), Policy(levers, measures))
    for quantity in {effect.quantity for one in measures.values() for effect in one.effects}:
        group, name = quantity.split(".")
        if is_share(type(world.parameters[group]), name):
            assert 0.0 <= world.by_village(quantity).min() <= world.by_village(quantity).max() <= 1.0, (
                quantity
            )
