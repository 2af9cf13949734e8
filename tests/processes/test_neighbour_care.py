"""Homes, pairs and neighbours on paper; the book is filled by hand, so that nothing but their rules is at work.

A neighbour gives 3 h x trust .5 = 90 minutes, a partner 3 h = 180, a member of a home 2 h = 120.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.agents.care import ALONE, NEIGHBOUR, PAIR, PEER, SAME_HOME, SAME_VILLAGE
from caresim.agents.people import INSTITUTION, NOBODY
from caresim.kernel.draws import purpose, uniform
from tests.families import Families, process


class Street(Families):
    """Elders with a book of care written by hand."""

    def __init__(self, **changes):
        super().__init__(**changes)
        self.needs = {}

    def needy(self, *minutes, household=None, **where):
        """Add an elder in state 1 with a case; return the row."""
        household = self.household() if household is None else household
        row = self.person(85, "f", household, 1, **where)
        self.needs[row] = minutes
        return row

    def neighbour(self, household=None, **where):
        """Add a healthy elder of 70 without a case; return the row."""
        return self.person(70, "m", self.household() if household is None else household, **where)

    def lend_a_hand(self):
        self.open_book()
        self.month("neighbour_care")

    def open_book(self):
        self.world.elders = np.flatnonzero(self.world.month - self.people["born"][: self.people.n] >= 720)
        need = np.array(list(self.needs.values()), dtype=np.int32).reshape(-1, 3)
        self.world.care.open(np.array(list(self.needs), dtype=np.int64), need)
        self.people["need"][list(self.needs)] = need.sum(axis=1)

    def by_turn(self, name, rows):
        """Return rows in the order of a draw of this month."""
        stream = self.world.draws.word(purpose(name), self.world.month)
        return sorted(rows, key=lambda row: uniform(stream, self.people["key"][row]))


# --- neighbours ---------------------------------------------------------------------------------------------


def test_with_more_cases_than_neighbours_those_go_without_whose_turn_comes_last():
    street = Street()
    needy = street.by_turn("neighbour_care.ask", [street.needy(0, 500, 0) for _ in range(5)])
    willing = street.by_turn("neighbour_care.offer", [street.neighbour() for _ in range(3)])
    street.lend_a_hand()
    gift = (NEIGHBOUR, SAME_VILLAGE, 0, 90, 0)
    assert [street.gifts(row) for row in needy] == [{giver: gift} for giver in willing] + [{}, {}]
    assert street.of("given", *willing) == street.of("capacity", *willing) == [90, 90, 90]


def test_with_more_neighbours_than_cases_one_helps_each():
    street = Street()
    needy = street.by_turn("neighbour_care.ask", [street.needy(0, 500, 0) for _ in range(2)])
    willing = street.by_turn("neighbour_care.offer", [street.neighbour() for _ in range(4)])
    street.lend_a_hand()
    assert [list(street.gifts(row)) for row in needy] == [[willing[0]], [willing[1]]]
    assert street.of("capacity", *willing) == [90, 90, 0, 0]


def test_villages_help_their_own():
    street = Street()
    needy = [street.needy(0, 500, 0, village=0), street.needy(0, 500, 0, village=1)]
    there = street.neighbour(village=1)
    street.lend_a_hand()
    assert [list(street.gifts(row)) for row in needy] == [[], [there]]


def test_help_in_the_house_comes_before_company_and_what_is_not_needed_is_not_given():
    street = Street()
    row = street.needy(700, 60, 20)
    neighbour = street.neighbour()
    street.lend_a_hand()
    assert street.gifts(row) == {neighbour: (NEIGHBOUR, SAME_VILLAGE, 0, 60, 20)}
    assert street.left(row) == [700, 0, 0]
    assert street.of("given", neighbour) == [80]
    assert street.of("capacity", neighbour) == [90]


def test_a_case_with_nothing_but_personal_care_left_does_not_take_a_neighbour_from_another():
    street = Street()
    personal = [street.needy(700, 0, 0) for _ in range(6)]
    other = street.needy(0, 0, 50)
    neighbour = street.neighbour()
    street.lend_a_hand()
    assert [street.gifts(row) for row in personal] == [{}] * 6
    assert street.gifts(other) == {neighbour: (NEIGHBOUR, SAME_VILLAGE, 0, 0, 50)}


def test_who_has_a_case_at_home_with_anything_left_has_no_hand_free():
    """The neighbour's wife needs personal care only; once it is all done, he helps next door."""
    for undone, gifts in ((10, 0), (0, 1)):
        street = Street()
        home = street.household()
        street.needy(undone, 0, 0, household=home)
        row = street.needy(0, 500, 0)
        street.neighbour(household=home)
        street.lend_a_hand()
        assert len(street.gifts(row)) == gifts


