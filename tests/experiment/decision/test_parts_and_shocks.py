"""Mixes taken apart and put together again, and sectors halved: what the scenario then says, and what a run does."""

import math

import numpy as np
import pandas as pd
import pytest

from caresim import catalogue
from caresim.agents.money import PUBLIC
from caresim.experiment.decision.parts import NOBODY, PARTS, carried, coalition, name_of, with_coalitions
from caresim.experiment.decision.shocks import CAPACITY, MEASURES, SECTORS, halved, met_hours, resilience
from caresim.experiment.replication import replicate
from caresim.kernel.clock import month_number
from caresim.scenario import Scenario

HAMLET = {"name": "parts", "place": "rural_heilongjiang", "start": "2020-01", "months": 4, "seed": 3,
          "replications": 1, "residents": 300, "townships": 1, "villages": 1}  # fmt: skip
MIXES = {
    "status_quo": None,
    "rich": {"instruments": {"nursing_subsidy": {"severe": 900.0}, "carer_respite": {"hours": 6.0},
                             "long_term_care_insurance": {"hours": 20.0, "from_state": 2}}},
}  # fmt: skip


def hamlet(**keys):
    return Scenario.of(**HAMLET | {"mixes": MIXES} | keys)


def test_every_instrument_belongs_to_one_part():
    placed = [name for names in PARTS.values() for name in names]
    assert sorted(placed) == sorted(catalogue.instruments())


def test_every_capacity_and_measure_is_declared():
    groups = catalogue.parameter_groups()
    levers = {name: one.parameters for name, one in catalogue.instruments().items()}
    for names, declared in ((CAPACITY, groups), (MEASURES, levers)):
        for name in {name for some in names.values() for name in some}:
            group, _, key = name.partition(".")
            assert key in declared[group].model_fields


HOURS = {"hours", "workers", "beds", "visits", "meals"}
"""What a measure brings when its unit begins with one of these."""
NO_HOURS_AT_ONCE = {
    "bed_target.per_10000": "homes are built over years",
    "budget_feedback.report_hours": "takes hours of social workers, brings none",
    "care_workers.certified_target": "who is certified, of workers whom others pay",
    "carer_training.trained": "who is certified, over years",
    "carer_training.in_homes": "the same, of staff of homes",
    "skill_grades.evaluated": "who rises a grade, over years",
    "skill_grades.winners": "the same",
    "time_bank.endowment": "coins, which buy hours of members",
    "time_bank.ceiling": "the most that an account holds",
    "township_centres.life_care": "whom whoever orders their hours pays: the market's",
}


def test_all_that_government_pays_by_the_hour_is_halved_or_said_not_to_be():
    levers = {
        f"{name}.{key}"
        for name, one in catalogue.instruments().items()
        if one.funder in PUBLIC
        for key, field in one.parameters.model_fields.items()
        if field.json_schema_extra["unit"].split()[0] in HOURS
    }
    measures = frozenset().union(*MEASURES.values())
    assert len(levers & measures) >= 9
    assert levers - measures == set(NO_HOURS_AT_ONCE)


def test_hours_that_centres_stations_and_nurses_at_home_bring_are_halved_with_the_state():
    strong = {"township_centres": {"share": 1.0, "social_workers": 8.0}, "home_beds": {"per_10000": 20.0},
              "station_beds": {"per_10000": 30.0}, "counterpart_support": {"carers_per_village": 2.0}}  # fmt: skip
    scenario = hamlet(months=24, mixes={"status_quo": {"instruments": strong}})
    month = month_number("2021-06")
    shocked = halved(scenario, "state", month_number("2021-01")).policy_at(month, "status_quo").levers
    assert shocked["township_centres"].family_support == 0.5
    assert shocked["township_centres"].social_workers == 4.0
    assert shocked["township_centres"].share == 1.0
    assert shocked["counterpart_support"].carers_per_village == 1.0
    assert (shocked["home_beds"].per_10000, shocked["station_beds"].per_10000) == (10.0, 15.0)


