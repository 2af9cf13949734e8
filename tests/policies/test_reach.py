"""A measure changes nothing that it cannot reach: draws belong to people, so that the luck of all others stays theirs.

The same small place lives through its first month twice, without a measure and with it as strong as it declares.
Births, deaths, migration and health come before what government does in a month, so they are the same for everybody. A
measure that is rolled out to one township of three leaves those of the other two alone, but for what is named below.
"""

from __future__ import annotations

import numpy as np
import pytest

from caresim import CareModel
from caresim.agents.instrument import Levers, active
from caresim.agents.place import Territory
from caresim.agents.policy import Policy, is_local
from caresim.catalogue import parameter_groups
from caresim.kernel.draws import Draws
from tests.policies.test_first_indicators import INSTRUMENTS, off, scenario_of, strong

LIVES = ("key", "born", "state", "mother", "father", "spouse", "marital", "widowed", "parity", "disability", "dementia",
         "village", "transfers", "job")  # fmt: skip
"""What no measure reaches within its first month."""
CARERS = {"given", "burden"}
"""Of those who live elsewhere and care for somebody whom the measure reaches, or volunteer there."""
SHARED = {
    "filial_campaign": {"client", "client_clock"},
    "volunteer_awareness": {"client", "client_clock"},
    "source_order": {"unmet", "loneliness", "out_of_pocket", "savings", "bills_year"},
    "price_cap": {"out_of_pocket", "savings", "bills_year"},
}
"""What townships share: the county's social workers, who have time for others, homes that take in whoever comes, and
children with parents in several (tests/agents/test_two_orders.py leaves them out)."""
AT_ONCE = ("age_allowance", "care_vouchers", "cash_benefit", "filial_campaign", "integration", "meal_aid",
           "long_term_care_insurance", "nursing_subsidy", "service_subsidy", "visit_system")  # fmt: skip
"""Some that do reach people in their first month where they are in force."""
ONE_OF_THREE = 0.34


def county_wide(one):
    """Return the quantities that are one for the county of what a measure with a roll-out modifies."""
    groups = [effect.quantity.split(".") for effect in one.effects if issubclass(one.parameters, Levers)]
    return [(group, name) for group, name in groups if not is_local(parameter_groups()[group], name)]


PLACES: dict[str, CareModel] = {}


def after_a_month(measures):
    """Return a place after its first month under some measures; one that has been made is not made again."""
    scenario = scenario_of(measures, 1)
    key = scenario.digest()
    if key not in PLACES:
        PLACES[key] = CareModel(scenario, "tried", collect=False)
        PLACES[key].step()
    return PLACES[key]


def with_and_without(name):
    """Return the place with a measure, in one township if it can be, and without it."""
    where = {"rollout": ONE_OF_THREE} if issubclass(INSTRUMENTS[name].parameters, Levers) else {}
    return after_a_month(strong(name, **where)), after_a_month(off(name))


def changed(one, other, who):
    """Return the columns in which some of the registered are not the same."""
    pair = one.world.people, other.world.people
    assert pair[0].n == pair[1].n
    first, second = ({name: people[name][: people.n] for name in people.arrays} for people in pair)
    size = {
        name: min(len(column), len(who)) for name, column in first.items()
    }  # some columns are for elders only
    return {name for name, n in size.items() if (first[name][:n] != second[name][:n])[who[:n]].any()}


def reached(model, name):
    """Return who of the registered belongs to a village in which the measure is active."""
    world, one = model.world, INSTRUMENTS[name]
    levers = world.policy.levers[name] if one.sets is None else one.parameters(rollout=ONE_OF_THREE)
    where = active(levers, world.territory, world.draws)
    assert 0 < np.count_nonzero(where) < len(where)
    return where[world.people["village"][: world.people.n]]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_nobody_is_born_dies_or_falls_ill_otherwise_in_its_first_month(name):
    one, other = with_and_without(name)
    everybody = np.ones(one.world.people.n, dtype=np.bool_)
    assert not changed(one, other, everybody) & set(LIVES)


@pytest.mark.parametrize(
    "name", [name for name, one in INSTRUMENTS.items() if issubclass(one.parameters, Levers)]
)
def test_in_one_township_it_leaves_the_others_alone(name):
    one, other = with_and_without(name)
    assert changed(one, other, ~reached(one, name)) <= CARERS | SHARED.get(name, set())


@pytest.mark.parametrize("name", AT_ONCE)
def test_where_it_is_in_force_it_reaches_people(name):
    one, other = with_and_without(name)
    assert changed(one, other, reached(one, name)) - CARERS


@pytest.mark.parametrize("name", sorted(name for name, one in INSTRUMENTS.items() if county_wide(one)))
def test_a_quantity_of_the_county_is_what_it_is_where_the_measure_acts_whichever_township_that_is(name):
    one, townships = INSTRUMENTS[name], np.repeat(np.arange(3), 2)
    none = np.zeros(6)
    first = set()
    for seed in range(12):
        territory = Territory(np.arange(6, dtype=np.uint64), townships, none, none, none, none > 0, none == 0)
        draws = Draws(seed, 0)
        found = {}
        for share in (0.0, ONE_OF_THREE, 1.0):
            levers = one.parameters(**{**one.moves.levers, "rollout": share})
            policy = Policy({name: levers}, INSTRUMENTS)
            groups = policy.modified(
                {key: group() for key, group in parameter_groups().items()}, territory, draws
            ).parameters
            found[share] = [getattr(groups[group], quantity) for group, quantity in county_wide(one)]
        first.add(int(np.flatnonzero(active(one.parameters(rollout=ONE_OF_THREE), territory, draws))[0]))
        assert found[ONE_OF_THREE] == found[1.0]
    assert len(first) == 3
