"""The trial on twins, in a county so small that it says nothing, checked where it can be worked out."""

import numpy as np
import pandas as pd
import pytest

from experiments import group_work_trial as experiment

TINY = ["--residents", "6000", "--months", "12", "--replications", "2"]


def test_a_tiny_trial_finds_members_and_prints_every_comparison(capsys):
    table = experiment.main(TINY)
    assert np.isfinite(table.to_numpy()).all()
    assert (table["lower"] <= table["mean"]).all()
    assert (table["mean"] <= table["upper"]).all()
    assert table.loc["members", "mean"] >= 8
    assert table.loc["against twins, 0 months after", "mean"] < 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in table.index)


def test_members_and_twins_are_the_same_people_and_differ_only_by_the_group():
    """No twin was in a group, and before it members and twins are equally lonely: each has the other's luck."""
    found = experiment.trial(6000, 12, 0)
    assert found.index.is_unique
    assert len(found) >= 8
    assert (found["before"] == found["twin_before"]).mean() > 0.9
    assert (found["member_0"] < found["twin_0"]).mean() > 0.9


def test_effects_are_means_over_the_spread_of_both_arms():
    """Members end at 1 and 2, twins at 2 and 5: variances .5 and 4.5, spread 2.5^.5; differences -1 and -3."""
    table = pd.DataFrame(
        {"before": [2.0, 4.0], "twin_before": [3.0, 4.0], "member_0": [1.0, 2.0], "twin_0": [2.0, 5.0]}
    )
    for later in (3, 6):
        table[f"member_{later}"], table[f"twin_{later}"] = table["member_0"], table["twin_0"]
    found = experiment.effects(table)
    assert found["spread of scores"] == pytest.approx(2.5**0.5)
    assert found["against twins, 0 months after"] == pytest.approx(-2.0 / 2.5**0.5)
    assert found["members, before and after"] == pytest.approx(-1.5 / 2.5**0.5)
    assert found["twins, before and after"] == pytest.approx(0.0)
    assert found["members"] == 2
