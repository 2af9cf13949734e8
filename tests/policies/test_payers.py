"""Who pays for a measure is said once, in the measure: whoever it declares pays wherever its money is spent."""

from __future__ import annotations

from dataclasses import replace

from caresim import catalogue
from caresim.agents.instrument import Instrument
from caresim.agents.money import CHARITY
from caresim.agents.policy import Policy
from tests.policies.test_cases import CASES, build, live

OWN = {("happiness_homes", "collective", "suppliers"), ("pension", "pension_fund", "elders")}
"""What others pay under a measure's name: the village runs its happiness home, a fund pays all pensions."""
SPENT = {
    "carer_respite", "care_vouchers", "happiness_homes", "home_modification", "inspection", "institution_subsidy",
    "long_term_care_insurance", "meal_aid", "nursing_beds", "operating_subsidy", "service_subsidy", "time_bank",
    "village_oversight", "visit_system",
}  # fmt: skip
"""Measures whose cases pay: elders, programmes, those who deliver what was claimed, and what nobody claimed before."""


def with_other_funders(declared):
    """Return the measures as others pay for them; the account of charities pays what donors gave, and stays."""
    return {
        name: one if one.funder == CHARITY else replace(one, funder="central" if one.funder == "lottery" else "lottery")
        for name, one in declared.items()
    }  # fmt: skip


def payments():
    """Live through all cases of law; return who paid what to whom under a measure's name."""
    found = set()
    for instrument, case in CASES:
        world, rows = build(instrument, case)
        for _ in live(world, rows, case):
            found |= {key for key, fen in world.money.month.items() if fen}
    return {key for key in found if key[0] in catalogue.instruments()} - OWN


def test_whom_a_measure_declares_pays_and_nobody_else(monkeypatch):
    declared = catalogue.instruments()
    others = with_other_funders(declared)
    monkeypatch.setattr(catalogue, "instruments", lambda: others)
    found = payments()
    due = {key: others[key[0]].funder for key in found}
    assert {key: funder for key, funder in due.items() if key[1] != funder} == {}
    assert {name for name, _, _ in found} >= SPENT


def test_the_county_pays_for_what_declares_nobody():
    one = catalogue.instruments()["village_oversight"]
    policy = Policy({}, {one.name: one})
    assert policy.funder("village_oversight") == one.funder == "collective"
    assert Policy().funder("village_oversight") == "local"
    assert Instrument("any", "Anything.", one.parameters, one.moves).funder == "local"
