"""`compare`, `equal-budget`: mixes side by side, with the same luck and, if asked, for the same money."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.printing import Format, print_rows


@app.command()
def compare(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Run folder.")],
    baseline: Annotated[
        str | None, typer.Option(help="Mix that the others are compared with; by default the config's.")
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Every indicator, not only the main ones.")] = False,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.table,
) -> None:
    """Print how the mixes of a run differ from the baseline, replication by replication."""
    from caresim.experiment.paired import MAIN
    from caresim.experiment.paired import compare as compare_mixes

    gc.enable()
    table = compare_mixes(results, baseline).drop(columns=["label", "better"])
    table = table if all else table[table["indicator"].isin(MAIN)]
    rows = table.to_dict("records")
    print_rows([{str(key): _shown(value) for key, value in row.items()} for row in rows], format)


def _shown(value: object) -> object:
    """Return a number in four figures; nothing where there is none."""
    if not isinstance(value, float):
        return value
    return None if value != value else float(f"{value:.4g}")
