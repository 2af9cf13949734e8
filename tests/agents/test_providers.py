"""Providers and township centres as Mesa agents show what the workforce and the measures say."""

from __future__ import annotations

import pytest

from caresim.agents.provider import HomeCareProvider
from caresim.agents.township_centre import FUNCTIONS, TownshipCentre
from caresim.model import CareModel
from caresim.scenario import Scenario


def model(**instruments):
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", months=1, residents=900, townships=3, villages=9,
        mixes={"tried": {"instruments": instruments}},
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
