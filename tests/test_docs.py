"""What the pages say is so: names exist, links resolve, commands can be typed, examples run, tables are measured."""

from __future__ import annotations

import ast
import csv
import functools
import glob
import importlib
import json
import os
import pkgutil
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import typer.main
import yaml

import caresim
import caresim.policies
import caresim.processes
from caresim import catalogue, cli
from caresim.agents.instrument import Levers
from caresim.agents.village import Village
from caresim.kernel.parameters import Evidence, Parameters, Role
from caresim.recorder import Recorder
from caresim.synthesis.places import TABLES, places
from tests.synthesis.worlds import Census

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
NOT_BUILT, DOCUMENTATION = "not built yet", "documentation only"
CASES = [(place, year) for place in ("rural_heilongjiang", "rural_china") for year in (2010, 2020)]
"""The starting populations whose figures the pages print."""


def page_id(page: Path) -> str:
    return page.name


def fenced(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def python(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, env=environment, **options
    )


# --- declarations and sources -------------------------------------------------------------------------------


@functools.cache
def bibliography() -> set[str]:
    keys = re.findall(r"^@\w+\{(\w+),", (DOCS / "sources.bib").read_text(encoding="utf-8"), flags=re.M)
    assert len(keys) == len(set(keys))
    return set(keys)


def test_every_source_is_cited_somewhere():
    """By key, by what is declared, in tables and sheets, in a config, or on a page."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("caresim", "configs", "docs", "experiments")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".csv", ".yaml", ".md"}
    ]
    assert {key for key in bibliography() if not any(key in text for text in texts)} == set()


def unknown_source(source: str) -> set[str]:
    """Return what of a source is no key; what is derived names in brackets the keys that it rests on."""
    if source == "judgement":
        return set()
    if source.startswith("derived:"):
        rests_on = re.search(r"\(([^()]*)\)$", source)
        return set(rests_on[1].split("; ")) - bibliography() if rests_on else {source}
    return {source} - bibliography()


def declared() -> dict[str, dict]:
    return {
        f"{group}.{name}": {"default": field.default, "meaning": field.description, **field.json_schema_extra}
        for group, parameters in catalogue.parameter_groups().items()
        for name, field in parameters.model_fields.items()
    }


@pytest.mark.parametrize(("name", "said"), declared().items(), ids=declared().keys())
def test_every_parameter_says_all_of_itself(name, said):
    assert said["unit"]
    assert said["meaning"].endswith(".")
    assert said["evidence"] in Evidence.__args__
    assert said["role"] in Role.__args__
    assert not unknown_source(said["source"])
    assert said["source"] != "judgement" or said["evidence"] == "judgement"
    low, high, default = said["low"], said["high"], said["default"]
    assert (low is None) == (high is None)
    number = isinstance(default, int | float) and not isinstance(default, bool)
    if low is not None:
        at_its_limit = default == low == said["limits"][0]  # nought is the least that some can be
        at_its_most = default == high == said["limits"][1]  # a factor or a price that nothing limits yet
        assert low < default < high or (at_its_limit and default < high) or (at_its_most and low < default)
    else:
        assert said["role"] == "constant" or not number, "an uncertain number has a range"


def descendants(group: type) -> set[type]:
    return {heir for child in group.__subclasses__() for heir in (child, *descendants(child))}


def test_every_group_of_parameters_is_catalogued():
    for package in (caresim.processes, caresim.policies):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    groups = {group for group in descendants(Parameters) if group.__module__.startswith("caresim.")} - {
        Levers
    }
    measures = {instrument.parameters for instrument in catalogue.instruments().values()}
    assert groups == {*catalogue.parameter_groups().values(), *measures}


def test_params_prints_the_declarations():
    done = python("-m", "caresim.cli", "params", "--format", "json")
    printed = {row.pop("name"): row for row in json.loads(done.stdout)}
    expected = {
        name: {"value": list(said["default"]) if isinstance(said["default"], tuple) else said["default"]}
        | {key: said[key] for key in ("unit", "low", "high", "role", "evidence", "source", "meaning")}
        for name, said in declared().items()
    }
    assert printed == expected


@pytest.mark.parametrize(
    "table", sorted(TABLES.rglob("*.csv")), ids=lambda path: str(path.relative_to(TABLES))
)
def test_every_row_that_ships_names_its_source(table):
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    for source in {row["source"] for row in rows}:
        assert not unknown_source(source)
    assert {row["evidence"] for row in rows} <= set(Evidence.__args__)


def test_every_place_names_its_sources():
    for place in places():
        sheet = yaml.safe_load((TABLES / "places" / place / "place.yaml").read_text(encoding="utf-8"))
        assert sheet["sources"]
        assert set(sheet["sources"]) <= bibliography()


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= set(citation)
    assert citation["version"] == caresim.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert re.search(
        rf"^## {re.escape(citation['version'])}$", (ROOT / "CHANGELOG.md").read_text(), flags=re.M
    )


# --- names in the pages -------------------------------------------------------------------------------------


@functools.cache
def known_names() -> set[str]:
    """Return every name that carries something: parameters, columns, processes, indicators, places, villages."""
    return {
        *declared(),
        *catalogue.instruments(),
        *(row["name"] for row in catalogue.declared_levers()),
        *(column.name for column in catalogue.columns()),
        *(process.name for process in catalogue.processes()),
        *(indicator.name for indicator in catalogue.indicators()),
        *places(),
        *(f"village.{name}" for name, value in vars(Village).items() if isinstance(value, property)),
    }


def rows_of_coverage() -> list[list[str]]:
    lines = (DOCS / "coverage.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if row[0] != "mechanism" and not row[0].startswith("---")]


def test_coverage_names_only_what_is_built():
    rows = rows_of_coverage()
    assert len({row[0] for row in rows}) == len(rows) > 100
    for row in rows:
        mechanism, kind, carried_by = row
        assert set(kind.split(", ")) <= set("ESPLOTF"), mechanism
        names = re.findall(r"`([^`]+)`", carried_by)
        assert set(names) <= known_names(), mechanism
        assert names or carried_by in (NOT_BUILT, DOCUMENTATION), mechanism
        assert (carried_by == DOCUMENTATION) == (kind == "F"), mechanism
        assert not carried_by.startswith("in part") or names, mechanism


def test_rows_of_coverage_name_what_their_kind_promises():
    """A lever is turned in a mix, an output is read in the results; that each lever changes a run has its own test."""
    levers = {row["name"] for row in catalogue.declared_levers() if row["role"] == "lever"}
    promised = {
        "L": {*levers, *catalogue.instruments()},
        "O": {indicator.name for indicator in catalogue.indicators()},
    }
    for mechanism, kind, carried_by in rows_of_coverage():
        names = set(re.findall(r"`([^`]+)`", carried_by))
        for letter in set(kind.split(", ")) & set(promised):
            assert names & promised[letter], (mechanism, letter)


def test_coverage_forgets_no_process_and_no_measure():
    named = {name for row in rows_of_coverage() for name in re.findall(r"`([^`]+)`", row[2])}
    groups = {name.split(".")[0] for name in named}
    assert {process.name for process in catalogue.processes()} <= named | groups
    assert set(catalogue.instruments()) <= named | groups


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_parameters_named_in_prose_exist(page):
    groups = set(catalogue.parameter_groups())
    for name in re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", prose(page)):
        group, _, parameter = name.partition(".")
        if group in groups and parameter not in {"csv", "yaml", "md", "py"} and page.name != "odd.md":
            assert name in declared(), name


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_sources_named_in_tables_exist(page):
    for name in re.findall(r"`([a-z_]+[0-9]{4}(?:_[a-z]+)?)`", prose(page)):
        assert name in bibliography() | known_names(), name


# --- links, paths, commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        headings = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), flags=re.M) if anchor else []
        assert not anchor or anchor in {
            re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in headings
        }


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_paths_named_in_prose_exist(page):
    named = re.findall(r"`((?:caresim|docs|experiments|configs|tests)/[^`\s]*)`", prose(page))
    of_the_example = {"caresim/processes/visiting.py", "caresim/indicators/visits.py", "caresim/policies/warm_rooms.py",
                      "tests/policies/warm_rooms.yaml"}  # fmt: skip
    for path in set(named) - of_the_example:
        assert glob.glob(str(ROOT / path)), path


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_pages_name_no_path_of_a_machine(page):
    assert not re.findall(r"(?<![\w.:/)\]}>*-])/\w+/[\w./]+", page.read_text(encoding="utf-8"))


def test_every_page_is_listed():
    listed = set(re.findall(r"\]\((\w+\.md)\)", (DOCS / "index.md").read_text(encoding="utf-8")))
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= listed


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in fenced(page, "sh"):
            lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
            found += [(page.name, line) for line in lines if line and not line.startswith("#")]
        found += [(page.name, line) for line in re.findall(r"`((?:caresim|python) [^`]+)`", prose(page))]
    return found


@pytest.mark.parametrize(("page", "line"), commands())
def test_commands_can_be_typed(page, line):
    words = shlex.split(line, comments=True)
    program, arguments = words[0].removeprefix(".venv/bin/"), words[1:]
    if ">" in arguments:
        arguments = arguments[: arguments.index(">")]
    if program == "caresim":
        assert_a_command_of_ours(arguments)
    elif program.startswith("python"):
        assert arguments[:2] in (["-m", "venv"], ["-m", "pytest"]) or (ROOT / arguments[0]).is_file()
    else:
        assert program == "pip"
        assert re.fullmatch(r"install (-e )?\.(\[dev\])?", " ".join(arguments))


def assert_a_command_of_ours(arguments: list[str]) -> None:
    subcommands = typer.main.get_command(cli.app).commands
    if arguments[0].startswith("--"):
        assert arguments[0] in ("--help", "--version")
        return
    assert arguments[0] in subcommands
    options = {name for parameter in subcommands[arguments[0]].params for name in parameter.opts}
    for word in arguments[1:]:
        if word.startswith("--"):
            assert word in options, word
        elif word.endswith(".yaml"):
            assert glob.glob(str(ROOT / word)), word


# --- examples -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "configs.md"], ids=page_id)
def test_python_on_the_page_runs(page):
    blocks = fenced(page, "python")
    assert blocks
    for block in blocks:
        done = python("-c", block)
        assert done.returncode == 0, done.stderr


EXTEND = """
import sys, importlib.util
from pathlib import Path
import pytest

folder = Path(sys.argv[1])


def loaded(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


visiting = loaded("caresim.processes.visiting", folder / "visiting.py")
visits = loaded("caresim.indicators.visits", folder / "visits.py")
import caresim.indicators
import caresim.policies
import caresim.schedule
from caresim.processes import admission

caresim.indicators.INDICATORS = caresim.indicators.collect(caresim.indicators.INDICATORS, visits.INDICATORS)
at = caresim.schedule.MONTH.index(admission.PROCESS) + 1
caresim.schedule.MONTH = (*caresim.schedule.MONTH[:at], visiting.PROCESS, *caresim.schedule.MONTH[at:])
from caresim.cli import main

caresim.policies.__path__.append(str(folder / "policies"))

for command in (["params", "--process", "visiting"], ["schedule"], ["levers", "--instrument", "warm_rooms"],
                ["validate", str(folder / "config.yaml")]):
    try:
        main(command)
    except SystemExit as left:
        assert not left.code, command
from caresim import CareModel, Scenario

mixes = {"warm": {"instruments": {"warm_rooms": {"amount": 100.0}}}}
scenario = Scenario.of(place="rural_heilongjiang", residents=2000, villages=5, townships=2, mixes=mixes)
model = CareModel(scenario, mix="warm")
model.step()
assert model.world.money.paid("warm_rooms") > 0
from tests.policies import test_first_indicators as first

first.test_what_is_declared_exists("warm_rooms")
first.test_the_declared_indicator_moves_at_no_cost("warm_rooms")
first.test_a_measure_that_is_rolled_out_nowhere_changes_nothing("warm_rooms")
sys.exit(pytest.main(["-p", "no:cacheprovider", "--rootdir", str(folder), str(folder / "test_visiting.py")]))
"""


def test_the_example_process_works_as_its_page_says(request):
    # A folder that stays, so that the compiled example is found again the next time.
    folder = Path(request.config.cache.mkdir("extending"))
    blocks = {re.match(r"# (\S+)", block)[1]: block for block in fenced(DOCS / "extending.md", "python")}
    for path, block in blocks.items():
        target = folder / ("policies" if "/policies/" in path else "") / Path(path).name
        target.parent.mkdir(exist_ok=True)
        if not target.exists() or target.read_text(encoding="utf-8") != block:
            target.write_text(block, encoding="utf-8")
    config = "place: rural_heilongjiang\n" + fenced(DOCS / "extending.md", "yaml")[0]
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    line = blocks["caresim/schedule.py"].splitlines()
    schedule = (ROOT / "caresim" / "schedule.py").read_text(encoding="utf-8").splitlines()
    assert line[1] in schedule, "the line after which the example stands is in MONTH"
    assert line[2:] == ["    visiting.PROCESS,"]
    done = python("-c", EXTEND, str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "visiting.chance" in done.stdout
    assert "2 passed" in done.stdout


# --- tables written from the code ---------------------------------------------------------------------------

ORDERS = {
    ("first, in full", "cash, services"): lambda entitlement, programme, private: (
        entitlement and not programme
    ),
    ("first, in full", "programmes"): lambda entitlement, programme, private: entitlement and programme,
    ("then", "programmes"): lambda entitlement, programme, private: programme and not entitlement | private,
    ("last, by class", "cash, services"): lambda entitlement, programme, private: (
        not entitlement | programme | private
    ),
    ("outside the ceiling", "what donors give"): lambda entitlement, programme, private: private,
}
"""When the budget grants what is claimed so, and of which kind it is."""
CLAIMS = ("cash", "service", "units", "programme", "claim_for_marked", "Due")
"""What measures claim with: calls of the month's claims, a helper of theirs, and what a measure owes."""


def said(call: ast.Call) -> dict[str, object]:
    return {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}


def claimed_in(path: Path) -> set[tuple[bool, bool]]:
    """Return whether what the file of a measure claims are entitlements, and whether programmes."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [(getattr(call.func, "attr", getattr(call.func, "id", "")), said(call)) for call in calls]
    return {
        (bool(words.get("entitlement", False)), name == "programme")
        for name, words in named
        if name in CLAIMS
    }


def claims_of_measures() -> list[str]:
    """Return the rows of the table of claims: when the budget grants what, and under which measures."""
    rows = []
    for (order, what), belongs in ORDERS.items():
        named = [
            name
            for name, instrument in sorted(catalogue.instruments().items())
            if any(belongs(*claim, instrument.funder == "charity") for claim in
                   claimed_in(Path(caresim.policies.__path__[0]) / f"{name}.py"))
        ]  # fmt: skip
        assert named, order
        rows.append(f"| {order} | {what} | {', '.join(f'`{name}`' for name in named)} |")
    return rows


def test_the_order_of_claims_is_that_of_the_code():
    """`CARESIM_REFRESH=1` writes what the code says into the page first."""
    path = DOCS / "policies.md"
    head, mark, rest = path.read_text(encoding="utf-8").partition("<!-- claims -->\n")
    table, end, tail = rest.partition("<!-- end -->")
    expected = [*table.splitlines()[:2], *claims_of_measures()]
    if os.environ.get("CARESIM_REFRESH"):
        table = "\n".join(expected) + "\n"
        path.write_text(head + mark + table + end + tail, encoding="utf-8")
    assert table.splitlines() == expected


# --- measured tables ----------------------------------------------------------------------------------------


@functools.cache
def start(place: str, year: int):
    """Return the starting population whose figures the pages print, and its indicators."""
    from caresim import CareModel, Scenario

    model = CareModel(Scenario.of(place=place, start=f"{year}-01", seed=1, residents=30000, townships=10,
                                  villages=100), collect=False)  # fmt: skip
    return model, Recorder(catalogue.indicators()).measure(model.world)


def population_figures(place: str, year: int) -> dict[str, str]:
    """Measure what `population.md` prints of a starting population."""
    model, indicator = start(place, year)
    census, people = Census(model.world), model.people
    elders = census.present & (census.age >= 60)
    children = np.where(census.female, census.living_children("mother"), census.living_children("father"))
    women = census.present & census.female
    away = census.alive[: people.n] & ~census.present & (census.age >= 15)

    def of_women(low: int, high: int) -> str:
        who = women & (census.age >= low) & (census.age < high)
        return f"{census.living_children('mother')[who].mean():.2f}"

    shares = {
        "one-person households": "one_person_households_share",
        "one-generation households": "one_generation_households_share",
        "households with a member of 65+": "elder_households_share",
        "elders with a child in the household": "with_child_share",
    }
    return {
        "persons a household": f"{indicator['household_size']:.2f}",
        **{name: f"{indicator[what]:.3f}" for name, what in shares.items()},
        "elders with a child in the village": f"{child_in_village(census)[elders].mean():.3f}",
        "elders living alone": f"{indicator['living_alone_share']:.3f}",
        "elders with the spouse only": f"{indicator['couple_only_share']:.3f}",
        "elders without a living child": f"{(children[elders] == 0).mean():.3f}",
        **{f"living children of women, {low}-{high - 1}": of_women(low, high)
           for low, high in ((15, 65), (60, 65), (65, 70), (70, 75), (75, 80))},
        "living children of women, 80+": of_women(80, 110),
        "widowed of women of 65+": f"{indicator['widowed_women_65_share']:.3f}",
        "absent of 15+ per resident": f"{away.sum() / census.present.sum():.3f}",
        "rows per resident": f"{(people.n + people.n_kin) / census.present.sum():.2f}",
        "bytes per resident": f"{people.nbytes / census.present.sum():.0f}",
    }  # fmt: skip


def child_in_village(census: Census) -> np.ndarray:
    """Tell who has a resident child of 18 or over in the village, the own household included."""
    found = np.zeros(census.n, dtype=bool)
    village = census.people["village"]
    child = np.flatnonzero(census.present & (census.age >= 18))
    for link in ("mother", "father"):
        parent = census.people[link][child]
        here = (parent >= 0) & (parent < census.n)
        here[here] = village[parent[here]] == village[child[here]]
        found[parent[here]] = True
    return found


def health_figures(place: str, year: int) -> dict[str, str]:
    """Measure what `health.md` prints of a starting population."""
    model, _ = start(place, year)
    census, people = Census(model.world), model.people
    disability, dementia = people["disability"][: census.n], people["dementia"][: census.n]
    figures = {}
    for ages, low, high in (("60+", 60, 200), ("65+", 65, 200), ("80+", 80, 200)):
        who = census.present & (census.age >= low) & (census.age < high)
        for states, least in (("states 1-3", 1), ("states 2-3", 2), ("state 3", 3)):
            figures[f"{states}, {ages}"] = f"{(disability[who] >= least).mean():.3f}"
    for ages, low, high in (("60+", 60, 200), ("60-69", 60, 70), ("70-79", 70, 80), ("80+", 80, 200)):
        who = census.present & (census.age >= low) & (census.age < high)
        figures[f"dementia, {ages}"] = f"{dementia[who].mean():.3f}"
    return figures


def refresh(path: Path, page: str, measure) -> None:
    """Write measured figures into a page's table, and leave the sources' figures beside them."""
    measured = [measure(*case) for case in CASES]

    def row(line: str) -> str:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] not in measured[0]:
            return line
        beside = [cell.partition(" / ")[1:] for cell in cells[1:]]
        found = [figures[cells[0]] + "".join(rest) for figures, rest in zip(measured, beside, strict=True)]
        return "| " + " | ".join([cells[0], *found]) + " |"

    head, mark, rest = path.read_text(encoding="utf-8").partition(f"<!-- {page} -->\n")
    table, end, tail = rest.partition("<!-- end -->")
    path.write_text(head + mark + "\n".join(map(row, table.split("\n"))) + end + tail, encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "measure"), [("population", population_figures), ("health", health_figures)]
)
def test_measured_tables_are_as_printed(page, measure):
    """Compare cell by cell; what stands behind a stroke in a cell is a source's figure.

    `CARESIM_REFRESH=1` writes what is measured into the page first.
    """
    if os.environ.get("CARESIM_REFRESH"):
        refresh(DOCS / f"{page}.md", page, measure)
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    table = re.search(rf"<!-- {page} -->\n(.*?)<!-- end -->", text, flags=re.S)[1]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    measured = [measure(*case) for case in CASES]
    assert rows[0][1:] == [f"{place} {year}" for place, year in CASES]
    printed = {row[0]: [cell.partition(" / ")[0] for cell in row[1:]] for row in rows[2:]}
    assert printed == {name: [figures[name] for figures in measured] for name in measured[0]}
