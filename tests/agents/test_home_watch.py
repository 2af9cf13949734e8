"""How care homes are watched: quality, incidents, inspections, stars and what is known of them, each on paper."""

from __future__ import annotations

import math

import pytest

from caresim.agents.people import INSTITUTION, NEVER
from caresim.processes.homes import run_homes
from tests.processes.test_admission import County

PLAIN = {"stigma_learning": 0.0, "incident": 0.0, "bed_target": 0.0, "inspection_rate": 0.0, "certified": 0.2,
         "staffing": 1.0, "memory": 0.0}  # fmt: skip
ALWAYS, NEVER_INSPECTED = 12.0, 0.0
"""Inspections a year: each month, and none."""


def home(residents=2, **rules):
    """Return a county and its one home, which has money and in which so many elders live."""
    county = County(homes=PLAIN | rules)
    h = county.home(beds=max(1, residents), cash=10**12)
    for _ in range(residents):
        row = county.elder()
        county.people["home"][row], county.people["place"][row] = h, INSTITUTION
    return county, h


def live(county, months=1):
    """Let months pass; return the incidents of each."""
    found = []
    for _ in range(months):
        run_homes(county.world)
        found.append(county.world.homes.incidents)
        county.world.month += 1
    return found


def quality(log_odds):
    return 1.0 / (1.0 + math.exp(-log_odds))


@pytest.mark.parametrize(
    ("rules", "log_odds"),
    [
        ({}, -0.5 + 1.5 + 0.2),
        ({"certified": 0.7}, -0.5 + 1.5 + 0.7),
        ({"staffing": 0.5}, -0.5 + 0.75 + 0.2 - 1.0),
        ({"staffing": 2.0}, -0.5 + 2.25 + 0.2),
    ],
)
def test_quality_comes_from_staff_and_certified_carers(rules, log_odds):
    """Half the staff of the standard are an overload of 1; more than one and a half of it count no more."""
    county, h = home(**rules)
    live(county)
    assert county.world.homes["quality"][h] == pytest.approx(quality(log_odds))


def test_an_inspection_rates_a_home_and_lifts_its_quality_for_a_year():
    """Quality .769 is three fifths and more: 4 stars. In the next month it is inspected, quality .846 and 5 stars."""
    county, h = home(inspection_rate=ALWAYS)
    homes = county.world.homes
    live(county)
    assert homes["quality"][h] == pytest.approx(quality(1.2))
    assert homes["star"][h] == 4
    live(county)
    assert homes["quality"][h] == pytest.approx(quality(1.7))
    assert homes["star"][h] == 5


@pytest.mark.parametrize(("ago", "log_odds"), [(11, 1.7), (12, 1.2)])
def test_what_an_inspection_lifts_is_gone_after_a_year(ago, log_odds):
    county, h = home()
    county.world.homes["inspected"][h] = county.world.month - ago
    live(county)
    assert county.world.homes["quality"][h] == pytest.approx(quality(log_odds))


def test_nobody_is_rated_without_inspections():
    county, h = home(inspection_rate=NEVER_INSPECTED, incident=1.0)
    live(county, 6)
    assert (county.world.homes["star"][h], county.world.homes["inspected"][h]) == (0, NEVER)


def test_an_incident_is_followed_by_an_inspection():
    """One inspection in a thousand years would come by itself; the month after an incident there is one."""
    county, h = home(inspection_rate=0.001)
    homes, month = county.world.homes, county.world.month
    homes["incident"][h] = month - 1
    live(county, 2)
    assert homes["inspected"][h] == month
    assert homes["star"][h] == 4


def test_incidents_come_with_residents_and_want_of_quality():
    """The risk is 1 less quality for each resident: of 40 at quality .23 somebody comes to harm, of 0 nobody."""
    full, empty = home(40, incident=1.0), home(0, incident=1.0)
    assert live(full[0], 3) == [1, 1, 1]
    assert live(empty[0], 3) == [0, 0, 0]
    never = home(40, incident=0.0)
    assert live(never[0], 3) == [0, 0, 0]


def test_a_better_home_has_fewer_incidents():
    """Quality .58 and .85, for each of 20 a risk of .0042 and .0015: over 400 months about 32 and 12 incidents."""
    bad, good = home(20, incident=0.01, staffing=0.7), home(20, incident=0.01, certified=0.7)
    struck = [sum(live(county, 400)) for county, _ in (bad, good)]
    assert struck[0] > 2 * struck[1] > 0


def test_what_is_known_of_a_home_follows_its_quality_by_halves():
    """With a memory of .5 word is half-way from .5 to the quality of .769; without one it is the quality."""
    county, h = home(memory=0.5)
    live(county)
    assert county.world.homes["reputation"][h] == pytest.approx((0.5 + quality(1.2)) / 2.0)
    county, h = home()
    live(county)
    assert county.world.homes["reputation"][h] == pytest.approx(quality(1.2))
