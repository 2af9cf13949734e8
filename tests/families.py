"""Families built by hand whose luck is chosen, so that every hour can be worked out on paper.

Draws belong to a person's key. A person is given the key under which his lasting draws are those that the test
wishes, and the rules then run as they are.
"""

from __future__ import annotations

import importlib
from itertools import count

import numpy as np

from caresim.agents import care
from caresim.agents.checks import check_care
from caresim.agents.people import COLUMNS, ELDER, NOBODY
from caresim.kernel.columns import Column
from caresim.kernel.draws import ODD_A, ODD_B, ODD_C, purpose, uniform
from tests.hamlet import HEALTH, NOW, Hamlet

MASK = (1 << 64) - 1
ABOVE, WINDOW = 2e-6, 1e-4
"""A wished draw is met from just above to so much above: products round down to what is on the paper."""
STATES = (
    ("arrangement", np.uint8, 0),
    ("job", np.uint8, 0),
    ("income", np.int32, -1),
    ("quintile", np.uint8, 0),
    ("volunteer", np.uint8, 0),
    ("member", np.uint8, 0),
    ("unmet", np.uint8, 0),
    ("main_relation", np.uint8, 0),
    ("burden", np.uint16, 0),
)
LINKS = ("pair", "main_carer")
FAMILY_COLUMNS = (
    *COLUMNS,
    *HEALTH,
    *care.COLUMNS,
    *(Column(name, dtype, default, "", name, "test") for name, dtype, default in STATES),
    *(Column(name, np.int32, NOBODY, "row", name, "test", link=True) for name in LINKS),
)
ON_PAPER = {
    "needs": {
        "personal": (0.0, 0.0, 35.0, 130.0),
        "instrumental": (0.0, 35.0, 52.0, 65.0),
        "company": 8.0,
        "supervision": 87.0,
        "supervised_share": 1.0,
        "busy_hours": 40.0,
    },
    "spouse_care": {"hours": 90.0, "share": 0.75},
    "children_care": {
        "main_hours": 150.0,
        "near_hours": 30.0,
        "town_hours": 8.0,
        "away_hours": 0.8,
        "norm_low": 1.0,
        "norm_high": 1.0,
        "daughter_in_law": 0.75,
        "son_in_law": 0.25,
        "job_factor": 0.5,
    },
    "neighbour_care": {
        "hours": 3.0,
        "until_age": 75.0,
        "willing": 1.0,
        "pair_hours": 3.0,
        "home_hours": 2.0,
    },
    "mutual_aid": {"participation": 1.0},
    "burden": {"capacity_effect": 1.0},
}
"""Round figures of the paper, not the defaults; parameters not named here keep their default."""
CASCADE = ("living_arrangement", "needs", "spouse_care", "children_care", "neighbour_care", "unmet_need")
PERSONAL_KEYS = count(1)


def process(name):
    """Return a process by name; imported late, so that one that does not exist fails its own tests only."""
    return importlib.import_module(f"caresim.processes.{name}").PROCESS


class Families(Hamlet):
    """A hamlet with the care cascade, the figures of the paper in force.

    Args:
        changes: figures that a test changes, by process.
    """

    def __init__(self, **changes):
        super().__init__(FAMILY_COLUMNS, NOW)
        self.world.territory.trust[:] = 0.5
        for name, values in ON_PAPER.items():
            self.set(name, **values | changes.get(name, {}))

    def set(self, name, **values):
        """Put a process's parameters into force."""
        declared = process(name).parameters
        figures = {
            key: int(value) if declared.model_fields[key].annotation is int else value
            for key, value in values.items()
        }
        self.world.parameters[name] = declared(**figures)

    def person(self, age, sex, household=NOBODY, disability=0, luck=None, **where):
        """Register a person with a state of health and lasting draws; return the row."""
        row = self.add(age, sex, household, key=self.key(luck or {}), **where)
        if age >= 60:
            self.people["state"][row] |= ELDER
        self.people["disability"][row] = disability
        return row

    def away(self, age, sex, luck=None, **where):
        """Add somebody off the register with lasting draws; return the row."""
        return self.kin(age, sex, key=self.key(luck or {}), **where)

    def key(self, luck):
        """Return a new key under which lasting draws are as wished: a number, then numbers or ranges."""
        return key_with(self.world.draws, luck)

    def month(self, *names):
        """Run a month of the cascade, or the processes named, check the laws and turn to the next month."""
        for name in names or CASCADE:
            process(name).run(self.world)
        check_care(self.world)
        self.world.month += 1

    def left(self, row):
        """Return the minutes of a case left by task: personal, instrumental, company."""
        return self.world.care.left[self._case(row)].tolist()

    def needed(self, row):
        """Return the minutes that a case needs by task."""
        return self.world.care.need[self._case(row)].tolist()

    def gifts(self, receiver):
        """Return the hand-overs to a case: giver -> (relation, where, personal, instrumental, company)."""
        case = self._case(receiver)
        gifts = [gift for gift in self.world.care.hand_overs().tolist() if gift[care.CASE] == case]
        assert len(gifts) == len({gift[care.GIVER] for gift in gifts})
        return {gift[care.GIVER]: tuple(gift[care.RELATION :]) for gift in gifts}

    def of(self, name, *rows):
        """Return a column's values of some people, or what they could have given."""
        people = self.people
        column = self.world.care.capacity(len(people["key"])) if name == "capacity" else people[name]
        return [int(column[row]) for row in rows]

    def _case(self, row):
        return int(np.flatnonzero(self.world.care.rows == row)[0])


def key_with(draws, luck):
    """Return a new key under which a person's lasting draws are as wished: a number, then numbers or ranges."""
    seed = next(PERSONAL_KEYS)
    if not luck:
        return np.uint64(seed)
    (first, value), *others = luck.items()
    stream = int(draws.word(purpose(first), 0))
    lowest = int((value + ABOVE) * 2.0**64) + (seed << 20)
    for step in count():
        key = np.uint64(unmixed(lowest + step) ^ stream)
        if all(_is_drawn(draws, key, name, wish) for name, wish in others):
            assert value < uniform(draws.word(purpose(first), 0), key) < value + WINDOW
            return key


def _is_drawn(draws, key, name, wish):
    low, high = wish if isinstance(wish, tuple) else (wish + ABOVE, wish + WINDOW)
    return low < uniform(draws.word(purpose(name), 0), key) < high


def unmixed(word):
    """Return the 64-bit word that the draws' hash scrambles into this one."""
    word = _unshifted(word & MASK, 31)
    for odd, shift in ((ODD_C, 32), (ODD_B, 27), (ODD_A, 30)):
        word = _unshifted(word * pow(int(odd), -1, 1 << 64) & MASK, shift)
    return word


def _unshifted(word, shift):
    found = word
    for _ in range(64 // shift):
        found = word ^ (found >> shift)
    return found
