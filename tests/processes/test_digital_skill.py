"""Who can use digital services: by year of birth, by learning in a group; and what hangs on it."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.digital import CAN, CANNOT, LEARNED, skill_of, using_shares
from caresim.agents.social_work import CREDIT_BITS, GROUP_WORK, INTERVENTION, WHOLE
from caresim.processes import digital_skill, entitled_care
from caresim.processes.digital_skill import DigitalSkill
from tests.hamlet import Hamlet

FULL_CREDIT = WHOLE | (2 * WHOLE) << CREDIT_BITS


class Town(Hamlet):
    """Elders in two villages of a township, of whom nobody is known to use digital services yet."""

    def __init__(self, *ages, **rules):
        super().__init__(catalogue.columns())
        world, groups = self.world, catalogue.parameter_groups()
        world.parameters = {name: group() for name, group in groups.items()}
        world.parameters["digital_skill"] = DigitalSkill(**rules)
        world.elders = np.array([self.add(age, "f", self.household()) for age in ages])

    def month(self):
        """Let a month pass; return what the elders can."""
        digital_skill.note_skill(self.world)
        self.world.month += 1
        return self.skills()

    def skills(self):
        return self.people["digital_skill"][self.world.elders].tolist()


def test_younger_cohorts_can_more_often():
    """In 2020 the 60-year-old were born in 1960: .35; those of 80 in 1940: .35 - 20 x .015 = .05.

    4000 draws each, 4 standard errors of .0034 and .0075; a false alarm in one of 8,000 runs.
    """
    town = Town(*[60] * 4000, *[80] * 4000, at_sixty=0.35, by_cohort=0.015)
    found = np.array(town.month()) == CAN
    born = town.people["born"][town.world.elders]
    expected = 0.35 + 0.015 / 12 * (born - digital_skill.SIXTY_IN_2020)
    for group in (slice(0, 4000), slice(4000, 8000)):
        mean = expected[group].mean()
        assert found[group].mean() == pytest.approx(mean, abs=4 * np.sqrt(mean * (1 - mean) / 4000))


def test_what_somebody_can_stays_when_the_assumption_changes():
    town = Town(*[65] * 50, at_sixty=0.5, by_cohort=0.0)
    before = town.month()
    assert {CAN, CANNOT} == set(before)
    town.world.parameters["digital_skill"] = DigitalSkill(at_sixty=1.0, by_cohort=0.0)
    assert town.month() == before


@pytest.mark.parametrize(
    ("client", "sessions", "after"),
    [
        (INTERVENTION | GROUP_WORK, FULL_CREDIT, LEARNED),
        (INTERVENTION | GROUP_WORK, WHOLE, CANNOT),  # came to no session
        (INTERVENTION | GROUP_WORK, FULL_CREDIT - 1, CANNOT),  # the last session is to come
        (INTERVENTION, FULL_CREDIT, CANNOT),  # case work
    ],
)
def test_members_learn_at_the_end_of_a_group(client, sessions, after):
    town = Town(75, 75, at_sixty=0.0, by_cohort=0.0, learned=1.0)
    town.world.station.in_use = True
    town.people["client"][town.world.elders[0]] = client
    town.people["sessions"][town.world.elders[0]] = sessions
    assert town.month() == [after, CANNOT]
    town.people["client"][:] = 0
    assert town.month() == [after, CANNOT]


def test_only_elders_who_use_the_platform_save_workers_time():
    """Two of four can, half of the others are helped: .75 of a gain of .2."""
    town = Town(65, 65, 65, 65, helped=0.5)
    town.people["digital_skill"][town.world.elders] = [CAN, LEARNED, CANNOT, CANNOT]
    world = town.world
    users = np.zeros(2)
    using_shares(world.elders, *skill_of(world), town.people["village"], np.array([0, 1]), users)
    assert users.tolist() == [0.75, 0.0]
    world.local = {"workforce.platform": np.zeros(2)}
    entitled_care.open_workers(world)
    before = world.workforce.capacity.copy()
    world.local = {"workforce.platform": np.full(2, 0.2)}
    entitled_care.open_workers(world)
    assert before.sum() > 0
    assert world.workforce.capacity == pytest.approx(before * 1.15, abs=1)
