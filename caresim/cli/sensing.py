"""`sensitivity`: which of the things that nobody knows move a result."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from caresim.cli.base import app
from caresim.cli.options import Asked, runs_the_model, stoppable
from caresim.cli.sweeping import Axes, designed
from caresim.kernel.mistakes import ConfigError, shown, suggestion

SHOWN = 10
"""Axes printed of each result."""


@app.command()
@runs_the_model
def sensitivity(
    asked: Asked,
    method: Annotated[
        str, typer.Option(help="morris (screen many) or sobol (share out the variance).")
    ] = "morris",
    indicator: Annotated[
        list[str] | None,
        typer.Option(metavar="INDICATOR", help="What may be moved; by default unmet_share; may be repeated."),
    ] = None,
    axis: Axes = None,
    size: Annotated[
        int | None,
        typer.Option(min=2, help="Trajectories of morris (by default 10), base points of sobol (64)."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; by default results/NAME_METHOD.")] = None,
) -> None:
    """Tell which parameters move an indicator, and the differences between mixes."""
    gc.enable()
    if method not in ("morris", "sobol"):
        raise ConfigError([f"--method {shown(method)}: unknown; {suggestion(method, ['morris', 'sobol'])}"])
    scenario = designed(asked, axis)
    from caresim.experiment.sensitivity import sensitivity as tell

    folder = out if out is not None else Path("results") / f"{scenario.name}_{method}"
    chosen: Any = method
    with stoppable():
        table = tell(scenario, chosen, tuple(indicator or ("unmet_share",)), size=size, out=folder,
                     **asked.how)  # fmt: skip
    keys = ["mix", "against", "indicator"]
    first = table[table["rank"] <= SHOWN].drop(columns=["kind", "source", "blocks"])
    for (own, against, name), rows in first.groupby(keys, sort=False):
        typer.echo(f"{name}, {own}{f' less {against}' if against else ''}")
        typer.echo(rows.drop(columns=keys).to_string(index=False, float_format="{:.4g}".format))
    typer.echo(str(folder))
