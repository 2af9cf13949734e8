"""Every lever changes a run: the same place and luck, once with it and once with it where it does nothing."""

import pytest

from caresim import CareModel, Scenario, catalogue
from caresim.agents.bank_rules import TASK_NAMES
from tests.policies.test_first_indicators import GROUND, INSTRUMENTS, PLACE

MONTHS = 7
LONG = {"construction_grant.per_bed": 26, "budget.carry_over": 13}
"""Months until a home that somebody decided to found has opened, and until the next year's budget."""
OPEN = {"open": True, "registration": 0.15, "endowment": 5.0}
TWO_PRICES = {"by_task": True, "price": (100, 10)}
BEDS = {"bed_target": {"per_10000": 400.0}}
ONE_GROUP = {"amount": 2000.0, **dict.fromkeys(("destitute", "poor", "severe", "moderate", "oldest"), 0.0)}
HOURS = {"hours": 20.0, "from_state": 2}
SEVERE_FIRST = {"nursing_subsidy": {"moderate": 300.0, "severe": 600.0}}
BOUND = {"ceiling": 30.0, "allow_deficit": True}
TIGHT = {"ceiling": 5.0, "allow_deficit": True}
SPECIAL = {
    "ability_assessment.checked": ({}, {"checked": 1.0, "cost_check": 0.0}, {"checked": 0.0}),
    "budget.dementia": (SEVERE_FIRST, BOUND | {"dementia": 2.0}, {"dementia": 0.0}),
    "budget.childless": (SEVERE_FIRST, BOUND | {"childless": 2.0}, {"childless": 0.0}),
    "carer_training.in_homes": ({}, {"in_homes": 5.0, "cost": 0.0}, {"in_homes": 0.0}),
    "medical_care.incentive": (
        {}, {"level": 1.0, "motivation": 0.5, "incentive": 1.0, "cost_incentive": 0.0}, {"incentive": 0.0},
    ),
    "budget.ceiling": ({}, {"ceiling": 0.5, "allow_deficit": True}, {"ceiling": 0.0}),
    "budget.yearly": ({}, TIGHT | {"yearly": True}, {"yearly": False}),
    "budget.carry_over": (
        {}, TIGHT | {"ceiling": {"2020-01": 60.0, "2021-01": 5.0}, "yearly": True, "carry_over": 1.0},
        {"carry_over": 0.0},
    ),
    "construction_grant.per_bed": (
        GROUND["free_entry"] | {"free_entry": {"on": 1}}, {"per_bed": 10000.0}, {"per_bed": 0.0},
    ),
    "pension.pension": ({}, {"pension": 250.0}, {"pension": 174.0}),
    "pension.minimum": ({}, {"minimum": 650.0}, {"minimum": 497.0}),
    "cash_stack.stack": (BEDS, {"stack": 5000.0}, {"stack": 0.0}),
    **{f"institution_subsidy.{group}": (BEDS, ONE_GROUP | {group: 1.0}, {group: 0.0})
       for group in ("destitute", "poor", "severe", "moderate", "oldest")},
    "institution_subsidy.amount": (BEDS, {"amount": 2000.0}, {"amount": 0.0}),
    "long_term_care_insurance.from_state": ({}, HOURS, {"from_state": 3}),
    "long_term_care_insurance.formal_first": ({}, HOURS | {"formal_first": True}, {"formal_first": False}),
    "meal_aid.meals": ({}, {"subsidy": 3.0, "meals": 22}, {"meals": 10}),
    "source_order.order": (
        {}, {"order": ("time_bank", "volunteers", "neighbours", "children", "spouse")},
        {"order": ("spouse", "children", "neighbours", "volunteers", "time_bank")},
    ),
    "time_bank.by_task": ({}, OPEN | TWO_PRICES, {"by_task": False}),
    "time_bank.price": ({}, OPEN | TWO_PRICES, {"price": (100, 50)}),
    "time_bank.tasks": ({}, OPEN | {"tasks": ("dining_tables",)}, {"tasks": TASK_NAMES}),
    "time_bank.digital": ({}, OPEN | {"digital": 1.0}, {"digital": 0.0}),
    "time_bank.ceiling": ({}, OPEN | {"ceiling": 5.0}, {"ceiling": 1500.0}),
    "time_bank.gifts": ({}, OPEN | {"gifts": True}, {"gifts": False}),
    "time_bank.backstop": ({}, OPEN | {"backstop": 1.0}, {"backstop": 0.0}),
    "time_bank.endowment": ({}, OPEN, {"endowment": 0.0}),
    "time_bank.registration": ({}, OPEN, {"registration": 0.0}),
}  # fmt: skip
"""Where more must be in force, or where no value of a lever does nothing: measures besides, one value, the other."""
LOSSES = {"time_bank": {"loss_year": 0.5}}
ELSEWHERE = {"budget.allow_deficit", "age_allowance.from_100"}
"""The first decides whether a run begins at all (tests/experiment/test_budget.py); nobody of 100 lives in so small a
place (tests/policies/age_allowance.yaml).
"""
LEVERS = {
    row["name"]: row
    for row in catalogue.declared_levers()
    if row["role"] == "lever" and not row["name"].endswith(".rollout") and row["name"] not in ELSEWHERE
}
RUNS = {}


def settings_of(lever):
    """Return what is in force with a lever and what without it."""
    group, _, name = lever.partition(".")
    if lever in SPECIAL:
        besides, one, other = SPECIAL[lever]
        return besides | {group: one}, besides | {group: one | other}
    instrument = INSTRUMENTS[group]
    row = LEVERS[lever]
    strong = row["high"] if isinstance(row["value"], float) else not row["off"]
    with_it = instrument.off() | instrument.moves.levers
    with_it |= {name: instrument.moves.levers.get(name, strong)}
    ground = GROUND.get(group, {})
    return ground | {group: with_it}, ground | {group: with_it | {name: instrument.off()[name]}}


def records(measures, months):
    mixes = {"tried": {"instruments": measures}}
    scenario = Scenario.of(**PLACE, months=months, mixes=mixes, parameters=LOSSES)
    key = scenario.digest()
    if key not in RUNS:
        RUNS[key] = repr(CareModel(scenario, "tried", collect=False).run())
    return RUNS[key]


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_changes_a_run(lever):
    one, other = settings_of(lever)
    assert one != other, "no value is known at which it does something"
    months = LONG.get(lever, max(MONTHS, INSTRUMENTS[lever.partition(".")[0]].moves.months))
    assert records(one, months) != records(other, months)