@pytest.mark.parametrize(
    ("column", "value", "helps"),
    [
        ("disability", 0, True),
        ("disability", 1, False),
        ("dementia", 1, False),
        ("place", INSTITUTION, False),
    ],
)
def test_who_is_willing(column, value, helps):
    street = Street()
    row, neighbour = street.needy(0, 500, 0), street.neighbour()
    street.people[column][neighbour] = value
    street.lend_a_hand()
    assert (neighbour in street.gifts(row)) == helps


@pytest.mark.parametrize(("age", "helps"), [(60, True), (74 + 11 / 12, True), (75, False)])
def test_neighbours_help_until_an_age(age, helps):
    street = Street()
    row, neighbour = street.needy(0, 500, 0), street.neighbour()
    street.people["born"][neighbour] = street.world.month - round(12 * age)
    street.lend_a_hand()
    assert (neighbour in street.gifts(row)) == helps


@pytest.mark.parametrize(("given", "helps"), [(2399, True), (2400, False)])
def test_who_has_given_forty_hours_is_busy(given, helps):
    street = Street()
    row, neighbour = street.needy(0, 500, 0), street.neighbour()
    street.people["given"][neighbour] = given
    street.open_book()
    process("neighbour_care").run(street.world)
    assert (neighbour in street.gifts(row)) == helps


@pytest.mark.parametrize(("trust", "minutes"), [(0.0, 0), (0.25, 45), (1.0, 180)])
def test_neighbours_give_as_they_trust(trust, minutes):
    street = Street()
    street.world.territory.trust[:] = trust
    street.needy(0, 500, 0)
    neighbour = street.neighbour()
    street.lend_a_hand()
    assert street.of("given", neighbour) == street.of("capacity", neighbour) == [minutes]
    assert street.world.care.n_gifts == (minutes > 0)


def test_the_share_that_is_willing():
    """Of 3000 neighbours and as many cases .3 meet; five standard errors, wrong once in 1.7 million worlds."""
    street = Street(neighbour_care={"willing": 0.3})
    for _ in range(3000):
        street.needy(0, 500, 0)
        street.neighbour()
    street.lend_a_hand()
    assert abs(street.world.care.n_gifts - 900) < 5 * math.sqrt(3000 * 0.3 * 0.7)
    assert street.world.care.received.sum() == 90 * street.world.care.n_gifts == street.people["given"].sum()


# --- pairs --------------------------------------------------------------------------------------------------


def paired(street, a, b):
    street.people["pair"][a], street.people["pair"][b] = b, a


def test_a_partner_does_no_personal_care_and_no_more_than_is_left():
    street = Street()
    row, partner = street.needy(700, 100, 50), street.neighbour()
    paired(street, row, partner)
    street.set("neighbour_care", willing=0.0, pair_hours=3.0)
    street.lend_a_hand()
    assert street.gifts(row) == {partner: (PAIR, SAME_VILLAGE, 0, 100, 50)}
    assert street.of("given", partner) == [150]
    assert street.of("capacity", partner) == [180]


@pytest.mark.parametrize(("state", "dementia", "gives"), [(0, 0, 180), (1, 0, 180), (2, 0, 0), (0, 1, 0)])
def test_a_partner_who_is_not_able_is_helped_and_does_not_help(state, dementia, gives):
    street = Street(neighbour_care={"willing": 0.0})
    row, partner = street.needy(0, 500, 0), street.needy(0, 500, 0)
    street.people["disability"][partner], street.people["dementia"][partner] = state, dementia
    paired(street, row, partner)
    street.lend_a_hand()
    assert street.of("given", row, partner) == [180, gives]


