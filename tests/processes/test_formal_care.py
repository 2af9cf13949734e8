"""Paid care on paper: entitled hours, the queue, vouchers, purchases, and the laws that hold for them.

An hour costs 30 yuan. A person's lasting factor on needs is .8 + .4 x .5 = 1, so that state 2 needs 35 h = 2100 minutes
of personal care and 52 h = 3120 minutes of help in the house, state 3 7800 and 3900.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest

from caresim.agents.care import ENTITLED, FORMAL, MEAL, PURCHASED, PURCHASED_CARE, SAME_HOME, SPOUSE, WIFE
from caresim.agents.checks import LawBroken, check_care
from caresim.agents.workforce import CERTIFIED, UNCERTIFIED, given_and_in_reach, hour_price
from caresim.kernel.clock import month_number
from caresim.kernel.columns import NOBODY, Column
from caresim.processes.income import Income
from tests.families import FAMILY_COLUMNS, ON_PAPER, Families
from tests.hamlet import NOW, Hamlet

COLUMNS = (
    ("entitled", np.uint16), ("care_wait", np.uint8), ("assessed", np.uint8), ("takes_up", np.uint8),
    ("benefits", np.int32), ("out_of_pocket", np.int32), ("meals", np.uint8),
)  # fmt: skip
PAPER = {
    "workforce": {
        "uncertified_start": 0,
        "certified_target": 10_000,
        "hiring": 1.0,
        "uncertified_personal": 0.5,
    },
    "entitled_care": {"crowd_out": 0.25},
    "purchased_care": {"hours": 0.0},
    "meals": {"minutes": 30.0, "staff": 9.0},
}
MONTH = (
    "living_arrangement",
    "needs",
    "entitled_care",
    "spouse_care",
    "formal_care",
    "purchased_care",
    "unmet_need",
)
Measure = namedtuple("Measure", "name funder")


class Formal(Families):
    """Families among whom elders may be entitled to hours of care workers.

    Each resident elder brings along a certified worker of so many hours (`workforce.hours`) a month.
    """

    def __init__(self, **changes):
        added = tuple(Column(name, dtype, 0, "", name, "test") for name, dtype in COLUMNS)
        Hamlet.__init__(self, FAMILY_COLUMNS + added, NOW)
        self.world.territory.trust[:] = 0.5
        for name, values in (ON_PAPER | PAPER).items():
            self.set(name, **values | changes.get(name, {}))
        self.granted = {}

    def elder(self, state, household=None, luck=0.5, **where):
        """Add an elder of 75 in a state as offices know it, who takes up what is due; return the row."""
        home = self.household() if household is None else household
        row = self.person(75, "m", home, state, {"needs.factor": luck}, **where)
        self.people["assessed"][row], self.people["takes_up"][row] = state, 1
        return row

    def couple(self, state):
        """Add an elder and a wife who gives .75 of the need, at most 4590 minutes."""
        home = self.household()
        man = self.elder(state, home)
        wife = self.person(72, "f", home, 0, {"needs.factor": 0.5, "spouse_care.capacity": 0.5})
        self.marry(man, wife)
        return man, wife

    def grant(self, name, funder, **fen):
        """Promise elders, by row, a service."""
        self.granted[name] = (funder, {int(row[1:]): value for row, value in fen.items()})

    def pass_month(self, *names):
        """Let claims be granted and a month pass."""
        world = self.world
        world.money.open()
        world.people["benefits"][:] = world.people["out_of_pocket"][:] = 0
        self._list_elders()
        world.claims.open(len(world.elders))
        for name, (funder, fen) in self.granted.items():
            claimed = np.array([fen.get(int(row), 0) for row in world.elders])
            world.claims.service(Measure(name, funder), claimed)
        world.claims.settle(None, np.zeros(len(world.elders), dtype=np.int64))
        self.month(*(names or MONTH))

    def _list_elders(self):
        people = self.people
        old = self.world.month - people["born"][: people.n] >= 720
        self.world.elders = np.flatnonzero(old)

    def paid(self):
        return {" ".join(key): fen for key, fen in self.world.money.month.items()}


def insured(place, *rows, hours=20.0):
    place.grant("long_term_care_insurance", "insurance", **{f"r{row}": int(hours * 3000) for row in rows})


# --- entitled care and the family -----------------------------------------------------------------------------


def test_a_family_that_could_give_leaves_a_quarter_of_the_hours_to_workers():
    """Of 1200 entitled minutes 300 are kept from the wife: she gives .75 of the other 4920 minutes, 3690, instead of
    3915; workers give their 1200; 5220 - 3690 - 1200 = 330 stay unmet."""
    place = Formal()
    man, wife = place.couple(2)
    insured(place, man)
    place.pass_month()
    assert place.gifts(man) == {
        wife: (WIFE, SAME_HOME, 2100, 1590, 0),
        NOBODY: (ENTITLED, SAME_HOME, 0, 1200, 0),
    }
    assert place.left(man) == [0, 330, 0]
    assert place.paid() == {"long_term_care_insurance insurance care_workers": 60_000}


def test_without_displacement_the_family_gives_as_if_nobody_were_entitled():
    place = Formal(entitled_care={"crowd_out": 0.0})
    man, wife = place.couple(2)
    insured(place, man)
    place.pass_month()
    assert place.gifts(man)[wife] == (WIFE, SAME_HOME, 2100, 1815, 0)
    assert place.world.care.received[0, [SPOUSE, FORMAL]].tolist() == [3915, 1200]


def test_only_hours_that_are_used_are_paid():
    """Of the 2100 minutes 300 are kept from a wife who would do all; workers give these, not their 1200."""
    place = Formal(spouse_care={"share": 1.0})
    man, wife = place.couple(2)
    place.people["disability"][man] = (
        1  # offices do not know yet that 2100 minutes in the house are all he needs
    )
    insured(place, man)
    place.pass_month()
    assert place.gifts(man) == {
        wife: (WIFE, SAME_HOME, 0, 1800, 0),
        NOBODY: (ENTITLED, SAME_HOME, 0, 300, 0),
    }
    assert place.world.workforce.month.displaced == 300
    assert place.paid() == {"long_term_care_insurance insurance care_workers": 15_000}


def test_workers_may_come_before_the_family():
    """1200 minutes of personal care first; then the wife gives .75 of 4020."""
    place = Formal(entitled_care={"first": 1.0})
    man, wife = place.couple(2)
    insured(place, man)
    place.pass_month()
    assert place.gifts(man) == {
        NOBODY: (ENTITLED, SAME_HOME, 1200, 0, 0),
        wife: (WIFE, SAME_HOME, 900, 2115, 0),
    }


# --- the queue --------------------------------------------------------------------------------------------------


def demanded(place):
    """Return the minutes asked of workers, and those that whoever asked could have had."""
    force = place.world.workforce
    given, in_reach = given_and_in_reach(force.capacity, force.pool, force.lent)
    return given + force.month.missing, in_reach


def queue(hours):
    """Two moderately and one severely disabled elder, each entitled to 20 h, and workers of so many hours for each."""
    place = Formal(workforce={"hours": hours})
    first, second, severe = place.elder(2), place.elder(2), place.elder(3)
    insured(place, first, second, severe)
    return place, first, second, severe


def formal(place, *rows):
    care = place.world.care
    return [int(care.received[place._case(row), FORMAL]) for row in rows]


def test_in_a_queue_the_severely_disabled_come_first_then_who_has_waited():
    """Workers of 10 h an elder give 1800 minutes: 1200 to the severe, 600 to one of the others, by lot."""
    place, first, second, severe = queue(10.0)
    place.pass_month()
    assert formal(place, severe) == [1200]
    assert sorted(formal(place, first, second)) == [0, 600]
    assert place.of("care_wait", first, second, severe) == [1, 1, 0]
    month = place.world.workforce.month
    assert (month.promised, month.given, month.waiting, month.short) == (3600, 1800, 2, 1800)
    assert place.paid() == {"long_term_care_insurance insurance care_workers": 90_000}
    place.people["care_wait"][[first, second]] = 1, 2
    place.pass_month()
    assert formal(place, severe, second, first) == [1200, 600, 0]
    assert place.of("care_wait", first, second, severe) == [2, 3, 0]


def test_enough_workers_leave_nobody_waiting():
    place, *rows = queue(20.0)
    place.pass_month()
    assert formal(place, *rows) == [1200] * 3
    assert place.of("care_wait", *rows) == [0, 0, 0]
    assert place.world.workforce.pool.sum() == 0


def test_families_do_not_count_on_workers_who_are_not_there():
    place = Formal(workforce={"certified_target": 0})
    man, wife = place.couple(2)
    insured(place, man)
    place.pass_month()
    assert place.gifts(man) == {wife: (WIFE, SAME_HOME, 2100, 1815, 0)}
    assert place.of("care_wait", man) == [1]
    assert place.paid() == {}


def test_uncertified_workers_do_half_of_the_personal_care_and_all_of_the_house():
    """Of 130 h they may do 65 h = 3900 minutes, then 65 h in the house."""
    place = Formal(workforce={"certified_target": 0, "uncertified_start": 10_000, "hours": 200.0})
    severe = place.elder(3)
    insured(place, severe, hours=195.0)
    place.pass_month()
    assert place.gifts(severe) == {NOBODY: (ENTITLED, SAME_HOME, 3900, 3900, 0)}
    assert place.world.workforce.queue.given.tolist() == [[0, 7800]]


def test_remote_villages_get_half_the_hours_of_an_elder():
    """Weights 1 and .5 share 2 workers of 30 h."""
    place = Formal(workforce={"hours": 30.0, "remote_reach": 0.5})
    near, far = place.elder(3), place.elder(3, village=1)
    place.world.territory.remote[1] = True
    insured(place, near, far, hours=100.0)
    place.pass_month()
    assert formal(place, near, far) == [2400, 1200]


def test_workers_on_loan_serve_the_village_that_they_are_lent_to():
    place = Formal(workforce={"certified_target": 0, "hours": 30.0})
    near, far = place.elder(3), place.elder(3, village=1)
    place.world.territory.remote[1] = True
    place.world.workforce.loaned = np.array([0.0, 2.0])
    insured(place, near, far, hours=100.0)
    place.pass_month()
    assert formal(place, near, far) == [0, 3600]


# --- buying -----------------------------------------------------------------------------------------------------


def test_a_voucher_buys_hours_at_the_price_and_only_what_is_spent_is_paid():
    """300 yuan buy 10 h; the second elder needs 35 h and holds 1500 yuan, worth 50 h."""
    place = Formal()
    one, other = place.elder(2), place.elder(1)
    place.grant("care_vouchers", "local", **{f"r{one}": 30_000, f"r{other}": 150_000})
    place.pass_month()
    assert place.gifts(one) == {NOBODY: (PURCHASED_CARE, SAME_HOME, 600, 0, 0)}
    assert place.gifts(other) == {NOBODY: (PURCHASED_CARE, SAME_HOME, 0, 2100, 0)}
    assert place.paid() == {"care_vouchers local providers": 30_000 + 105_000}
    assert place.of("out_of_pocket", one, other) == [0, 0]


@pytest.mark.parametrize(
    ("income", "minutes"),
    [
        (180_000, 240),  # 4 h, as an elder with 1800 yuan wishes
        (0, 0),
        (36_000, 126),  # 4 h x .2^.4 = 126 minutes, for less than a fifth of 360 yuan
        (9_000, 36),  # a fifth of 90 yuan pays for 36 minutes
        (5_760_000, 960),  # 4 h x 32^.4 = 16 h
    ],
)
def test_rich_and_poor_buy_what_they_can_spare(income, minutes):
    place = Formal(purchased_care={"hours": 4.0})
    row = place.elder(2)
    place.people["income"][row] = income
    place.pass_month()
    assert place.world.care.received[0, PURCHASED] == minutes
    assert place.of("out_of_pocket", row) == [minutes * 50]
    assert place.paid() == ({"purchased_care elders providers": minutes * 50} if minutes else {})


@pytest.mark.parametrize(
    ("billed", "minutes"),
    [(100_000, 240), (168_000, 240), (170_000, 200), (179_950, 1), (180_000, 0), (250_000, 0)],
)
def test_what_other_bills_leave_is_what_can_be_spent(billed, minutes):
    """Of 1,800 yuan an elder would spend 120 on 4 hours, 50 fen a minute; bills of before come first."""
    place = Formal(purchased_care={"hours": 4.0})
    row = place.elder(2)
    place.people["income"][row] = 180_000
    place.pass_month(*MONTH[:-2])
    place.world.month -= 1
    place.people["out_of_pocket"][row] = billed
    place.world.money.pay("hospital", "elders", "hospitals", billed)
    place.month("purchased_care")
    assert place.world.care.received[0, PURCHASED] == minutes
    assert place.of("out_of_pocket", row) == [billed + 50 * minutes]


def test_at_a_higher_price_less_is_bought_and_each_hour_costs_more():
    """At 60 yuan 4 h x 2^-.4 = 181 minutes (180 yuan 88 fen)."""
    place = Formal(purchased_care={"hours": 4.0})
    place.world.workforce.wage = 2.0
    row = place.elder(2)
    place.people["income"][row] = 180_000
    place.pass_month()
    assert place.world.care.received[0, PURCHASED] == 181
    assert place.of("out_of_pocket", row) == [18_100]


def test_who_is_in_state_0_buys_nothing_and_vouchers_come_before_money():
    place = Formal(purchased_care={"hours": 4.0}, workforce={"hours": 5.0})
    well, rich, voucher = place.elder(0), place.elder(2), place.elder(2)
    place.people["income"][[well, rich]] = 180_000
    place.grant("care_vouchers", "local", **{f"r{voucher}": 42_000})
    place.pass_month()  # 15 h are there, 14 of them for the voucher
    assert place.gifts(voucher)[NOBODY][2:] == (840, 0, 0)
    assert place.of("out_of_pocket", well, rich) == [0, 3_000]
    month = place.world.workforce.month
    assert (month.wished, month.bought, month.by_voucher) == (1080, 900, 840)


# --- the market -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "wage"),
    [
        (1.0, 1.02),  # 240 minutes are asked of workers with 60: four times as much
        (4.0, 1.0),
        (4.2, 0.990476),  # 252 minutes for 240: a twentieth of 1.05 idle, times .2
        (20.0, 0.98),
    ],
)
def test_the_price_follows_what_is_asked_and_what_can_be_given(hours, wage):
    place = Formal(purchased_care={"hours": 4.0}, workforce={"hours": hours})
    row = place.elder(2)
    place.people["income"][row] = 180_000
    place.pass_month(*MONTH, "workforce")
    assert place.world.workforce.wage == pytest.approx(wage, abs=1e-6)


def test_idle_hours_in_a_remote_village_count_against_those_missing_nearby():
    """Near and far teams have 3 h each, and 4 h are asked for nearby: 3 are given, but 6 could be."""
    place = Formal(purchased_care={"hours": 4.0}, workforce={"hours": 3.0, "remote_reach": 1.0})
    place.world.territory.remote[1] = True
    near, _ = place.elder(2), place.elder(0, village=1)
    place.people["income"][near] = 180_000
    place.pass_month(*MONTH, "workforce")
    month = place.world.workforce.month
    assert (month.wished, month.bought) == (240, 180)
    assert place.world.workforce.wage == pytest.approx(0.98)


def test_workers_on_loan_who_wait_for_work_do_not_lower_the_price_elsewhere():
    """4 h are asked for nearby and 3 can be given; the others' 100 h are for a village that asks for none."""
    place = Formal(purchased_care={"hours": 4.0}, workforce={"hours": 3.0, "price_speed": 0.05})
    place.world.territory.remote[1] = True
    place.world.workforce.loaned = np.array([0.0, 100 / 3])
    near = place.elder(2)
    place.people["income"][near] = 180_000
    place.pass_month(*MONTH, "workforce")
    assert demanded(place)[1] == 180
    assert place.world.workforce.wage == pytest.approx(1.0 + 0.05 / 3)


