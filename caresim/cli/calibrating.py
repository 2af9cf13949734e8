"""`calibrate`: fit parameters of a hindcast to the calibration targets."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from caresim.cli.base import app
from caresim.cli.running import ConfigPath, Jobs, Replications, Scheduler, Seed, Set
from caresim.cli.sweeping import Axes, Resume, designed, stoppable


@app.command()
def calibrate(
    config: ConfigPath,
    axis: Axes = None,
    trials: Annotated[
        int, typer.Option(min=0, help="Points that Optuna tries, to come near the targets.")
    ] = 64,
    points: Annotated[int, typer.Option(min=0, help="Points from which the posterior is made.")] = 256,
    out: Annotated[Path | None, typer.Option(help="Folder; by default results/NAME_calibration.")] = None,
    jobs: Jobs = None,
    seed: Seed = None,
    replications: Replications = None,
    set: Set = None,
    resume: Resume = False,
    scheduler: Scheduler = None,
) -> None:
    """Fit parameters of a hindcast to its targets, and tell what the targets leave open."""
    gc.enable()
    scenario = designed(config, set, seed, replications, None, axis)
    from caresim.experiment.calibration import calibrate as fit

    folder = out if out is not None else Path("results") / f"{scenario.name}_calibration"
    with stoppable():
        found = fit(
            scenario, trials=trials, points=points, out=folder, jobs=jobs, resume=resume, scheduler=scheduler
        )
    for table in (found.parameters, found.targets):
        typer.echo(table.to_string(index=False, float_format="{:.4g}".format))
    typer.echo(str(folder))
