"""Jobs: who has one, from when to when, and how many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.agents.people import TOWN
from caresim.kernel.clock import month_number
from tests.families import Families, process

JANUARY = month_number("2021-01")


def hamlet(**shares):
    village = Families()
    village.set("employment", **{"share_men": 1.0, "share_women": 1.0} | shares)
    return village


@pytest.mark.parametrize(
    ("age", "job"), [(17 + 11 / 12, 0), (18, 1), (59 + 11 / 12, 1), (60, 0)]
)  # fmt: skip
def test_people_work_from_18_to_59(age, job):
    village = hamlet()
    row = village.add(40, "m")
    village.people["born"][row] = village.world.month - round(12 * age)
    process("employment").begin(village.world)
    assert village.of("job", row) == [job]


def test_the_absent_work_and_those_off_the_register_do_not_count():
    village = hamlet()
    rows = [village.add(40, "f", village.household()) for _ in range(3)]
    town = np.array([TOWN], dtype=np.uint8)
    village.people.leave(np.array(rows[:1]), town)
    village.people.deregister(np.array(rows[1:2]), town)
    village.people["job"][rows] = 1
    process("employment").begin(village.world)
    assert village.of("job", *rows) == [1, 0, 1]


def test_jobs_are_settled_in_january():
    village = hamlet()
    row = village.add(40, "f")
    village.month("employment")
    assert village.of("job", row) == [0]
    village.world.month = JANUARY
    village.month("employment")
    assert village.of("job", row) == [1]


def test_the_share_of_men_and_of_women_and_that_more_jobs_take_nobodys_job():
    """Five standard errors: wrong once in 1.7 million worlds for each sex and share."""
    village = hamlet(share_men=0.4, share_women=0.2)
    men, women = ([village.add(40, sex) for _ in range(3000)] for sex in "mf")
    process("employment").begin(village.world)
    before = village.people["job"][: village.people.n].copy()
    for rows, share in ((men, 0.4), (women, 0.2)):
        assert abs(before[rows].sum() - 3000 * share) < 5 * math.sqrt(3000 * share * (1 - share))
    village.set("employment", share_men=0.6, share_women=0.3)
    process("employment").begin(village.world)
    after = village.people["job"][: village.people.n]
    assert np.all(after >= before)
    for rows, share in ((men, 0.6), (women, 0.3)):
        assert abs(after[rows].sum() - 3000 * share) < 5 * math.sqrt(3000 * share * (1 - share))
