"""Each law of care, of pairs and of coins is broken on purpose, and found; an honest month passes."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.agents import care
from caresim.agents.attributes import read
from caresim.agents.care_laws import CARE_LAWS
from caresim.agents.checks import LawBroken, check_care, check_month
from caresim.agents.mutual_laws import COIN_LAWS, PAIR_LAWS
from caresim.agents.people import ALIVE, INSTITUTION, NOBODY, PRESENT
from tests.families import FAMILY_COLUMNS
from tests.hamlet import Hamlet, hold

HUSBAND, WIFE, SON, NEIGHBOUR, PEER = range(5)
FAR = 20
"""A hamlet's first row of kin: a daughter in the city."""


def careful():
    """A man who needs 100, 200 and 60 minutes and his wife who needs 50 of company, cared for by six hands."""
    h = Hamlet(FAMILY_COLUMNS)
    people = h.people
    people.make_room(registered=5)
    home = h.household()
    for age, sex in ((75, "m"), (72, "f"), (45, "m"), (66, "m"), (80, "f")):
        h.add(age, sex, home if age in (75, 72) else h.household())
    assert h.kin(40, "f", mother=WIFE, father=HUSBAND) == FAR
    h.kin(38, "m", mother=WIFE, father=HUSBAND)
    elders = np.array([HUSBAND, WIFE, NEIGHBOUR, PEER])
    people["state"][elders] |= 16
    world = h.world
    world.elders = elders
    world.care.open(np.array([HUSBAND, WIFE]), np.array([[100, 200, 60], [0, 0, 50]], dtype=np.uint16))
    people["need"][[HUSBAND, WIFE]] = 360, 50
    for giver, case, relation, where, offer in (
        (WIFE, 0, care.WIFE, care.SAME_HOME, 80),
        (SON, 0, care.SON, care.SAME_VILLAGE, 70),
        (NEIGHBOUR, 0, care.NEIGHBOUR, care.SAME_VILLAGE, 90),
        (NOBODY, 0, care.CARE_WORKER, care.SAME_VILLAGE, 30),
        (PEER, 1, care.PEER, care.SAME_VILLAGE, 20),
        (FAR, 1, care.DAUGHTER, care.AWAY, 25),
        (NEIGHBOUR, 1, care.NEIGHBOUR, care.SAME_VILLAGE, 5),
    ):
        give(world, giver, case, relation, where, offer)
    people["pair"][[NEIGHBOUR, PEER]] = PEER, NEIGHBOUR
    hold(world, SON, 40)
    hold(world, NEIGHBOUR, 60)
    world.bank.pool, world.bank.government, world.bank.lost = 20, -130, 10
    return h


def give(world, giver, case, relation, where, offer):
    """Hand over through the same door as the processes do."""
    book, people = world.care, world.people
    if where == care.AWAY or relation == care.PEER:
        first = care.COMPANY
    else:
        first = care.PERSONAL if relation <= care.LAST_FAMILY or giver == NOBODY else care.INSTRUMENTAL
    given = care.hand_over(
        book.gifts, book.n_gifts, giver, case, relation, where, offer, first, care.COMPANY, book.left, book.received
    )  # fmt: skip
    book.n_gifts += 1
    if giver != NOBODY:
        people["given"][giver] += given
        book.limits = care.with_room(book.limits, book.n_limits, 1)
        care.note_limit(book.limits, book.n_limits, giver, offer)
        book.n_limits += 1


def test_an_honest_month_passes():
    world = careful().world
    assert world.care.hand_overs()[:, care.GIVEN :].sum(axis=0).tolist() == [100, 170, 50]
    check_month(world)
    check_care(world)


def test_what_each_could_have_given_is_an_attribute_of_people():
    world = careful().world
    assert read(world, "capacity", [SON, NEIGHBOUR, FAR, HUSBAND]).tolist() == [70, 90 + 5, 25, 0]


def test_a_month_without_anybody_passes():
    check_care(Hamlet(FAMILY_COLUMNS).world)
    check_care(Hamlet().world)


