"""Service within a township, worked out on paper: the nearest first, ties by luck, what is left over to the next."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.agents.care import (
    CASE,
    COUNTY,
    GIVEN,
    GIVER,
    HAND_OVER,
    INSTRUMENTAL,
    MEMBER,
    RELATION,
    SAME_VILLAGE,
    TIME_BANK,
    VOLUNTEER,
    VOLUNTEERS,
    WHERE,
    CareBook,
    with_room,
)
from caresim.agents.service import (
    STEPS,
    by_lot,
    in_steps,
    in_turn,
    marked,
    propensity,
    propensity_table,
    serve,
    within_reach,
)

TOWNSHIP = np.array([0, 0, 0, 1], dtype=np.int16)
X = np.array([0.0, 3.0, -3.0, 0.0], dtype=np.float32)
Y = np.array([0.0, 4.0, 4.0, 0.0], dtype=np.float32)
"""Villages 1 and 2 lie 5 km from village 0 and 6 km from one another; village 3 is of another township."""


class Service:
    """Elders with requests in rows 0, 1, ..., helpers in rows 100, 101, ..."""

    def __init__(self, reach=10.0, relation=VOLUNTEER):
        self.reach, self.relation = reach, relation
        self.village = np.zeros(200, dtype=np.int16)
        self.household = np.arange(200, dtype=np.int32)
        self.given = np.zeros(200, dtype=np.uint16)
        self.need, self.wish, self.helper, self.minutes, self.luck = [], [], [], [], []

    def elder(self, instrumental, company=0, village=0, wish=None):
        self.village[len(self.need)] = village
        self.need.append((99, instrumental, company))
        self.wish.append(instrumental + company if wish is None else wish)

    def volunteer(self, minutes, luck=0.5, village=0, household=None):
        row = 100 + len(self.helper)
        self.village[row] = village
        self.household[row] = row if household is None else household
        self.helper.append(row)
        self.minutes.append(minutes)
        self.luck.append(luck)

    def run(self, order=None):
        """Serve and return the hand-overs as (giver, case, instrumental, company)."""
        self.book = CareBook()
        self.book.open(np.arange(len(self.need)), np.array(self.need, dtype=np.int32).reshape(-1, 3))
        case = np.arange(len(self.need)) if order is None else np.array(order, dtype=np.int64)
        self.left_wishes = np.array(self.wish, dtype=np.int64)[case]
        self.left_minutes = np.array(self.minutes, dtype=np.int64)
        helper = np.array(self.helper, dtype=np.int64)
        self.book.make_room(len(case) + len(helper))
        self.book.n_gifts = serve(
            case, self.left_wishes, helper, self.left_minutes, np.array(self.luck, dtype=np.float64), self.book.rows,
            self.village, self.household, TOWNSHIP, X, Y, self.reach, self.relation, self.book.gifts, 0,
            self.book.left, self.book.received, self.given,
        )  # fmt: skip
        return self.book.hand_overs()[:, [GIVER, CASE, GIVEN + 1, GIVEN + 2]].tolist()


def test_instrumental_care_comes_before_company_and_personal_care_is_not_theirs():
    service = Service()
    service.elder(50, 30)
    service.volunteer(60)
    assert service.run() == [[100, 0, 50, 10]]
    assert service.book.left.tolist() == [[99, 0, 20]]
    assert service.book.gifts["personal"][0] == 0
    assert service.left_wishes.tolist() == [20]
    assert service.left_minutes.tolist() == [0]
    assert service.given[100] == 60


def test_a_request_takes_the_next_helper_and_a_helper_the_next_request():
    service = Service()
    service.elder(100)
    service.elder(100)
    service.volunteer(60, luck=0.1)
    service.volunteer(90, luck=0.2)
    assert service.run(order=[1, 0]) == [[100, 1, 60, 0], [101, 1, 40, 0], [101, 0, 50, 0]]
    assert service.left_wishes.tolist() == [0, 50]
    assert service.given[[100, 101]].tolist() == [60, 90]


def test_no_more_than_wished():
    service = Service()
    service.elder(100, wish=30)
    service.volunteer(60)
    assert service.run() == [[100, 0, 30, 0]]
    assert service.left_minutes.tolist() == [30]


def test_the_nearest_comes_first_and_the_lowest_luck_among_equally_near():
    service = Service()
    service.elder(100)
    service.volunteer(20, luck=0.3, village=1)
    service.volunteer(20, luck=0.2, village=2)
    service.volunteer(20, luck=0.9)
    assert service.run() == [[102, 0, 20, 0], [101, 0, 20, 0], [100, 0, 20, 0]]
    assert service.book.hand_overs()[:, WHERE].tolist() == [SAME_VILLAGE, COUNTY, COUNTY]


@pytest.mark.parametrize(("reach", "served"), [(0.0, 0), (4.99, 0), (5.0, 60), (10.0, 60)])
def test_reach_is_a_straight_line_and_its_end_is_within(reach, served):
    service = Service(reach)
    service.elder(100)
    service.volunteer(60, village=1)
    service.run()
    assert service.given[100] == served


def test_nobody_serves_another_township_or_the_own_household():
    service = Service(reach=1e9)
    service.elder(100)
    service.volunteer(60, village=3)
    service.volunteer(60, household=0)
    assert service.run() == []


def test_a_helper_of_the_household_is_passed_over_for_the_next_and_serves_others():
    service = Service()
    service.elder(100)
    service.elder(100)
    service.volunteer(60, luck=0.1, household=0)
    service.volunteer(60, luck=0.2)
    assert service.run() == [[101, 0, 60, 0], [100, 1, 60, 0]]


def test_a_helper_without_a_minute_does_not_stand_in_the_way():
    service = Service()
    service.elder(100)
    service.volunteer(0, luck=0.1)
    service.volunteer(60, luck=0.2)
    assert service.run() == [[101, 0, 60, 0]]


@pytest.mark.parametrize(("relation", "source"), [(VOLUNTEER, VOLUNTEERS), (MEMBER, TIME_BANK)])
def test_relation_says_whose_care_it_was(relation, source):
    service = Service(relation=relation)
    service.elder(100)
    service.volunteer(60)
    service.run()
    assert service.book.hand_overs()[:, RELATION].tolist() == [relation]
    assert service.book.received[0].sum() == service.book.received[0, source] == 60


def test_nobody_is_served_where_nobody_helps():
    service = Service()
    service.elder(100)
    assert service.run() == []
    assert Service().run() == []


def by_hand(service, order):
    """Serve as the rule says, in plain Python; return the hand-overs."""
    minutes, given = dict(zip(service.helper, service.minutes, strict=True)), []
    luck = dict(zip(service.helper, service.luck, strict=True))
    for case in order:
        here, wish = service.village[case], service.wish[case]
        tasks = list(service.need[case])
        while wish > 0:
            near = []
            for i, has in minutes.items():
                there = service.village[i]
                km = math.sqrt(
                    (float(X[there]) - float(X[here])) ** 2 + (float(Y[there]) - float(Y[here])) ** 2
                )
                reached = TOWNSHIP[there] == TOWNSHIP[here] and km <= service.reach
                if has > 0 and reached and service.household[i] != service.household[case]:
                    near.append((km, luck[i], i))
            if not near:
                break
            i = min(near)[2]
            done = min(wish, minutes[i])
            instrumental = min(done, tasks[INSTRUMENTAL])
            tasks[INSTRUMENTAL] -= instrumental
            given.append([i, case, instrumental, done - instrumental])
            minutes[i] -= done
            wish -= done
    return given


@pytest.mark.parametrize("seed", range(40))
def test_many_requests_are_served_as_one_by_one(seed):
    luck = np.random.default_rng(seed)
    service = Service(reach=float(luck.choice([0.0, 5.0, 6.0])))
    for _ in range(luck.integers(1, 40)):
        need = int(luck.integers(0, 200)), int(luck.integers(0, 200))
        service.elder(*need, village=int(luck.integers(4)), wish=int(luck.integers(0, sum(need) + 1)))
    for _ in range(luck.integers(0, 40)):
        service.volunteer(
            int(luck.integers(0, 300)), luck.random(), int(luck.integers(4)), int(luck.integers(60))
        )
    order = luck.permutation(len(service.need)).tolist()
    assert service.run(order) == by_hand(service, order)
    given = service.book.hand_overs()[:, GIVEN:].sum()
    assert (
        given
        == service.book.received.sum()
        == service.given.sum()
        == (service.book.need - service.book.left).sum()
    )


@pytest.mark.parametrize(("reach", "villages"), [(0.0, [1]), (5.0, [0, 1]), (6.0, [0, 1, 2])])
def test_villages_within_reach(reach, villages):
    village = np.array([1, 1, 3], dtype=np.int16)
    found = within_reach(np.array([0, 1]), village, TOWNSHIP, X, Y, reach)
    assert np.flatnonzero(found).tolist() == villages


@pytest.mark.parametrize(("a", "b"), [(0.3, 2.7), (1.0, 1.0), (5.0, 0.5)])
def test_propensities_have_the_mean_and_the_order_of_the_distribution(a, b):
    table = propensity_table(a, b)
    assert len(table) == STEPS
    assert np.all(np.diff(table) >= 0)
    # 4096 steps: the middle of a step is off by less than a step's rise, all together by less than 1/4096.
    assert abs(table.mean() - a / (a + b)) < 1 / STEPS
    assert np.array_equal(table, np.round(table, 6))
    assert propensity(table, 2.0**-53) == table[0]
    assert propensity(table, 1 - 2.0**-53) == table[-1]


def test_a_uniform_propensity_is_the_draw_itself():
    table = propensity_table(1.0, 1.0)
    assert propensity(table, 0.5) == pytest.approx(0.5 + 0.5 / STEPS, abs=1e-6)


def test_the_table_is_kept_and_cannot_be_changed():
    table = propensity_table(0.3, 2.7)
    assert propensity_table(0.3, 2.7) is table
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 1.0


@pytest.mark.parametrize("highest", [1.0, 0.01])
@pytest.mark.parametrize("n", [0, 1, 2, 500])
def test_turns_are_by_group_and_then_by_luck(n, highest):
    luck = np.random.default_rng(n)
    group, draws = luck.integers(0, 7, n), luck.random(n) * highest
    order, first = in_turn(group, draws, 7)
    assert order.tolist() == sorted(range(n), key=lambda j: (group[j], draws[j]))
    assert np.diff(first).tolist() == np.bincount(group, minlength=7).tolist()


@pytest.mark.parametrize("highest", [1.0, 0.01])
@pytest.mark.parametrize("n", [0, 1, 2, 500])
def test_a_lot_is_an_order_of_luck_and_steps_keep_it(n, highest):
    luck = np.random.default_rng(n)
    step, draws = luck.integers(0, 7, n), luck.random(n) * highest
    order = by_lot(draws)
    assert order.tolist() == sorted(range(n), key=lambda j: draws[j])
    assert in_steps(order, step).tolist() == sorted(range(n), key=lambda j: (step[j], draws[j]))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("n", [0, 5, 8, 61])
def test_marked_rows_are_those_that_are_not_0(dtype, n):
    column = (np.arange(70) % 3 == 1).astype(dtype) * dtype(4)
    assert marked(column, n).tolist() == [i for i in range(n) if i % 3 == 1]


def test_room_is_made_only_where_it_is_short():
    gifts = np.array(4 * [(7, 6, 5, 4, 3, 2, 1)], dtype=HAND_OVER)
    assert len(with_room(gifts, 2, 2)) == 4
    room = with_room(gifts, 2, 5)
    assert 7 <= len(room) <= 8
    assert room[:2].tolist() == gifts[:2].tolist()
