"""Shares of a whole in games whose solution is known."""

import numpy as np
import pandas as pd
import pytest

from caresim.experiment.decision import shapley, synergy
from caresim.experiment.decision.coalitions import subsets


def gloves(some):
    """One left glove and two right ones; a pair is worth 1."""
    return float("left" in some and ("right" in some or "other right" in some))


def test_the_owner_of_the_rare_glove_gets_two_thirds():
    found = shapley({some: gloves(some) for some in subsets(["left", "right", "other right"])})
    assert found.to_dict() == pytest.approx({"left": 2 / 3, "right": 1 / 6, "other right": 1 / 6})


def test_gloves_that_match_are_synergy_and_gloves_alike_overlap():
    found = synergy({some: gloves(some) for some in subsets(["left", "right", "other right"])})
    assert found.loc[("left", "right")].tolist() == [1.0, 0.5]
    assert found.loc[("other right", "right")].tolist() == [0.0, -0.5]


def test_an_additive_game_has_no_synergy():
    worth = {"a": 1.0, "b": 2.5, "c": -4.0}
    values = {some: 10.0 + sum(worth[name] for name in some) for some in subsets(worth)}
    assert shapley(values).to_dict() == pytest.approx(worth)
    assert synergy(values).to_numpy() == pytest.approx(np.zeros((3, 2)))


def test_least_squares_over_all_subsets_is_the_exact_value():
    from caresim.experiment.decision.coalitions import _fitted

    luck, names = np.random.default_rng(8), ("a", "b", "c", "d", "e")
    known = {some: luck.normal() for some in subsets(names)}
    assert _fitted(known, names).to_numpy() == pytest.approx(shapley(known).to_numpy(), abs=1e-9)


def test_some_subsets_suffice_for_an_additive_game():
    worth = dict(zip("abcdef", (3.0, 1.0, -2.0, 0.5, 4.0, 1.5), strict=True))
    chosen = [some for some in subsets(worth) if len(some) in (0, 1, 6)]
    found = shapley({some: sum(worth[name] for name in some) for some in chosen})
    assert found.to_dict() == pytest.approx(worth)


def test_a_series_of_tuples_is_read_and_too_few_subsets_are_refused():
    values = pd.Series(
        [0.0, 1.0, 2.0, 4.0], index=pd.Index([(), ("a",), ("b",), ("a", "b")], tupleize_cols=False)
    )
    assert shapley(values).to_dict() == {"a": 1.5, "b": 2.5}
    with pytest.raises(ValueError, match="nobody and of everybody"):
        shapley({frozenset("a"): 1.0, frozenset("b"): 1.0})
    with pytest.raises(ValueError, match="do not tell the parts apart"):
        shapley({frozenset(): 0.0, frozenset("ab"): 1.0, frozenset("abc"): 2.0})