def test_entitled_hours_that_nobody_can_give_raise_the_price():
    place, *_ = queue(10.0)
    place.pass_month(*MONTH, "workforce")
    assert demanded(place)[0] == 3600
    assert place.world.workforce.wage == pytest.approx(1.02)


def test_the_price_of_an_hour_grows_with_incomes():
    place = Formal()
    place.world.parameters["income"] = Income(growth_year=0.03)
    place.world.month = month_number("2030-01")
    assert hour_price(place.world) == int(3000 * 1.03**10 + 0.5)


@pytest.mark.parametrize(("wage", "hours", "stays"), [(2.0, 1.0, 2.0), (20 / 30, 200.0, 20 / 30)])
def test_the_price_stays_between_20_and_60_yuan(wage, hours, stays):
    place = Formal(purchased_care={"hours": 4.0}, workforce={"hours": hours})
    row = place.elder(2)
    place.people["income"][row] = 180_000
    place.world.workforce.wage = wage
    place.pass_month(*MONTH, "workforce")
    assert place.world.workforce.wage == pytest.approx(stays)


def staff(workers, skilled=(0.0, 0.0), **rules):
    """Return the care workers of ten elders who ask for nothing, a month later; the price of an hour is held."""
    place = Formal(workforce={"price_speed": 0.0, "hiring": 0.8} | rules)
    for _ in range(10):
        place.elder(0)
    force = place.world.workforce
    force.workers, force.skilled = np.array(workers), np.array(skilled)
    place.pass_month("needs", "entitled_care", "workforce")
    return force


