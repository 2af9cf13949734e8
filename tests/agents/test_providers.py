"""Providers and township centres as Mesa agents show what the workforce and the measures say."""

from __future__ import annotations

import math

import pytest

from caresim.agents.instrument import active
from caresim.agents.provider import HomeCareProvider
from caresim.agents.township_centre import FUNCTIONS, TownshipCentre
from caresim.model import CareModel
from caresim.scenario import Scenario


def model(parameters=None, seed=1, **instruments):
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", months=1, residents=900, townships=3, villages=9,
        seed=seed, parameters=parameters or {}, mixes={"tried": {"instruments": instruments}},
    )  # fmt: skip
    return CareModel(scenario, "tried", collect=False)


def test_providers_share_the_workers_of_the_month():
    made = model()
    providers = HomeCareProvider.of(made)
    made.step()
    force = made.world.workforce
    assert sorted(v for one in providers for v in one.villages) == list(range(9))
    assert sum(one.certified_hours + one.uncertified_hours for one in providers) == pytest.approx(
        force.capacity.sum() / 60
    )
    assert sum(one.free_hours for one in providers) == pytest.approx(force.pool.sum() / 60)
    assert all(one.price == pytest.approx(30.0 * force.wage, abs=0.01) for one in providers)
    for one in providers:
        assert {made.village(v).township for v in one.villages} == {one.township}
        assert {made.village(v).remote for v in one.villages} == {one.remote}
    assert set(providers) <= set(made.ordinary_agents)


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.34, 1), (1.0, 3)])
def test_so_many_townships_have_a_centre_with_six_functions(share, number):
    made = model(township_centres={"share": share})
    made.step()
    centres = TownshipCentre.of(made)
    assert [one.township for one in centres] == [0, 1, 2]
    assert sum(one.is_open for one in centres) == number
    if share == 1.0:
        assert sum(one.carers for one in centres) == pytest.approx(5.0 * len(made.world.elders) / 10_000)
    assert all((one.carers > 0.0) == one.is_open for one in centres)
    assert all(tuple(one.functions) == (FUNCTIONS if one.is_open else ()) for one in centres)


def test_a_provider_says_who_runs_it_and_what_it_asks():
    made = model()
    assert {one.operator for one in HomeCareProvider.of(made)} <= {"market", "ngo"}
    for share, price, operator, yuan in ((0.0, 0.7, "market", 30.0), (1.0, 0.7, "ngo", 21.0)):
        made = model(parameters={"workforce": {"ngo_share": share, "ngo_price": price, "price_speed": 0.0}})
        made.step()
        providers = HomeCareProvider.of(made)
        assert {(one.operator, one.price) for one in providers} == {(operator, yuan)}
        found = made.records[-1]
        assert found["hours_purchased"] > 0.0
        assert found["hours_ngo"] == pytest.approx(found["hours_purchased"] if operator == "ngo" else 0.0)
        assert found["ngo_share_of_purchases"] == (operator == "ngo")


def test_at_one_price_no_number_depends_on_who_runs_the_teams():
    found = []
    for share in (0.0, 1.0):
        made = model(parameters={"workforce": {"ngo_share": share}}, care_vouchers={"severe": 300.0})
        made.step()
        found.append(dict(made.records[-1]))
    one, other = ({name: value for name, value in each.items() if "ngo" not in name} for each in found)
    assert repr(one) == repr(other)
    assert found[0]["ngo_share_of_purchases"] != found[1]["ngo_share_of_purchases"]


def test_a_canteen_is_where_kitchens_of_meal_aid_bring_meals():
    made = model(
        seed=2, meal_aid={"subsidy": 6.0, "kitchen": 1.0, "rollout": 0.67, "reach": 3.0, "farther": 3.5}
    )
    made.step()
    villages, found = list(made.villages), made.records[-1]
    there = active(made.world.policy.levers["meal_aid"], made.territory, made.world.draws)
    for one in villages:
        assert one.canteen == (there[one.number] and one.distance <= 6.5)
        assert one.meals == 0 or one.canteen
    assert 0 < found["canteens"] == sum(one.canteen for one in villages) < there.sum()
    assert found["meals_brought"] == sum(one.meals for one in villages) > 0
    assert found["meals_per_canteen"] == found["meals_brought"] / found["canteens"]


def test_there_is_no_canteen_without_meal_aid():
    made = model(meal_aid={"subsidy": 0.0, "kitchen": 0.0})
    made.step()
    assert not any(one.canteen or one.meals for one in made.villages)
    assert made.records[-1]["canteens"] == 0
    assert math.isnan(made.records[-1]["meals_per_canteen"])


def test_elders_use_the_platform_where_it_runs_if_they_can_or_are_helped():
    made = model(digital_platform={"level": 1.0, "rollout": 0.34})
    made.step()
    used = {}
    for one in made.villages:
        skill = [elder.digital_skill for elder in made.elders if elder.village is one]
        expected = sum(1.0 if code >= 2 else 0.3 for code in skill) / len(skill)
        used.setdefault(one.township, []).append(one.platform_use)
        assert one.platform_use in (0.0, pytest.approx(expected))
    assert sorted(all(shares) for shares in used.values()) == [False, False, True]


def test_a_centre_shows_its_staff_its_link_and_what_each_function_did():
    made = model(
        township_centres={"share": 0.34, "social_workers": 20.0, "medical_link": 0.4, "devices": 1.25}
    )
    made.step()
    for centre in TownshipCentre.of(made):
        here = [one for one in made.elders if one.village.township == centre.township]
        if not centre.is_open:
            assert (centre.carers, centre.social_worker_hours, centre.medical_link, centre.did) == (
                0,
                0,
                0,
                {},
            )
            continue
        assert centre.social_worker_hours == pytest.approx(120 * 20.0 * len(here) / 10_000)
        assert centre.medical_link == 0.4
        given = [one for one in HomeCareProvider.of(made) if one.township == centre.township]
        hours = sum(one.certified_hours + one.uncertified_hours for one in given)
        assert centre.did == pytest.approx({
            "life_care": centre.carers * 110.0 * 1.25,
            "rehabilitation": sum(one.disability == 2 for one in here),
            "nursing": sum(made.world.care.received[k, [5, 6, 7]].any() for k, row in enumerate(made.world.care.rows)
                           if made.person(row).village.township == centre.township),
            "family_support": sum(one.disability == 3 and 1 <= made.people["main_relation"][one.row] <= 6
                                  for one in here),
            "counselling": sum(one.takes_up != 0 for one in here),
            "devices": hours * 0.2,
        })  # fmt: skip
