"""A measure that is declared wrongly is refused where it is declared, for what would do nothing nobody notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caresim import catalogue
from caresim.agents.instrument import Effect, Instrument
from caresim.agents.policy import Policy
from caresim.catalogue import CatalogueError, check_effects

KNOWN = catalogue.instruments()["carer_respite"]


def measure(**said):
    return Instrument("warm_rooms", "Rooms are warm.", KNOWN.parameters, KNOWN.moves, **said)


def of(quantity, how="adds"):
    return Effect(quantity, how, lambda levers: 0.1)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"effects": (of("assessment.take_up", "add"),)},
         "warm_rooms: no way to change assessment.take_up is add; one of adds, scales, caps"),
        ({"slot": "benefit"}, "warm_rooms: slot without act; declare both, or neither"),
        ({"act": lambda world, levers, instrument: None}, "warm_rooms: act without slot; declare both, or neither"),
        ({"funder": "lotery"}, "warm_rooms: no funder lotery; one of central, local, lottery, insurance, collective, "
                               "charity"),
    ],
)  # fmt: skip
def test_what_would_do_nothing_is_refused(said, told):
    with pytest.raises(ValueError, match=f"^{told}$"):
        measure(**said)


@pytest.mark.parametrize(
    ("quantity", "meant"),
    [
        ("asessment.take_up", "assessment.take_up"),
        ("assessment.takeup", "assessment.take_up"),
        ("respite.hour", "respite.hours"),
    ],
)
def test_a_quantity_that_nobody_declares_is_told_with_the_nearest(quantity, meant):
    told = f"^warm_rooms: {quantity}: no such parameter; did you mean {meant}\\?$"
    with pytest.raises(CatalogueError, match=told):
        check_effects([KNOWN, measure(effects=(of("respite.hours"), of(quantity)))])


def test_quantities_are_looked_at_where_instruments_are_collected(monkeypatch):
    wrong = replace(KNOWN, effects=(of("respit.hours"),))
    monkeypatch.setattr("caresim.policies.carer_respite.INSTRUMENT", wrong)
    with pytest.raises(
        CatalogueError, match=r"carer_respite: respit\.hours: no such parameter; did you mean respite"
    ):
        catalogue.instruments.__wrapped__()


def test_a_process_that_a_schedule_leaves_out_is_no_mistake(monkeypatch):
    """Its measure is known and does nothing."""
    rest = {name: group for name, group in catalogue.parameter_groups().items() if name != "respite"}
    monkeypatch.setattr(catalogue, "parameter_groups", lambda: rest)
    assert catalogue.instruments.__wrapped__()["carer_respite"] is KNOWN
    policy = Policy({"carer_respite": KNOWN.parameters(hours=6.0)}, {"carer_respite": KNOWN})
    assert policy.modified({}, None, None).parameters == {}
