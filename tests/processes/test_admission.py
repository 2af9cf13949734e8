"""Care homes on paper: one bed and two who want it, a bed kept, one too dear, a death, a home that fails."""

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.bed_laws import bed_fault
from caresim.agents.care import ALONE, DESTITUTE, POOR
from caresim.agents.home_choice import support_of
from caresim.agents.home_moves import move_in
from caresim.agents.institutions import NO_HOME, PRIVATE, PUBLIC
from caresim.agents.money import FEN
from caresim.agents.people import ALIVE, ELDER, INSTITUTION, PRESENT, VILLAGE
from caresim.agents.policy import Policy
from caresim.agents.situations import situations
from caresim.kernel.columns import NOBODY
from caresim.policies.institution_subsidy import InstitutionSubsidy, subsidy
from caresim.processes.admission import admit
from caresim.processes.homes import run_homes
from caresim.processes.needs import open_book
from tests.hamlet import Hamlet

SURE = {"consider": 1.0, "base": 20.0, "leave": 0.0, "recovered": 0.0, "unpaid": 0.0}
"""Everybody in need considers a home, and nobody prefers to stay."""
RICH = 1_000_000
"""Fen a month; a home on paper asks for 1,000 yuan, which is a tenth of it."""


class County(Hamlet):
    """A hamlet with a home or more, everything else switched off."""

    def __init__(self, **changes):
        super().__init__(catalogue.columns())
        groups = {name: group() for name, group in catalogue.parameter_groups().items()}
        for name, values in {"admission": {}, "homes": {}, **changes}.items():
            values = (SURE if name == "admission" else {}) | values
            groups[name] = groups[name].model_copy(update=values)
        self.groups = groups
        self.world.enact(groups, Policy())

    def home(self, beds=1, nursing=None, price=1000.0, ownership=PUBLIC, **values):
        nursing = beds if nursing is None else nursing
        growth = self.groups["income"].growth(2020)
        return self.world.homes.add(np.full(4, price / growth), beds=beds, nursing=nursing, ownership=ownership,
                                    key=77, **values)  # fmt: skip

    def elder(self, age=80, sex="f", disability=2, means=0, income=RICH, **where):
        house = where.pop("household", None)
        row = self.add(age, sex, self.household() if house is None else house, **where)
        self.people["state"][row] |= ELDER
        for name, value in (("disability", disability), ("assessed", disability), ("takes_up", 1), ("means", means),
                            ("income", income), ("arrangement", ALONE)):  # fmt: skip
            self.people[name][row] = value
        self.world.elders = np.append(self.world.elders, row)
        return row

    def month(self, homes=False):
        admit(self.world)
        if homes:
            run_homes(self.world)
        found = bed_fault(self.world)
        assert found is None, found
        self.world.month += 1

    def home_of(self, *rows):
        return [int(self.people["home"][row]) for row in rows]


def test_the_destitute_come_first():
    """One bed, two who apply in the same month: the destitute one gets it, the other waits for home 0 (-2)."""
    county = County()
    county.home()
    ordinary, destitute = county.elder(), county.elder(means=DESTITUTE | POOR)
    county.month()
    assert county.home_of(ordinary, destitute) == [-2, 0]
    assert county.people["place"][[ordinary, destitute]].tolist() == [VILLAGE, INSTITUTION]
    assert county.people["household"][destitute] == NOBODY
    assert county.people["home_since"][ordinary] == county.world.month - 1


def test_who_applied_first_comes_first():
    """Equal priority, one applied a month before; then the lower key."""
    county = County()
    county.home(beds=2)
    first, second, third = (county.elder() for _ in range(3))
    county.people["home"][third], county.people["home_since"][third] = -2, county.world.month - 1
    county.month()
    assert county.home_of(first, second, third) == [0, -2, 0]
    assert sorted(county.world.homes.waits.tolist()) == [0, 1]