def test_a_twelfth_of_the_year_s_leaving_hiring_and_training_falls_on_each_month():
    """Of 8 uncertified .7^(1/12) stay, 1 - .2^(1/12) of those missing to 10 come, and a sixth of one is certified."""
    force = staff([0.0, 8.0], uncertified_start=10_000, certified_target=0, trained=2_000)
    stay = 8.0 * 0.7 ** (1 / 12)
    assert force.workers[CERTIFIED] == pytest.approx(2 / 12)
    assert force.workers[UNCERTIFIED] == pytest.approx(stay + (1 - 0.2 ** (1 / 12)) * (10.0 - stay) - 2 / 12)
    assert force.turnover == pytest.approx(0.3)


def test_no_jump_in_january():
    """Workers of the start stay as many as they are, whatever the month."""
    place = Formal(workforce={"price_speed": 0.0, "hiring": 0.8, "uncertified_start": 9_000})
    for _ in range(10):
        place.elder(0)
    seen = []
    for _ in range(14):
        place.pass_month("needs", "entitled_care", "workforce")
        seen.append(place.world.workforce.workers.copy())
    assert np.allclose(seen, seen[0])


@pytest.mark.parametrize("pay", [{"premium": 0.5}, {}])
def test_who_is_paid_more_comes_sooner_and_stays_longer(pay):
    """Half more pay: 15 certified workers would come for 10, and .3/1.5 leave for .3."""
    force = staff([10.0, 0.0], certified_target=10_000, uncertified_start=0, **pay)
    extra = 1.0 + pay.get("premium", 0.0)
    stay = 10.0 * (1.0 - 0.3 / extra) ** (1 / 12)
    found = 1 - 0.2 ** (1 / 12)
    assert force.workers[CERTIFIED] == pytest.approx(stay + found * (10.0 * extra - stay))


