"""`take_apart` and `disturb`, and their verbs: what comes of runs whose answer is known, again after a kill."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.experiment.decision.parts import PARTS, PARTS_FILE, coalition, together
from caresim.experiment.decision.studies import disturb, take_apart
from caresim.experiment.runner import Interrupted
from caresim.kernel.clock import month_number
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, read_run, verify
from caresim.scenario import Scenario
from tests.experiment.fakes import NAMES, outcome
from tests.scenario.test_broken_configs import complaints

CONFIG = """\
name: studies
place: rural_heilongjiang
start: 2020-01
months: 24
replications: 3
population: {residents: 300, townships: 1, villages: 1}
baseline: plain
mixes:
  plain: {}
  rich:
    instruments:
      nursing_subsidy: {severe: 900}
      carer_respite: {hours: 6}
      long_term_care_insurance: {hours: 20}
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "studies.yaml"
    path.write_text(CONFIG)
    return path


def worth(there, replication):
    """Return the hours of parts: family 1, market 2, state 4, and family with market 3 (and luck) more."""
    alone = {"family": 1.0, "market": 2.0, "state": 4.0}
    return sum(alone[name] for name in there) + (
        (3.0 + replication) if {"family", "market"} <= there else 0.0
    )


def game(scenario, mix, replication):
    """Return hours and costs that follow from the parts that a mix holds; ten elders from the start."""
    hours = 50.0 + worth(coalition(mix), replication)
    row = dict.fromkeys(NAMES, 0.0) | {"elders_at_start": 10.0}
    row |= {"hours_present_value": 10.0 * hours, "public_present_value": 20.0 * hours}
    return Outcome([{"month": "2020-01", **row}], outcome(scenario, mix, replication).population)


def scenario_of(config):
    return caresim.load_scenario(config, set=["months=1"])


def test_what_each_part_carries_is_that_of_the_game(config, tmp_path):
    tables = take_apart(scenario_of(config), "rich", out=tmp_path / "out", jobs=1, simulate=game)
    shapley, pairs = tables["shapley"], tables["synergy"]
    # Family and market share what they do together: 3, 4, 5 in the three replications, half of the mean to each.
    hours = shapley.loc["hours"]
    assert hours["mean"].to_dict() == pytest.approx({"family": 3.0, "market": 4.0, "state": 4.0, "all": 11.0})
    assert shapley.loc["cost", "mean"].to_dict() == pytest.approx((2.0 * hours["mean"]).to_dict())
    # Halves of 3, 4, 5 have a standard deviation of .5; t(.975, 2) = 4.302653.
    half = 4.302653 * 0.5 / np.sqrt(3)
    assert hours.loc["family", ["lower", "upper"]].tolist() == pytest.approx(
        [3.0 - half, 3.0 + half], rel=1e-6
    )
    row = pairs.loc[("hours", "family", "market")]
    assert row[["alone", "among_all"]].tolist() == pytest.approx([4.0, 4.0])
    assert row[["alone_lower", "alone_upper"]].tolist() == pytest.approx(
        [4.0 - 2 * half, 4.0 + 2 * half], rel=1e-6
    )
    assert pairs.loc[("hours", "family", "state")].tolist() == pytest.approx([0.0] * 6)
    assert all(table.attrs["uncertainty"] == "stochastic" for table in tables.values())
    run = read_run(tmp_path / "out")
    verify(run.path)
    kept = pd.read_csv(run.path / "decision" / "synergy.csv")
    assert kept["alone"].tolist() == pytest.approx(pairs["alone"].tolist())
    assert set(kept["uncertainty"]) == {"stochastic"}


def test_a_part_alone_is_an_instrument_if_parts_say_so(config, tmp_path):
    parts = {"respite": ("carer_respite",), "else": tuple(
        name for names in PARTS.values() for name in names if name != "carer_respite")}  # fmt: skip

    def counts(scenario, mix, replication):
        return game(scenario, "family" if "respite" in mix else "nobody", replication)

    found = take_apart(scenario_of(config), "rich", parts, out=tmp_path / "out", jobs=1, simulate=counts)
    assert found["shapley"].loc["hours", "mean"].to_dict() == {"else": 0.0, "respite": 1.0, "all": 1.0}


def test_the_interaction_of_replications_is_that_of_their_mean():
    luck = np.random.default_rng(3)
    names = [".".join(some) or "nobody" for k in range(4) for some in itertools.combinations("abc", k)]
    values = pd.DataFrame(luck.normal(size=(6, 8)), columns=names)
    from caresim.experiment.decision import synergy

    whole = synergy(values.mean().rename(coalition))
    pd.testing.assert_frame_equal(together(values)[["alone", "among_all"]], whole)


def test_an_interrupted_study_goes_on_to_the_same_tables(config, tmp_path):
    calls = []

    def stops(scenario, mix, replication):
        calls.append(mix)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return game(scenario, mix, replication)

    with pytest.raises(Interrupted):
        take_apart(scenario_of(config), "rich", out=tmp_path / "out", jobs=1, simulate=stops)
    again = take_apart(scenario_of(config), "rich", out=tmp_path / "out", jobs=1, simulate=game, resume=True)
    straight = take_apart(scenario_of(config), "rich", out=tmp_path / "straight", jobs=1, simulate=game)
    for name, table in straight.items():
        pd.testing.assert_frame_equal(again[name], table)