def test_nobody_overtakes_later():
    """The bed that a death frees goes to the one who waits, not to the newcomer of a lower key."""
    county = County()
    county.home()
    a, b = county.elder(), county.elder()
    county.month()
    assert county.home_of(a, b) == [0, -2]
    late = county.elder()
    county.people["key"][late] = 0
    county.people.die(np.array([a]))
    county.world.elders = np.array([b, late])
    county.month()
    assert county.home_of(a, b, late) == [NO_HOME, 0, -2]
    assert county.world.homes.waits.tolist() == [1]


def test_reserved_beds_wait_for_basic_targets():
    """Two beds, half of them reserved: the second ordinary elder waits beside an empty bed; a poor disabled one
    takes it.
    """
    county = County(homes={"reserved_share": 0.5})
    county.home(beds=2)
    a, b = county.elder(), county.elder()
    county.month()
    assert county.home_of(a, b) == [0, -2]
    poor = county.elder(means=POOR)
    county.month()
    assert county.home_of(a, b, poor) == [0, -2, 0]


def test_private_homes_reserve_nothing():
    county = County(homes={"reserved_share": 0.5})
    county.home(beds=2, ownership=PRIVATE)
    a, b = county.elder(), county.elder()
    county.month()
    assert county.home_of(a, b) == [0, 0]


@pytest.mark.parametrize(("income", "home"), [(111_112, 0), (111_110, NO_HOME)])
def test_a_home_must_be_affordable(income, home):
    """1,000 yuan are .9 of 1,111.11: with a fen less nobody moves in or waits. No savings."""
    county = County()
    county.home(ownership=PRIVATE)
    elder = county.elder(income=income)
    county.people["savings"][elder] = 0
    county.month()
    assert county.home_of(elder) == [home]


@pytest.mark.parametrize(("savings", "home"), [(3_600_000, 0), (3_599_900, NO_HOME)])
def test_savings_last_three_years(savings, home):
    """No income: 36,000 yuan pay 1,000 a month over 36 months."""
    county = County()
    county.home(ownership=PRIVATE)
    elder = county.elder(income=0)
    county.people["savings"][elder] = savings
    county.month()
    assert county.home_of(elder) == [home]


def test_public_homes_take_the_destitute_for_what_they_have():
    """500 yuan of income: a private home is out of reach, a public one takes .9 of it, 450 yuan, of a fee of 1,000."""
    county = County(homes={"quality_loneliness": (0.0, 0.0)})
    county.home(ownership=PRIVATE, price=1000.0)
    county.home(price=1000.0)
    elder = county.elder(income=50_000, means=DESTITUTE | POOR)
    county.month(homes=True)
    assert county.home_of(elder) == [1]
    assert county.world.money.month["home_fees", "elders", "homes"] == 45_000
    assert county.people["out_of_pocket"][elder] == 45_000


def test_who_needs_personal_care_needs_a_nursing_bed():
    county = County()
    county.home(beds=2, nursing=1)
    a, b, healthy = county.elder(), county.elder(), county.elder(disability=0)
    county.month()
    assert county.home_of(a, b, healthy) == [0, -2, 0]


def test_support_makes_a_home_affordable():
    """1,000 yuan less 600 of support for state 2 are 400, which .9 of 450 pays; without, not."""
    for aid, home in ((600.0, 0), (500.0, NO_HOME)):
        county = County(admission=SURE | {"aid_moderate": aid})
        county.home(ownership=PRIVATE)
        elder = county.elder(age=75, income=45_000)
        county.people["savings"][elder] = 0
        county.month()
        assert county.home_of(elder) == [home]


@pytest.mark.parametrize(("column", "value", "home"), [("takes_up", 0, NO_HOME), ("assessed", 1, NO_HOME),
                                                       ("assessed", 3, 0), ("disability", 3, 0)])  # fmt: skip
