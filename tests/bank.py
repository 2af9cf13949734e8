"""A time bank built by hand, whose book of care is opened by hand, for tests that are worked out on paper."""

from __future__ import annotations

import math

import numpy as np

from caresim.kernel.clock import month_number
from caresim.kernel.draws import purpose, uniform
from caresim.processes import time_bank
from tests.families import Families
from tests.hamlet import hold

QUIET = {"open": True, "registration": 1.0, "endowment": 0.0, "retention": 1.0, "confidence_weight": 0.0,
         "hours": 6.0, "most_hours": 10.0, "reach": 15.0}  # fmt: skip
"""Everybody healthy of the right age is a member, and as active as his propensity lets him."""
KEEN = {"volunteering.propensity": 0.99}
"""The draw of somebody who is active every month, with the propensities of these tests."""


class Bank(Families):
    """Two villages of a township, 5 km apart, with a time bank; the book of care is opened by hand."""

    def __init__(self, month="2020-01", **rules):
        super().__init__()
        world = self.world
        world.month = world.start = month_number(month)
        world.territory.township[:] = 0
        world.territory.x = np.array([0.0, 5.0], dtype=np.float32)
        world.territory.y = np.zeros(2, dtype=np.float32)
        self.set("time_bank", **{**QUIET, **rules})
        self.set("volunteering", propensity_a=20.0, propensity_b=0.05)
        self.set("income", growth_year=0.0, minimum=400.0)
        self.set("inheritance")
        self.needs = {}

    def rules(self, **rules):
        """Change rules of the bank."""
        now = self.world.parameters["time_bank"].model_dump()
        self.set("time_bank", **{**now, **rules})

    def endow(self, row, coins):
        """Let government give somebody coins."""
        hold(self.world, row, self.coins(row)[0] + coins)
        self.world.bank.government -= coins

    def elder(self, coins=0, instrumental=0, company=0, age=82, disability=1, **where):
        """Add an elder with coins and needs of so many minutes; not healthy, so no member."""
        where.setdefault("household", self.household())
        row = self.person(age, "f", disability=disability, **where)
        self.needs[row] = (0, instrumental, company)
        self.endow(row, coins)
        return row

    def helper(self, **where):
        """Add a healthy person of 50, who is active every month; return the row."""
        where.setdefault("household", self.household())
        return self.person(50, "m", luck=KEEN, **where)

    def offered(self, row):
        """Return the minutes that an active member offers this month."""
        time = self.draw("time_bank.time", row)
        return math.floor(60.0 * self.world.parameters["time_bank"].hours * (0.5 + time))

    def draw(self, what, row, month=None):
        """Return somebody's draw of a month, by default this one."""
        month = self.world.month if month is None else month
        return uniform(self.world.draws.word(purpose(what), month), self.people["key"][row])

    def run(self):
        """Open the book, let the bank act, and check its books."""
        world = self.world
        rows = np.array(sorted(self.needs), dtype=np.int64)
        need = np.array([self.needs[row] for row in rows], dtype=np.int32).reshape(-1, 3)
        self.people["given"][:] = 0
        world.elders = rows
        world.care.open(rows, need)
        time_bank.run_bank(world)
        self.balanced()
        return world.bank.flows

    def active(self):
        """Let the bank act once more in this month; return the rows of those who offer time."""
        self.world.draws._turn(self.world.month)
        care, rows = self.world.care, len(self.people["key"])
        before = care.capacity(rows)
        time_bank.run_bank(self.world)
        return np.flatnonzero(care.capacity(rows) > before).tolist()

    def balanced(self):
        """Check that the accounts add up to zero, that nobody owes, and that hours given are hours received."""
        world = self.world
        assert world.bank.total() == 0
        assert (world.bank.balances > 0).all()
        given = int(self.people["given"][: self.people.n].sum(dtype=np.int64)) + int(
            world.care.paid_minutes().sum()
        )
        assert given == int(world.care.received.sum()) == int((world.care.need - world.care.left).sum())

    def coins(self, *rows):
        return self.world.bank.coins(np.array(rows, dtype=np.int64)).tolist()

    def bank(self):
        """Return the balances of pool, government and lost records."""
        return self.world.bank.accounts.tolist()

    def next(self):
        self.world.month += 1
