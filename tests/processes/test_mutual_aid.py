"""Happiness homes and mutual-aid pairs: who pairs with whom on paper, and how both grow and shrink.

Statistical tests allow five standard errors: each errs once in 1.7 million worlds, and the world is a fixed one.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.agents.care import WITH_CHILD
from caresim.agents.compaction import compact
from caresim.agents.people import ELDER, INSTITUTION, LIVING_RESIDENT, NOBODY, TOWN
from caresim.agents.place import Territory
from caresim.kernel.draws import purpose, uniform
from tests.families import Families, process

ERRORS = 5.0


class Elders(Families):
    """Elders who all seek a partner unless a test says otherwise; nobody parts of his own accord."""

    def __init__(self, n=0, **changes):
        super().__init__(mutual_aid={"pair_share": 1.0, "part_year": 0.0} | changes)
        self.rows = [self.elder() for _ in range(n)]

    def elder(self, village=0, household=None):
        return self.person(70, "f", self.household() if household is None else household, village=village)

    def seek(self, month=None):
        """Let a month of mutual aid pass."""
        self.world.elders = self.people.who(LIVING_RESIDENT | ELDER)
        self.month("mutual_aid")

    def by_turn(self):
        """Return the elders in the order in which they seek this month."""
        stream = self.world.draws.word(purpose("mutual_aid.seek"), self.world.month)
        return sorted(self.rows, key=lambda row: uniform(stream, self.people["key"][row]))

    def pairs(self):
        """Return the pairs, each once; every partner must point back."""
        pair = self.people["pair"][: self.people.n]
        paired = np.flatnonzero(pair != NOBODY)
        assert np.array_equal(pair[pair[paired]], paired)
        return {(int(i), int(pair[i])) for i in paired if i < pair[i]}


def as_pairs(*rows):
    return {tuple(sorted(two)) for two in zip(rows[::2], rows[1::2], strict=True)}


def test_an_odd_number_of_seekers_leaves_one_for_the_next_who_comes():
    village = Elders(5)
    first, second, third, fourth, fifth = village.by_turn()
    village.seek()
    assert village.pairs() == as_pairs(first, second, third, fourth)
    late = village.elder()
    village.seek()
    assert village.pairs() == as_pairs(first, second, third, fourth, fifth, late)


def test_two_of_one_household_stay_unpaired_this_month_and_the_next_two_pair():
    village = Elders(4)
    first, second, third, fourth = village.by_turn()
    village.people["household"][second] = village.people["household"][first]
    village.seek()
    assert village.pairs() == as_pairs(third, fourth)
    village.rows = [first, second]
    village.seek()
    assert village.pairs() == as_pairs(third, fourth)
    village.people["household"][second] = village.household()
    village.seek()
    assert village.pairs() == as_pairs(first, second, third, fourth)


def test_seekers_of_two_villages_do_not_meet():
    village = Elders()
    village.elder(village=0)
    there = [village.elder(village=1), village.elder(village=1)]
    village.seek()
    assert village.pairs() == as_pairs(*there)


@pytest.mark.parametrize(
    ("column", "value"),
    [("disability", 2), ("dementia", 1), ("place", INSTITUTION), ("arrangement", WITH_CHILD)],
)
def test_who_does_not_seek(column, value):
    village = Elders(2)
    village.people[column][village.rows[0]] = value
    village.seek()
    assert village.pairs() == set()


def test_an_elder_in_state_1_seeks_and_one_whose_willingness_is_lower_than_the_share_does_not():
    village = Elders(2)
    village.people["disability"][village.rows] = 1
    village.set("mutual_aid", pair_share=0.0)
    village.seek()
    assert village.pairs() == set()
    village.set("mutual_aid", pair_share=1.0)
    village.seek()
    assert village.pairs() == as_pairs(*village.rows)


def widowed_of_partner(village, row):
    village.people.die(np.array([row]))


def gone_to_town(village, row):
    village.people.leave(np.array([row]), np.array([TOWN], dtype=np.uint8))


def off_the_register(village, row):
    village.people.deregister(np.array([row]), np.array([TOWN], dtype=np.uint8))


def to_the_other_village(village, row):
    village.people["village"][row] = 1


def into_a_care_home(village, row):
    village.people["place"][row] = INSTITUTION


def both_in_state_2(village, row):
    village.people["disability"][village.rows] = 2


@pytest.mark.parametrize(
    "event",
    [
        widowed_of_partner,
        gone_to_town,
        off_the_register,
        to_the_other_village,
        into_a_care_home,
        both_in_state_2,
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_pair_parts(event, which):
    village = Elders(2)
    village.seek()
    event(village, village.rows[which])
    village.seek()
    assert village.of("pair", *village.rows) == [NOBODY, NOBODY]


def test_a_pair_stays_together_while_one_of_the_two_is_well():
    village = Elders(2)
    village.seek()
    village.people["disability"][village.rows[0]] = 3
    village.people["dementia"][village.rows[1]] = 1
    village.seek()
    assert village.pairs() == as_pairs(*village.rows)


def test_two_who_leave_together_have_parted_when_they_come_home():
    village = Elders(2, part_year=0.0)
    village.seek()
    who = np.array(village.rows)
    homes = village.people["household"][who].copy()
    village.people.leave(who, np.array([TOWN, TOWN], dtype=np.uint8))
    village.seek()
    village.set("mutual_aid", pair_share=0.0)
    village.people.come_home(who, homes)
    village.seek()
    assert village.of("pair", *village.rows) == [NOBODY, NOBODY]


def test_a_partner_who_left_the_register_is_let_go_after_the_rows_were_renumbered():
    village = Elders(3)
    child = village.person(30, "m", village.household(), mother=village.rows[0])
    village.seek()
    ((stays, goes),) = village.pairs()
    for row, partner in ((stays, goes), (goes, stays)):
        village.people["mother"][child] = row
        assert village.people["pair"][row] == partner
    village.people.deregister(np.array([goes]), np.array([TOWN], dtype=np.uint8))
    compact(village.people)
    pair, n = village.people["pair"], village.people.n
    assert np.any(pair[:n] >= n)
    village.set("mutual_aid", pair_share=0.0)
    village.seek()
    assert np.all(pair[:n] == NOBODY)


def test_pairs_part_of_their_own_accord_at_the_rate_that_is_set():
    village = Elders(2000)
    village.seek()
    assert len(village.pairs()) == 1000
    village.set("mutual_aid", pair_share=0.0, part_year=0.6)
    village.seek()
    expected, error = 1000 * 0.95, math.sqrt(1000 * 0.05 * 0.95)
    assert abs(len(village.pairs()) - expected) < ERRORS * error


@pytest.mark.parametrize("trust", [0.1, 0.5, 1.0])
def test_pairs_grow_with_trust(trust):
    village = Elders(3000)
    village.world.territory.trust[:] = trust
    village.set("mutual_aid", pair_share=0.2, part_year=0.0)
    village.seek()
    share = 0.2 * 2 * trust
    assert abs(2 * len(village.pairs()) - 3000 * share) < ERRORS * math.sqrt(3000 * share * (1 - share)) + 1


# --- happiness homes ----------------------------------------------------------------------------------------


def villages(n, trust=0.5, **changes):
    """Return a hamlet whose territory has many villages without people."""
    hamlet = Families(mutual_aid={"home_share": 0.5, "opening_year": 0.6, "closing_year": 0.6} | changes)
    none = np.zeros(n, dtype=np.float32)
    hamlet.world.territory = Territory(np.arange(n, dtype=np.uint64), np.zeros(n, dtype=np.int16), none, none, none,
                                       none > 0, none == 0)  # fmt: skip
    hamlet.world.territory.trust[:] = trust
    return hamlet


def far_off(found, n, share):
    """Return how many standard errors a count is away from a share of n."""
    return abs(found - n * share) / math.sqrt(n * share * (1 - share))


@pytest.mark.parametrize("trust", [0.3, 0.5, 0.9])
def test_homes_open_where_there_are_means_and_trust(trust):
    hamlet = villages(20_000, trust)
    hamlet.month("mutual_aid")
    assert far_off(hamlet.world.territory.home.sum(), 20_000, 0.5 * 0.6 / 12 * 2 * trust) < ERRORS


@pytest.mark.parametrize("trust", [0.1, 0.5, 0.7])
def test_homes_close_where_trust_is_lacking(trust):
    hamlet = villages(20_000, trust, home_share=1.0)
    hamlet.world.territory.home[:] = True
    hamlet.month("mutual_aid")
    closed = 20_000 - hamlet.world.territory.home.sum()
    assert far_off(closed, 20_000, 0.6 / 12 * 2 * (1 - trust)) < ERRORS


def test_in_full_trust_no_home_closes_and_without_trust_none_opens():
    hamlet = villages(500, 1.0, home_share=1.0, closing_year=1.0)
    hamlet.world.territory.home[:] = True
    hamlet.month("mutual_aid")
    assert hamlet.world.territory.home.all()
    hamlet = villages(500, 0.0, home_share=1.0, opening_year=1.0)
    hamlet.month("mutual_aid")
    assert not hamlet.world.territory.home.any()


def test_homes_close_at_once_when_the_means_end_and_only_there():
    hamlet = villages(2000, home_share=0.8, closing_year=0.0, opening_year=0.0)
    hamlet.world.territory.home[:] = True
    hamlet.month("mutual_aid")
    many = hamlet.world.territory.home.copy()
    assert far_off(many.sum(), 2000, 0.8) < ERRORS
    hamlet.set("mutual_aid", home_share=0.3, closing_year=0.0, opening_year=0.0)
    hamlet.month("mutual_aid")
    few = hamlet.world.territory.home
    assert far_off(few.sum(), 2000, 0.3) < ERRORS
    assert not np.any(few & ~many)


def test_homes_of_the_start_are_as_many_as_in_the_long_run():
    hamlet = villages(
        20_000, trust_low=0.3, trust_high=0.3, home_share=1.0, opening_year=1.0, closing_year=0.5
    )
    process("mutual_aid").begin(hamlet.world)
    share = 1.0 * 0.3 / (1.0 * 0.3 + 0.5 * 0.7)
    assert far_off(hamlet.world.territory.home.sum(), 20_000, share) < ERRORS
    for _ in range(24):
        hamlet.month("mutual_aid")
    assert far_off(hamlet.world.territory.home.sum(), 20_000, share) < ERRORS


def test_there_is_no_home_at_the_start_where_none_ever_opens():
    hamlet = villages(50, home_share=1.0, opening_year=0.0, closing_year=0.0)
    process("mutual_aid").begin(hamlet.world)
    assert not hamlet.world.territory.home.any()


def test_trust_is_spread_evenly_between_its_ends():
    hamlet = villages(10_000, trust_low=0.2, trust_high=0.8)
    process("mutual_aid").begin(hamlet.world)
    trust = hamlet.world.territory.trust
    assert trust.dtype == np.float32
    assert trust.min() >= np.float32(0.2)
    assert trust.max() <= np.float32(0.8)
    assert abs(trust.mean() - 0.5) < ERRORS * 0.6 / math.sqrt(12 * 10_000)
    assert far_off((trust < 0.35).sum(), 10_000, 0.25) < ERRORS
