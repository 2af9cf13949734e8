"""Families on paper: who cares for whom, minute by minute, worked out by hand from the rules of `docs/odd.md`.

The figures in force stand in `tests.families.ON_PAPER`. At those and with the factor 1 (draw .5) an elder needs, in
minutes: state 1 instrumental 35 h = 2100; state 2 personal 35 h = 2100, instrumental 52 h = 3120, together 5220;
state 3 personal 130 h = 7800, instrumental 65 h = 3900, together 11700; company, living alone, 8 h = 480. A hand-over
reads (relation, where, personal, instrumental, company).
"""

from __future__ import annotations

import pytest

from caresim.agents.care import (
    AWAY,
    CHILDREN,
    COUNTY,
    DAUGHTER,
    DAUGHTER_IN_LAW,
    HUSBAND,
    NEIGHBOUR,
    NEIGHBOURS,
    PAIR,
    PEER,
    SAME_HOME,
    SAME_VILLAGE,
    SON,
    SON_IN_LAW,
    SOURCES,
    SPOUSE,
    WIFE,
)
from caresim.agents.people import INSTITUTION, NOBODY, OUTSIDE, PROVINCE, TOWN
from caresim.agents.world import Process
from caresim.schedule import in_order
from tests.families import CASCADE, Families, process

AVERAGE = {"needs.factor": 0.5}  # .8 + .4 x .5 = 1
FULL_CHILD = {"children_care.capacity": 0.5}  # .5 + .5 = 1


def couple(wife_state=0, wife_capacity=0.5, together=True, **changes):
    """A man of 75 in state 2 and his wife of 72; her capacity is 90 h x (.5 + .7 u)."""
    village = Families(**changes)
    home = village.household()
    man = village.person(75, "m", home, 2, AVERAGE)
    luck = AVERAGE | {"spouse_care.capacity": wife_capacity}
    wife = village.person(72, "f", home if together else village.household(), wife_state, luck)
    village.marry(man, wife)
    return village, man, wife


def widow_alone(state=2, **changes):
    village = Families(**changes)
    return village, village.person(80, "f", village.household(), state, AVERAGE)


# --- needs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "draw", "needed"),
    [
        (0, 0.5, [0, 0, 480]),
        (1, 0.5, [0, 2100, 480]),
        (2, 0.5, [2100, 3120, 480]),
        (3, 0.5, [7800, 3900, 480]),
        # Factor .8: 2100 x .8 = 1680, 3120 x .8 = 2496, 480 x .8 = 384.
        (2, 0.0, [1680, 2496, 384]),
        # Factor .8 + .4 x .75 = 1.1: 8580, 4290, 528.
        (3, 0.75, [8580, 4290, 528]),
    ],
)
def test_needs_by_state_and_lasting_factor(state, draw, needed):
    village = Families()
    elder = village.person(80, "f", village.household(), state, {"needs.factor": draw})
    village.month("living_arrangement", "needs")
    assert village.needed(elder) == needed
    assert village.of("need", elder) == [sum(needed)]


def test_supervision_comes_with_dementia():
    """State 2 with dementia: personal (35 + 87) h = 7320 min, for those who are supervised (here all)."""
    village, widow = widow_alone()
    village.people["dementia"][widow] = 1
    village.month("living_arrangement", "needs")
    assert village.needed(widow) == [7320, 3120, 480]


def test_who_needs_nothing_is_no_case():
    """A healthy couple, a woman of 59 in state 2, an absent and an institutionalised elder in state 2."""
    village = Families()
    home = village.household()
    man, wife = village.person(70, "m", home), village.person(69, "f", home)
    young = village.person(59, "f", home, 2)
    absent = village.person(80, "f", disability=2, place=OUTSIDE)
    inmate = village.person(80, "f", village.household(), 2)
    village.people["place"][inmate] = INSTITUTION
    village.month("living_arrangement", "needs")
    assert len(village.world.care.rows) == 0
    assert village.of("need", man, wife, young, absent, inmate) == [0] * 5


# --- a couple -----------------------------------------------------------------------------------------------


