"""Optimisation: the front of a problem whose front is known, within its budget, again after a kill."""

from __future__ import annotations

import pandas as pd
import pytest

from caresim.cli import main
from caresim.experiment.designs import choose_points
from caresim.experiment.optimise import _undominated, optimise, read_spending
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, verify
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design
from tests.experiment.fakes import NAMES, small

AXES = [
    axis_of(name, None, ()) for name in ("instruments.age_allowance.from_80", "instruments.time_bank.open")
]


def made_up(scenario, mix, replication):
    """Return a month in which money meets needs, and a time bank trades need for loneliness at some cost."""
    levers = {
        f"{group.group}.{value.name}": value.at(0)
        for group in scenario.mix(mix).instruments
        for value in group.values
    }
    yuan, is_open = levers["age_allowance.from_80"], levers["time_bank.open"]
    row = dict.fromkeys(NAMES, 0.0) | {
        "unmet_share": 1.0 - 0.005 * yuan + (0.1 if is_open else 0.0) + 0.001 * replication,
        "lonely_share": 0.3 if is_open else 0.5,
        "public_spending": 1000.0 * (yuan + (10.0 if is_open else 0.0)),
        "elders": 1000.0,
    }
    return Outcome([{"month": "2020-01", **row}])


def optimised(folder, **given):
    said = {"budget": 60.0, "trials": 64, "generation": 8, "jobs": 1, "simulate": made_up} | given
    return optimise(small(months=1, replications=2), AXES, out=folder, **said)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return optimised(tmp_path_factory.mktemp("front") / "out")


def test_the_front_is_the_one_that_arithmetic_gives(found):
    """Without a time bank 60 yuan may go to needs, with one 50: the two ends of a front of two points."""
    front = found.front.set_index("instruments.time_bank.open")
    assert sorted(front.index) == [False, True]
    assert 50.0 < front.loc[False, "instruments.age_allowance.from_80"] <= 60.0
    assert 40.0 < front.loc[True, "instruments.age_allowance.from_80"] <= 50.0
    assert (front["spending"] <= 60.0).all()
    assert front.loc[True, "lonely_share"] == 0.3


def test_a_parameter_is_no_lever(tmp_path):
    axes = [axis_of("admission.base", None, ())]
    with pytest.raises(ConfigError, match=r"--axis admission\.base: is a parameter, which nobody can turn"):
        optimise(small(months=1), axes, out=tmp_path / "out", simulate=made_up)
    assert not (tmp_path / "out").exists()


def test_the_front_is_run_again_under_other_luck(found):
    assert (found.front["unmet_share_again"] - found.front["unmet_share"]).tolist() == pytest.approx(
        [0.002, 0.002]
    )
    assert found.front["spending_again"].tolist() == pytest.approx(found.front["spending"].tolist())


def breaking(scenario, mix, replication):
    """Fail the second replication, the unluckier one, of every mix with a time bank."""
    found = made_up(scenario, mix, replication)
    if found.records[0]["lonely_share"] == 0.3 and replication == 1:
        raise ArithmeticError("nobody there")
    return found


def test_a_mix_that_lacks_a_replication_is_no_candidate(tmp_path):
    found = optimised(tmp_path / "out", trials=16, simulate=breaking)
    failed = found.trials["instruments.time_bank.open"].astype(bool)
    assert failed.any()
    assert found.trials.loc[failed, "unmet_share"].isna().all()
    assert found.trials.loc[~failed, "unmet_share"].notna().all()
    assert not found.front["instruments.time_bank.open"].any()


def test_spending_is_a_month_and_an_elder():
    months = [{"public_spending": 300.0, "elders": 10.0}, {"public_spending": 100.0, "elders": 30.0}]
    assert read_spending(small(), Outcome(months)) == {"spending": 10.0}


def test_trials_beyond_the_budget_are_told_but_not_in_the_front(found):
    beyond = found.trials["spending"] > 60.0
    assert beyond.any()
    assert not found.trials.loc[beyond, "feasible"].any()
    assert not found.trials.loc[beyond, "trial"].isin(found.front["trial"]).any()


def test_the_front_is_taken_as_points_of_a_sweep(found):
    points = choose_points(Design("csv", file=str(found.path / "front_points.csv")), small())
    assert len(points) == len(found.front)
    verify(found.path)


def test_an_interrupted_search_goes_on_to_the_same_front(found, tmp_path):
    calls = []

    def interrupted(scenario, mix, replication):
        calls.append(replication)
        if len(calls) > 40:
            raise KeyboardInterrupt
        return made_up(scenario, mix, replication)

    with pytest.raises(KeyboardInterrupt):
        optimised(tmp_path / "out", simulate=interrupted)
    again = optimised(tmp_path / "out", resume=True)
    pd.testing.assert_frame_equal(again.trials, found.trials)
    pd.testing.assert_frame_equal(again.front, found.front)


def test_dominated_and_repeated_trials_are_not_in_a_front():
    table = pd.DataFrame(
        {
            "a": [1.0, 2.0, 1.0, 0.0, 3.0],
            "b": [1.0, 1.0, 1.0, 0.0, 9.0],
            "feasible": [True, True, True, False, True],
        }
    )
    assert _undominated(table, {"a": "minimize", "b": "maximize"}).tolist() == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_without_levers_or_with_unknown_objectives_there_is_one_line(capsys, tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["optimise", "configs/lesson_village.yaml", "--out", str(tmp_path / "out")])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("--axis: no lever to turn; write --axis")
    with pytest.raises(
        ConfigError, match="--objective lonely: no indicator of that name; did you mean lonely_share"
    ):
        optimise(small(), AXES, objectives={"lonely": "minimize"})
    with pytest.raises(ConfigError, match="--objective lonely_share=up: write minimize or maximize"):
        optimise(small(), AXES, objectives={"lonely_share": "up"})
