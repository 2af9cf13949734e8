"""Which care home an elder prefers: each coefficient on paper, and each again in a home that he enters or not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.agents.care import ALONE, LONELY, WITH_CHILD
from caresim.agents.home_choice import attraction
from caresim.agents.institutions import NO_HOME, PRIVATE
from caresim.processes.admission import Admission
from tests.processes.test_admission import RICH, SURE, County

RULES = Admission(base=-1.0, price=2.0, quality=3.0, distance=0.5, with_child=1.4, with_spouse=0.7, oldest=0.8,
                  unmet=1.6, lonely=0.3, stigma=1.1)  # fmt: skip
PLAIN = {"dearness": 0.0, "far": 0.0, "reputation": 0.5, "arrangement": ALONE, "married": False, "age": 79,
         "unmet": 0.0, "mood": 0, "stigma": 0.0}  # fmt: skip
"""A home of middling quality next door for a price of one income, and an elder of whom nothing else is to be said."""


@pytest.mark.parametrize(
    ("situation", "log_odds"),
    [
        ({}, -1.0),
        ({"dearness": math.log(0.5)}, -1.0 + 2.0 * math.log(2.0)),
        ({"dearness": math.log(3.0)}, -1.0 - 2.0 * math.log(3.0)),
        ({"reputation": 0.9}, -1.0 + 3.0 * 0.4),
        ({"reputation": 0.0}, -1.0 - 1.5),
        ({"far": math.log(1.0 + 9.0)}, -1.0 - 0.5 * math.log(10.0)),
        ({"arrangement": WITH_CHILD}, -1.0 - 1.4),
        ({"married": True}, -1.0 - 0.7),
        ({"age": 80}, -1.0 + 0.8),
        ({"unmet": 0.25}, -1.0 + 0.4),
        ({"mood": LONELY}, -1.0 + 0.3),
        ({"mood": 255 - LONELY}, -1.0),
        ({"stigma": 0.5}, -1.0 - 0.55),
        (
            {"dearness": 1.0, "far": 2.0, "reputation": 1.0, "arrangement": WITH_CHILD, "married": True, "age": 95,
             "unmet": 1.0, "mood": LONELY, "stigma": 1.0},
            -1.0 - 2.0 - 1.0 + 1.5 - 1.4 - 0.7 + 0.8 + 1.6 + 0.3 - 1.1,
        ),
    ],
)  # fmt: skip
def test_what_speaks_for_a_home(situation, log_odds):
    assert attraction(*(PLAIN | situation).values(), RULES.record(1.0, 1.0)[0]) == pytest.approx(log_odds)


@pytest.mark.parametrize(
    ("coefficient", "base", "columns", "moves_in"),
    [
        ("with_child", 20.0, {}, True),
        ("with_child", 20.0, {"arrangement": WITH_CHILD}, False),
        ("with_spouse", 20.0, {}, True),
        ("with_spouse", 20.0, {"spouse": 0}, False),
        ("oldest", -20.0, {}, False),
        ("oldest", -20.0, {"born": -12}, True),
        ("unmet", -20.0, {}, False),
        ("unmet", -20.0, {"unmet": 250}, True),
        ("lonely", -20.0, {}, False),
        ("lonely", -20.0, {"mood": LONELY}, True),
        ("price", -20.0, {}, True),  # a tenth of his income: 2.3 times 40 better than a whole income
        ("price", -20.0, {"income": 120_000}, False),  # five sixths: .18 times 40 better
    ],
)
def test_an_elder_goes_where_what_is_known_of_him_leads(coefficient, base, columns, moves_in):
    """One coefficient of 40 log odds turns certainty round; an elder of 79 in state 2, rich and alone, beside a bed."""
    county = County(admission=SURE | {"base": base, "price": 0.0, coefficient: 40.0})
    county.home()
    county.add(79, "m", county.household())
    elder = county.elder(age=79, income=RICH)
    for name, value in columns.items():
        county.people[name][elder] = value + (county.people[name][elder] if name == "born" else 0)
    county.month()
    assert county.home_of(elder) == [0 if moves_in else NO_HOME]


@pytest.mark.parametrize(
    ("coefficient", "base", "home", "shame", "moves_in"),
    [
        ("quality", 0.0, {"reputation": 1.0}, 0.0, True),
        ("quality", 0.0, {"reputation": 0.0}, 0.0, False),
        ("distance", 40.0, {"x": 0.0}, 0.0, True),
        ("distance", 40.0, {"x": 9.0}, 0.0, False),
        ("stigma", 20.0, {}, 0.0, True),
        ("stigma", 20.0, {}, 1.0, False),
    ],
)
def test_an_elder_goes_where_home_and_village_lead(coefficient, base, home, shame, moves_in):
    county = County(admission=SURE | {"base": base, "price": 0.0, coefficient: 40.0})
    county.home(**home)
    county.world.territory.stigma = np.full(2, shame)
    elder = county.elder(age=79)
    county.month()
    assert county.home_of(elder) == [0 if moves_in else NO_HOME]


def test_an_elder_prefers_the_home_that_attracts_most():
    """Of two free homes the nearer, unless the other is so much better."""
    for reputation, chosen in ((0.5, 0), (0.9, 1)):  # 2 of distance against 10 times .4 of quality
        county = County(admission=SURE | {"distance": 2.0 / math.log(4.0), "quality": 10.0})
        county.home(reputation=0.5, x=0.0)
        county.home(reputation=reputation, x=3.0)
        elder = county.elder()
        county.month()
        assert county.home_of(elder) == [chosen]


@pytest.mark.parametrize(
    ("group", "due", "other"),
    [("severe", 3, 2), ("moderate", 2, 3)],
)
def test_a_choice_counts_on_the_support_of_each_state(group, due, other):
    """1,000 yuan less 600 of support are 400, which .9 of 450 pays; the other state is due nothing."""
    for state, home in ((due, 0), (other, NO_HOME)):
        county = County(admission=SURE | {f"aid_{group}": 600.0})
        county.home(ownership=PRIVATE)
        elder = county.elder(age=75, disability=state, income=45_000)
        county.people["savings"][elder], county.people["takes_up"][elder] = 0, 1
        county.month()
        assert county.home_of(elder) == [home]
