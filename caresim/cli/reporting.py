"""`report`: a finished run as one page for people."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.options import Results


@app.command()
def report(
    results: Results,
    lang: Annotated[str, typer.Option(help="Language, en or zh.")] = "en",
    out: Annotated[Path | None, typer.Option(help="The page; by default report.html in the folder.")] = None,
    sensitivity: Annotated[
        Path | None, typer.Option(help="Folder of caresim sensitivity, to be shown on the page.")
    ] = None,
) -> None:
    """Write the report of a finished run: one page that needs nothing else, figures and numbers beside it."""
    from caresim.report.page import write_report

    gc.enable()
    typer.echo(str(write_report(results, lang=lang, out=out, sensitivity=sensitivity)))
