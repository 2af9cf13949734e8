"""What homes claim for their residents, to the fen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.agents.institutions import HOME, HOME_COLUMNS
from caresim.policies.operating_subsidy import worths

SEVERITY = 0.8, 1.0, 1.2, 1.5
ONE_YUAN = 100.0


def home_of(**values):
    table = np.zeros(1, dtype=HOME)
    for name, _, default, _ in HOME_COLUMNS:
        table[name] = values.get(name, default)
    return table


def claimed(states, **values):
    assessed = np.array(states, dtype=np.uint8)
    rows, home = np.arange(len(assessed)), np.zeros(len(assessed), dtype=np.int16)
    fen, total = worths(
        rows, home, assessed, home_of(**values), np.array([True]), 1440, ONE_YUAN, SEVERITY, 0.1, 0.8, 1.1
    )
    assert total == fen.sum()
    return int(fen[0])


def test_stars_credit_and_a_medical_link_weigh():
    assert claimed([0, 1, 2, 3]) == 450
    assert claimed([0, 1, 2, 3], star=5, medical=True) == 594
    assert claimed([0, 1, 2, 3], star=1, cash=-1) == 288


@pytest.mark.parametrize(("ago", "fen"), [(0, 360), (11, 360), (12, 450), (13, 450)])
def test_an_incident_counts_for_twelve_months(ago, fen):
    """4.5 heads at a yuan, times .8 in the month of the incident and the eleven after it."""
    assert claimed([0, 1, 2, 3], incident=1440 - ago) == fen


@given(st.lists(st.integers(0, 3), max_size=40))
def test_no_fen_depends_on_the_order_of_residents(states):
    assert claimed(states) == claimed(sorted(states)) == claimed(sorted(states, reverse=True))
