"""What holds of every starting world, and what it says of kin and households.

At 30,000 residents the defaults give (model / source):

    living children of women, rural China 2020: 60-64 2.4 / 2.4, 65-69 2.7 / 2.6, 70-74 3.1 / 3.1,
    75-79 3.7 / 3.7, 80+ 4.1 / 4.1; women of 15-64, rural China 2010 1.5 / 1.57
    60 and over without a living child: 2010 .07 / .07
    60 and over with a child of theirs in the household: rural China 2010 .44 / .41 (.38-.44, all of China)
    household size, one person, one generation, with 65+ in 2010:
    rural China 3.31 .11 .33 .25 / 3.36 .12 .28 .24, rural Heilongjiang 3.05 .10 .37 .16 / 3.07 .11 .31 .17
"""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents.compaction import compact
from caresim.agents.people import ALIVE, COLUMNS, ELDER, MARRIED, NEVER, NEVER_MARRIED, VILLAGE, WIDOWED
from caresim.synthesis.places import read_place
from tests.synthesis.worlds import Census, household_indicators, world_of

PLACES = [("rural_heilongjiang", 2010), ("rural_china", 2020), ("baiquan", 2010)]
CHILDREN_2020 = {(60, 65): (2.1, 2.7), (65, 70): (2.3, 3.0), (70, 75): (2.8, 3.5), (75, 80): (3.3, 4.1),
                 (80, 110): (3.6, 4.6)}  # fmt: skip


def fingerprint(world) -> str:
    people = world.people
    digest = hashlib.sha256()
    for array in (*people.arrays.values(), *vars(world.territory).values()):
        if isinstance(array, np.ndarray):
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


@pytest.fixture(scope="module", params=PLACES, ids=lambda case: f"{case[0]}-{case[1]}")
def world(request):
    return world_of(*request.param)


@pytest.fixture(scope="module")
def census(world):
    return Census(world)


def test_residents_follow_the_census_to_the_person(world, census):
    expected = 6000 * world.place.residents / world.place.residents.sum()
    counted = np.zeros(expected.shape)
    np.add.at(counted, (census.female[census.present].astype(int), census.age[census.present]), 1)
    assert counted.sum() == 6000
    assert np.abs(counted - expected).max() < 1
    assert np.abs(np.cumsum(counted[0]) - np.cumsum(expected[0])).max() < 1


def test_marital_status_follows_the_table(world, census):
    marital = world.people["marital"][: census.n]
    for sex in (0, 1):
        mine = census.female == bool(sex)
        owed = world.place.marital[sex, census.age[mine]]
        counted = np.bincount(marital[mine], minlength=4)
        assert np.abs(counted - owed.sum(axis=0)).max() < 4
        for low in range(15, 80, 5):
            some = (census.age[mine] >= low) & (census.age[mine] < low + 5)
            assert np.abs(np.bincount(marital[mine][some], minlength=4) - owed[some].sum(axis=0)).max() < 4


def test_links_are_symmetric_and_point_to_people(world, census):
    people = world.people
    spouse = people["spouse"][census.every]
    has = spouse >= 0
    assert np.array_equal(people["spouse"][spouse[has]], census.every[has])
    assert (census.alive[census.every[has]] & census.alive[spouse[has]]).all()
    assert (((people["state"][census.every[has]] ^ people["state"][spouse[has]]) & 1) == 1).all()
    valid = np.zeros(len(people["key"]) + 1, dtype=bool)
    valid[census.every] = valid[-1] = True
    for link in ("mother", "father", "spouse", "first_child", "next_maternal", "next_paternal"):
        assert valid[people[link][census.every]].all()
    sex = people["state"] & 1
    for link, code in (("mother", 1), ("father", 0)):
        parent = people[link][census.every]
        assert (sex[parent[parent >= 0]] == code).all()


