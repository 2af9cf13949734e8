"""Schemes planned and delivered, links made and answered, counted on paper."""

from __future__ import annotations

import math

import numpy as np

from caresim import catalogue
from caresim.agents.care import BOUGHT, FORMAL, PURCHASED, TIME_BANK, VOLUNTEERS
from caresim.agents.people import COLUMNS, ELDER, INSTITUTION
from caresim.agents.schemes import DRAWN_UP, MEALS, SERVICES, VISITS
from caresim.agents.schemes import VOLUNTEERS as BY_VOLUNTEERS
from caresim.agents.social_work import FORMER, INTERVENTION, PLANNING
from caresim.indicators import schemes
from caresim.processes import volunteering
from caresim.recorder import Recorder
from tests.hamlet import HEALTH, Hamlet

ALL = 127 | DRAWN_UP


def hamlet(n):
    found = Hamlet(catalogue.columns())
    for _ in range(n):
        row = found.add(72, "f", found.household())
        found.people["state"][row] |= ELDER
    found.world.elders = np.arange(n)
    return found


def measure(found):
    return Recorder(schemes.INDICATORS).measure(found.world)


def test_a_scheme_is_fulfilled_as_far_as_its_services_come():
    """Everything is planned for both; the first gets everything, the second nothing."""
    found = hamlet(2)
    people, book = found.people, found.world.care
    people["scheme"][:2] = ALL
    people["assessed"][:2] = 3
    book.open(np.arange(2), np.full((2, 3), 600, dtype=np.int32))
    book.received[0, [FORMAL, BOUGHT, VOLUNTEERS]] = 60
    people["meals"][0] = people["called_on"][0] = people["modified"][0] = 1
    people["client"][0] = INTERVENTION
    counted = measure(found)
    assert counted["schemes"] == 2
    assert counted["services_per_scheme"] == 7
    assert counted["scheme_fulfilment"] == 0.5
    assert [counted[f"scheme_{name}"] for name in SERVICES] == [0.5] * 7


def test_purchased_hours_and_the_time_bank_count_and_a_home_only_chosen_does_not():
    found = hamlet(1)
    people, book = found.people, found.world.care
    people["scheme"][0] = ALL
    book.open(np.arange(1), np.full((1, 3), 600, dtype=np.int32))
    book.received[0, [PURCHASED, TIME_BANK]] = 60
    people["modified"][0], people["client"][0] = 2, FORMER
    counted = measure(found)
    assert [counted[f"scheme_{name}"] for name in SERVICES] == [1, 0, 0, 0, 0, 0, 1]


def test_what_comes_without_being_planned_is_no_fulfilment():
    found = hamlet(1)
    found.people["scheme"][0] = MEALS | DRAWN_UP
    found.people["called_on"][0] = 1
    counted = measure(found)
    assert (counted["services_per_scheme"], counted["scheme_fulfilment"]) == (1, 0)
    assert math.isnan(counted["scheme_visits"])


def test_the_share_is_of_elders_assessed_as_limited_outside_homes():
    found = hamlet(4)
    people = found.people
    people["assessed"][:4] = 0, 1, 2, 3
    people["scheme"][:2] = DRAWN_UP
    people["place"][3] = INSTITUTION
    assert measure(found)["scheme_share"] == 0.5
    assert measure(found)["schemes"] == 2


def test_links_are_those_of_planned_services_and_answered_if_the_service_comes():
    """Three could be linked for each of two clients: 6; 3 are; meals and visits come, volunteers do not."""
    found = hamlet(3)
    people = found.people
    people["scheme"][:3] = ALL
    people["client"][:2] = PLANNING, FORMER
    people["linked"][:2] = MEALS | BY_VOLUNTEERS, VISITS
    people["meals"][0], people["called_on"][1] = 1, 2
    counted = measure(found)
    assert (counted["links"], counted["link_share"], counted["link_answered"]) == (3, 0.5, 2 / 3)


def test_in_a_run_without_schemes_nothing_is_measured():
    found = Recorder(schemes.INDICATORS).measure(Hamlet(COLUMNS + HEALTH).world)
    assert all(math.isnan(value) for value in found.values())


def test_volunteers_come_first_to_whom_a_social_worker_linked():
    """Eight ask; whatever the draws, the linked one stands first, and the others keep their order."""
    found = hamlet(9)
    people, world = found.people, found.world
    world.care.open(np.arange(8), np.full((8, 3), 600, dtype=np.int32))
    where = people["village"], world.territory.township, world.territory.x, world.territory.y, 0.0
    stream = world.draws.word(volunteering.ASK, world.month)

    def asked():
        return volunteering.requests(
            world.care.rows,
            world.care.left,
            people["key"],
            people["linked"],
            np.array([8]),
            *where,
            480,
            stream,
        )[0].tolist()

    before = asked()
    last = before[-1]
    people["linked"][last] = BY_VOLUNTEERS
    assert asked() == [last, *before[:-1]]
    people["linked"][before[3]] = MEALS
    assert asked() == [last, *before[:-1]]