def test_a_wife_cares_for_her_husband():
    """He needs 5220. She can 5400 x (.5 + .35) = 4590, and does at most .75 x 5220 = 3915: 2100 personal and 1815
    instrumental; 1305 stay. Of the need 1305/5220 = 1/4 is unmet: (250 x 1305 + 2610)/5220 = 63; the column goes half
    of the way each month: 31, then (31 + 63)/2 = 47, then 55.
    """
    village, man, wife = couple()
    for unmet in (31, 47, 55):
        village.month()
        assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, 1815, 0)}
        assert village.left(man) == [0, 1305, 0]
        assert village.of("given", wife, man) == [3915, 0]
        assert village.of("capacity", wife, man) == [4590, 0]
        assert village.of("unmet", man, wife) == [unmet, 0]
        assert village.of("main_carer", man, wife) == [wife, NOBODY]
        assert village.of("main_relation", man, wife) == [1 + WIFE, 0]
        assert village.world.care.received.tolist() == [[3915, *[0] * (len(SOURCES) - 1)]]


def test_a_wife_of_little_strength_gives_what_she_can():
    """Draw 0: 5400 x .5 = 2700 of the 3915 that she would do: 2100 personal, 600 instrumental."""
    village, man, wife = couple(wife_capacity=0.0)
    village.month()
    assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, 600, 0)}
    assert village.of("capacity", wife) == [2700]


def test_a_wife_in_state_1_cares_and_her_husband_in_state_2_cannot():
    """She needs 2100, he is not able; she does 3915 of his 5220."""
    village, man, wife = couple(wife_state=1)
    village.month()
    assert village.of("need", man, wife) == [5220, 2100]
    assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, 1815, 0)}
    assert village.gifts(wife) == {}
    assert village.of("unmet", wife) == [125]


@pytest.mark.parametrize("why", ["state", "dementia", "elsewhere"])
def test_a_spouse_who_cannot_care(why):
    village, man, wife = couple(wife_state=2 if why == "state" else 0, together=why != "elsewhere")
    village.people["dementia"][wife] = why == "dementia"
    village.month()
    assert village.gifts(man) == {}
    assert village.of("given", wife) == village.of("capacity", wife) == [0]
    assert village.of("main_carer", man) == [NOBODY]


def test_two_in_state_1_care_for_each_other():
    """Each needs 2100 and does .75 x 2100 = 1575 of the other's."""
    village, man, wife = couple(wife_state=1)
    village.people["disability"][man] = 1
    village.month()
    assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 0, 1575, 0)}
    assert village.gifts(wife) == {man: (HUSBAND, SAME_HOME, 0, 1575, 0)}
    assert village.of("given", man, wife) == [1575, 1575]


# --- a widow, a child near by, a child in the city ----------------------------------------------------------


def test_a_widow_with_a_son_near_by_and_a_daughter_in_the_city():
    """She needs 2100 + 3120 + 480 = 5700. The son next door can 30 h = 1800, all personal; then the daughter calls:
    .8 h = 48 minutes of company. 300, 3120 and 432 stay.
    """
    village, widow = widow_alone()
    son = village.person(50, "m", village.household(), luck=FULL_CHILD, mother=widow)
    daughter = village.away(48, "f", FULL_CHILD, mother=widow)
    village.month()
    assert village.gifts(widow) == {
        son: (SON, SAME_VILLAGE, 1800, 0, 0),
        daughter: (DAUGHTER, AWAY, 0, 0, 48),
    }
    assert village.left(widow) == [300, 3120, 432]
    assert village.of("given", son, daughter) == village.of("capacity", son, daughter) == [1800, 48]
    assert village.of("main_carer", widow) == [son]
    assert village.of("main_relation", widow) == [1 + SON]


@pytest.mark.parametrize(
    ("place", "gift"),
    [
        # The county town: 8 h = 480, any task, so personal care first.
        (TOWN, (SON, COUNTY, 480, 0, 0)),
        # Farther away, though still on the village's register: company by telephone.
        (PROVINCE, (SON, AWAY, 0, 0, 48)),
        (OUTSIDE, (SON, AWAY, 0, 0, 48)),
    ],
)
def test_a_child_in_town_comes_and_one_far_away_calls(place, gift):
    village, widow = widow_alone()
    son = village.person(50, "m", luck=FULL_CHILD, mother=widow, place=place)
    village.month()
    assert village.gifts(widow) == {son: gift}
    assert village.of("main_carer", widow) == [son if gift[2] else NOBODY]


