"""`status`, `query` and `verify` answer in tables, and in one line where they cannot."""

import json
import math
import shutil

import pandas as pd
import pytest

import caresim
from caresim.cli import main
from caresim.experiment import verification
from caresim.experiment.runner import run_experiment
from caresim.kernel.mistakes import ConfigError
from caresim.results import Outcome, RunFolderError, claim, read_run
from caresim.scenario.axes import axis_of
from caresim.scenario.design import Design
from tests.experiment.fakes import outcome, part_of, small


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a 'quoted' folder")
    return run_experiment(small(replications=3), folder / "out", jobs=1, simulate=outcome)


def told(capsys, *arguments):
    """Return what a command prints, what it complains of, and its exit code."""
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    said = capsys.readouterr()
    return said.out, said.err, left.value.code


def test_a_question_in_sql_reads_every_table(run):
    found = caresim.query(
        run.path, "select replication, avg(unmet_share) as mean from monthly group by 1 order by 1"
    )
    expected = run.monthly.groupby("replication").unmet_share.mean()
    assert found["mean"].to_numpy() == pytest.approx(expected.to_numpy())
    persons = caresim.query(run.path, "select sum(resident) as n from population").n[0]
    assert persons == run.population.resident.sum()
    summary = caresim.query(run.path, "select * from summary")
    assert summary["mean"].tolist() == run.summary["mean"].tolist()


@pytest.mark.parametrize(
    "sql",
    [
        "drop view monthly", "select 1; select 2", "", "selec", "select nothing from monthly",
        "copy monthly to '{folder}/stolen.csv'", "create table t as select 1", "set enable_external_access = true",
        "select * from '/etc/hostname'", "select * from read_csv('/etc/passwd')", "attach '/tmp/x.db'",
        "select 1/0 +", "select cast('x' as int)", "pragma import_database('{folder}')", "call pragma_version()",
        "explain analyze copy (select 1 as x) to '{folder}/monthly.parquet' (format parquet)",
    ],
)  # fmt: skip
def test_a_mistake_or_an_attempt_to_write_or_to_read_elsewhere_gives_one_line(run, sql, capsys):
    before = {path: path.stat().st_mtime_ns for path in run.path.rglob("*")}
    with pytest.raises(ConfigError) as caught:
        caresim.query(run.path, sql.format(folder=run.path))
    assert len(caught.value.lines) == 1
    assert "\n" not in caught.value.lines[0]
    out, err, code = told(capsys, "query", run.path, sql.format(folder=run.path))
    assert (out, code) == ("", 2)
    assert len(err.splitlines()) == 1
    assert {path: path.stat().st_mtime_ns for path in run.path.rglob("*")} == before


@pytest.mark.parametrize(
    "sql", ["describe monthly", "show tables", "summarize summary", "from summary limit 1"]
)
def test_questions_need_not_begin_with_select(run, sql):
    assert len(caresim.query(run.path, sql)) > 0


