"""Elders' situations are what their columns say, and sums of all measures at once are those of each elder alone."""

from __future__ import annotations

import numpy as np
import pytest

from caresim import catalogue
from caresim.agents import dues
from caresim.agents.care import ALONE, LAST_FAMILY
from caresim.agents.dues import DuesInForce, in_force
from caresim.agents.people import INSTITUTION
from caresim.agents.policy import Policy
from caresim.agents.schemes import MEALS
from caresim.agents.situations import (
    SITUATIONS,
    claim_by_situation,
    look_up,
    note_lives,
    note_needs,
    situations,
)
from caresim.kernel.draws import uniform
from tests.hamlet import Hamlet

N, MONTH, WORD = 4000, 600, np.uint64(99)
REGION = np.array([0, SITUATIONS], dtype=np.int32)
UNIVERSAL = np.array([0.0, 0.4])


def crowd(seed=5):
    """Return the rows of elders and their columns, by chance."""
    luck = np.random.default_rng(seed)
    elders = np.flatnonzero(luck.random(2 * N) < 0.5)

    def one_of(*values, dtype=np.uint8):
        return luck.choice(np.array(values, dtype=dtype), 2 * N)

    born = (MONTH - luck.integers(60 * 12, 103 * 12, 2 * N)).astype(np.int16)
    return elders, {
        "born": born, "assessed": one_of(0, 0, 0, 1, 2, 3), "means": one_of(0, 0, 0, 1, 3), "takes_up": one_of(0, 1),
        "place": one_of(0, 0, INSTITUTION), "arrangement": one_of(0, ALONE, ALONE | 2),
        "main_relation": one_of(0, 1, LAST_FAMILY + 1, LAST_FAMILY + 2), "linked": one_of(0, MEALS, 4),
        "village": one_of(0, 1, dtype=np.int16), "key": luck.integers(0, 1 << 63, 2 * N).astype(np.uint64),
    }  # fmt: skip


OF_CLAIMANTS = ("born", "assessed", "means", "takes_up", "place", "arrangement", "village", "key", "main_relation",
                "linked")  # fmt: skip


def noted(elders, columns):
    """Return the elders' numbers, the places of those who can claim, and these by number: all, and which there are."""
    numbers = np.full(len(elders), -1, np.int32)
    heads, present = np.zeros(2 * SITUATIONS, np.int64), np.empty(2 * SITUATIONS + 1, np.int64)
    needs, lives = columns.copy(), columns.copy()
    for name in ("place", "arrangement", "main_relation", "linked", "village", "key"):
        del needs[name]
    for name in ("born", "assessed", "takes_up"):
        del lives[name]
    claimants = note_needs(elders, *needs.values(), MONTH, 2 * N, numbers)
    kinds = note_lives(elders, claimants, *lives.values(), REGION, UNIVERSAL, WORD, numbers, heads, present)
    return numbers, claimants, heads, present[:kinds]


def test_a_number_says_what_the_columns_say():
    elders, columns = crowd()
    numbers, claimants, heads, present = noted(elders, columns)
    said = situations()
    for j, i in enumerate(elders):
        one = {name: values[i] for name, values in columns.items()}
        age, number = (MONTH - int(one["born"])) // 12, numbers[j]
        if not (one["takes_up"] and (one["assessed"] or one["means"] or age >= 80)):
            assert number == 0
            continue
        region, number = divmod(int(number), SITUATIONS)
        family = 1 <= one["main_relation"] <= LAST_FAMILY + 1
        chosen = one["means"] == 0 and uniform(WORD, one["key"]) < UNIVERSAL[one["village"]]
        assert region == one["village"]
        assert [getattr(said, name)[number] for name in said.__dataclass_fields__] == [
            one["assessed"], one["means"], max(start for start in (0, 80, 90, 100) if start <= age),
            one["place"] == INSTITUTION, one["arrangement"] & ALONE != 0, family and one["place"] != INSTITUTION,
            one["linked"] == MEALS, chosen,
        ]  # fmt: skip
    assert claimants.tolist() == np.flatnonzero(numbers).tolist()
    assert heads.tolist() == np.bincount(numbers[claimants], minlength=2 * SITUATIONS).tolist()
    assert sorted(present) == np.flatnonzero(heads).tolist()
    assert len(np.unique(numbers)) > 100


@pytest.mark.parametrize("paid_out", [(True, False, True), (False, False, False)])
def test_totals_and_what_is_paid_at_once_are_the_sums_of_each_elder(paid_out):
    elders, columns = crowd()
    units = np.random.default_rng(2).integers(0, 5000, (3, 2 * SITUATIONS)).astype(np.int32)
    units[:, 0] = 0
    fen_each, benefits = np.array([1, 7, 1]), np.zeros(2 * N, dtype=np.int32)
    numbers, total, ledger = np.full(len(elders), -1, np.int32), np.full(3, -1), np.array([5, 5, 5, 5])
    claim_by_situation(
        elders, *(columns[name] for name in OF_CLAIMANTS), benefits, MONTH, 2 * N, numbers, ledger,
        np.array(paid_out), np.array([3, -1, 1]), REGION, UNIVERSAL, WORD, units, fen_each, total,
    )  # fmt: skip
    fen = np.array([look_up(numbers, units[k], fen_each[k]) for k in range(3)])
    assert (fen == units[:, numbers] * fen_each[:, None]).all()
    assert total.tolist() == fen.sum(axis=1).tolist()
    assert ledger.tolist() == [5, 5 + total[2], 5, 5 + total[0]]
    assert benefits[elders].tolist() == fen[np.array(paid_out)].sum(axis=0).tolist()
    assert benefits.sum() == benefits[elders].sum()


def dues_of(hamlet, **levers) -> DuesInForce:
    """Return what these measures owe."""
    measures = catalogue.instruments()
    given = {name: measures[name].parameters(**values) for name, values in levers.items()}
    hamlet.world.enact(
        {name: group() for name, group in catalogue.parameter_groups().items()}, Policy(given, measures)
    )
    return in_force(hamlet.world)


def test_villages_where_other_measures_are_active_are_other_regions():
    hamlet = Hamlet(catalogue.columns())
    hamlet.world.territory.distance[:] = (0.0, 40.0)
    found = dues_of(
        hamlet, meal_aid={"subsidy": 5.0, "reach": 10.0, "meals": 20}, nursing_subsidy={"severe": 100.0}
    )
    meals, nursing = (claim.instrument.name == "meal_aid" for claim in found.claims)
    near, far = found.region.tolist()
    assert sorted((near, far)) == [0, SITUATIONS]
    assert (meals, nursing) == (True, False)
    assert found.table.units[0, near : near + SITUATIONS].any()
    assert not found.table.units[0, far : far + SITUATIONS].any()
    assert (found.table.units[1, :SITUATIONS] == found.table.units[1, SITUATIONS:]).all()
    assert found.cash.tolist() == [False, True]


def test_who_owes_nothing_claims_nothing():
    hamlet = Hamlet(catalogue.columns())
    found = dues_of(hamlet, meal_aid={"subsidy": 5.0, "meals": 0}, nursing_subsidy={"severe": 100.0})
    assert [claim.key for claim in found.claims] == [("nursing_subsidy", "cash")]
    assert found.table.units.any()
    assert found.table.units[0, 0] == 0


def test_who_is_in_no_need_is_owed_nothing_and_no_sum_is_too_large():
    assert dues._asked("all", 7)[:2].tolist() == [0, 7]
    for sum_each in (-1, 3_000_000_000):
        with pytest.raises(ValueError, match="all: nobody can be paid"):
            dues._asked("all", sum_each)