def test_a_schoolchild_and_a_dead_child_do_not_care():
    village, widow = widow_alone()
    boy = village.person(17.9, "m", village.household(), luck=FULL_CHILD, mother=widow)
    dead = village.person(50, "m", village.household(), luck=FULL_CHILD, mother=widow)
    village.people["state"][dead] &= 255 - 2 - 8
    village.people["household"][dead] = NOBODY
    village.month()
    assert village.gifts(widow) == {}
    assert village.of("given", boy, dead) == [0, 0]


def test_the_filial_norm_and_the_strength_of_a_child():
    """Norm .2 + .6 x .5 = .5, strength .5 + .25 = .75: 1800 x .75 x .5 = 675."""
    village, widow = widow_alone(children_care={"norm_low": 0.2, "norm_high": 0.8})
    luck = {"children_care.capacity": 0.25, "children_care.norm": 0.5}
    son = village.person(50, "m", village.household(), luck=luck, mother=widow)
    village.month()
    assert village.gifts(widow) == {son: (SON, SAME_VILLAGE, 675, 0, 0)}


# --- a daughter married out ---------------------------------------------------------------------------------


def test_a_daughter_married_out_to_another_village():
    """The widow in state 3 needs 7800 + 3900. The son at home is the main child: 150 h = 9000, that is 7800 personal
    and 1200 instrumental. The daughter in the other village does 8 h = 480, her husband a quarter of that, 120.
    """
    village = Families()
    home, far = village.household(), village.household()
    widow = village.person(80, "f", home, 3, AVERAGE)
    son = village.person(50, "m", home, luck=FULL_CHILD, mother=widow)
    daughter = village.person(47, "f", far, luck=FULL_CHILD, mother=widow, village=1)
    her_husband = village.person(49, "m", far, luck=FULL_CHILD, village=1)
    village.marry(daughter, her_husband)
    village.month()
    assert village.gifts(widow) == {
        son: (SON, SAME_HOME, 7800, 1200, 0),
        daughter: (DAUGHTER, COUNTY, 0, 480, 0),
        her_husband: (SON_IN_LAW, COUNTY, 0, 120, 0),
    }
    assert village.left(widow) == [0, 2100, 0]
    assert village.of("given", son, daughter, her_husband) == [9000, 480, 120]


# --- two brothers, two parents ------------------------------------------------------------------------------


def test_two_brothers_with_wives_and_two_parents():
    """Father state 3: 7800 + 3900 = 11700. Mother state 1: 2100. The mother can 5400 x .5 = 2700 and gives them to
    the father, who has 9000 left (5100 personal); he is not able. The duty of each child is 9000 + 2100 = 11100.

    Limits: the elder brother's wife, main child: 9000 x .75 = 6750; he 1800; the younger one next door 1800, his wife
    1800 x .75 = 1350. Offers to the father: 6750 x 9000/11100 = 5472, 1459, 1459, 1094; to the mother: 1277, 340, 340,
    255. In turn: main child, her husband at home, then next door the woman before the man.

    Father: 5472 (5100 personal, 372), 1459, 1094, and of 1459 the last 975. Mother: 1277, 340, 255, and of 340 the
    last 228. Nothing stays.
    """
    village = Families()
    home, next_door = village.household(), village.household()
    father = village.person(78, "m", home, 3, AVERAGE)
    mother = village.person(76, "f", home, 1, AVERAGE | {"spouse_care.capacity": 0.0})
    village.marry(father, mother)
    parents = {"mother": mother, "father": father}
    elder = village.person(50, "m", home, luck=FULL_CHILD, **parents)
    younger = village.person(46, "m", next_door, luck=FULL_CHILD, **parents)
    elders_wife = village.person(49, "f", home, luck=FULL_CHILD)
    youngers_wife = village.person(45, "f", next_door, luck=FULL_CHILD)
    village.marry(elder, elders_wife)
    village.marry(younger, youngers_wife)
    village.month()
    assert village.gifts(father) == {
        mother: (WIFE, SAME_HOME, 2700, 0, 0),
        elders_wife: (DAUGHTER_IN_LAW, SAME_HOME, 5100, 372, 0),
        elder: (SON, SAME_HOME, 0, 1459, 0),
        youngers_wife: (DAUGHTER_IN_LAW, SAME_VILLAGE, 0, 1094, 0),
        younger: (SON, SAME_VILLAGE, 0, 975, 0),
    }
    assert village.gifts(mother) == {
        elders_wife: (DAUGHTER_IN_LAW, SAME_HOME, 0, 1277, 0),
        elder: (SON, SAME_HOME, 0, 340, 0),
        youngers_wife: (DAUGHTER_IN_LAW, SAME_VILLAGE, 0, 255, 0),
        younger: (SON, SAME_VILLAGE, 0, 228, 0),
    }
    carers = (mother, elders_wife, elder, youngers_wife, younger)
    assert village.of("given", *carers) == [2700, 6749, 1799, 1349, 1203]
    assert village.of("capacity", *carers) == [2700, 6750, 1800, 1350, 1800]
    assert village.left(father) == village.left(mother) == [0, 0, 0]
    assert village.of("main_carer", father, mother) == [elders_wife, elders_wife]
    assert village.of("unmet", father, mother) == [0, 0]


