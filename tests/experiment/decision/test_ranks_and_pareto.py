"""Ranks and the Pareto set on points that can be looked at."""

import numpy as np
import pandas as pd
import pytest

from caresim.experiment.decision import pareto_set, rank_probabilities
from caresim.experiment.decision.pareto import set_probability
from caresim.experiment.decision.ranks import ranks


def test_ranks_are_counted_and_ties_shared():
    values = pd.DataFrame({"a": [1.0, 1.0, 5.0], "b": [2.0, 1.0, 4.0], "c": [3.0, 0.0, 6.0]})
    found = rank_probabilities(values, "lower")
    # Ranks by row: a b c / c then a and b tie / b a c.
    assert found.loc["a"].tolist() == pytest.approx([1 / 3, (0.5 + 1) / 3, 0.5 / 3])
    assert found.loc["c"].tolist() == pytest.approx([1 / 3, 0, 2 / 3])
    assert found.columns.tolist() == [1, 2, 3]


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_rows_and_columns_add_up_to_one(better):
    values = pd.DataFrame(np.random.default_rng(2).integers(0, 4, (50, 5)), columns=list("abcde"))
    found = rank_probabilities(values, better).to_numpy()
    assert found.sum(axis=0) == pytest.approx(np.ones(5))
    assert found.sum(axis=1) == pytest.approx(np.ones(5))


def test_the_other_direction_turns_the_ranks_round():
    values = pd.DataFrame(np.random.default_rng(5).normal(size=(20, 4)), columns=list("abcd"))
    turned = rank_probabilities(values, "higher").to_numpy()[:, ::-1]
    assert rank_probabilities(values, "lower").to_numpy() == pytest.approx(turned)
    assert ranks(pd.Series([3.0, 1.0, 3.0]), "higher").tolist() == [1, 3, 1]


POINTS = pd.DataFrame({"cost": [1.0, 2.0, 2.0, 3.0, 1.0], "qalys": [1.0, 3.0, 2.0, 3.0, 1.0]},
                      index=["cheap", "good", "worse", "dear", "twin"])  # fmt: skip


def test_the_set_holds_what_nothing_beats():
    found = pareto_set(POINTS, {"cost": "lower", "qalys": "higher"})
    assert found.index[found["in_set"]].tolist() == ["cheap", "good", "twin"]
    assert found["beaten_by"].to_dict() == {
        "cheap": "",
        "good": "",
        "worse": "good",
        "dear": "good",
        "twin": "",
    }


def test_one_criterion_leaves_the_best_and_a_criterion_without_numbers_is_left_out():
    found = pareto_set(POINTS, {"qalys": "higher", "never measured": "lower"})
    assert found.index[found["in_set"]].tolist() == ["good", "dear"]
    assert "never measured" not in found


def test_resampling_counts_how_often_a_mix_stays():
    values = {"cost": pd.DataFrame({"a": [1.0, 3.0], "b": [2.0, 2.0]})}
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75], [0.75, 0.25]])
    found = set_probability(values, {"cost": "lower"}, weights)
    assert found.to_dict() == {"a": 0.5, "b": 0.5}
