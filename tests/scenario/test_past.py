"""The time before the first month: one world for every mix, whatever is run beside it."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.kernel.mistakes import ConfigError
from caresim.model import CareModel
from caresim.scenario import Scenario, load_scenario

SIZE = ("population={residents: 900, villages: 3, townships: 1}", "months=2", "replications=1")
MIXES = ("status_quo", "state_led", "family_first", "austerity", "no_policy")
OFF = {"instruments": {"bed_target": {"per_10000": 0.0}}}


def scenario(**keys):
    return Scenario.of(place="rural_heilongjiang", residents=900, villages=3, townships=1, months=2, **keys)


def start(scenario, mix):
    return CareModel(scenario, mix, collect=False).world


def differences(one, other):
    """Return which columns of people, homes and villages differ."""
    found = [name for name in one.people.arrays if not np.array_equal(one.people[name], other.people[name])]
    found += [] if np.array_equal(one.homes.table, other.homes.table) else ["homes"]
    columns = ("trust", "home", "stigma")
    return found + [
        name for name in columns if not np.array_equal(*(getattr(w.territory, name) for w in (one, other)))
    ]


@pytest.mark.parametrize("mix", MIXES[1:])
def test_every_mix_starts_from_the_world_that_the_baseline_left(mix):
    """Beds, nursing beds, residents of homes, loneliness: a measure changes none of it before its first month."""
    both = scenario(mixes=["status_quo", mix])
    ours = start(both, mix)
    assert differences(ours, start(both, "status_quo")) == []
    assert len(ours.homes) > 0
    assert ours.policy is both.before[1]


@pytest.mark.parametrize("mix", ["state_led", "no_policy"])
def test_a_mix_that_is_run_alone_starts_from_the_same_world(mix):
    both = scenario(mixes=["status_quo", mix])
    assert differences(start(both.only(mix), mix), start(both, mix)) == []


def test_the_past_can_be_another_mix_or_one_that_is_not_run():
    bare = scenario(mixes=["status_quo", "state_led"], past="no_policy")
    assert len(start(bare, "state_led").homes) == 0
    written = scenario(mixes=["status_quo"], past={"name": "no_beds", **OFF})
    assert len(start(written, "status_quo").homes) == 0
    assert written.past.name == "no_beds"


@pytest.mark.parametrize("past", [None, "state_led", "no_policy", {"name": "no_beds", **OFF}])
def test_what_a_run_writes_down_of_its_past_can_be_read_again(past):
    """Also where the mix of the past is not run any more: its measures are written in full then."""
    said = scenario(mixes=["status_quo", "state_led"], **({} if past is None else {"past": past}))
    for kept in (said, said.only("status_quo"), said.only("state_led")):
        again = Scenario.of(**kept.resolved())
        assert again.digest() == kept.digest()
        assert again.before[0] == kept.before[0]
        assert differences(start(again, again.baseline), start(said, "status_quo")) == []


@pytest.mark.parametrize(
    ("past", "said"),
    [
        ("state_lead", "did you mean state_led?"),
        (3, "past: a mix without a name"),
        ([1], "past: a mix without a name"),
        ({"name": "x", "instruments": {"bed_targe": {}}}, "past.x.instruments.bed_targe"),
    ],
)
def test_a_past_that_is_no_mix_is_told_in_one_line(past, said):
    with pytest.raises(ConfigError) as error:
        scenario(mixes=["status_quo"], past=past)
    assert len(error.value.lines) == 1
    assert said in error.value.lines[0]


def test_the_past_is_taken_from_a_config_and_the_command_line():
    run = load_scenario("configs/heilongjiang.yaml", set=[*SIZE, "past=austerity"])
    assert run.past.name == "austerity"
    assert load_scenario("configs/heilongjiang.yaml", set=SIZE).past.name == "status_quo"