def test_of_two_sons_at_home_the_one_whose_turn_it_is_is_the_main_child():
    """State 3: 11700. The main son 9000, then his brother 1800: 10800, 900 stay."""
    village = Families()
    home = village.household()
    widow = village.person(80, "f", home, 3, AVERAGE)
    late = village.person(50, "m", home, luck=FULL_CHILD | {"children_care.turn": (0.5, 1.0)}, mother=widow)
    first = village.person(40, "m", home, luck=FULL_CHILD | {"children_care.turn": (0.0, 0.5)}, mother=widow)
    village.month()
    assert village.gifts(widow) == {
        first: (SON, SAME_HOME, 7800, 1200, 0),
        late: (SON, SAME_HOME, 0, 1800, 0),
    }


# --- a childless man ----------------------------------------------------------------------------------------


def childless(state=1, **changes):
    village = Families(**changes)
    man = village.person(70, "m", village.household(), state, AVERAGE)
    neighbour = village.person(65, "f", village.household(), 0, AVERAGE)
    # Her grandson lives with her, so that she is not alone and no case.
    village.person(12, "m", village.of("household", neighbour)[0])
    return village, man, neighbour


def test_a_childless_man_is_helped_by_a_neighbour():
    """He needs 2100 + 480. She gives 3 h x trust .5 = 90 minutes; 2010 and 480 stay."""
    village, man, neighbour = childless()
    village.month()
    assert village.gifts(man) == {neighbour: (NEIGHBOUR, SAME_VILLAGE, 0, 90, 0)}
    assert village.left(man) == [0, 2010, 480]
    assert village.of("given", neighbour) == village.of("capacity", neighbour) == [90]
    assert village.of("main_carer", man) == [neighbour]
    assert village.of("main_relation", man) == [1 + NEIGHBOUR]


def test_a_neighbour_does_no_personal_care():
    """State 2: 2100 + 3120 + 480; the personal minutes stay untouched."""
    village, man, neighbour = childless(2)
    village.month()
    assert village.gifts(man) == {neighbour: (NEIGHBOUR, SAME_VILLAGE, 0, 90, 0)}
    assert village.left(man) == [2100, 3030, 480]


@pytest.mark.parametrize("why", ["old", "ill", "demented", "elsewhere", "unwilling", "has a case at home"])
def test_a_neighbour_who_does_not_help(why):
    changes = {"until_age": 65.0} if why == "old" else {"willing": 0.0} if why == "unwilling" else {}
    village, man, neighbour = childless(neighbour_care=changes)
    village.people["disability"][neighbour] = why == "ill"
    village.people["dementia"][neighbour] = why == "demented"
    village.people["village"][neighbour] = why == "elsewhere"
    if why == "has a case at home":
        village.person(85, "f", village.of("household", neighbour)[0], 1, AVERAGE)
    village.month()
    assert village.gifts(man) == {}
    assert village.of("main_relation", man) == [0]


