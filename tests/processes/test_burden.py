"""The burden of carers, month by month, on paper."""

import numpy as np
import pytest

from caresim.agents import care
from caresim.agents.people import ALIVE, OUTSIDE
from tests.families import Families, process


def carer_of(state, given, bought=0, luck=0.5, **changes):
    """Return a family in which a daughter of 45 has given these minutes to her mother in a state."""
    family = Families()
    family.set("burden", **changes)
    home = family.household()
    mother = family.person(80, "f", home, disability=state)
    daughter = family.person(45, "f", home, luck={"burden.person": luck}, mother=mother)
    hand_over(family, [(daughter, mother, care.DAUGHTER, given)], bought)
    return family, daughter


def hand_over(family, gifts, bought=0):
    """Open the month's book with these gifts: giver, receiver, relation, minutes."""
    people, book = family.people, family.world.care
    rows = np.unique([receiver for _, receiver, *_ in gifts])
    book.open(rows, np.full((len(rows), 3), 30_000, dtype=np.int32))
    people["given"][:] = 0
    for giver, receiver, relation, minutes in gifts:
        people["given"][giver] += minutes
        case = int(np.searchsorted(rows, receiver))
        book.n_gifts += care.hand_over(book.gifts, book.n_gifts, giver, case, relation, care.SAME_HOME, minutes, 0,
                                       2, book.left, book.received) > 0  # fmt: skip
    if bought:
        care.hand_over(book.gifts, book.n_gifts, -1, 0, care.CARE_WORKER, care.SAME_VILLAGE, bought, 0, 1, book.left,
                       book.received)  # fmt: skip
        book.n_gifts += 1


def month_of(family):
    process("burden").run(family.world)


def test_a_tenth_of_the_way_a_month():
    # 60 h for state 3: 10 + .15 x 60 + 5 x 3 = 34 points; e is the quantile of just above a half, about nothing.
    family, daughter = carer_of(3, 60 * 60)
    month_of(family)
    assert family.of("burden", daughter) == [340]
    month_of(family)
    assert family.of("burden", daughter) == [340 + 306]
    family.people["given"][:] = 0
    month_of(family)
    assert family.of("burden", daughter) == [581]  # 646 - 64.6


def test_less_than_four_hours_are_no_burden():
    family, daughter = carer_of(3, 4 * 60 - 1)
    month_of(family)
    assert family.of("burden", daughter) == [0]
    family, daughter = carer_of(0, 4 * 60)
    month_of(family)
    assert family.of("burden", daughter) == [106]


def test_who_helps_others_than_the_family_is_no_carer_and_their_states_weigh_on_nobody():
    # 60 h for the family in state 1: 10 + .15 x 60 + 5 = 24 points, whatever else she does for a neighbour in state 3.
    family, daughter = carer_of(1, 60 * 60, speed=1.0)
    mother, stranger = (family.person(80, "f", family.household(), disability=state) for state in (1, 3))
    helper = family.person(50, "f", family.household())
    family.people["mother"][daughter] = mother
    gifts = [(daughter, mother, care.DAUGHTER, 3600), (daughter, stranger, care.VOLUNTEER, 900),
             (helper, stranger, care.NEIGHBOUR, 3000)]  # fmt: skip
    hand_over(family, gifts, bought=0)
    month_of(family)
    assert family.of("burden", daughter, helper) == [24_00, 0]
    assert family.world.care.employment_lost == 0.0


def test_persons_differ_for_life():
    # The 97.725th percentile is two standard deviations: 34 + 30 = 64; at the 2.275th 34 - 30 = 4.
    for luck, found in ((0.97725, 640), (0.02275, 40)):
        family, daughter = carer_of(3, 60 * 60, luck=luck)
        month_of(family)
        assert family.of("burden", daughter)[0] == pytest.approx(found, abs=1)


def test_burden_stays_within_the_interview():
    for spread, luck, found in ((44.0, 0.999, 88_00), (44.0, 0.001, 0)):
        family, daughter = carer_of(3, 60 * 60, luck=luck, spread=spread, speed=1.0)
        month_of(family)
        assert family.of("burden", daughter) == [found]


def test_a_job_beside_forty_hours_weighs_and_suffers():
    family, daughter = carer_of(3, 60 * 60, speed=1.0)
    family.people["job"][daughter] = 1
    month_of(family)
    assert family.of("burden", daughter) == [40_00]
    assert family.world.care.employment_lost == (60 - 40) / 160
    family, daughter = carer_of(3, 39 * 60, speed=1.0)
    family.people["job"][daughter] = 1
    month_of(family)
    assert family.world.care.employment_lost == 0
    assert family.of("burden", daughter) == [30_85]


def test_bought_care_relieves_once_for_each_case():
    # 20 h bought beside 60 h of one's own: 7 x 20/80 = 1.75 points less than 34, though given in two turns.
    family, daughter = carer_of(3, 60 * 60, bought=20 * 60, speed=1.0)
    month_of(family)
    assert family.of("burden", daughter) == [32_25]
    family, daughter = carer_of(3, 60 * 60, speed=1.0)
    mother = int(family.people["mother"][daughter])
    hand_over(family, [(daughter, mother, care.DAUGHTER, 3000), (daughter, mother, care.DAUGHTER, 600)], 1200)
    month_of(family)
    assert family.of("burden", daughter) == [32_25]


def test_the_worst_state_of_several_counts():
    family, daughter = carer_of(1, 600, speed=1.0)
    mother = int(family.people["mother"][daughter])
    other = family.person(82, "f", family.household(), disability=2)
    hand_over(family, [(daughter, mother, care.DAUGHTER, 600), (daughter, other, care.DAUGHTER_IN_LAW, 600)])
    month_of(family)
    assert family.of("burden", daughter) == [10_00 + 3_00 + 10_00]


def test_kin_off_the_register_have_no_burden_and_the_dead_lose_theirs():
    family, daughter = carer_of(3, 60 * 60)
    mother = int(family.people["mother"][daughter])
    son = family.away(40, "m", mother=mother, place=OUTSIDE)
    hand_over(family, [(daughter, mother, care.DAUGHTER, 600), (son, mother, care.SON, 600)])
    month_of(family)
    assert family.of("burden", daughter)[0] > 0
    family.people["state"][daughter] &= ~np.uint8(ALIVE)
    month_of(family)
    assert family.of("burden", daughter) == [0]
