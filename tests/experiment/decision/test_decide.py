"""The decision analysis of a folder: one with known numbers, a sweep, other structures, and folders that cannot do."""

import math
import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import caresim
from caresim import catalogue
from caresim.experiment.decision import THRESHOLDS, decide
from caresim.experiment.decision.readings import over_points
from caresim.experiment.decision.structure import structures
from caresim.experiment.decision.writing import write_decision
from caresim.experiment.runner import run_experiment
from caresim.kernel.clock import month_text
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, RunFolderError, read_run, verify
from tests.experiment.fakes import NAMES, small

MIXES = {"status_quo": None, "better": {}, "waste": {}, "cheap": {}}
YUAN = {"status_quo": 100.0, "better": 300.0, "waste": 400.0, "cheap": 40.0}
HOURS = {"status_quo": 20.0, "better": 24.0, "waste": 21.0, "cheap": 19.0}
QALYS = {"status_quo": 7.0, "better": 7.04, "waste": 6.9, "cheap": 6.98}
ELDERS, MONTHS, REPLICATIONS = 50.0, 3, 8


def lived(scenario, mix, replication):
    """Return months in which a mix costs and does what is said above per elder and year, with luck that mixes share."""
    luck = np.random.default_rng([1, replication])
    shared = 1.0 + 0.05 * luck.normal()
    own = np.random.default_rng([2, replication, len(mix)]).normal()
    row = dict.fromkeys(NAMES, 0.5) | {"elders_at_start": ELDERS + (mix != "status_quo")}
    spread = ELDERS / scenario.months
    row |= {"public_present_value": YUAN[mix] * shared * spread, "societal_present_value": 2 * YUAN[mix] * spread,
            "hours_present_value": (HOURS[mix] + 0.1 * own) * spread, "qalys": QALYS[mix] * shared * spread,
            "qalys_without_unmet": 7.0 * shared * spread, "carer_qalys_lost": 0.1 * spread,
            "unmet_share": 1.0 - HOURS[mix] / 30.0, "unmet_erreygers": 0.1 * own,
            "lonely_share": math.nan}  # fmt: skip
    return Outcome([{"month": month_text(scenario.start + m), **row} for m in range(scenario.months)],
                   {2020: np.ones((2, 21, 2))})  # fmt: skip


def folder(path, simulate=lived, **keys):
    said = {"mixes": MIXES, "replications": REPLICATIONS, "months": MONTHS} | keys
    return run_experiment(small(**said), path, jobs=1, simulate=simulate)


def copied(run, path):
    """Return a copy of a run that may be changed."""
    shutil.copytree(run.path, path)
    return read_run(path)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("decide") / "out")


@pytest.fixture(scope="module")
def tables(run):
    return decide(run)


def test_the_public_function_is_this_one():
    assert caresim.decide is decide


def test_every_table_is_there_and_says_what_kind_of_uncertainty_it_shows(tables):
    assert {"cost_effectiveness", "plane", "displacement", "net_benefit", "acceptability", "information", "ranks",
            "pareto"} <= set(tables)  # fmt: skip
    for table in tables.values():
        assert table.attrs["uncertainty"] == "stochastic"
        assert "8 paired replications of 3 months" in table.attrs["caption"]
        assert "uncertainty shown: stochastic" in table.attrs["caption"]


def test_sums_are_per_elder_of_the_start(tables):
    table = tables["cost_effectiveness"]
    shared = np.mean([1.0 + 0.05 * np.random.default_rng([1, k]).normal() for k in range(REPLICATIONS)])
    assert table["cost"].to_dict() == pytest.approx({mix: yuan * shared for mix, yuan in YUAN.items()})
    assert table.loc["better", "delta_effect"] == pytest.approx(0.04 * shared)
    assert table["status"].to_dict() == {"cheap": "frontier", "status_quo": "baseline", "waste": "dominated",
                                         "better": "frontier"}  # fmt: skip
    assert table.loc["better", "icer"] == pytest.approx(200.0 / 0.04)
    assert table["frontier_probability"].to_dict() == {
        "cheap": 1.0,
        "status_quo": 1.0,
        "better": 1.0,
        "waste": 0.0,
    }
    lower, upper = table.loc["better", ["delta_cost_lower", "delta_cost_upper"]]
    assert lower < 200.0 * shared < upper


def test_hours_lead_and_years_stand_with_the_judged_effect_at_zero_too(tables):
    assert next(iter(tables)) == "cost_per_hour"
    zero = tables["cost_effectiveness_unmet_zero"]
    assert zero.loc["better", "delta_effect"] == pytest.approx(0.0)
    assert zero.loc[["better", "waste"], "status"].tolist() == ["dominated", "dominated"]
    assert tables["cost_effectiveness_with_carers"]["effect"].to_numpy() == pytest.approx(
        tables["cost_effectiveness"]["effect"].to_numpy() - 0.1
    )


