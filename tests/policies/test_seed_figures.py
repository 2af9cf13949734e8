"""What levers and mixes take over from the round table of the ministry is what its figures make."""

from __future__ import annotations

import pytest

from caresim import catalogue, load_scenario

GROUPS, MEASURES = catalogue.parameter_groups(), catalogue.instruments()
BEIJING, ZHEJIANG = 3.786e6, 450_000 / 0.0402
"""Elders: those registered in Beijing, and those of Zhejiang, who have 40.2 beds per 1,000."""
PER = 1e4


def said(measure, lever):
    field = MEASURES[measure].parameters.model_fields[lever]
    return {"default": field.default, "meaning": field.description, **field.json_schema_extra}


def lever_of(mix, measure, lever):
    scenario = load_scenario("configs/heilongjiang.yaml")
    (settings,) = (one for one in scenario.mix(mix).instruments if one.group == measure)
    (value,) = (one for one in settings.values if one.name == lever)
    return value


def test_awards_of_ten_months_are_made_a_year():
    year = 9.89e6 / 5800 / 10 * 12
    sums = (said("job_awards", "amount")["high"], said("job_awards", "full")["default"],
            MEASURES["job_awards"].moves.levers["amount"],
            lever_of("beijing_like", "job_awards", "amount").at(0))  # fmt: skip
    assert sums == pytest.approx([year] * 4, abs=0.5)


def test_the_range_of_training_holds_what_beijing_planned():
    planned = 10_000 / BEIJING * PER
    assert planned == pytest.approx(26.4, abs=0.05)
    assert said("carer_training", "trained")["high"] >= planned
    assert GROUPS["workforce"].model_fields["trained"].json_schema_extra["high"] >= planned


def test_homes_made_safe_are_those_of_zhejiang():
    done = 27_000 / ZHEJIANG * PER
    assert said("home_modification", "per_10000_year")["high"] == pytest.approx(done, abs=0.5)
    assert lever_of("zhejiang_like", "home_modification", "per_10000_year").at(0) == pytest.approx(
        done, abs=0.5
    )
    assert said("home_modification", "cost")["source"] == "zhejiang_home_modification"
    assert said("home_modification", "cost")["evidence"] == "judgement"


def test_the_range_of_the_hour_price_holds_both_sources():
    extra = GROUPS["needs"].model_fields["hour_price"].json_schema_extra
    assert extra["low"] <= 15.0 < 80.0 <= extra["high"]
    assert extra["evidence"] == "judgement"