def test_a_partner_is_not_asked_where_nothing_is_left():
    street = Street()
    row, partner = street.needy(700, 0, 0), street.neighbour()
    paired(street, row, partner)
    street.lend_a_hand()
    assert street.of("capacity", partner) == [0]


def test_partners_who_came_to_live_together():
    street = Street(neighbour_care={"willing": 0.0})
    row = street.needy(0, 500, 0)
    partner = street.neighbour(household=street.of("household", row)[0])
    paired(street, row, partner)
    street.lend_a_hand()
    assert street.gifts(row) == {partner: (PAIR, SAME_HOME, 0, 180, 0)}


# --- happiness homes ----------------------------------------------------------------------------------------


def circle(n, company=300, **changes):
    """Return a village with a home and n who live alone, in the order of their keys."""
    street = Street(neighbour_care={"willing": 0.0}, **changes)
    street.world.territory.home[0] = True
    alone = [street.needy(0, 0, company) for _ in range(n)]
    street.people["arrangement"][alone] = ALONE
    street.people["disability"][alone] = 0
    return street, sorted(alone, key=lambda row: street.people["key"][row])


def test_two_keep_one_another_company_and_one_alone_has_nobody():
    street, (a, b) = circle(2)
    street.lend_a_hand()
    assert street.gifts(a) == {b: (PEER, SAME_VILLAGE, 0, 0, 120)}
    assert street.gifts(b) == {a: (PEER, SAME_VILLAGE, 0, 0, 120)}
    street, (a,) = circle(1)
    street.lend_a_hand()
    assert street.gifts(a) == {}
    assert street.of("capacity", a) == [0]


def test_a_ring_passes_over_those_of_another_village_and_those_who_do_not_join():
    street, (a, b, c, d, e, f) = circle(6)
    street.people["village"][b] = 1
    street.people["arrangement"][c] = 0
    street.people["disability"][d] = 2
    street.people["dementia"][e] = 1
    street.lend_a_hand()
    assert [list(street.gifts(row)) for row in (a, b, c, d, e, f)] == [[f], [], [], [], [], [a]]


def test_a_member_is_not_asked_by_one_who_has_had_company():
    street, (a, b) = circle(2)
    street.needs[a] = (0, 100, 0)
    street.lend_a_hand()
    assert street.gifts(a) == {}
    assert street.of("given", a, b) == street.of("capacity", a, b) == [120, 0]


def test_there_is_no_company_without_a_home():
    street, rows = circle(3)
    street.world.territory.home[:] = False
    street.lend_a_hand()
    assert street.world.care.n_gifts == 0
    assert street.of("given", *rows) == [0, 0, 0]


def test_the_share_that_joins_a_home():
    """Of 2000 who live alone .3 join; five standard errors, wrong once in 1.7 million worlds."""
    street, _ = circle(2000, mutual_aid={"participation": 0.3})
    street.lend_a_hand()
    assert abs(street.world.care.n_gifts - 600) < 5 * math.sqrt(2000 * 0.3 * 0.7)


def test_the_home_comes_before_the_partner_and_the_partner_before_the_neighbour():
    """300 of company: 120 from the ring, 180 from the partner, nothing is left for the neighbour."""
    street, (a, b) = circle(2)
    partner = street.neighbour()
    paired(street, a, partner)
    street.set("neighbour_care", willing=1.0, home_hours=2.0, pair_hours=3.0, hours=3.0)
    street.lend_a_hand()
    neighbours = [gift for gift in street.gifts(b).values() if gift[0] == NEIGHBOUR]
    assert street.gifts(a) == {
        b: (PEER, SAME_VILLAGE, 0, 0, 120),
        partner: (PAIR, SAME_VILLAGE, 0, 0, 180),
    }
    assert neighbours == [(NEIGHBOUR, SAME_VILLAGE, 0, 0, 90)]
    assert street.of("pair", b) == [NOBODY]
