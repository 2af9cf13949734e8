"""Keep the tables of a decision in the run's folder, sealed with the rest."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd

from caresim.results import read_run
from caresim.results.tables import safely

FOLDER = "decision"
MARKS = ("uncertainty", "perspective")
"""What a table is told to be in each of its rows: a perspective only where costs are in it that depend on one."""


def write_decision(folder: str | os.PathLike[str], tables: Mapping[str, pd.DataFrame]) -> None:
    """Write each table as a CSV file into `decision/`; last columns say its uncertainty and whose costs count.

    Raises:
        OSError: the folder cannot be written.
    """
    run = read_run(folder)
    (run.path / FOLDER).mkdir(exist_ok=True)
    files = []
    for name, table in tables.items():
        path = run.path / FOLDER / f"{name}.csv"
        told = table.reset_index() if table.index.names != [None] else table
        told = told.assign(**{mark: table.attrs[mark] for mark in MARKS if mark in table.attrs})
        with safely(path) as file:
            file.write(told.to_csv(index=False, lineterminator="\n").encode())
        files.append(path)
    run.seal(files)
