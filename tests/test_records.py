"""The months of a run: rows of numbers that are read as mappings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.kernel.clock import month_number
from caresim.records import Records, months_of, numbers_of


@pytest.fixture
def records():
    found = Records(("a", "b"), month_number("2019-12"))
    found.note(np.array([1.0, math.nan]))
    found.note(np.array([2.0, 4.0]))
    return found


def test_a_month_is_read_as_a_dict(records):
    assert len(records) == 2
    assert records[1] == records[-1] == {"month": "2020-01", "a": 2.0, "b": 4.0}
    assert [record["month"] for record in records] == ["2019-12", "2020-01"]
    assert records[1:] == [records[1]]
    assert next(reversed(records)) == records[1]
    assert records.latest(1) == 4.0
    assert repr(records) == repr([*records])
    with pytest.raises(IndexError):
        records[2]


def test_what_is_written_into_a_month_is_lost(records):
    records[0]["a"] = 7.0
    assert records[0]["a"] == 1.0


@pytest.mark.parametrize("as_dicts", [False, True])
def test_numbers_are_found_by_name(records, as_dicts):
    months = [*records] if as_dicts else records
    assert months_of(months) == ["2019-12", "2020-01"]
    for names, expected in ((["a", "b"], [[1, math.nan], [2, 4]]), (["b", "a"], [[math.nan, 1], [4, 2]]),
                            (["b"], [[math.nan], [4]])):  # fmt: skip
        assert np.array_equal(numbers_of(months, names), expected, equal_nan=True)
    assert numbers_of(months, []).shape == (2, 0)


def test_a_run_of_no_months_has_no_numbers():
    assert numbers_of(Records(("a", "b"), 0), ["a", "b"]).shape == (0, 2)
