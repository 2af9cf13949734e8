"""Visits on paper: whose are due, what they give and what is paid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim import CareModel, Scenario, catalogue
from caresim.agents.care import ALONE, CHILD_IN_TOWNSHIP, HAS_CHILD, VISIT, VISITS
from caresim.agents.checks import check_care
from caresim.agents.people import ELDER
from caresim.agents.schemes import VISITS as LINKED
from caresim.agents.visiting import DUE, REGISTER
from caresim.indicators import social_work as read
from caresim.kernel.draws import uniform
from caresim.processes import benefits, visits
from caresim.recorder import number
from tests.hamlet import Hamlet, under_law


def left_behind(n, per_month, registered=1.0, company=480):
    """Return a hamlet of elders who need company and whose children have all left the township."""
    hamlet = Hamlet(catalogue.columns())
    world, people = hamlet.world, hamlet.people
    world.parameters = {name: group() for name, group in catalogue.parameter_groups().items()}
    world.parameters["visits"] = visits.Visits(per_month=per_month, registered=registered)
    for _ in range(n):
        row = hamlet.add(75, "f", hamlet.household())
        people["state"][row] |= ELDER
    people["arrangement"][:n] = HAS_CHILD | ALONE
    world.elders = np.arange(n)
    need = np.zeros((n, 3), dtype=np.int32)
    need[:, 2] = company
    world.care.open(np.arange(n), need)
    people["need"][:n] = company
    return hamlet


def test_a_visit_is_half_an_hour_of_company():
    hamlet = left_behind(2, 3.0)
    hamlet.people["arrangement"][1] |= CHILD_IN_TOWNSHIP
    visits.visit(hamlet.world)
    check_care(hamlet.world)
    assert hamlet.people["called_on"][:2].tolist() == [3, 0]
    assert hamlet.world.care.left[:, 2].tolist() == [390, 480]
    assert hamlet.world.care.received[:, VISITS].tolist() == [90, 0]
    assert hamlet.world.care.hand_overs().tolist() == [[-1, 0, VISIT, 1, 0, 0, 90]]


def test_who_needs_less_company_has_less_of_it():
    hamlet = left_behind(1, 3.0, company=40)
    visits.visit(hamlet.world)
    assert hamlet.world.care.left.tolist() == [[0, 0, 0]]
    assert hamlet.people["called_on"][0] == 3


def test_the_draws_of_the_month_decide():
    # 2000 elders, half of them registered, a visit in every fourth month.
    hamlet = left_behind(2000, 0.25, 0.5)
    world, key = hamlet.world, hamlet.people["key"][:2000]
    visits.visit(world)
    due = [
        uniform(world.draws.word(REGISTER, 0), k) < 0.5
        and uniform(world.draws.word(DUE, world.month), k) >= 0.75
        for k in key
    ]
    assert np.array_equal(hamlet.people["called_on"][:2000], due)
    # Five standard errors: errs once in 1.7 million worlds.
    assert sum(due) / 2000 == pytest.approx(0.125, abs=5 * math.sqrt(0.125 * 0.875 / 2000))
    assert read.visits(world) == sum(due)
    assert (
        number(read.clients, "visited")(world) / number(read.clients, "left_behind")(world) == sum(due) / 2000
    )


def test_linked_elders_are_visited_but_no_part_of_the_left_behind():
    """The first is left behind and on the register; the second is linked, with a child in the township."""
    hamlet = left_behind(2, 1.0)
    world, people = hamlet.world, hamlet.people
    people["arrangement"][1] |= CHILD_IN_TOWNSHIP
    people["linked"][1] = LINKED
    visits.visit(world)
    assert people["called_on"][:2].tolist() == [1, 1]
    assert read.visits(world) == 2
    assert number(read.clients, "visited")(world) == number(read.clients, "left_behind")(world) == 1


def test_coverage_is_a_share_where_everybody_is_linked():
    parameters = {
        "visits": {"per_month": 2.0},
        "social_work": {"workers": 60.0},
        "care_schemes": {"linking": 1.0},
    }
    scenario = Scenario.of(place="rural_heilongjiang", start="2020-01", seed=1, residents=1200, townships=1, villages=3,
                           months=8, mixes=["no_policy"], parameters=parameters)  # fmt: skip
    model = CareModel(scenario, "no_policy")
    model.run()
    left = model.elders["arrangement"] & (HAS_CHILD | CHILD_IN_TOWNSHIP) == HAS_CHILD
    called_on, linked = model.elders["called_on"] > 0, model.elders["linked"] & LINKED != 0
    assert np.count_nonzero(called_on & linked & ~left) > 5
    assert model.records[-1]["visit_coverage"] == np.count_nonzero(called_on & left) / np.count_nonzero(left)
    assert 0.5 < model.records[-1]["visit_coverage"] < np.count_nonzero(called_on) / np.count_nonzero(left)
    assert max(record["visit_coverage"] for record in model.records) <= 1.0


def test_when_visits_end_nobody_counts_as_visited():
    hamlet = left_behind(2, 1.0)
    visits.visit(hamlet.world)
    assert hamlet.people["called_on"][:2].tolist() == [1, 1]
    hamlet.world.parameters["visits"] = visits.Visits()
    visits.visit(hamlet.world)
    assert hamlet.people["called_on"][:2].tolist() == [0, 0]
    assert read.visits(hamlet.world) == 0


@pytest.mark.parametrize(("ceiling", "made"), [(0.0, 3), (15.0, 2)])
def test_a_measure_in_some_townships_pays_for_its_own_visits_alone(ceiling, made):
    """Everybody is visited twice a month anyway; in one village of two the measure adds a visit, of 15 yuan each.

    A ceiling of 30 yuan for the two of them pays for two of the three visits there.
    """
    hamlet = left_behind(2, 0.0)
    world, people = hamlet.world, hamlet.people
    people["village"][1] = 1
    under_law(world, {"visit_system": {"per_month": 1.0, "cost": 15.0, "rollout": 0.5}}, ceiling=ceiling)
    world.enact(world.parameters | {"visits": visits.Visits(per_month=2.0, registered=1.0)}, world.policy)
    benefits.pay_benefits(world)
    visits.visit(world)
    where = world.by_village("visits.per_month") > 2.0
    assert sorted(where.tolist()) == [False, True]
    assert people["called_on"][:2].tolist() == np.where(where, made, 2).tolist()
    assert world.claims.granted("visit_system").tolist() == np.where(where, made * 1_500, 0).tolist()
    assert world.money.paid("visit_system") == made * 1_500
    check_care(world)
