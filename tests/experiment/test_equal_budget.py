"""Mixes are scaled to one budget: bisection on known functions, the levers that one factor moves, the config."""

import math
from pathlib import Path

import pandas as pd
import pytest

from caresim import catalogue, load_scenario
from caresim.agents.entitlements import BudgetTooLow
from caresim.experiment import pilots as module
from caresim.experiment.budget_config import config_paths, write_config
from caresim.experiment.equal_budget import SCALED, Scaling, bisect, equal_budget, pilot_seed, scaled
from caresim.experiment.pilot_log import PilotLog
from caresim.experiment.replication import ReplicationFailed
from caresim.kernel.mistakes import ConfigError
from caresim.scenario import Scenario
from tests.scenario.test_broken_configs import complaints

TINY = """\
place: rural_heilongjiang
months: 12
seed: 5
population: {residents: 300, townships: 1, villages: 1}
mixes: [status_quo, integrated_pluralism, zhejiang_like, cash_only, austerity]
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "configs" / "tiny.yaml"
    path.parent.mkdir()
    path.write_text(TINY)
    return path


def counted(function):
    """Return a function that notes where it was asked."""
    asked = []

    def spending(factor):
        asked.append(factor)
        return function(factor)

    return spending, asked


@pytest.mark.parametrize("root", [0.51, 0.62, 0.9, 1.0, 1.03, 1.4, 1.77, 1.99])
@pytest.mark.parametrize("curve", [lambda x: 5 + 40 * x, lambda x: 30 * x**3, lambda x: 50 * math.log1p(x)])
def test_bisection_finds_the_factor_of_a_rising_function(root, curve):
    spending, asked = counted(curve)
    found = bisect(spending, curve(root))
    assert found.comparable
    assert abs(found.spent / curve(root) - 1) <= 0.01
    assert found.spent == curve(found.factor)
    assert len(asked) <= 12
    assert all(0.5 <= factor <= 2.0 for factor in asked)


@pytest.mark.parametrize(
    ("curve", "budget", "limit"),
    [
        (lambda x: 10 * x, 30.0, 2.0),  # too cheap a mix, even doubled
        (lambda x: 10 * x, 4.0, 0.5),  # too dear, even halved
        (lambda x: min(10 * x, 12.0), 15.0, 2.0),  # workers run out: more promises cost no more
        (lambda x: 20.0 + 0.1 * x, 10.0, 0.5),  # nearly all is owed anyway
    ],
)
def test_beyond_half_and_double_a_mix_is_not_comparable_and_never_extrapolated(curve, budget, limit):
    spending, asked = counted(curve)
    assert bisect(spending, budget) == Scaling(limit, curve(limit), False)
    assert asked == [1.0, limit]


def test_spending_that_jumps_over_the_budget_is_told_as_such():
    spending, asked = counted(lambda x: 8.0 if x < 1.3 else 12.0)
    found = bisect(spending, 10.0)
    assert not found.comparable
    assert abs(found.factor - 1.3) < 2e-4
    assert len(asked) < 20


def test_the_limits_themselves_may_be_used():
    assert bisect(lambda x: 10 * x, 20.0) == Scaling(2.0, 20.0, True)
    assert bisect(lambda x: 10 * x, 5.0) == Scaling(0.5, 5.0, True)


def test_every_scaled_lever_is_declared():
    for name, levers in SCALED.items():
        declared = catalogue.instruments()[name].parameters.model_fields
        assert set(levers) <= set(declared), name


def values(mix):
    return {(group.group, value.name): value for group in mix.instruments for value in group.values}


def test_one_factor_multiplies_what_the_definition_lists_and_nothing_else(config):
    mix = load_scenario(config).mix("integrated_pluralism")
    before, after = values(mix), values(scaled(mix, 0.5, "half"))
    changed = {key for key in before if before[key] != after[key]}
    listed = {(group, lever) for group, levers in SCALED.items() for lever in levers}
    assert changed <= listed
    for key in changed - {("bed_target", "per_10000")}:
        assert after[key].steps[0][1] == pytest.approx(0.5 * before[key].steps[0][1])
    zero = {key for key in listed & set(before) if not any(number for _, number in before[key].steps)}
    assert listed & set(before) == changed | zero
    kept = ("integration", "medical_care", "mutual_aid_pairs", "happiness_homes", "nursing_beds", "reserved_beds",
            "destitute_support")  # fmt: skip
    assert not {group for group, _ in changed} & set(kept)
    assert after["time_bank", "backstop"] == before["time_bank", "backstop"]
    assert after["time_bank", "endowment"].steps[0][1] == 1.5


def test_of_beds_only_the_new_ones_are_scaled_and_paths_keep_their_dates(config):
    scenario = load_scenario(config, set=["months=72"])
    beds = values(scaled(scenario.mix("zhejiang_like"), 2.0, "x"))["bed_target", "per_10000"]
    assert [number for _, number in beds.steps] == [400.0, 440.0, 480.0, 520.0, 560.0, 600.0]
    fewer = values(scaled(scenario.mix("austerity"), 2.0, "x"))["bed_target", "per_10000"]
    assert [number for _, number in fewer.steps] == [150.0]


def test_a_mix_at_factor_one_is_itself(config):
    mix = load_scenario(config).mix("zhejiang_like")
    assert scaled(mix, 1.0, mix.name) == mix


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("budget") / "tiny.yaml"
    path.write_text(TINY)
    return equal_budget(load_scenario(path), pilots=1, jobs=1)


def test_the_configs_are_ready_to_run_and_hold_the_frozen_factors(config, table):
    scenario = load_scenario(config)
    paths = config_paths(config, None)
    for kind, path in paths.items():
        write_config(scenario, table, kind, config, path, 1)
        written = load_scenario(path)
        rows = table[(table.kind == kind) & table.comparable].set_index("mix")
        assert [mix.name for mix in written.mixes] == [
            "status_quo",
            *(f"{name}_{kind}" for name in rows.index),
        ]
        assert written.baseline == "status_quo"
        assert written.mix("status_quo").instruments == scenario.mix("status_quo").instruments
        assert written.seed == scenario.seed != pilot_seed(scenario)
        assert (written.months, written.residents) == (scenario.months, scenario.residents)
        for name, row in rows.iterrows():
            expected = scaled(scenario.mix(name), row.factor, f"{name}_{kind}")
            assert written.mix(f"{name}_{kind}").instruments == expected.instruments
        for name, row in table[table.kind == kind].set_index("mix").iterrows():
            said = next(line for line in path.read_text().splitlines() if line.startswith(f"#   {name}: "))
            assert f"{row.factor:.6g}, {row.spent:.2f}" in said
            assert ("NOT COMPARABLE" in said) != row.comparable
        assert complaints("validate", str(path))[0] == 0
    with pytest.raises(ConfigError, match="is there already; remove it"):
        config_paths(config, None)


def test_the_budget_is_what_the_mix_spends_on_the_pilots_and_half_of_its_increment(config, table):
    scenario = load_scenario(config)
    own = table[table.kind == "full"].set_index("mix").own
    pilot = load_scenario(config, set=[f"seed={pilot_seed(scenario)}"])
    assert own["austerity"] == module.present_value(pilot, "austerity", 0)
    budget = table.groupby("kind").budget.unique()
    assert budget["full"] == [own["integrated_pluralism"]]
    assert budget["half"] == pytest.approx([(own["integrated_pluralism"] + own["status_quo"]) / 2])
    assert (table.unspent == table.budget - table.spent).all()
    comparable = table[table.comparable]
    assert ((comparable.spent / comparable.budget - 1).abs() <= 0.01).all()
    assert table.factor.between(0.5, 2.0).all()


def test_mistakes_are_one_line(config, tmp_path):
    for options, said in (
        (
            ["--budget-of", "integrated"],
            "--budget-of integrated: not in the config's mixes; did you mean integrated_",
        ),
        (
            ["--budget-of", "status_qou"],
            "--budget-of status_qou: not in the config's mixes; one of austerity, cash_only, integrated_pluralism, zhe",
        ),
        (
            ["--set", "mixes=[status_quo]"],
            "--budget-of integrated_pluralism: not in the config's mixes; list one beside the baseline",
        ),
        (["--mix", "austerty"], "--mix: mix austerty: not in scenario tiny; did you mean austerity?"),
        (["--budget-of", "status_quo"], "--budget-of status_quo: is the baseline; name the mix whose"),
        (
            ["--out", str(tmp_path / "elsewhere")],
            f"--out {tmp_path / 'elsewhere'}: a config there cannot extend ",
        ),
    ):
        code, lines, _ = complaints("equal-budget", str(config), *options)
        assert code == 2
        assert len(lines) == 1
        assert lines[0].startswith(said)
    assert sorted(path.name for path in config.parent.iterdir()) == ["tiny.yaml"]


def test_the_command_prints_the_factors_and_writes_both_configs(config, tmp_path):
    config.write_text(TINY.replace("zhejiang_like", "social_work_plus, zhejiang_like"))
    out = config.parent / "equal"
    options = [
        "--budget-of",
        "social_work_plus",
        "--mix",
        "austerity",
        "--pilots",
        "1",
        "--jobs",
        "1",
        "--format",
        "csv",
        "--out",
        str(out),
    ]
    code, lines, printed = complaints("equal-budget", str(config), *options)
    assert (code, lines) == (0, [])
    rows = printed.splitlines()
    assert rows[0] == "kind,budget,mix,own,factor,spent,unspent,comparable"
    asked = ["status_quo", "social_work_plus", "austerity"]
    assert [row.split(",")[2] for row in rows[1:7]] == asked * 2
    for kind, path in zip(("full", "half"), map(Path, rows[7:]), strict=True):
        assert path == out / f"tiny_{kind}_budget.yaml"
        assert load_scenario(path).mixes[0].name == "status_quo"
    assert complaints("equal-budget", str(config), *options)[0] == 2  # they are there already


def test_deviations_of_the_command_line_stand_in_the_configs(config, monkeypatch):
    asked = []

    def noting(scenario, mix, replication):
        asked.append(scenario)
        return 2.0 * values(scenario.mix(mix))["age_allowance", "from_80"].steps[0][1]

    monkeypatch.setattr(module, "present_value", noting)
    given = [
        "months=13", "name=other", "population.residents=450", "mixes=[status_quo, zhejiang_like, state_led]",
        "parameters.admission.base={2020-06: -1.5}", "parameters.admission.base={2020-03: -1.0}",
        "parameters.needs.company=9.0", "parameters.needs.company={2020-04: 10.0}",
        "parameters.migration.out_scale={2020-02: 0.9, 2020-08: 1.1}", "parameters.migration.out_scale={2020-05: 1.0}",
    ]  # fmt: skip
    options = [text for one in given for text in ("--set", one)] + ["--seed", "9", "--replications", "3"]
    base = ["--budget-of", "zhejiang_like", "--pilots", "1", "--jobs", "1"]
    assert complaints("equal-budget", str(config), *base, *options)[:2] == (0, [])
    expected = load_scenario(config, set=[*given, "seed=9", "replications=3"])
    assert {one.seed for one in asked} == {pilot_seed(expected)} != {pilot_seed(load_scenario(config))}
    assert {one.months for one in asked} == {13}
    written = load_scenario(config.parent / "tiny_full_budget.yaml")
    assert written.name == "other_full_budget"
    told, wanted = written.resolved(), expected.resolved()
    for key in wanted.keys() - {"name", "mixes"}:
        assert told[key] == wanted[key], key
    assert {"status_quo", "zhejiang_like_full"} <= {mix.name for mix in written.mixes}


def test_mixes_are_searched_side_by_side_and_each_factor_is_run_once(config, monkeypatch):
    asked = []

    def counting(scenario, mix, replication):
        asked.append((mix, values(scenario.mix(mix))["age_allowance", "from_80"].steps[0][1], replication))
        return 2.0 * asked[-1][1]

    monkeypatch.setattr(module, "present_value", counting)
    scenario = load_scenario(config).only("status_quo", "zhejiang_like", "integrated_pluralism")
    table = equal_budget(scenario, pilots=2, jobs=1)
    assert len(asked) == len(set(asked))
    assert table.groupby("kind").budget.unique().to_dict() == {"full": [100.0], "half": [80.0]}
    found = table.set_index(["kind", "mix"])
    assert found.loc[("full", "zhejiang_like"), "factor"] == 1.0
    assert found.loc[("half", "zhejiang_like"), "spent"] == pytest.approx(80.0, rel=0.01)
    assert found.loc[("full", "status_quo"), "factor"] == pytest.approx(5 / 3, rel=0.01)


def too_low(scenario, mix, replication):
    raise BudgetTooLow(1440, 3.0, 12.0)


def broken(scenario, mix, replication):
    raise ZeroDivisionError("nobody there")


@pytest.mark.parametrize(
    ("does", "error", "said"),
    [
        (too_low, ConfigError, "mixes.status_quo: "),
        (broken, ReplicationFailed, "ZeroDivisionError: nobody there"),
    ],
)
def test_a_pilot_that_stops_is_told_in_one_line(config, monkeypatch, does, error, said):
    monkeypatch.setattr(module, "present_value", does)
    with pytest.raises(error, match=said):
        equal_budget(load_scenario(config), pilots=1, jobs=1)


def test_names_that_yaml_would_take_for_something_else_are_quoted(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text(
        TINY.replace("mixes: [", "mixes: ['007', ").replace("'007'", "{name: '007', title: 'a: \"b\" #'}")
    )
    scenario = load_scenario(path)
    rows = [("full", 50.0, mix.name, 50.0, 1.5, 50.0, 0.0, True) for mix in scenario.mixes]
    table = pd.DataFrame(
        rows, columns=["kind", "budget", "mix", "own", "factor", "spent", "unspent", "comparable"]
    )
    new = tmp_path / "new.yaml"
    write_config(scenario, table, "full", path, new, 4)
    written = load_scenario(new)
    assert isinstance(written, Scenario)
    assert written.mix("007_full").title == 'a: "b" # (x 1.5)'


def test_an_interrupted_search_goes_on_with_the_pilots_that_it_ran(config, monkeypatch):
    scenario = load_scenario(config).only("status_quo", "zhejiang_like", "integrated_pluralism")
    log = config.parent / "pilots.jsonl"
    asked = []

    def until_stopped(scenario, mix, replication):
        asked.append(mix)
        if len(asked) == 5:
            raise KeyboardInterrupt
        return 2.0 * values(scenario.mix(mix))["age_allowance", "from_80"].steps[0][1]

    monkeypatch.setattr(module, "present_value", until_stopped)
    with pytest.raises(KeyboardInterrupt):
        equal_budget(scenario, pilots=2, jobs=1, log=PilotLog(log, scenario, resume=False))
    with pytest.raises(ConfigError, match="pilots of an interrupted search; go on with --resume"):
        PilotLog(log, scenario, resume=False)
    other = load_scenario(config, set=["seed=6"])
    with pytest.raises(ConfigError, match="pilots of another scenario or version"):
        PilotLog(log, other, resume=True)
    with log.open("a") as file:
        file.write('["zhejiang_like", 1.')  # killed while it wrote
    kept = PilotLog(log, scenario, resume=True)
    assert len(kept.known) == 4
    resumed = equal_budget(scenario, pilots=2, jobs=1, log=kept)
    n_resumed = len(asked) - 5
    asked[:] = [None] * 5
    anew = equal_budget(scenario, pilots=2, jobs=1)
    assert n_resumed == len(asked) - 5 - 4
    pd.testing.assert_frame_equal(resumed, anew)
    kept.close()
    assert not log.exists()
