"""A hamlet built by hand, person by person, for tests that are worked out on paper."""

from __future__ import annotations

import numpy as np

from caresim import catalogue
from caresim.agents.people import COLUMNS, NOBODY, OUTSIDE, VILLAGE, People, adopt
from caresim.agents.place import Territory
from caresim.agents.policy import Policy
from caresim.agents.time_bank import gathered, spread
from caresim.agents.world import World
from caresim.kernel.clock import month_number
from caresim.kernel.columns import Column
from caresim.kernel.draws import Draws
from caresim.processes import benefits, household_money

NOW = month_number("2020-06")
HEALTH = (
    Column("disability", np.uint8, 0, "state", "Disability.", "test"),
    Column("dementia", np.uint8, 0, "0/1", "Dementia.", "test"),
    Column("transfers", np.int32, 0, "fen", "Transfers.", "test"),
)


def hold(world, row, minutes):
    """Let somebody hold so many coins, whoever issued them."""
    bank = world.bank
    coins = spread(bank.holders, bank.balances, world.people.n)
    coins[row] = minutes
    bank.holders, bank.balances = gathered(coins)


class Hamlet:
    """Two villages (the second without the rural label), people added one at a time."""

    def __init__(self, columns=COLUMNS + HEALTH, month=NOW):
        self.people = People(columns, 4, 4)
        flags = np.array([True, False])
        none = np.zeros(2)
        territory = Territory(
            np.arange(2, dtype=np.uint64), np.arange(2), none, none, none, ~flags & flags, flags
        )
        self.world = World(self.people, territory, None, Draws(1, 0), month, month)

    def household(self):
        return int(self.people.found_households(1)[0])

    def add(
        self, age, sex, household=NOBODY, mother=NOBODY, father=NOBODY, place=VILLAGE, village=0, key=None
    ):
        """Register a person of an age in years; return the row."""
        people = self.people
        born = self.world.month - int(age * 12)
        who = people.register(
            np.array([people.n + 1 if key is None else key], dtype=np.uint64),
            np.array([born]),
            np.array([sex == "f"]),
            np.array([village]),
            np.array([place], dtype=np.uint8),
            np.array([household]),
        )
        adopt(who, np.array([mother]), np.array([father]), *people.chains())
        return int(who[0])

    def kin(self, age, sex, mother=NOBODY, father=NOBODY, place=OUTSIDE, key=None):
        """Add somebody alive outside the register; return the row."""
        people = self.people
        people.make_room(kin=1)
        row = people.kin_end
        people.n_kin += 1
        people["key"][row] = 1_000_000 + row if key is None else key
        people["born"][row] = self.world.month - int(age * 12)
        people["state"][row] = 2 | (sex == "f")
        people["place"][row] = place
        adopt(np.array([row]), np.array([mother]), np.array([father]), *people.chains())
        return row

    def marry(self, a, b):
        self.people.marry(np.array([a]), np.array([b]))


def under_law(world, levers, **rules):
    """Enact measures and the rules of the budget, and let money rest as on the eve of the first month."""
    measures = catalogue.instruments()
    in_force = {name: measures[name].parameters(**values) for name, values in levers.items()}
    groups = {name: group() for name, group in catalogue.parameter_groups().items()}
    groups["benefits"] = benefits.Benefits(**rules)
    world.enact(groups, Policy(in_force, measures))
    benefits.forget(world)
    household_money.begin(world)
    household_money.settled(world)
