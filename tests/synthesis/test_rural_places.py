"""The rural study sites: their derived residents, worlds and two years, and the islands of Zhejiang."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from caresim.agents.people import LIVING_RESIDENT
from caresim.kernel.draws import Draws
from caresim.model import CareModel
from caresim.scenario import Scenario
from caresim.synthesis.parameters import Villages
from caresim.synthesis.places import read_place
from caresim.synthesis.villages import lay_out
from tests.synthesis.worlds import Census, world_of

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {"rural_beijing": "beijing", "rural_hebei": "hebei", "rural_zhejiang": "zhejiang"}
SITES = (*WHOLE, "rural_rugao")


def share(people, age):
    return people[:, age:].sum() / people.sum()


@pytest.fixture(scope="module")
def experiments():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "experiments"))
        yield importlib.import_module


@pytest.fixture(scope="module")
def derived(experiments):
    return experiments("derive_rural_places")


@pytest.fixture(scope="module")
def fit_places(experiments):
    return experiments("fit_places")


@pytest.fixture(scope="module")
def tables(derived):
    return derived.derived()


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("year", [2010, 2020])
def test_the_tables_that_ship_are_the_derived_ones(derived, tables, name, year):
    assert np.array_equal(derived.of_place(name, year), np.round(tables[name][0][year]))


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("year", [2010, 2020])
def test_rural_people_are_a_part_of_the_province(derived, name, year):
    place, whole = read_place(name, year), derived.of_place(WHOLE[name], year)
    assert place.residents.sum() == pytest.approx(
        read_place(WHOLE[name], year).rural_share * whole.sum(), rel=1e-6
    )
    assert (derived.of_place(name, year) < whole).all()
    assert share(place.residents, 60) > share(read_place(WHOLE[name], year).residents, 60)


@pytest.mark.parametrize("name", WHOLE)
def test_elders_of_2010_lie_half_way_between_pattern_and_regression(derived, name):
    whole = derived.of_place(WHOLE[name], 2010)
    persons = read_place(WHOLE[name], 2010).rural_share * whole.sum()
    either = sorted((derived.share(derived.rural_part(whole, 2010, persons)), derived.regressed(WHOLE[name])))
    assert either[0] < share(read_place(name, 2010).residents, 60) < either[1]


def test_the_pattern_gives_rural_china_back(derived):
    china, rural = derived.counted(derived.INPUTS / "china.csv", 2020), derived.of_place("rural_china", 2020)
    assert np.allclose(derived.rural_part(china, 2020, rural.sum()), rural)


def test_rural_elders_of_a_known_province_come_out_near(derived):
    whole, known = derived.of_place("heilongjiang", 2020), derived.of_place("rural_heilongjiang", 2020)
    found = derived.rural_part(whole, 2020, known.sum())
    assert abs(derived.share(found) - derived.share(known)) < 0.035


def test_rugao_in_2020_is_near_its_cohorts_and_keeps_the_county_share(derived, tables):
    then, now = (tables["rural_rugao"][0][year] for year in (2010, 2020))
    aged = derived.older(then)[
        :, -6:
    ].sum()  # all who were 50 and over; the living among them make 60 and over
    assert 0.6 * aged < now[:, derived.ELDER :].sum() < aged
    assert derived.share(now, derived.OLDER) > derived.RUGAO_65


@pytest.mark.parametrize("name", SITES)
def test_a_site_lives_through_two_years(name):
    model = CareModel(Scenario.of(place=name, start="2020-01", months=24, seed=3, residents=3000, villages=20,
                                  townships=5))  # fmt: skip
    census = read_place(name, 2020).residents
    for _ in range(24):
        model.step()  # checks all laws of the month
    people = model.people
    here = (people["state"][: people.n] & LIVING_RESIDENT) == LIVING_RESIDENT
    old = ((model.month - people["born"][: people.n].astype(int)) // 12)[here] >= 60
    assert 0.9 * 3000 < here.sum() < 1.05 * 3000
    assert share(census, 60) - 0.005 < old.mean() < share(census, 60) + 0.055


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("year", [2010, 2020])
def test_the_absent_are_as_many_as_the_fit_expects(fit_places, name, year):
    place, census = read_place(name, year), Census(world_of(name, year, residents=3000))
    began = place.parameters["kinship"]["migration_began"][f"{year}-01"]
    values = {**place.parameters, "kinship": {"migration_began": began}}
    expected = fit_places.projected(place, 0, values).absent_per_resident
    away = (~census.present & (census.age >= 15)).sum() / census.present.sum()
    assert away == pytest.approx(expected, abs=0.01)


def test_zhejiang_has_islands():
    territory = world_of("rural_zhejiang", 2020, residents=3000, villages=20, townships=5).territory
    island = territory.remote
    assert island.sum() == 4
    assert set(territory.township[island]).isdisjoint(territory.township[~island])
    assert territory.distance[island].mean() > 1.5 * territory.distance[~island].mean()
    from_seat = np.hypot(territory.x, territory.y)
    assert from_seat[island].min() > from_seat[~island].max()


def test_the_islands_are_four_times_as_far_as_other_villages():
    villages = Villages(**read_place("rural_zhejiang", 2020).parameters["villages"])
    territory = lay_out(2000, 10, villages, Draws(1, 0))
    means = [territory.distance[remote].mean() for remote in (territory.remote, ~territory.remote)]
    # the mean of 400 distances, uniform over a disc, has a standard error of 1.8 %: five of them
    assert means[0] / means[1] == pytest.approx(4.0, rel=0.09)


def test_money_is_local():
    named = {name: world_of(name, 2020, residents=600, villages=4).parameters["income"] for name in SITES}
    minimum = {name.removeprefix("rural_"): income.minimum for name, income in named.items()}
    assert minimum["beijing"] > minimum["zhejiang"] > minimum["rugao"] > minimum["hebei"]
    assert (
        named["rural_beijing"].pension
        > 2 * named["rural_zhejiang"].pension
        > 2 * named["rural_hebei"].pension
    )
