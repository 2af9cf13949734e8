"""A province runs county by county; its tables hold the sums and averages of the counties'."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from caresim import CareModel, Scenario, catalogue, load_scenario
from caresim.experiment.replication import replicate
from caresim.experiment.runner import run_experiment
from caresim.experiment.verification import verify_run
from caresim.results.counties import COUNTS, is_added_up, province_months
from tests.experiment.fakes import contents, outcome, small
from tests.experiment.test_executors import ROOT


def described(indicator):
    return {"unit": indicator.unit, "aggregate": indicator.aggregate}


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    scenario = small(replications=2, counties=3, months=3)
    return run_experiment(scenario, tmp_path_factory.mktemp("province") / "out", jobs=1)


def test_a_county_has_people_and_luck_of_its_own_and_the_first_is_the_scenario_without_counties():
    scenario = small(counties=3, months=2)
    alone = replicate(small(months=2), "status_quo", 0)
    records = [replicate(scenario.in_county(county), "status_quo", 0).records for county in range(2)]
    assert np.array_equal(
        *[[list(run[-1].values())[1:] for run in (records[0], alone.records)]][0], equal_nan=True
    )
    assert records[0][-1]["elders"] != records[1][-1]["elders"]
    assert scenario.digest() != small(months=2).digest()
    assert scenario.resolved()["population"]["counties"] == 3


def test_the_tables_of_a_province_hold_a_row_a_month_and_those_of_the_counties_one_each(province):
    assert len(province.monthly) == 2 * 3
    assert len(province.counties) == 2 * 3 * 3
    assert province.counties.columns.tolist()[:4] == ["mix", "replication", "county", "month"]
    assert "county" not in province.monthly.columns
    assert province.complete


def test_counts_are_sums_and_shares_are_the_provinces_own(province):
    of_counties = province.counties.groupby(["replication", "month"])
    ours = province.monthly.set_index(["replication", "month"])
    for name in ("residents", "elders", "deaths", "need_hours", "transfers", "beds"):
        assert ours[name].to_numpy() == pytest.approx(of_counties[name].sum().to_numpy(), rel=1e-14)
    elders = province.counties.elders
    disabled = (province.counties.disabled_share * elders).groupby(
        [province.counties.replication, province.counties.month]
    )
    assert ours.disabled_share.to_numpy() == pytest.approx(
        (disabled.sum() / ours.elders).to_numpy(), rel=1e-12
    )
    assert ours.household_size.dropna().between(1, 8).all()
    january = province.population[province.population.year == 2020]
    assert january.groupby("replication").resident.sum().tolist() == [1800, 1800]


def test_every_indicator_that_counts_is_added_up_and_no_rate_is():
    for indicator in catalogue.indicators():
        added = is_added_up(described(indicator))
        rate = indicator.unit in {"share", "ratio", "points", "index", "standard deviations"}
        assert not (added and (rate or " per " in indicator.unit)), indicator.name
        assert added or indicator.unit not in COUNTS, indicator.name


STOCKS = {
    "absent", "beds", "canteens", "care_queue", "carers", "elders", "elders_at_start", "grandchild_hours",
    "happiness_homes", "home_beds_in_use", "homes", "homes_in_chain", "homes_in_idle_buildings", "homes_public",
    "institution_residents", "leaks_closed", "left_children", "links", "minimum_shortfall", "mutual_aid_pairs",
    "queue_length", "registered", "residents", "rural_elders", "rural_residents", "schemes", "shortfall_met",
    "shortfall_unmet", "sw_clients", "sw_closing", "sw_estimation", "sw_evaluation", "sw_intervention", "sw_planning",
    "sw_reception", "sw_waiting", "time_bank_active", "time_bank_actuarial", "time_bank_issued", "time_bank_members",
    "time_bank_outstanding", "volunteers", "volunteers_won",
}  # fmt: skip
"""What there is at a time and a province has the sum of; of what happens, all that is summed over months is added."""


def test_these_indicators_are_added_up():
    added = {one.name for one in catalogue.indicators() if is_added_up(described(one))}
    happens = {
        one.name for one in catalogue.indicators() if one.aggregate == "sum" and " per " not in one.unit
    }
    assert added - happens == STOCKS
    assert happens <= added
    assert {"deaths", "home_exits", "incidents", "life_years", "links", "meals_brought", "qalys"} <= added


def test_the_homes_and_the_persons_of_two_counties_are_added_up_and_their_shares_averaged():
    """3 homes and 5; of 100 elders a tenth, of 300 a half are lonely: 160 of 400."""
    counties = [
        pa.table({"month": [0], "elders": [n], "homes": [homes], "lonely_share": [share]})
        for n, homes, share in ((100.0, 3.0, 0.1), (300.0, 5.0, 0.5))
    ]
    whole = province_months(counties, [described(one) | {"name": one.name} for one in catalogue.indicators()])
    assert whole.to_pylist() == [{"month": 0, "elders": 400.0, "homes": 8.0, "lonely_share": 0.4}]


@pytest.fixture(scope="module")
def sizes():
    """Return the means of all indicators in a small county and in one eight times as large."""
    means = []
    for times in (1, 8):
        size = {"residents": 1000 * times, "townships": times, "villages": 4 * times}
        county = Scenario.of(place="rural_heilongjiang", mixes=["integrated_pluralism"], **size)
        model = CareModel(county, mix="integrated_pluralism")
        for _ in range(7):
            model.step()
        means.append(pd.DataFrame(model.records).drop(columns="month").mean())
    return means


def test_of_what_is_no_sum_of_months_counts_grow_with_the_county_and_nothing_else_does(sizes):
    small_one, large = sizes
    seen = 0
    for indicator in catalogue.indicators():
        name = indicator.name
        # A larger county is wider, and of few things chance decides how many there are.
        if indicator.aggregate != "sum" and indicator.unit != "km" and large[name] >= 20:
            assert (large[name] > 3 * small_one[name]) == is_added_up(described(indicator)), name
            seen += 1
    assert seen > 30


def test_numbers_lie_where_their_units_say(sizes):
    ends = {"share": (0, 1), "index": (-1, 1), "points": (6, 88), "stars": (0, 5)}
    for indicator in catalogue.indicators():
        low, high = ends.get(indicator.unit, (-np.inf, np.inf))
        for size in sizes:
            assert np.isnan(size[indicator.name]) or low <= size[indicator.name] <= high, indicator.name


def test_any_number_of_processes_gives_the_same_bytes_and_it_is_verified(tmp_path):
    scenario = small(replications=2, counties=3)
    here = run_experiment(scenario, tmp_path / "here", jobs=1, simulate=outcome)
    there = run_experiment(scenario, tmp_path / "there", jobs=2, simulate=outcome)
    assert contents(here.path) == contents(there.path)
    assert (here.path / "counties.parquet").read_bytes() == (there.path / "counties.parquet").read_bytes()
    assert len(verify_run(here.path, sample=6, simulate=outcome)) == 0


def test_the_province_that_ships_can_be_loaded_small_and_whole():
    path = ROOT / "configs" / "province_heilongjiang.yaml"
    assert load_scenario(path).counties == 4
    whole = load_scenario(
        path, set=["population={counties: 60, residents: 283000, townships: 18, villages: 180}"]
    )
    assert whole.counties * whole.residents == 16_980_000