def gift(k, column, value):
    return lambda h: h.world.care.gifts[column].__setitem__(k, value)


def limit(m, column, value):
    return lambda h: h.world.care.limits[column].__setitem__(m, value)


def put(column, row, value):
    return lambda h: h.people[column].__setitem__(row, value)


def book(name, where, value):
    return lambda h: getattr(h.world.care, name).__setitem__(where, value)


def every(*crimes):
    return lambda h: [crime(h) for crime in crimes]


def kill(row):
    def crime(h):
        h.people["state"][row] &= 255 - ALIVE - PRESENT

    return crime


def personal(k):
    """Let a hand-over be of personal care, the whole balanced."""

    def crime(h):
        gifts, done = h.world.care.gifts, h.world.care
        case, minutes = gifts["case"][k], done.hand_overs()[k, care.GIVEN :]
        care.enter(gifts, k, *done.hand_overs()[k, : care.GIVEN], minutes.sum(), 0, 0)
        done.need[case] = done.need[case] + done.hand_overs()[k, care.GIVEN :] - minutes

    return crime


(
    STRANGE,
    NEED,
    HAND_OVER,
    WITHOUT,
    DEAD,
    ONESELF,
    ALLOWED,
    TASKS,
    SOURCES,
    GIVER,
    ABOVE,
    NO_GIVER,
    OTHERS,
    HOME,
) = (text for _, text in CARE_LAWS)
CRIMES = [
    (STRANGE, kill(WIFE)),
    (STRANGE, put("state", WIFE, 1 + 2 + 4 + 16)),  # away
    (STRANGE, put("state", WIFE, 1 + 2 + 4 + 8)),  # not an elder
    (STRANGE, put("place", WIFE, INSTITUTION)),
    (STRANGE, book("rows", 1, 99)),
    (STRANGE, book("rows", 1, -1)),
    (NEED, put("need", HUSBAND, 361)),
    (NEED, book("need", (1, 2), 51)),
    (HAND_OVER, gift(2, "case", 2)),
    (HAND_OVER, gift(2, "case", -1)),
    (HAND_OVER, gift(2, "relation", len(care.RELATIONS))),
    (HAND_OVER, gift(2, "where", 4)),
    (WITHOUT, gift(0, "giver", NOBODY)),
    (WITHOUT, gift(3, "giver", SON)),
    (DEAD, kill(SON)),
    (DEAD, kill(FAR)),
    (DEAD, gift(0, "giver", 77)),
    (DEAD, gift(0, "giver", FAR + 2)),
    (ONESELF, gift(0, "giver", HUSBAND)),
    (TASKS, gift(0, "company", 2**16 - 1)),
    (ALLOWED, personal(2)),
    (ALLOWED, personal(4)),
    (ALLOWED, personal(5)),
    (ALLOWED, gift(1, "where", care.AWAY)),
    (ALLOWED, every(personal(2), gift(2, "relation", care.PAIR))),
    (ALLOWED, every(personal(2), gift(2, "relation", care.VOLUNTEER))),
    (ALLOWED, every(personal(2), gift(2, "relation", care.MEMBER))),
    (ALLOWED, every(gift(4, "instrumental", 20), gift(4, "company", 0))),
    (TASKS, book("left", (0, 1), 29)),
    (TASKS, book("left", (1, 2), 1)),
    (TASKS, every(book("left", (0, 2), 2**16 - 1), gift(2, "company", 61))),
    (TASKS, gift(1, "instrumental", 51)),
    (SOURCES, book("received", (0, care.SPOUSE), 79)),
    (SOURCES, book("received", (1, care.VOLUNTEERS), 1)),
    (SOURCES, gift(2, "relation", care.MEMBER)),
    (GIVER, put("given", SON, 71)),
    (GIVER, put("given", FAR, 24)),
    (GIVER, put("given", NEIGHBOUR, 90)),
    (ABOVE, limit(1, "minutes", 69)),
    (ABOVE, limit(4, "minutes", 24)),
    (ABOVE, limit(1, "giver", FAR)),
    (ABOVE, limit(4, "giver", 2**31 - 1)),
    (ABOVE, lambda h: setattr(h.world.care, "n_limits", 5)),
    (NO_GIVER, put("given", HUSBAND, 1)),
    (NO_GIVER, put("given", FAR + 1, 1)),
    (HOME, put("place", SON, INSTITUTION)),
    (HOME, put("place", NEIGHBOUR, INSTITUTION)),
    (OTHERS, put("need", SON, 1)),
    (OTHERS, every(book("rows", 1, HUSBAND), book("need", 1, [100, 200, 60]), put("need", WIFE, 0))),
]


