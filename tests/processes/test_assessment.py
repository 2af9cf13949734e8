"""What offices know of elders: found with a lasting error, after a wait; and who takes up what is due."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.people import ELDER
from caresim.agents.policy import Policy
from caresim.kernel.draws import Draws, uniform
from caresim.processes.assessment import ERROR, TAKE_UP, assess, assessed_now
from tests.hamlet import Hamlet

MANY = 20_000
KEYS = np.arange(1, MANY + 1, dtype=np.uint64)
WHO = np.arange(MANY)
WORD = Draws(7, 0).word(ERROR, 0)


def found(state, error):
    """Return what is found of many people of one true state."""
    return assessed_now(WHO, np.full(MANY, state, dtype=np.uint8), KEYS, np.full(MANY, error), WORD)


@pytest.mark.parametrize("state", range(4))
def test_without_error_the_true_state_is_found(state):
    assert (found(state, 0.0) == state).all()


@pytest.mark.parametrize(("state", "neighbours"), [(0, {1}), (1, {0, 2}), (2, {1, 3}), (3, {2})])
def test_errors_are_one_state_off_and_as_many_as_declared(state, neighbours):
    """Of 20,000 a share of .08 is wrong, give or take three standard deviations of .0019; up and down by halves."""
    wrong = found(state, 0.08)
    wrong = wrong[wrong != state]
    assert set(wrong.tolist()) == neighbours
    assert len(wrong) / MANY == pytest.approx(0.08, abs=0.006)
    if len(neighbours) == 2:
        assert (wrong > state).mean() == pytest.approx(0.5, abs=0.04)


def test_a_larger_error_keeps_the_errors_of_a_smaller_one():
    small, large = (found(2, error) != 2 for error in (0.08, 0.2))
    assert large[small].all()
    assert large.sum() > small.sum()


class Office(Hamlet):
    """A hamlet of elders whom offices assess, and nothing else."""

    def __init__(self, **rules):
        super().__init__(catalogue.columns())
        self.groups = {name: group() for name, group in catalogue.parameter_groups().items()}
        self.set(**rules)

    def set(self, **rules):
        self.groups["assessment"] = self.groups["assessment"].model_copy(update=rules)
        self.world.enact(dict(self.groups), Policy())

    def elders(self, number, **columns):
        rows = np.array([self.add(75, "f", self.household(), key=k + 1) for k in range(number)])
        self.people["state"][rows] |= ELDER
        for name, value in columns.items():
            self.people[name][rows] = value
        self.world.elders = rows
        return rows

    def months(self, number, row):
        """Let months pass; return what is known of an elder in each."""
        known = []
        for _ in range(number):
            assess(self.world)
            known.append(int(self.people["assessed"][row]))
            self.world.month += 1
        return known


@pytest.mark.parametrize(("wait", "sooner", "known"), [(0, 0.0, [2, 2, 2, 2]), (2, 0.0, [0, 0, 2, 2]),
                                                        (2, 1.0, [0, 2, 2, 2]), (2, 5.0, [2, 2, 2, 2])])  # fmt: skip
def test_a_change_is_known_after_the_wait(wait, sooner, known):
    office = Office(wait=wait, sooner=sooner, error=0.0)
    (row,) = office.elders(1, disability=2)
    assert office.months(4, row) == known


def test_whoever_recovers_while_waiting_waits_no_more():
    office = Office(wait=2, error=0.0)
    (row,) = office.elders(1, disability=2)
    office.months(1, row)
    office.people["disability"][row] = 0
    assert office.months(1, row) == [0]
    assert office.people["assessment_wait"][row] == 0
    office.people["disability"][row] = 2
    assert office.months(3, row) == [0, 0, 2]


def test_a_verdict_lasts_as_long_as_the_state_does():
    office = Office(wait=0, error=1.0)
    (row,) = office.elders(1, disability=2)
    known = office.months(24, row)
    assert set(known) in ({1}, {3})


def test_raising_take_up_only_adds_people():
    """Who takes up is who has a lasting draw below the share, whichever shares were in force before."""
    office = Office(error=0.0)
    rows = office.elders(2000)
    word, before = office.world.draws.word(TAKE_UP, 0), np.zeros(2000, dtype=bool)
    luck = np.array([uniform(word, key) for key in office.people["key"][rows]])
    for share in (0.0, 0.1, 0.65, 0.6525, 0.95, 1.0):
        office.set(take_up=share)
        assess(office.world)
        now = office.people["takes_up"][rows] != 0
        assert (now == (luck < share)).all()
        assert now[before].all()
        before = now
    assert before.all()


@pytest.mark.parametrize("helped", [{"client": 1}, {"scheme": 128}])
def test_clients_and_elders_with_a_scheme_take_up_what_is_due(helped):
    office = Office(take_up=0.0)
    rows = office.elders(3)
    for name, value in helped.items():
        office.people[name][rows[1]] = value
    assess(office.world)
    assert office.people["takes_up"][rows].tolist() == [0, 1, 0]