def test_a_neighbour_who_is_busy_with_her_husband_does_not_help():
    """With share 1 she gives her husband all of his 2100 minutes. That is below 40 h = 2400, so she helps the neighbour
    too, 90; where busy begins at 30 h = 1800, she does not.
    """
    for busy, gift in ((40.0, True), (30.0, False)):
        village, man, neighbour = childless(needs={"busy_hours": busy}, spouse_care={"share": 1.0})
        husband = village.person(70, "m", village.of("household", neighbour)[0], 1, AVERAGE)
        village.marry(husband, neighbour)
        village.people["key"][neighbour] = village.key({"spouse_care.capacity": 0.5})
        village.month()
        assert village.left(husband) == [0, 0, 0]
        assert (neighbour in village.gifts(man)) == gift
        assert village.of("given", neighbour) == [2190 if gift else 2100]


def test_the_other_half_of_a_pair_comes_before_the_neighbour():
    """Another man alone, healthy, is paired with him: he needs 480 of company himself. In the second round each gives
    the other 180: he gets instrumental help, the other one company; then the neighbour gives one of the two 90.
    """
    village, man, neighbour = childless()
    other = village.person(76, "m", village.household(), 0, AVERAGE)
    village.people["pair"][man], village.people["pair"][other] = other, man
    village.month()
    assert village.gifts(man)[other] == (PAIR, SAME_VILLAGE, 0, 180, 0)
    assert village.gifts(other)[man] == (PAIR, SAME_VILLAGE, 0, 0, 180)
    assert sum(neighbour in village.gifts(row) for row in (man, other)) == 1
    assert village.of("given", man, other, neighbour) == [180, 180, 90]
    assert village.of("main_carer", man, other) == [other, NOBODY]


def test_a_happiness_home_keeps_its_members_company_in_a_ring():
    """Three live alone, healthy, 480 of company each; sorted by key each gives the next 2 h = 120, the last the first.
    A fourth in state 2 is not able and stays away.
    """
    village = Families(neighbour_care={"willing": 0.0})
    village.world.territory.home[0] = True
    members = [village.person(80, "f", village.household(), 0, AVERAGE) for _ in range(3)]
    stranger = village.person(80, "f", village.household(), 2, AVERAGE)
    a, b, c = sorted(members, key=lambda row: village.people["key"][row])
    village.month()
    for giver, receiver in ((a, b), (b, c), (c, a)):
        assert village.gifts(receiver) == {giver: (PEER, SAME_VILLAGE, 0, 0, 120)}
        assert village.left(receiver) == [0, 0, 360]
    assert village.of("given", a, b, c, stranger) == [120, 120, 120, 0]
    assert village.gifts(stranger) == {}


# --- a carer falls ill --------------------------------------------------------------------------------------


def test_a_carer_falls_ill_and_the_daughter_is_torn():
    """First month: the wife gives 3915 of 5220, the daughter next door, who can 1800, the last 1305.

    Then the wife falls into state 2: she gives nothing and needs 5220 too. The daughter divides her 1800 by two:
    900 personal each. 4320 stay on each side: (250 x 4320 + 2610)/5220 = 207; half of that, 103.
    """
    village, man, wife = couple()
    daughter = village.person(45, "f", village.household(), luck=FULL_CHILD, mother=wife, father=man)
    village.month()
    assert village.gifts(man) == {
        wife: (WIFE, SAME_HOME, 2100, 1815, 0),
        daughter: (DAUGHTER, SAME_VILLAGE, 0, 1305, 0),
    }
    assert village.of("unmet", man, wife) == [0, 0]
    assert village.of("main_carer", man, wife) == [wife, NOBODY]
    village.people["disability"][wife] = 2
    village.month()
    for parent in (man, wife):
        assert village.gifts(parent) == {daughter: (DAUGHTER, SAME_VILLAGE, 900, 0, 0)}
        assert village.left(parent) == [1200, 3120, 0]
    assert village.of("given", wife, daughter) == [0, 1800]
    assert village.of("capacity", wife, daughter) == [0, 1800]
    assert village.of("unmet", man, wife) == [103, 103]
    assert village.of("main_carer", man, wife) == [daughter, daughter]
    assert village.of("main_relation", man, wife) == [1 + DAUGHTER] * 2