# --- grades -----------------------------------------------------------------------------------------------------


def test_workers_who_are_evaluated_rise_a_grade_in_proportion_to_those_below_the_highest():
    """2.4 of ten elders' workers a year are .2 a month: 6/8 of them juniors, 2/8 of the middle grade; nobody leaves."""
    force = staff([10.0, 0.0], (2.0, 2.0), turnover=0.0, hiring=0.0, evaluated=2_400)
    assert force.skilled.tolist() == pytest.approx([2.0 + 0.15 - 0.05, 2.05])
    assert force.workers.tolist() == [10.0, 0.0]


def test_winners_of_competitions_become_seniors_as_far_as_there_is_a_middle_grade():
    some = staff([10.0, 0.0], (2.0, 0.0), turnover=0.0, hiring=0.0, winners=1_200)
    assert some.skilled.tolist() == pytest.approx([1.9, 0.1])
    none = staff([10.0, 0.0], turnover=0.0, hiring=0.0, winners=1_200)
    assert none.skilled.tolist() == [0.0, 0.0]


def test_a_grade_s_pay_keeps_those_who_have_it():
    force = staff([10.0, 0.0], (4.0, 4.0), hiring=0.0, premium_middle=0.2, premium_senior=0.5, quits=1.0)
    expected = [4.0 * (1 - 0.3 / 1.2) ** (1 / 12), 4.0 * (1 - 0.3 / 1.5) ** (1 / 12)]
    assert force.skilled.tolist() == pytest.approx(expected)
    assert force.workers[CERTIFIED] == pytest.approx(sum(expected) + 2.0 * 0.7 ** (1 / 12))
    same = staff([10.0, 0.0], (4.0, 4.0), hiring=0.0, premium_middle=0.2, premium_senior=0.5, quits=0.0)
    assert same.turnover == pytest.approx(0.3)