def test_children_stand_in_their_parents_chains_newest_first(world, census):
    people = world.people
    seen = {"mother": 0, "father": 0}
    for parent in census.every:
        child, before = people["first_child"][parent], None
        link, after = (
            ("mother", "next_maternal") if people["state"][parent] & 1 else ("father", "next_paternal")
        )
        while child >= 0:
            assert people[link][child] == parent
            assert before is None or people["born"][child] <= people["born"][before]
            seen[link] += 1
            before, child = child, people[after][child]
    for link, count in seen.items():
        assert count == (people[link][census.every] >= 0).sum()


def test_the_married_have_spouses_and_nobody_else(world, census):
    marital, spouse = world.people["marital"][: census.n], world.people["spouse"][: census.n]
    assert ((spouse >= 0) == (marital == MARRIED)).all()
    gone = (spouse >= census.n) & census.present
    assert gone.sum() <= 0.01 * census.present.sum()


def test_mothers_bear_between_15_and_50(world, census):
    people = world.people
    child = census.every[people["mother"][census.every] >= 0]
    gap = people["born"][child].astype(int) - people["born"][people["mother"][child]]
    assert gap.min() >= 15 * 12
    assert gap.max() < 50 * 12


def test_nobody_marries_a_brother_or_a_child(world, census):
    people = world.people
    who = census.every[people["spouse"][census.every] >= 0]
    spouse = people["spouse"][who]
    mother = people["mother"]
    assert not ((mother[who] >= 0) & (mother[who] == mother[spouse])).any()
    assert not (mother[who] == spouse).any()
    assert not (people["father"][who] == spouse).any()


def test_couples_share_the_village_of_the_husbands_parents(world, census):
    people, n = world.people, census.n
    village = people["village"]
    both = np.flatnonzero((people["spouse"][:n] >= 0) & (people["spouse"][:n] < n))
    assert np.array_equal(village[both], village[people["spouse"][both]])
    mother = people["mother"][:n]
    son = np.flatnonzero(~census.female & (mother >= 0) & (mother < n))
    assert np.array_equal(village[son], village[mother[son]])
    assert (np.diff(village[:n].astype(int)) >= 0).all()


def test_every_resident_has_one_household_with_an_adult_in_one_village(world, census):
    people, n = world.people, census.n
    home = people["household"][:n]
    assert ((home >= 0) == census.present).all()
    assert census.size.min() >= 1
    oldest = np.zeros(people.n_households, dtype=int)
    np.maximum.at(oldest, home[census.present], census.age[census.present])
    assert oldest.min() >= 18
    low = np.full(people.n_households, 1 << 15)
    high = np.zeros(people.n_households, dtype=int)
    np.minimum.at(low, home[census.present], people["village"][:n][census.present])
    np.maximum.at(high, home[census.present], people["village"][:n][census.present])
    assert np.array_equal(low, high)
    assert (people["place"][:n][census.present] == VILLAGE).all()
    assert (people["place"][:n][~census.present] != VILLAGE).all()


def test_minors_live_with_a_parent_who_is_at_home(world, census):
    people, n = world.people, census.n
    child = np.flatnonzero(census.present & (census.age < 18) & (people["marital"][:n] == NEVER_MARRIED))
    mother = people["mother"][child]
    near = (mother >= 0) & (mother < n)
    near[near] = census.present[mother[near]] & (census.age[mother[near]] >= 18)
    assert near.mean() > 0.5
    assert np.array_equal(people["household"][child[near]], people["household"][mother[near]])


def test_every_minor_has_a_mother(world, census):
    assert (world.people["mother"][: census.n][census.age < 18] >= 0).all()


def test_bits_keys_and_bereavements(world, census):
    people, n = world.people, census.n
    assert len(np.unique(people["key"][census.every])) == len(census.every)
    assert (((people["state"][:n] & ELDER) != 0) == (census.age >= 60)).all()
    assert ((people["state"][:n] & ALIVE) != 0).all()
    widowed = people["widowed"][:n]
    recent = widowed != NEVER
    assert recent.any()
    assert (people["marital"][:n][recent] == WIDOWED).all()
    assert widowed[recent].min() >= world.start - 12
    assert widowed[recent].max() < world.start