def test_net_benefit_ranks_and_information_agree(tables):
    benefit, information = tables["net_benefit"], tables["information"]
    for threshold in THRESHOLDS:
        assert information.loc[threshold, "best"] == benefit.loc[threshold, "mean"].idxmax() == "better"
        assert information.loc[threshold, ["evpi", "lower", "upper"]].tolist() == [0.0, 0.0, 0.0]
        first = tables["ranks"].loc[f"net_benefit_{threshold:.0f}", 1]
        assert first.to_dict() == tables["acceptability"].loc[threshold, list(YUAN)].to_dict()
    assert benefit.loc[(81_000.0, "better"), "share_better"] == 1.0
    assert tables["ranks"].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_criteria_without_numbers_are_left_out_of_the_set(tables):
    found = tables["pareto"]
    assert "loneliness" not in found
    assert (found["inequality"] >= 0).all()
    assert found.loc["cheap", "in_set"]
    assert found.loc["better", "in_set_probability"] == 1.0


def test_the_societal_perspective_counts_other_costs(run):
    table = decide(run, "societal")["cost_effectiveness"]
    assert table["cost"].to_dict() == pytest.approx({mix: 2 * yuan for mix, yuan in YUAN.items()})
    with pytest.raises(ConfigError, match="perspective private: unknown"):
        decide(run, "private")


def test_a_kept_table_says_whose_costs_it_counts(run, tmp_path):
    """The criteria of the Pareto set are what they are, whoever looks; displacement is of hours."""
    run, read = copied(run, tmp_path / "run"), {}
    for perspective in ("public", "societal"):
        write_decision(run.path, decide(run, perspective))
        read[perspective] = {
            path.stem: pd.read_csv(path) for path in sorted((run.path / "decision").glob("*.csv"))
        }
    without = {name for name, table in read["public"].items() if "perspective" not in table}
    assert without == {"pareto", "displacement"}
    for perspective, kept in read.items():
        assert {name for name, table in kept.items() if "perspective" not in table} == without
        assert {word for name in kept.keys() - without for word in kept[name]["perspective"]} == {perspective}
    pd.testing.assert_frame_equal(read["public"]["pareto"], read["societal"]["pareto"])
    assert "perspective" not in decide(run, "societal")["pareto"].attrs["caption"]


def as_sweep(run, points):
    """Turn the replications of a run into points of a sweep, each with its share of them."""
    monthly = run.monthly
    each = REPLICATIONS // points
    monthly.insert(0, "point", (monthly["replication"] // each).astype("int32"))
    effect = 1.0 + 0.01 * monthly["point"] * (monthly["mix"] == "better")
    monthly["qalys"] *= effect
    monthly["replication"] = (monthly["replication"] % each).astype("int32")
    pq.write_table(pa.Table.from_pandas(monthly, preserve_index=False), run.path / "monthly.parquet")
    run.seal([run.path / "monthly.parquet"])


def test_a_sweep_keeps_luck_and_parameters_apart(run, tmp_path):
    as_sweep(copied(run, tmp_path / "sweep"), points=4)
    tables = decide(tmp_path / "sweep")
    assert all(table.attrs["uncertainty"] == "stochastic + parameter" for table in tables.values())
    assert "displacement" not in tables
    parts = tables["variance"].loc[81_000.0]
    # Points differ by .01 of seven years for one mix only, far more than what luck does to the difference.
    assert parts.loc["better", "parameter_share"] > 0.9
    assert parts.loc["waste", "parameter"] < 0.1 * parts.loc["better", "parameter"]
    assert parts.loc["better", ["points", "replications"]].tolist() == [4, 2]
    assert {"point", "replication"} <= set(tables["plane"].columns)
    known = tables["information"].loc[81_000.0]
    assert known["evpi_parameter_least"] <= known["evpi_parameter_most"] + 1e-6


def test_points_that_are_no_draws_are_refused(run, tmp_path):
    screened = copied(run, tmp_path / "morris")
    screened.manifest["sweep"] = {"kind": "morris", "axes": []}
    as_sweep(screened, points=4)
    with pytest.raises(RunFolderError, match=r"its points \(morris\) are no draws"):
        decide(tmp_path / "morris")


def test_the_runs_of_a_sweep_say_as_much_as_its_months(run, tmp_path):
    monthly, runs = copied(run, tmp_path / "months"), copied(run, tmp_path / "runs")
    as_sweep(monthly, points=4)
    table = over_points(read_run(tmp_path / "months").monthly, catalogue.indicators()).reset_index()
    (runs.path / "monthly.parquet").unlink()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), runs.path / "runs.parquet")
    first, second = decide(monthly), decide(runs)
    for name, expected in first.items():
        pd.testing.assert_frame_equal(second[name], expected)