def test_a_carer_who_dies_gives_nothing_any_more():
    """Afterwards the man lives alone: 5220 + 480 = 5700, and nobody comes: 250, half of it and of 31: 140."""
    village, man, wife = couple()
    village.month()
    assert village.of("unmet", man) == [31]
    village.people["state"][wife] &= 255 - 2 - 8
    village.people["household"][wife] = NOBODY
    village.people["spouse"][[man, wife]] = NOBODY
    village.people.touch([man, wife])
    village.month()
    assert village.needed(man) == [2100, 3120, 480]
    assert village.gifts(man) == {}
    assert village.of("unmet", man) == [140]
    assert village.of("given", wife) == [0]
    assert village.of("main_carer", man) == [NOBODY]


# --- a daughter-in-law --------------------------------------------------------------------------------------


def test_a_daughter_in_law_divides_herself_between_two_houses():
    """With 20 h for the main child and 10 h for others. Her mother-in-law, at home, needs 2100; her own father, a
    widower alone next door, 2100 + 480 = 2580. Her duty and her husband's are 4680 each.

    She: main child at home 1200 x .75 = 900, of which 900 x 2100/4680 = 403; her father 600 x 2580/4680 = 330.
    He: his mother 600 x 2100/4680 = 269; his father-in-law 600 x .25 = 150, of which 150 x 2580/4680 = 82.
    """
    village = Families(children_care={"main_hours": 20.0, "near_hours": 10.0})
    home = village.household()
    mother_in_law = village.person(75, "f", home, 1, AVERAGE)
    own_father = village.person(76, "m", village.household(), 1, AVERAGE)
    he = village.person(47, "m", home, luck=FULL_CHILD, mother=mother_in_law)
    she = village.person(45, "f", home, luck=FULL_CHILD, father=own_father)
    village.marry(he, she)
    village.month()
    assert village.gifts(mother_in_law) == {
        she: (DAUGHTER_IN_LAW, SAME_HOME, 0, 403, 0),
        he: (SON, SAME_HOME, 0, 269, 0),
    }
    assert village.gifts(own_father) == {
        she: (DAUGHTER, SAME_VILLAGE, 0, 330, 0),
        he: (SON_IN_LAW, SAME_VILLAGE, 0, 82, 0),
    }
    assert village.left(mother_in_law) == [0, 1428, 0]
    assert village.left(own_father) == [0, 1688, 480]
    assert village.of("given", she, he) == [733, 351]
    assert village.of("capacity", she, he) == [900, 600]


def wife_of_both():
    """A man of 64 in state 2, his wife of 58 who can 5400 x .5 = 2700 as a wife, his mother of 85 in state 1. As a
    daughter-in-law and main child she can 80 h x .75 = 3600.
    """
    village = Families(children_care={"main_hours": 80.0})
    home = village.household()
    mother = village.person(85, "f", home, 1, AVERAGE)
    man = village.person(64, "m", home, 2, AVERAGE, mother=mother)
    wife = village.person(58, "f", home, luck={"spouse_care.capacity": 0.0} | FULL_CHILD)
    village.marry(man, wife)
    return village, mother, man, wife


def test_what_a_wife_gives_her_husband_her_mother_in_law_does_not_get():
    """She can 3600 for her mother-in-law, less the 2700 given: 900."""
    village, mother, man, wife = wife_of_both()
    village.month()
    assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, 600, 0)}
    assert village.gifts(mother) == {wife: (DAUGHTER_IN_LAW, SAME_HOME, 0, 900, 0)}
    assert village.of("given", wife) == [3600]
    assert village.of("capacity", wife) == [2700 + 900]


# --- burden and work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("effect", "minutes"), [(1.0, 2295), (0.5, 3442), (0.0, 3915)])
def test_a_tired_wife_gives_less(effect, minutes):
    """A burden of 60 points: t = 1 - effect x 60/120 = .5, .75, 1. She can 4590 t = 2295, 3442, 4590 and does at most
    3915.
    """
    village, man, wife = couple(burden={"capacity_effect": effect})
    village.people["burden"][wife] = 6000
    village.month()
    assert village.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, minutes - 2100, 0)}


def test_a_tired_son_gives_less():
    """30 points: 1800 x .75 = 1350."""
    village, widow = widow_alone()
    son = village.person(50, "m", village.household(), luck=FULL_CHILD, mother=widow)
    village.people["burden"][son] = 3000
    village.month()
    assert village.gifts(widow) == {son: (SON, SAME_VILLAGE, 1350, 0, 0)}