def gives(scenario, mix, replication):
    """Return hours that follow from what spouses can give and from what the state pays, month by month."""
    months = []
    for month in range(scenario.start, scenario.start + scenario.months):
        hours = scenario.parameters_at(month, mix)["spouse_care"].hours
        months.append(
            dict.fromkeys(NAMES, 0.0) | {"met_hours": hours + 10.0, "hours_institution": 90.0 + replication}
        )
    found = outcome(scenario, mix, replication)
    return Outcome(
        [{**row, **month} for row, month in zip(found.records, months, strict=True)], found.population
    )


def test_what_stays_is_told_of_the_year_and_of_the_same_luck(config, tmp_path):
    scenario = caresim.load_scenario(config, set=["months=30"]).only("plain")
    first = month_number("2021-01")
    table = disturb(
        scenario, first, sectors=("family", "state"), out=tmp_path / "out", jobs=1, simulate=gives
    )
    # 90 hours of a spouse, 10 and 90 (and luck): of 190, 191, 192 stay 45 less.
    kept = 1.0 - 45.0 / np.array([190.0, 191.0, 192.0])
    assert table.loc[("plain", "family"), "kept"] == pytest.approx(kept.mean())
    assert table.loc[("plain", "family"), "lower"] < kept.min()
    assert table.loc[("plain", "state"), ["kept", "worst"]].tolist() == [1.0, False]
    assert table.loc[("plain", "family"), "worst"]
    assert "2021-01 to 2021-12" in table.attrs["caption"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "family", "resilience.csv", "state", "undisturbed"]  # fmt: skip
    late = disturb(scenario, sectors=("family",), out=tmp_path / "late", jobs=1, simulate=gives)
    assert "2021-07 to 2022-06" in late.attrs["caption"]
    again = disturb(scenario, first, sectors=("family", "state"), out=tmp_path / "out", jobs=1, simulate=gives,
                    resume=True)  # fmt: skip
    pd.testing.assert_frame_equal(again, table)


def test_the_public_functions_are_these():
    assert (caresim.take_apart, caresim.disturb) == (take_apart, disturb)


def test_both_verbs_run_the_model_and_leave_their_tables(config, tmp_path):
    size = ("--jobs", "1", "--replications", "2", "--set", "months=2")
    out = tmp_path / "parts"
    code, lines, said = complaints("take-apart", str(config), "--whole", "rich", "--out", str(out), *size)
    assert (code, lines) == (0, [])
    assert "What each part of rich carries (Shapley value); public perspective" in said
    assert "2 paired replications of 2 months, 8 subsets" in said
    assert {"shapley.csv", "synergy.csv"} <= {path.name for path in (out / "decision").iterdir()}
    table = pd.read_csv(out / "decision" / "shapley.csv").set_index(["measure", "part"])["mean"]
    for measure in ("hours", "qalys", "cost"):
        assert table[measure].drop("all").sum() == pytest.approx(table[measure]["all"])
    out = tmp_path / "halved"
    code, lines, said = complaints(
        "disturb",
        str(config),
        "--first",
        "2020-02",
        "--sector",
        "family",
        "--mix",
        "plain",
        "--out",
        str(out),
        *size,
    )
    assert (code, lines) == (0, [])
    assert "while one sector's capacity is halved, 2020-02 to 2020-02; 2 paired replications" in said
    kept = pd.read_csv(out / "resilience.csv")
    assert kept["halved"].tolist() == ["family"]
    assert 0.4 < kept["kept"].iloc[0] < 1.0


def test_what_few_subsets_do_not_tell_is_said(config, tmp_path, capsys):
    from caresim.cli.taking_apart import _print

    with pytest.raises(ConfigError, match="3 subsets of 3 parts are too few; take 8"):
        take_apart(scenario_of(config), "rich", most=3, out=tmp_path / "out", jobs=1, simulate=game)
    values = pd.DataFrame({"nobody": [0.0], "a": [1.0], "b": [1.0], "c": [1.0], "a.b.c": [3.0]})
    table = together(values)
    assert table.isna().all(axis=None)
    table.attrs["caption"] = "Synergy"
    _print(table)
    assert (
        capsys.readouterr().out == "Synergy\nnot known from so few subsets; raise --most, or leave it out\n\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["take-apart", "--whole", "rihc"], "mix rihc: not in scenario studies"),
        (["take-apart", "--whole", "plain"], "--whole plain: is as the baseline plain; name a mix that differs"),
        (["take-apart", "--whole", "rich", "--most", "4"], "--whole rich: 4 subsets of 3 parts are too few; take 8"),
        (["take-apart", "--perspective", "x"], "--perspective x: not a perspective"),
        (["disturb", "--sector", "familly"], "--sector familly: unknown; did you mean family?"),
        (["disturb", "--first", "2020"], "--first 2020: not a month; write one such as"),
        (["disturb", "--first", "2030-01"], "--first 2030-01: not a month of the run; write one from 2020-01 to"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(config, tmp_path, arguments, told):
    verb, *options = arguments
    code, lines, _ = complaints(verb, str(config), *options, "--out", str(tmp_path / "out"))
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(told)
    assert not (tmp_path / "out").exists()


def test_without_parts_of_its_own_an_instrument_is_told():
    mixes = {"status_quo": None, "rich": {"instruments": {"carer_respite": {"hours": 6.0}}}}
    scenario = Scenario.of(name="s", place="rural_heilongjiang", start="2020-01", months=1, seed=3, replications=1,
                           residents=300, townships=1, villages=1, mixes=mixes)  # fmt: skip
    with pytest.raises(
        ConfigError, match=r"--whole rich: no part holds carer_respite; .* or use --by instrument"
    ):
        take_apart(scenario, "rich", {"state": PARTS["state"]}, out="never")
    assert (Path(__file__).parents[3] / PARTS_FILE).is_file()
