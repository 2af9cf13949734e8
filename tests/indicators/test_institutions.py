"""What is told of care homes, on numbers set by hand."""

import numpy as np
import pytest

from caresim import CareModel, catalogue, load_scenario
from caresim.agents.institutions import PRIVATE
from caresim.agents.people import INSTITUTION
from caresim.processes.homes import run_homes
from caresim.recorder import Recorder
from tests.policies.test_refused_money import Governed
from tests.processes.test_admission import County


@pytest.fixture(scope="module")
def model():
    size = ["population.residents=3000", "population.villages=10", "population.townships=1", "months=1"]
    one = CareModel(load_scenario("configs/heilongjiang.yaml", set=size), collect=False)
    one.run()
    return one


@pytest.mark.parametrize(("waits", "mean", "longest"), [([4, 1], 2.5, 4.0), ([], None, None)])
def test_who_only_changes_homes_has_not_waited(model, waits, mean, longest):
    homes = model.world.homes
    homes.admitted = np.zeros((3, 4), dtype=np.int64)  # three moved in, one of them from another home
    homes.waits = np.array(waits, dtype=np.int64)
    told = Recorder(catalogue.indicators()).measure(model.world)
    assert told["admissions"] == 3
    assert told["wait_mean"] == pytest.approx(mean, nan_ok=True) if waits else np.isnan(told["wait_mean"])
    assert told["wait_p90"] == longest if waits else np.isnan(told["wait_p90"])


def covered(world):
    world.memory.clear()
    return {one.name: one for one in catalogue.indicators()}["homes_cost_covered"].measure(world)


def test_what_owners_bear_when_a_home_fails_is_no_income():
    """A resident pays 1,000 yuan of 2,000 that ten beds cost; nobody else pays, least of all for old debts."""
    county = County(
        homes={"fixed": 200.0, "variable": 0.0, "nursing": 0.0, "incident": 0.0}, income={"growth_year": 0.0}
    )
    county.home(beds=10, ownership=PRIVATE, cash=-10_000_000)
    resident = county.elder()
    county.people["home"][resident], county.people["place"][resident] = 0, INSTITUTION
    run_homes(county.world)
    assert county.world.homes["closing"].tolist() == [True]
    assert county.world.money.paid("home_owners") > 10_000_000
    assert covered(county.world) == pytest.approx(0.5)


@pytest.mark.parametrize(("ceiling", "share"), [(0.0, 0.1), (50_300.0, 0.05)])
def test_a_grant_for_new_beds_is_no_income_and_cheaper_utilities_are(ceiling, share):
    """Of 6,000 yuan that 20 beds cost a tenth is paid, beside 100,000 once; a ceiling leaves half of both."""
    levers = {"construction_grant": {"per_bed": 5000.0, "utility_rebate": 1.0, "utility_share": 0.1}}
    place = Governed(levers, income={"growth_year": 0.0}).under(ceiling)
    place.elder()
    place.month()
    place.world.homes.add(np.full(4, 1500.0), key=1, beds=20, ownership=PRIVATE, opened=place.world.month)
    place.month()
    run_homes(place.world)
    assert place.world.money.paid("construction_grant") == (10_060_000 if ceiling == 0.0 else 5_030_000)
    assert covered(place.world) == pytest.approx(share)
    place.world.homes.open_month()
    place.month()
    run_homes(place.world)
    assert covered(place.world) == pytest.approx(0.1), "a month later there is nothing but the rebate"