@pytest.mark.parametrize(("place", "minutes"), [("village", 900), ("town", 480)])
def test_a_job_halves_what_a_child_near_by_gives_but_not_one_in_town(place, minutes):
    village, widow = widow_alone()
    where = {"place": TOWN} if place == "town" else {"household": village.household()}
    son = village.person(50, "m", luck=FULL_CHILD, mother=widow, **where)
    village.people["job"][son] = 1
    village.month()
    assert village.gifts(widow)[son][2:] == (minutes, 0, 0)


# --- the order of the sources -------------------------------------------------------------------------------


def run_in_order(village, order):
    """Run the cascade with its sources in an order, the other sources of the lever standing idle."""
    village.set("needs", **{"order": order})
    month = [process(name) for name in CASCADE]
    asked = {source.source for source in month}
    idle = [Process(name, lambda world: None, (), (), "", source=name) for name in order if name not in asked]
    for step in in_order(village.world, (*month, *idle)):
        step.run(village.world)


DEFAULT = ("spouse", "children", "neighbours", "volunteers", "time_bank")


@pytest.mark.parametrize(
    ("order", "from_son", "from_neighbour"),
    [
        # The son next door can 60 h = 3600, more than the 2580 needed: the neighbour is not needed.
        (DEFAULT, 2580, 0),
        # The neighbour first: 90, and the son does the other 2490.
        (("neighbours", "spouse", "children", "volunteers", "time_bank"), 2490, 90),
    ],
)
def test_neighbours_before_children(order, from_son, from_neighbour):
    village, man, neighbour = childless(children_care={"near_hours": 60.0})
    son = village.person(45, "m", village.household(), luck=FULL_CHILD, father=man)
    run_in_order(village, order)
    assert village.of("given", son, neighbour) == [from_son, from_neighbour]
    received = village.world.care.received[0]
    assert (received[CHILDREN], received[NEIGHBOURS]) == (from_son, from_neighbour)


@pytest.mark.parametrize(
    ("order", "from_wife", "from_daughter"),
    [
        (DEFAULT, 3915, 1305),
        # The daughter first: 1800 of 5220; the wife three quarters of the 3420 left.
        (("children", "spouse", "neighbours", "volunteers", "time_bank"), 2565, 1800),
    ],
)
def test_children_before_the_spouse(order, from_wife, from_daughter):
    village, man, wife = couple()
    daughter = village.person(45, "f", village.household(), luck=FULL_CHILD, mother=wife, father=man)
    run_in_order(village, order)
    assert village.of("given", wife, daughter) == [from_wife, from_daughter]
    received = village.world.care.received[0]
    assert (received[SPOUSE], received[CHILDREN]) == (from_wife, from_daughter)


@pytest.mark.parametrize(
    ("order", "to_mother", "to_man"),
    [
        (DEFAULT, 900, 2700),  # as a wife 2700; as a daughter-in-law 3600 less these
        # The mother first, who needs 2100; then 2700 less 2100.
        (("children", "spouse", "neighbours", "volunteers", "time_bank"), 2100, 600),
    ],
)
def test_who_is_wife_and_daughter_in_law_has_no_more_time_in_another_order(order, to_mother, to_man):
    village, mother, man, wife = wife_of_both()
    run_in_order(village, order)
    assert village.gifts(mother)[wife][2:] == (0, to_mother, 0)
    assert sum(village.gifts(man)[wife][2:]) == to_man
    assert village.of("capacity", wife)[0] <= 3600 + 600


def test_a_child_in_a_care_home_is_as_far_away_as_one_outside_the_county():
    """A telephone: 48 minutes of company, and nothing hands-on; the daughter-in-law who lives there is not asked."""
    village = Families()
    mother = village.person(85, "f", village.household(), 2, AVERAGE)
    son = village.person(62, "m", luck=FULL_CHILD, mother=mother, place=INSTITUTION)
    wife = village.person(60, "f", luck=FULL_CHILD, place=INSTITUTION)
    village.marry(son, wife)
    village.month()
    assert village.gifts(mother) == {son: (SON, AWAY, 0, 0, 48)}
    assert village.of("given", wife) == [0]