def test_parity_counts_the_children_of_women(world, census):
    people = world.people
    parity = people["parity"][: census.n]
    assert (parity[~census.female] == 0).all()
    assert (parity >= census.living_children("mother"))[census.female].all()
    assert parity[census.female & (census.age >= 80)].mean() > 4


def test_another_process_builds_the_same_bytes_and_another_replication_does_not():
    code = (
        "from tests.synthesis.test_population import fingerprint\n"
        "from tests.synthesis.worlds import world_of\nprint(fingerprint(world_of(residents=2000)))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = fingerprint(world_of(residents=2000))
    assert other.stdout.strip() == here
    assert fingerprint(world_of(residents=2000, replication=1)) != here
    assert fingerprint(world_of(residents=2000, seed=2)) != here


@pytest.mark.parametrize(("residents", "villages", "townships"), [(50, 1, 1), (60, 1, 1), (300, 30, 20)])
def test_a_lesson_of_one_village_is_built_too(residents, villages, townships):
    for seed in range(5):
        census = Census(world_of(residents=residents, villages=villages, townships=townships, seed=seed))
        assert census.present.sum() == residents


@pytest.fixture(scope="module")
def countryside():
    return Census(world_of("rural_china", 2020, residents=30000, villages=100, townships=10))


@pytest.mark.parametrize(("ages", "band"), CHILDREN_2020.items())
def test_women_have_as_many_living_children_as_their_cohort(countryside, ages, band):
    women = (
        countryside.present & countryside.female & (countryside.age >= ages[0]) & (countryside.age < ages[1])
    )
    assert band[0] <= countryside.living_children("mother")[women].mean() <= band[1]


def test_elders_of_2010_have_kin_and_company_as_surveyed():
    world = world_of("rural_china", 2010, residents=30000, villages=100, townships=10)
    census = Census(world)
    elders = census.present & (census.age >= 60)
    children = np.where(census.female, census.living_children("mother"), census.living_children("father"))
    assert 0.05 <= (children[elders] == 0).mean() <= 0.09
    assert 0.38 <= census.with_child()[elders].mean() <= 0.48
    # 153 million out-of-township workers on 663 million residents.
    assert 0.21 <= (~census.present).sum() / census.present.sum() <= 0.25


@pytest.mark.parametrize("place", ["rural_china", "rural_heilongjiang"])
def test_households_come_near_the_census_of_2010(place):
    observed = read_place(place, 2010).households
    model = household_indicators(world_of(place, 2010, residents=30000, villages=100, townships=10))
    bands = {"household_size": 0.15, "one_person_households_share": 0.015, "elder_households_share": 0.025}
    for name, band in bands.items():
        assert abs(model[name] - observed[name]) <= band, name
    # Known miss: too many couples have no child at home, because men of 20-40 outnumber mothers' sons.
    assert 0 < model["one_generation_households_share"] - observed["one_generation_households_share"] < 0.07


def test_a_resident_costs_few_bytes():
    for year in (2010, 2020):
        world = world_of("rural_heilongjiang", year, residents=30000, villages=100, townships=10)
        people = world.people
        compact(people, world.start + 11 - 720, 4)  # as in the first month
        kin = len(people["key"]) - people.kin_start
        later = [column for column in catalogue.columns() if column not in COLUMNS]
        room = sum(column.allocate(people.length(column, people.kin_start, kin)).nbytes for column in later)
        assert (people.nbytes + room) / 30000 <= 160


@pytest.mark.parametrize("seed", range(1, 7))
def test_married_minors_do_not_become_brother_and_sister(seed):
    people = world_of("baiquan", 2010, seed=seed).people
    husbands = np.flatnonzero((people["spouse"][: people.n] >= 0) & (people["state"][: people.n] & 1 == 0))
    mother = people["mother"]
    both = (mother[husbands] >= 0) & (mother[husbands] == mother[people["spouse"][husbands]])
    assert not both.any()
