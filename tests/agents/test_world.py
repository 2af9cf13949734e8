"""What measures leave of an assumption is known by village, and follows what comes into force."""

from caresim import catalogue
from caresim.agents.policy import Policy
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
