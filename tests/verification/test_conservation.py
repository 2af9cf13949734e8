"""Nobody appears or vanishes: every person of the territory and of the register is accounted for, row by row."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caresim.agents.people import ALIVE, FEMALE, LIVING_REGISTERED, LIVING_RESIDENT, PRESENT, REGISTERED
from caresim.schedule import MONTH

from ..villages import AGED, FERTILE, FRAIL, RESTLESS, STEADY, Families, begun_world, village_scenario

PLACES = ("rural_china", "suiling", "beijing", "heilongjiang")
LASTING = ("key", "born", "mother", "father")
"""What nothing changes within a month, while rows keep their places."""


def residents(people):
    return people.count(LIVING_RESIDENT)


def account(world, month, parameters, processes=MONTH):
    """Let a month pass and balance everybody, by what their rows said before and say now."""
    people = world.people
    before = set(people["key"][people.who(LIVING_REGISTERED)].tolist())
    world.open_month(month, parameters)
    assert before == set(people["key"][people.who(LIVING_REGISTERED)].tolist()), (
        "opening a month moves nobody"
    )
    people.widen()  # newcomers then stand at the end, whatever their age
    n, n_kin, here = people.n, people.n_kin, residents(people)
    registered = people.count(LIVING_REGISTERED)
    state = people["state"][:n].copy()
    kin_state = people["state"][people.kin_start : people.kin_end].copy()
    lasting = {name: people["key"][people[name][:n]] if name in ("mother", "father") else people[name][:n].copy()
               for name in LASTING}  # fmt: skip
    for process in processes:
        process.run(world)

    flows, now = people.flows, people["state"][: people.n]
    old, new = now[:n], now[n:]
    for name, values in lasting.items():
        found = people["key"][people[name][:n]] if name in ("mother", "father") else people[name][:n]
        assert (found == values).all(), name
    assert ((old ^ state) & FEMALE == 0).all()
    assert (~state & old & (ALIVE | REGISTERED) == 0).all(), (
        "nobody rises from the dead or back onto the register"
    )
    kin_now = people["state"][people.kin_start : people.kin_end]
    assert people.n_kin == n_kin
    assert (~kin_state & kin_now == 0).all()
    assert ((now & PRESENT == 0) | (now & LIVING_RESIDENT == LIVING_RESIDENT)).all()

    died = state & ~old & ALIVE != 0
    removed = state & ~old & REGISTERED != 0
    assert not (died & removed).any()
    n_died = np.count_nonzero(died & (state & REGISTERED != 0)) + np.count_nonzero(new & ALIVE == 0)
    n_removed = np.count_nonzero(removed) + np.count_nonzero(new & REGISTERED == 0)
    assert len(new) == flows.registered_births + flows.registrations
    assert n_died == flows.registered_deaths
    assert n_removed == flows.deregistrations
    assert people.count(LIVING_REGISTERED) == registered + len(new) - n_died - n_removed
    assert residents(people) == here + flows.births + flows.arrivals - flows.deaths - flows.departures

    rows = np.concatenate([np.arange(people.n), np.arange(people.kin_start, people.kin_end)])
    keys = people["key"][rows]
    keys = keys[keys != 0]  # blank rows are nobody
    assert len(np.unique(keys)) == len(keys), "a key is one person's"
    return flows


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("deviations", [{}, RESTLESS, FRAIL, AGED, FERTILE, STEADY], ids=range(6))
def test_built_villages_balance(place, deviations, monkeypatch):
    monkeypatch.setattr("caresim.agents.world.COMPACTION_YEARS", 1)
    scenario = village_scenario(place, 2010, 300, 21, deviations)
    world = begun_world(scenario)
    moved = 0
    for month in range(scenario.start, scenario.start + 30):
        flows = account(world, month, scenario.parameters_at(month))
        moved += flows.births + flows.deaths + flows.arrivals + flows.departures
    assert moved > 20


@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**31), place=st.sampled_from(PLACES), wild=st.sampled_from([RESTLESS, FRAIL]))
def test_random_families_balance(seed, place, wild):
    scenario = village_scenario(place, 2010, seed=seed, deviations=wild)
    world = Families(scenario).world
    for month in range(scenario.start, scenario.start + 18):
        account(world, month, scenario.parameters_at(month))


def lose_one(world):
    world.people["state"][world.people.who(LIVING_RESIDENT)[:1]] &= ~np.uint8(PRESENT | REGISTERED)


def raise_one(world):
    state = world.people["state"][: world.people.n]
    state[np.flatnonzero(state & ALIVE == 0)[:1]] |= ALIVE


def swap_one(world):
    world.people["born"][world.people.who(LIVING_REGISTERED)[:1]] -= 1


@pytest.mark.parametrize("mistake", [lose_one, raise_one, swap_one])
def test_a_mistake_in_the_books_is_noticed(mistake):
    scenario = village_scenario(deviations=RESTLESS)
    world = begun_world(scenario)
    parameters = scenario.parameters_at(scenario.start)
    for month in range(scenario.start, scenario.start + 6):
        account(world, month, parameters)
    with pytest.raises(AssertionError):
        account(world, scenario.start + 6, parameters, (*MONTH, SimpleNamespace(run=mistake)))
