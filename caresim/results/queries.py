"""Ask a run folder in SQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from caresim.kernel.mistakes import ConfigError, shown
from caresim.results.errors import RunFolderError
from caresim.results.folder import RunFolder, read_run
from caresim.results.parts import PARTS
from caresim.results.reading import csv_table
from caresim.results.sweep_folder import DESIGN
from caresim.results.tables import COUNTIES, MONTHLY, POPULATION, SUMMARY

SWEPT = ("runs", "years", "months")
"""Tables of a sweep."""
SUMMED = {**dict.fromkeys(("mix", "indicator", "unit", "aggregate"), "VARCHAR"), "missing": "BIGINT"}
"""Kind of those columns of a summary that are no measure."""


def query(folder: str | os.PathLike[str], sql: str) -> pd.DataFrame:
    """Return what a question in SQL finds in a run.

    The tables `monthly`, `population` and `summary` are there, and `counties` of a province; of a run that is not
    finished, `monthly` and `population` hold what is kept so far, a row a county. Of a sweep, they are `design`,
    `runs`, `years` and, where they were kept, `months`. Nothing can be changed, and no other file be read.

    Args:
        folder: the run folder.
        sql: one statement, in the dialect of DuckDB.

    Raises:
        RunFolderError: the folder holds no run, or a table of it is damaged.
        ConfigError: the statement cannot be understood or carried out; the message is one line.
    """
    import duckdb

    run = read_run(folder)
    with duckdb.connect(":memory:") as tables:
        # A file's statistics pass over what is no number; whoever goes by them finds none and looks for none.
        tables.execute("set disabled_optimizers = 'statistics_propagation'")
        sources = _sources(run)
        for name, source in sources.items():
            try:
                tables.execute(f"create view {name} as {_selected(tables, source)}")
            except duckdb.Error as error:
                said = str(error).splitlines()[0]
                told = f"{run.path}: table {name} is damaged ({said}); run again into another folder"
                raise RunFolderError(told) from None
        tables.execute("set allowed_directories = " + _listed([run.path.absolute()]))
        tables.execute("set enable_external_access = false")
        tables.execute("set lock_configuration = true")
        try:
            return _answer(tables, sql)
        except duckdb.CatalogException as error:
            told = _line(str(error)).partition("! Did you mean")[
                0
            ]  # which may be a table of the database's own
            there = f"the tables are {', '.join(sources)}" if sources else "nothing is kept so far"
            raise ConfigError([f"{shown(sql)}: {told}; {there}"]) from None
        except duckdb.Error as error:
            raise ConfigError([f"{shown(sql)}: {_line(str(error))}"]) from None


def _answer(tables: Any, sql: str) -> pd.DataFrame:
    """Return what one reading statement finds."""
    statements = tables.extract_statements(sql)
    if [str(one.type).rpartition(".")[2] for one in statements] != [
        "SELECT"
    ]:  # `describe` and `show` are among them
        raise ConfigError([f"{shown(sql)}: is not one question; write one that begins with select"])
    answer: pd.DataFrame = tables.execute(statements[0]).df()
    return answer


def _selected(tables: Any, source: str) -> str:
    """Return what selects a table; a number that was not measured is nothing, so that means pass over it."""
    columns = tables.execute(f"describe select * from {source}").fetchall()
    numbers = [name for name, kind, *_ in columns if kind in ("DOUBLE", "FLOAT")]
    measured = ", ".join(f"""nullif("{name}", 'nan') as "{name}\"""" for name in numbers)
    return f"select * {f'replace ({measured})' if numbers else ''} from {source}"


def _sources(run: RunFolder) -> dict[str, str]:
    """Return where each table is read from: the file of a finished run, or the parts kept so far."""
    found = {}
    if (run.path / DESIGN).exists():
        csv_table(run.path / DESIGN, nrows=0)
        found["design"] = f"read_csv({_quoted(run.path / DESIGN)}, nullstr='-', header=true)"
    for name in SWEPT:
        if (run.path / f"{name}.parquet").exists():
            found[name] = f"read_parquet({_quoted(run.path / f'{name}.parquet')})"
    for name, file in {"monthly": MONTHLY, "population": POPULATION, "counties": COUNTIES}.items():
        path = run.path / file
        if path.exists():
            found[name] = f"read_parquet({_quoted(path)})"
        elif any((run.path / PARTS).glob(f"*/{file}")):
            found[name] = f"read_parquet({_quoted(run.path / PARTS / '*' / file)})"
    if (run.path / SUMMARY).exists():
        found["summary"] = _summary(run)
    return found


def _summary(run: RunFolder) -> str:
    """Return where the summary is read from; columns of nothing but gaps are numbers all the same."""
    names = csv_table(run.path / SUMMARY, run.columns(SUMMARY), nrows=0).columns
    kinds = ", ".join(f"'{name}': '{SUMMED.get(name, 'DOUBLE')}'" for name in names)
    return f"read_csv({_quoted(run.path / SUMMARY)}, nullstr='', header=true, types={{{kinds}}})"


def _quoted(path: Path) -> str:
    return "'" + str(path.absolute()).replace("'", "''") + "'"


def _listed(paths: list[Path]) -> str:
    return "[" + ", ".join(_quoted(path) for path in paths) + "]"


def _line(message: str) -> str:
    """Return the first part of a message of the database, without the drawing of where it went wrong."""
    told = " ".join(message.split("\nLINE ")[0].split())
    return told
