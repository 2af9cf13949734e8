"""Loneliness, month by month, on paper, and how its noise spreads."""

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents import care
from caresim.agents.people import INSTITUTION, PRESENT
from caresim.processes import loneliness, social_ties
from caresim.processes.loneliness import Loneliness
from tests import families
from tests.families import Families
from tests.processes.test_admission import County

QUIET = {"noise": 0.0, "stable_spread": 0.0}


@pytest.fixture(autouse=True)
def _all_columns(monkeypatch):
    monkeypatch.setattr(families, "FAMILY_COLUMNS", catalogue.columns())


def elders_of(family, n=1):
    rows = [family.person(70, "f", family.household()) for _ in range(n)]
    family.world.elders = np.array(rows)
    return rows


def feel(**changes):
    """Return a function that lets a month pass over a village, and the village with one elder."""
    family = Families()
    family.set("loneliness", **{**QUIET, **changes})
    return family, *elders_of(family)


def month(family):
    loneliness.feel(family.world)
    family.world.month += 1


@pytest.mark.parametrize(
    ("marks", "unmet", "ties", "score"),
    [
        (care.CHILD_NEAR, 0, 0, 0),
        (0, 0, 0, 150),
        (care.ALONE, 0, 0, 600),
        (care.ALONE | care.CHILD_NEAR, 125, 0, 600),
        (care.ALONE, care.FULL, 0, 900),
        (care.ALONE, care.FULL, 1000, 800),
        (care.CHILD_NEAR, 0, 1000, -100),
    ],
)
def test_circumstances_add_up(marks, unmet, ties, score):
    family, elder = feel()
    for name, value in (("arrangement", marks), ("unmet", unmet), ("ties", ties)):
        family.people[name][elder] = value
    month(family)
    assert family.of("loneliness", elder) == [score]
    assert family.of("mood", elder) == [int(score > 620)]


def test_bereavement_fades_by_an_eighth_a_month():
    family, elder = feel(no_child_near=0.0)
    family.people["widowed"][elder] = family.world.month
    scores = []
    for _ in range(3):
        month(family)
        scores += family.of("loneliness", elder)
    assert scores == [800, 704, 620]  # 619.52 rounded
    assert family.of("mood", elder) == [0], "lonely is above the threshold, not at it"


def test_the_lasting_part_stays_and_the_passing_part_moves():
    family, elder = feel(noise=0.285, stable_spread=0.8)
    assert family.of("loneliness_stable", elder) == [loneliness.UNSET]
    month(family)
    stable, passing = family.of("loneliness_stable", elder), family.of("loneliness_passing", elder)
    assert family.of("loneliness", elder) == [stable[0] + passing[0] + 150]
    month(family)
    assert family.of("loneliness_stable", elder) == stable
    assert family.of("loneliness_passing", elder) != passing


def test_who_leaves_has_no_score_and_comes_back_as_the_same_person():
    family, elder = feel(noise=0.285, stable_spread=0.8)
    month(family)
    before = family.of("loneliness_stable", elder), family.of("loneliness_passing", elder)
    family.people["state"][elder] &= ~np.uint8(PRESENT)
    family.world.elders = np.zeros(0, dtype=np.int64)
    month(family)
    assert family.of("loneliness", elder) + family.of("mood", elder) == [0, 0]
    assert (family.of("loneliness_stable", elder), family.of("loneliness_passing", elder)) == before


def test_spreads_are_those_of_the_parameters():
    # The standard deviation of 4000 normal numbers has a standard error of 1.1 %: beyond 5 of them once in 10^6.
    family = Families()
    family.set("loneliness", no_child_near=0.0)
    rows = elders_of(family, 4000)
    given, people = Loneliness(), family.people
    month(family)
    spread = {"loneliness_stable": given.stable_spread, "loneliness_passing": given.first_spread()}
    for _ in range(2):
        for name, expected in spread.items():
            assert np.std(people[name][rows]) / 1000 == pytest.approx(expected, rel=0.056)
        for _ in range(24):
            month(family)
    assert given.first_spread() == pytest.approx(math.sqrt(1 - given.stable_spread**2), rel=0.01)


