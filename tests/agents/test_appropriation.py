"""A year's budget: nothing is lost between months and years, and entitlements have their money first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caresim.agents.appropriation import Appropriation
from caresim.kernel.clock import month_number

JANUARY = month_number("2020-01")
FEN = st.integers(0, 10**9)
MONTHS = st.lists(st.tuples(FEN, FEN, FEN), min_size=1, max_size=40)
"""What is due as an entitlement, what of it is paid at most, what else is claimed."""


def test_what_entitlements_will_take_is_set_aside():
    year = Appropriation(0)
    year.open_year(JANUARY, 1000.0, 0.0)
    assert (year.months, year.whole, year.until) == (12, 12_000, JANUARY + 11)
    assert year.allows(300, JANUARY) == 12_000 - 11 * 300
    year.spent = 9_000
    assert year.allows(300, JANUARY + 2) == 300, "3,000 are the ten months' entitlements"
    year.spent = 11_900
    assert year.allows(300, JANUARY + 2) == 100


def test_a_year_that_begins_late_is_short():
    year = Appropriation(0)
    year.open_year(JANUARY + 10, 1000.0, 0.0)
    assert (year.months, year.whole) == (2, 2_000)


@given(MONTHS, st.floats(0.0, 1e9), st.floats(0.0, 1.0), st.integers(0, 11))
def test_nothing_is_lost(months, ceiling, carry_over, first):
    year, spent, granted = Appropriation(0), 0, 0
    for month, (due, paid, claimed) in enumerate(months, JANUARY + first):
        if month > year.until:
            before = year.left
            year.open_year(month, ceiling, carry_over)
            granted += year.granted
            assert 0 <= year.carried <= before
        free = max(0, year.allows(due, month) - due)
        year.deficit += max(0, due - year.allows(due, month))
        fen = min(due, paid) + min(claimed, free)
        year.spent += fen
        spent += fen
        assert year.spent <= year.whole + year.deficit
        over = year.overdrawn + max(0, year.spent - year.whole)
        assert granted + over == spent + year.returned + year.left
        assert granted == year.appropriated


@given(st.lists(st.tuples(FEN, FEN), min_size=12, max_size=12), st.integers(0, 10**8))
def test_steady_entitlements_that_fit_the_year_never_make_a_deficit(claims, due):
    year = Appropriation(0)
    year.open_year(JANUARY, float(due), 0.0)
    for month, (claimed, _) in enumerate(claims, JANUARY):
        assert year.allows(due, month) >= due
        year.spent += due + min(claimed, year.allows(due, month) - due)
    assert year.left == 0
