"""`calibrate`: fit parameters of a hindcast to the calibration targets."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.options import Asked, runs_the_model, stoppable
from caresim.cli.sweeping import Axes, designed


@app.command()
@runs_the_model
def calibrate(
    asked: Asked,
    axis: Axes = None,
    trials: Annotated[
        int, typer.Option(min=0, help="Points that Optuna tries, to come near the targets.")
    ] = 64,
    points: Annotated[int, typer.Option(min=0, help="Points from which the posterior is made.")] = 256,
    out: Annotated[Path | None, typer.Option(help="Folder; by default results/NAME_calibration.")] = None,
) -> None:
    """Fit parameters of a hindcast to its targets, and tell what the targets leave open."""
    gc.enable()
    scenario = designed(asked, axis)
    from caresim.experiment.calibration import calibrate as fit

    folder = out if out is not None else Path("results") / f"{scenario.name}_calibration"
    with stoppable():
        found = fit(scenario, trials=trials, points=points, out=folder, **asked.how)
    for table in (found.parameters, found.targets):
        typer.echo(table.to_string(index=False, float_format="{:.4g}".format))
    typer.echo(str(folder))
