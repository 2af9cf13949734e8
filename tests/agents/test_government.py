"""Government and the social workers' station as Mesa agents show what ledger, claims and clients say."""

from __future__ import annotations

import pickle

import pytest

from caresim.agents.government import Government
from caresim.agents.social_work_station import SocialWorkStation
from caresim.model import CareModel, Elder
from caresim.scenario import Scenario

MIX = {
    "extends": "no_policy",
    "instruments": {
        "age_allowance": {"from_80": 30.0},
        "home_modification": {"per_10000_year": 400.0},
        "social_workers": {"per_10000": 40.0},
        "donations": {"per_elder_year": 12.0},
        "budget": {"ceiling": 100.0},
    },
}


@pytest.fixture(scope="module")
def model():
    scenario = Scenario.of(
        place="rural_heilongjiang", start="2020-01", seed=2, months=4, residents=1500, townships=2, villages=5,
        mixes={"tried": MIX},
    )  # fmt: skip
    made = CareModel(scenario, "tried", collect=False)
    made.run()
    return made


def test_both_are_ordinary_agents(model):
    assert {model.government, model.station} <= set(model.ordinary_agents)
    assert list(model.agents_by_type[Government]) == [model.government]
    assert list(model.agents_by_type[SocialWorkStation]) == [model.station]


def test_measures_in_force(model):
    assert set(model.government.measures) == set(MIX["instruments"]) - {
        "budget"
    }  # it sets a process's levers


def test_accounts_are_those_of_the_ledger(model):
    government, last = model.government, model.records[-1]
    assert government.paid() == pytest.approx(last["public_spending"])
    for funder, account in government.accounts().items():
        assert sum(account.values()) == pytest.approx(last[f"paid_by_{funder}"])
    assert government.accounts(since_start=True)["lottery"].keys() == {"home_modification"}
    assert government.paid("age_allowance") == government.paid("age_allowance", "local") > 0.0
    assert government.paid(funder="charity") == pytest.approx(last["paid_by_charity"])
    whole = sum(record["public_spending"] for record in model.records)
    assert government.paid(since_start=True) == pytest.approx(whole)
    with pytest.raises(ValueError, match="emperor: no funder; one of central"):
        government.paid(funder="emperor")


def test_the_budget(model):
    government = model.government
    assert government.ceiling == pytest.approx(100.0 * len(model.elders), rel=0.02)  # some have died since
    assert (government.deficit, government.refused) == (0.0, model.records[-1]["claims_refused"])
    assert government.granted("age_allowance") == government.paid("age_allowance")
    assert government.granted("cash_stack") == 0.0


def test_the_station_has_workers_hours_and_clients(model):
    station, last = model.station, model.records[-1]
    assert station.workers == pytest.approx(40.0 * len(model.elders) / 10_000, rel=0.02)
    for name, hours in station.hours.items():
        assert hours == pytest.approx(last[f"sw_hours_{name}"])
    assert sum(station.hours.values()) + station.free_hours == pytest.approx(station.workers * 120, rel=0.01)
    stages = station.clients_by_stage()
    assert stages == {stage: last[f"sw_{stage}"] for stage in stages}
    assert sum(stages.values()) == len(station.clients) == last["sw_clients"] > 0
    both = [station.clients_by_stage(group) for group in (True, False)]
    assert {stage: sum(one[stage] for one in both) for stage in stages} == stages
    assert all(isinstance(client, Elder) for client in station.clients)
    assert station.waiting == last["sw_waiting"]


def test_they_travel_with_the_model(model):
    again = pickle.loads(pickle.dumps(model))
    assert again.government.accounts(since_start=True) == model.government.accounts(since_start=True)
    assert again.station.clients_by_stage() == model.station.clients_by_stage()
