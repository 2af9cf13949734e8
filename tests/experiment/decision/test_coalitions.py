"""Shares of a whole in games whose solution is known."""

import numpy as np
import pandas as pd
import pytest

from caresim.experiment.decision import shapley, synergy
from caresim.experiment.decision.coalitions import sampled, subsets


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


def test_subsets_by_lot_tell_what_all_of_them_tell():
    """A game of 6 parts by 30 of its 64 subsets: the mean of 200 such estimates is the exact value, but for a rest.

    The mean's standard error is some .01; the bound is 5 of them and .02 for the bias of least squares.
    """
    luck, names = np.random.default_rng(21), tuple("abcdef")
    game = {some: sum(map(ord, some)) / 300 + 0.3 * luck.normal() for some in subsets(names)}
    exact = shapley(game)
    found = []
    for _ in range(200):
        chosen = sampled(names, 30, luck)
        assert 30 <= len(set(chosen)) <= 31
        found.append(shapley({some: game[some] for some in chosen}))
        assert found[-1].sum() == pytest.approx(exact.sum())
    assert (pd.DataFrame(found).mean() - exact).abs().max() < 0.07
    assert pd.DataFrame(found).std().max() > 0.01


def test_subsets_by_lot_hold_those_that_are_needed():
    luck = np.random.default_rng(1)
    assert sampled("abc", 99, luck) == subsets("abc")
    fewest = sampled("abcde", 12, luck)
    assert {len(some) for some in fewest} == {0, 1, 4, 5}
    again = [sampled("abcdef", 30, np.random.default_rng(5)) for _ in range(2)]
    assert again[0] == again[1]
    with pytest.raises(ValueError, match="11 subsets of 5 parts are too few; take 12 or more"):
        sampled("abcde", 11, luck)
