"""Every process says what it reads and writes: all that it takes from people, villages and parameters, and changes.

A small place lives for some months with every measure on. While a process runs, the tables note which columns are taken
from them; before and after it they are compared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from caresim import CareModel, catalogue
from caresim.agents.people import People
from caresim.agents.place import Territory
from caresim.agents.world import World
from caresim.scenario import Scenario
from caresim.schedule import MONTH, in_order
from tests.villages import FRAIL, NEEDY, NEIGHBOURLY, RESTLESS, together

MONTHS = 24
ROOM = 900
"""Rows for people who are born or come, so that none of them has to move meanwhile."""
VILLAGE = "trust", "home", "stigma", "rural"
"""What changes in villages."""
LEVERS = {
    (one.sets, one.replaced(name))
    for one in catalogue.instruments().values()
    for name in one.parameters.model_fields
}
"""Parameters that measures set, by group and name."""
ALL_ON = {
    "pension": {"minimum": 900.0},
    "budget": {"ceiling": {"2020-01": 3000.0, "2021-01": 90.0}, "allow_deficit": True, "dementia": 0.5,
               "childless": 0.5, "yearly": True},
    "care_workers": {"certified_target": 200.0},
    "long_term_care_insurance": {"hours": 4.0, "from_state": 2},
    "medical_care": {"level": 0.3},
    "public_homes": {"least": 1},
    "time_bank": {"open": True, "registration": 0.15, "endowment": 5.0, "backstop": 0.5, "gifts": True, "digital": 0.5},
    "social_workers": {"per_10000": 100.0, "linking": 0.9},
    "township_centres": {"share": 1.0, "social_workers": 1.0, "medical_link": 0.0},
}  # fmt: skip
"""Measures of which more is on than what they are known by."""
EAGER = {
    "homes": {"stigma_learning": 0.5},
    "assessment": {"wait": 8},
    "social_work": {"smallest": 2, "patience": 12},
    "urbanisation": {"reclassified_share": 0.5, "rate_year": 0.5},
}
"""What hardly shows otherwise."""
HANDED_ON = {
    "formal_care": {"entitled"},  # the queue of those who are entitled
    "visits": {"arrangement", "linked", "village"},  # whose visit is due: government has claimed for it
    "home_upkeep": {"village"},  # elders by village
    "unmet_need": {"given"},  # the book of care
    "loneliness": {"place"},  # who lives in a home
    "homes": {"place"},
}
"""What others worked out of a column this month and handed on, besides `need`, which the book of care keeps."""
AT_THE_START = {
    ("functional_decline", "parameters.mortality"),
    ("dementia", "parameters.mortality"),
}
"""What a process reads when it begins only."""
AS_NEW_ROWS_HAVE_IT = {("newcomers", "place")}
"""What is written that each new row has anyway."""


class Noting(dict):
    """A table that tells which of its columns is taken."""

    def __init__(self, columns, take, kind=""):
        super().__init__(columns)
        self.take, self.kind = take, kind

    def __getitem__(self, name):
        self.take(self.kind + name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.take(self.kind + name)
        return super().get(name, default)


class Log:
    """What each process takes and changes, by its name."""

    def __init__(self):
        self.taken, self.changed, self.now = defaultdict(set), defaultdict(set), None
        self.beyond = defaultdict(set)

    def take(self, name):
        if self.now is not None:
            self.taken[self.now].add(name)

    def watch(self, world):
        """Let the tables of a world note here what is taken from them."""
        log, people = self, world.people

        class NotingPeople(People):
            arrays = property(
                lambda self: self.noting, lambda self, new: setattr(self, "noting", Noting(new, log.take))
            )

        class NotingWorld(World):
            parameters = property(
                lambda self: self.noting,
                lambda self, new: setattr(self, "noting", Noting(new, log.take, "parameters.")),
            )

        class NotingTerritory(Territory):
            def __getattribute__(self, name):
                if name in VILLAGE:
                    log.take(f"village.{name}")
                return super().__getattribute__(name)

        for table, kind, column in ((people, NotingPeople, "arrays"), (world, NotingWorld, "parameters")):
            known = table.__dict__.pop(column)
            table.__class__ = kind
            setattr(table, column, known)
        world.territory.__class__ = NotingTerritory

    def run(self, process, world):
        """Let a process run, and note what it takes and changes."""
        before, generation = state_of(world), world.people.generation
        self.now = process.name
        process.run(world)
        self.now = None
        assert world.people.generation == generation, "rows have moved"
        self.changed[process.name] |= {
            name for name, now in state_of(world).items() if (now != before[name]).any()
        }
        self.beyond[process.name] |= {
            name
            for name in self.changed[process.name] & set(RANGES)
            if beyond(world.people[name], RANGES[name])
        }


RANGES = {column.name: column.range for column in catalogue.columns()}


def beyond(values, ends):
    """Tell whether any value lies outside a range."""
    return bool(((values < ends[0]) | (values > ends[1])).any())


def state_of(world):
    """Return a copy of all that changes in people and villages, by name."""
    villages = {f"village.{name}": getattr(world.territory, name).copy() for name in VILLAGE}
    return villages | {name: column.copy() for name, column in world.people.arrays.items()}


def all_measures():
    """Return every measure as strong as it declares, some in half of the townships."""
    measures = {
        name: one.off() | one.moves.levers | ALL_ON.get(name, {})
        for name, one in catalogue.instruments().items()
    }
    for name in ("source_order", "time_bank", "time_bank_inheritance"):
        measures[name]["rollout"] = {"2020-01": 1.0, "2021-01": 0.5}
    return measures


@pytest.fixture(scope="module")
def log():
    """What was taken and changed in some months with every measure on."""
    strong = together(FRAIL, NEEDY, NEIGHBOURLY, RESTLESS, EAGER)
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", seed=5, residents=1500, townships=2, villages=6, months=MONTHS,
        mixes={"all": {"extends": "no_policy", "instruments": all_measures()}},
        parameters={
            group: {name: value for name, value in values.items() if (group, name) not in LEVERS}
            for group, values in strong.items()
        },
    )  # fmt: skip
    world = CareModel(scenario, "all", collect=False).world
    world.people.widen()
    world.people.make_room(registered=ROOM, kin=ROOM)
    noted = Log()
    noted.watch(world)
    watched = tuple(
        replace(process, run=lambda world, process=process: noted.run(process, world)) for process in MONTH
    )
    for month in range(scenario.start, scenario.start + MONTHS):
        world.open_month(month, scenario.parameters_at(month, "all"), scenario.policy_at(month, "all"))
        for process in in_order(world, watched):
            process.run(world)
    return noted


def every_process(test):
    return pytest.mark.parametrize("process", MONTH, ids=lambda process: process.name)(test)


@every_process
def test_a_process_changes_only_what_it_says_it_writes(log, process):
    assert log.changed[process.name] <= set(process.writes)


@every_process
def test_a_process_changes_all_that_it_says_it_writes(log, process):
    unchanged = set(process.writes) - log.changed[process.name]
    assert {(process.name, name) for name in unchanged} <= AS_NEW_ROWS_HAVE_IT


@every_process
def test_a_process_takes_only_what_it_says_it_reads_or_writes(log, process):
    own = f"parameters.{process.name}"
    assert log.taken[process.name] <= {*process.reads, *process.writes, own}


@every_process
def test_a_process_takes_all_that_it_says_it_reads(log, process):
    elsewhere = HANDED_ON.get(process.name, set()) | {"need"}
    left = set(process.reads) - log.taken[process.name] - elsewhere
    assert {(process.name, name) for name in left} <= AT_THE_START


@every_process
def test_a_process_leaves_columns_in_their_ranges(log, process):
    assert log.beyond[process.name] == set()


@every_process
def test_what_is_declared_exists(process):
    known = {
        *(column.name for column in catalogue.columns()),
        *(f"village.{name}" for name in VILLAGE),
        *(f"parameters.{group}" for group in catalogue.parameter_groups()),
    }
    for names in (process.reads, process.writes):
        assert len(names) == len(set(names))
        assert set(names) <= known