def test_scores_fit_their_columns():
    family, elder = feel(decay=0.01, bereavement=5.0, alone=3.0)
    family.people["arrangement"][elder] = care.ALONE
    for _ in range(12):
        family.people["widowed"][elder] = family.world.month
        month(family)
    assert family.of("loneliness", elder) == family.of("loneliness_passing", elder) == [32767]


@pytest.mark.parametrize("name", ["from_unmet", "from_ties"])
def test_each_feedback_can_be_switched_off(name):
    family, elder = feel(**{name: 0.0})
    column = name.removeprefix("from_")
    month(family)
    before = family.of("loneliness", elder)
    family.people[column][elder] = 250
    month(family)
    assert family.of("loneliness", elder) == before


def ties_after(gifts, partner=-1, state=0, **changes):
    """Return ties and self-efficacy of two elders after a month with hand-overs between them."""
    family = Families()
    family.set("social_ties", **changes)
    one, other = elders_of(family, 2)
    family.people["pair"][one] = partner
    family.people["disability"][one] = state
    book = family.world.care
    book.open(np.array([one, other]), np.full((2, 3), 600, dtype=np.int32))
    for giver, case, relation in gifts:
        book.n_gifts += care.hand_over(book.gifts, book.n_gifts, (one, other)[giver], case, relation,
                                       care.SAME_VILLAGE, 60, 1, 2, book.left, book.received) > 0  # fmt: skip
    social_ties.keep_company(family.world)
    return family.of("ties", one, other), family.of("efficacy", one, other)


@pytest.mark.parametrize(
    ("gifts", "ties", "efficacy"),
    [
        ([], [0, 0], [0, 0]),
        ([(1, 0, care.NEIGHBOUR)], [36, 0], [0, 36]),
        ([(1, 0, care.VOLUNTEER), (1, 0, care.MEMBER)], [36, 0], [0, 36]),
        ([(1, 0, care.PEER), (0, 1, care.PEER)], [60, 60], [36, 36]),
        ([(1, 0, care.PAIR)], [0, 0], [0, 36]),
        ([(1, 0, care.PEER), (1, 0, care.NEIGHBOUR)], [96, 0], [0, 36]),
        ([(1, 0, care.DAUGHTER)], [0, 0], [0, 0]),
        ([(-1, 0, care.CARE_WORKER)], [0, 0], [0, 0]),
    ],
)
def test_ties_and_confidence_of_a_month(gifts, ties, efficacy):
    assert ties_after(gifts, decay=0.12, pair=0.5, home=0.5, visited=0.3, per_state=0.0, helped=0.3) == (
        ties, efficacy)  # fmt: skip


def test_a_pair_ties_and_disability_discourages():
    found = ties_after([], partner=1, state=2, decay=0.12, pair=0.5, per_state=-0.25)
    assert found == ([60, 0], [-60, 0])


def test_residents_are_lonelier_the_worse_their_home_is():
    """Homes of quality 0, 1 and .25 add .7, -.3 and .45 to nothing else; above .62 is lonely."""
    county = County(homes={"quality_loneliness": (0.7, -0.3)}, loneliness=QUIET)
    rows = [county.elder() for _ in range(4)]
    county.people["arrangement"][rows] = care.CHILD_NEAR
    for row, quality in zip(rows, (0.0, 1.0, 0.25), strict=False):  # the last lives at home
        county.people["home"][row] = county.home(quality=quality)
        county.people["place"][row] = INSTITUTION
    loneliness.feel(county.world)
    assert county.people["loneliness"][rows].tolist() == [700, -300, 450, 0]
    assert county.people["mood"][rows].tolist() == [care.LONELY, 0, 0, 0]


def test_ties_fade_and_end_with_residence():
    family = Families()
    family.set("social_ties", decay=0.5)
    one, other = elders_of(family, 2)
    for name in ("ties", "efficacy"):
        family.people[name][[one, other]] = 800
    family.world.elders = np.array([one])
    family.world.care.open(np.zeros(0, dtype=np.int64), np.zeros((0, 3), dtype=np.int32))
    social_ties.keep_company(family.world)
    assert family.of("ties", one, other) + family.of("efficacy", one, other) == [400, 0, 400, 0]
