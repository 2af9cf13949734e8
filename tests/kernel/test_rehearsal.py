"""In a rehearsal rules are plain Python that sees and returns what machine code would."""

from typing import NamedTuple

import numpy as np
import pytest
from numba import types

from caresim.kernel import compiled as machine_code
from caresim.kernel.compiled import compiled
from caresim.kernel.rehearsal import rehearsed

BED = np.dtype([("beds", np.int64), ("base", np.float64)], align=True)


class Pair(NamedTuple):
    table: np.ndarray
    step: int


@compiled
def doubled(n):
    return n * np.int64(2)


@compiled
def add_beds(pair, bed):
    """Fields named as attributes of NumPy's own records are fields all the same."""
    for row in range(len(pair.table)):
        pair.table[row].beds += doubled(pair.step)
        pair.table[row].base += bed.base
    return len(pair.table), pair.table[0].base > 1.0, np.float64(0.5)


@compiled
def with_one_more(table):
    """Arrays of the same records can be made, and parts of them copied."""
    longer = np.zeros(len(table) + 1, dtype=table.dtype)
    longer[:-1] = table
    longer[len(table)].beds = 5
    return longer


@compiled
def tripled(n):
    return n * 3


@compiled
def fails(n):
    raise ValueError(n)


def beds():
    return np.zeros(3, BED), np.array([(1, 0.25)], BED)[0]


def test_a_rule_works_on_records_as_its_machine_code_does():
    (interpreted, bed), (ran, _) = beds(), beds()
    with rehearsed() as calls:
        told = add_beds(Pair(interpreted, 4), bed)
    assert add_beds.dispatcher is None
    assert told == add_beds(Pair(ran, 4), bed) == (3, False, 0.5)
    assert [type(one) for one in told] == [int, bool, float]
    np.testing.assert_array_equal(interpreted, ran)
    assert interpreted["beds"].tolist() == [8, 8, 8]
    assert interpreted["base"].tolist() == [0.25] * 3
    assert [call.rule for call in calls] == ["add_beds"]
    assert next(iter(calls)).types == add_beds.dispatcher.signatures[0]


def test_a_rule_makes_records_as_its_machine_code_does():
    table = np.array(2 * [(3, 0.5)], BED)
    with rehearsed() as calls:
        interpreted = with_one_more(table)
        again = with_one_more(interpreted)
    assert interpreted.tolist() == with_one_more(table).tolist() == [(3, 0.5), (3, 0.5), (5, 0.0)]
    assert len(again) == len(with_one_more(with_one_more(table))) == 4
    assert len(calls) == len(with_one_more.dispatcher.signatures) == 1


def test_calls_are_told_apart_by_type_and_not_by_value():
    with rehearsed() as calls:
        assert [tripled(2), tripled(3), tripled(0.5)] == [6, 9, 1.5]
    assert [call.types for call in calls] == [(types.int64,), (types.float64,)]


def test_a_failed_rehearsal_leaves_what_it_heard_and_compiles_again_afterwards():
    with pytest.raises(ValueError, match="7"), rehearsed() as calls:
        fails(7)
    assert [call.rule for call in calls] == ["fails"]
    assert machine_code.interpreter is None


def test_share_of_rules_that_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(machine_code, "_rules", [tripled.rule, fails.rule])
    monkeypatch.setattr(machine_code, "_cache_folder", lambda: tmp_path)
    assert machine_code.share_kept() == 0.0
    (tmp_path / machine_code.fingerprint(fails.rule)).mkdir()
    assert machine_code.share_kept() == 0.5
    monkeypatch.setattr(machine_code, "_cache_folder", lambda: None)
    assert machine_code.share_kept() == 1.0
