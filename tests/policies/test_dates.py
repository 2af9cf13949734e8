"""Measures with dates: they reach township after township, and what is lent for some months goes back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from caresim import CareModel, Scenario
from caresim.agents.instrument import Levers, reached
from caresim.agents.money import FEN
from caresim.schedule import MONTH, in_order
from tests.policies.test_first_indicators import INSTRUMENTS, PLACE, strong

MONTHS = 6
DATES = {"2020-01": 0.34, "2020-03": 0.67, "2020-05": 1.0}
OF_THREE = [1, 1, 2, 2, 3, 3]
"""How many of three townships are reached in each month."""
COUNTYWIDE = {
    "bed_target", "chains", "free_entry", "public_homes", "siting",  # homes take in people of the whole county
    "care_workers", "carer_training", "job_awards", "skill_grades",  # care workers have one market
    "township_centres",  # its lever is the share of townships
    "happiness_homes",  # its lever is the share of villages
    "budget", "pension",  # one for all
}  # fmt: skip
"""What is no measure of a township (docs/policies.md)."""
PAY = 4500.0
"""Yuan a month of a worker on loan."""


def model(measures, **parameters):
    mixes = {"dated": {"extends": "no_policy", "instruments": measures}}
    scenario = Scenario.of(**PLACE, months=MONTHS, mixes=mixes, parameters=parameters)
    return CareModel(scenario, "dated", collect=False)


def test_a_rollout_reaches_township_after_township_and_leaves_none_again():
    """Of three townships one is reached in January, another in March, the last in May."""
    made = model({"age_allowance": {"from_80": 500.0, "rollout": DATES}}, assessment={"take_up": 1.0})
    paid = []
    for _ in range(MONTHS):
        made.step()
        world = made.world
        elders = world.elders[world.people["benefits"][world.elders] > 0]
        paid.append({int(t) for t in world.territory.township[world.people["village"][elders]]})
    assert [len(townships) for townships in paid] == OF_THREE
    assert all(before <= after for before, after in pairwise(paid))


def test_every_measure_of_a_township_can_be_rolled_out():
    assert {name for name, one in INSTRUMENTS.items() if not issubclass(one.parameters, Levers)} == COUNTYWIDE


@pytest.mark.parametrize("name", sorted(set(INSTRUMENTS) - COUNTYWIDE))
def test_each_is_rolled_out_by_date(name):
    """Whatever a measure does is asked of where it is active; so it is read where its process or its act looks."""
    made, one = model(strong(name, rollout=DATES)), INSTRUMENTS[name]
    found = []
    for month in range(made.scenario.start, made.scenario.start + MONTHS):
        in_force = made.scenario.policy_at(month, "dated").levers.get(name)
        if one.sets is not None:
            in_force = made.scenario.parameters_at(month, "dated")[one.sets]
        where = reached(getattr(in_force, one.replaced("rollout")), made.world.territory, made.world.draws)
        found.append(len(set(made.world.territory.township[where].tolist())))
    assert found == OF_THREE


def townships(made, who):
    """Return the townships in which some of the registered live."""
    return set(made.world.territory.township[made.world.people["village"][who]].tolist())


def test_members_of_the_time_bank_are_registered_where_and_when_it_comes():
    dates = DATES | {"2020-06": 0.34}
    made = model({"time_bank": {"open": True, "registration": 0.15, "endowment": 5.0, "rollout": dates}})
    members, holders, kept = [], [], []
    for _ in range(MONTHS):
        made.step()
        who = np.flatnonzero(made.world.people["member"][: made.world.people.n])
        members.append(townships(made, who))
        holders.append(townships(made, made.world.bank.holders.astype(np.int64)))
        kept.append(set(who.tolist()))
    assert [len(found) for found in members] == [1, 1, 2, 2, 3, 1]
    assert holders[:5] == members[:5]
    assert holders[5] == holders[4]
    early = [len(now & before) / len(before) for before, now in pairwise(kept[:5])]
    assert min(early) > 0.97


def test_pairs_form_where_and_when_they_are_encouraged():
    made = model({"mutual_aid_pairs": {"pair_share": 0.2, "rollout": DATES}})
    found = []
    for _ in range(MONTHS):
        made.step()
        people = made.world.people
        found.append(townships(made, np.flatnonzero(people["pair"][: people.elders_end] >= 0)))
    assert [len(where) for where in found] == OF_THREE


def test_two_orders_of_care_become_one_when_all_townships_have_it():
    order = ("children", "neighbours", "volunteers", "time_bank", "spouse")
    made = model({"source_order": {"order": order, "rollout": DATES}})
    turns = []
    for _ in range(MONTHS):
        made.step()
        turns.append(len(in_order(made.world)))
    assert turns == [len(MONTH) + 4] * 4 + [len(MONTH)] * 2


def test_workers_on_loan_go_back_after_their_months_in_each_village():
    """One township is lent workers from January to March, the other two from March to May."""
    rollout = {"2020-01": 0.34, "2020-03": 1.0}
    support = {"carers_per_village": 2.0, "months": 3, "cost": PAY, "rollout": rollout}
    made = model({"counterpart_support": support}, villages={"remote_share": 1.0})
    assert made.world.territory.remote.all()
    lent, paid = [], []
    for _ in range(MONTHS):
        made.step()
        lent.append(set(np.flatnonzero(made.world.workforce.loaned).tolist()))
        paid.append(made.world.money.paid("counterpart_support", ("central",)) / FEN)
    first, later = lent[0], lent[3]
    everywhere = set(range(len(made.world.territory)))
    assert first
    assert first | later == everywhere
    assert not first & later
    assert lent == [first, first, everywhere, later, later, set()]
    assert paid == [2.0 * PAY * len(villages) for villages in lent]