def test_a_sweep_of_levers_is_no_uncertainty(run, tmp_path):
    levers = copied(run, tmp_path / "levers")
    levers.manifest["sweep"] = {"axes": [{"name": "mortality.x", "role": "uncertainty"},
                                         {"name": "instruments.budget.ceiling", "role": "lever"}]}  # fmt: skip
    levers.seal([])
    with pytest.raises(RunFolderError, match=r"varies levers \(instruments.budget.ceiling\); a decision"):
        decide(levers)


def test_a_failed_replication_takes_its_pairs_along(run, tmp_path):
    run = copied(run, tmp_path / "gaps")
    monthly = run.monthly
    monthly = monthly[~((monthly["mix"] == "waste") & (monthly["replication"] == 3))]
    pq.write_table(pa.Table.from_pandas(monthly, preserve_index=False), run.path / "monthly.parquet")
    plane = decide(tmp_path / "gaps")["plane"]
    assert sorted(plane["replication"].unique()) == [0, 1, 2, 4, 5, 6, 7]


def test_structures_stand_side_by_side(run, tmp_path):
    def reversed_worth(scenario, mix, replication):
        outcome = lived(scenario, mix, replication)
        for row in outcome.records:
            row["qalys"], row["unmet_share"] = -row["qalys"], 1.0 - row["unmet_share"]
        return outcome

    other = folder(tmp_path / "other", simulate=reversed_worth, replications=2)
    found = structures({"as it is": run, "turned": other})
    assert found.loc["qalys", "as it is"].to_dict() == {"better": 1, "status_quo": 2, "cheap": 3, "waste": 4}
    assert found.loc["qalys", "turned"].to_dict() == {"better": 4, "status_quo": 3, "cheap": 2, "waste": 1}
    assert found.loc[("qalys", "waste"), ["best", "worst"]].tolist() == [1, 4]
    assert found.loc[("qalys", "waste"), ["as it is by luck", "turned by luck"]].tolist() == ["4", "1"]
    # The index of inequality is luck alone, the same size for all mixes.
    assert found.loc["inequality", "as it is by luck"].str.contains("-").any()
    agreement = found.attrs["agreement"]
    assert agreement.loc["qalys"].tolist() == pytest.approx([1.0, -1.0])
    assert agreement.loc["hours"].tolist() == pytest.approx([1.0, 1.0])
    assert found.attrs["uncertainty"] == "structural"
    once = folder(tmp_path / "once", replications=1)
    assert set(structures({"as it is": run, "once": once})["once by luck"]) == {""}
    with pytest.raises(ConfigError, match="one run alone"):
        structures({"as it is": run})
    fewer = folder(tmp_path / "fewer", mixes={"status_quo": None, "better": {}}, replications=1)
    with pytest.raises(ConfigError, match=r"structure fewer: has other mixes \(cheap, waste\)"):
        structures({"as it is": run, "fewer": fewer})


def test_tables_are_written_and_sealed(tmp_path):
    run = folder(tmp_path / "out", replications=2)
    tables = decide(run)
    write_decision(run, tables)
    verify(run.path)
    assert {f"decision/{name}.csv" for name in tables} <= set(read_run(run.path).manifest["files"])
    kept = pd.read_csv(run.path / "decision" / "cost_effectiveness.csv")
    assert kept.columns[0] == "mix"
    assert kept["uncertainty"].unique().tolist() == ["stochastic"]
    first = (run.path / "decision" / "information.csv").read_bytes()
    write_decision(run, decide(run))
    assert (run.path / "decision" / "information.csv").read_bytes() == first
    (run.path / "decision" / "pareto.csv").write_text("forged\n")
    with pytest.raises(RunFolderError, match=r"decision/pareto\.csv has changed"):
        verify(run.path)


def test_one_replication_has_no_intervals(tmp_path):
    table = decide(folder(tmp_path / "out", replications=1))["cost_effectiveness"]
    assert table[["delta_cost_lower", "delta_effect_upper"]].isna().all(axis=None)
    assert table["icer"].notna().any()
    assert table["frontier_probability"].isna().all()


def test_folders_that_cannot_do_say_why(run, tmp_path):
    with pytest.raises(RunFolderError, match="holds one mix; a decision needs two"):
        decide(folder(tmp_path / "one", mixes={"status_quo": None}, replications=1))
    old = copied(run, tmp_path / "old")
    monthly = old.monthly.drop(columns="hours_present_value")
    pq.write_table(pa.Table.from_pandas(monthly, preserve_index=False), old.path / "monthly.parquet")
    with pytest.raises(
        RunFolderError,
        match="lacks the column hours_present_value, by damage or as another version wrote it; run again",
    ):
        decide(tmp_path / "old")
    with pytest.raises(RunFolderError, match="holds no run"):
        decide(tmp_path)