def test_support_counts_for_who_claims_it_as_offices_have_assessed_him(column, value, home):
    """The elder of the test before: what offices know decides, whatever the true state; who claims nothing has none."""
    county = County(admission=SURE | {"aid_moderate": 600.0, "aid_severe": 600.0})
    county.home(ownership=PRIVATE)
    elder = county.elder(age=75, income=45_000)
    county.people["savings"][elder] = 0
    county.people[column][elder] = value
    county.month()
    assert county.home_of(elder) == [home]


def test_a_resident_without_support_cannot_stay():
    """The same fee as above for who lives in the home already: unpaid, he leaves at once; with his support he stays."""
    for takes_up, home in ((1, 0), (0, NO_HOME)):
        county = County(admission=SURE | {"aid_moderate": 600.0, "unpaid": 1.0, "consider": 0.0})
        county.home(ownership=PRIVATE)
        elder = county.elder(age=75, income=45_000)
        for name, value in (("savings", 0), ("takes_up", takes_up)):
            county.people[name][elder] = value
        columns = (county.people[name] for name in ("home", "home_since", "state", "place", "household"))
        move_in(np.array([elder]), np.array([0]), county.world.month, *columns)
        county.month()
        assert county.home_of(elder) == [home]


def test_admission_counts_on_what_the_measure_pays_in_every_situation():
    levers = InstitutionSubsidy(amount=800.0)
    residents = situations()
    fen = subsidy(levers, residents)
    for k in np.flatnonzero(residents.in_home):
        who = (residents.assessed[k], residents.means[k], residents.age[k])
        assert FEN * support_of(1, *who, levers.sums()) == fen[k]
        assert support_of(0, *who, levers.sums()) == 0.0


def test_a_death_frees_a_bed():
    county = County()
    county.home()
    a, b = county.elder(), county.elder()
    county.month()
    dead, heir = (a, b) if county.people["home"][a] == 0 else (b, a)
    county.people.die(np.array([dead]))
    county.world.elders = np.array([heir])
    county.month()
    assert county.home_of(dead, heir) == [NO_HOME, 0]


def test_who_left_the_county_frees_a_bed_too():
    county = County()
    county.home()
    a, b = county.elder(), county.elder()
    county.month()
    county.people.leave(np.array([a]), np.array([2], dtype=np.uint8))
    county.world.elders = np.array([b])
    county.month()
    assert county.home_of(a, b) == [NO_HOME, 0]


def test_a_home_fails_and_its_residents_go_home():
    """The husband stays in the couple's household; his wife moves in, and back to him when the home closes.

    The home earns 1,000 yuan a month; 20 beds cost 6,000 and she some 1,200. It owes six months' cost, some 43,000,
    after seven months, and closes in the eighth.
    """
    county = County()
    county.home(beds=20, ownership=PRIVATE)
    house = county.household()
    man, wife = county.elder(sex="m", disability=0, household=house), county.elder(household=house)
    county.marry(man, wife)
    county.people["arrangement"][man] = 0
    county.month(homes=True)
    assert county.home_of(man, wife) == [NO_HOME, 0]
    assert county.people["household"][[man, wife]].tolist() == [house, NOBODY]
    months = 1
    while county.world.homes.open[0]:
        county.month(homes=True)
        months += 1
    assert months == 8
    assert county.home_of(wife) == [NO_HOME]
    assert county.people["household"][wife] == house
    assert county.people["place"][wife] == VILLAGE
    assert county.world.homes["cash"].sum() == county.world.money.balance["homes"] == 0


def test_residents_of_a_home_that_closes_find_another_if_there_is_one():
    county = County()
    county.home(beds=2, ownership=PRIVATE)
    elder = county.elder()
    county.month()
    county.home(beds=2)
    county.world.homes["closing"][0] = True
    county.month()
    assert county.home_of(elder) == [1]
    assert county.world.homes.exits == 1