def test_skilled_workers_guide_the_uncertified_to_do_more():
    """Of ten certified 4 are of the middle grade and 2 senior: .4 of .2 come to the half of personal care."""
    place = Formal()
    for _ in range(10):
        place.elder(0)
    place.world.workforce.workers, place.world.workforce.skilled = np.array([10.0, 0.0]), np.array([4.0, 2.0])
    place.pass_month("needs", "entitled_care")
    assert place.world.workforce.personal[0] == pytest.approx(0.58)


# --- meals ------------------------------------------------------------------------------------------------------


def test_meals_save_help_in_the_house_before_the_family_gives_any():
    """22 meals save 660 of 3120 minutes; the wife gives .75 of the other 4560; the kitchen works 22 x 9 minutes."""
    place = Formal(meals={"subsidy": 12.0})
    man, wife = place.couple(2)
    place.grant("meal_aid", "local", **{f"r{man}": 22 * 1_200})
    place.pass_month("living_arrangement", "needs", "meals", *MONTH[2:])
    assert place.gifts(man) == {
        NOBODY: (MEAL, SAME_HOME, 0, 660, 0),
        wife: (WIFE, SAME_HOME, 2100, 1320, 0),
    }
    month = place.world.workforce.month
    assert (month.meals, month.meal_minutes, month.meal_staff) == (22, 660, 198)
    assert place.of("meals", man, wife) == [22, 0]
    assert place.paid() == {"meal_aid local suppliers": 26_400}
    place.granted = {}
    place.pass_month("living_arrangement", "needs", "meals", *MONTH[2:])
    assert place.of("meals", man) == [0]