def test_an_unfinished_run_is_asked_what_it_has_so_far(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    with pytest.raises(ConfigError, match="monthly does not exist"):
        caresim.query(run.path, "select * from monthly")
    for task in run.tasks[:2]:
        run.write_part(task, part_of(small(), task))
    found = caresim.query(run.path, "select distinct replication from monthly order by 1")
    assert found.replication.tolist() == [0, 1]


def test_answers_are_printed_in_three_ways(run, capsys):
    sql = "select month, replication, null as nothing from monthly order by all limit 2"
    table, _, _ = told(capsys, "query", run.path, sql)
    assert table.splitlines()[0].split() == ["month", "replication", "nothing"]
    text, _, code = told(capsys, "query", run.path, sql, "--format", "json")
    assert code == 0
    assert json.loads(text)[1] == {"month": "2020-01", "replication": 1, "nothing": None}
    text, _, _ = told(capsys, "query", run.path, sql, "--format", "csv")
    assert text == "month,replication,nothing\n2020-01,0,\n2020-01,1,\n"


def test_an_answer_without_rows_still_names_its_columns(run, capsys):
    sql = "select month, replication from monthly where month > '2999'"
    for format, expected in {
        "table": "month  replication\n",
        "csv": "month,replication\n",
        "json": "[]\n",
    }.items():
        assert told(capsys, "query", run.path, sql, "--format", format) == (expected, "", 0)


def test_a_summary_keeps_its_columns_and_their_kinds_whatever_it_holds(run, tmp_path):
    assert run.summary["delta"].isna().all()  # one mix: nothing to compare it with
    assert caresim.query(run.path, "select avg(delta) as mean from summary")["mean"].isna().tolist() == [True]
    shutil.copytree(run.path, tmp_path / "copy")
    file = tmp_path / "copy" / "summary.csv"
    for rows in ("", "007,unmet_share,share,mean,,,,,,,\n"):
        file.write_text(",".join(run.summary.columns) + "\n" + rows)
        found = caresim.query(tmp_path / "copy", "select * from summary where mix = '007' or 2 * mean > 1")
        assert (list(found.columns), len(found)) == (list(run.summary.columns), bool(rows))


def yearly(scenario, mix, replication):
    """Return an outcome of which the unmet share is measured in the first month only."""
    found = outcome(scenario, mix, replication)
    return Outcome(
        [{**one, "unmet_share": math.nan if k else 0.5} for k, one in enumerate(found.records)], {}
    )


def test_means_pass_over_months_in_which_nothing_was_measured(tmp_path):
    kept = run_experiment(small(replications=2), tmp_path / "out", jobs=1, simulate=yearly)
    asked = "select avg(unmet_share) as mean, count(unmet_share) as n, count(*) as months from monthly"
    assert caresim.query(kept.path, asked).values.tolist() == [[0.5, 2, len(kept.monthly)]]
    for condition, n in (("is null", len(kept.monthly) - 2), ("is not null", 2), ("> 0", 2)):
        sql = f"select count(*) as n from monthly where unmet_share {condition}"
        assert caresim.query(kept.path, sql).n.tolist() == [n]


def test_status_tells_of_a_finished_run_and_of_a_folder_without_one(run, tmp_path, capsys):
    text, _, code = told(capsys, "status", run.path, "--format", "json")
    said = json.loads(text)[0]
    assert code == 0
    assert (said["run"], said["status"], said["total"], said["done"]) == ("fake", "complete", 3, 3)
    _, err, code = told(capsys, "status", tmp_path)
    assert code == 2
    assert "holds no run" in err


def test_verify_is_quiet_about_a_good_run_and_says_which_cell_of_a_bad_one_differs(run, capsys, monkeypatch):
    out, err, code = told(capsys, "verify", run.path, "--sample", "0")
    assert (out, code) == ("", 0)
    assert err.endswith("as its run left it; 0 runs made again came out the same to the last bit\n")
    row = ("monthly.parquet", "status_quo", 1, "2020-03", "unmet_share", 0.25, 0.5)
    found = pd.DataFrame([row], columns=list(verification.COLUMNS))
    monkeypatch.setattr(verification, "verify_run", lambda *_, **__: found)
    out, err, code = told(capsys, "verify", run.path)
    assert code == 1
    assert out.splitlines()[1].split() == [str(cell) for cell in row]
    assert "1 difference; do not rely on it" in err


def test_verify_prints_a_difference_that_is_about_no_replication(run, tmp_path, capsys):
    shutil.copytree(run.path, tmp_path / "copy")
    with (tmp_path / "copy" / "summary.csv").open("a") as file:
        file.write("\n")
    out, err, code = told(capsys, "verify", tmp_path / "copy", "--sample", "0")
    assert (code, len(out.splitlines())) == (1, 2)
    assert out.splitlines()[1].split()[:2] == ["summary.csv", "checksum"]
    assert "1 difference; do not rely on it" in err


DAMAGE = {
    "cut short": ("monthly.parquet", lambda stored: stored[:1000]),
    "empty": ("monthly.parquet", lambda stored: b""),
    "longer": ("monthly.parquet", lambda stored: stored + b"x"),
    "other bytes inside": ("monthly.parquet", lambda stored: stored[:4] + b"\0" * 2000 + stored[2004:]),
    "an empty summary": ("summary.csv", lambda stored: b""),
    "a binary summary": ("summary.csv", lambda stored: b"\xff\xfe\0" * 50),
    "a summary without means": ("summary.csv", lambda stored: stored.replace(b"mean", b"men", 1)),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_table_is_told_in_one_line(run, tmp_path, capsys, case):
    name, damage = DAMAGE[case]
    shutil.copytree(run.path, tmp_path / "copy")
    file = tmp_path / "copy" / name
    file.write_bytes(damage(file.read_bytes()))
    out, err, code = told(capsys, "verify", tmp_path / "copy", "--sample", "0")
    assert code == 1
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["checksum", "content"]
    assert "2 differences; do not rely on it" in err
    table = name.partition(".")[0]
    with pytest.raises(
        RunFolderError, match=rf"{name}: (damaged|lacks the column mean,) .*; run again into another folder$"
    ) as caught:
        getattr(read_run(tmp_path / "copy"), table)
    assert "\n" not in str(caught.value)
    for verb in (["report"], ["query", f"select * from {table}"]):
        _, err, code = told(capsys, verb[0], tmp_path / "copy", *verb[1:])
        assert (code, len(err.splitlines())) == (2, 1)


def test_the_status_of_a_sweep_whose_table_is_damaged_is_one_line(swept, tmp_path, capsys):
    shutil.copytree(swept.path, tmp_path / "copy")
    (tmp_path / "copy" / "runs.parquet").write_bytes(b"")
    out, err, code = told(capsys, "status", tmp_path / "copy")
    assert (out, code, len(err.splitlines())) == ("", 2, 1)
    assert "runs.parquet: damaged" in err


def test_a_table_without_a_column_is_damaged(run, tmp_path, capsys):
    shutil.copytree(run.path, tmp_path / "copy")
    file = tmp_path / "copy" / "monthly.parquet"
    pd.read_parquet(file).drop(columns=["mix", "unmet_share"]).to_parquet(file, index=False)
    out, _, code = told(capsys, "verify", tmp_path / "copy")
    assert code == 1
    assert "lacks the column mix and 1 more" in out
    _, err, code = told(capsys, "report", tmp_path / "copy")
    assert (code, len(err.splitlines())) == (2, 1)


def test_verify_counts_the_runs_that_it_made_again_not_those_that_were_asked_for(run):
    found = verification.verify_run(run.path, sample=50, simulate=outcome)
    assert (len(found), found.attrs[verification.AGAIN]) == (0, 3)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    design = Design("lhs", 2, 1, (axis_of("admission.base", None, ()),))
    return caresim.sweep(
        small(replications=3), design, tmp_path_factory.mktemp("swept") / "out", jobs=1, simulate=outcome
    )


def test_a_sweep_is_asked_for_its_own_tables(swept, capsys):
    found = caresim.query(
        swept.path,
        'select "admission.base" as base, count(*) as n from runs join design using (point) group by all',
    )
    assert sorted(found["base"]) == pytest.approx(sorted(swept.design["admission.base"].astype(float)))
    assert found["n"].tolist() == [3, 3]
    _, err, code = told(capsys, "query", swept.path, "select * from monthly")
    assert (len(err.splitlines()), code) == (1, 2)
    assert err.endswith("monthly does not exist; the tables are design, runs, years\n")


def test_verify_of_a_sweep_whose_points_were_altered_says_so(swept, tmp_path, capsys):
    out, err, code = told(capsys, "verify", swept.path, "--sample", "0")
    assert (out, code) == ("", 0)
    assert err.endswith("as its run left it; 0 runs made again came out the same to the last bit\n")
    shutil.copytree(swept.path, tmp_path / "copy")
    (tmp_path / "copy" / "design.csv").write_text("point\n")
    out, _, code = told(capsys, "verify", tmp_path / "copy")
    assert code == 1
    assert out.splitlines()[1].startswith("design.csv")


def test_status_of_a_sweep_counts_its_runs_finished_or_not(swept, tmp_path):
    row = caresim.run_status(swept.path).iloc[0]
    assert (row["status"], row["total"], row["done"], row["failed"]) == ("complete", 6, 6, 0)
    design = Design("lhs", 200, 1, (axis_of("admission.base", None, ()),))
    calls = []

    def stopped(scenario, mix, replication):
        calls.append(replication)
        if len(calls) > 500:
            raise KeyboardInterrupt
        if len(calls) == 7:
            raise ValueError("no harvest")
        return outcome(scenario, mix, replication)

    with pytest.raises(KeyboardInterrupt):
        caresim.sweep(
            small(months=1, replications=3),
            design,
            tmp_path / "out",
            jobs=1,
            simulate=stopped,
            progress=False,
        )
    row = caresim.run_status(tmp_path / "out").iloc[0]
    assert (row["status"], row["total"], row["failed"]) == ("interrupted", 600, 1)
    assert 6 <= row["done"] < 500


@pytest.mark.parametrize("verb", ["compare", "report"])
def test_verbs_of_a_run_say_that_a_sweep_is_none(verb, swept, capsys):
    out, err, code = told(capsys, verb, swept.path)
    assert (out, code) == ("", 2)
    assert err.startswith(f"{swept.path}: holds a sweep, no run; name a ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("verb", [("compare",), ("decide",), ("status",), ("query", "select 1"), ("verify",)])
def test_a_file_is_no_folder(verb, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    out, err, code = told(capsys, verb[0], tmp_path / "file", *verb[1:])
    assert (out, code) == ("", 2)
    assert err == f"{tmp_path / 'file'}: is a file; name a folder that a run has left\n"


def test_lists_and_infinities_are_printed_as_json_can_say_them(run, capsys):
    sql = "select list(replication order by month) as all, 'inf'::double as far from monthly where month < '2020-02'"
    text, _, code = told(capsys, "query", run.path, sql, "--format", "json")
    assert code == 0
    assert json.loads(text, parse_constant=pytest.fail)[0]["far"] is None