def test_staff_decide_what_residents_receive():
    """State 2: 35 + 52 h are needed, 30 h of staff are the standard. At half the staff half of the need is met."""
    county = County(homes={"staffing": 0.5, "thrift": 1.0})
    county.home()
    elder = county.elder()
    county.month(homes=True)
    table = county.world.homes
    assert (table["required"][0], table["staffed"][0]) == (1800, 900)
    assert table["met"][0] == table["need"][0] // 2
    assert (
        county.people["unmet"][elder] == (250 * (table["need"][0] - table["met"][0]) // table["need"][0]) // 2
    )


def test_rows_may_stand_in_any_order():
    """Ten elders and five beds: the same keys are admitted whatever the order of rows."""
    found = set()
    for order in (range(10), reversed(range(10))):
        county = County()
        county.home(beds=5)
        rows = {}
        for k in order:
            rows[k] = county.elder(means=DESTITUTE | POOR if k in (3, 8) else 0)
            county.people["key"][rows[k]] = 1000 + k
        county.month()
        found.add(tuple(k for k in range(10) if county.people["home"][rows[k]] == 0))
    assert found == {(0, 1, 2, 3, 8)}


def test_without_homes_nothing_happens():
    county = County()
    elder = county.elder()
    before = {name: array.copy() for name, array in county.people.arrays.items()}
    county.month(homes=True)
    assert county.home_of(elder) == [NO_HOME]
    assert all(np.array_equal(before[name], array) for name, array in county.people.arrays.items())
    assert county.world.money.month == {}


def lodged():
    county = County()
    county.home(beds=2)
    a, b = county.elder(), county.elder()
    county.month()
    return county, a, b


@pytest.mark.parametrize(
    ("law", "break_it"),
    [
        ("occupants are no more", lambda c, a, b: c.world.homes["beds"].__setitem__(0, 1)),
        ("nursing beds are no more than beds", lambda c, a, b: c.world.homes["nursing"].__setitem__(0, 3)),
        ("place is an institution", lambda c, a, b: c.people["place"].__setitem__(a, VILLAGE)),
        ("a home that exists", lambda c, a, b: c.people["home"].__setitem__(a, 7)),
        ("a home that exists", lambda c, a, b: c.people["home"].__setitem__(a, -9)),
        ("a closed home", lambda c, a, b: c.world.homes["closed"].__setitem__(0, c.world.month)),
        ("no household", lambda c, a, b: c.people["household"].__setitem__(a, 0)),
        ("cash of all homes", lambda c, a, b: c.world.homes["cash"].__setitem__(0, 1)),
    ],
)
def test_broken_laws_are_found(law, break_it):
    county, a, b = lodged()
    assert bed_fault(county.world) is None
    break_it(county, a, b)
    assert law in bed_fault(county.world)[0]


def test_overtaking_is_found():
    county = County()
    county.home()
    county.elder()
    county.elder()
    county.month()
    assert bed_fault(county.world) is None
    county.world.homes.admitted[0, 3] += 5  # as if the one with the bed had applied later
    assert "overtakes" in bed_fault(county.world)[0]


def test_the_dead_and_the_absent_need_no_bed():
    county, a, _ = lodged()
    county.people["state"][a] &= ~np.uint8(ALIVE | PRESENT)
    assert bed_fault(county.world) is None


def test_moving_in_leaves_the_household():
    county = County()
    county.home()
    elder = county.elder()
    columns = (county.people[name] for name in ("home", "home_since", "state", "place", "household"))
    move_in(np.array([elder]), np.array([0]), county.world.month, *columns)
    assert bed_fault(county.world) is None
    assert county.people["household"][elder] == NOBODY


def test_a_need_lasts_from_the_village_into_the_home():
    """Twenty, some with dementia, each with luck of its own, need as many minutes on either side of the door."""
    county = County()
    county.home(beds=20)
    for k in range(20):
        row = county.elder(disability=2 + k % 2)
        county.people["dementia"][row], county.people["arrangement"][row] = k % 3 == 0, 0
    open_book(county.world)
    outside = county.people["need"][county.world.elders].astype(int)
    assert len(set(outside.tolist())) > 10
    county.month(homes=True)
    assert county.home_of(*range(20)) == [0] * 20
    assert county.world.homes["need"].tolist() == [outside.sum()]
