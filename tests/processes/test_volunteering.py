"""Volunteers: who registers, who is active, and whom they serve, on paper.

Statistical tests allow five standard errors: each errs once in 1.7 million worlds, and the world is a fixed one.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import betaln

from caresim.agents.care import COUNTY, SAME_VILLAGE, VOLUNTEER
from caresim.agents.people import INSTITUTION, TOWN
from caresim.kernel.clock import month_number
from caresim.kernel.draws import purpose, uniform
from tests.families import Families, process

ERRORS = 5.0
JANUARY = month_number("2021-01")
KEEN = {"volunteering.propensity": 0.99}
"""With shapes 20 and .05 people with this draw are active in every month."""
ALWAYS = {"propensity_a": 20.0, "propensity_b": 0.05}


class Village(Families):
    """Volunteers, and elders with a book of care written by hand.

    At 2 h a month and the draw v a volunteer offers floor(120 (.5 + v)) minutes.
    """

    def __init__(self, open_bank=False, **changes):
        super().__init__()
        self.set(
            "volunteering",
            **{"hours": 2.0, "most_hours": 10.0, "reach": 0.0, "retention": 1.0} | ALWAYS | changes,
        )
        self.set("time_bank", open=open_bank)
        self.needs = {}

    def needy(self, *minutes, household=None, **where):
        row = self.person(85, "f", self.household() if household is None else household, 2, **where)
        self.needs[row] = minutes
        return row

    def volunteer(self, age=50, household=None, luck=KEEN, **where):
        row = self.person(age, "f", self.household() if household is None else household, luck=luck, **where)
        self.people["volunteer"][row] = 1
        return row

    def offer(self, row):
        """Return the minutes that a volunteer offers this month."""
        stream = self.world.draws.word(purpose("volunteering.time"), self.world.month)
        return int(60.0 * 2.0 * (0.5 + uniform(stream, self.people["key"][row])))

    def by_turn(self, name, rows):
        """Return rows in the order of a draw of this month."""
        stream = self.world.draws.word(purpose(name), self.world.month)
        return sorted(rows, key=lambda row: uniform(stream, self.people["key"][row]))

    def serve(self):
        self.open_book()
        self.month("volunteering")

    def open_book(self):
        need = np.array(list(self.needs.values()), dtype=np.int32).reshape(-1, 3)
        self.world.care.open(np.array(list(self.needs), dtype=np.int64), need)
        self.people["need"][list(self.needs)] = need.sum(axis=1)


def far_off(found, n, share):
    """Return how many standard errors a count is away from a share of n."""
    return abs(found - n * share) / math.sqrt(n * share * (1 - share))


# --- who registers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "joins"), [(44 + 11 / 12, 0), (45, 1), (77 + 11 / 12, 1), (78, 0)])
def test_ages_at_which_people_register(age, joins):
    village = Village(registration=1.0)
    row = village.person(50, "m", village.household())
    village.people["born"][row] = village.world.month - round(12 * age)
    process("volunteering").begin(village.world)
    assert village.of("volunteer", row) == [joins]


@pytest.mark.parametrize("why", ["disability", "dementia", "absent", "in a home", "dead"])
def test_who_cannot_register_or_has_to_stop(why):
    village = Village(registration=1.0)
    row, other = village.volunteer(), village.volunteer()
    if why in ("disability", "dementia"):
        village.people[why][row] = 1
    elif why == "absent":
        village.people.leave(np.array([row]), np.array([TOWN], dtype=np.uint8))
    elif why == "in a home":
        village.people["place"][row] = INSTITUTION
    else:
        village.people.die(np.array([row]))
    process("volunteering").begin(village.world)
    assert village.of("volunteer", row, other) == [0, 1]


def test_a_volunteer_who_moves_into_a_care_home_serves_nobody():
    village = Village()
    elder, helper = village.needy(0, 600, 0), village.volunteer(70)
    village.people["place"][helper] = INSTITUTION
    village.serve()
    assert village.gifts(elder) == {}
    assert village.of("given", helper) == village.of("capacity", helper) == [0]


def test_people_register_in_january_only():
    village = Village(registration=1.0)
    row = village.person(50, "m", village.household())
    village.serve()
    assert village.of("volunteer", row) == [0]
    village.world.month = JANUARY
    village.serve()
    assert village.of("volunteer", row) == [1]
    village.set("volunteering", registration=0.0)
    village.serve()
    assert village.of("volunteer", row) == [1]


def test_the_share_that_registers_and_that_more_registration_only_adds():
    village = Village(registration=0.2)
    for _ in range(5000):
        village.person(60, "f", village.household())
    process("volunteering").begin(village.world)
    few = village.people["volunteer"][: village.people.n].copy()
    assert far_off(few.sum(), 5000, 0.2) < ERRORS
    village.set("volunteering", registration=0.5, retention=1.0)
    process("volunteering").begin(village.world)
    many = village.people["volunteer"][: village.people.n]
    assert far_off(many.sum(), 5000, 0.5) < ERRORS
    assert np.all(many >= few)


# --- who is active ------------------------------------------------------------------------------------------


def test_some_rest_for_a_year_and_some_of_these_come_back():
    """Of 2,000 about .2 rest each year; whether somebody rests does not depend on the year before."""
    village = Village(registration=1.0, retention=0.8)
    rows = [village.person(50, "f") for _ in range(2000)]
    years = []
    for year in range(2):
        village.world.month = JANUARY + 12 * year
        process("volunteering").begin(village.world)
        years.append(np.array(village.of("volunteer", *rows)))
    assert far_off(years[0].sum(), 2000, 0.8) < ERRORS
    assert far_off((years[1] & (1 - years[0])).sum(), 2000, 0.16) < ERRORS


def test_a_small_core_is_active_most_of_the_time():
    """By a Beta(.3, 2.7) a tenth is active in a month, and 1 - B(.3, 14.7)/B(.3, 2.7) = 42 % once in a year."""
    village = Village(propensity_a=0.3, propensity_b=2.7)
    rows = [village.volunteer(luck=None) for _ in range(4000)]
    months = []
    for _ in range(12):
        village.world.care.n_limits = 0
        village.world.month += village.world.month % 12 == 0  # nobody registers anew
        village.serve()
        months.append(np.array(village.of("capacity", *rows)) > 0)
        assert far_off(months[-1].sum(), 4000, 0.1) < ERRORS
    ever = 1 - math.exp(betaln(0.3, 2.7 + 12) - betaln(0.3, 2.7))
    assert far_off(np.any(months, axis=0).sum(), 4000, ever) < ERRORS


def test_an_active_volunteer_could_have_given_what_nobody_asked_for():
    village = Village()
    row = village.volunteer()
    offer = village.offer(row)
    village.serve()
    assert village.of("capacity", row) == [offer]
    assert village.of("given", row) == [0]


def ill(village, row):
    village.people["disability"][row] = 1


def demented(village, row):
    village.people["dementia"][row] = 1


def away(village, row):
    village.people.leave(np.array([row]), np.array([TOWN], dtype=np.uint8))


def busy(village, row):
    village.people["given"][row] = 2400


def not_registered(village, row):
    village.people["volunteer"][row] = 0


@pytest.mark.parametrize("reason", [ill, demented, away, busy, not_registered])
def test_who_is_not_active(reason):
    village = Village()
    village.needy(0, 500, 0)
    row = village.volunteer()
    reason(village, row)
    village.open_book()
    process("volunteering").run(village.world)
    assert village.of("capacity", row) == [0]
    assert village.world.care.n_gifts == 0


@pytest.mark.parametrize("is_open", [True, False])
def test_members_of_the_time_bank_serve_there_while_it_is_open(is_open):
    village = Village(open_bank=is_open)
    village.needy(0, 500, 0)
    row = village.volunteer()
    village.people["member"][row] = 1
    village.serve()
    assert village.world.care.n_gifts == (not is_open)


def test_a_member_who_has_come_to_where_there_is_no_bank_volunteers_at_once():
    village = Village(open_bank=True)
    village.set("time_bank", open=True, rollout=0.5)
    where = village.world.only_in(0.5)
    assert where.tolist() == [False, True]
    for number in range(2):
        village.needy(0, 500, 0, village=number)
        row = village.volunteer(village=number)
        village.people["member"][row] = 1
    village.serve()
    givers = village.world.care.gifts["giver"][: village.world.care.n_gifts]
    assert village.people["village"][givers].tolist() == [0]


# --- whom they serve ----------------------------------------------------------------------------------------


def test_a_helper_is_split_over_two_requests():
    """Of at least 60 minutes the first takes 40; the second the rest, which is less than the 500 that she wishes."""
    village = Village()
    first, second = village.by_turn("volunteering.ask", [village.needy(0, 40, 0), village.needy(0, 40, 0)])
    village.needs[second] = (0, 500, 0)
    row = village.volunteer()
    offer = village.offer(row)
    village.serve()
    assert village.gifts(first) == {row: (VOLUNTEER, SAME_VILLAGE, 0, 40, 0)}
    assert village.gifts(second) == {row: (VOLUNTEER, SAME_VILLAGE, 0, offer - 40, 0)}
    assert village.of("given", row) == village.of("capacity", row) == [offer]


def test_a_request_takes_volunteers_in_their_turn_until_the_wish_is_met():
    """The wish is 300 minutes of 1000; each volunteer has at most 180."""
    village = Village(most_hours=5.0)
    case = village.needy(700, 1000, 0)
    rows = village.by_turn("volunteering.active", [village.volunteer() for _ in range(6)])
    left, paper = 300, {}
    for row in rows:
        if left > 0:
            minutes = min(left, village.offer(row))
            paper[row] = (VOLUNTEER, SAME_VILLAGE, 0, minutes, 0)
            left -= minutes
    village.serve()
    assert left == 0
    assert 2 <= len(paper) < 6
    assert village.gifts(case) == paper
    assert village.left(case) == [700, 700, 0]


def test_who_needs_personal_care_only_asks_no_volunteer():
    village = Village()
    case = village.needy(700, 0, 0)
    village.volunteer()
    village.serve()
    assert village.gifts(case) == {}


def test_nobody_serves_at_home():
    village = Village()
    home = village.household()
    case = village.needy(0, 500, 0, household=home)
    village.volunteer(household=home)
    village.serve()
    assert village.gifts(case) == {}


@pytest.mark.parametrize(("reach", "served"), [(0.0, False), (4.9, False), (5.0, True)])
def test_volunteers_go_as_far_as_their_reach_in_the_township(reach, served):
    village = Village(reach=reach)
    territory = village.world.territory
    territory.township[:] = 0
    territory.x, territory.y = (np.array([0.0, km], dtype=np.float32) for km in (3.0, 4.0))
    case = village.needy(0, 500, 0, village=0)
    row = village.volunteer(village=1)
    village.serve()
    given = {row: (VOLUNTEER, COUNTY, 0, village.of("capacity", row)[0], 0)}
    assert village.gifts(case) == (given if served else {})


def test_two_townships_do_not_help_one_another():
    village = Village(reach=100.0)
    case = village.needy(0, 500, 0, village=0)
    village.volunteer(village=1)
    village.serve()
    assert village.gifts(case) == {}