# --- laws -------------------------------------------------------------------------------------------------------


def lawful():
    place, *rows = queue(10.0)
    place.pass_month()
    place.world.month -= 1
    check_care(place.world)
    return place, rows


def overspend(place):
    place.world.workforce.pool[0, 0] = -1


def forget_minutes(place):
    place.world.workforce.pool[0, 0] += 60


def keep_reserved(place):
    place.world.workforce.reserved[0, 0] = 5


def invent_respite(place):
    place.world.workforce.month.respite = 60


def invent_nursing(place):
    place.world.workforce.month.beds = 60


def forget_nursing(place):
    """Workers' time for a stay is noted that nobody received."""
    place.world.workforce.month.stay_staff, place.world.workforce.month.stays = 0, 60


def invent_meals(place):
    place.world.workforce.month.meal_minutes = 30


def forget_staff(place):
    place.set("meals", staff=9.0)
    place.world.workforce.month.meals = 1


def cut_entitlement(place):
    place.people["entitled"][:] = 60


def overtake(place):
    queue = place.world.workforce.queue
    queue.rank[:] = queue.rank[::-1].copy()


def serve_the_last(place):
    queue = place.world.workforce.queue
    queue.short[0], queue.given[1, 0] = 10, 10


@pytest.mark.parametrize(
    ("breach", "law"),
    [
        (overspend, "care workers give no more than their time"),
        (keep_reserved, "care workers give no more than their time"),
        (forget_minutes, "minutes of care workers ="),
        (invent_respite, "minutes of care workers ="),
        (invent_nursing, "minutes of care workers ="),
        (forget_nursing, "minutes of bought care received ="),
        (invent_meals, "minutes that meals met"),
        (forget_staff, "minutes that meals met"),
        (cut_entitlement, "entitled care received <= entitlement"),
        (overtake, "nobody overtakes"),
        (serve_the_last, "nobody overtakes"),
    ],
)
def test_a_broken_law_is_found(breach, law):
    place, _ = lawful()
    breach(place)
    with pytest.raises(LawBroken, match=law):
        check_care(place.world)
