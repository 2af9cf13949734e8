"""The command line: quick to start, one line for a mistake, the right exit code."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import typer

import caresim
from caresim import catalogue
from caresim.catalogue import CatalogueError, unique
from caresim.cli import app
from caresim.cli.options import Asked, stoppable
from caresim.scenario import Scenario
from tests.scenario.test_broken_configs import complaints

ROOT = Path(caresim.__file__).parent.parent
MAIN = str(ROOT / "configs" / "heilongjiang.yaml")
TINY = ("--set", "population={residents: 400, townships: 1, villages: 4}", "--set", "months=13",
        "--set", "mixes=[status_quo]")  # fmt: skip
HEAVY = {"mesa", "numba", "pandas", "matplotlib", "scipy", "pyarrow", "duckdb"}


def command(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "caresim.cli", *arguments],
        env=environment, capture_output=True, text=True, cwd=options.pop("cwd", ROOT), **options,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [["--help"], ["validate", MAIN], ["params"], ["schedule"], ["schema"]])
def test_nothing_heavy_is_imported(arguments):
    code = (
        "import sys\nfrom caresim.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as left:\n    assert not left.code\n"
        "print('\\nLOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split()[1:])
    assert "typer" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize(
    "verb", ["run", "sweep", "sensitivity", "calibrate", "optimise", "equal-budget", "take-apart", "disturb"]
)
def test_what_runs_the_model_takes_the_shared_options(verb):
    shared = {field.name for field in dataclasses.fields(Asked)}
    command = typer.main.get_command(app).commands[verb]
    assert shared <= {parameter.name for parameter in command.params}
    code, lines, _ = complaints(verb, MAIN, "--set", "month=3")
    assert (code, lines) == (2, ["--set month: unknown; did you mean months?"])
    code, lines, _ = complaints(verb, MAIN, "--seed", "x", "--replications", "0")
    assert code == 2
    assert [line.split(":")[0] for line in lines] == ["--seed", "--replications"]


def test_version_is_that_of_the_package():
    code, lines, out = complaints("--version")
    assert (code, lines) == (0, [])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert out.strip() == f"caresim {project['version']}"


def test_params_tell_every_declared_parameter():
    _, _, table = complaints("params")
    _, _, text = complaints("params", "--format", "csv")
    _, _, listed = complaints("params", "--format", "json")
    rows = list(csv.DictReader(io.StringIO(text)))
    declared = [
        f"{g}.{name}" for g, group in catalogue.parameter_groups().items() for name in group.model_fields
    ]
    assert [row["name"] for row in rows] == declared
    assert [row["name"] for row in json.loads(listed)] == declared
    assert [line.split()[0] for line in table.splitlines()[1:]] == declared
    assert list(rows[0]) == ["name", "value", "unit", "low", "high", "role", "evidence", "source", "meaning"]
    assert all(
        row["unit"] and row["role"] and row["evidence"] and row["source"] and row["meaning"] for row in rows
    )


def test_params_of_one_process():
    code, _, out = complaints("params", "--process", "mortality", "--format", "json")
    assert code == 0
    assert {row["name"].split(".")[0] for row in json.loads(out)} == {"mortality"}
    code, lines, _ = complaints("params", "--process", "mortalty")
    assert (code, lines) == (2, ["--process mortalty: has no parameters; did you mean mortality?"])


def test_params_of_a_place_are_those_in_force_there():
    def rows(*arguments):
        code, lines, out = complaints("params", *arguments, "--format", "json")
        assert (code, lines) == (0, [])
        return {row["name"]: row for row in json.loads(out)}

    declared = rows()
    for start in ("2010-01", "2020-01"):
        found = rows("--place", "rural_china", "--start", start)
        in_force = Scenario.of(place="rural_china", start=start).resolved()["parameters"]
        assert list(found) == list(declared)
        for name, row in found.items():
            group, _, key = name.partition(".")
            assert row["value"] == json.loads(json.dumps(in_force[group][key]))
            assert row["place"] == ("" if row["value"] == declared[name]["value"] else "*")
            assert row["evidence"]
    starred = {name for name, row in found.items() if row["place"]}
    assert {"migration.back_scale", "households.younger_couple_with_child"} <= starred
    assert found["migration.back_scale"]["evidence"] == "fitted"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--place", "rural_chin"], "did you mean rural_china?"),
        (["--place", "baiquan"], "write start: 2010-01"),
        (["--place", "rural_china", "--start", "2015-01"], "2015-01 is not possible"),
        (["--start", "2010-01"], "--start: says nothing without a place"),
    ],
)
def test_params_of_no_place_are_refused(arguments, told):
    code, lines, _ = complaints("params", *arguments)
    assert code == 2
    assert len(lines) == 1
    assert told in lines[0]


def test_schedule_is_the_month():
    _, _, out = complaints("schedule", "--format", "json")
    rows = json.loads(out)
    assert [row["process"] for row in rows] == [process.name for process in catalogue.processes()]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["meaning"] for row in rows)
    assert "disability" in next(row["reads"] for row in rows if row["process"] == "mortality")


PARAMETERS = r'parameters\["(\w+)"\]'


def read_elsewhere():
    files = [file for folder in ("agents", "policies") for file in (ROOT / "caresim" / folder).glob("*.py")]
    return {
        name for file in files for name in re.findall(r'[\["](\w+)[."\]]', file.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("process", catalogue.processes(), ids=lambda process: process.name)
def test_a_process_names_the_parameters_of_others_that_it_reads(process):
    source = Path(sys.modules[process.run.__module__].__file__).read_text(encoding="utf-8")
    read = set(re.findall(PARAMETERS, source))
    named = {name.removeprefix("parameters.") for name in process.reads if name.startswith("parameters.")}
    assert read - {process.name} <= named
    assert named - read <= read_elsewhere(), "read for it by a table of agents or by a measure"
    assert named <= set(catalogue.parameter_groups())


def test_schema_is_closed_and_complete():
    _, _, out = complaints("schema")
    schema = json.loads(out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["properties"]["months"]["maximum"] == 600
    groups = schema["properties"]["parameters"]
    assert groups["additionalProperties"] is False
    assert list(groups["properties"]) == list(catalogue.parameter_groups())
    for name, declared in catalogue.parameter_groups().items():
        group = groups["properties"][name]
        assert group["additionalProperties"] is False
        assert list(group["properties"]) == list(declared.model_fields)
        for value in group["properties"].values():
            alone, dated = value["anyOf"]
            assert dated["additionalProperties"] == alone
            assert value["description"]
            assert value["x-unit"]
    multiplier = groups["properties"]["mortality"]["properties"]["rural_multiplier"]
    assert multiplier["default"] == 1.0
    assert multiplier["anyOf"][0]["type"] == "number"
    assert multiplier["anyOf"][0]["minimum"] == 0.5
    assert re.match(multiplier["anyOf"][1]["propertyNames"]["pattern"], "2020-01")
    assert not re.match(multiplier["anyOf"][1]["propertyNames"]["pattern"], "2020-13")
    risks = groups["properties"]["mortality"]["properties"]["relative_risks"]["anyOf"][0]
    assert [item["minimum"] for item in risks["prefixItems"]] == [0.1] * 4


def test_several_configs_are_all_reported(tmp_path):
    (tmp_path / "a.yaml").write_text("place: rural_china\nseeds: 1\n")
    (tmp_path / "b.yaml").write_text("place: 3\n")
    code, lines, out = complaints("validate", str(tmp_path / "a.yaml"), MAIN, str(tmp_path / "b.yaml"))
    assert code == 2
    assert [line.split(" ")[0] for line in lines] == [
        f"{tmp_path / 'a.yaml'}:2:1:",
        f"{tmp_path / 'b.yaml'}:1:8:",
    ]
    assert "heilongjiang" in out


USAGE = {
    "no command": [],
    "unknown command": ["runn"],
    "unknown option": ["run", MAIN, "--job", "2"],
    "no config": ["run"],
    "no jobs": ["run", MAIN, "--jobs", "0"],
    "text for jobs": ["run", MAIN, "--jobs", "many"],
    "text for a seed": ["run", MAIN, "--seed", "many"],
    "no replications": ["run", MAIN, "--replications", "0"],
    "unknown mix": ["run", MAIN, "--mix", "status_quoo"],
    "absent config": ["run", "absent.yaml"],
    "unknown format": ["params", "--format", "xml"],
    "absent results": ["score", "absent"],
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_use_is_told_without_a_traceback(case):
    code, lines, out = complaints(*USAGE[case])
    assert code == 2
    assert lines
    assert out == ""
    assert not any("Traceback" in line for line in lines)
    if case != "no command":
        assert len(lines) == 1
    if "see caresim" in lines[0]:
        verb = USAGE[case][0] if USAGE[case][0] != "runn" else ""
        assert lines[0].endswith(f"; see {f'caresim {verb}'.strip()} --help")


def test_options_of_run_name_themselves():
    assert complaints("run", MAIN, "--seed", "x")[1] == [
        "--seed: seed: x is not a whole number; write one such as 12"
    ]
    assert complaints("run", MAIN, "--mix", "status_quoo")[1] == [
        "--mix: mix status_quoo: not in scenario heilongjiang; did you mean status_quo?"
    ]


def test_run_leaves_a_folder_and_spares_it(tmp_path):
    first = command("run", MAIN, *TINY, "--replications", "2", "--jobs", "1", "--seed", "5", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    folder = tmp_path / "results" / "heilongjiang"
    assert {"manifest.json", "monthly.parquet", "population.parquet", "summary.csv"} <= set(
        os.listdir(folder)
    )
    assert list((folder / "figures").glob("*.png"))
    assert first.stdout.splitlines()[-1] == str(folder / "report.html")
    assert (folder / "report.zh.html").is_file()
    before = (folder / "monthly.parquet").read_bytes()
    second = command("run", MAIN, *TINY, "--replications", "2", "--seed", "6", cwd=tmp_path)
    assert second.returncode == 2
    assert len(second.stderr.splitlines()) == 1
    assert "Traceback" not in second.stderr
    assert (folder / "monthly.parquet").read_bytes() == before


def test_run_cannot_write_below_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    done = command("run", MAIN, *TINY, "--out", str(tmp_path / "file" / "out"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "file" in done.stderr


def test_interrupted_run_tells_how_to_resume(tmp_path):
    out = tmp_path / "out"
    arguments = [
        "run",
        MAIN,
        "--set",
        "mixes=[status_quo]",
        "--set",
        "months=600",
        "--jobs",
        "1",
        "--out",
        str(out),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "caresim.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (out / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "--resume" in told
    assert "Traceback" not in told


def test_a_reader_that_has_seen_enough_is_no_error():
    line = f"{sys.executable} -m caresim.cli schema | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_two_things_of_one_name_are_refused():
    with pytest.raises(CatalogueError, match="process a is declared twice"):
        unique(["a", "b", "a"], str, "process")


def test_public_face_is_lazy_and_complete():
    code = (
        "import sys, caresim; print(len([m for m in sys.modules if m.startswith('caresim.')]), *dir(caresim))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    ).stdout.split()
    assert out[0] == "0"
    assert {"CareModel", "Scenario", "load_scenario", "run_experiment"} <= set(out)
    assert all(getattr(caresim, name) for name in caresim.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = caresim.nothing


@pytest.mark.parametrize("text", ["", "stopped; 2 of 3 replications are kept"])
def test_a_stop_is_one_line_whatever_it_met(text, capsys):
    with pytest.raises(typer.Exit) as left, stoppable():
        raise KeyboardInterrupt(text)
    assert left.value.exit_code == 130
    assert capsys.readouterr().err.startswith(f"{text or 'stopped'}; the whole command: caresim ")