def test_subsets_hold_the_whole_mix_s_instruments_and_else_the_baseline_s():
    scenario = with_coalitions(hamlet(), "rich")
    assert {mix.name for mix in scenario.mixes} == {
        "nobody", "family", "state", "market", "family.state", "family.market", "market.state",
        "family.market.state"}  # fmt: skip
    assert scenario.baseline == NOBODY
    full, start = hamlet().mix("rich"), hamlet().mix("status_quo")
    assert scenario.mix(NOBODY).instruments == start.instruments
    assert scenario.mix("family.market.state").instruments == full.instruments
    one = {group.group: group for group in scenario.mix("state").instruments}
    theirs, ours = ({group.group: group for group in mix.instruments} for mix in (full, start))
    assert one["nursing_subsidy"] == theirs["nursing_subsidy"]
    assert one["long_term_care_insurance"] == ours["long_term_care_insurance"]
    assert one["carer_respite"] == ours["carer_respite"]
    assert all(name_of(coalition(mix.name)) == mix.name for mix in scenario.mixes)
    with pytest.raises(
        ValueError, match=r"no part holds carer_respite, long_term.*; add .*, or use --by instrument"
    ):
        with_coalitions(hamlet(), "rich", parts={"state": PARTS["state"]})


def test_the_ends_of_the_lattice_run_as_the_two_mixes_do():
    scenario = with_coalitions(hamlet(), "rich")
    for name, mix in (("family.market.state", "rich"), (NOBODY, "status_quo")):
        assert repr(replicate(scenario, name, 0).records) == repr(replicate(hamlet(), mix, 0).records)


def test_what_parts_carry_is_shared_out_replication_by_replication():
    values = pd.DataFrame({"nobody": [0.0, 1.0], "a": [1.0, 1.0], "b": [0.0, 3.0], "a.b": [4.0, 4.0]})
    found = carried(values)
    # First replication: a 1 and 4, b 0 and 3, means 2.5 and 1.5; second: a 0 and 1, b 2 and 3.
    assert found["mean"].to_dict() == {"a": 1.5, "b": 2.0, "all": 3.5}
    assert found.loc["a", "share"] == pytest.approx(1.5 / 3.5)
    assert found.loc["b", "lower"] < 2.0 < found.loc["b", "upper"]


def test_a_sector_is_halved_for_its_year_and_then_whole_again():
    scenario = hamlet(months=36, parameters={"spouse_care": {"hours": {"2021-03": 100.0, "2021-06": 60.0}}})
    shocked = halved(scenario, "family", month_number("2021-01"))

    def hours(month):
        return shocked.parameters_at(month_number(month), "rich")["spouse_care"].hours

    months = ("2020-12", "2021-01", "2021-03", "2021-06", "2021-12", "2022-01")
    assert [hours(month) for month in months] == [90.0, 45.0, 50.0, 30.0, 30.0, 60.0]
    before, after = (one.parameters_at(month_number("2021-01"), "rich") for one in (scenario, shocked))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"spouse_care", "children_care"}
    assert shocked.mixes == scenario.mixes


@pytest.mark.parametrize("sector", SECTORS)
def test_no_sector_is_untouched(sector):
    mixes = {"status_quo": {"instruments": {"time_bank": {"open": True, "backstop": 0.5}}}}
    scenario = hamlet(months=24, mixes=mixes)
    shocked = halved(scenario, sector, month_number("2021-01"))
    month = month_number("2021-06")
    before, after = ((one.parameters_at(month, "status_quo"), one.policy_at(month, "status_quo").levers)
                     for one in (scenario, shocked))  # fmt: skip
    assert before != after


def test_halving_the_family_costs_hours_but_not_half_of_them():
    scenario = hamlet()
    before, shocked = scenario, halved(scenario, "family", scenario.start)
    hours = [sum(month["met_hours"] for month in replicate(one, "status_quo", 0).records)
             for one in (before, shocked)]  # fmt: skip
    assert 0.5 * hours[0] < hours[1] < 0.98 * hours[0]


def test_hours_kept_are_paired_by_replication():
    monthly = pd.DataFrame(
        [(mix, k, month, 10.0 * (k + 1), np.nan if mix == "a" else 1.0)
         for mix in "ab" for k in (0, 1) for month in ("2020-12", "2021-01", "2021-12", "2022-01")],
        columns=["mix", "replication", "month", "met_hours", "hours_institution"],
    )  # fmt: skip
    hours = met_hours(monthly, month_number("2021-01"))
    assert hours.to_dict() == {"a": {0: 20.0, 1: 40.0}, "b": {0: 22.0, 1: 42.0}}
    found = resilience(hours, {"family": hours * 0.5, "state": hours.mul([0.9, 0.7], axis=0)})
    assert found.loc[("a", "family"), "kept"] == 0.5
    assert found.loc[("a", "state"), "kept"] == pytest.approx(0.8)
    assert found["worst"].tolist() == [True, False, True, False]
    assert not math.isnan(found.loc[("b", "state"), "lower"])
