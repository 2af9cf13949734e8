"""Social work on paper: six stages, hours, queues, groups, what they leave behind.

Statistical tests allow five standard errors: each errs once in 1.7 million worlds, and the world is a fixed one.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents import social_work as station
from caresim.agents.care import ALONE, LONELY
from caresim.agents.checks import LawBroken, check_care
from caresim.agents.clients import TURN, points_of
from caresim.agents.group_work import LASTING, SESSION, part_sizes
from caresim.agents.people import ELDER, LIVING_RESIDENT
from caresim.agents.reception import alone_minutes, group_minutes
from caresim.agents.social_work import CASE, COMMUNITY, FORMER, GROUP, GROUP_WORK, HELD, STAGE
from caresim.indicators import social_work as read
from caresim.kernel.draws import uniform, uniform_k
from caresim.processes import assessment, care_schemes, loneliness, social_ties, social_work, volunteering
from caresim.recorder import number
from tests.hamlet import Hamlet

DEPRIVED = 126
"""The least share of need unmet, in 250ths, that is severe."""
CERTAIN = {"attendance": 1.0, "fidelity": 1.0, "consolidation": 0.0}
QUIET = {"noise": 0.0, "stable_spread": 0.0, "no_child_near": 0.0, "alone": 0.0, "visit_gain": 0.0}


class County(Hamlet):
    """Elders of a county whose station has so many minutes a month.

    Args:
        n: elders, all in the first village.
        minutes: staff minutes of the month.
        rules: rules of social work.
    """

    def __init__(self, n, minutes, **rules):
        super().__init__(catalogue.columns())
        world = self.world
        world.parameters = {name: group() for name, group in catalogue.parameter_groups().items()}
        for _ in range(n):
            row = self.add(72, "f", self.household())
            self.people["state"][row] |= ELDER
        world.elders = np.arange(n)
        per = (minutes + 0.5) / station.WORKER_MINUTES * 10_000 / n
        self.set("social_work", **{"workers": per, **rules})
        self.set("loneliness", **QUIET)
        self.set("social_ties", organised=0.0)

    def set(self, name, **values):
        world = self.world
        world.parameters[name] = world.parameters[name].model_copy(update=values)

    def months(self, n=1, feel=False):
        for _ in range(n):
            social_work.work(self.world)
            if feel:
                social_ties.keep_company(self.world)
                loneliness.feel(self.world)
            check_care(self.world)
            self.world.month += 1

    def stages(self):
        return (self.people["client"][: self.people.n] & STAGE).tolist()

    @property
    def done(self):
        return self.world.station.done


def neglected(minutes=10_000, n=1, **rules):
    """Return a county in which everybody is severely deprived."""
    county = County(n, minutes, case_share=1.0, group_share=0.0, **rules)
    county.people["unmet"][:n] = DEPRIVED
    return county


def lonely(n=12, minutes=10_000, **rules):
    """Return a county in which everybody is lonely and able to go out."""
    county = County(n, minutes, case_share=0.0, group_share=1.0, **CERTAIN | rules)
    county.people["mood"][:n] = LONELY
    return county


# --- stages and hours ---------------------------------------------------------------------------------------


def test_case_work_takes_seven_months_and_fourteen_and_a_half_hours():
    """1 h, 2 h, 1 h, four contacts, two contacts (1.5 h each), 1 h, half an hour; then the case is closed."""
    county = neglected()
    for stage, minutes, held in (
        (1, 60, 0), (2, 120, 0), (3, 60, 0), (4, 360, 4), (4, 180, 6), (5, 60, 7), (6, 30, 7), (7, 0, 7),
    ):  # fmt: skip
        county.months()
        assert county.stages() == [stage]
        assert county.done.spent[CASE] == minutes == county.done.client_minutes
        assert county.done.spent[COMMUNITY] == 10_000 - minutes
        assert county.people["sessions"][0] & HELD == held
    assert county.done.completed == 1
    assert alone_minutes(social_work.SocialWork()) == 870, "60 + 120 + 60 + 6 x 90 + 60 + 30"
    assert group_minutes(social_work.SocialWork()) == 420, "60 + 120 + 60 + 6 x 180/12 + 60 + 30"


def test_who_lacks_hours_waits_in_the_stage():
    """100 minutes: reception (60); no room for estimation (120) in the next month, nor ever."""
    county = neglected(minutes=100)
    county.months()
    assert county.stages() == [1]
    county.months(3)
    assert county.stages() == [1]
    assert county.people["client_clock"][0] == 3


def test_former_clients_rest_a_year_before_they_are_referred_again():
    county = neglected(again=3)
    county.months(8)
    assert county.stages() == [FORMER]
    seen = []
    for _ in range(4):
        county.months()
        seen += county.stages()
    assert seen == [FORMER, FORMER, 1, 2]


def test_who_dies_or_moves_away_is_no_client_any_more():
    county = neglected(n=3)
    county.months(2)
    county.people.die(np.array([0]))
    county.people.leave(np.array([1]), np.array([3], dtype=np.uint8))
    county.world.elders = np.array([2])
    county.set("social_work", workers=10_000.0)
    county.months()
    assert county.stages() == [0, 0, 3]
    assert county.done.dropped == 2


def test_without_workers_clients_are_let_go_and_nothing_happens_any_more():
    county = neglected()
    county.months(2)
    county.set("social_work", workers=0.0)
    county.months()
    assert (county.stages(), county.done.dropped, sum(county.done.spent)) == ([0], 1, 0)
    county.months()
    assert county.done == station.Done()


# --- queue --------------------------------------------------------------------------------------------------


def test_the_queue_goes_by_priority_then_months_then_draw():
    """A caseload of one: first who lives alone; then, of two equals, who has waited longer; then by the draw."""
    county = neglected(n=4, minutes=100, again=120)
    county.people["unmet"][:4] = DEPRIVED, DEPRIVED, DEPRIVED, 0
    county.people["arrangement"][2] = ALONE
    received = []
    for change in (None, None, 3):
        if change is not None:
            county.people["unmet"][change] = DEPRIVED
        county.months()
        received += [row for row in np.flatnonzero(county.people["client"][:4]) if row not in received]
        county.people["client"][received] = FORMER
    word = county.world.draws.word(TURN, 0)
    luck = [uniform(word, key) for key in county.people["key"][:2]]
    assert received == [2, *np.argsort(luck).tolist()]


def test_priority_is_two_for_deprivation_two_for_grief_one_each_for_living_alone_and_loneliness():
    county = County(5, 100)
    people, month = county.people, county.world.month
    people["unmet"][:5] = 250, 0, 0, 0, 126
    people["widowed"][:5] = month - 4, month - 3, -32768, -32768, month
    people["arrangement"][2], people["arrangement"][4] = ALONE, ALONE
    people["mood"][3], people["mood"][4] = LONELY, LONELY
    columns = [people[name] for name in ("mood", "unmet", "widowed", "arrangement")]
    assert [points_of(row, *columns, month - 3) for row in range(5)] == [2, 2, 1, 1, 6]


def test_the_list_is_as_long_as_the_hours_of_the_coming_months_allow():
    """1,000 minutes for 7 months, 870 a client: 8 open cases; the ninth waits."""
    county = neglected(n=12, minutes=1000)
    county.months()
    assert (county.done.received, county.done.waiting) == (8, 4)
    assert np.count_nonzero(county.people["client"][:12]) == 8


def test_clients_of_groups_take_no_place_of_case_work():
    """1,000 of 2,000 minutes are for case work: 8 open cases, however many are in a group."""
    county = neglected(n=20, minutes=2000)
    county.set("social_work", case_share=0.5, group_share=0.5)
    county.people["client"][:8] = station.INTERVENTION | GROUP_WORK
    county.months()
    assert np.count_nonzero(county.people["client"][8:20]) == county.done.received == 8


# --- groups -------------------------------------------------------------------------------------------------


def test_a_group_of_twelve_meets_four_times_and_twice():
    """Reception, estimation, planning: 60, 120, 60 minutes a head; six sessions of 3 h; evaluation and closing."""
    county = lonely()
    for stage, minutes, held in (
        (1, 720, 0), (2, 1440, 0), (3, 720, 0), (4, 720, 4), (4, 360, 6), (5, 720, 7), (6, 360, 7), (7, 0, 7),
    ):  # fmt: skip
        county.months()
        assert county.stages() == [stage] * 12
        assert county.done.spent[GROUP] == minutes
        assert set((county.people["sessions"][:12] & HELD).tolist()) == {held}
        if held in (4, 6):
            sessions = 4 if held == 4 else 2
            assert (county.done.invited, county.done.attended) == (12 * sessions, 12 * sessions)
            assert county.done.client_minutes == 12 * sessions * 90, (
                "staff 3 h, each member an hour and a half"
            )
    assert (county.people["client"][:12] == FORMER | GROUP_WORK).all()


def test_sessions_go_on_when_hours_allow():
    """400 minutes pay for two sessions of 180 a month; planning is skipped by hand."""
    county = lonely(8, 400)
    county.people["client"][:8] = station.PLANNING | GROUP_WORK
    held = []
    for _ in range(4):
        county.months()
        held.append(int(county.people["sessions"][0] & HELD))
    assert held == [2, 4, 6, 7]


@pytest.mark.parametrize(
    ("n", "sizes"),
    [(7, []), (8, [8]), (12, [12]), (13, [12]), (15, [12]), (16, [8, 8]), (25, [9, 8, 8]), (36, [12] * 3)],
)
def test_groups_have_eight_to_twelve_members(n, sizes):
    assert part_sizes(n, 8, 12).tolist() == sizes


def test_seven_lonely_are_not_received_for_a_group_and_villages_of_two_townships_make_none():
    county = lonely(7)
    county.months()
    assert county.done.received == 0
    county = lonely(14)
    county.people["village"][7:14] = 1
    county.months()
    assert county.done.received == 0
    county.world.territory.township[:] = 0
    county.months()
    assert county.done.received == 12


def test_for_whom_no_group_comes_about_is_helped_alone():
    county = lonely(9)
    county.set("social_work", case_share=0.5, group_share=0.5)
    county.months(3)
    assert county.stages() == [3] * 9
    county.people.die(np.array([0, 1]))
    county.world.elders = np.arange(2, 9)
    county.people["mood"][:9] = 0
    for months in range(4):
        county.months()
        alone = county.people["client"][2] & GROUP_WORK == 0
        assert alone == (months == 3), months
    assert county.stages()[2:] == [4] * 7


def test_attendance_and_what_lasts_are_keyed():
    county = lonely(12, attendance=0.6, consolidation=0.5)
    county.people["client"][:12] = station.PLANNING | GROUP_WORK
    months = [county.world.month, county.world.month + 1]
    county.months(2)
    draws = county.world.draws
    last = draws.word(LASTING, 0)
    for i in range(12):
        key = county.people["key"][i]
        came = [
            uniform_k(draws.word(SESSION, months[session > 3]), key, session) < 0.6 for session in range(6)
        ]
        assert county.people["sessions"][i] >> station.CREDIT_BITS == 2 * sum(came)
        lasts = came[5] and uniform(last, key) < 0.5
        assert bool(county.people["client"][i] & station.CONSOLIDATED) == lasts


def test_attendance_and_fidelity_are_those_of_the_parameters():
    # 600 members: 3600 invitations with a standard error of 0.0065; 300 sessions of 50 groups with one of .017.
    county = lonely(600, 1_000_000, attendance=0.85, fidelity=0.9)
    county.people["client"][:600] = station.PLANNING | GROUP_WORK
    county.months()
    first = county.done
    assert first.sizes == [12] * 50
    county.months()
    came, planned = first.attended + county.done.attended, first.scripted + county.done.scripted
    assert came / 3600 == pytest.approx(0.85, abs=5 * math.sqrt(0.85 * 0.15 / 3600))
    assert planned / 300 == pytest.approx(0.9, abs=5 * math.sqrt(0.9 * 0.1 / 300))


# --- what it changes ----------------------------------------------------------------------------------------


def test_a_group_takes_away_point_sixteen_which_fades():
    """1600 ten-thousandths, then floor(.88 x): 1408, 1239; consolidated floor(.94 x): 1504, 1413."""
    for consolidation, later in ((0.0, [1408, 1239]), (1.0, [1504, 1413])):
        county = lonely(consolidation=consolidation)
        county.set("social_ties", group=0.0)
        county.people["client"][:12] = station.PLANNING | GROUP_WORK
        county.people["mood"][:12] = 0
        seen = []
        for _ in range(4):
            county.months(feel=True)
            seen.append((int(county.people["relief"][0]), int(county.people["loneliness"][0])))
        assert seen[0] == (0, 0)
        assert [relief for relief, _ in seen[1:]] == [1600, *later]
        assert seen[1][1] == -160


def test_case_work_takes_away_point_twelve():
    county = neglected()
    county.set("loneliness", from_unmet=0.0)
    relief = []
    for _ in range(6):
        county.months(feel=True)
        relief.append(int(county.people["relief"][0]))
    assert relief == [0, 0, 0, 0, 1200, 1056]


def test_what_is_attended_counts():
    """9 of 12 credits: .75 of .16; ties and self-efficacy by .75 of .3, which fade like all ties."""
    county = lonely(1)
    people, world = county.people, county.world
    people["client"][0], people["sessions"][0] = station.INTERVENTION | GROUP_WORK, 6 | 9 << 4
    world.station.relieving = True
    social_ties.keep_company(world)
    loneliness.feel(world)
    assert (people["ties"][0], people["efficacy"][0], people["relief"][0]) == (225, 225, 1200)
    people["sessions"][0] += 1
    world.month += 1
    social_ties.keep_company(world)
    assert people["ties"][0] == 198


def test_a_visit_a_month_takes_away_a_tenth_in_the_long_run():
    county = lonely(1)
    county.set("loneliness", visit_gain=0.1)
    people, world = county.people, county.world
    people["called_on"][0], world.station.relieving = 1, True
    for _ in range(100):
        loneliness.feel(world)
        world.month += 1
    assert people["relief"][0] == pytest.approx(1000, abs=10)  # floors of .88 x, less than 1/.12 short


def test_members_are_likelier_to_volunteer():
    """The lasting draw decides: between .02 and .07 only who was in a group registers."""
    county = lonely(400)
    people, world = county.people, county.world
    people["client"][:200] = FORMER | GROUP_WORK
    people["client"][200:400] = FORMER
    world.station.relieving = True
    county.set("volunteering", registration=0.02, group_willing=0.05, retention=1.0, organised=0.0)
    volunteering.begin(world)
    luck = np.array([uniform(world.draws.word(volunteering.JOIN, 0), key) for key in people["key"][:400]])
    limit = np.where(np.arange(400) < 200, 0.07, 0.02)
    assert np.array_equal(people["volunteer"][:400] != 0, luck < limit)
    assert read.volunteers_won(world) == np.count_nonzero((luck < limit) & (luck >= 0.02)) > 0


def test_community_work_raises_trust_towards_what_it_holds_up():
    """100 elders, 120 minutes: 2 h for 100 elders, .08 of trust; a twentieth of the way each month."""
    county = County(100, 120, case_share=0.0, group_share=0.0)
    trust = county.world.territory.trust
    trust[:] = 0.5, 0.9
    county.months()
    assert trust[0] == pytest.approx(0.5 + 0.05 * 0.08)
    county.months(200)
    assert trust[0] == pytest.approx(0.58, abs=1e-4)
    assert trust[1] == np.float32(0.9), "nobody lives there, so nobody works there"


# --- evaluation ---------------------------------------------------------------------------------------------


def world_of_trial(with_group):
    """Return elders with noise in their lives, those above the threshold in a group or not."""
    county = lonely(240, 1_000_000, attendance=0.8)
    county.set("loneliness", noise=0.285, stable_spread=0.8)
    county.people["mood"][:240] = 0
    loneliness.feel(county.world)
    county.world.month += 1
    chosen = np.flatnonzero(county.people["mood"][:240] & LONELY)
    county.set("social_work", group_share=1.0 if with_group else 0.0)
    if with_group:
        county.people["client"][chosen] = station.PLANNING | GROUP_WORK
    before = county.people["loneliness"][chosen].copy()
    county.months(2, feel=True)
    return county, chosen, before


def test_the_effect_against_twins_is_that_of_two_worlds_and_the_naive_one_holds_the_regression_to_the_mean():
    treated, chosen, before = world_of_trial(True)
    untreated, same, _ = world_of_trial(False)
    assert np.array_equal(chosen, same)
    members = chosen[treated.people["sessions"][chosen] & HELD == 6]
    assert len(members) >= 40
    difference = (
        treated.people["loneliness"][members] - untreated.people["loneliness"][members].astype(int)
    ) / 1000
    world = treated.world
    world.month -= 1
    assert number(read.effects, "against_twins")(world) == pytest.approx(
        difference.mean(), abs=0.0015
    )  # rounded thousandths
    fallen = (
        treated.people["loneliness"][members].astype(int) - before[np.isin(chosen, members)]
    ).mean() / 1000
    assert number(read.effects, "naive")(world) == pytest.approx(fallen, abs=1e-9)
    assert number(read.effects, "naive")(world) < number(read.effects, "against_twins")(world) - 0.05


# --- leaks --------------------------------------------------------------------------------------------------


def test_clients_take_up_what_is_due_and_those_who_would_not_are_leaks_closed():
    """The lasting draw lies below .65 for who takes it up anyway; of 300 elders 100 are, and 50 were, clients."""
    county = County(300, 0)
    people, world = county.people, county.world
    county.set("assessment", take_up=0.65)
    people["client"][:100], people["client"][100:150] = station.RECEPTION, FORMER
    world.station.relieving = True
    assessment.assess(world)
    shy = np.array(
        [uniform(world.draws.word(assessment.TAKE_UP, 0), key) >= 0.65 for key in people["key"][:300]]
    )
    assert np.array_equal(people["takes_up"][:300] == 0, shy & (np.arange(300) >= 150))
    assert number(read.clients, "leaks")(world) == np.count_nonzero(shy[:150]) > 0


# --- nothing without it -------------------------------------------------------------------------------------


def test_without_workers_nothing_is_written():
    county = lonely()
    county.set("social_work", workers=0.0)
    county.months(3, feel=True)
    for name in ("client", "client_clock", "sessions", "group_number", "before_group", "relief"):
        assert not county.people[name][:12].any(), name
    assert not county.world.station.in_use
    assert not county.world.station.relieving


def test_the_order_of_rows_decides_nothing():
    """The same 60 people in the opposite order: the same clients, groups and sessions, by key."""
    found = []
    for turn in (1, -1):
        county = lonely(60, 5000, attendance=0.7, consolidation=0.5)
        county.set("social_work", case_share=0.4, group_share=0.4)
        people = county.people
        people["key"][:60] = np.arange(1000, 1060)[::turn]
        of = people["key"][:60] % 3
        people["unmet"][:60] = np.where(of == 0, DEPRIVED, 0)
        people["arrangement"][:60] = np.where(people["key"][:60] % 2 == 0, ALONE, 0)
        county.months(9)
        names = ("client", "client_clock", "sessions", "group_number")
        order = np.argsort(people["key"][:60])
        found.append(np.array([people[name][:60][order] for name in names]))
    assert found[0].any()
    assert np.array_equal(*found)


# --- laws ---------------------------------------------------------------------------------------------------


def in_a_group():
    county = lonely(12)
    county.people["client"][:12] = station.PLANNING | GROUP_WORK
    social_work.work(county.world)
    return county


def overspend(county):
    county.done.spent[GROUP] = county.done.minutes + 1


def crowd(county):
    county.done.sizes[0] = 13


def thin_out(county):
    county.done.sizes[0] = 7


def bury(county):
    county.people["state"][3] &= ~np.uint8(LIVING_RESIDENT)


def lead_astray(county):
    county.people["client"][4] = station.EVALUATION | GROUP_WORK


def push_in(county):
    queue = station.Turn(np.array([300, 600]), np.array([0.5, 0.5]), np.array([True, False]))
    county.done.turns.append(queue)


def push_in_among_equals(county):
    queue = station.Turn(np.array([300, 300]), np.array([0.5, 0.4]), np.array([True, False]))
    county.done.turns.append(queue)


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (overspend, "no more minutes than they have"), (crowd, "as many members as are allowed"),
        (thin_out, "as many members as are allowed"), (bury, "a client is alive"),
        (lead_astray, "in the intervention of group work"), (push_in, "before somebody with a higher rank"),
        (push_in_among_equals, "before somebody with a higher rank"),
    ],
)  # fmt: skip
def test_each_law_is_found_broken(broken, law):
    county = in_a_group()
    check_care(county.world)
    broken(county)
    with pytest.raises(LawBroken, match=law):
        check_care(county.world)


# --- schemes ------------------------------------------------------------------------------------------------


def test_schemes_end_with_their_reasons_and_links_only_grow_with_efficiency():
    """Whoever is linked at a lower efficiency is linked at a higher one, too; half of 300 are linked at .5."""
    county = County(300, 0)
    people, world = county.people, county.world
    people["assessed"][:300], people["client"][:300] = 1, FORMER
    world.station.in_use = True
    linked = []
    for linking in (0.0, 0.5, 0.9, 1.0):
        county.set("care_schemes", linking=linking)
        care_schemes.plan_services(world)
        linked.append(people["linked"][:300] != 0)
    assert [found.sum() for found in linked] == sorted(found.sum() for found in linked)
    assert not linked[0].any()
    assert linked[3].all()
    assert not (linked[1] & ~linked[2]).any()
    # 300 draws at .5: five standard errors are 43.
    assert linked[1].sum() == pytest.approx(150, abs=43)
    check_care(world)
    people["client"][:300], world.station.in_use = 0, False
    county.set("care_schemes", share=0.5)
    care_schemes.plan_services(world)
    assert 0 < np.count_nonzero(people["scheme"][:300]) < 300
    assert not people["linked"][:300].any()
    county.set("care_schemes", share=0.0)
    care_schemes.plan_services(world)
    assert not people["scheme"][:300].any()


@pytest.mark.parametrize(
    ("column", "value", "law"),
    [
        ("scheme", 0, "nobody is linked but"),
        ("linked", 16, "nobody is linked but"),
        ("place", 4, "who has a scheme"),
    ],
)
def test_a_broken_law_of_schemes_is_told(column, value, law):
    county = County(1, 0)
    people = county.people
    people["scheme"][0], people["linked"][0] = 128 | 16 | 4, 4
    check_care(county.world)
    people[column][0] = value
    with pytest.raises(LawBroken, match=law):
        check_care(county.world)
