"""Reports of social workers take hours of the month in which they are written, and hold as long as the measure does."""

from __future__ import annotations

import pytest

from caresim import catalogue
from caresim.agents.policy import Policy
from caresim.agents.social_work import COMMUNITY, PURPOSES
from caresim.processes import benefits, social_work
from tests.policies.test_cases import build, levers_off

REPORTS = PURPOSES.index("reports")
CLIENT = {"age": 75, "sex": "f", "unmet": 10, "client": 4, "village": 0}
NEIGHBOUR = {"age": 75, "sex": "f", "unmet": 20, "village": 1}


def county(cost_month=0.0, **levers):
    """Return two villages with a worker each, a client in the first, and nobody known in the second."""
    workers = {"per_10000": 10_000.0, "cost_month": cost_month}
    case = {"month": "2020-01", "levers": {"share": 0.5, **levers}, "others": {"social_workers": workers},
            "people": {"client": CLIENT, "neighbour": NEIGHBOUR}}  # fmt: skip
    return build("budget_feedback", case)[0]


def month_of(world):
    """Let a month's budget and social work pass; return the staff minutes by purpose."""
    benefits.pay_benefits(world)
    social_work.work(world)
    done = world.station.done
    assert sum(done.spent) == done.minutes, "no minute is lost"
    world.month += 1
    world.money.open()
    return list(done.spent)


def test_the_hours_of_a_report_are_missing_elsewhere_in_its_month_and_in_no_other():
    world, without = county(), county(report_hours=0.0)
    for month in range(14):
        spent, free = month_of(world), month_of(without)
        january = month % 12 == 0
        assert spent[REPORTS] == (480 if january else 0)
        assert free[COMMUNITY] - spent[COMMUNITY] == spent[REPORTS]


def test_fewer_minutes_for_cases_where_a_report_is_written():
    """All 120 hours of the first village's worker: of 7,200 minutes left two fifths are for cases."""
    world = county(report_hours=120.0)
    world.parameters["social_work"] = world.parameters["social_work"].model_copy(
        update={"stage_hours": (1.0, 2.0, 1.0, 20.0, 1.0, 0.5)}
    )
    case, _, community, reports = month_of(world)
    assert (reports, case, community) == (7200, 2 * 1200, 4800), "2,880 minutes hold two contacts of 20 hours"


def test_where_half_of_the_wages_is_paid_half_of_the_report_is_written():
    world = county(cost_month=100.0)
    world.parameters["benefits"] = world.parameters["benefits"].model_copy(update={"ceiling": 50.0})
    assert month_of(world)[REPORTS] == 240
    assert world.station.done.minutes == 7200


def test_nobody_writes_before_wages_are_paid_again():
    """Half a fen an elder: of the workers' wages nothing is paid, and the report waits."""
    world = county(cost_month=100.0)
    rules = world.parameters["benefits"]
    for ceiling, reports, heard in (
        (0.004, 0, False),
        (0.004, 0, False),
        (100.0, 480, False),
        (100.0, 0, True),
    ):
        world.parameters["benefits"] = rules.model_copy(update={"ceiling": ceiling})
        assert month_of(world)[REPORTS] == reports
        assert (world.station.urgent is not None) == heard


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_villages_come_first_as_long_as_somebody_listens(share):
    world = county()
    month_of(world)
    assert world.station.urgent is None, "the report is being written"
    month_of(world)
    assert world.station.urgent.tolist() == [True, False]
    measures = catalogue.instruments()
    levers = levers_off() | {"budget_feedback": measures["budget_feedback"].parameters(share=share)}
    world.enact(world.parameters, Policy(levers, measures))
    benefits.pay_benefits(world)
    assert (world.station.urgent is None) == (share == 0.0)