@pytest.mark.parametrize(("law", "crime"), CRIMES)
def test_each_law_of_care_can_be_broken(law, crime):
    h = careful()
    crime(h)
    with pytest.raises(LawBroken) as caught:
        check_care(h.world)
    assert caught.value.law == law
    assert caught.value.month == "2020-06"
    assert caught.value.numbers["found"] is not None


def test_every_law_of_care_has_a_crime():
    assert {law for law, _ in CRIMES} == {text for _, text in CARE_LAWS}


def test_the_numbers_say_who_and_how_much():
    h = careful()
    h.people["given"][SON] = 71
    with pytest.raises(LawBroken) as caught:
        check_care(h.world)
    text = "2020-06: broken law: minutes handed over = minutes given (person 2, found 70, against 71)"
    assert str(caught.value) == text


def test_the_laws_of_care_are_checked_every_month():
    h = careful()
    h.world.bank.pool += 1
    with pytest.raises(LawBroken, match="coins"):
        check_month(h.world)


def test_one_broken_month_leaves_no_trace_in_the_next_look():
    h = careful()
    h.people["given"][SON] = 71
    with pytest.raises(LawBroken):
        check_care(h.world)
    h.people["given"][SON] = 70
    check_care(h.world)


@pytest.mark.parametrize(
    ("law", "crime"),
    [
        (0, put("pair", PEER, NOBODY)),
        (0, put("pair", NEIGHBOUR, HUSBAND)),
        (0, put("pair", PEER, PEER)),
        (0, put("pair", PEER, 400)),
        (0, put("pair", HUSBAND, PEER)),
        (0, every(put("pair", NEIGHBOUR, SON), put("pair", SON, NEIGHBOUR), put("pair", PEER, NOBODY))),
        (0, put("state", PEER, 1 + 2 + 4 + 16)),  # away
        (1, put("pair", SON, NEIGHBOUR)),
    ],
)
def test_each_law_of_pairs_can_be_broken(law, crime):
    h = careful()
    crime(h)
    with pytest.raises(LawBroken) as caught:
        check_care(h.world)
    assert caught.value.law == PAIR_LAWS[law][1]


def coins(row, minutes):
    return lambda h: hold(h.world, row, minutes)


def bank(name, by):
    def crime(h):
        setattr(h.world.bank, name, getattr(h.world.bank, name) + by)

    return crime


@pytest.mark.parametrize(
    ("law", "crime"),
    [
        (COIN_LAWS[0][1], coins(SON, 41)),
        (COIN_LAWS[0][1], coins(HUSBAND, 1)),
        (COIN_LAWS[0][1], bank("pool", 1)),
        (COIN_LAWS[0][1], bank("government", -1)),
        (COIN_LAWS[0][1], bank("lost", 1)),
        (COIN_LAWS[1][1], every(coins(SON, -1), bank("pool", 41))),
        ("the account pool is never below zero", every(bank("pool", -21), bank("government", 21))),
        ("the account lost is never below zero", every(bank("lost", -11), bank("government", 11))),
    ],
)
def test_each_law_of_coins_can_be_broken(law, crime):
    h = careful()
    crime(h)
    with pytest.raises(LawBroken) as caught:
        check_care(h.world)
    assert caught.value.law == law


def test_the_accounts_are_named_when_they_do_not_add_up():
    h = careful()
    hold(h.world, SON, 41)
    with pytest.raises(LawBroken, match=r"\(members 101, pool 20, government -130, lost 10\)"):
        check_care(h.world)
